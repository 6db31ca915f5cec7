/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Population stability index of counts in fixed bins. */
#ifndef FNS_MEASURES_PSI_H
#define FNS_MEASURES_PSI_H

#include <stddef.h>

/* sum (a_b - e_b) ln(a_b / e_b) over shares of n bins, from counts (or shares: then no bin is to be empty). A
 * bin that is empty on one side counts half a row there; one that is empty on both is passed over. Without
 * drift the mean is about (n - 1)(1 / expected rows + 1 / actual rows). 10 bins of N(0,1) of equal mass
 * against N(.5, 1): .2377492047. */
double psi_of(const double *expected, const double *actual, size_t n);
/* What drift has to exceed: chi^2 of n - 1 degrees of freedom at `level` times (1 / expected rows + 1 /
 * actual rows) (Yurdakul and Naranjo 2020). */
double psi_critical(size_t n, double expected_rows, double actual_rows, double level);

#endif
