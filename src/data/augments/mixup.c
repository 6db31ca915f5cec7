/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mixup: l x_i + (1 - l) x_j, and so the labels; j any training sample, l ~ Beta(alpha, alpha) (Zhang et al.
 * 2018, ICLR). l and 1 - l are taken as the larger and the smaller of the two, which is the same law of mixed
 * samples and lets i be the one that figures on training rows count. For l = 0.75, x = 1 and 5: 2. */
#include <gsl/gsl_randist.h>

#include "data/augment.h"

enum { ALPHA };

static void apply(AugmentSample *s)
{
    double l = gsl_ran_beta(s->rng, s->settings[ALPHA], s->settings[ALPHA]);
    if (!(l >= 0.5)) l = l < 0.5 ? 1 - l : 1;
    s->own = l;
    size_t n = s->steps * s->width;
    for (size_t i = 0; i < n; i++) s->x[i] = (real)l * s->x[i] + (real)(1 - l) * s->other[i];
}

static const OptionSpec options[] = {
    { .name = "alpha",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.2",
      .min = 0,
      .max = 1000,
      .help = "of Beta(alpha, alpha): small ones mix little, 1 is uniform" },
};

const AugmentKind augment_mixup = {
    .kind = { .name = "mixup",
              .help = "mixes a sample and its label with another training sample",
              .more =
                  "l x + (1 - l) x', l ~ Beta(alpha, alpha), 0.1 to 0.4 as a rule. The loss takes shares of "
                  "levels or numbers; with "
                  "weights, l and 1 - l count times them. With batch=time partners are of the same date. "
                  "Zhang et al. 2018, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=50% valid=50%\nscale toy\n"
                         "augment toy method=mixup(0.2)",
              .since = "1" },
    .shapes = AUGMENT_ROWS | AUGMENT_SERIES | AUGMENT_IMAGES,
    .share = 1,
    .mixes = true,
    .apply = apply,
};
