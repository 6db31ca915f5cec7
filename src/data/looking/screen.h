/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one column alone tells of a two-level target: AUC and information value. */
#ifndef FNS_DATA_LOOKING_SCREEN_H
#define FNS_DATA_LOOKING_SCREEN_H

#include "data/frame.h"

enum { SCREEN_BINS = 10 };

typedef struct Screening {
    double auc;    /* of the value as a score; NaN: not a number, one class only */
    double iv;     /* NaN: one class only, too many levels */
    double chance; /* the IV to be expected of bins that tell nothing: (bins - 1) (1/events + 1/others) */
    int bins;
} Screening;

/* Over the frame rows whose target y (n_rows; 0, 1, NaN) is known. */
bool screen_column(Screening *out, const Frame *frame, int column, const uint32_t *rows, const double *y,
                   size_t n, Err *err);

/* sum (%event - %other) ln(%event / %other) over bins; ½ is added to both counts of a bin that lacks one
 * of the two. NaN where a class is empty. */
double screen_iv(const double *events, const double *others, int n_bins);

#endif
