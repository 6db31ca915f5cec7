/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A motif in noise: `rows` samples of `steps` values N(0, 1); in half of them a sine of one period and
 * unit norm, m_k = sin(2 pi (k + 1/2) / 8) / 2, k = 0..7, times `amplitude`, begins at a step drawn
 * uniformly. The truth is the posterior p = s / (1 + s), s the mean over all positions of
 * exp(A <x, m> - A^2 / 2) (Neyman and Pearson 1933). Attainable AUC of 64 steps: amplitude 2 0.690,
 * 3 0.863 (KS 0.570, log-loss 0.455), 4 0.965, 5 0.995. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

enum { MOTIF = 8 };

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

/* The values of a sample and its label. */
static int draw_sample(gsl_rng *rng, const Motif *motif, double *x)
{
    for (size_t i = 0; i < motif->steps; i++) x[i] = gsl_ran_gaussian(rng, 1);
    int label = gsl_rng_uniform(rng) < 0.5;
    size_t at = gsl_rng_uniform_int(rng, motif->steps - MOTIF + 1);
    for (int k = 0; label && k < MOTIF; k++) x[at + (size_t)k] += motif->amplitude * motif->shape[k];
    return label;
}

static bool draw(Simulation *simulation, Err *err)
{
    Motif motif = { .amplitude = option_number(simulation->options, "amplitude"),
                    .steps = (size_t)option_integer(simulation->options, "steps") };
    set_shape(&motif);
    if (!simulation_open_steps(simulation, motif.steps, 2, err)) return false;
    double *x = simulation_numbers(simulation, "x", ROLE_INPUT, err);
    int64_t *y = simulation_integers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_samples; i++) {
        size_t from = i * motif.steps;
        int label = draw_sample(simulation->rng, &motif, x + from);
        double p = posterior(&motif, x + from);
        for (size_t step = 0; step < motif.steps; step++) {
            y[from + step] = label;
            truth[from + step] = p;
        }
        if (!simulation_goes_on(simulation, i, simulation->n_samples, err)) return false;
    }
    return truth != NULL;
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
              .more =
                  "x is N(0, 1); in half of the samples a sine of one period, sin(2 pi (k + 1/2) / 8) / 2 "
                  "for k = 0 .. 7, times amplitude is added at a step drawn at random. The truth is the "
                  "likelihood ratio (Neyman and Pearson 1933): attainable AUC 0.690, 0.863, 0.965 for "
                  "amplitudes 2, 3, 4. One filter of a convolution and the largest of its outputs come close "
                  "to it.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=500 seed=1",
              .since = "1" },
    .draw = draw,
};
