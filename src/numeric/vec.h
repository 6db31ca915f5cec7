/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element-wise kernels over n values: branch-free polynomials in plain C, the same bits on every
 * instruction set, in body and tail. out may be the input. NaN passes through. */
#ifndef FNS_NUMERIC_VEC_H
#define FNS_NUMERIC_VEC_H

#include <stddef.h>

#include "numeric/real.h"

void vec_exp(real *out, const real *x, size_t n);
void vec_log(real *out, const real *x, size_t n);
void vec_tanh(real *out, const real *x, size_t n);
void vec_sigmoid(real *out, const real *x, size_t n);
void vec_erf(real *out, const real *x, size_t n);
void vec_relu(real *out, const real *x, size_t n);
/* out = dy * f'(x), from the activation's OUTPUT y. */
void vec_relu_back(real *out, const real *dy, const real *y, size_t n);
void vec_tanh_back(real *out, const real *dy, const real *y, size_t n);
void vec_sigmoid_back(real *out, const real *dy, const real *y, size_t n);
/* Row-wise softmax of (rows, n), with the row's maximum subtracted. */
void vec_softmax(real *out, const real *x, size_t rows, size_t n);
/* out = scale y (dy - dot), of one row: with dot = sum of dy y and scale 1 the gradient of softmax, whose
 * output is y, from that by y. out may be dy. */
void vec_softmax_back(real *out, const real *dy, const real *y, real dot, real scale, size_t n);
/* y += a x;  y += x;  x *= a */
void vec_axpy(real *y, real a, const real *x, size_t n);
void vec_add(real *y, const real *x, size_t n);
void vec_scale(real *x, real a, size_t n);
/* Sums in a fixed order with a fixed number of accumulators; the result in double. */
double vec_sum(const real *x, size_t n);
double vec_sum_squares(const real *x, size_t n);
/* out[j] = sum over rows of x[i, j]; adds to out where accumulate. */
void vec_column_sums(real *out, const real *x, size_t rows, size_t n, int accumulate);
/* Index of the first value that is not finite, or n. */
size_t vec_first_bad(const real *x, size_t n);

/* out (cols, rows) = the transpose of in (rows, cols): the part-th of `parts` shares of the rows of in. The
 * two may not overlap. */
void vec_transpose(real *out, const real *in, size_t rows, size_t cols, int part, int parts);

/* Optimizer steps over a block of parameters, one pass. Scalars are doubles, so that 1 - beta2 keeps its
 * digits. Adam (Kingma and Ba 2015): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * w = (1 - lr decay) w - lr (m / correction1) / (sqrt(v / correction2) + epsilon), where correction is
 * 1 - beta^t. */
void vec_adam(real *w, real *m, real *v, const real *g, size_t n, double lr, double beta1, double beta2,
              double epsilon, double correction1, double correction2, double decoupled_decay);
/* velocity = momentum velocity + g; w -= lr velocity, or lr (g + momentum velocity) with Nesterov's
 * look-ahead. velocity may be NULL where momentum is 0. */
void vec_sgd(real *w, real *velocity, const real *g, size_t n, double lr, double momentum, int nesterov);

#endif
