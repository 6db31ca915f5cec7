/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exclusive or of two signs: x1, x2 uniform in [-1, 1]; y = 1 where their signs differ, turned over
 * with probability `noise`. No line does better than chance. */
#include "data/sources/simulate.h"

static void draw(Simulation *simulation, double noise)
{
    for (size_t i = 0; i < simulation->n_rows; i++) {
        double x1 = 2 * gsl_rng_uniform(simulation->rng) - 1;
        double x2 = 2 * gsl_rng_uniform(simulation->rng) - 1;
        double p = (x1 < 0) != (x2 < 0) ? 1 - noise : noise;
        simulation->columns[0]->numbers[i] = x1;
        simulation->columns[1]->numbers[i] = x2;
        simulation->columns[2]->integers[i] = gsl_rng_uniform(simulation->rng) < p;
        simulation->columns[3]->numbers[i] = p;
    }
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    Simulation simulation;
    Frame *frame = NULL;
    (void)notes, (void)progress;
    if (simulation_begin(&simulation, "xor", 3, n_rows, seed, err) &&
        simulation_column(&simulation, 0, "x1", COLUMN_NUMBER, err) &&
        simulation_column(&simulation, 1, "x2", COLUMN_NUMBER, err) &&
        simulation_column(&simulation, 2, "y", COLUMN_INTEGER, err) &&
        simulation_column(&simulation, 3, NULL, COLUMN_NUMBER, err)) {
        draw(&simulation, options ? option_number(options, "noise") : 0);
        frame = simulation_frame(&simulation, seed, options, err);
    }
    simulation_end(&simulation);
    return frame;
}

static const OptionSpec options[] = { { .name = "noise",
                                        .type = OPTION_FRACTION,
                                        .initial = "0",
                                        .max = 0.5,
                                        .help = "share of labels that are turned over" } };

const SimulatorKind simulator_xor = { .kind = { .name = "xor",
                                                .help = "the exclusive or of two signs: x1, x2, target y",
                                                KIND_OPTIONS(options),
                                                .example = "simulate xor as x rows=500 seed=1 noise=5%",
                                                .since = "0.1" },
                                      .make = make };
