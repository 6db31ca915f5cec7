/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/program.h"

#include <string.h>

#include "base/file.h"
#include "base/source.h"
#include "config.h"
#include "lang/help.h"
#include "lang/settings.h"
#include "numeric/gemm.h"

static const char usage[] =
    "usage: fns [OPTION ...] [FILE.fns [ARGUMENT ...]]\n"
    "\n"
    "Without a file, at a terminal, fns opens its prompt: type help. Without a terminal it reads statements\n"
    "from standard input.\n"
    "\n"
    "  -c 'STATEMENTS'   runs statements\n"
    "  -n                checks only: names, options, shapes; runs nothing\n"
    "  -i                opens the prompt after the file\n"
    "  --ui=MODE         full, ascii, lines, plain or none: how training and views are shown\n"
    "  --output=MODE     text, plain, csv, json or markdown: how results are written\n"
    "  --seed N          random seed of what names none itself (1)\n"
    "  --threads N       threads of long loops, training too; the bits stay the same\n"
    "  --tree FILE       prints the syntax tree\n"
    "  --man VERB        prints the manual page of a verb\n"
    "  --version         version, libraries, kernels\n"
    "  --help            this text\n"
    "\n"
    "Exit status: 0 ok, 1 failed assert, 2 usage or syntax, 3 data, 4 numeric, 5 files, 130 interrupted.\n";

static const char *version_text(Arena *arena)
{
    return arena_format(arena, "fns %s\nproducts: %s; own kernel: %s\nlanguage 1\n", PACKAGE_VERSION,
                        blas_describe(), gemm_instruction_set());
}

static bool number_option(Program *program, const char *name, const char *text, const Value **out, Err *err)
{
    double x;
    if (!text || !number_parse(text, strlen(text), &x))
        return ERR(err, bad_value, name, "a number", text ? text : "nothing");
    Value *value = arena_take(program->arena, sizeof *value);
    *value = value_number(x);
    *out = value;
    return true;
}

static bool word_option(Program *program, const char *name, const char *text, const char **out, Err *err)
{
    Settings scratch = settings_initial();
    Value word = value_word(program->arena, text ? text : "");
    if (!settings_put(&scratch, program->arena, name, word, (Span){ 0 }, err)) return false;
    *out = word.text;
    return true;
}

/* "--seed=3" and "--seed 3": the text after the name, or NULL when this is another option. */
static bool option_is(const char *word, const char *name, int *at, int argc, char **argv, const char **value)
{
    size_t n = strlen(name);
    if (strncmp(word, name, n)) return false;
    if (word[n] == '=')
        *value = word + n + 1;
    else if (word[n])
        return false;
    else
        *value = *at + 1 < argc ? argv[++*at] : NULL;
    return true;
}

static bool parse_one(Program *out, int *at, int argc, char **argv, Err *err)
{
    const char *word = argv[*at], *value;
    if (!strcmp(word, "-n"))
        out->check = true;
    else if (!strcmp(word, "-i"))
        out->interactive = true;
    else if (!strcmp(word, "-c")) {
        if (*at + 1 >= argc) return ERR(err, missing_argument, "-c", "statements");
        out->statements = argv[++*at];
    } else if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
        out->text = usage;
    } else if (!strcmp(word, "--version")) {
        out->text = version_text(out->arena);
    } else if (option_is(word, "--man", at, argc, argv, &value)) {
        return help_manual(value, out->arena, &out->text, err);
    } else if (option_is(word, "--seed", at, argc, argv, &value)) {
        return number_option(out, "--seed", value, &out->seed, err);
    } else if (option_is(word, "--threads", at, argc, argv, &value)) {
        return number_option(out, "--threads", value, &out->threads, err);
    } else if (option_is(word, "--ui", at, argc, argv, &value)) {
        return word_option(out, "ui", value, &out->ui, err);
    } else if (option_is(word, "--output", at, argc, argv, &value)) {
        return word_option(out, "output", value, &out->output, err);
    } else if (!strcmp(word, "--tree")) {
        out->tree = true;
    } else {
        return ERR(err, unknown_program_option, word);
    }
    return true;
}

bool program_parse(int argc, char **argv, Program *out, Err *err)
{
    *out = (Program){ .arena = arena_new() };
    int at = 1;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++)
        if (!parse_one(out, &at, argc, argv, err)) return false;
    if (at < argc && !out->statements) out->file = argv[at++];
    out->args = argv + at;
    out->n_args = argc - at;
    if (out->tree && !out->file && !out->statements) return ERR(err, missing_argument, "--tree", "a file");
    return true;
}

void program_free(Program *program)
{
    arena_free(program->arena);
}

void program_args(const Program *program, Session *session)
{
    const int most = (int)(sizeof session->args / sizeof *session->args);
    session->n_args = program->n_args < most ? program->n_args : most;
    for (int i = 0; i < session->n_args; i++) session->args[i] = program->args[i];
}

Source *program_source(const Program *program, Err *err)
{
    if (program->statements)
        return source_new("-c", NULL, program->statements, strlen(program->statements), err);
    size_t length;
    char *text =
        file_read(!strcmp(program->file, "-") ? "/dev/stdin" : program->file, (size_t)64 << 20, &length, err);
    Source *source = text ? source_new(program->file, NULL, text, length, err) : NULL;
    mem_free(text);
    return source;
}

bool program_run_text(Session *session, const Program *program, Err *err)
{
    Source *source = program_source(program, err);
    if (!source) return false;
    return session->checking ? session_check(session, source, err) : session_run(session, source, false, err);
}

bool program_run_file(Session *session, const Program *program, Err *err)
{
    return strcmp(program->file, "-") ? session_run_file(session, program->file, err)
                                      : program_run_text(session, program, err);
}
