/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/display.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lang/diagnose.h"
#include "lang/render.h"
#include "lang/settings.h"
#include "ui/lines.h"
#include "ui/term.h"
#include "ui/watch.h"
#include "ui/weights_view.h"

static const double quiet_seconds = 0.5; /* of a long loop, before its progress is shown */

typedef struct Outside {
    Display base; /* first: the session holds a pointer to it */
    const Session *session;
    Settings initial;
    LadderFacts facts;
    atomic_int *stop;
    bool (*pending)(void);
    int output_error; /* errno; 0: all was written */
    int status_columns;
    double progress_began, progress_seen;
    pthread_t owner; /* of the terminal: loops in other threads show nothing */
} Outside;

static Outside *outside(Display *display)
{
    return (Outside *)(void *)display;
}

static const Settings *settings_of(const Outside *self)
{
    return self->session ? &self->session->settings : &self->initial;
}

/* ---- text */

static void wipe_status(Outside *self)
{
    Buf out = { 0 };
    if (self->status_columns) {
        lines_rewrite(&out, "", self->facts.columns, &self->status_columns);
        fputs(buf_text(&out), stderr);
        fflush(stderr);
    }
    buf_free(&out);
}

static OutputMode mode_of(const Outside *self)
{
    static const char *const words[] = { [OUTPUT_TEXT] = "text",
                                         [OUTPUT_PLAIN] = "plain",
                                         [OUTPUT_CSV] = "csv",
                                         [OUTPUT_JSON] = "json",
                                         [OUTPUT_MARKDOWN] = "markdown" };
    const Settings *settings = settings_of(self);
    OutputMode mode = OUTPUT_TEXT;
    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
        if (text_equal(words[i], settings->output)) mode = (OutputMode)i;
    bool sentences = mode == OUTPUT_TEXT && ladder_plain(&self->facts, settings->ui);
    return sentences ? OUTPUT_PLAIN : mode;
}

static RenderStyle style_of(const Outside *self)
{
    const Settings *settings = settings_of(self);
    bool colour = ladder_colour(&self->facts, settings->ui);
    bool light = theme_find(settings->theme) == THEME_LIGHT;
    return (RenderStyle){ .mode = mode_of(self),
                          .columns = self->base.columns,
                          .rows = self->base.rows,
                          .unicode = self->facts.utf8,
                          .marks = ladder_marks(&self->facts, settings->ui, settings->marks),
                          .digits = (int)settings->digits,
                          .ink = !colour ? NULL
                                 : light ? theme_light_sequence
                                         : theme_dark_sequence,
                          .ink_off = THEME_SEQUENCE_OFF };
}

static void write_out(Outside *self, const Buf *out)
{
    bool whole = fwrite(buf_text(out), 1, out->length, stdout) == out->length;
    if ((!whole || fflush(stdout)) && !self->output_error) self->output_error = errno ? errno : EIO;
}

static void show(Display *display, const Result *result)
{
    Outside *self = outside(display);
    RenderStyle style = style_of(self);
    Buf out = { 0 };
    wipe_status(self);
    render_result(&out, result, &style);
    write_out(self, &out);
    buf_free(&out);
}

static void warn(Display *display, const Err *err)
{
    Buf out = { 0 };
    wipe_status(outside(display));
    fflush(stdout);
    diagnose_write(&out, err);
    fputs(buf_text(&out), stderr);
    buf_free(&out);
}

static void say(Display *display, const char *text)
{
    wipe_status(outside(display));
    fflush(stdout);
    fprintf(stderr, "%s\n", text);
}

/* ---- training and views */

static WatchStyle watch_style(const Outside *self)
{
    const Settings *settings = settings_of(self);
    return (WatchStyle){ .ladder = ladder_choose(&self->facts, settings->ui),
                         .theme = theme_find(settings->theme),
                         .colour = ladder_colour(&self->facts, settings->ui),
                         .marks = ladder_marks(&self->facts, settings->ui, settings->marks),
                         .columns = self->facts.columns,
                         .stop = self->stop,
                         .pending = self->pending };
}

