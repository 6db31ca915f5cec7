/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Triple-barrier labels (Lopez de Prado, Advances in Financial Machine Learning, 2018, chapter 3). With
 * sigma(t) the exponentially weighted standard deviation of the simple returns up to t (weight (1 - 2 / (span
 * + 1))^k of the return k rows before, with the divisor that makes the variance unbiased), the label of t is
 * 1 or -1 as the return from t first goes above up * sigma(t) or below -down * sigma(t) within `horizon`
 * rows, else 0, or the sign of the last of these returns. Reference: tests/reference/building.py. */
#include "data/expr/barrier.h"

#include <math.h>
#include <string.h>

typedef struct Ewm {
    double decay, mean, variance, weight, sum, squares;
} Ewm;

/* Adds an observation (or, NaN, lets the older ones fade); the standard deviation, NaN below two. */
static double ewm_add(Ewm *ewm, double x)
{
    ewm->weight *= ewm->decay;
    ewm->sum *= ewm->decay;
    ewm->squares *= ewm->decay * ewm->decay;
    if (!isnan(x)) {
        double before = ewm->mean, all = ewm->weight + 1;
        ewm->mean = (ewm->weight * before + x) / all;
        ewm->variance = (ewm->weight * (ewm->variance + (before - ewm->mean) * (before - ewm->mean)) +
                         (x - ewm->mean) * (x - ewm->mean)) /
                        all;
        ewm->weight = all;
        ewm->sum += 1;
        ewm->squares += 1;
    }
    double free_weight = ewm->sum * ewm->sum - ewm->squares;
    return free_weight > 1e-14 * ewm->squares ? sqrt(ewm->variance * ewm->sum * ewm->sum / free_weight) : NAN;
}

/* Of x[0], with `rows` more after it. */
static Touch touch_of(const double *x, size_t rows, size_t horizon, double above, double below, bool sign)
{
    Touch touch = { .label = NAN, .known = rows >= horizon };
    bool open = true;
    for (size_t k = 1; k <= rows && k <= horizon; k++) {
        touch.known = touch.known && !isnan(x[k]);
        open = open && !isnan(x[k]);
        if (!open) continue;
        double change = x[k] / x[0] - 1;
        touch.life = (double)k;
        touch.label = change > above ? 1 : change < below ? -1 : sign ? (change > 0) - (change < 0) : 0;
        open = !(change > above || change < below);
    }
    return touch;
}

void barrier_touches(const double *x, size_t n, const Options *given, TakeTouch take, void *context)
{
    size_t horizon = (size_t)option_integer(given, "horizon");
    double up = option_number(given, "up"), down = option_number(given, "down");
    bool sign = !strcmp(option_text(given, "vertical"), "sign");
    Ewm ewm = { .decay = 1 - 2 / (option_number(given, "span") + 1) };
    for (size_t i = 0; i < n; i++) {
        double sigma = ewm_add(&ewm, i ? x[i] / x[i - 1] - 1 : NAN);
        double above = up > 0 ? up * sigma : INFINITY, below = down > 0 ? -down * sigma : -INFINITY;
        if (!isnan(sigma) && !isnan(x[i]))
            take(context, i, touch_of(x + i, n - 1 - i, horizon, above, below, sign));
    }
}
