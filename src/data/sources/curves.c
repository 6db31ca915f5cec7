/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P(y = 1 | x) = f1(x) / (f0(x) + f1(x)), f the mean over the curve of the normal density around it; the mean
 * is taken by the midpoint rule. */
#include "data/sources/curves.h"

#include <gsl/gsl_randist.h>
#include <math.h>

enum { STEPS_LEAST = 64, STEPS_MOST = 1024 };

/* The density of a class at x, up to a factor both share. In logarithms, since far from both curves each
 * density is 0 in doubles. */
static double log_density(SimulatedCurve curve, int label, const double x[2], double noise, int steps)
{
    double nearest = INFINITY, sum = 0, point[2];
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < steps; i++) {
            curve(label, (i + 0.5) / steps, point);
            double dx = x[0] - point[0], dy = x[1] - point[1];
            double exponent = (dx * dx + dy * dy) / (2 * noise * noise);
            if (pass == 0)
                nearest = fmin(nearest, exponent);
            else
                sum += exp(nearest - exponent);
        }
    return log(sum) - nearest;
}

static double posterior(SimulatedCurve curve, const double x[2], double noise)
{
    int steps = (int)(12 / noise);
    if (steps < STEPS_LEAST) steps = STEPS_LEAST;
    if (steps > STEPS_MOST) steps = STEPS_MOST;
    double one = log_density(curve, 1, x, noise, steps), zero = log_density(curve, 0, x, noise, steps);
    return 1 / (1 + exp(zero - one));
}

bool simulate_curves(Simulation *simulation, SimulatedCurve curve, Err *err)
{
    double noise = option_number(simulation->options, "noise");
    if (!simulation_open(simulation, simulation->n_samples, 3, err)) return false;
    double **inputs = simulation_inputs(simulation, 2, err);
    int64_t *y = simulation_integers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        double x[2];
        int label = gsl_rng_uniform(simulation->rng) < 0.5;
        curve(label, gsl_rng_uniform(simulation->rng), x);
        for (int k = 0; k < 2; k++) inputs[k][i] = x[k] += gsl_ran_gaussian(simulation->rng, noise);
        y[i] = label;
        truth[i] = posterior(curve, x, noise);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}
