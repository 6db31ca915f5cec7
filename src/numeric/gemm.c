/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matrix products: the choice of engine, the way to OpenBLAS, and the own engine in plain C. */
#include "numeric/gemm.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>

#include "numeric/gemm_kernel.h"

#ifdef FNS_DOUBLE
#define CBLAS_GEMM cblas_dgemm
#define FMA        fma
#else
#define CBLAS_GEMM cblas_sgemm
#define FMA        fmaf
#endif

static real finish(const Gemm *g, real sum, size_t i, size_t j)
{
    if (g->epilogue == EPILOGUE_BIAS_RELU) return sum < 0 ? 0 : sum;
    if (g->epilogue != EPILOGUE_RELU_BACK) return sum;
    real y = g->y[i * g->ldy + j];
    return y > 0 ? sum : y;
}

static real start(const Gemm *g, size_t i, size_t j)
{
    real bias = g->bias ? g->bias[j] : 0;
    return g->accumulate ? bias + g->c[i * g->ldc + j] : bias;
}

void gemm_own_generic(const Gemm *g)
{
    size_t b_row = g->b_turned ? 1 : g->ldb, b_col = g->b_turned ? g->ldb : 1;
    for (size_t i = 0; i < g->m; i++)
        for (size_t j = 0; j < g->n; j++) {
            real sum = start(g, i, j);
            const real *a = g->a + i * g->a_row, *b = g->b + j * b_col;
            for (size_t s = gemm_segments(g); s > 0; s--, a += g->a_segment)
                for (size_t p = 0; p < g->k; p++, b += b_row) sum = FMA(a[p * g->a_col], *b, sum);
            g->c[i * g->ldc + j] = finish(g, sum, i, j);
        }
}

GemmFunction *gemm_own(InstructionSet set)
{
#if FNS_X86_SETS
    static GemmFunction *const engines[SET_COUNT] = { gemm_own_generic, gemm_own_avx2, gemm_own_avx512 };
    return set <= target_best() ? engines[set] : NULL;
#else
    return set == SET_GENERIC ? gemm_own_generic : NULL;
#endif
}

/* How cblas would read A: its leading dimension, or 0 where it cannot. */
static size_t blas_lda(const Gemm *g, enum CBLAS_TRANSPOSE *transpose)
{
    *transpose = CblasNoTrans;
    if (g->a_col == 1 || g->k == 1) {
        if (g->m == 1) return g->k;
        if (g->a_row >= g->k) return g->a_row;
    }
    *transpose = CblasTrans;
    if (g->a_row == 1 || g->m == 1) {
        if (g->k == 1) return g->m;
        if (g->a_col >= g->m) return g->a_col;
    }
    return 0;
}

static bool blas_can(const Gemm *g)
{
    enum CBLAS_TRANSPOSE transpose;
    size_t lda = blas_lda(g, &transpose);
    return lda > 0 && g->k > 0 && g->ldb >= (g->b_turned ? g->k : g->n) && g->ldc >= g->n && lda <= INT_MAX &&
           g->m <= INT_MAX && g->k <= INT_MAX && g->ldb <= INT_MAX && g->ldc <= INT_MAX;
}

static void run_openblas(const Gemm *g)
{
    enum CBLAS_TRANSPOSE transpose;
    size_t lda = blas_lda(g, &transpose);
    for (size_t s = 0; s < gemm_segments(g); s++)
        CBLAS_GEMM(CblasRowMajor, transpose, g->b_turned ? CblasTrans : CblasNoTrans, (int)g->m, (int)g->n,
                   (int)g->k, 1, g->a + s * g->a_segment, (int)lda, g->b + s * g->k * g->ldb, (int)g->ldb,
                   s || g->accumulate ? 1 : 0, g->c, (int)g->ldc);
    if (g->epilogue == EPILOGUE_NONE && !g->bias) return;
    for (size_t i = 0; i < g->m; i++)
        for (size_t j = 0; j < g->n; j++) {
            real *c = g->c + i * g->ldc + j;
            *c = finish(g, g->bias ? *c + g->bias[j] : *c, i, j);
        }
}

void real_gemm(const Gemm *g)
{
    if (g->m == 0 || g->n == 0) return;
    InstructionSet set = target_best();
    bool blas = g->engine == GEMM_OPENBLAS || (g->engine == GEMM_AUTO && set == SET_GENERIC);
    if (blas && blas_can(g))
        run_openblas(g);
    else
        gemm_own(set)(g);
}

const char *gemm_instruction_set(void)
{
    return target_name(target_best());
}
