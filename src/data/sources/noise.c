/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pure noise: inputs N(0, 1), and a target that has nothing to do with them. Whatever is reached on new
 * rows beyond the band of chance (AUC 0.5 +- 4 sqrt((n + 1) / (12 n1 n0))) is a leak. */
#include <gsl/gsl_randist.h>
#include <string.h>

#include "data/sources/simulate.h"

/* The target: labels, or else values. One a sample, the same in all its rows. */
typedef struct Target {
    int64_t *labels;
    double *values;
    double rate;
} Target;

static void draw_target(const Target *target, gsl_rng *rng, size_t row, bool first)
{
    if (target->labels)
        target->labels[row] = first ? gsl_rng_uniform(rng) < target->rate : target->labels[row - 1];
    else
        target->values[row] = first ? gsl_ran_gaussian(rng, 1) : target->values[row - 1];
}

static bool draw(Simulation *simulation, Err *err)
{
    int n_inputs = (int)option_integer(simulation->options, "columns");
    size_t steps = (size_t)option_integer(simulation->options, "steps");
    Target target = { .rate = option_number(simulation->options, "rate") };
    if (!simulation_open_steps(simulation, steps, n_inputs + 1, err)) return false;
    double **x = simulation_inputs(simulation, n_inputs, err);
    if (strcmp(option_text(simulation->options, "target"), "label") == 0)
        target.labels = simulation_integers(simulation, "y", ROLE_TARGET, err);
    else
        target.values = simulation_numbers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        for (int k = 0; k < n_inputs; k++) x[k][i] = gsl_ran_gaussian(simulation->rng, 1);
        draw_target(&target, simulation->rng, i, i % steps == 0);
        truth[i] = target.labels ? target.rate : 0;
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { SIMULATED_INPUTS,
                                      SIMULATED_STEPS,
                                      { .name = "target",
                                        .type = OPTION_WORD,
                                        .initial = "label",
                                        .words = "label|number",
                                        .help = "a 0/1 label, or a number from N(0, 1)" },
                                      { .name = "rate",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.5",
                                        .min = 0,
                                        .max = 1,
                                        .help = "share of labels 1" } };

const SimulatorKind simulator_noise = {
    .kind = { .name = "noise",
              .help = "normal inputs and a target that has nothing to do with them: x1, x2, ..., y",
              .more = "The control of every method: what is found here is a leak or luck. Chance alone gives "
                      "AUC 0.5 with a standard deviation of sqrt((n + 1) / (12 n1 n0)), accuracy 0.5 with "
                      "0.5 / sqrt(n) (Mann and Whitney 1947).",
              KIND_OPTIONS(options),
              .example = "simulate noise as nothing rows=1000 columns=20 rate=10%",
              .since = "1" },
    .draw = draw,
};
