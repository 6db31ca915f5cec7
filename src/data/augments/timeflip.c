/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timeflip: the steps of a sample in reverse order; the label stays. Twice, it is the sample again. */
#include <string.h>

#include "data/augment.h"

static void apply(AugmentSample *s)
{
    size_t bytes = s->width * sizeof *s->x;
    for (size_t a = 0, b = s->steps; a + 1 < b--; a++) {
        memcpy(s->room, s->x + a * s->width, bytes);
        memcpy(s->x + a * s->width, s->x + b * s->width, bytes);
        memcpy(s->x + b * s->width, s->room, bytes);
    }
}

const AugmentKind augment_timeflip = {
    .kind = { .name = "timeflip",
              .help = "reverses the steps of a window or sequence",
              .more = "The label stays. It breaks the arrow of time: the last step becomes the first, the "
                      "leverage effect and the "
                      "asymmetry of volatility are lost, and what the label follows from no longer stands "
                      "before it. For shapes "
                      "that may stand anywhere, either way round, and nothing else.",
              .example = "simulate motif as waves rows=200 steps=32\naugment waves method=timeflip",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 0.5,
    .warning = "it breaks causality: the last step becomes the first, and the label stays",
    .moves = true,
    .apply = apply,
};
