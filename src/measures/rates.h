/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed intervals and exact tests of rates. */
#ifndef FNS_MEASURES_RATES_H
#define FNS_MEASURES_RATES_H

#include "measures/metric.h"

/* Interval of a rate, k of n, that covers with probability `level` (Wilson 1927, J. Am. Stat. Assoc. 22:209);
 * false where n = 0. 7 of 10 at 95%: .3968 to .8922. */
bool wilson_interval(double k, double n, double level, Interval *out);

typedef struct McNemar {
    double only_a, only_b; /* rows that a alone, that b alone has right */
    double exact;          /* two-sided binomial p-value */
    double chi2, p;        /* (|only_a - only_b| - 1)^2 / (only_a + only_b), of one degree of freedom */
} McNemar;

/* Whether two classifiers err equally often on the same rows (McNemar 1947, Psychometrika 12:153). */
McNemar mcnemar_test(double only_a, double only_b);
/* The same as the difference of the rates right of n rows: exact p-value, Wald's interval for paired rates.
 */
void mcnemar_difference(double only_a, double only_b, double n, double level, Paired *out);

/* Whether a grade's defaults speak against its PD: p-values of "the PD is not above what is stated".
 * binomial: P(D >= defaults); Jeffreys (ECB instructions 2019): BetaCDF(pd; D + 1/2, n - D + 1/2).
 * 3 of 100 at 2%: .3233 and .2190. NaN outside 0 <= defaults <= n, 0 < pd < 1. */
double grade_binomial(double n, double defaults, double pd);
double grade_jeffreys(double n, double defaults, double pd);

#endif
