/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far probabilities hold, before and after calibrating: figures, bands, a chart. */
#ifndef FNS_LANG_RELIABILITY_H
#define FNS_LANG_RELIABILITY_H

#include "lang/deciding.h"

/* Scores of the same rows. */
typedef struct Reliability {
    const char *name; /* of the model */
    const char *rows; /* "validation rows of loans" */
    char kind;        /* of the target */
    Scored before, after, held;
    bool has_held; /* held: each fifth of the rows by what the others give */
} Reliability;

/* A table of measures with $last.before, .after and .held; of two levels also ten bands of equal weight and
 * their chart. */
void reliability_show(const Reliability *of, Result *result);

#endif
