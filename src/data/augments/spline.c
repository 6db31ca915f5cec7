/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With unit distances the second derivatives m solve m_(i-1) + 4 m_i + m_(i+1) = 6 (v_(i-1) - 2 v_i +
 * v_(i+1)), m = 0 at both ends; between i and i + 1, with a = u - i and b = 1 - a: b v_i + a v_(i+1) + ((b^3
 * - b) m_i + (a^3 - a) m_(i+1)) / 6 (SciPy: CubicSpline(bc_type="natural")). For v = (0, 1, 0) at u = 0.5:
 * 0.6875. */
#include "data/augments/spline.h"

#include <gsl/gsl_randist.h>

void spline_fit(Spline *s)
{
    double pivot[SPLINE_KNOTS + 2] = { 0 };
    int n = s->n;
    s->second[0] = s->second[n - 1] = 0;
    for (int i = 1; i < n - 1; i++) { /* elimination */
        double below = i > 1 ? 1 / pivot[i - 1] : 0;
        pivot[i] = 4 - below;
        s->second[i] = 6 * (s->v[i - 1] - 2 * s->v[i] + s->v[i + 1]) - below * s->second[i - 1];
    }
    for (int i = n - 2; i > 0; i--) s->second[i] = (s->second[i] - s->second[i + 1]) / pivot[i];
}

double spline_at(const Spline *s, double u)
{
    int i = (int)u < s->n - 2 ? (int)u : s->n - 2;
    double a = u - i, b = 1 - a;
    return b * s->v[i] + a * s->v[i + 1] +
           ((b * b * b - b) * s->second[i] + (a * a * a - a) * s->second[i + 1]) / 6;
}

void spline_draw(Spline *s, gsl_rng *rng, int knots, double sigma)
{
    s->n = knots + 2;
    for (int i = 0; i < s->n; i++) s->v[i] = 1 + sigma * gsl_ran_gaussian_ziggurat(rng, 1);
    spline_fit(s);
}

double spline_step(const Spline *s, size_t t, size_t steps)
{
    return steps < 2 ? s->v[0] : spline_at(s, (double)t * (s->n - 1) / (double)(steps - 1));
}

#define SLOWEST 0.1

static double speed(const Clock *clock, size_t t)
{
    double s = spline_step(clock->curve, t, clock->steps);
    return s > SLOWEST ? s : SLOWEST;
}

Clock clock_begin(const Spline *curve, size_t steps)
{
    Clock clock = { .curve = curve, .steps = steps };
    for (size_t t = 1; t < steps; t++) clock.whole += speed(&clock, t);
    return clock;
}

double clock_next(Clock *clock)
{
    clock->so_far += speed(clock, ++clock->t);
    return (double)(clock->steps - 1) * (clock->so_far / clock->whole);
}
