/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind pool.h: one for each instruction set, with the same bits. A kernel does one sample;
 * back kernels store into dx where `adds` is false (windows do not overlap) and add otherwise. */
#ifndef FNS_NUMERIC_POOL_KERNELS_H
#define FNS_NUMERIC_POOL_KERNELS_H

#include <stdbool.h>

#include "numeric/pool.h"
#include "numeric/target.h"

typedef struct PoolKernels {
    void (*max)(real *y, uint16_t *which, const real *x, const PoolShape *shape);
    void (*max_back)(real *dx, const real *dy, const real *y, const uint16_t *which, const PoolShape *shape,
                     bool adds);
    void (*mean)(real *y, const real *x, const PoolShape *shape);
    void (*mean_back)(real *dx, const real *dy, const PoolShape *shape, bool adds);
} PoolKernels;

extern const PoolKernels pool_kernels_generic;
#if FNS_X86_SETS
extern const PoolKernels pool_kernels_avx2, pool_kernels_avx512;
#endif

/* The table of one set; NULL where this processor lacks it. */
const PoolKernels *pool_kernels(InstructionSet set);

/* Where the window of an output begins in x, and where place t of it lies from there. */
static inline size_t pool_from(const PoolShape *s, size_t oy, size_t ox)
{
    return (oy * s->stride_y * s->width + ox * s->stride_x) * s->channels;
}

#endif
