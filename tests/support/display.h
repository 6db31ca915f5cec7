/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A display that keeps what a session shows: for tests and fuzzers, without a terminal. */
#ifndef FNS_TESTS_SUPPORT_DISPLAY_H
#define FNS_TESTS_SUPPORT_DISPLAY_H

#include <poll.h>

#include "lang/render.h"
#include "lang/session.h"

typedef struct TestDisplay {
    Display display;
    RenderStyle style;
    Buf out, err;
} TestDisplay;

static inline TestDisplay *test_display(Display *display)
{
    return (TestDisplay *)(void *)display;
}

static inline void display_show(Display *display, const Result *result)
{
    render_result(&test_display(display)->out, result, &test_display(display)->style);
}

static inline void display_warn(Display *display, const Err *err)
{
    buf_printf(&test_display(display)->err, "%s\n", err->message);
}

static inline void display_say(Display *display, const char *text)
{
    buf_printf(&test_display(display)->err, "%s\n", text);
}

/* Until the job has ended; a stop asked for meanwhile ends the training. */
static inline void display_watch(Display *display, Session *session, Job *job, bool shown)
{
    (void)display, (void)shown;
    TrainEvent event;
    while (job_running(job)) {
        struct pollfd wait = { job_descriptor(job), POLLIN, 0 };
        poll(&wait, 1, 20);
        while (job_next(job, &event)) {
        }
        if (atomic_load(session->stop)) job_send(job, JOB_STOP_LAST, 0);
    }
}

static inline bool display_weights(Display *display, const Net *net, const char *layer, const char *view)
{
    (void)display, (void)net, (void)layer, (void)view;
    return false;
}

static inline bool display_wait(Display *display, const char *text)
{
    (void)display, (void)text;
    return true;
}

static inline void display_begin(TestDisplay *test)
{
    *test = (TestDisplay){ .display = { .show = display_show,
                                        .warn = display_warn,
                                        .say = display_say,
                                        .watch = display_watch,
                                        .view_weights = display_weights,
                                        .wait = display_wait },
                           .style = { .mode = OUTPUT_TEXT, .unicode = true, .digits = 4 } };
}

static inline void display_end(TestDisplay *test)
{
    buf_free(&test->out);
    buf_free(&test->err);
}

#endif
