/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind vec.h: one for each instruction set, with the same bits. */
#ifndef FNS_NUMERIC_VEC_KERNELS_H
#define FNS_NUMERIC_VEC_KERNELS_H

#include "numeric/target.h"
#include "numeric/vec.h"

typedef void MapFunction(real *out, const real *x, size_t n);
typedef void BackFunction(real *out, const real *dy, const real *y, size_t n);

/* An Adam step with what does not depend on the parameter worked out. */
typedef struct AdamScalars {
    real beta1, beta2, rest1, rest2; /* rest = 1 - beta, rounded from double */
    real rate;                       /* lr / correction1 */
    real root_scale, epsilon;        /* 1 / sqrt(correction2) */
    real shrink;                     /* 1 - decoupled decay */
} AdamScalars;

typedef struct VecKernels {
    MapFunction *exp, *log, *tanh, *sigmoid, *erf, *relu;
    BackFunction *relu_back, *tanh_back, *sigmoid_back;
    void (*softmax)(real *out, const real *x, size_t rows, size_t n);
    void (*softmax_back)(real *out, const real *dy, const real *y, real dot, real scale_by, size_t n);
    void (*axpy)(real *y, real a, const real *x, size_t n);
    void (*scale)(real *x, real a, size_t n);
    double (*sum)(const real *x, size_t n);
    double (*sum_squares)(const real *x, size_t n);
    void (*column_sums)(real *out, const real *x, size_t rows, size_t n, int accumulate);
    size_t (*first_bad)(const real *x, size_t n);
    void (*adam)(real *w, real *m, real *v, const real *g, size_t n, const AdamScalars *scalars);
    void (*sgd)(real *w, real *velocity, const real *g, size_t n, real lr, real momentum, int nesterov);
    void (*transpose)(real *out, const real *in, size_t rows, size_t cols, size_t from, size_t to);
} VecKernels;

extern const VecKernels vec_kernels_generic;
#if FNS_X86_SETS
extern const VecKernels vec_kernels_avx2, vec_kernels_avx512;
#endif

/* The table of one set; NULL where this processor lacks it. */
const VecKernels *vec_kernels(InstructionSet set);

#endif
