/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale method=yeojohnson: the power transformation that makes a column most like a normal one. */
#ifndef FNS_DATA_STEPS_YEOJOHNSON_H
#define FNS_DATA_STEPS_YEOJOHNSON_H

#include <stddef.h>

double yeojohnson(double x, double lambda);
/* The lambda of the greatest likelihood for n values without NaN (of more than a million evenly spaced ones);
 * 1 where they do not vary. Overwrites them. */
double yeojohnson_fit(double *values, size_t n);

#endif
