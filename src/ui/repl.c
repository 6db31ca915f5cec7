/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/repl.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "config.h"
#include "lang/parse.h"
#include "ui/display.h"
#include "ui/history_file.h"
#include "ui/prompt.h"
#include "ui/term.h"

#define INPUT_BYTES_MAX ((size_t)64 << 20)
enum { EMPTY_LINES = 2, READ_BYTES = 1 << 16 };

typedef struct Repl {
    Session *session;
    Display *display;
    Arena *arena;
    const char *history; /* path, or NULL */
    Buf entry;           /* lines so far, each with its newline; empty between entries */
    Buf open;            /* what is open in it: "net pd" */
    Buf newest;          /* the last entry in the history */
    int empty_lines;
    bool edits; /* Readline, not plain lines */
    bool ended;
} Repl;

static bool has_terminal(void)
{
    return isatty(STDIN_FILENO);
}

/* Readline wants both ends to be terminals. */
static bool can_edit(void)
{
    return has_terminal() && isatty(STDOUT_FILENO);
}

/* ---- the startup file */

bool repl_begin(Session *session, Err *err)
{
    (void)err;
    if (!has_terminal()) return true;
    Arena *arena = arena_new();
    Err problem = { 0 };
    const char *path = user_path(arena, "XDG_CONFIG_HOME", ".config", "init.fns");
    if (path && file_exists(path) && !session_run_file(session, path, &problem))
        session->display->warn(session->display, &problem);
    arena_free(arena);
    return true;
}

/* ---- entries */

static bool is_def(void *context, const char *name)
{
    Object *object = session_get(context, name);
    return object && object->type == OBJECT_DEF;
}

/* Whether the entry is correct so far but unfinished; then repl->open says what is open. */
static bool is_unfinished(Repl *repl)
{
    Err err = { 0 };
    ParseState state = { .is_def = is_def, .context = repl->session };
    Source *source = source_new("prompt", NULL, buf_text(&repl->entry), repl->entry.length, &err);
    buf_clear(&repl->open);
    if (source) parse_source(source, vocabulary_prompt(), &state, &err, &repl->open);
    source_free(source);
    return err.code == CODE_incomplete;
}

static void forget_entry(Repl *repl)
{
    buf_clear(&repl->entry);
    repl->empty_lines = 0;
}

/* An entry that begins with a blank is not kept, nor is one that repeats the one before. */
static void remember(Repl *repl)
{
    if (!repl->edits) return;
    while (repl->entry.length && repl->entry.text[repl->entry.length - 1] == '\n')
        repl->entry.text[--repl->entry.length] = 0;
    const char *text = buf_text(&repl->entry);
    if (!*text || *text == ' ' || !strcmp(text, buf_text(&repl->newest))) return;
    buf_clear(&repl->newest);
    buf_puts(&repl->newest, text);
    prompt_remember(text);
    if (repl->history) history_append(repl->history, text);
}

static void drain_signals(Repl *repl, bool running);

static void run_entry(Repl *repl)
{
    Session *session = repl->session;
    Err err = { 0 };
    Source *source = source_new("prompt", NULL, buf_text(&repl->entry), repl->entry.length, &err);
    remember(repl);
    forget_entry(repl);
    if (!source || !session_run(session, source, true, &err)) {
        session->last_err = err;
        session->display->warn(session->display, &err);
    }
    drain_signals(repl, true);
    if (!term_ended_by()) atomic_store(session->stop, 0);
    if (session->quit) repl->ended = true;
}

/* Two empty lines give an unfinished entry up. */
static bool gives_up(Repl *repl, const char *line)
{
    bool empty = !line[strspn(line, " \t")];
    repl->empty_lines = empty && repl->entry.length ? repl->empty_lines + 1 : 0;
    return repl->empty_lines == EMPTY_LINES;
}

static void take_line(void *context, const char *line)
{
    Repl *repl = context;
    if (!line) {
        if (repl->edits && !term_ended_by()) puts("");
        repl->ended = true;
        return;
    }
    if (gives_up(repl, line)) {
        forget_entry(repl);
        repl->session->display->say(repl->session->display, "abandoned");
        return;
    }
    if (!repl->entry.length && !line[strspn(line, " \t\n")]) return;
    buf_printf(&repl->entry, "%s\n", line);
    if (!is_unfinished(repl)) run_entry(repl);
}

/* ---- the prompt */

/* "fns> ", or what is open, its beginning cut where the line would have no room: "net pd ...> ". */
static void show_prompt(Repl *repl)
{
    Buf text = { 0 };
    int columns = repl->display->columns;
    const char *open = buf_text(&repl->open);
    while (columns > 0 && text_width(open) > columns / 2 && strstr(open, " > "))
        open = strstr(open, " > ") + 3;
    if (repl->entry.length)
        buf_printf(&text, "%s ...> ", columns > 0 && text_width(open) > columns / 2 ? "" : open);
    else
        buf_puts(&text, "fns> ");
    if (repl->edits) {
        prompt_show(buf_text(&text), buf_text(&repl->entry));
    } else if (isatty(STDERR_FILENO)) {
        fputs(buf_text(&text), stderr);
        fflush(stderr);
    }
    buf_free(&text);
}

