/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration: a map from what a model gives to probabilities that hold, fitted on rows that the model did
 * not learn from.
 *   platt        logit p' = intercept + slope logit p; of a score that is no probability intercept + slope s
 *                (Platt 1999; targets (n1 + 1) / (n1 + 2) and 1 / (n0 + 2) in the place of 1 and 0)
 *   isotonic     the nearest rising function, by pooling adjacent violators; linear between its steps
 *   temperature  softmax(log p / T); of two levels logit p' = logit p / T (Guo and others 2017)
 *   none         p' = p
 * After it, with a long-run rate, logit p' is shifted so that the mean of p' over the rows is that rate. */
#ifndef FNS_MODEL_CALIBRATION_H
#define FNS_MODEL_CALIBRATION_H

#include "base/notes.h"
#include "base/value.h"
#include "measures/metric.h"

typedef enum CalibrationMethod {
    CALIBRATION_NONE,
    CALIBRATION_PLATT,
    CALIBRATION_ISOTONIC,
    CALIBRATION_TEMPERATURE
} CalibrationMethod;
#define CALIBRATION_WORDS "platt|isotonic|temperature"

typedef struct Calibration {
    CalibrationMethod method;
    bool raw;                /* platt: of the score as it is, not of its log-odds */
    double intercept, slope; /* platt; temperature: slope = 1 / T */
    size_t n;                /* isotonic: points ... */
    const double *x, *y;     /* ... (n), x rising, y not falling and in [0, 1] */
    double shift;            /* of the log-odds */
    double rate;             /* the long-run rate that asked for it, or NaN */
    const char *rows;        /* what it was fitted on: "validation rows of loans" */
    double n_rows;
} Calibration;

const char *calibration_word(CalibrationMethod method);
bool calibration_parse(const char *word, CalibrationMethod *out);

/* Fits to scores before any calibration; the target is 0/1, or of several levels their number. rate: the
 * long-run rate or NaN. Memory from the arena. `name` is the model's. Errors: decide_equal,
 * decide_probability, calibrate_rate, calibrate_temperature, no_memory. The caller sees to it that there are
 * rows of both levels. */
const Calibration *calibration_fit(CalibrationMethod method, double rate, const Scored *scored,
                                   const char *name, Arena *arena, Err *err);
/* One row of scores (n_outputs), in place; NaN stays. */
void calibration_apply(const Calibration *calibration, double *p, size_t n_outputs);
/* P(event) of one score of two levels. */
double calibration_of(const Calibration *calibration, double score);

const Calibration *calibration_copy(const Calibration *calibration, Arena *arena);
Value calibration_record(const Calibration *calibration, Arena *arena);
const Calibration *calibration_from_record(const Record *record, Arena *arena); /* NULL: it does not hold
                                                                                   together */
/* "platt, intercept -0.02, slope 0.93 (validation rows of loans, n = 400)" */
void calibration_write(Buf *out, const Calibration *calibration);

/* ln(p / (1 - p)), p clipped to [1e-15, 1 - 1e-15]; NaN stays. And back. */
double calibration_logit(double p);
double calibration_logistic(double z);

#endif
