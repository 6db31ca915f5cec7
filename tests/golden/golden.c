/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every NAME.fns of this folder is run; what it writes must be NAME.out and NAME.err (none:
 * nothing), its exit status what its head says (see support/script.h). In the expected text
 *
 *     <TIME> <RATE> <MEM> <HASH> <NUM> <VERSION>   stand for any such value, <*> for anything.
 *
 * FNS_UPDATE=1 writes the files anew, and keeps the lines with such marks that still fit;
 * FNS_ONLY=NAME runs one. */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/script.h"

typedef struct Mark {
    const char *name, *pattern;
} Mark;

static const Mark marks[] = {
    { "<TIME>", "([0-9]+:)?[0-9]+:[0-9][0-9]|[0-9]+([.][0-9]+)? ?(ns|us|ms|min|s|h)" },
    { "<RATE>", "[0-9]+([.,][0-9]+)* ?[kMG]?( ?[a-z]+)?/s" },
    { "<MEM>", "[0-9]+([.][0-9]+)? ?([kKMG]i?)?B" },
    { "<HASH>", "[0-9a-f]{8,64}" },
    { "<NUM>", "-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?" },
    { "<VERSION>", "[0-9]+([.][0-9]+)+" },
    { "<*>", ".*" },
};

typedef struct Lines {
    char *text;
    char **line;
    size_t n;
} Lines;

/* Cut at newlines; a text without a final newline has a last line that says so. */
static Lines cut(const char *text)
{
    Lines lines = { .text = strdup(text) };
    lines.line = calloc(strlen(text) + 2, sizeof *lines.line);
    if (!lines.text || !lines.line) abort();
    for (char *at = lines.text; *at;) {
        lines.line[lines.n++] = at;
        char *end = strchr(at, '\n');
        if (!end) {
            lines.line[lines.n++] = (char *)(size_t) "\\ no newline at the end";
            break;
        }
        *end = 0;
        at = end + 1;
    }
    return lines;
}

static void drop(Lines *lines)
{
    free(lines->text);
    free(lines->line);
}

static const Mark *mark_at(const char *text)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(text, marks[i].name, strlen(marks[i].name)) == 0) return &marks[i];
    return NULL;
}

static bool has_mark(const char *line)
{
    for (; *line; line++)
        if (*line == '<' && mark_at(line)) return true;
    return false;
}

/* The expected line as a regular expression. */
static void write_pattern(FILE *out, const char *line)
{
    fputc('^', out);
    while (*line) {
        const Mark *mark = *line == '<' ? mark_at(line) : NULL;
        if (mark) {
            fprintf(out, "(%s)", mark->pattern);
            line += strlen(mark->name);
            continue;
        }
        if (strchr("\\^$.[]|()?*+{}", *line)) fputc('\\', out);
        fputc(*line++, out);
    }
    fputc('$', out);
}

static bool fits(const char *expected, const char *got)
{
    if (!has_mark(expected)) return strcmp(expected, got) == 0;
    char *pattern;
    size_t size;
    FILE *out = open_memstream(&pattern, &size);
    if (!out) abort();
    write_pattern(out, expected);
    fclose(out);
    regex_t regex;
    bool matched = false;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0) {
        matched = regexec(&regex, got, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    free(pattern);
    return matched;
}

/* Prints the differing middle of the two, and says whether there is one. */
static bool differs(const char *what, const char *expected_text, const char *got_text)
{
    Lines expected = cut(expected_text), got = cut(got_text);
    size_t head = 0, tail = 0, shorter = expected.n < got.n ? expected.n : got.n;
    while (head < shorter && fits(expected.line[head], got.line[head])) head++;
    while (tail < shorter - head && fits(expected.line[expected.n - 1 - tail], got.line[got.n - 1 - tail]))
        tail++;
    bool different = head < expected.n || head < got.n;
    if (different) {
        print_error("%s differs at line %zu (-: expected, +: got)\n", what, head + 1);
        for (size_t i = head; i + tail < expected.n; i++) print_error("-%s\n", expected.line[i]);
        for (size_t i = head; i + tail < got.n; i++) print_error("+%s\n", got.line[i]);
    }
    drop(&expected);
    drop(&got);
    return different;
}

/* What was got, but lines that an old line with marks fits stay as they were. */
static void write_lines(FILE *file, const char *old_text, const char *got_text)
{
    Lines old = cut(old_text), got = cut(got_text);
    for (size_t i = 0; i < got.n; i++) {
        const char *line = got.line[i];
        for (size_t k = 0; k < old.n; k++)
            if (has_mark(old.line[k]) && fits(old.line[k], line)) {
                line = old.line[k];
                break;
            }
        fprintf(file, "%s\n", line);
    }
    drop(&old);
    drop(&got);
}

static char *path_beside(const Script *script, const char *ending)
{
    size_t stem = strlen(script->path) - strlen(".fns");
    char *path = malloc(stem + strlen(ending) + 1);
    if (!path) abort();
    memcpy(path, script->path, stem);
    strcpy(path + stem, ending);
    return path;
}

/* True when the file beside the script holds what was got; or it is made so. */
static bool check(const Script *script, const char *ending, const char *got)
{
    char *path = path_beside(script, ending), *expected = process_read_file(path, NULL);
    bool different = differs(ending + 1, expected ? expected : "", got);
    const char *update = getenv("FNS_UPDATE");
    if (different && update && *update) {
        FILE *file = *got ? fopen(path, "w") : NULL;
        if (file) write_lines(file, expected ? expected : "", got);
        if (file)
            fclose(file);
        else
            unlink(path);
        print_error("written: %s\n", path);
        different = false;
    }
    free(path);
    free(expected);
    return !different;
}

static bool skip_without_locale(const Script *script)
{
    const char *folder = getenv("LOCPATH");
    char path[4096];
    if (!strstr(script->text, "\n# env: LC_ALL=de_DE.UTF-8")) return false;
    snprintf(path, sizeof path, "%s/de_DE.UTF-8/LC_NUMERIC", folder ? folder : ".");
    if (access(path, R_OK) == 0) return false;
    print_message("skipped: golden %s (no locale de_DE.UTF-8 could be made: Debian package locales)\n",
                  script->name);
    return true;
}

static void runs_as_expected(void **state)
{
    const Script *script = *state;
    static const char *const endings[] = { ".fns", ".csv", ".sexp", ".html", NULL };
    if (skip_without_locale(script)) skip();
    ProcessResult result;
    script_run(script, endings, &result);
    bool good = check(script, ".out", result.out);
    good &= check(script, ".err", result.err);
    if (result.timed_out) print_error("stopped after %.1f s\n", result.seconds);
    if (result.status != script->exit_status)
        print_error("exit status %d, expected %d\n", result.status, script->exit_status);
    good &= result.status == script->exit_status && !result.timed_out;
    process_free(&result);
    if (!good) fail();
}

int main(void)
{
    size_t n, n_tests = 0;
    const char *only = getenv("FNS_ONLY");
    Script *scripts = script_list("tests/golden", &n);
    struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
    if (!tests) abort();
    for (size_t i = 0; i < n; i++)
        if (!only || strcmp(only, scripts[i].name) == 0)
            tests[n_tests++] = (struct CMUnitTest){ .name = scripts[i].name,
                                                    .test_func = runs_as_expected,
                                                    .initial_state = &scripts[i] };
    int failed = _cmocka_run_group_tests("golden", tests, n_tests, NULL, NULL);
    free(tests);
    script_free(scripts, n);
    return failed;
}
