/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of vec.h in vectors of LANES, and the table of them; compiled once for each set by
 * vec_generic.c, vec_avx2.c, vec_avx512.c, which define VEC_TABLE. */
#include "numeric/vec_kernels.h"
#include "numeric/vec_math.h"

#define MAP(name, result)                                                                                    \
    TARGET static void map_##name(float *out, const float *in, size_t n)                                     \
    {                                                                                                        \
        FOR_VECTORS(i, n, {                                                                                  \
            V x = GET(in);                                                                                   \
            PUT(out, result);                                                                                \
        });                                                                                                  \
    }
MAP(exp, exp_vector(x))
MAP(log, log_vector(x))
MAP(tanh, tanh_vector(x))
MAP(sigmoid, sigmoid_vector(x))
MAP(erf, erf_vector(x))
MAP(relu, at_least(x, splat(0.0f)))

#define BACK(name, result)                                                                                   \
    TARGET static void back_##name(float *out, const float *gradient, const float *output, size_t n)         \
    {                                                                                                        \
        FOR_VECTORS(i, n, {                                                                                  \
            V dy = GET(gradient), y = GET(output);                                                           \
            PUT(out, result);                                                                                \
        });                                                                                                  \
    }
BACK(relu, pick(less(splat(0.0f), y), dy, y))
BACK(tanh, dy *(1.0f - y * y))
BACK(sigmoid, dy *(y *(1.0f - y)))

TARGET static void axpy(float *y, float a, const float *x, size_t n)
{
    FOR_VECTORS(i, n, { PUT(y, GET(y) + a * GET(x)); });
}

TARGET static void scale(float *x, float a, size_t n)
{
    FOR_VECTORS(i, n, { PUT(x, GET(x) * a); });
}

/* Sums: 16 accumulators, value i in accumulator i mod 16, then halves onto halves. */
#define N_SUMS 16
typedef double D __attribute__((vector_size(4 * LANES)));
typedef float Half __attribute__((vector_size(2 * LANES)));
typedef float UnalignedHalf __attribute__((vector_size(2 * LANES), aligned(4), may_alias));
enum { WIDE = LANES / 2, N_WIDE = N_SUMS / WIDE };

INLINE D widen(const float *p)
{
    return __builtin_convertvector((Half)(*(const UnalignedHalf *)p), D);
}

INLINE void add_sixteen(D *sums, const float *x, bool squares)
{
    UNROLL for (int i = 0; i < N_WIDE; i++)
    {
        D value = widen(x + i * WIDE);
        sums[i] += squares ? value * value : value;
    }
}

INLINE double sum_all(const float *x, size_t n, bool squares)
{
    union {
        D vectors[N_WIDE];
        double values[N_SUMS];
    } sums = { 0 };
    size_t i = 0;
    for (; i + N_SUMS <= n; i += N_SUMS) add_sixteen(sums.vectors, x + i, squares);
    float rest[N_SUMS] = { 0 };
    for (size_t j = 0; i + j < n; j++) rest[j] = x[i + j];
    add_sixteen(sums.vectors, rest, squares);
    double *s = sums.values;
    UNROLL for (int j = 0; j < 8; j++) s[j] += s[j + 8];
    UNROLL for (int j = 0; j < 4; j++) s[j] += s[j + 4];
    UNROLL for (int j = 0; j < 2; j++) s[j] += s[j + 2];
    return s[0] + s[1];
}
TARGET static double sum(const float *x, size_t n)
{
    return sum_all(x, n, false);
}
TARGET static double sum_squares(const float *x, size_t n)
{
    return sum_all(x, n, true);
}

/* Row after row into each column; `width` vectors of columns at a time, the last one masked. */
INLINE void sum_columns(float *out, const float *x, size_t rows, size_t n, int width, Mask last,
                        bool accumulate)
{
    V sums[8];
    UNROLL for (int j = 0; j < width; j++)
    {
        sums[j] = (V){ 0 };
        if (accumulate) sums[j] = j == width - 1 ? load_part(out + j * LANES, last) : load(out + j * LANES);
    }
    for (size_t i = 0; i < rows; i++, x += n)
        UNROLL for (int j = 0; j < width; j++) sums[j] +=
            j == width - 1 ? load_part(x + j * LANES, last) : load(x + j * LANES);
    UNROLL for (int j = 0; j < width; j++)
    {
        if (j == width - 1)
            store_part(out + j * LANES, sums[j], last);
        else
            store(out + j * LANES, sums[j]);
    }
}

TARGET static void column_sums(float *out, const float *x, size_t rows, size_t n, int accumulate)
{
    const Mask all = mask_first(LANES);
    size_t j = 0;
    for (; j + 8 * LANES <= n; j += 8 * LANES) sum_columns(out + j, x + j, rows, n, 8, all, accumulate);
    for (; j + 2 * LANES <= n; j += 2 * LANES) sum_columns(out + j, x + j, rows, n, 2, all, accumulate);
    for (; j < n; j += LANES)
        sum_columns(out + j, x + j, rows, n, 1, mask_first(n - j < LANES ? n - j : LANES), accumulate);
}

