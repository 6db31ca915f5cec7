/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/watch.h"

#include <curses.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"
#include "ui/dashboard.h"
#include "ui/lines.h"
#include "ui/term.h"

enum { KEY_ESCAPE = 27, KEY_RETURN = 13, KEY_BACK = 127, TYPED_MAX = 16 };
static const double quiet_seconds = 0.5; /* shorter runs show no display */
static const double frame_seconds = 0.1; /* between two pictures */
static const double idle_seconds = 0.5;  /* without events: the clock goes on */
static const double message_seconds = 4;

typedef struct Watch {
    const WatchStyle *style;
    Job *job;
    Training training;
    Lines lines;
    Ladder ladder; /* what is shown now */
    bool opened, entered, hidden, dirty, job_open, typing;
    bool log_y, smooth, keys_shown;
    char typed[TYPED_MAX], message[96];
    double message_time, drawn, lr_wanted;
    int sent_stop;      /* as far as the job was told */
    int status_columns; /* of the status line on the screen */
} Watch;

/* ---- showing */

static void put_error_stream(const Buf *out)
{
    fputs(buf_text(out), stderr);
    fflush(stderr);
}

static void draw_dashboard(Watch *watch, double now)
{
    Arena *arena = arena_new();
    int rows, columns;
    bool fresh = now - watch->message_time < message_seconds;
    DashboardLook look = { .marks = watch->style->marks,
                           .log_y = watch->log_y,
                           .smooth = watch->smooth,
                           .keys_shown = watch->keys_shown,
                           .typed = watch->typing ? watch->typed : NULL,
                           .message = fresh && watch->message[0] ? watch->message : NULL,
                           .now = now };
    term_size(&rows, &columns);
    Grid grid = grid_new(arena, rows > 0 ? rows : 24, columns > 0 ? columns : 80);
    dashboard_draw(&grid, &watch->training, &look);
    term_paint(&grid);
    arena_free(arena);
}

static void draw_status(Watch *watch, double now)
{
    Buf text = { 0 }, out = { 0 };
    training_status(&text, &watch->training, now);
    if (term_in_foreground()) {
        lines_rewrite(&out, buf_text(&text), watch->style->columns, &watch->status_columns);
        put_error_stream(&out);
    }
    buf_free(&text);
    buf_free(&out);
}

static void wipe_status(Watch *watch)
{
    Buf out = { 0 };
    if (watch->status_columns) {
        lines_rewrite(&out, "", watch->style->columns, &watch->status_columns);
        put_error_stream(&out);
    }
    buf_free(&out);
}

static bool in_lines(const Watch *watch)
{
    return watch->ladder == LADDER_LINES || watch->ladder == LADDER_PLAIN;
}

static void write_line(Watch *watch, double now)
{
    Buf out = { 0 };
    if (lines_due(&watch->lines, &watch->training, now)) {
        lines_write(&out, &watch->lines, &watch->training, watch->ladder == LADDER_PLAIN, now);
        put_error_stream(&out);
    }
    buf_free(&out);
}

static bool is_view(Ladder ladder)
{
    return ladder == LADDER_FULL || ladder == LADDER_ASCII;
}

/* Opens the full screen, or falls back on the status line: typed-ahead text is no key. */
static void open_view(Watch *watch)
{
    watch->opened = watch->dirty = true;
    if (!is_view(watch->ladder)) return;
    bool waits = watch->style->pending && watch->style->pending();
    watch->entered = !waits && term_enter(watch->style->theme, watch->style->colour);
    if (watch->entered) return;
    watch->ladder = term_in_foreground() && isatty(STDERR_FILENO) ? LADDER_STATUS : LADDER_NONE;
}

static void hide_view(Watch *watch)
{
    term_leave();
    watch->hidden = true;
    watch->ladder = LADDER_STATUS;
}

static void draw(Watch *watch, double now)
{
    bool due = watch->dirty && now - watch->drawn >= frame_seconds;
    if (now - watch->drawn >= idle_seconds) due = true;
    if (!watch->opened || !due) return;
    watch->dirty = false;
    watch->drawn = now;
    if (term_is_entered())
        draw_dashboard(watch, now);
    else if (watch->ladder == LADDER_STATUS)
        draw_status(watch, now);
}

/* ---- keys */

static void answer(Watch *watch, const char *text)
{
    snprintf(watch->message, sizeof watch->message, "%s", text);
    watch->message_time = clock_seconds();
}

static void set_lr(Watch *watch, double lr)
{
    char text[64];
    if (!(lr > 0) || !isfinite(lr)) return;
    watch->lr_wanted = lr;
    watch->training.lr_changed = true;
    job_send(watch->job, JOB_SET_LR, lr);
    snprintf(text, sizeof text, "learning rate %.3g from the next batch on", lr);
    answer(watch, text);
}

static void scale_lr(Watch *watch, double factor)
{
    double now = isfinite(watch->lr_wanted) ? watch->lr_wanted : watch->training.last.lr;
    set_lr(watch, factor * now);
}

static void step(Watch *watch, JobCommand command)
{
    watch->training.paused = true;
    job_send(watch->job, command, 0);
}

