/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in bands of their score: the gains table, the bins of calibration measures. */
#ifndef FNS_MEASURES_BANDS_H
#define FNS_MEASURES_BANDS_H

#include "measures/metric.h"

typedef struct Band {
    double n, events; /* weight; of an expected label its share */
    double sum;       /* of weight x score */
    double low, high; /* scores; NaN in an empty band */
} Band;

enum { BANDS_MAX = 100, BANDS_USUAL = 10 };

/* n bands of equal weight, scores rising; equal scores stay together, in the band that the middle of them
 * lies in, so that bands may differ in weight or be empty. False as rank_begin says, and without memory. */
bool bands_by_mass(const Scored *scored, int n, Band *out);
/* n bands of equal width over [0, 1], each without its upper end but the last. False where a score is no
 * probability or nothing has weight. */
bool bands_by_width(const Scored *scored, int n, Band *out);

/* sum n_k / n |rate - mean score|, and the largest of the terms' differences (Naeini and others 2015). */
double bands_ece(const Band *bands, int n);
double bands_mce(const Band *bands, int n);

/* The Brier score in parts (Murphy 1973, J. Applied Meteorology 12:595): REL - RES + UNC + remainder; the
 * remainder is what forecasts differ within bands. */
typedef struct BrierParts {
    double reliability, resolution, uncertainty, remainder;
} BrierParts;
bool bands_brier(const Scored *scored, BrierParts *out);

/* Hosmer and Lemeshow (1980): sum (O - E)^2 / (E (1 - E / n)) over bands of equal mass, chi^2 of as many
 * degrees of freedom as there are bands (rows that were not learned from; of training rows two less). */
typedef struct Hosmer {
    double statistic, p;
    int bands; /* that hold rows */
} Hosmer;
bool bands_hosmer(const Scored *scored, int n, Hosmer *out);

#endif
