/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is decided on a model's scores once it has learned: how they are calibrated, from which cut-off on the
 * event is said, which grade and how many points they are. Fitted by judging verbs, stored in the model. */
#ifndef FNS_MODEL_DECISION_H
#define FNS_MODEL_DECISION_H

#include "model/calibration.h"

enum { GRADES_MAX = 50 };

/* A master scale: grade 1 is the safest; grade k + 1 begins at cuts[k - 1]. */
typedef struct Grades {
    int n;
    const double *cuts; /* (n - 1) probabilities, rising */
    const double *pd;   /* (n) of each grade */
    const char *method; /* as written: "pd", "count", "equal", "cuts" */
} Grades;

/* points = offset - factor ln(p / (1 - p)), factor = pdo / ln 2, offset = points - factor ln(odds): at `odds`
 * of good to bad there are `points`, and each `pdo` more double the odds. */
typedef struct PointScale {
    double points, odds, pdo;
} PointScale;

typedef struct Decision {
    const Calibration *calibration; /* NULL: none */
    double cutoff;                  /* the event is said from this score on; NaN: none */
    const char *rule;               /* that chose it, as written: "ks", "cost(fn=5, fp=1)" */
    const Grades *grades;           /* NULL: none */
    const PointScale *points;       /* NULL: none */
} Decision;
extern const Decision decision_none;

/* Deep; NULL of NULL and of one that decides nothing. */
const Decision *decision_copy(const Decision *decision, Arena *arena);
/* Calibrates n rows of scores (n, n_outputs) in place. Nothing where decision is NULL. */
void decision_calibrate(const Decision *decision, double *scores, size_t n, size_t n_outputs);

int grades_of(const Grades *grades, double p); /* 1 .. n; 0 of NaN */
extern const PointScale points_usual;          /* 600 at 19 to 1, 50 to double the odds */
double points_factor(const PointScale *scale);
double points_offset(const PointScale *scale);
double points_of(const PointScale *scale, double p);               /* p clipped to [1e-15, 1 - 1e-15] */
double points_probability(const PointScale *scale, double points); /* and back */

Value decision_record(const Decision *decision, Arena *arena);
const Decision *decision_from_record(const Record *record,
                                     Arena *arena); /* NULL: it does not hold together */
/* "calibration, cut-off": what there is of it. */
void decision_write(Buf *out, const Decision *decision);
/* Says what is there no more after the scores of model `name` changed. */
void decision_note_dropped(const Decision *before, const Decision *after, const char *name, Notes *notes);

#endif
