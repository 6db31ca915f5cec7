/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The element-wise kernels for AVX2. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX2
#define VEC_TABLE vec_kernels_avx2
#include "numeric/vec_body.h"
#endif
