/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for the least change of a row, shared by the files that find what may change, that try it, and
 * that show it. */
#ifndef FNS_LANG_FLIPPING_H
#define FNS_LANG_FLIPPING_H

#include "lang/flip.h"

/* A column that may change, and the values it may take. */
typedef struct Knob {
    int name; /* place in the names */
    int n;
    bool steps;     /* a number: values lie along quantiles */
    uint32_t *rows; /* (n): physical rows that hold the values */
    double *sizes;  /* (n): of the change */
} Knob;

typedef struct Change {
    const Knob *knobs[2];
    int values[2], n; /* n: of knobs; 0: nothing found */
    double size, score;
} Change;

typedef struct Flip {
    Session *session;
    const Judged *judged;
    Arena *arena;
    const Frame *frame;
    const char **names; /* (n_names): the columns that the model needs */
    int n_names;
    bool derived; /* some are made of columns that the frame no longer holds */
    Knob *knobs;
    int n_knobs;
    uint32_t own; /* physical row */
    double cutoff, score;
} Flip;

const FrameColumn *flip_column(const Flip *flip, int name);
/* names of the raw columns, so that what is derived follows them. */
void flip_names(Flip *flip, const Prep *prep);
/* knobs: the columns that may change, without those of keep=, and the values that physical rows rows (n)
 * hold. Errors: flip_columns, those of keep=. */
bool flip_knobs(Flip *flip, const Call *call, const uint32_t *rows, size_t n, Err *err);

/* The least change of each column into changes (n_knobs), zero before. Errors: flip_history. */
bool flip_singles(const Flip *flip, Change *changes, Err *err);
/* The least change of two columns into best, zero before. */
bool flip_pairs(const Flip *flip, Change *best, Err *err);

#endif
