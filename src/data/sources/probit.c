/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Default by a latent ability to pay: bad where sqrt(r2) U + sqrt(1 - r2) e < Phi^-1(rate), U the sum of the
 * inputs x1 .. xk over sqrt k, U and e normal (a probit; Bliss 1934). So
 *     P(bad | x) = Phi((Phi^-1(rate) - sqrt(r2) U) / sqrt(1 - r2)),
 * and what AUC can be hoped for follows from the share of the latent variance that the inputs know: rate 10%
 * 0.673 at r2 0.1, 0.743 at 0.2, 0.839 at 0.4, 0.908 at 0.6. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

static bool draw(Simulation *simulation, Err *err)
{
    int n_inputs = (int)option_integer(simulation->options, "columns");
    double r2 = option_number(simulation->options, "r2");
    double bar = gsl_cdf_ugaussian_Pinv(option_number(simulation->options, "rate"));
    if (!simulation_open(simulation, simulation->n_samples, n_inputs + 1, err)) return false;
    double **x = simulation_inputs(simulation, n_inputs, err);
    int64_t *y = simulation_integers(simulation, "default", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        double sum = 0;
        for (int k = 0; k < n_inputs; k++) sum += x[k][i] = gsl_ran_gaussian(simulation->rng, 1);
        double limit = (bar - sqrt(r2) * sum / sqrt(n_inputs)) / sqrt(1 - r2);
        y[i] = gsl_ran_gaussian(simulation->rng, 1) < limit;
        truth[i] = gsl_cdf_ugaussian_P(limit);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "rate",
                                        .type = OPTION_FRACTION,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "10%",
                                        .max = 1,
                                        .help = "share of defaults" },
                                      { .name = "r2",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MAX,
                                        .initial = "0.4",
                                        .max = 1,
                                        .help = "share of the latent variance that the inputs know" },
                                      { .name = "columns",
                                        .type = OPTION_INTEGER,
                                        .initial = "5",
                                        .min = 1,
                                        .max = 100000,
                                        .help = "number of inputs x1, x2, ..." } };

const SimulatorKind simulator_probit = {
    .kind = { .name = "probit",
              .help = "defaults by a latent ability to pay: x1, x2, ..., target default",
              .more =
                  "default where sqrt(r2) U + sqrt(1 - r2) e < Phi^-1(rate), U = (x1 + ... + xk) / sqrt k; "
                  "U, e are N(0, 1) (Bliss 1934). What AUC can be hoped for: at rate 10% 0.673 for r2 0.1, "
                  "0.743 for 0.2, 0.839 for 0.4, 0.908 for 0.6; at rate 1% 0.731, 0.815, 0.910, 0.961.",
              KIND_OPTIONS(options),
              .example = "simulate probit as p rows=2000 rate=5% r2=0.2\ndescribe p",
              .since = "1" },
    .draw = draw,
};
