/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grades: cutting probabilities into a scale whose default rates rise. */
#ifndef FNS_MEASURES_GRADING_H
#define FNS_MEASURES_GRADING_H

#include "measures/bands.h"

typedef enum GradingMethod { GRADING_PD, GRADING_COUNT, GRADING_EQUAL } GradingMethod;
#define GRADING_WORDS "pd|count|equal"

/* At most n - 1 rising cuts for n grades (2 .. BANDS_MAX); returns how many. pd: equal steps of the log-odds
 * between the 1% and the 99% quantile, so that PDs grow by a factor; count: equal weight, equal scores
 * together; equal: equal steps of the probability between the least and the largest. Scores are
 * probabilities. 0 without memory. */
int grading_cuts(GradingMethod method, const Scored *scored, int n, double *cuts);
/* What n grades hold, cuts (n - 1): grade k the scores from cuts[k - 1] on and below cuts[k]. */
void grading_fill(const Scored *scored, const double *cuts, int n, Band *out);
/* Joins grades that hold nothing, and neighbours whose rates do not rise (pooling adjacent violators); cuts
 * and bands are those of the grades that remain. Returns how many. */
int grading_join(Band *bands, double *cuts, int n);

/* Sum of the squared shares (Herfindahl), and the same from 0 (even) to 1: (H - 1/n) / (1 - 1/n). */
double grading_herfindahl(const Band *bands, int n);
double grading_concentration(const Band *bands, int n);

#endif
