/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells for AVX2. */
#include "numeric/target.h"

#if FNS_X86_SETS
#define SIMD_AVX2
#define CELL_TABLE cell_kernels_avx2
#include "numeric/cell_body.h"
#endif
