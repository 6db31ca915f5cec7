/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordered levels (McCullagh 1980, J. R. Stat. Soc. B 42): of K values z of a row, z_0 is a score s, z_1 the
 * first cut c_1 and the others give the gaps between cuts: c_k = c_(k-1) + log(1 + e^z_k). The level is below
 * k with probability sigmoid(c_k - s), so that
 * p_k = sigmoid(c_(k+1) - s) - sigmoid(c_k - s) = sigmoid(c_(k+1) - s) sigmoid(s - c_k) sigmoid(z_(k+1)),
 * where the last form loses no digits; the first level has the first factor alone, the last level the second.
 */
#ifndef FNS_MODEL_CUMULATIVE_H
#define FNS_MODEL_CUMULATIVE_H

#include <math.h>
#include <stddef.h>

#include "numeric/real.h"

static inline double cumulative_sigmoid(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static inline double cumulative_softplus(double x)
{
    return (x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
}

/* c_(k+1) from c_k. */
static inline double cumulative_cut(const real *z, size_t k, double cut)
{
    return k == 0 ? (double)z[1] : cut + cumulative_softplus((double)z[k + 1]);
}

/* p (n): the probabilities of a row z (n); p may be z. */
static inline void cumulative_row(real *p, const real *z, size_t n)
{
    double s = (double)z[0], cut = 0;
    for (size_t k = 0; k < n; k++) {
        double own = k > 0 ? cumulative_sigmoid(s - cut) : 1;
        if (k + 1 < n) {
            if (k > 0) own *= cumulative_sigmoid((double)z[k + 1]);
            cut = cumulative_cut(z, k, cut);
            own *= cumulative_sigmoid(cut - s);
        }
        p[k] = (real)own;
    }
}

#endif
