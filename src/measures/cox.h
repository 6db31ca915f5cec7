/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration of probabilities by a logit of the label on the logit of the forecast (Cox 1958, Biometrika
 * 45:562), and the z of Spiegelhalter. */
#ifndef FNS_MEASURES_COX_H
#define FNS_MEASURES_COX_H

#include "measures/metric.h"

/* logit P(y) = intercept + slope logit(p); ideal 0 and 1; a slope below 1: forecasts too extreme. Of each the
 * standard error; `large`, calibration in the large: the intercept with the slope held at 1. Probabilities
 * are clipped to [1e-15, 1 - 1e-15]. NaN where there is no finite solution: separated classes, equal scores
 * (of intercept and slope), one class. */
typedef struct Cox {
    double intercept, slope, intercept_error, slope_error;
    double large, large_error;
} Cox;

/* False where a score is no probability, one class only shows, or without memory. */
bool cox_fit(const Scored *scored, Cox *out);

/* z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)) (Spiegelhalter 1986, Statistics in Medicine
 * 5:421), normal where forecasts are calibrated; p two-sided. Weights w: w in the sum, w^2 below the root.
 * NaN where every p is 0, 1/2 or 1. */
bool spiegelhalter_test(const Scored *scored, double *z, double *p);

/* Wald's interval of one of them; false where it is not defined. */
bool cox_wald(double estimate, double error, double level, Interval *out);

#endif
