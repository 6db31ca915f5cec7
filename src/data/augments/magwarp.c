/* SPDX-License-Identifier: GPL-3.0-or-later */
/* magwarp: x_tc S_c(t), S_c a natural cubic spline through knots N(1, sigma^2), one curve for each channel of
 * a sample (Um et al. 2017, ICMI). sigma 0 leaves the sample. */
#include "data/augments/spline.h"

enum { SIGMA, KNOTS };

static void apply(AugmentSample *s)
{
    Spline curve;
    for (size_t c = 0; c < s->width; c++) {
        if (!s->varies[c]) continue;
        spline_draw(&curve, s->rng, (int)s->settings[KNOTS], s->settings[SIGMA]);
        for (size_t t = 0; t < s->steps; t++)
            s->x[t * s->width + c] *= (real)spline_step(&curve, t, s->steps);
    }
}

static const OptionSpec options[] = {
    { .name = "sigma",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.2",
      .min = 0,
      .max = 10,
      .help = "standard deviation of the knots around 1" },
    { .name = "knots",
      .type = OPTION_INTEGER,
      .initial = "4",
      .min = 0,
      .max = SPLINE_KNOTS,
      .help = "knots between the first and the last step" },
};

const AugmentKind augment_magwarp = {
    .kind = { .name = "magwarp",
              .help = "multiplies each channel of a window by a smooth random curve",
              .more = "The curve is a cubic spline through knots N(1, sigma^2). It changes the level of "
                      "volatility: wrong where that "
                      "is the target. Um et al. 2017.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=200 steps=32\naugment waves method=magwarp(0.2)",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 1,
    .rescales = true,
    .apply = apply,
};
