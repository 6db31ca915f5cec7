/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pure noise: inputs N(0, 1), and a target that has nothing to do with them. Whatever is reached on new
 * rows beyond the band of chance (AUC 0.5 +- 4 sqrt((n + 1) / (12 n1 n0))) is a leak. */
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <string.h>

#include "data/sources/simulate.h"

enum { POLL_ROWS = 1 << 16 };

/* id and step where there are steps, x1 .. xk, y, then the truth. */
static bool make_columns(Simulation *simulation, int first, bool labels, Err *err)
{
    char name[32];
    int n = simulation->n;
    bool ok = !first || (simulation_column(simulation, 0, "id", COLUMN_INTEGER, err) &&
                         simulation_column(simulation, 1, "step", COLUMN_INTEGER, err));
    for (int k = first; ok && k < n - 1; k++) {
        snprintf(name, sizeof name, "x%d", k - first + 1);
        ok = simulation_column(simulation, k, name, COLUMN_NUMBER, err);
    }
    return ok && simulation_column(simulation, n - 1, "y", labels ? COLUMN_INTEGER : COLUMN_NUMBER, err) &&
           simulation_column(simulation, n, NULL, COLUMN_NUMBER, err);
}

/* One target a sample: the same in all its rows. */
static void draw_target(Simulation *simulation, size_t from, size_t steps, bool labels, double rate)
{
    Column *y = simulation->columns[simulation->n - 1], *truth = simulation->columns[simulation->n];
    int64_t label = labels ? gsl_rng_uniform(simulation->rng) < rate : 0;
    double value = labels ? 0 : gsl_ran_gaussian(simulation->rng, 1);
    for (size_t i = from; i < from + steps; i++) {
        if (labels)
            y->integers[i] = label;
        else
            y->numbers[i] = value;
        truth->numbers[i] = labels ? rate : 0;
    }
}

static bool draw(Simulation *simulation, int first, size_t steps, bool labels, double rate,
                 Progress *progress, Err *err)
{
    for (size_t i = 0; i < simulation->n_rows; i++) {
        for (int k = first; k < simulation->n - 1; k++)
            simulation->columns[k]->numbers[i] = gsl_ran_gaussian(simulation->rng, 1);
        if (first) simulation->columns[0]->integers[i] = (int64_t)(i / steps + 1);
        if (first) simulation->columns[1]->integers[i] = (int64_t)(i % steps + 1);
        if (i % steps == 0) draw_target(simulation, i, steps, labels, rate);
        if (i % POLL_ROWS == 0 &&
            !progress_poll(progress, "simulate", (double)i, (double)simulation->n_rows, err))
            return false;
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
    bool labels = !options || strcmp(option_text(options, "target"), "label") == 0;
    double rate = options ? option_number(options, "rate") : 0.5;
    int first = steps > 1 ? 2 : 0;
    (void)notes;
    if (!simulation_rows(n_rows, steps, &all, err)) return NULL;
    if (simulation_begin(&simulation, "noise", first + n_inputs + 1, all, seed, err) &&
        make_columns(&simulation, first, labels, err) &&
        draw(&simulation, first, steps, labels, rate, progress, err))
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
      .help = "rows of a sample; above 1 the frame has an id and a step, and samples are sequences" },
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
      .help = "share of labels 1" }
};

const SimulatorKind simulator_noise = {
    .kind = { .name = "noise",
              .help = "normal inputs and a target that has nothing to do with them: x1, x2, ..., y",
              .more = "The control of every method: what is found here is a leak or luck.",
              KIND_OPTIONS(options),
              .example = "simulate noise as nothing rows=1000 columns=20 rate=10%",
              .since = "1" },
    .make = make
};
