/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One head of attention over one sample: A = softmax(Q K^T / sqrt(d)) in blocks of its rows, O = A V, and the
 * way back, which computes A again. A row of a causal A is 0 behind its step; steps beyond the sample's
 * length are no part of any product. */
#include "model/layers/attention.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

enum { BLOCK = 64 }; /* rows of A */

size_t attention_block(const Attention *a)
{
    return a->steps < BLOCK ? a->steps : BLOCK;
}

real *attention_record(const Attention *a, size_t row, size_t step)
{
    return a->records + (row * a->steps + step) * a->width;
}

size_t attention_length(const Attention *a, size_t row)
{
    return a->run->lengths ? a->run->lengths[row] : a->steps;
}

/* out (each, n) = scale times one head's part of n records, transposed. */
static void turn(const Attention *a, const real *part, size_t n, real scale, real *out)
{
    for (size_t t = 0; t < n; t++, part += a->width)
        for (size_t j = 0; j < a->each; j++) out[j * n + t] = part[j] * scale;
}

/* What one sample's head looks at: `n` steps exist, and of them rows from .. from + count - 1 look at the
 * first `seen`. */
typedef struct Look {
    real *q, *k, *v, *o; /* of step 0 */
    const real *dout;    /* backward: of step 0 */
    size_t n, from, count, seen;
} Look;

static Look look_of(const Attention *a, size_t row, size_t head)
{
    real *first = attention_record(a, row, 0) + head * a->each;
    return (Look){ .q = first,
                   .k = first + a->units,
                   .v = first + 2 * a->units,
                   .o = first + a->o,
                   .dout = a->dout + row * a->steps * a->units + head * a->each,
                   .n = attention_length(a, row) };
}

/* The next rows of A; false: there are no more. */
static bool next_rows(const Attention *a, Look *look)
{
    look->from += look->count;
    look->count = look->n - look->from < BLOCK ? look->n - look->from : BLOCK;
    look->seen = a->causal ? look->from + look->count : look->n;
    return look->count > 0;
}

void attention_multiply(const Attention *a, AttentionPart p)
{
    real_gemm(&(Gemm){ .m = p.m,
                       .n = p.n,
                       .k = p.k,
                       .a = p.a,
                       .a_row = p.a_row,
                       .a_col = p.a_col,
                       .b = p.b,
                       .ldb = p.ldb,
                       .c = p.c,
                       .ldc = p.ldc,
                       .accumulate = p.add,
                       .engine = a->run->engine });
}

/* a->weights (count, seen): the rows of A, 0 where a row does not look. */
static void weigh(const Attention *a, const Look *look)
{
    attention_multiply(a, (AttentionPart){ look->q + look->from * a->width, a->width, 1, look->count, a->each,
                                           a->keys, look->n, look->seen, a->weights, look->seen, false });
    if (!a->causal) vec_softmax(a->weights, a->weights, look->count, look->seen);
    for (size_t i = 0; a->causal && i < look->count; i++) {
        real *row = a->weights + i * look->seen;
        size_t seen = look->from + i + 1;
        vec_softmax(row, row, 1, seen);
        memset(row + seen, 0, (look->seen - seen) * sizeof(real));
    }
}

void attention_head(const Attention *a, size_t row, size_t head)
{
    Look look = look_of(a, row, head);
    turn(a, look.k, look.n, (real)(1 / sqrt((double)a->each)), a->keys);
    while (next_rows(a, &look)) {
        weigh(a, &look);
        attention_multiply(a,
                           (AttentionPart){ a->weights, look.seen, 1, look.count, look.seen, look.v, a->width,
                                            a->each, look.o + look.from * a->width, a->width, false });
    }
}

/* a->d: from the gradient of a block of A that of what stands under its softmax, before the scale. */
static void soften_back(const Attention *a, const Look *look, real scale)
{
    for (size_t i = 0; i < look->count; i++) {
        const real *o = look->o + (look->from + i) * a->width,
                   *dout = look->dout + (look->from + i) * a->units;
        real *d = a->d + i * look->seen, dot = 0;
        for (size_t j = 0; j < a->each; j++) dot += o[j] * dout[j]; /* sum over the keys of A dA */
        vec_softmax_back(d, d, a->weights + i * look->seen, dot, scale, look->seen);
    }
}

/* dq dk dv of a block, from what its rows give. */
static void block_back(const Attention *a, const Look *look, real scale)
{
    const real *dout = look->dout + look->from * a->units;
    real *q = look->q + look->from * a->width;
    size_t count = look->count, seen = look->seen, each = a->each;
    weigh(a, look);
    attention_multiply(a, (AttentionPart){ a->weights, 1, seen, seen, count, dout, a->units, each, look->v,
                                           a->width, true });
    attention_multiply(
        a, (AttentionPart){ dout, a->units, 1, count, each, a->values, look->n, seen, a->d, seen, false });
    soften_back(a, look, scale);
    attention_multiply(a,
                       (AttentionPart){ a->d, 1, seen, seen, count, q, a->width, each, a->dk, each, true });
    attention_multiply(
        a, (AttentionPart){ a->d, seen, 1, count, seen, look->k, a->width, each, q, a->width, false });
}

void attention_head_back(const Attention *a, size_t row, size_t head)
{
    Look look = look_of(a, row, head);
    size_t size = a->each * sizeof(real);
    real scale = (real)(1 / sqrt((double)a->each));
    turn(a, look.k, look.n, scale, a->keys);
    turn(a, look.v, look.n, 1, a->values);
    memset(a->dk, 0, look.n * size);
    for (size_t t = 0; t < look.n; t++) memset(look.v + t * a->width, 0, size);
    while (next_rows(a, &look)) block_back(a, &look, scale);
    for (size_t t = 0; t < look.n; t++) memcpy(look.k + t * a->width, a->dk + t * a->each, size);
}
