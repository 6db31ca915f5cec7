/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes of a chart of curves: what room they take, and their drawing; private to the charts. */
#ifndef FNS_CHARTS_AXES_H
#define FNS_CHARTS_AXES_H

#include "charts/draw.h"
#include "charts/scale.h"

typedef struct Axes {
    Area plot;                /* what is left for the curves */
    int labels;               /* display columns right of the plot for the curves' names; 0: no room */
    int y_width;              /* of the labels of y; 0: no axis */
    bool x_shown, name_below; /* name_below: that of x has a row of its own */
    Scale x, y;
    Ticks y_ticks;
} Axes;

/* Rows and columns are taken by priority: curves, labels of y, the x axis, names of curves. */
Axes axes_fit(const Chart *chart, Area area);
/* The row of the plot, from its top, where a height from 0 to 1 is drawn: the cell of its dot. */
int axes_row(const Axes *axes, double up);
void axes_draw(const Chart *chart, const Axes *axes);

#endif
