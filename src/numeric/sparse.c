/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the values of dY that are not 0: the choice of the instruction set, and plain loops. */
#include "numeric/sparse.h"

#include <math.h>

#include "numeric/sparse_kernels.h"

#ifdef FNS_DOUBLE
#define FMA fma
#else
#define FMA fmaf
#endif

static void add_inputs(real *dx, const real *dy, const real *w, const Patches *p)
{
    for (size_t y = 0; y < p->rows; y++)
        for (size_t x = 0; x < p->columns; x++)
            for (size_t f = 0; f < p->filters; f++, dy++) {
                real *patch = dx + y * p->row_step + x * p->column_step;
                const real *own = w + f * p->runs * p->length;
                for (size_t run = 0; run < p->runs && *dy != 0; run++, patch += p->run_step)
                    for (size_t i = 0; i < p->length; i++, own++) patch[i] = FMA(*dy, *own, patch[i]);
            }
}

static void add_filters(real *dw, const real *dy, const real *image, const Patches *p, size_t from, size_t to)
{
    for (size_t y = 0; y < p->rows; y++)
        for (size_t x = 0; x < p->columns; x++, dy += p->filters)
            for (size_t f = from; f < to; f++) {
                const real *patch = image + y * p->row_step + x * p->column_step;
                real *own = dw + f * p->runs * p->length;
                for (size_t run = 0; run < p->runs && dy[f] != 0; run++, patch += p->run_step)
                    for (size_t i = 0; i < p->length; i++, own++) *own = FMA(dy[f], patch[i], *own);
            }
}

const SparseKernels sparse_kernels_generic = { add_inputs, add_filters };

const SparseKernels *sparse_kernels(InstructionSet set)
{
#if FNS_X86_SETS
    static const SparseKernels *const tables[SET_COUNT] = { &sparse_kernels_generic, &sparse_kernels_avx2,
                                                            &sparse_kernels_avx512 };
    return set <= target_best() ? tables[set] : NULL;
#else
    return set == SET_GENERIC ? &sparse_kernels_generic : NULL;
#endif
}

void sparse_add_inputs(real *dx, const real *dy, const real *w, const Patches *patches)
{
    sparse_kernels(target_best())->add_inputs(dx, dy, w, patches);
}

void sparse_add_filters(real *dw, const real *dy, const real *x, const Patches *patches, size_t from,
                        size_t to)
{
    sparse_kernels(target_best())->add_filters(dw, dy, x, patches, from, to);
}
