/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights of a net on the full screen: heat map, Hinton diagram or histogram of one tensor. */
#ifndef FNS_UI_WEIGHTS_VIEW_H
#define FNS_UI_WEIGHTS_VIEW_H

#include <stdatomic.h>

#include "charts/chart.h"
#include "model/net.h"

typedef struct WeightsView {
    const Net *net;
    int tensor;         /* which */
    const char *view;   /* "heat", "hinton", "hist" */
    size_t row, column; /* of the cursor */
    Marks marks;
} WeightsView;

/* Fills the whole grid, whatever its size. */
void weights_view_draw(Grid *grid, const WeightsView *view);
/* After term_enter: until q, Escape or a stop. */
void weights_view_run(const Net *net, const char *layer, const char *view, Marks marks,
                      const atomic_int *stop);

#endif
