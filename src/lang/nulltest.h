/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a way of training finds something where there is nothing: it is repeated on permuted targets, or on
 * noise, and judged on rows it did not learn from. */
#ifndef FNS_LANG_NULLTEST_H
#define FNS_LANG_NULLTEST_H

#include "lang/session.h"

typedef struct NullTest {
    const char *judge;  /* what is trained: "net m", "logit", "crossvalidation cv" */
    const char *metric; /* "auc", or "correlation" where the target is a number */
    double own;         /* on the targets as they are; NaN: the judge is not a trained model */
    double *values;     /* (rounds) */
    int rounds;
    size_t n, block;   /* rows judged; rows that were moved together */
    double chance, sd; /* of the metric under chance, one standard deviation */
    double mean;       /* of the values */
    int outside;       /* values beyond four standard deviations */
    bool passed;       /* none is, and the mean is at most four of its own above chance */
} NullTest;

/* The name of a net, a baseline, a cross-validated set, or a frame (a logit or least squares of its recipe).
 * noise: the inputs are permuted, else the target. Texts and values from the arena. Errors: check_no_rows (no
 * validation rows), no_target, those of training. */
bool nulltest_run(Session *session, const char *name, bool noise, int rounds, uint64_t seed, Arena *arena,
                  NullTest *out, Err *err);

#endif
