/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling of samples (height, width, channels) by windows that lie inside of them; series have height 1. */
#ifndef FNS_NUMERIC_POOL_H
#define FNS_NUMERIC_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "numeric/real.h"

#define POOL_WINDOW_MAX 65535

/* out = (in - size) / stride + 1; size_y * size_x at most POOL_WINDOW_MAX. */
typedef struct PoolShape {
    size_t height, width, channels;
    size_t size_y, size_x, stride_y, stride_x;
    size_t out_height, out_width;
} PoolShape;

/* y (n, out) = the largest of each window, NaN before any number; which (n, out), or NULL: its place in the
 * window, the first of equals. */
void pool_max(real *y, uint16_t *which, const real *x, size_t n, const PoolShape *shape);
/* dx (n, in) from dy (n, out); with y, the output, also through relu': dy where y > 0, else y. */
void pool_max_back(real *dx, const real *dy, const real *y, const uint16_t *which, size_t n,
                   const PoolShape *shape);
/* y (n, out) = the mean of each window. */
void pool_mean(real *y, const real *x, size_t n, const PoolShape *shape);
void pool_mean_back(real *dx, const real *dy, size_t n, const PoolShape *shape);

#endif
