/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling for AVX2. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX2
#define POOL_TABLE pool_kernels_avx2
#include "numeric/pool_body.h"
#endif
