/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bootstrap: a window put together from blocks of itself, each of `block` steps in a row that begin anywhere
 * (moving blocks, Kuensch 1989, Annals of Statistics 17; circular=on: they may run over the end into the
 * beginning, Politis and Romano 1992). end=on leaves the last block where it is. The first block is cut where
 * the steps are not so many. */
#include <math.h>
#include <string.h>

#include "data/augment.h"

enum { BLOCK, CIRCULAR, END };

static size_t block_size(const AugmentSample *s)
{
    double block = s->settings[BLOCK];
    if (isnan(block)) block = ceil(cbrt((double)s->steps) - 1e-9);
    return block < (double)s->steps ? (size_t)block : s->steps;
}

static void apply(AugmentSample *s)
{
    size_t block = block_size(s), left = s->steps, circular = s->settings[CIRCULAR] > 0;
    augment_keep(s);
    if (s->settings[END] > 0) left -= block;
    while (left > 0) { /* from the end on */
        size_t from = gsl_rng_uniform_int(s->rng, circular ? s->steps : s->steps - block + 1);
        for (size_t k = block; k-- > 0 && left > 0;) {
            size_t step = (from + k) % s->steps;
            memcpy(s->x + --left * s->width, s->room + step * s->width, s->width * sizeof *s->x);
        }
    }
}

static const OptionSpec options[] = {
    { .name = "block",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .min = 1,
      .max = 1e6,
      .help = "steps of a block; the cube root of all where not given" },
    { .name = "circular",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "blocks may run over the end into the beginning" },
    { .name = "end", .type = OPTION_BOOL, .initial = "on", .help = "the last block stays where it is" },
};

const AugmentKind augment_bootstrap = {
    .kind = { .name = "bootstrap",
              .help = "puts a window or sequence together from random blocks of itself",
              .more = "What holds within a block stays, at the seams it breaks. The last block stays, since "
                      "the label follows it; "
                      "end=off draws it too. Kuensch 1989; circular=on: Politis and Romano 1992.",
              KIND_OPTIONS(options),
              .example = "simulate garch as days rows=500\nwindow days length=30\n"
                         "augment days method=bootstrap(5) share=50%",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 1,
    .moves = true,
    .apply = apply,
};
