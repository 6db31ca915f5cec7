/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check finds: facts about a frame that make a result untrue, or should be looked at. */
#ifndef FNS_DATA_SUSPICIONS_H
#define FNS_DATA_SUSPICIONS_H

#include "data/frame.h"

typedef struct Suspicion {
    const char *what;   /* "its value tells the target" */
    const char *column; /* or NULL */
    const char *made;   /* "credit.fns:7", or NULL */
    const char *remedy; /* what to write or look at */
    double figure;      /* the AUC, the count, ...; NaN: none */
    bool leak;          /* false: to be looked at */
} Suspicion;

typedef struct Suspicions {
    Arena *arena; /* not owned */
    Suspicion *items;
    int n, capacity;
    int leaks; /* of them */
} Suspicions;

/* Adds one; texts are copied. column: of the frame, or -1. */
void suspicions_add(Suspicions *suspicions, const Frame *frame, int column, bool leak, double figure,
                    const char *what, const char *remedy);

/* Leaks that the frame itself shows. Targets of training and validation rows alone are looked at: an input
 * whose value (or whether it is missing) orders them with an AUC above 0.95, or correlates above 0.98, or
 * says the level; an input that looks ahead, or is made of the target of its own row; an encoding learned from more levels than n / 20; one level a
 * row; across the split: ids, groups, duplicates, dates of training rows behind those of others, labels that
 * overlap; a split made with leak=allow. (leaks.c, leaks_made.c, leaks_split.c) */
bool leaks_find(const Frame *frame, Suspicions *out, Progress *progress, Err *err);
void leaks_find_made(const Frame *frame, Suspicions *out);
bool leaks_find_split(const Frame *frame, Suspicions *out, Err *err);
/* The names of the flags in a taint, "; " between them; from the arena. */
const char *taint_words(unsigned taint, Arena *arena);

/* Recomputes what the row program and the recipe make on the rows up to random cuts, and names every column
 * whose earlier values change: it looks ahead. `tested`: how many columns were. (truncation.c) */
bool truncation_find(const Frame *frame, int cuts, uint64_t seed, int *tested, Suspicions *out, Notes *notes,
                     Progress *progress, Err *err);

#endif
