/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fns: options and wiring. Nothing below this file exits. */
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "lang/parse.h"
#include "lang/program.h"
#include "lang/settings.h"
#include "lang/tree.h"
#include "ui/display.h"
#include "ui/repl.h"
#include "ui/term.h"

static atomic_int stop;

/* The user's locale for texts, C for numbers; where it does not exist, C.UTF-8. */
static void begin_locale(void)
{
    if (!setlocale(LC_ALL, "")) setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
}

static int print_tree(Display *display, const Program *program)
{
    Err err = { 0 };
    Buf out = { 0 };
    Source *source = program_source(program, &err);
    Node *tree = source ? parse_source(source, vocabulary_full(), NULL, &err, NULL) : NULL;
    if (tree && tree_print(&out, tree))
        fputs(buf_text(&out), stdout);
    else
        display->warn(display, &err);
    buf_free(&out);
    source_free(source);
    return err.code == CODE_none ? 0 : (int)err_code_class(err.code);
}

/* Runs what was asked for; the status of the process. */
static int run_program(Session *session, Display *display, const Program *program)
{
    Err err = { 0 };
    bool ok = true;
    if (program->seed)
        ok = settings_put(&session->settings, session->kept, "seed", *program->seed, (Span){ 0 }, &err);
    session->seed_given = program->seed != NULL;
    if (ok && program->threads)
        ok = settings_put(&session->settings, session->kept, "threads", *program->threads, (Span){ 0 }, &err);
    if (ok && program->ui) session->settings.ui = program->ui;
    if (ok && program->output) session->settings.output = program->output;
    session->checking = program->check;
    bool prompt = program->interactive || (!program->file && !program->statements);
    if (ok && prompt && !session->checking) ok = repl_begin(session, &err);
    if (ok && program->statements)
        ok = program_run_text(session, program, &err);
    else if (ok && program->file)
        ok = program_run_file(session, program, &err);
    if (!ok) display->warn(display, &err);
    int status = ok ? session->quit_status : (int)err_code_class(err.code);
    if (prompt && !session->quit && !term_ended_by() && (ok || program->interactive))
        status = repl_run(session, display);
    return status;
}

static int end_status(const Display *display, int status)
{
    int number;
    if (term_ended_by()) return 128 + term_ended_by();
    if (fflush(stdout) || !display_output_holds(display, &number)) return CLASS_FILE;
    return status;
}

int main(int argc, char **argv)
{
    Program program;
    Err err = { 0 };
    begin_locale();
    gsl_set_error_handler_off();
    if (!program_parse(argc, argv, &program, &err)) {
        fprintf(stderr, "fns: %s\n%s%s", err.message, err.hint, *err.hint ? "\n" : "");
        program_free(&program);
        return CLASS_USAGE;
    }
    if (program.text) { /* --help, --version, --man */
        fputs(program.text, stdout);
        program_free(&program);
        return fflush(stdout) ? CLASS_FILE : 0;
    }
    if (!term_begin(&stop)) return CLASS_FILE;
    Display *display = display_new(&stop);
    int status;
    if (program.tree) {
        status = print_tree(display, &program);
    } else {
        Session *session = session_new(display, &stop);
        display_set_session(display, session);
        program_args(&program, session);
        status = run_program(session, display, &program);
        status = end_status(display, status);
        session_free(session);
    }
    display_free(display);
    term_end();
    program_free(&program);
    return status;
}
