/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signflip: -x, and the label turns with it: 1 - y of a target of two levels, -y of a number. Twice, it is
 * the sample again. */
#include "data/augment.h"

static void apply(AugmentSample *s)
{
    size_t n = s->steps * s->width;
    for (size_t i = 0; i < n; i += s->channels)
        for (size_t c = 0; c < s->channels; c++)
            if (s->varies[c]) s->x[i + c] = -s->x[i + c];
}

const AugmentKind augment_signflip = {
    .kind = { .name = "signflip",
              .help = "turns the sign of the inputs, and the label with it",
              .more = "x to -x; up becomes down, a return becomes minus that return. For directions and "
                      "returns alone: a target that "
                      "is never negative, or has more than two levels, is refused. It takes the market to be "
                      "symmetric: drift and "
                      "the leverage effect are gone. Scaled inputs turn around their mean. Name the columns "
                      "that are returns where "
                      "others are not.",
              .example = "simulate ar as days rows=500\nwindow days length=10\n"
                         "augment days method=signflip",
              .since = "1" },
    .shapes = AUGMENT_ROWS | AUGMENT_STEPS,
    .share = 0.5,
    .warning =
        "it takes up and down to be alike, and turns the label too: drift and leverage effect are gone",
    .negates = true,
    .apply = apply,
};
