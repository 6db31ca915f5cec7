/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances between training rows whose inputs are numbers and nominal units:
 *   d^2 = sum over numbers of (x - y)^2 + m^2 (units that differ),  m the median of the numbers' standard
 *   deviations (divisor n) over the rows of a class (Chawla and others 2002, JAIR 16:321, section 6.1).
 * (0, 0, red) and (3, 4, blue) with m = 2 are sqrt(29) apart. */
#include "data/balance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define NUMBER UINT32_MAX

/* ---- which columns are nominal */

static bool two_values(const BalanceSpace *space, size_t column)
{
    real a = space->x[column], b = a;
    for (size_t i = 1; i < space->n; i++) {
        real x = space->x[i * space->width + column];
        if (x == a || x == b) continue;
        if (b != a) return false;
        b = x;
    }
    return true;
}

/* The unit of an earlier nominal column from the same frame column, or a new one. */
static uint32_t unit_of(BalanceSpace *space, size_t column, const char *const *from)
{
    for (size_t j = 0; from && j < column; j++)
        if (space->unit[j] != NUMBER && !strcmp(from[j], from[column])) return space->unit[j];
    return (uint32_t)space->n_units++;
}

static void sort_columns(BalanceSpace *space, const char *const *from, const int *levels)
{
    for (size_t j = 0; j < space->width; j++) {
        bool nominal = (levels && levels[j] > 0) || two_values(space, j);
        space->unit[j] = nominal ? unit_of(space, j, from) : NUMBER;
        if (!nominal) space->number[space->n_numbers++] = (uint32_t)j;
    }
}

enum { LANES = 8 }; /* sums of a distance that run side by side */

static bool pack_numbers(BalanceSpace *space, Err *err)
{
    space->stride = (space->n_numbers + LANES - 1) / LANES * LANES;
    space->packed = mem_get(space->n, space->stride * sizeof(real), err);
    if (!space->packed) return false;
    for (size_t i = 0; i < space->n; i++)
        for (size_t k = 0; k < space->n_numbers; k++)
            space->packed[i * space->stride + k] = space->x[i * space->width + space->number[k]];
    return true;
}

static void fill_states(BalanceSpace *space)
{
    for (size_t i = 0; i < space->n; i++)
        for (size_t j = 0; j < space->width; j++) {
            if (space->unit[j] == NUMBER) continue;
            uint64_t *state = &space->state[i * space->n_units + space->unit[j]];
            double mixed[2] = { (double)(*state >> 12), (double)space->x[i * space->width + j] + 0.0 };
            *state = hash_bytes(mixed, sizeof mixed);
        }
}

bool balance_space_open(BalanceSpace *space, const real *x, size_t n, size_t width, const char *const *from,
                        const int *levels, Err *err)
{
    *space = (BalanceSpace){ .x = x, .n = n, .width = width, .penalty = 1 };
    space->number = mem_get(width, sizeof *space->number, err);
    space->unit = space->number ? mem_get(width, sizeof *space->unit, err) : NULL;
    if (!space->unit) return false;
    if (n > 0) sort_columns(space, from, levels);
    space->state = mem_get(n, space->n_units * sizeof *space->state, err);
    if (!space->state) return false;
    fill_states(space);
    return pack_numbers(space, err);
}

void balance_space_close(BalanceSpace *space)
{
    mem_free(space->number);
    mem_free(space->unit);
    mem_free(space->state);
    mem_free(space->packed);
    *space = (BalanceSpace){ 0 };
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of rows list[0..n-1]; list NULL: of the first n. */
static double deviation(const BalanceSpace *space, const uint32_t *list, size_t n, size_t column)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)space->x[(list ? list[i] : i) * space->width + column], d = x - mean;
        mean += d / (double)(i + 1);
        squares += d * (x - mean);
    }
    return n ? sqrt(squares / (double)n) : 0;
}

bool balance_space_weigh(BalanceSpace *space, const uint32_t *list, size_t n, Err *err)
{
    size_t m = space->n_numbers;
    space->penalty = 1;
    if (m == 0 || space->n_units == 0) return true;
    double *sd = mem_get(m, sizeof *sd, err);
    if (!sd) return false;
    for (size_t k = 0; k < m; k++) sd[k] = deviation(space, list, n, space->number[k]);
    qsort(sd, m, sizeof *sd, by_size);
    double median = (sd[(m - 1) / 2] + sd[m / 2]) / 2;
    space->penalty = median * median;
    mem_free(sd);
    return true;
}