static void watch(Display *display, Session *session, Job *job, bool shown)
{
    Outside *self = outside(display);
    display_measure(display);
    wipe_status(self);
    WatchStyle style = watch_style(self);
    if (session->quiet || !shown) style.ladder = LADDER_NONE;
    watch_run(&style, job);
    display_measure(display);
}

static bool view_weights(Display *display, const Net *net, const char *layer, const char *view)
{
    Outside *self = outside(display);
    display_measure(display);
    WatchStyle style = watch_style(self);
    bool full = style.ladder == LADDER_FULL || style.ladder == LADDER_ASCII;
    if (!full || (self->pending && self->pending()) || !term_enter(style.theme, style.colour)) return false;
    weights_view_run(net, layer, view, style.marks, self->stop);
    term_leave();
    display_measure(display);
    return true;
}

/* Reads up to the newline, byte by byte, so that nothing behind it is taken. */
static bool wait_for_line(const Outside *self)
{
    struct pollfd watched[] = { { STDIN_FILENO, POLLIN, 0 }, { term_signal_descriptor(), POLLIN, 0 } };
    char byte;
    while (!atomic_load(self->stop)) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return false;
        while (term_signal_next()) {
        }
        if (!watched[0].revents) continue;
        if (read(STDIN_FILENO, &byte, 1) != 1) return false;
        if (byte == '\n' || byte == '\r') return true;
    }
    return false;
}

static bool wait(Display *display, const char *text)
{
    Outside *self = outside(display);
    if (!display->interactive) return true;
    wipe_status(self);
    fflush(stdout);
    fprintf(stderr, "%s ", text);
    fflush(stderr);
    return wait_for_line(self);
}

/* ---- progress of long loops: the status line, where standard error is a terminal */

static void show_progress(Progress *progress, const char *what, double done, double total)
{
    Outside *self = progress->context;
    double now = clock_seconds();
    Buf text = { 0 }, out = { 0 };
    if (!pthread_equal(self->owner, pthread_self())) return;
    if (now - self->progress_seen > 1) self->progress_began = now;
    self->progress_seen = now;
    bool shown = now - self->progress_began >= quiet_seconds && self->facts.err_terminal &&
                 ladder_choose(&self->facts, settings_of(self)->ui) < LADDER_LINES;
    if (shown && term_in_foreground()) {
        buf_puts(&text, what);
        if (total > 0) buf_printf(&text, "  %.0f%%", 100 * done / total);
        lines_rewrite(&out, buf_text(&text), self->facts.columns, &self->status_columns);
        fputs(buf_text(&out), stderr);
        fflush(stderr);
    }
    buf_free(&text);
    buf_free(&out);
}

/* ---- life */

void display_measure(Display *display)
{
    Outside *self = outside(display);
    int rows, columns;
    term_size(&rows, &columns);
    self->facts.rows = rows;
    self->facts.columns = columns;
    display->rows = self->facts.out_terminal ? rows : 0;
    display->columns = self->facts.out_terminal ? columns : 0;
}

Display *display_new(atomic_int *stop)
{
    Outside *self = mem_own(sizeof *self);
    self->base = (Display){
        .show = show, .warn = warn, .say = say, .watch = watch, .view_weights = view_weights, .wait = wait
    };
    self->facts = term_facts();
    self->initial = settings_initial();
    self->stop = stop;
    self->owner = pthread_self();
    self->base.interactive = self->facts.in_terminal && self->facts.out_terminal;
    display_measure(&self->base);
    return &self->base;
}

void display_free(Display *display)
{
    wipe_status(outside(display));
    mem_free(outside(display));
}

void display_set_session(Display *display, Session *session)
{
    outside(display)->session = session;
    session->progress.show = show_progress;
    session->progress.context = outside(display);
}

void display_set_pending(Display *display, bool (*pending)(void))
{
    outside(display)->pending = pending;
}

bool display_output_holds(const Display *display, int *number)
{
    const Outside *self = (const Outside *)(const void *)display;
    *number = self->output_error;
    return !self->output_error;
}
