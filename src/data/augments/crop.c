/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crop: the last L of T steps, L uniform on ceil(keep T) .. T, so that the last step, where the forecast is
 * made, always stays (window slicing of Le Guennec et al. 2016, ECML workshop, with the end kept). In a
 * window the steps before become 0 (fill=zero: the mean of scaled inputs), the first one that stays (edge),
 * or the L steps are stretched over all T by linear interpolation (stretch). A sequence becomes shorter. */
#include <math.h>
#include <string.h>

#include "data/augment.h"

enum { KEEP, FILL };
enum { ZERO, EDGE, STRETCH };

static void shorten(AugmentSample *s, size_t kept)
{
    memmove(s->x, s->x + (s->steps - kept) * s->width, kept * s->width * sizeof *s->x);
    s->steps = kept;
}

static void fill(AugmentSample *s, size_t kept)
{
    size_t lost = s->steps - kept;
    for (size_t t = 0; t < lost; t++)
        if (s->settings[FILL] == EDGE)
            memcpy(s->x + t * s->width, s->x + lost * s->width, s->width * sizeof *s->x);
        else
            memset(s->x + t * s->width, 0, s->width * sizeof *s->x);
}

static void stretch(AugmentSample *s, size_t kept)
{
    size_t lost = s->steps - kept;
    augment_keep(s);
    for (size_t t = 0; t + 1 < s->steps; t++) {
        double at = (double)lost + (double)t * (double)(kept - 1) / (double)(s->steps - 1);
        augment_step_at(s, s->room, at, s->x + t * s->width);
    }
}

static void apply(AugmentSample *s)
{
    size_t least = (size_t)ceil(s->settings[KEEP] * (double)s->steps - 1e-9);
    if (least < 1) least = 1;
    size_t kept = least + gsl_rng_uniform_int(s->rng, s->steps - least + 1);
    if (kept == s->steps) return;
    if (s->shape == AUGMENT_SEQUENCE)
        shorten(s, kept);
    else if (s->settings[FILL] == STRETCH)
        stretch(s, kept);
    else
        fill(s, kept);
}

static const OptionSpec options[] = {
    { .name = "keep",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "90%",
      .min = 0,
      .max = 1,
      .help = "smallest share of the steps that stays, the last ones" },
    { .name = "fill",
      .type = OPTION_WORD,
      .initial = "zero",
      .words = "zero|edge|stretch",
      .help = "what a window has before them: 0, the first of them, or all of it is theirs" },
};

const AugmentKind augment_crop = {
    .kind = { .name = "crop",
              .help = "leaves out the first steps of a window or sequence; the last one stays",
              .more =
                  "L steps stay, L uniform from keep= of them to all. A sequence becomes shorter; a window "
                  "keeps its length: "
                  "its last steps stay where they are, unless fill=stretch; so do sequences that are all as "
                  "long. Images: shift. Le Guennec et al. 2016.",
              KIND_OPTIONS(options),
              .example = "simulate markov as days rows=500\nwindow days length=20\n"
                         "augment days method=crop(80%)",
              .since = "1" },
    .shapes = AUGMENT_STEPS,
    .share = 1,
    .moves = true,
    .apply = apply,
};
