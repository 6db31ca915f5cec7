/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cut-off decides: the four cells of two levels, the confusion matrix of several. */
#ifndef FNS_MEASURES_CELLS_H
#define FNS_MEASURES_CELLS_H

#include "measures/metric.h"

/* Sums of weights; of an expected label both classes get their share. */
typedef struct Cells {
    double tp, fp, fn, tn;
} Cells;

/* The cut-off that holds: that of the settings, else 0.5 where every score is a probability, else NaN. */
double cells_cutoff(const Scored *scored);
/* False where there is no cut-off, a score is NaN, or nothing has weight. */
bool cells_of(const Scored *scored, Cells *out);
/* The cells where every row is said to be of the more frequent level. */
bool cells_naive(const Scored *scored, Cells *out);

/* NaN where nothing stands below the line. */
double cells_recall(const Cells *cells);      /* TP / (TP + FN) */
double cells_specificity(const Cells *cells); /* TN / (TN + FP) */
double cells_precision(const Cells *cells);   /* TP / (TP + FP) */
double cells_f1(const Cells *cells);          /* 2 TP / (2 TP + FP + FN) */
double cells_mcc(const Cells *cells);         /* (TP TN - FP FN) / sqrt(...) */

/* The level that a row's scores say: of two the event from the cut-off on; of several the most probable, the
 * first of equals; -1 where a score is NaN. */
int cells_predicted(const Scored *scored, size_t row, double cutoff);
/* Of several levels: (n_outputs, n_outputs), true level by predicted level. False as above. */
bool cells_confusion(const Scored *scored, double *matrix);

/* One level of several against the rest. */
typedef struct LevelFigures {
    double n, predicted;          /* weight of its rows, and of those said to be it */
    double precision, recall, f1; /* 0 where nothing stands below the line */
} LevelFigures;

/* Each of the n levels (out: n), from their confusion matrix. */
void cells_levels(const double *matrix, int n, LevelFigures *out);
/* The plain mean over the levels that these rows show; micro figures are all the accuracy. */
LevelFigures cells_macro(const LevelFigures *levels, int n);
/* The mean over levels of one figure of several levels: what the metrics of several levels report. */
double cells_macro_of(const Scored *scored, double (*figure)(const LevelFigures *macro));

/* Wilson's interval of k of n, where rows count once each. */
bool cells_wilson(const Scored *scored, double k, double n, double level, Interval *out);

#endif
