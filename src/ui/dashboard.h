/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training dashboard as cells: a pure function of size and state. */
#ifndef FNS_UI_DASHBOARD_H
#define FNS_UI_DASHBOARD_H

#include "charts/chart.h"
#include "ui/training.h"

typedef struct DashboardLook {
    Marks marks;
    bool log_y, smooth, keys_shown;
    const char *typed;   /* a learning rate being typed, or NULL */
    const char *message; /* an answer to the last key, or NULL */
    double now;          /* clock_seconds */
} DashboardLook;

/* Fills the whole grid, whatever its size. Below 40 x 8 the first row is a status line. */
void dashboard_draw(Grid *grid, const Training *training, const DashboardLook *look);

#endif
