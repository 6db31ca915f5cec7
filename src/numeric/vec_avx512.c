/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The element-wise kernels for AVX-512. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX512
#define VEC_TABLE vec_kernels_avx512
#include "numeric/vec_body.h"
#endif
