/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds: the inputs of samples as a net reads them, batch by batch. A sample is a row of x, or a run of
 * rows that samples share (windows, sequences, trees), so that x does not grow with their length. */
#ifndef FNS_MODEL_FEED_H
#define FNS_MODEL_FEED_H

#include "data/sample.h"
#include "model/workspace.h"

typedef struct Feed {
    const real *x;               /* (rows, width) */
    size_t width;                /* reals a row */
    size_t steps;                /* rows of a sample, at most: it takes steps * width inputs */
    const uint32_t *start, *end; /* (samples): rows start <= row < end; NULL: sample i is row i */
    const uint32_t *up;          /* (rows): of trees, as in Samples; or NULL */
    bool ragged;                 /* samples have fewer rows than steps */
} Feed;

/* One row a sample. */
static inline Feed feed_rows(const real *x, size_t width)
{
    return (Feed){ .x = x, .width = width, .steps = 1 };
}
/* The samples' ranges, cut to their last `steps` rows in place. n_cut: how many were longer. Error
 * tree_too_large: nothing is cut from a tree. */
bool feed_samples(Samples *samples, const Frame *frame, const real *x, size_t width, size_t steps, Feed *out,
                  size_t *n_cut, Err *err);
/* Room in a workspace for what its layers are told of samples with fewer rows, and of trees. */
bool feed_open(const Feed *feed, Workspace *work, Err *err);
/* Sample `sample` becomes row `at` of the batch: its rows, then zeros. */
void feed_put(const Feed *feed, Workspace *work, size_t at, size_t sample);
/* The first layer that some of n samples leave without any step, as a kernel longer than they are; how many
 * they are. NULL: there is none. */
const LayerPlan *feed_too_short(const Feed *feed, size_t n, const Plan *plan, size_t *count);
/* The inputs of one sample as one row (steps * width): where its j-th input stands in x; NULL: it is padding.
 */
const real *feed_value(const Feed *feed, size_t sample, size_t j);

#endif
