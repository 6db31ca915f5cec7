/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scaling: x_tc s_c, one factor s_c ~ N(1, sigma^2) for each channel of a sample (Um et al. 2017, ICMI).
 * E = x, Var = sigma^2 x^2; the ratio of two steps of a channel stays. */
#include <gsl/gsl_randist.h>

#include "data/augment.h"

enum { SIGMA };

static void apply(AugmentSample *s)
{
    size_t n = s->steps * s->width;
    for (size_t c = 0; c < s->channels; c++) {
        real factor = (real)(1 + s->settings[SIGMA] * gsl_ran_gaussian_ziggurat(s->rng, 1));
        for (size_t i = c; s->varies[c] && i < n; i += s->channels) s->x[i] *= factor;
    }
}

static const OptionSpec options[] = {
    { .name = "sigma",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.1",
      .min = 0,
      .max = 10,
      .help = "standard deviation of the factor around 1" },
};

const AugmentKind augment_scaling = {
    .kind = { .name = "scaling",
              .help = "multiplies each channel of a sample by a random factor",
              .more =
                  "s ~ N(1, sigma^2), one for each sample and input, over all steps. It changes the level "
                  "of volatility: "
                  "wrong where that is the target. Um et al. 2017.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=200 steps=32\naugment waves method=scaling(0.1)",
              .since = "1" },
    .shapes = AUGMENT_ROWS | AUGMENT_STEPS | AUGMENT_TREES | AUGMENT_IMAGES,
    .share = 1,
    .rescales = true,
    .apply = apply,
};
