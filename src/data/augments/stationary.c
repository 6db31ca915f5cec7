/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stationary: the stationary bootstrap (Politis and Romano 1994, JASA 89): blocks begin anywhere, their
 * lengths are geometric with mean `block`, and they run over the end into the beginning. It is drawn from the
 * end backwards, which is the same law: the step before step i is i - 1 (mod T) with probability 1 - 1 /
 * block, else any. end=on: the last step stays. */
#include <math.h>
#include <string.h>

#include "data/augment.h"

enum { BLOCK, END };

static void apply(AugmentSample *s)
{
    double mean = isnan(s->settings[BLOCK]) ? cbrt((double)s->steps) : s->settings[BLOCK];
    size_t last = s->steps - 1, from = last;
    augment_keep(s);
    for (size_t left = s->steps; left-- > 0;) {
        bool first = left == last;
        bool anew = first ? s->settings[END] == 0 : gsl_rng_uniform(s->rng) * mean < 1;
        if (anew)
            from = gsl_rng_uniform_int(s->rng, s->steps);
        else if (!first)
            from = from ? from - 1 : last;
        memcpy(s->x + left * s->width, s->room + from * s->width, s->width * sizeof *s->x);
    }
}

static const OptionSpec options[] = {
    { .name = "block",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL,
      .min = 1,
      .max = 1e6,
      .help = "mean steps of a block; the cube root of all where not given" },
    { .name = "end", .type = OPTION_BOOL, .initial = "on", .help = "the last step stays" },
};

const AugmentKind augment_stationary = {
    .kind = { .name = "stationary",
              .help = "bootstrap of a window with blocks of random length",
              .more = "Lengths are geometric with mean block=, blocks wrap around: what comes out is as "
                      "stationary as what goes in. "
                      "The last step stays, since the label follows it; end=off draws it too. Politis and "
                      "Romano 1994.",
              KIND_OPTIONS(options),
              .example = "simulate garch as days rows=500\nwindow days length=30\n"
                         "augment days method=stationary(5) share=50%",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 1,
    .moves = true,
    .apply = apply,
};
