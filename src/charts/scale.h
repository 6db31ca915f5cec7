/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges and ticks of axes; private to the charts. */
#ifndef FNS_CHARTS_SCALE_H
#define FNS_CHARTS_SCALE_H

#include "charts/chart.h"

#define TICKS_MAX 16

typedef struct Scale {
    double low, high; /* low < high; of log scales: of the logarithm (base 10) */
    bool log;
    bool time;     /* ns since 1970 ... */
    TimeUnit unit; /* ... and how precise they are */
} Scale;

typedef struct Ticks {
    double at[TICKS_MAX]; /* on the scale: logarithms where it is one */
    char labels[TICKS_MAX][16];
    int n, width; /* display columns of the longest label */
} Ticks;

/* The range of a chart's x values, and of its y values: one per cent of the points (one at least) may
 * lie outside when they would flatten the rest. Never empty. */
Scale scale_x(const Chart *chart);
Scale scale_y(const Chart *chart);
/* A value's place on the scale, 0 at low and 1 at high; NaN where it has none. */
double scale_place(const Scale *scale, double value);
/* Round numbers within the range, `most` at most. */
void scale_ticks(const Scale *scale, int most, Ticks *out);
/* The same of times: starts of years, months, days, hours, ... (scale_time.c) */
void scale_time_ticks(const Scale *scale, int most, Ticks *out);
/* The range of a chart of boxes: the whiskers, and the extremes where they are near. */
Scale scale_boxes(const Chart *chart);

#endif
