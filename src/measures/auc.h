/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FNS_MEASURES_AUC_H
#define FNS_MEASURES_AUC_H

#include "measures/metric.h"

/* The area under the ROC curve; level >= 0: of several levels, that one against the rest, by its own score.
 * NaN where there is nothing to rank. */
double auc_of_level(const Scored *scored, int level);

#endif
