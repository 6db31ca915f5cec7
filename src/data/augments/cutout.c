/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cutout: a run of max(1, round(size T)) steps before the last one becomes 0, anywhere; of an image a square
 * of max(1, round(size min(height, width))) points, its centre anywhere, cut at the edges (DeVries and Taylor
 * 2017, arXiv 1708.04552). */
#include <math.h>
#include <string.h>

#include "data/augment.h"

enum { SIZE };

static size_t size_of(const AugmentSample *s, size_t of)
{
    double size = round(s->settings[SIZE] * (double)of);
    return size < 1 ? 1 : (size_t)size;
}

static void cut_run(AugmentSample *s)
{
    size_t before = s->steps - 1, run = size_of(s, s->steps);
    if (before == 0) return;
    if (run > before) run = before;
    size_t from = gsl_rng_uniform_int(s->rng, before - run + 1);
    memset(s->x + from * s->width, 0, run * s->width * sizeof *s->x);
}

/* Places from .. to of n that a run of `size` around a random centre covers. */
static void draw_side(gsl_rng *rng, size_t n, size_t size, size_t *from, size_t *to)
{
    size_t centre = gsl_rng_uniform_int(rng, n), half = size / 2;
    *from = centre > half ? centre - half : 0;
    *to = centre + (size - half) < n ? centre + (size - half) : n;
}

static void cut_square(AugmentSample *s)
{
    size_t across = s->width / s->channels, side = size_of(s, s->steps < across ? s->steps : across);
    size_t top, bottom, left, right;
    draw_side(s->rng, s->steps, side, &top, &bottom);
    draw_side(s->rng, across, side, &left, &right);
    for (size_t y = top; y < bottom; y++)
        memset(s->x + y * s->width + left * s->channels, 0, (right - left) * s->channels * sizeof *s->x);
}

static void apply(AugmentSample *s)
{
    if (s->shape == AUGMENT_IMAGES)
        cut_square(s);
    else
        cut_run(s);
}

static const OptionSpec options[] = {
    { .name = "size",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "10%",
      .min = 0,
      .max = 1,
      .help = "share of the steps, or of the shorter side of an image" },
};

const AugmentKind augment_cutout = {
    .kind = { .name = "cutout",
              .help = "sets a run of steps, or a square of an image, to 0",
              .more = "0 is the mean of scaled inputs. The last step of a window stays. For plain rows, the "
                      "layer dropout does it. "
                      "DeVries and Taylor 2017.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=200 steps=32\naugment waves method=cutout(20%)",
              .since = "1" },
    .shapes = AUGMENT_STEPS | AUGMENT_IMAGES,
    .share = 1,
    .moves = true,
    .apply = apply,
};
