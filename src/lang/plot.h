/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plot`: from columns of a frame to a chart, its numbers as a table, and $last. */
#ifndef FNS_LANG_PLOT_H
#define FNS_LANG_PLOT_H

#include "data/looking/rowgroups.h"
#include "lang/session.h"

enum { PLOT_SERIES_MAX = 8, PLOT_ROWS = 18, PLOT_BARS_MAX = 40 };

typedef struct Plot {
    const Frame *frame;
    const char *frame_name;
    const int *y;   /* columns */
    int n_y, x, by; /* x, by: -1 none */
    uint32_t *rows; /* the frame rows that are shown, in frame order */
    size_t n;
    RowGroups groups; /* of by; of_row is by frame row */
    int bins, lags;   /* 0: by rule */
    bool log_x, log_y;
    Result *result;
    Chart *chart; /* what a view makes ... */
    Table *table; /* ... and its numbers */
    int chart_rows;
} Plot;

/* One a view. */
bool plot_line(Plot *plot, Err *err);
bool plot_scatter(Plot *plot, Err *err);
bool plot_acf(Plot *plot, Err *err);
bool plot_hist(Plot *plot, Err *err);
bool plot_box(Plot *plot, Err *err);
bool plot_bar(Plot *plot, Err *err);

/* What the views share. */
const char *plot_name(const Plot *plot,
                      int column); /* in the result's arena: the frame may be a passing version */
/* Raises bad_type where a column is no number. */
bool plot_needs_number(const Plot *plot, int column, const char *view, Err *err);
/* Values that are not missing of the rows of a group (-1: all); from mem_get. */
double *plot_values(const Plot *plot, int column, int group, size_t *n, Err *err);
void plot_begin(Plot *plot, ChartKind kind, const char *title, int rows, const char *table);
Ink plot_ink(int series);
/* A list of $last. */
void plot_record(const Plot *plot, Record *record, const char *name, const double *x, size_t n);

#endif
