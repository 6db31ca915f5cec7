/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jitter: x + sigma s z, z independent normal, s the standard deviation of that input over the training rows
 * (of an image that of its channel), so that one sigma suits inputs of any unit (Bishop 1995, Neural
 * Computation 7; Um et al. 2017, ICMI). Its variance is sigma^2 s^2; the mean stays. */
#include "data/augment.h"
#include "numeric/rng.h"

enum { SIGMA };

static void apply(AugmentSample *s)
{
    size_t n = s->steps * s->width;
    rng_normals(s->rng, s->room, n);
    for (size_t i = 0; i < n; i += s->channels)
        for (size_t c = 0; c < s->channels; c++)
            if (s->varies[c]) s->x[i + c] += (real)(s->settings[SIGMA] * s->spread[c]) * s->room[i + c];
}

static const OptionSpec options[] = {
    { .name = "sigma",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.03",
      .min = 0,
      .max = 100,
      .help = "size of the noise, in standard deviations of each input" },
};

const AugmentKind augment_jitter = {
    .kind = { .name = "jitter",
              .help = "adds normal noise to every value",
              .more = "x + sigma s z, s the input's standard deviation over the training rows: 0.01 to 0.05 "
                      "for returns and "
                      "scaled inputs. For prices, use their returns. Bishop 1995; Um et al. 2017.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=400\nsplit loans train=60% valid=40%\nscale loans\n"
                         "augment loans x1 x2 method=jitter(0.05)",
              .since = "1" },
    .shapes = AUGMENT_ROWS | AUGMENT_STEPS | AUGMENT_TREES | AUGMENT_IMAGES,
    .share = 1,
    .spreads = true,
    .apply = apply,
};
