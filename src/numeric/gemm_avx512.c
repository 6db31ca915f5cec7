/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The own product engine for AVX-512. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX512
#define GEMM_OWN_NAME gemm_own_avx512
#include "numeric/gemm_body.h"
#endif
