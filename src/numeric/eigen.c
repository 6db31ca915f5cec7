/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dsyev of LAPACK (Anderson and others 1999): tridiagonal form, then implicit QR. Its order is turned round
 * and its signs are fixed. The matrix 2 1 / 1 2 has the values 3 and 1, the vectors (1, 1) and (1, -1) over
 * sqrt 2. */
#include "numeric/eigen.h"

#include <math.h>

#include "base/mem.h"
#include "numeric/gemm.h"

void dsyev_(const char *vectors, const char *triangle, const int *n, double *a, const int *stride,
            double *values, double *work, const int *work_size, int *info);

static void fix_sign(double *vector, size_t n)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; i++)
        if (fabs(vector[i]) > fabs(vector[largest])) largest = i;
    if (vector[largest] >= 0) return;
    for (size_t i = 0; i < n; i++) vector[i] = -vector[i];
}

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

static void turn_round(double *a, size_t n, double *values)
{
    for (size_t i = 0; i < n / 2; i++) {
        swap(&values[i], &values[n - 1 - i]);
        for (size_t j = 0; j < n; j++) swap(&a[i * n + j], &a[(n - 1 - i) * n + j]);
    }
}

bool eigen_symmetric(double *a, size_t n, double *values, Err *err)
{
    int size = (int)n, work_size = (int)(34 * n + 64), info = 0;
    if (n == 0 || n > EIGEN_MAX) return ERR(err, no_eigenvalues, INT(n));
    double *work = mem_get((size_t)work_size, sizeof *work, err);
    if (!work) return false;
    blas_describe(); /* one thread, so that the bits do not depend on their number */
    dsyev_("V", "U", &size, a, &size, values, work, &work_size, &info);
    mem_free(work);
    if (info != 0) return ERR(err, no_eigenvalues, INT(n));
    turn_round(a, n, values); /* a column of LAPACK's is a row of ours */
    for (size_t i = 0; i < n; i++) fix_sign(a + i * n, n);
    return true;
}
