/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of a convolution whose dY is mostly 0, as max pooling leaves it: sums over the values that are
 * not. Every element is one chain of fused multiply-adds, positions and filters ascending, on every
 * processor. */
#ifndef FNS_NUMERIC_SPARSE_H
#define FNS_NUMERIC_SPARSE_H

#include <stddef.h>

#include "numeric/real.h"

/* Position (y, x) of dY (rows, columns, filters) sees `runs` runs of `length` values of an image: they begin
 * at y * row_step + x * column_step, `run_step` apart. length is a multiple of SPARSE_LENGTH. */
#define SPARSE_LENGTH 16
typedef struct Patches {
    size_t rows, columns, filters;
    size_t runs, length;
    size_t row_step, column_step, run_step;
} Patches;

/* dx, the image, += dY W; w (filters, runs, length). */
void sparse_add_inputs(real *dx, const real *dy, const real *w, const Patches *patches);
/* dw (filters, runs, length) += dY^T X for filters from <= f < to. */
void sparse_add_filters(real *dw, const real *dy, const real *x, const Patches *patches, size_t from,
                        size_t to);

#endif