static void greet(const Repl *repl)
{
    if (repl->edits && repl->display->columns >= 60)
        printf("fns %s. help explains, Tab completes, quit ends.\n", PACKAGE_VERSION);
}

/* ---- signals */

static void abandon(Repl *repl)
{
    if (repl->edits) prompt_abandon();
    forget_entry(repl);
    atomic_store(repl->session->stop, 0);
    show_prompt(repl);
}

/* `running`: they came while an entry ran, which has seen the interrupt itself. */
static void drain_signals(Repl *repl, bool running)
{
    for (int number; (number = term_signal_next()) != 0;) {
        if (number == SIGINT && !running) abandon(repl);
        if (number == SIGWINCH || number == SIGCONT) display_measure(repl->display);
        if (number == SIGWINCH) prompt_resized();
        if (number == SIGCONT) prompt_continued();
    }
    if (term_ended_by()) repl->ended = true;
}

/* ---- the loop */

/* A line without Readline: the terminal's own editing, output somewhere else. */
static void read_plain_line(Repl *repl)
{
    char line[READ_BYTES];
    ssize_t n = read(STDIN_FILENO, line, sizeof line - 1);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) {
        take_line(repl, NULL);
        return;
    }
    line[n] = 0;
    if (line[n - 1] == '\n') line[n - 1] = 0;
    take_line(repl, line);
    if (!repl->ended) show_prompt(repl);
}

static void loop(Repl *repl)
{
    show_prompt(repl);
    while (!repl->ended) {
        struct pollfd polled[] = { { term_signal_descriptor(), POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
        if (poll(polled, 2, -1) < 0 && errno != EINTR) break;
        drain_signals(
            repl, false); /* also those that came while poll returned: Ctrl-C goes before what follows it */
        if (repl->ended || !polled[1].revents) continue;
        if (!repl->edits)
            read_plain_line(repl);
        else
            prompt_read();
        if (repl->edits && !repl->ended && !prompt_is_open()) show_prompt(repl);
    }
}

static void add_to_history(void *context, const char *entry)
{
    Repl *repl = context;
    prompt_remember(entry);
    buf_clear(&repl->newest);
    buf_puts(&repl->newest, entry);
}

static void begin_editing(Repl *repl)
{
    prompt_begin(repl->session, take_line, repl);
    repl->history = history_path(repl->arena);
    if (repl->history) history_load(repl->history, add_to_history, repl);
    display_set_pending(repl->display, prompt_pending);
}

static void end_editing(Repl *repl)
{
    display_set_pending(repl->display, NULL);
    prompt_end();
}

static int run_prompt(Session *session, Display *display)
{
    Repl repl = { .session = session, .display = display, .arena = arena_new(), .edits = can_edit() };
    session->prompt = true;
    if (repl.edits) begin_editing(&repl);
    greet(&repl);
    loop(&repl);
    if (repl.edits) end_editing(&repl);
    session->prompt = false;
    buf_free(&repl.entry);
    buf_free(&repl.open);
    buf_free(&repl.newest);
    arena_free(repl.arena);
    return session->quit_status;
}

/* ---- a script on standard input */

/* All of it; false after a signal, a read error or too much. */
static bool read_all(Buf *out, Err *err)
{
    char bytes[READ_BYTES];
    for (;;) {
        struct pollfd polled[] = { { STDIN_FILENO, POLLIN, 0 }, { term_signal_descriptor(), POLLIN, 0 } };
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            return ERR(err, read_failed, "standard input", strerror(errno));
        if (polled[1].revents & POLLIN)
            for (int number; (number = term_signal_next()) != 0;)
                if (number == SIGINT || term_ended_by()) return ERR(err, interrupted, NULL);
        if (!polled[0].revents) continue;
        ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
        if (n == 0) return true;
        if (n < 0 && errno != EINTR) return ERR(err, read_failed, "standard input", strerror(errno));
        if (n > 0) buf_add(out, bytes, (size_t)n);
        if (out->length > INPUT_BYTES_MAX) return ERR(err, too_large, "standard input", "64 MB");
    }
}

static int run_input(Session *session)
{
    Buf text = { 0 };
    Err err = { 0 };
    Source *source = NULL;
    bool ok =
        read_all(&text, &err) && (source = source_new("stdin", NULL, buf_text(&text), text.length, &err));
    buf_free(&text);
    if (ok)
        ok = session->checking ? session_check(session, source, &err)
                               : session_run(session, source, false, &err);
    if (!ok) session->display->warn(session->display, &err);
    return ok ? session->quit_status : (int)err_code_class(err.code);
}

int repl_run(Session *session, Display *display)
{
    return has_terminal() ? run_prompt(session, display) : run_input(session);
}
