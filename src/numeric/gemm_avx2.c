/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The own product engine for AVX2. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX2
#define GEMM_OWN_NAME gemm_own_avx2
#include "numeric/gemm_body.h"
#endif
