/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random data without any structure: inputs uniform in [0, 1), target 0 or 1 by a fair coin. What a net
 * reaches on new rows is chance. With steps= above 1 a sample is a sequence: `rows` of them, each an id
 * with that many rows, and one target for all of them. */
#include "data/sources/simulate.h"

static bool draw(Simulation *simulation, Err *err)
{
    int n_inputs = (int)option_integer(simulation->options, "columns");
    size_t steps = (size_t)option_integer(simulation->options, "steps");
    if (!simulation_open_steps(simulation, steps, n_inputs + 1, err)) return false;
    double **x = simulation_inputs(simulation, n_inputs, err);
    int64_t *y = simulation_integers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        for (int k = 0; k < n_inputs; k++) x[k][i] = gsl_rng_uniform(simulation->rng);
        y[i] = i % steps ? y[i - 1] : gsl_rng_uniform(simulation->rng) < 0.5;
        truth[i] = 0.5;
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { SIMULATED_INPUTS, SIMULATED_STEPS };

const SimulatorKind simulator_uniform = {
    .kind = { .name = "uniform",
              .help = "random inputs and a random 0/1 target: x1, x2, ..., y",
              .more = "Inputs are uniform in [0, 1), the target is a fair coin: nothing can be learned, "
                      "attainable AUC 0.5.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as r rows=1000 columns=10 seed=1",
              .since = "0.1" },
    .draw = draw,
};
