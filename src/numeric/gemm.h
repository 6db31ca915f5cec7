/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matrix products of layers: one interface, two engines (our fused micro-kernel, OpenBLAS). */
#ifndef FNS_NUMERIC_GEMM_H
#define FNS_NUMERIC_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "numeric/real.h"

typedef enum GemmEngine { GEMM_AUTO, GEMM_OWN, GEMM_OPENBLAS } GemmEngine;
/* NONE: the product. BIAS: plus bias[j]. BIAS_RELU: then x < 0 ? 0 : x. RELU_BACK: times relu' of the
 * layer output y[i * ldy + j] (product where y > 0, else y, which is 0 or NaN). */
typedef enum Epilogue { EPILOGUE_NONE, EPILOGUE_BIAS, EPILOGUE_BIAS_RELU, EPILOGUE_RELU_BACK } Epilogue;

/* C (m, n) = [C +] A (m, k) B (k, n), row-major, then the epilogue. A is addressed as
 * a[i * a_row + p * a_col], so that either stride transposes it; B as b[p * ldb + j], or where it lies
 * turned as b[j * ldb + p]; C may not overlap A, B or bias; with RELU_BACK c may be y. With `segments` the
 * sum runs over segments * k values: B has as many rows and is not turned, and in A segment s begins at a + s
 * * a_segment (rows of an image patch).
 *
 * The own engine computes c[i, j] as one chain of fused multiply-adds over p = 0 .. k-1 that starts from
 * 0, bias[j] or C (+ bias[j]): its bits depend on row i of A, column j of B, bias[j] and k alone, and are
 * the same on every processor. GEMM_AUTO takes it wherever the processor has FMA vectors (AVX2,
 * AVX-512), and OpenBLAS elsewhere. GEMM_OPENBLAS falls back on the own engine for what cblas cannot
 * address (rows of A that overlap, two strides, sizes beyond int). */
typedef struct Gemm {
    size_t m, n, k;
    const real *a;
    size_t a_row, a_col;
    size_t segments, a_segment; /* 0: one */
    const real *b;
    size_t ldb;
    bool b_turned;
    real *c;
    size_t ldc;
    bool accumulate;
    Epilogue epilogue;
    const real *bias; /* n values, or NULL without BIAS */
    const real *y;    /* (m, n) of RELU_BACK */
    size_t ldy;
    GemmEngine engine;
} Gemm;
void real_gemm(const Gemm *product);

/* Where cblas_sgemm comes from and its kernel, as `fns --version` prints it ("OpenBLAS 0.3.21 SkylakeX");
 * called once before any product; sets OpenBLAS to one thread. */
const char *blas_describe(void);
/* True when cblas_sgemm is bound to OpenBLAS (and not to GSL's reference code). */
bool blas_is_openblas(void);
/* "avx512", "avx2" or "generic": what the own kernel runs on here. */
const char *gemm_instruction_set(void);

#endif
