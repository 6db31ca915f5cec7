/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eigenvalues of symmetric matrices, by the LAPACK in OpenBLAS. */
#ifndef FNS_NUMERIC_EIGEN_H
#define FNS_NUMERIC_EIGEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { EIGEN_MAX = 4096 };

/* a (n, n), n <= EIGEN_MAX, symmetric, becomes its eigenvectors, one a row, from the largest eigenvalue to
 * the smallest; values (n) the eigenvalues. An eigenvector has length 1, and its largest entry in size (the
 * first of several) is positive. Error no_eigenvalues where LAPACK finds none. */
bool eigen_symmetric(double *a, size_t n, double *values, Err *err);

#endif