double balance_space_spread(const BalanceSpace *space, size_t *least, size_t *most)
{
    double low = INFINITY, high = 0;
    for (size_t k = 0; k < space->n_numbers; k++) {
        double sd = deviation(space, NULL, space->n, space->number[k]);
        if (sd > 0 && sd < low) low = sd, *least = space->number[k];
        if (sd > high) high = sd, *most = space->number[k];
    }
    return high > 0 ? high / low : 0;
}

/* ---- neighbours */

/* Squared; once it is over `limit` any number over it. */
static double distance(const BalanceSpace *space, size_t a, size_t b, double limit)
{
    const real *x = space->packed + a * space->stride, *y = space->packed + b * space->stride;
    const uint64_t *s = space->state + a * space->n_units, *t = space->state + b * space->n_units;
    double sum = 0;
    real lanes[LANES];
    for (size_t k = 0; k < space->n_units; k++) sum += s[k] != t[k] ? space->penalty : 0;
    for (size_t from = 0; from < space->stride && sum <= limit; from += LANES) {
        for (size_t k = 0; k < LANES; k++) lanes[k] = x[from + k] - y[from + k];
        for (size_t k = 0; k < LANES; k++) lanes[k] *= lanes[k];
        sum += (double)(((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
                        ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7])));
    }
    return sum;
}

int balance_nearest(const BalanceSpace *space, size_t row, const uint32_t *list, size_t n, int k,
                    uint32_t *out)
{
    double best[BALANCE_NEAREST_MAX];
    int found = 0;
    for (size_t i = 0; i < n; i++) {
        size_t other = list ? list[i] : i;
        if (other == row) continue;
        double limit = found < k ? (double)INFINITY : best[k - 1];
        double d = distance(space, row, other, limit);
        if (found == k && !(d < limit)) continue;
        int at = found < k ? found++ : k - 1;
        for (; at > 0 && best[at - 1] > d; at--) {
            best[at] = best[at - 1];
            out[at] = out[at - 1];
        }
        best[at] = d;
        out[at] = (uint32_t)other;
    }
    return found;
}

/* ---- Tomek links: two rows of different classes, each the nearest of the other */

static int32_t extreme_level(const int32_t *level, size_t n, int n_levels, bool largest, Err *err)
{
    size_t *counts = mem_get((size_t)n_levels, sizeof *counts, err);
    int32_t at = -1;
    for (size_t i = 0; counts && i < n; i++) counts[level[i]]++;
    for (int32_t c = 0; counts && c < n_levels; c++) {
        if (counts[c] == 0) continue;
        if (at < 0 || (largest ? counts[c] > counts[at] : counts[c] < counts[at])) at = c;
    }
    mem_free(counts);
    return at;
}

/* Whether no row is nearer to `row` than `other` is, nor as near and before it. */
static bool is_nearest(const BalanceSpace *space, size_t row, size_t other)
{
    double limit = distance(space, row, other, INFINITY);
    for (size_t i = 0; i < space->n; i++) {
        if (i == row || i == other) continue;
        double d = distance(space, row, i, limit);
        if (d < limit || (d == limit && i < other)) return false;
    }
    return true;
}

/* One of the two is not of the largest class: rows of that class need no look of their own. */
bool balance_links(const BalanceSpace *space, const int32_t *level, int n_levels, uint8_t *marked, Err *err)
{
    int32_t largest = extreme_level(level, space->n, n_levels, true, err);
    int32_t smallest = extreme_level(level, space->n, n_levels, false, err);
    if (largest < 0 || smallest < 0) return false;
    for (size_t i = 0; i < space->n; i++) {
        uint32_t other;
        if (level[i] == largest && largest != smallest) continue;
        if (balance_nearest(space, i, NULL, space->n, 1, &other) == 0 || level[other] == level[i]) continue;
        if (!is_nearest(space, other, i)) continue;
        marked[i] = level[i] != smallest;
        marked[other] = level[other] != smallest;
    }
    return true;
}
