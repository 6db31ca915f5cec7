/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flip: an image mirrored left to right, or upside down (Keras: RandomFlip). Twice, it is the image again. */
#include <string.h>

#include "data/augment.h"

enum { AXIS };
enum { HORIZONTAL, VERTICAL };

static void swap(real *a, real *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        real kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

static void apply(AugmentSample *s)
{
    size_t across = s->width / s->channels;
    if (s->settings[AXIS] == VERTICAL)
        for (size_t a = 0, b = s->steps; a + 1 < b--; a++)
            swap(s->x + a * s->width, s->x + b * s->width, s->width);
    else
        for (size_t row = 0; row < s->steps; row++)
            for (size_t a = 0, b = across; a + 1 < b--; a++)
                swap(s->x + row * s->width + a * s->channels, s->x + row * s->width + b * s->channels,
                     s->channels);
}

static const OptionSpec options[] = {
    { .name = "axis",
      .type = OPTION_WORD,
      .flags = OPTION_POSITIONAL,
      .initial = "horizontal",
      .words = "horizontal|vertical",
      .help = "left becomes right, or top becomes bottom" },
};

const AugmentKind augment_flip = {
    .kind = { .name = "flip",
              .help = "mirrors an image",
              .more =
                  "For images whose mirror images bear the same label: no digits, no letters. A net reads "
                  "images where its "
                  "input, or the reshape that it begins with, is (height, width, channels). Windows: "
                  "timeflip, signflip.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=100 columns=64\nsplit t train=80% valid=20%\n"
                         "augment t method=flip(vertical)\nnet m\n  input 8 8 1\n  conv2d 4 relu kernel=3\n"
                         "  flatten\n  dense 1 sigmoid\nend\ntrain m on=t epochs=1",
              .since = "1" },
    .shapes = AUGMENT_IMAGES,
    .share = 0.5,
    .moves = true,
    .apply = apply,
};
