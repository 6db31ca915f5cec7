/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the cells of `recursive` share: the nodes of a batch of trees in the order in which they are computed,
 * a record of reals for each, and products over many nodes at once.
 *
 * Nodes are ordered by height (leaves are 0, any other node is one above its highest child), within a height
 * by sample, then by step. So the nodes of one height, of all samples or of those that a thread has, stand
 * together, and where a node stands depends on the batch alone. Record places are in reals. */
#ifndef FNS_MODEL_RECURSIVE_H
#define FNS_MODEL_RECURSIVE_H

#include "model/layer.h"
#include "numeric/cell.h"

/* Nodes from <= i < to of a forest. */
typedef struct Nodes {
    uint32_t from, to;
} Nodes;

typedef struct Forest {
    const LayerPlan *plan;
    const LayerRun *run;
    size_t rows, steps, features, units;
    size_t origin;      /* the row that the call's arrays begin with */
    size_t first, some; /* rows of this pass: some of those of the call */
    bool sequences;
    const ActivationKind *activation;
    real alpha;
    int function;    /* a CellFunction: the kernels of cell.h compute this layer; or -1 */
    size_t slots;    /* states of children that a record holds: their sum, or first and others */
    size_t width;    /* reals between records */
    size_t in;       /* place of [states of children (slots, units) | x | 1] */
    real *records;   /* of the first node */
    uint32_t n;      /* nodes */
    uint32_t levels; /* heights */
    uint32_t *level; /* (levels + 1): where each height begins */
    uint32_t *place; /* (rows, steps): the node of a step */
    uint32_t *step;  /* (n): row * steps + step of a node */
    uint32_t *below; /* (n + 1): where in `child` those of a node begin, in the order of their steps */
    uint32_t *child; /* (n) */
} Forest;

/* The settings of the layer. */
enum { RECURSIVE_SEQUENCES, RECURSIVE_ACTIVATION, RECURSIVE_ALPHA, RECURSIVE_FUNCTION, RECURSIVE_CELL };

/* A cell: what it needs in numbers of units, and what it does with the rows of a pass. */
typedef struct TreeCell {
    const char *name;
    size_t slots;
    size_t columns;   /* of weight and bias */
    size_t recurrent; /* columns of the weights of the children's states */
    size_t kept;      /* of a node, besides [states of children | x | 1] */
    size_t kept_any;  /* the same where the kernels of cell.h do not know the activation */
    void (*forward)(const Forest *forest);
    void (*backward)(const Forest *forest);
    void (*gradients)(const Forest *forest, int part, int parts);
} TreeCell;
extern const TreeCell recursive_simple, recursive_lstm, recursive_binary;

/* Reals of the index of a sample of that many steps. */
size_t forest_index_size(size_t steps);
/* Orders the nodes of `rows` samples; memory: (rows * forest_index_size). */
void forest_build(Forest *forest, uint32_t *memory);
/* Reads what forest_build left there. */
void forest_read(Forest *forest, uint32_t *memory);

static inline real *forest_record(const Forest *f, size_t node)
{
    return f->records + node * f->width;
}
static inline const uint32_t *forest_children(const Forest *f, size_t node, size_t *n)
{
    *n = f->below[node + 1] - f->below[node];
    return f->child + f->below[node];
}
/* The nodes of a height that are of the rows of this pass. */
Nodes forest_level(const Forest *f, uint32_t level);

/* Fills x and 1 of all nodes of the pass; `clear` units at `from` of each record become 0. */
void forest_enter(const Forest *f, size_t from, size_t clear);
/* Sums what the children's records hold at `state` into the slots (at `to`) of each node. */
void forest_gather(const Forest *f, Nodes nodes, size_t to, size_t state);
/* Gives the gradient of each slot (at `from`) to the children (at `to`). */
void forest_scatter(const Forest *f, Nodes nodes, size_t from, size_t to);
/* The state at `state` to the output. */
void forest_leave(const Forest *f, size_t state);
/* Back: the gradient of each root's state at `to` begins with 0, or with that of the output where this is the
 * root's state; where every state is shown, the output's is added as the walk comes to a node. */
void forest_begin_back(const Forest *f, size_t to);
void forest_enter_back(const Forest *f, Nodes nodes, size_t to);
/* Units at `place` of the roots become 0. */
void forest_clear_roots(const Forest *f, size_t place);

/* Record place `to`, n values = (or +=) k values from `of` times b (k, ldb), plus bias (NULL: none). */
typedef struct NodeProduct {
    size_t of, k;
    const real *b;
    size_t ldb, n, to;
    const real *bias;
    bool add;
} NodeProduct;
void forest_multiply(const Forest *f, Nodes nodes, NodeProduct product);
/* The same product for all nodes of the pass that are leaves, or that are not. */
void forest_multiply_all(const Forest *f, bool leaves, NodeProduct product);
/* din from n values at `of`, times b (n, features). */
void forest_input_back(const Forest *f, bool leaves, size_t of, size_t n, const real *b);
/* to (n_rows, n) with rows ldc apart: the sum over nodes of places `of` + i times `by` + j. Shares are of
 * these rows behind `skip` others, so that blocks which meet in some rows have the same shares of them. */
typedef struct NodeGradient {
    Nodes nodes;
    size_t skip;
    size_t of, n_rows, by, n;
    real *to;
    size_t ldc;
    bool add;
} NodeGradient;
void forest_gradient(const Forest *f, NodeGradient gradient, int part, int parts);
static inline Nodes forest_leaves(const Forest *f)
{
    return (Nodes){ 0, f->levels ? f->level[1] : 0 };
}
static inline Nodes forest_inner(const Forest *f)
{
    return (Nodes){ f->levels ? f->level[1] : 0, f->n };
}

#endif
