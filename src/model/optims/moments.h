/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the optimizers of the adam family share: their options, and adam's own step. */
#ifndef FNS_MODEL_OPTIMS_MOMENTS_H
#define FNS_MODEL_OPTIMS_MOMENTS_H

#include "model/optim.h"

/* clang-format off */
#define MOMENT_OPTIONS \
    { .name = "beta1", \
    .type = OPTION_NUMBER, \
    .flags = OPTION_OPEN_MAX, \
    .initial = "0.9", \
    .min = 0, \
    .max = 1, \
    .help = "memory of the mean of the gradients" }, \
    { .name = "beta2", \
    .type = OPTION_NUMBER, \
    .flags = OPTION_OPEN_MAX, \
    .initial = "0.999", \
    .min = 0, \
    .max = 1, \
    .help = "memory of the mean of their squares" }, \
    { .name = "epsilon", \
    .type = OPTION_NUMBER, \
    .flags = OPTION_OPEN_MIN, \
    .initial = "1e-8", \
    .min = 0, \
    .max = 1, \
    .help = "keeps the division finite" }
/* clang-format on */

/* Places of these options in the settings. */
enum { BETA1, BETA2, EPSILON };

void adam_step(const OptimStep *step);

#endif
