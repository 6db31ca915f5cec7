/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind sparse.h: one for each instruction set, with the same bits. */
#ifndef FNS_NUMERIC_SPARSE_KERNELS_H
#define FNS_NUMERIC_SPARSE_KERNELS_H

#include "numeric/sparse.h"
#include "numeric/target.h"

typedef struct SparseKernels {
    void (*add_inputs)(real *dx, const real *dy, const real *w, const Patches *patches);
    void (*add_filters)(real *dw, const real *dy, const real *x, const Patches *patches, size_t from,
                        size_t to);
} SparseKernels;

extern const SparseKernels sparse_kernels_generic;
#if FNS_X86_SETS
extern const SparseKernels sparse_kernels_avx2, sparse_kernels_avx512;
#endif

/* The table of one set; NULL where this processor lacks it. */
const SparseKernels *sparse_kernels(InstructionSet set);

#endif
