/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the attention layer share: one call, and what one head does with one sample. */
#ifndef FNS_MODEL_LAYERS_ATTENTION_H
#define FNS_MODEL_LAYERS_ATTENTION_H

#include "model/layer.h"

typedef struct Attention {
    const LayerPlan *plan;
    const LayerRun *run;
    size_t steps, features, units, heads, each; /* each: units of a head */
    bool causal;
    size_t width;      /* of a record */
    size_t o, x, dx;   /* places in it, behind q k v */
    real *records;     /* (batch, steps, width) */
    real *dout;        /* backward: (batch, steps, units), of the records' o */
    real *keys;        /* (each, steps) of one sample and head: K^T / sqrt(each) */
    real *values, *dk; /* backward: V^T (each, steps), and (steps, each) */
    real *weights, *d; /* a block of A (BLOCK, steps), and its gradient */
} Attention;

/* Rows of A that are computed at a time. */
size_t attention_block(const Attention *a);
real *attention_record(const Attention *a, size_t row, size_t step);
/* How many steps of a sample exist. */
size_t attention_length(const Attention *a, size_t row);

/* c (m, n) = [c +] a (m, k) b (k, n), with strides as in Gemm. */
typedef struct AttentionPart {
    const real *a;
    size_t a_row, a_col, m, k;
    const real *b;
    size_t ldb, n;
    real *c;
    size_t ldc;
    bool add;
} AttentionPart;

void attention_multiply(const Attention *a, AttentionPart p);

/* o of one sample and head, from q k v. */
void attention_head(const Attention *a, size_t row, size_t head);
/* From dout: dq dk dv take the places of q k v. */
void attention_head_back(const Attention *a, size_t row, size_t head);

#endif
