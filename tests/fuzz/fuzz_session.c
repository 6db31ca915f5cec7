/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any statements, against a session with a small frame, a second recipe and a small net: a
 * result or an error, everything can be undone, and no file is touched. */
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <gsl/gsl_errno.h>

#include "lang/diagnose.h"
#include "lang/parse.h"
#include "lang/render.h"
#include "lang/session.h"
#include "lang/write.h"
#include "support/display.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RUN_MILLISECONDS 400

static const char prelude[] = "simulate moons as toy rows=40\n"
                              "split toy train=60% valid=20% test=20%\n"
                              "scale toy\n"
                              "recipe toy as plain\n  winsorize at=1%..99%\nend\n"
                              "net m\n  input toy\n  dense 3 tanh\n  dense 1 sigmoid\nend\n"
                              "train m epochs=1 view=none\n"
                              "let n = 3 list = [1, 2, 3] text = \"a\"\n"
                              "def twice x\n  return 2 * $x\nend\n";

static atomic_int stop;

static void time_is_up(int number)
{
    (void)number;
    atomic_store(&stop, 1);
}

static void set_timer(int milliseconds)
{
    struct itimerval timer = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000 } };
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* What reads or writes files stays outside, and so do numbers that ask for much memory. */
static bool is_harmless(const char *text)
{
    static const char *const words[] = {
        "load", "save", "cd", "files", "include", "folds", "to=", "history"
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i])) return false;
    int digits = 0;
    for (; *text; text++) {
        digits = *text >= '0' && *text <= '9' ? digits + 1 : 0;
        if (digits > 4 || (digits && (text[1] == 'e' || text[1] == '^'))) return false;
    }
    return true;
}

static bool any_word(void *context, const char *name)
{
    (void)context, (void)name;
    return true;
}

/* As the parser understands it, aliases resolved. */
static bool may_run(const char *text, size_t size)
{
    Err err = { 0 };
    Buf written = { 0 };
    ParseState state = { .is_def = any_word };
    Source *source = source_new("fuzz", NULL, text, size, &err);
    Node *tree = source ? parse_source(source, vocabulary_full(), &state, &err, NULL) : NULL;
    if (tree) node_write(&written, tree);
    bool harmless = source && is_harmless(buf_text(&written)) && is_harmless(source->text);
    buf_free(&written);
    source_free(source);
    return harmless;
}

static void run(Session *session, const char *text, size_t size, bool entry)
{
    Err err = { 0 };
    Buf out = { 0 };
    Source *source = source_new("fuzz", NULL, text, size, &err);
    if (!source || !session_run(session, source, entry, &err)) diagnose_write(&out, &err);
    buf_free(&out);
}

static void undo_all(Session *session)
{
    Err err = { 0 };
    int n = 0;
    for (; session_undo(session, &err); n++) session->undoing = false;
    for (; n > 0 && session_redo(session, &err); n--) session->undoing = false;
}

static void check_too(Display *display, const char *text, size_t size)
{
    Err err = { 0 };
    Session *session = session_new(display, &stop);
    session->checking = true;
    Source *source = source_new("fuzz", NULL, text, size, &err);
    if (source) session_check(session, source, &err);
    session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    if (!size || !may_run(text, size)) return 0;
    gsl_set_error_handler_off();
    signal(SIGALRM, time_is_up);
    TestDisplay display;
    display_begin(&display);
    display.style.mode = (OutputMode)(data[0] % 5);
    Session *session = session_new(&display.display, &stop);
    run(session, prelude, sizeof prelude - 1, false);
    atomic_store(&stop, 0);
    set_timer(RUN_MILLISECONDS);
    run(session, text, size, data[0] & 1);
    set_timer(0);
    atomic_store(&stop, 0);
    undo_all(session);
    session_free(session);
    check_too(&display.display, text, size);
    display_end(&display);
    return 0;
}
