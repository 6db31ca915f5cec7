/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prior correction: what training with other shares of the classes than the data have does to
 * probabilities, undone. Of class c with share pi among the training rows and s in what was trained on (both
 * by weights), p' = p pi / s, divided by the sum over the classes; with two classes logit p' = logit p -
 * ln(((1 - pi) / pi) (s / (1 - s))) (King and Zeng 2001; Saerens and others 2002). p = 0.5, s = 0.5, pi = 0.1
 * give 0.1. */
#ifndef FNS_MODEL_PRIOR_H
#define FNS_MODEL_PRIOR_H

#include "base/notes.h"
#include "base/value.h"
#include "numeric/real.h"

typedef struct Prep Prep;

typedef struct Prior {
    int n;               /* classes; 2 where the one output is the probability of the last */
    const double *share; /* (n) of the training rows */
    const double *seen;  /* (n) in what was trained on */
    bool corrects;       /* off: outputs stay raw, and that is said */
} Prior;

/* From sums of weights (n each) of classes before and after; memory from the arena. NULL: nothing moved, or a
 * class that there is weighs nothing. */
const Prior *prior_new(const double *before, const double *after, int n, bool corrects, Arena *arena);
/* Whether both are the same shares. */
bool prior_same(const double *before, const double *after, int n);
const Prior *prior_copy(const Prior *prior, Arena *arena); /* NULL of NULL */
/* Corrects n rows of outputs in place (n, n_outputs): probabilities, or what goes into sigmoid or softmax.
 * Nothing where prior is NULL or does not correct. */
void prior_correct(const Prior *prior, real *out, size_t n, size_t n_outputs, bool logits);
/* The same for one row of probabilities. */
void prior_correct_row(const Prior *prior, double *p, size_t n_outputs);

Value prior_record(const Prior *prior, Arena *arena);
const Prior *prior_from_record(const Record *record, Arena *arena); /* NULL: it does not hold together */
/* Says what is corrected, or that it is not: `name` is the net's, the levels are the preparation's. */
void prior_note(const Prior *prior, const char *name, const Prep *prep, Notes *notes);

#endif
