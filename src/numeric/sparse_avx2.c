/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the values that are not 0 for AVX2. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX2
#define SPARSE_TABLE sparse_kernels_avx2
#include "numeric/sparse_body.h"
#endif
