/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Augmentations: what becomes of a training sample, drawn anew in each epoch, on its way into a batch. A kind
 * is a pure function of one sample and a stream of random numbers that epoch and sample decide; whoever
 * trains calls it (model/train_augment.c). Nothing else ever sees an augmented sample. */
#ifndef FNS_DATA_AUGMENT_H
#define FNS_DATA_AUGMENT_H

#include <gsl/gsl_rng.h>

#include "data/prep.h"

#define AUGMENT_SETTINGS 4

/* What samples are; a set of them says what a kind takes. */
typedef enum AugmentShape {
    AUGMENT_ROWS = 1,
    AUGMENT_SERIES = 2,   /* as many steps each: windows, sequences that are all as long */
    AUGMENT_SEQUENCE = 4, /* steps of their own each */
    AUGMENT_TREES = 8,
    AUGMENT_IMAGES = 16
} AugmentShape;
enum { AUGMENT_STEPS = AUGMENT_SERIES | AUGMENT_SEQUENCE };

typedef struct AugmentSample {
    real *x;                /* (steps, width), without padding; of an image (height, columns * channels) */
    size_t steps, width;    /* a kind may lower the steps of a sequence, to 1 at least */
    size_t channels;        /* inputs that repeat along x: width, but of images */
    AugmentShape shape;     /* one of them */
    const uint8_t *varies;  /* (channels): whether its values may be changed */
    const uint8_t *numbers; /* (channels): whether values between two of its values mean something */
    const double *spread;   /* (channels): standard deviation over the training rows; for kinds that ask */
    const double *settings; /* the kind's options in table order; a word is its place among the words */
    const real *other;      /* (steps, width): the partner, for a kind that mixes */
    double own;             /* set by a kind that mixes: the share of the sample itself, at least 1/2 */
    real *room;             /* (steps, width): for a copy */
    gsl_rng *rng;
} AugmentSample;

typedef struct AugmentKind {
    Kind kind;
    unsigned shapes;     /* a set of AugmentShape */
    double share;        /* of the samples, where share= is not given */
    const char *warning; /* told when it is asked for; or NULL */
    bool moves;          /* whole steps or points, so that no columns can be named */
    bool spreads;        /* reads spread */
    bool rescales;       /* changes the size of values: no label says so */
    bool negates;        /* its label turns with it: 1 - y of two levels, -y of numbers with both signs */
    bool mixes;          /* with a partner: labels are mixed too */
    void (*apply)(AugmentSample *sample);
} AugmentKind;

extern const KindList augment_kinds; /* src/data/augments.def */

/* The recipe step `augment`, which changes nothing but training samples. */
extern const StepKind step_augment;

/* One `augment` line of a fitted recipe. */
typedef struct AugmentLine {
    const AugmentKind *kind;
    const char *name; /* of the kind, "jitter 2" where it stands there again */
    double settings[AUGMENT_SETTINGS], share;
    const uint8_t *varies; /* (n_features) */
} AugmentLine;

bool prep_augments(const Prep *prep); /* whether it has any */
/* The lines of a prep, in order, from the arena; 0: it has none. numbers (n_features) says which features are
 * numbers, not flags or codes. Error `augment_nothing`: a line has nothing to change. */
bool augment_lines(const Prep *prep, Arena *arena, const AugmentLine **lines, int *n, const uint8_t **numbers,
                   Err *err);
/* "jitter(0.05) of 2 inputs, mixup(alpha=0.2) of 50% of the samples"; nothing without lines. */
void augment_write(Buf *out, const Prep *prep);
/* "windows and sequences" */
const char *augment_shapes_text(unsigned shapes, char out[96]);

/* The numbers that a kind reads: those of its options in table order, a word its place among the words. */
void augment_settings(const Options *options, double settings[AUGMENT_SETTINGS]);

/* For kinds: step `at` (a place between steps, 0 .. steps - 1) of from (steps, width) into to (width):
 * numbers by linear interpolation, others those of the nearest step. */
void augment_step_at(const AugmentSample *sample, const real *from, double at, real *to);
void augment_keep(const AugmentSample *sample); /* copies x into room */

#endif
