/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averages of weights while a net trains: training steps go on from the weights themselves; what is
 * validated, kept, saved and used is the average. */
#ifndef FNS_MODEL_AVERAGE_H
#define FNS_MODEL_AVERAGE_H

#include <stdint.h>

#include "base/option.h"

#define AVERAGE_SETTINGS 4

typedef struct AveragePoint {
    uint64_t n; /* of these weights among those that count, from 1 */
    int epoch;  /* whole epochs done over all runs */
    const double *settings;
} AveragePoint;

typedef struct AverageKind {
    Kind kind;
    bool by_epoch; /* weights count at the end of each epoch; else after each step */
    /* The share of the present weights in the average: 1 makes it them, 0 leaves it (and they do not count).
     */
    double (*share)(const AveragePoint *point);
} AverageKind;

extern const KindList average_kinds; /* src/model/averages.def */

#endif
