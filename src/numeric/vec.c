/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element-wise kernels: each call goes to the table of this processor's instruction set. */
#include "numeric/vec.h"

#include <math.h>

#include "numeric/vec_kernels.h"

const VecKernels *vec_kernels(InstructionSet set)
{
#if FNS_X86_SETS
    static const VecKernels *const tables[SET_COUNT] = { &vec_kernels_generic, &vec_kernels_avx2,
                                                         &vec_kernels_avx512 };
    return set <= target_best() ? tables[set] : NULL;
#else
    return set == SET_GENERIC ? &vec_kernels_generic : NULL;
#endif
}

static const VecKernels *best(void)
{
    return vec_kernels(target_best());
}

void vec_exp(real *out, const real *x, size_t n)
{
    best()->exp(out, x, n);
}
void vec_log(real *out, const real *x, size_t n)
{
    best()->log(out, x, n);
}
void vec_tanh(real *out, const real *x, size_t n)
{
    best()->tanh(out, x, n);
}
void vec_sigmoid(real *out, const real *x, size_t n)
{
    best()->sigmoid(out, x, n);
}
void vec_erf(real *out, const real *x, size_t n)
{
    best()->erf(out, x, n);
}
void vec_relu(real *out, const real *x, size_t n)
{
    best()->relu(out, x, n);
}
void vec_relu_back(real *out, const real *dy, const real *y, size_t n)
{
    best()->relu_back(out, dy, y, n);
}
void vec_tanh_back(real *out, const real *dy, const real *y, size_t n)
{
    best()->tanh_back(out, dy, y, n);
}
void vec_sigmoid_back(real *out, const real *dy, const real *y, size_t n)
{
    best()->sigmoid_back(out, dy, y, n);
}
void vec_softmax(real *out, const real *x, size_t rows, size_t n)
{
    if (n > 0) best()->softmax(out, x, rows, n);
}
void vec_softmax_back(real *out, const real *dy, const real *y, real dot, real scale, size_t n)
{
    best()->softmax_back(out, dy, y, dot, scale, n);
}
void vec_axpy(real *y, real a, const real *x, size_t n)
{
    best()->axpy(y, a, x, n);
}
void vec_add(real *y, const real *x, size_t n)
{
    best()->axpy(y, 1, x, n);
}
void vec_scale(real *x, real a, size_t n)
{
    best()->scale(x, a, n);
}
double vec_sum(const real *x, size_t n)
{
    return best()->sum(x, n);
}
double vec_sum_squares(const real *x, size_t n)
{
    return best()->sum_squares(x, n);
}
void vec_column_sums(real *out, const real *x, size_t rows, size_t n, int accumulate)
{
    best()->column_sums(out, x, rows, n, accumulate);
}
size_t vec_first_bad(const real *x, size_t n)
{
    return best()->first_bad(x, n);
}
void vec_transpose(real *out, const real *in, size_t rows, size_t cols, int part, int parts)
{
    enum { STRIP = 16 }; /* a line of memory of out */
    size_t strips = (rows + STRIP - 1) / STRIP;
    size_t from = share_begin(strips, part, parts) * STRIP;
    size_t to = share_begin(strips, part + 1, parts) * STRIP;
    best()->transpose(out, in, rows, cols, from, to < rows ? to : rows);
}

void vec_adam(real *w, real *m, real *v, const real *g, size_t n, double lr, double beta1, double beta2,
              double epsilon, double correction1, double correction2, double decoupled_decay)
{
    AdamScalars scalars = { .beta1 = (real)beta1,
                            .beta2 = (real)beta2,
                            .rest1 = (real)(1 - beta1),
                            .rest2 = (real)(1 - beta2),
                            .rate = (real)(lr / correction1),
                            .root_scale = (real)(1 / sqrt(correction2)),
                            .epsilon = (real)epsilon,
                            .shrink = (real)(1 - lr * decoupled_decay) };
    best()->adam(w, m, v, g, n, &scalars);
}

void vec_sgd(real *w, real *velocity, const real *g, size_t n, double lr, double momentum, int nesterov)
{
    best()->sgd(w, velocity, g, n, (real)lr, (real)momentum, nesterov);
}