/* The sum and the division in double, one value after the other where a row is short. */
INLINE void normalize_row(float *row, size_t n)
{
    double total = 0;
    if (n > 12)
        total = sum_all(row, n, false);
    else
        for (size_t i = 0; i < n; i++) total += row[i];
    float share = (float)(1 / total);
    FOR_VECTORS(i, n, { PUT(row, GET(row) * share); });
}

INLINE float larger(float a, float b)
{
    return b > a ? b : a;
}
/* With NaN among them, any of the values. */
INLINE float largest(const float *x, size_t n)
{
    union {
        V vector;
        float values[LANES];
    } best;
    if (n < LANES) {
        float top = x[0];
        for (size_t i = 1; i < n; i++) top = larger(top, x[i]);
        return top;
    }
    best.vector = load(x + n - LANES);
    for (size_t i = 0; i + LANES < n; i += LANES) best.vector = at_least(best.vector, load(x + i));
    float *b = best.values;
    UNROLL for (int j = 0; j < LANES / 2; j++) b[j] = larger(b[j], b[j + LANES / 2]);
    UNROLL for (int j = 0; j < LANES / 4; j++) b[j] = larger(b[j], b[j + LANES / 4]);
    UNROLL for (int j = 0; j < LANES / 8; j++) b[j] = larger(b[j], b[j + LANES / 8]);
    UNROLL for (int j = 0; j < LANES / 16; j++) b[j] = larger(b[j], b[j + LANES / 16]);
    return b[0];
}

INLINE void subtract_top(float *out, const float *in, size_t n)
{
    float top = largest(in, n);
    FOR_VECTORS(i, n, { PUT(out, GET(in) - top); });
}

/* Rows in groups of some 512 values, so that exp runs over whole vectors. */
TARGET static void softmax(float *out, const float *in, size_t rows, size_t n)
{
    for (size_t group = 512 / n + 1, done = 0; done < rows; done += group) {
        size_t end = rows - done < group ? rows : done + group;
        for (size_t i = done; i < end; i++) subtract_top(out + i * n, in + i * n, n);
        map_exp(out + done * n, out + done * n, (end - done) * n);
        for (size_t i = done; i < end; i++) normalize_row(out + i * n, n);
    }
}

TARGET static void softmax_back(float *out, const float *dy, const float *y, float dot, float scale_by,
                                size_t n)
{
    FOR_VECTORS(i, n, { PUT(out, GET(y) * (GET(dy) - dot) * scale_by); });
}

/* x - x is 0 for a finite x and NaN otherwise. */
TARGET static size_t first_bad(const float *x, size_t n)
{
    const size_t block = 8 * LANES;
    size_t i = 0;
    for (; i + block <= n; i += block) {
        V bad = { 0 };
        UNROLL for (int j = 0; j < 8; j++)
        {
            V value = load(x + i + j * LANES);
            bad += value - value;
        }
        bool any = false;
        for (int j = 0; j < LANES; j++) any |= bad[j] != 0.0f;
        if (any) break;
    }
    for (; i < n; i++)
        if (x[i] - x[i] != 0.0f) return i;
    return n;
}

/* Moments of a parameter whose gradient stays 0 would end as subnormal numbers, which cost a hundred
 * times as much: smaller means become 0, and squares stay at this. NaN stays. */
#define DUST 0x1p-120f
INLINE V without_dust(V x)
{
    return pick(less(absolute(x), splat(DUST)), splat(0.0f), x);
}

TARGET static void adam(float *w, float *m, float *v, const float *g, size_t n, const AdamScalars *scalars)
{
    const AdamScalars s = *scalars;
    FOR_VECTORS(i, n, {
        V gradient = GET(g);
        V mean = without_dust(s.beta1 * GET(m) + s.rest1 * gradient);
        V square = at_least(s.beta2 * GET(v) + s.rest2 * (gradient * gradient), splat(DUST));
        V root = square_root(square) * s.root_scale + s.epsilon;
        PUT(m, mean);
        PUT(v, square);
        PUT(w, s.shrink * GET(w) - s.rate * mean / root);
    });
}

TARGET static void sgd(float *w, float *velocity, const float *g, size_t n, float lr, float momentum,
                       int nesterov)
{
    if (!velocity) {
        axpy(w, -lr, g, n);
        return;
    }
    FOR_VECTORS(i, n, {
        V gradient = GET(g);
        V speed = without_dust(momentum * GET(velocity) + gradient);
        PUT(velocity, speed);
        PUT(w, GET(w) - lr * (nesterov ? gradient + momentum * speed : speed));
    });
}

/* Strips of LANES rows, four columns at a time; the rest one by one. */
TARGET static void transpose(float *out, const float *in, size_t rows, size_t cols, size_t from, size_t to)
{
    size_t i = from;
    for (; i + LANES <= to; i += LANES) {
        size_t j = 0;
        for (; j + 4 <= cols; j += 4) {
            V columns[4];
            load_columns(columns, in + i * cols + j, cols);
            for (size_t q = 0; q < 4; q++) store(out + (j + q) * rows + i, columns[q]);
        }
        for (; j < cols; j++)
            for (size_t q = i; q < i + LANES; q++) out[j * rows + q] = in[q * cols + j];
    }
    for (; i < to; i++)
        for (size_t j = 0; j < cols; j++) out[j * rows + i] = in[i * cols + j];
}

const VecKernels VEC_TABLE = { .exp = map_exp,
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
