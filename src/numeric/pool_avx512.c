/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling for AVX-512. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX512
#define POOL_TABLE pool_kernels_avx512
#include "numeric/pool_body.h"
#endif
