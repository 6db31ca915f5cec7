/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A motif in noise: `rows` samples of `steps` values N(0, 1); in half of them a sine of one period and
 * unit norm, m_k = sin(2 pi (k + 1/2) / 8) / 2, k = 0..7, times `amplitude`, begins at a step drawn
 * uniformly. The truth is the posterior p = s / (1 + s), s the mean over all positions of
 * exp(A <x, m> - A^2 / 2) (Neyman and Pearson 1933). Attainable AUC of 64 steps: amplitude 2 0.690,
 * 3 0.863 (KS 0.570, log-loss 0.455), 4 0.965, 5 0.995. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

enum { MOTIF = 8, POLL_SAMPLES = 1 << 12 };

typedef struct Motif {
    double amplitude, shape[MOTIF];
    size_t steps;
} Motif;

static void set_shape(Motif *motif)
{
    for (int k = 0; k < MOTIF; k++) motif->shape[k] = sin(2 * M_PI * (k + 0.5) / MOTIF) / 2;
}

static double posterior(const Motif *motif, const double *x)
{
    double sum = 0, a = motif->amplitude;
    size_t positions = motif->steps - MOTIF + 1;
    for (size_t at = 0; at < positions; at++) {
        double product = 0;
        for (int k = 0; k < MOTIF; k++) product += x[at + (size_t)k] * motif->shape[k];
        sum += exp(a * product - a * a / 2);
    }
    return sum / ((double)positions + sum);
}

static void draw_sample(const Simulation *simulation, const Motif *motif, size_t sample)
{
    size_t from = sample * motif->steps;
    double *x = simulation->columns[2]->numbers + from;
    for (size_t i = 0; i < motif->steps; i++) x[i] = gsl_ran_gaussian(simulation->rng, 1);
    int label = gsl_rng_uniform(simulation->rng) < 0.5;
    size_t at = gsl_rng_uniform_int(simulation->rng, motif->steps - MOTIF + 1);
    for (int k = 0; label && k < MOTIF; k++) x[at + (size_t)k] += motif->amplitude * motif->shape[k];
    double truth = posterior(motif, x);
    for (size_t i = 0; i < motif->steps; i++) {
        simulation->columns[0]->integers[from + i] = (int64_t)sample + 1;
        simulation->columns[1]->integers[from + i] = (int64_t)i + 1;
        simulation->columns[3]->integers[from + i] = label;
        simulation->columns[4]->numbers[from + i] = truth;
    }
}

static bool draw(const Simulation *simulation, const Motif *motif, size_t n, Progress *progress, Err *err)
{
    for (size_t i = 0; i < n; i++) {
        draw_sample(simulation, motif, i);
        if (i % POLL_SAMPLES == 0 && !progress_poll(progress, "simulate", (double)i, (double)n, err))
            return false;
    }
    return true;
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    Simulation simulation;
    Frame *frame = NULL;
    Motif motif = { .amplitude = options ? option_number(options, "amplitude") : 3,
                    .steps = options ? (size_t)option_integer(options, "steps") : 64 };
    size_t all;
    (void)notes;
    set_shape(&motif);
    if (!simulation_rows(n_rows, motif.steps, &all, err)) return NULL;
    if (simulation_begin(&simulation, "motif", 4, all, seed, err) &&
        simulation_column(&simulation, 0, "id", COLUMN_INTEGER, err) &&
        simulation_column(&simulation, 1, "step", COLUMN_INTEGER, err) &&
        simulation_column(&simulation, 2, "x", COLUMN_NUMBER, err) &&
        simulation_column(&simulation, 3, "y", COLUMN_INTEGER, err) &&
        simulation_column(&simulation, 4, NULL, COLUMN_NUMBER, err) &&
        draw(&simulation, &motif, n_rows, progress, err))
        frame = simulation_frame(&simulation, seed, options, err);
    if (frame) frame = simulation_sequences(frame, err);
    simulation_end(&simulation);
    return frame;
}

static const OptionSpec options[] = {
    { .name = "amplitude",
      .type = OPTION_NUMBER,
      .initial = "3",
      .min = 0,
      .max = 100,
      .help = "size of the motif; its norm where the noise has standard deviation 1" },
    { .name = "steps",
      .type = OPTION_INTEGER,
      .initial = "64",
      .min = 8,
      .max = 100000,
      .help = "values of a sample" }
};

const SimulatorKind simulator_motif = {
    .kind = { .name = "motif",
              .help = "a short wave hidden in noise, somewhere, in half of the samples: id, step, x, y",
              .more = "One filter of a convolution and the largest of its outputs come close to what is "
                      "attainable.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=500 seed=1",
              .since = "1" },
    .make = make
};
