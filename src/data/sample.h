/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples: what a net reads at a time, as ranges of row numbers. Nothing of a frame is copied, so that
 * memory does not grow with the length of windows. A sample is called by its target row: the row it ends
 * with, which says its part and where its forecast stands. It reads that row and earlier ones of the same
 * id, never later ones (trees: the rows below it). */
#ifndef FNS_DATA_SAMPLE_H
#define FNS_DATA_SAMPLE_H

#include "data/frame.h"
#include "numeric/real.h"

#define SAMPLE_NO_ROW UINT32_MAX

/* A rule and the columns it goes by. `id` and `time` stand in for roles that the frame does not have (a
 * raw frame that a model scores); NULL: none. */
typedef struct SampleBy {
    SampleRule rule;
    const char *id, *time;
} SampleBy;

/* Samples of a frame; row numbers are frame rows. */
typedef struct Samples {
    size_t n;
    uint32_t *target;      /* (n): each sample's target row, in the order asked for */
    uint32_t *asked;       /* (n): at which place it was asked for */
    uint32_t *start, *end; /* (n): the places of `order` that it reads, start <= place < end */
    size_t n_order;
    uint32_t *order; /* (n_order): all rows read, by id, then time; trees: children before their parent */
    uint32_t *up;    /* trees, (n_order): how many places on the parent stands; 0: a root. Or NULL */
    size_t longest;  /* most rows of a sample */
    size_t n_short;  /* rows asked for whose window would leave the rows of their id */
    size_t n_other;  /* rows asked for that are no target of the rule, or lack an id or a time */
} Samples;

/* The samples with the target rows rows[0..n-1] (NULL: all n = frame->n_rows). Errors: no_column, and of
 * trees bad_tree (a parent that is not there, a cycle, a node twice), no_memory. */
Samples *samples_new(const Frame *frame, const SampleBy *by, const uint32_t *rows, size_t n, Err *err);
void samples_free(Samples *samples);

/* How many there are of the frame's own rule, without making them; fields as in Samples. */
typedef struct SampleCounts {
    size_t n, n_short, longest;
} SampleCounts;
bool samples_count(const Frame *frame, SampleCounts *counts, Err *err);

/* Copies rows of x (n_order, width) into out (n, max_steps, width): a sample's rows first, in order, then
 * zeros; lengths (n) says how many rows there are. A sample longer than max_steps keeps its last rows. */
void samples_gather(const Samples *samples, const real *x, size_t width, const uint32_t *ids, size_t n,
                    size_t max_steps, real *out, uint32_t *lengths);

/* The rule of a frame, by its roles. */
SampleBy frame_samples(const Frame *frame);

/* The row that holds each target row's label: itself, or `horizon` rows later of its id. SAMPLE_NO_ROW
 * where the id has no such row (counted in beyond) or the frame's split has a row of another part up to
 * there (counted in purged). labels: (n). */
typedef struct SampleLabels {
    size_t beyond, purged;
} SampleLabels;
bool sample_labels(const Frame *frame, const SampleBy *by, const uint32_t *rows, size_t n, uint32_t *labels,
                   SampleLabels *counts, Err *err);

/* Whether whole samples, not rows, are what a split or folds divide: sequences and trees. */
static inline bool sample_is_whole(const SampleRule *rule)
{
    return rule->kind == SAMPLE_SEQUENCE || rule->kind == SAMPLE_TREE;
}
/* The last row of each row's id (trees: its root), or SAMPLE_NO_ROW. owners: (frame->n_rows). */
bool sample_owners(const Frame *frame, uint32_t *owners, Err *err);

const char *sample_kind_name(SampleKind kind); /* "rows", "window", "sequence", "tree" */

#endif
