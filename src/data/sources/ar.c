/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns with a memory of a day: r_t = phi r_(t-1) + e_t, e normal, so that the standard deviation of r is
 * `sd` (Yule 1927). The target is the return of the next day, its best forecast phi r_t. The correlation of
 * both is rho = phi: R2 rho^2, direction right 1/2 + asin(rho) / pi, Sharpe ratio a day of its sign
 * rho sqrt(2 / pi) / sqrt(1 - 2 rho^2 / pi); at 0.1 0.01, 53.19%, and 1.27 a year. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

static bool draw(Simulation *simulation, Err *err)
{
    double phi = option_number(simulation->options, "phi"), sd = option_number(simulation->options, "sd");
    if (!simulation_open(simulation, simulation->n_samples, 3, err)) return false;
    int64_t *t = simulation_integers(simulation, "t", ROLE_TIME, err);
    double *ret = simulation_numbers(simulation, "ret", ROLE_INPUT, err);
    double *next = simulation_numbers(simulation, "next", ROLE_TARGET, err);
    simulation_ahead(simulation, 1);
    double *truth = simulation_truth(simulation, err), r = gsl_ran_gaussian(simulation->rng, sd);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        t[i] = (int64_t)i + 1;
        ret[i] = r;
        truth[i] = phi * r;
        next[i] = r = phi * r + gsl_ran_gaussian(simulation->rng, sd * sqrt(1 - phi * phi));
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "phi",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "0.1",
                                        .min = -1,
                                        .max = 1,
                                        .help = "correlation of a return with the one before" },
                                      { .name = "sd",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "1",
                                        .max = 1e6,
                                        .help = "standard deviation of returns, percent a day" } };

const SimulatorKind simulator_ar = {
    .kind = { .name = "ar",
              .help = "returns that follow the one before, AR(1): t, ret, target next",
              .more =
                  "r_t = phi r_(t-1) + e_t (Yule 1927); next is the return of the next day. Attainable R2 "
                  "phi^2, direction right 1/2 + asin(phi) / pi: 0.01 and 53.2% at 0.1, which is a Sharpe "
                  "ratio of 1.27 a year before costs.",
              KIND_OPTIONS(options),
              .example = "simulate ar as days rows=2000 phi=0.2\ndescribe days",
              .since = "1" },
    .draw = draw,
};
