/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The H-measure (Hand 2009, Machine Learning 77:103): expected smallest cost of a classification under a
 * stated distribution of costs, as the share of what a constant answer costs that is saved. */
#ifndef FNS_MEASURES_HMEASURE_H
#define FNS_MEASURES_HMEASURE_H

#include "measures/metric.h"

/* With w = Beta(a, b) over the cost c of a false alarm (1 - c of a missed event). In [0, 1]: 0 of a constant
 * score, and of one whose ROC curve stays below the diagonal. NaN where rows show one class only. */
double hmeasure(const Scored *scored, double a, double b);
/* By severity ratio SR: Beta(2, 1 + 1 / SR), whose mode is the cost ratio; NaN: SR = pi1 / pi0. */
double hmeasure_severity(const Scored *scored, double ratio);
/* Beta(1 + pi1, 1 + pi0) (Hand and Anagnostopoulos 2014, Pattern Recognition Letters 40:41). */
double hmeasure_priors(const Scored *scored);

#endif