static void type_lr(Watch *watch, int key)
{
    size_t n = strlen(watch->typed);
    double lr;
    if (key == KEY_ESCAPE)
        watch->typing = false;
    else if ((key == KEY_BACKSPACE || key == KEY_BACK || key == 8) && n)
        watch->typed[n - 1] = 0;
    else if (key == KEY_RETURN || key == KEY_ENTER || key == '\n') {
        watch->typing = false;
        if (number_parse(watch->typed, n, &lr) && lr > 0)
            set_lr(watch, lr);
        else
            answer(watch, "that is no learning rate");
    } else if (key < 128 && strchr("0123456789.eE+-", key) && n + 1 < TYPED_MAX) {
        watch->typed[n] = (char)key;
        watch->typed[n + 1] = 0;
    }
}

static void stop_job(Watch *watch, JobCommand command, const char *text)
{
    job_send(watch->job, command, 0);
    answer(watch, text);
}

static void toggle_pause(Watch *watch)
{
    watch->training.paused = !watch->training.paused;
    job_send(watch->job, watch->training.paused ? JOB_PAUSE : JOB_RESUME, 0);
}

static void press(Watch *watch, int key)
{
    watch->dirty = true;
    watch->drawn = 0;
    if (watch->typing) {
        type_lr(watch, key);
        return;
    }
    switch (key) {
    case ' ': toggle_pause(watch); break;
    case 's': step(watch, JOB_STEP_BATCH); break;
    case 'S': step(watch, JOB_STEP_EPOCH); break;
    case '<': scale_lr(watch, 0.7); break;
    case '>': scale_lr(watch, 1.4); break;
    case '=': watch->typing = true, watch->typed[0] = 0; break;
    case 'x': stop_job(watch, JOB_STOP_BEST, "stopping; the best is kept"); break;
    case 'X': stop_job(watch, JOB_STOP_LAST, "stopping; the last is kept"); break;
    case 'l': watch->log_y = !watch->log_y; break;
    case 'e': watch->smooth = !watch->smooth; break;
    case '?': watch->keys_shown = !watch->keys_shown; break;
    case 'q': hide_view(watch); break;
    default: break;
    }
}

/* ---- signals */

static void obey_stop(Watch *watch)
{
    int wanted = atomic_load(watch->style->stop);
    if (wanted >= 1 && watch->sent_stop < 1 && term_ended_by())
        stop_job(watch, JOB_TERMINATE, "ending; what was trained is kept");
    else if (wanted >= 1 && watch->sent_stop < 1)
        stop_job(watch, JOB_STOP_LAST, "stopping; Ctrl-C again goes back to the state before");
    if (wanted >= 2 && watch->sent_stop < 2) stop_job(watch, JOB_CANCEL, "back to the state before train");
    if (wanted > watch->sent_stop) watch->sent_stop = wanted, watch->dirty = true;
}

/* After a stop, or when another program may have drawn: asks again what holds. */
static void come_back(Watch *watch)
{
    bool wanted = watch->opened && !watch->hidden && is_view(watch->style->ladder);
    watch->dirty = true;
    if (!wanted || !term_in_foreground()) return;
    if (watch->entered ? term_enter_again() : term_enter(watch->style->theme, watch->style->colour))
        watch->ladder = watch->style->ladder;
}

static void take_signals(Watch *watch)
{
    for (int number; (number = term_signal_next());) {
        if (number == SIGWINCH) term_resized(), watch->dirty = true;
        if (number == SIGTSTP) term_suspend(), come_back(watch);
        if (number == SIGCONT) come_back(watch);
    }
    obey_stop(watch);
}

/* ---- the loop */

static void take_events(Watch *watch, double now)
{
    TrainEvent event;
    while (job_next(watch->job, &event)) {
        training_take(&watch->training, &event);
        watch->dirty = true;
        if (event.kind == EVENT_EPOCH && in_lines(watch)) write_line(watch, now);
    }
}

static int wait_ms(const Watch *watch, double now)
{
    double wait = idle_seconds;
    if (!watch->opened)
        wait = watch->training.started + quiet_seconds - now;
    else if (watch->dirty)
        wait = watch->drawn + frame_seconds - now;
    return wait <= 0 ? 0 : (int)ceil(1000 * fmin(wait, idle_seconds));
}

static void wait_for_something(Watch *watch)
{
    bool keys = term_is_entered() && term_input_open();
    struct pollfd watched[] = { { term_signal_descriptor(), POLLIN, 0 },
                                { watch->job_open ? job_descriptor(watch->job) : -1, POLLIN, 0 },
                                { keys ? STDIN_FILENO : -1, POLLIN, 0 } };
    if (poll(watched, 3, wait_ms(watch, clock_seconds())) < 0 && errno != EINTR) return;
    if (watched[1].revents & (POLLHUP | POLLERR | POLLNVAL)) watch->job_open = false;
    take_signals(watch);
    if (watched[2].revents)
        for (int key; (key = term_key());) press(watch, key);
}

void watch_run(const WatchStyle *style, Job *job)
{
    JobInfo info = job_info(job);
    Watch watch = { .style = style,
                    .job = job,
                    .ladder = style->ladder,
                    .job_open = true,
                    .lr_wanted = NAN,
                    .message_time = -INFINITY };
    training_begin(&watch.training, &info, clock_seconds());
    while (!watch.training.done && job_running(job)) {
        wait_for_something(&watch);
        double now = clock_seconds();
        take_events(&watch, now);
        if (!watch.opened && now - watch.training.started >= quiet_seconds) open_view(&watch);
        draw(&watch, now);
    }
    watch.training.done = true;
    take_events(&watch, clock_seconds());
    if (in_lines(&watch)) write_line(&watch, clock_seconds());
    term_leave();
    wipe_status(&watch);
    training_end(&watch.training);
}
