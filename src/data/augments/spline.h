/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random curves: natural cubic splines through normal knots (Um et al. 2017, ICMI). */
#ifndef FNS_DATA_AUGMENTS_SPLINE_H
#define FNS_DATA_AUGMENTS_SPLINE_H

#include "data/augment.h"

#define SPLINE_KNOTS 32 /* between the ends, at most */

/* A spline through (i, v_i), i = 0 .. n - 1, whose second derivative is 0 at both ends. */
typedef struct Spline {
    int n;
    double v[SPLINE_KNOTS + 2], second[SPLINE_KNOTS + 2];
} Spline;

void spline_fit(Spline *spline);                  /* second, from n >= 2 and v */
double spline_at(const Spline *spline, double u); /* 0 <= u <= n - 1 */
/* Knots N(1, sigma^2): `knots` of them evenly between the first and the last step, and one at either. */
void spline_draw(Spline *spline, gsl_rng *rng, int knots, double sigma);
/* At step t of `steps`, which lie evenly from the first knot to the last. */
double spline_step(const Spline *spline, size_t t, size_t steps);

/* A clock that runs from 0 to steps - 1 in as many steps, as fast at each as the curve says, 0.1 at least. */
typedef struct Clock {
    const Spline *curve;
    size_t steps, t;
    double whole, so_far;
} Clock;
Clock clock_begin(const Spline *curve, size_t steps);
double clock_next(Clock *clock); /* its time at step 1, 2, ... */

#endif
