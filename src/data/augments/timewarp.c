/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timewarp: step t shows what was at the time g(t) = (T - 1) C(t) / C(T - 1), C(t) = sum over s = 1 .. t of
 * max(S(s), 0.1), S a natural cubic spline through knots N(1, sigma^2): the clock runs faster and slower, and
 * the first and the last step stay (after Um et al. 2017, ICMI). Between steps linear interpolation; flags
 * and codes are those of the nearest step. sigma 0 leaves the sample. */
#include "data/augments/spline.h"

enum { SIGMA, KNOTS };

static void apply(AugmentSample *s)
{
    Spline curve;
    spline_draw(&curve, s->rng, (int)s->settings[KNOTS], s->settings[SIGMA]);
    Clock clock = clock_begin(&curve, s->steps);
    augment_keep(s);
    for (size_t t = 1; t + 1 < s->steps; t++)
        augment_step_at(s, s->room, clock_next(&clock), s->x + t * s->width);
}

static const OptionSpec options[] = {
    { .name = "sigma",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.2",
      .min = 0,
      .max = 10,
      .help = "standard deviation of the knots of the speed around 1" },
    { .name = "knots",
      .type = OPTION_INTEGER,
      .initial = "4",
      .min = 0,
      .max = SPLINE_KNOTS,
      .help = "knots between the first and the last step" },
};

const AugmentKind augment_timewarp = {
    .kind = { .name = "timewarp",
              .help = "lets time run faster and slower within a window; its ends stay",
              .more = "All channels share one clock. It alters autocorrelation and calendar effects, and "
                      "lowers the variance of "
                      "noise between two steps. Um et al. 2017.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=200 steps=32\naugment waves method=timewarp(0.2)",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 1,
    .moves = true,
    .apply = apply,
};
