/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows between rows. SMOTE (Chawla and others 2002): a + u (b - a), b one of the k nearest of a's class, u
 * uniform in [0, 1); (1, 2) and (3, 6) with u = 0.25 give (1.5, 3). ADASYN (He and others 2008): row i begins
 *   g_i = round(r_i / sum(r) G),  r_i the share of other classes among its k nearest of all rows
 * such rows: r = 1, 0.5, 0.5 and G = 10 give 5, 2, 2. */
#include <math.h>
#include <string.h>

#include "data/balance.h"

/* The row of `near` whose state of the unit is the most frequent. */
static size_t modal_row(const BalanceSpace *space, size_t a, size_t unit, const uint32_t *near, int k)
{
    const uint64_t *state = space->state + unit;
    size_t step = space->n_units, best = a;
    int most = 0, own = 0;
    for (int i = 0; i < k; i++) {
        int count = 0;
        for (int j = 0; j < k; j++) count += state[near[j] * step] == state[near[i] * step];
        if (count > most) most = count, best = near[i];
        own += state[near[i] * step] == state[a * step];
    }
    return own == most ? a : best;
}

void balance_mix(const BalanceSpace *space, size_t a, size_t b, double u, const uint32_t *near, int k,
                 real *out)
{
    const real *x = space->x + a * space->width, *y = space->x + b * space->width;
    size_t row = a, unit = SIZE_MAX;
    for (size_t j = 0; j < space->width; j++) {
        if (space->unit[j] == UINT32_MAX) {
            out[j] = (real)((double)x[j] + u * ((double)y[j] - (double)x[j]));
            continue;
        }
        if (space->unit[j] != unit) row = modal_row(space, a, unit = space->unit[j], near, k);
        out[j] = space->x[row * space->width + j];
    }
}

bool balance_shares(const double *r, size_t n, size_t made, uint32_t *counts)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += r[i];
    if (!(sum > 0)) return false;
    for (size_t i = 0; i < n; i++) counts[i] = (uint32_t)rint(r[i] / sum * (double)made);
    return true;
}
