/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exclusive or of two signs: x1, x2 uniform in [-1, 1]; y = 1 where their signs differ, turned over
 * with probability `noise`. No line does better than chance. */
#include "data/sources/simulate.h"

static bool draw(Simulation *simulation, Err *err)
{
    double noise = option_number(simulation->options, "noise");
    if (!simulation_open(simulation, simulation->n_samples, 3, err)) return false;
    double **x = simulation_inputs(simulation, 2, err);
    int64_t *y = simulation_integers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        for (int k = 0; k < 2; k++) x[k][i] = 2 * gsl_rng_uniform(simulation->rng) - 1;
        truth[i] = (x[0][i] < 0) != (x[1][i] < 0) ? 1 - noise : noise;
        y[i] = gsl_rng_uniform(simulation->rng) < truth[i];
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "noise",
                                        .type = OPTION_FRACTION,
                                        .initial = "0",
                                        .max = 0.5,
                                        .help = "share of labels that are turned over" } };

const SimulatorKind simulator_xor = {
    .kind = { .name = "xor",
              .help = "the exclusive or of two signs: x1, x2, target y",
              .more =
                  "x1 and x2 are uniform in [-1, 1]; y is 1 where their signs differ. No line does better "
                  "than chance (Minsky and Papert 1969); attainable accuracy 1 - noise.",
              KIND_OPTIONS(options),
              .example = "simulate xor as x rows=500 seed=1 noise=5%",
              .since = "0.1" },
    .draw = draw,
};
