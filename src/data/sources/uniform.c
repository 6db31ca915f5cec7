/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random data without any structure: inputs uniform in [0, 1), target 0 or 1 by a fair coin. What a net
 * reaches on new rows is chance. With steps= above 1 a sample is a sequence: `rows` of them, each an id
 * with that many rows, and one target for all of them. */
#include <stdio.h>

#include "data/sources/simulate.h"

enum { POLL_ROWS = 1 << 16 };

/* x1 .. xk, y from column `first` on, then the truth. */
static bool make_columns(Simulation *simulation, int first, Err *err)
{
    char name[32];
    int n_inputs = simulation->n - first - 1;
    for (int k = 0; k < n_inputs; k++) {
        snprintf(name, sizeof name, "x%d", k + 1);
        if (!simulation_column(simulation, first + k, name, COLUMN_NUMBER, err)) return false;
    }
    return simulation_column(simulation, simulation->n - 1, "y", COLUMN_INTEGER, err) &&
           simulation_column(simulation, simulation->n, NULL, COLUMN_NUMBER, err);
}

static bool draw(Simulation *simulation, int first, size_t steps, Progress *progress, Err *err)
{
    int64_t y = 0;
    for (size_t i = 0; i < simulation->n_rows; i++) {
        for (int k = first; k < simulation->n - 1; k++)
            simulation->columns[k]->numbers[i] = gsl_rng_uniform(simulation->rng);
        if (i % steps == 0) y = gsl_rng_uniform(simulation->rng) < 0.5;
        simulation->columns[simulation->n - 1]->integers[i] = y;
        simulation->columns[simulation->n]->numbers[i] = 0.5;
        if (i % POLL_ROWS == 0 &&
            !progress_poll(progress, "simulate", (double)i, (double)simulation->n_rows, err))
            return false;
    }
    return true;
}

static bool number_steps(Simulation *simulation, size_t steps, Err *err)
{
    if (!simulation_column(simulation, 0, "id", COLUMN_INTEGER, err) ||
        !simulation_column(simulation, 1, "step", COLUMN_INTEGER, err))
        return false;
    for (size_t i = 0; i < simulation->n_rows; i++) {
        simulation->columns[0]->integers[i] = (int64_t)(i / steps + 1);
        simulation->columns[1]->integers[i] = (int64_t)(i % steps + 1);
    }
    return true;
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    Simulation simulation;
    Frame *frame = NULL;
    int n_inputs = options ? (int)option_integer(options, "columns") : 10;
    size_t steps = options ? (size_t)option_integer(options, "steps") : 1, all;
    int first = steps > 1 ? 2 : 0;
    (void)notes;
    if (!simulation_rows(n_rows, steps, &all, err)) return NULL;
    if (simulation_begin(&simulation, "uniform", first + n_inputs + 1, all, seed, err) &&
        make_columns(&simulation, first, err) && (!first || number_steps(&simulation, steps, err)) &&
        draw(&simulation, first, steps, progress, err))
        frame = simulation_frame(&simulation, seed, options, err);
    if (frame && first) frame = simulation_sequences(frame, err);
    simulation_end(&simulation);
    return frame;
}

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_INTEGER,
      .initial = "10",
      .min = 1,
      .max = 100000,
      .help = "number of inputs x1, x2, ..." },
    { .name = "steps",
      .type = OPTION_INTEGER,
      .initial = "1",
      .min = 1,
      .max = 100000,
      .help = "rows of a sample; above 1 the frame has an id and a step, and samples are sequences" }
};

const SimulatorKind simulator_uniform = {
    .kind = { .name = "uniform",
              .help = "random inputs and a random 0/1 target: x1, x2, ..., y",
              KIND_OPTIONS(options),
              .example = "simulate uniform as r rows=1000 columns=10 seed=1",
              .since = "0.1" },
    .make = make
};
