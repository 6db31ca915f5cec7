/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activations: y = f(x) element by element (softmax: row by row), and the gradient back through it. */
#ifndef FNS_MODEL_ACTIVATION_H
#define FNS_MODEL_ACTIVATION_H

#include "base/option.h"
#include "numeric/real.h"

/* alpha is the value of the activation's one option (a slope, a scale), 0 where it has none. */
typedef struct ActivationKind {
    Kind kind;
    /* y (rows, n) = f(x); y may be x. */
    void (*forward)(real *y, const real *x, size_t rows, size_t n, real alpha);
    /* dx = dy f'(x), from the output y and, where needs_input, from x (NULL otherwise); dx may be dy. */
    void (*backward)(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha);
    bool needs_input;
    bool identity;  /* y = x: nothing needs to be done */
    bool he;        /* layers before it start with He's weights, not Glorot's */
    bool is_relu;   /* the product's epilogues compute it, forward and back */
    bool rectifies; /* an output of 0 means that the unit is off */
    real low, high; /* outputs at or beyond these are saturated; both 0: it does not saturate */
} ActivationKind;

extern const KindList activation_kinds; /* src/model/activations.def */

#endif
