/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The own product engine of each instruction set, behind gemm.h; the same bits from all. */
#ifndef FNS_NUMERIC_GEMM_KERNEL_H
#define FNS_NUMERIC_GEMM_KERNEL_H

#include "numeric/gemm.h"
#include "numeric/target.h"

typedef void GemmFunction(const Gemm *product);

static inline size_t gemm_segments(const Gemm *g)
{
    return g->segments ? g->segments : 1;
}

GemmFunction gemm_own_generic;
#if FNS_X86_SETS
GemmFunction gemm_own_avx2, gemm_own_avx512;
#endif
/* The engine of one set; NULL where this processor lacks it. */
GemmFunction *gemm_own(InstructionSet set);

#endif
