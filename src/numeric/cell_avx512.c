/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells for AVX-512. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX512
#define CELL_TABLE cell_kernels_avx512
#include "numeric/cell_body.h"
#endif
