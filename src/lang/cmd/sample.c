/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/command.h"
#include "lang/frame_table.h"
#include "lang/seen_frame.h"
#include "lang/session.h"
#include "numeric/rng.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "n", OPTION_INTEGER, OPTION_POSITIONAL, "6", 1, 4e9, NULL, NULL, "how many rows" },
    { "seed", OPTION_INTEGER, OPTION_POSITIONAL, NULL, 0, 9e15, NULL, NULL, "another one draws other rows" },
    { "part", OPTION_PART, 0, "all", 0, 0, NULL, NULL, "rows of one part only" },
    SEEN_FRAME_OPTION,
};

enum { SHOWN_ROWS = 1000 };

/* Selection sampling (Knuth, algorithm S): n of the rows, each as likely as the next, in their order. */
static size_t draw(uint32_t *rows, size_t n_rows, size_t n, gsl_rng *rng)
{
    size_t drawn = 0;
    for (size_t i = 0; i < n_rows && drawn < n; i++)
        if ((double)(n_rows - i) * gsl_rng_uniform(rng) < (double)(n - drawn)) rows[drawn++] = rows[i];
    return drawn;
}

static bool keep_rows(Session *session, const Call *call, const uint32_t *rows, size_t n, Err *err)
{
    uint8_t *keep = mem_get(call->frame->n_rows, 1, err);
    Frame *frame = keep ? frame_version(call->frame) : NULL;
    for (size_t i = 0; frame && i < n; i++) keep[rows[i]] = 1;
    bool ok = frame && frame_filter(frame, keep, err);
    mem_free(keep);
    if (ok) return session_put(session, call->as, object_frame(frame), call->replace, err);
    frame_unref(frame);
    return false;
}

static bool draw_rows(Session *session, const Call *call, Result *result, Err *err)
{
    uint32_t *rows;
    size_t n_rows, n = (size_t)option_number(&call->options, "n");
    bool given = option_given(&call->options, "seed");
    double seed = given ? option_number(&call->options, "seed") : session->settings.seed;
    if (!session_part(session, call->frame, option_text(&call->options, "part"), &rows, &n_rows, result, err))
        return false;
    gsl_rng *rng = rng_stream(rng_key((uint64_t)seed, "sample", ""), 0);
    if (!rng) {
        mem_free(rows);
        return ERR(err, no_memory, "random numbers");
    }
    n = draw(rows, n_rows, n, rng);
    gsl_rng_free(rng);
    bool ok = !call->as || keep_rows(session, call, rows, n, err);
    if (ok && call->as)
        result_line(result, "%s: %zu of %zu %s", call->as, n, n_rows,
                    count_noun((double)n_rows, "row", "rows"));
    else if (ok)
        frame_table(result, call->frame, rows, n < SHOWN_ROWS ? n : SHOWN_ROWS);
    mem_free(rows);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Call seen;
    if (call->as && seen_asked(call))
        return ERR_AT(err, call_span(call, "recipe"), excludes, "recipe=", "as");
    if (!seen_frame(session, call, &seen, result, err)) return false;
    bool ok = draw_rows(session, &seen, result, err);
    frame_unref(seen.frame);
    return ok;
}

const CommandKind command_sample = {
    .kind = { .name = "sample",
              .help = "shows rows of a frame drawn at random, in their order",
              .more = "Without replacement. The same seed draws the same rows; without one it is that of "
                      "`set seed`. "
                      "With `as NAME` the rows become a frame. recipe=on shows the inputs of a net in place "
                      "of the columns.",
              KIND_OPTIONS(options),
              .example =
                  "simulate moons as toy rows=100\nsample toy 3\nsample toy 20 seed=5 as few\ntail few 2",
              .since = "1" },
    .group = "Data",
    .form = "sample FRAME [n] [seed] [part=] [recipe=on] [as NAME]",
    .flags = COMMAND_FRAME | COMMAND_AS | COMMAND_REPLACE | COMMAND_UNDO,
    .run = run,
};
