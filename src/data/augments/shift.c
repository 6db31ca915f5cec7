/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shift: an image moved by whole points, dy and dx uniform on -by .. by; what comes in is 0, or the edge
 * (Keras: RandomTranslation; padding by `by` points and a random crop of the old size are the same). */
#include <string.h>

#include "data/augment.h"

enum { BY, FILL };
enum { ZERO, EDGE };

static long clamp(long at, long n)
{
    return at < 0 ? 0 : at >= n ? n - 1 : at;
}

static void apply(AugmentSample *s)
{
    long by = (long)s->settings[BY], height = (long)s->steps, across = (long)(s->width / s->channels);
    long dy = (long)gsl_rng_uniform_int(s->rng, (unsigned long)(2 * by + 1)) - by;
    long dx = (long)gsl_rng_uniform_int(s->rng, (unsigned long)(2 * by + 1)) - by;
    bool edge = s->settings[FILL] == EDGE;
    augment_keep(s);
    for (long y = 0; y < height; y++)
        for (long x = 0; x < across; x++) {
            long from_y = y - dy, from_x = x - dx, near_y = clamp(from_y, height),
                 near_x = clamp(from_x, across);
            bool inside = edge || (from_y == near_y && from_x == near_x);
            real *to = s->x + (y * across + x) * (long)s->channels;
            const real *from = s->room + (near_y * across + near_x) * (long)s->channels;
            for (size_t c = 0; c < s->channels; c++) to[c] = inside ? from[c] : 0;
        }
}

static const OptionSpec options[] = {
    { .name = "by",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "2",
      .min = 1,
      .max = 10000,
      .help = "most points in each direction" },
    { .name = "fill",
      .type = OPTION_WORD,
      .initial = "zero",
      .words = "zero|edge",
      .help = "what comes in: 0, or the points at the edge" },
};

const AugmentKind augment_shift = {
    .kind = { .name = "shift",
              .help = "moves an image by a few points: padding and a random crop",
              .more =
                  "dy and dx are uniform on -by .. by. A net reads images where its input, or the reshape "
                  "that it begins with, "
                  "is (height, width, channels).",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=100 columns=64\nsplit t train=80% valid=20%\n"
                         "augment t method=shift(1)\nnet m\n  input t\n  reshape 8 8 1\n"
                         "  conv2d 4 relu kernel=3\n  flatten\n  dense 1 sigmoid\nend\ntrain m epochs=1",
              .since = "1" },
    .shapes = AUGMENT_IMAGES,
    .share = 1,
    .moves = true,
    .apply = apply,
};
