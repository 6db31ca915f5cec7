/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See script.h. */
#include "support/script.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *join(const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(size);
    if (!text) abort();
    snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

static void take_setting(Script *script, char *key, char *value)
{
    if (strcmp(key, "exit") == 0)
        script->exit_status = atoi(value);
    else if (strcmp(key, "seconds") == 0)
        script->seconds = strtod(value, NULL);
    else if (strcmp(key, "env") == 0 && script->n_env + 1 < SCRIPT_WORDS)
        script->env[script->n_env++] = value;
    else if (strcmp(key, "args") == 0)
        for (char *word = strtok(value, " "); word && script->n_args + 1 < SCRIPT_WORDS;
             word = strtok(NULL, " "))
            script->args[script->n_args++] = word;
}

/* The comment lines of the head, cut up in a copy of the text. */
static void read_settings(Script *script)
{
    char *line = script->settings = strdup(script->text);
    while (line && line[0] == '#') {
        char *next = strchr(line, '\n');
        if (next) *next++ = 0;
        char *colon = strstr(line, ": ");
        if (strncmp(line, "# ", 2) == 0 && colon) {
            *colon = 0;
            take_setting(script, line + 2, colon + 2);
        }
        line = next;
    }
}

static int is_script(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_with(entry->d_name, ".fns");
}

Script *script_list(const char *folder, size_t *n)
{
    char *path = join(process_source(), "/", folder);
    struct dirent **entries;
    int count = scandir(path, &entries, is_script, alphasort);
    *n = count > 0 ? (size_t)count : 0;
    Script *scripts = calloc(*n + 1, sizeof *scripts);
    if (!scripts) abort();
    for (size_t i = 0; i < *n; i++) {
        Script *script = &scripts[i];
        const char *name = entries[i]->d_name;
        script->path = join(path, "/", name);
        script->name = strndup(name, strlen(name) - strlen(".fns"));
        script->text = process_read_file(script->path, NULL);
        if (!script->text) abort();
        read_settings(script);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
    free(path);
    return scripts;
}

void script_free(Script *scripts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(scripts[i].path);
        free(scripts[i].name);
        free(scripts[i].text);
        free(scripts[i].settings);
    }
    free(scripts);
}

static void copy_file(const char *from, const char *to)
{
    size_t n = 0;
    char *bytes = process_read_file(from, &n);
    FILE *file = fopen(to, "wb");
    if (!bytes || !file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) {
        perror(to);
        abort();
    }
    free(bytes);
}

/* Copies of the neighbours of a script, and a link to their data. */
static void furnish(const char *folder, const char *from, const char *const *endings)
{
    DIR *open = opendir(from);
    if (!open) abort();
    for (struct dirent *entry; (entry = readdir(open));) {
        bool wanted = false;
        for (const char *const *e = endings; *e; e++) wanted |= ends_with(entry->d_name, *e);
        char *source = join(from, "/", entry->d_name), *goal = join(folder, "/", entry->d_name);
        if (wanted && entry->d_name[0] != '.') copy_file(source, goal);
        free(source);
        free(goal);
    }
    closedir(open);
    char *data = join(from, "/", "data"), *absolute = realpath(data, NULL);
    char *link = join(folder, "/", "data");
    if (absolute && symlink(absolute, link) != 0) abort();
    free(data);
    free(absolute);
    free(link);
}

static size_t build_argv(const Script *script, const char *file, const char **argv)
{
    size_t n = 0;
    argv[n++] = process_fns();
    for (size_t i = 0; i < script->n_args; i++)
        if (script->args[i][0] == '-') argv[n++] = script->args[i];
    argv[n++] = file;
    for (size_t i = 0; i < script->n_args; i++)
        if (script->args[i][0] != '-') argv[n++] = script->args[i];
    argv[n] = NULL;
    return n;
}

/* A known environment; the script's own settings come last. */
static void build_env(const Script *script, char *home, const char **env)
{
    static const char *const fixed[] = { "LC_ALL=C.UTF-8", "TZ=UTC",         "TERM=xterm-256color",
                                         "NO_COLOR",       "CLICOLOR",       "CLICOLOR_FORCE",
                                         "FNS_PLAIN",      "XDG_STATE_HOME", "XDG_CONFIG_HOME" };
    size_t n = 0;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) env[n++] = fixed[i];
    env[n++] = home;
    for (size_t i = 0; i < script->n_env; i++) env[n++] = script->env[i];
    env[n] = NULL;
}

void script_run(const Script *script, const char *const *endings, ProcessResult *result)
{
    char *folder = process_make_folder();
    char *from = strndup(script->path, (size_t)(strrchr(script->path, '/') - script->path));
    char *file = join(script->name, ".fns", ""), *home = join("HOME=", folder, "");
    const char *argv[SCRIPT_WORDS + 3], *env[SCRIPT_WORDS + 16];
    furnish(folder, from, endings);
    build_argv(script, file, argv);
    build_env(script, home, env);
    Process process = { .argv = argv, .env = env, .folder = folder, .seconds = script->seconds };
    if (!process_run(&process, result)) abort();
    process_remove_folder(folder);
    free(folder);
    free(from);
    free(file);
    free(home);
}
