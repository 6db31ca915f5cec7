/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The element-wise kernels of the check-only library: plain loops over double and libm. */
#ifdef FNS_DOUBLE
#include <math.h>

#include "numeric/vec_kernels.h"

#define MAP(name, result)                                                                                    \
    static void map_##name(double *out, const double *in, size_t n)                                          \
    {                                                                                                        \
        for (size_t i = 0; i < n; i++) {                                                                     \
            double x = in[i];                                                                                \
            out[i] = (result);                                                                               \
        }                                                                                                    \
    }
MAP(exp, exp(x))
MAP(log, log(x))
MAP(tanh, tanh(x))
MAP(sigmoid, x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)))
MAP(erf, erf(x))
MAP(relu, x < 0 ? 0 : x)

#define BACK(name, result)                                                                                   \
    static void back_##name(double *out, const double *gradient, const double *output, size_t n)             \
    {                                                                                                        \
        for (size_t i = 0; i < n; i++) {                                                                     \
            double dy = gradient[i], y = output[i];                                                          \
            out[i] = (result);                                                                               \
        }                                                                                                    \
    }
BACK(relu, y > 0 ? dy : y)
BACK(tanh, dy *(1 - y * y))
BACK(sigmoid, dy *(y *(1 - y)))

static void axpy(double *y, double a, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

static void scale(double *x, double a, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] *= a;
}

static double sum(const double *x, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) total += x[i];
    return total;
}

static double sum_squares(const double *x, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) total += x[i] * x[i];
    return total;
}

static void column_sums(double *out, const double *x, size_t rows, size_t n, int accumulate)
{
    for (size_t j = 0; j < n && !accumulate; j++) out[j] = 0;
    for (size_t i = 0; i < rows; i++) axpy(out, 1, x + i * n, n);
}

static void softmax(double *out, const double *in, size_t rows, size_t n)
{
    for (; rows > 0; rows--, in += n, out += n) {
        double top = in[0];
        for (size_t i = 1; i < n; i++) top = in[i] > top ? in[i] : top;
        for (size_t i = 0; i < n; i++) out[i] = exp(in[i] - top);
        scale(out, 1 / sum(out, n), n);
    }
}

static void softmax_back(double *out, const double *dy, const double *y, double dot, double scale_by,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = y[i] * (dy[i] - dot) * scale_by;
}

static size_t first_bad(const double *x, size_t n)
{
    size_t i = 0;
    while (i < n && isfinite(x[i])) i++;
    return i;
}

static void adam(double *w, double *m, double *v, const double *g, size_t n, const AdamScalars *s)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = s->beta1 * m[i] + s->rest1 * g[i];
        v[i] = s->beta2 * v[i] + s->rest2 * g[i] * g[i];
        w[i] = s->shrink * w[i] - s->rate * m[i] / (sqrt(v[i]) * s->root_scale + s->epsilon);
    }
}

static void sgd(double *w, double *velocity, const double *g, size_t n, double lr, double momentum,
                int nesterov)
{
    for (size_t i = 0; i < n; i++) {
        double speed = velocity ? velocity[i] = momentum * velocity[i] + g[i] : g[i];
        w[i] -= lr * (nesterov ? g[i] + momentum * speed : speed);
    }
}

static void transpose(double *out, const double *in, size_t rows, size_t cols, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        for (size_t j = 0; j < cols; j++) out[j * rows + i] = in[i * cols + j];
}

const VecKernels vec_kernels_generic = { .exp = map_exp,
                                         .log = map_log,
                                         .tanh = map_tanh,
                                         .sigmoid = map_sigmoid,
                                         .erf = map_erf,
                                         .relu = map_relu,
                                         .relu_back = back_relu,
                                         .tanh_back = back_tanh,
                                         .sigmoid_back = back_sigmoid,
                                         .softmax = softmax,
                                         .softmax_back = softmax_back,
                                         .axpy = axpy,
                                         .scale = scale,
                                         .sum = sum,
                                         .sum_squares = sum_squares,
                                         .column_sums = column_sums,
                                         .first_bad = first_bad,
                                         .adam = adam,
                                         .sgd = sgd,
                                         .transpose = transpose };
#endif
