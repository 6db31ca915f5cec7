/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the values of dY that are not 0, a patch at a time in registers; compiled for each set by
 * sparse_avx2.c and sparse_avx512.c, which define SPARSE_TABLE. */
#include "numeric/simd.h"
#include "numeric/sparse_kernels.h"

/* Vectors of a patch that are done together: with the value and a row of filters they fit the registers. */
enum { GROUP = 12 };

/* A bit for each of the first n (at most LANES) values that is not 0. */
INLINE uint32_t alive(const float *p, size_t n)
{
#ifdef SIMD_AVX512
    const Mask mask = mask_first(n);
    return _mm512_mask_cmp_ps_mask(mask, (__m512)load_part(p, mask), _mm512_setzero_ps(), _CMP_NEQ_UQ);
#else
    V x = n < LANES ? load_part(p, mask_first(n)) : load(p);
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps((__m256)x, _mm256_setzero_ps(), _CMP_NEQ_UQ));
#endif
}

/* The next vectors of a patch: where they lie in the image, from the patch on. */
typedef struct Group {
    size_t at[GROUP];
    size_t first, n, run, within;
    size_t size; /* of a filter */
} Group;

/* False after the last. All of zeros but size before the first. */
static inline bool next_group(Group *group, const Patches *p)
{
    size_t left = group->size / LANES - group->first - group->n;
    group->first += group->n;
    group->n = left < GROUP ? left : GROUP;
    for (size_t j = 0; j < group->n; j++) {
        group->at[j] = group->run * p->run_step + group->within;
        group->within += LANES;
        if (group->within < p->length) continue;
        group->within = 0;
        group->run++;
    }
    return left > 0;
}

INLINE void inputs_group(float *dx, const float *dy, const float *w, size_t filters, const Group *g,
                         const int n)
{
    V sums[GROUP];
    UNROLL for (int j = 0; j < n; j++) sums[j] = load(dx + g->at[j]);
    w += g->first * LANES;
    for (size_t f = 0; f < filters; f += LANES) {
        uint32_t bits = alive(dy + f, filters - f < LANES ? filters - f : LANES);
        for (; bits; bits &= bits - 1) {
            size_t one = f + (size_t)__builtin_ctz(bits);
            const float *own = w + one * g->size;
            V value = splat(dy[one]);
            UNROLL for (int j = 0; j < n; j++) sums[j] = fused(value, load(own + j * LANES), sums[j]);
        }
    }
    UNROLL for (int j = 0; j < n; j++) store(dx + g->at[j], sums[j]);
}

INLINE void filters_group(float *dw, const float *dy, const float *x, size_t from, size_t to, const Group *g,
                          const int n)
{
    V values[GROUP];
    UNROLL for (int j = 0; j < n; j++) values[j] = load(x + g->at[j]);
    dw += g->first * LANES;
    for (size_t f = from; f < to; f += LANES) {
        uint32_t bits = alive(dy + f, to - f < LANES ? to - f : LANES);
        for (; bits; bits &= bits - 1) {
            size_t one = f + (size_t)__builtin_ctz(bits);
            float *own = dw + one * g->size;
            V value = splat(dy[one]);
            UNROLL for (int j = 0; j < n; j++)
                store(own + j * LANES, fused(value, values[j], load(own + j * LANES)));
        }
    }
}

typedef void InputsFunction(float *dx, const float *dy, const float *w, const Patches *p, const Group *g);
typedef void FiltersFunction(float *dw, const float *dy, const float *x, const Patches *p, size_t from,
                             size_t to, const Group *g);

#define SIZES(S) S(1) S(2) S(3) S(4) S(5) S(6) S(7) S(8) S(9) S(10) S(11) S(12)
#define GROUPS(n)                                                                                            \
    TARGET static void inputs_##n(float *dx, const float *dy, const float *w, const Patches *p,              \
                                  const Group *g)                                                            \
    {                                                                                                        \
        for (size_t y = 0; y < p->rows; y++)                                                                 \
            for (size_t c = 0; c < p->columns; c++, dy += p->filters)                                        \
                inputs_group(dx + y * p->row_step + c * p->column_step, dy, w, p->filters, g, n);            \
    }                                                                                                        \
    TARGET static void filters_##n(float *dw, const float *dy, const float *x, const Patches *p,             \
                                   size_t from, size_t to, const Group *g)                                   \
    {                                                                                                        \
        for (size_t y = 0; y < p->rows; y++)                                                                 \
            for (size_t c = 0; c < p->columns; c++, dy += p->filters)                                        \
                filters_group(dw, dy, x + y * p->row_step + c * p->column_step, from, to, g, n);             \
    }
SIZES(GROUPS)

#define INPUTS_ENTRY(n)  [n] = inputs_##n,
#define FILTERS_ENTRY(n) [n] = filters_##n,
static InputsFunction *const inputs[GROUP + 1] = { SIZES(INPUTS_ENTRY) };
static FiltersFunction *const filters[GROUP + 1] = { SIZES(FILTERS_ENTRY) };

/* Patches overlap: all of one is added before the next. */
static void add_inputs(float *dx, const float *dy, const float *w, const Patches *p)
{
    const Patches one = { .rows = 1, .columns = 1, .filters = p->filters };
    Group group = { .size = p->runs * p->length };
    if (group.size <= GROUP * LANES) {
        next_group(&group, p);
        inputs[group.n](dx, dy, w, p, &group);
        return;
    }
    for (size_t y = 0; y < p->rows; y++)
        for (size_t x = 0; x < p->columns; x++, dy += p->filters) {
            group = (Group){ .size = p->runs * p->length };
            while (next_group(&group, p))
                inputs[group.n](dx + y * p->row_step + x * p->column_step, dy, w, &one, &group);
        }
}

static void add_filters(float *dw, const float *dy, const float *x, const Patches *p, size_t from, size_t to)
{
    Group group = { .size = p->runs * p->length };
    while (next_group(&group, p)) filters[group.n](dw, dy, x, p, from, to, &group);
}

const SparseKernels SPARSE_TABLE = { add_inputs, add_filters };
