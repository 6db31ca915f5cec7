/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers: a kind is a const struct plus offsets into blocks that others own; no pointer into a block is
 * ever stored. All tensors are row-major; channels last. */
#ifndef FNS_MODEL_LAYER_H
#define FNS_MODEL_LAYER_H

#include <stdatomic.h>

#include "base/notes.h"
#include "base/option.h"
#include "model/activation.h"
#include "numeric/gemm.h"
#include "numeric/real.h"
#include "numeric/rng.h"

#define SHAPE_DIMS     4
#define LAYER_TENSORS  8
#define LAYER_SETTINGS 12

/* Of one sample, without the batch. */
typedef struct Shape {
    int n_dims;
    size_t dims[SHAPE_DIMS];
} Shape;
size_t shape_size(Shape shape);                    /* 0 where the product does not fit */
const char *shape_text(Shape shape, char out[96]); /* "16", "(20, 5)" */
bool shape_equal(Shape a, Shape b);

typedef struct LayerKind LayerKind;
typedef struct NetDef NetDef;
typedef struct Prep Prep;

typedef struct LayerDef {
    const LayerKind *kind;
    const char *name; /* "dense1", or as given by `as` */
    const Options *options;
    Span span;
    bool frozen;
    bool mirror; /* the reversed copy, made by `bidirectional`, of the layer before it */
} LayerDef;

typedef struct TensorSpec {
    const char *name; /* "weight", "bias" */
    Shape shape;
    size_t offset;  /* from the layer's first weight (or statistic) */
    bool statistic; /* not stepped */
    bool decays;    /* l2 and weight decay apply (weights, not biases) */
} TensorSpec;

/* What a kind's `shape` function decides, for one layer of one net. */
typedef struct LayerPlan {
    const LayerDef *def;
    const char *net, *from;   /* for messages: the net, and the layer (or "the input") before this one */
    const char *const *froms; /* of all sources */
    Shape in, out;
    const int *sources; /* layers that it reads, in order; -1: the net's input */
    const Shape *ins;   /* what each of them gives; in is the first */
    int n_sources, n_readers;
    const int *levels; /* of each input column that holds codes of a category (0: numbers); NULL: none does */
    const void *detail; /* of a join: what it needs to know (joins.h) */
    TensorSpec tensors[LAYER_TENSORS];
    int n_tensors;
    size_t weights, n_weights; /* offset in Params and length */
    size_t stats, n_stats;
    /* Which steps of in and out exist: rows of Plan.masks; -1: the first dimension is none of steps. */
    int mask_in, mask_out;
    double cost;                      /* multiplications with an addition, a sample, forward */
    size_t cache_per_row;             /* reals kept from forward to backward, a sample */
    size_t scratch_per_row;           /* reals used inside one call, a sample */
    size_t n_fixed;                   /* reals kept from `sums` to backward, whatever the batch */
    size_t n_transposed;              /* length of the transposed copy of weights that backward wants */
    const ActivationKind *activation; /* that the layer's output ends in; NULL: the layer has none */
    real alpha;                       /* the activation's option */
    double l2;                        /* penalty on tensors that decay */
    bool gives_relu_back;             /* its din arrives multiplied with relu' of the layer before ... */
    bool gets_relu_back;              /* ... whose backward so finds dout ready */
    bool sparse_dout;                 /* its dout is mostly 0: the next layer thins it */
    bool open_padding;                /* nobody reads the padding of its out and dout: it is not cleared */
    double settings[LAYER_SETTINGS];  /* numbers a kind reads from its options once */
} LayerPlan;

/* One call over a batch, or over the rows of it that one thread has. Base pointers only. */
typedef struct LayerRun {
    size_t batch;
    size_t first_row; /* of these rows within the batch */
    bool training;
    bool still; /* while training: without noise and statistics of the batch, as when scoring */
    bool bare; /* without the final activation: the loss takes logits */
    GemmEngine engine;
    uint64_t step;       /* counts training batches over all epochs: counter of dropout masks */
    RngKey key;          /* of the layer's random numbers while training */
    const real *in;      /* (batch, in) */
    real *out;           /* (batch, out) */
    real *dout;          /* (batch, out): backward may overwrite it, and gradients sees what it left */
    real *din;           /* backward: (batch, in), or NULL where nobody needs it */
    const real *weights; /* of this layer */
    real *gradients;     /* of this layer: set, not added to */
    real *stats;
    real *cache, *scratch;
    /* Where the first dimension of in are steps: of the rows of this call, how many of them exist (the rest
     * is padding, 0); NULL: all. What a layer writes in the padding of out is cleared behind it, and dout is
     * 0 there. And of trees, (rows, steps): how many steps on the parent stands, 0 at the root, which is the
     * last; children come before their parents. NULL: no trees. */
    const uint32_t *lengths, *up;
    const real *transposed; /* of this layer's weights */
    real *fixed;            /* (n_fixed) */
    /* Of a layer with several sources: row 0 of the batch of each, whatever first_row. */
    const real *const *ins;
    real *const *dins; /* backward: NULL where nobody needs it */
    const bool *adds;  /* backward: another layer has set dins[k], which is added to */
} LayerRun;

struct LayerKind {
    Kind kind;
    /* Sets out, tensors, activation, sizes and settings from def and in. Error: `shapes`. */
    bool (*shape)(LayerPlan *plan, Err *err);
    void (*init)(const LayerPlan *plan, real *weights, real *stats, uint64_t seed); /* NULL: no weights */
    /* Of n existing steps of in, how many of out exist. NULL: as many, where the first dimension stays. */
    size_t (*steps)(const LayerPlan *plan, size_t n);
    /* By rows: each output row depends on its input row alone. */
    void (*forward)(const LayerPlan *plan, const LayerRun *run);
    /* By rows: din from dout. */
    void (*backward)(const LayerPlan *plan, const LayerRun *run);
    /* Over the whole batch, after backward: the part-th of `parts` shares of the layer's gradients. */
    void (*gradients)(const LayerPlan *plan, const LayerRun *run, int part, int parts);
    /* While training, over the whole batch, as `gradients` in shares: what forward (or backward) needs to
     * know of all rows. NULL: nothing. back_sums may write the layer's gradients, and is not called while
     * frozen. */
    void (*sums)(const LayerPlan *plan, const LayerRun *run, int part, int parts);
    void (*back_sums)(const LayerPlan *plan, const LayerRun *run, int part, int parts);
    /* Refreshes the part-th of `parts` shares of the transposed copy. NULL: the kind wants none. */
    void (*transpose)(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts);
    bool by_halves;       /* few weights and many values: gradients are summed over each half of the batch */
    bool fuses_relu_back; /* backward can honour plan->gives_relu_back */
    bool thins;           /* backward sets one value of din for each of dout, and 0 elsewhere */
    bool packs;           /* reads and writes existing steps alone, whatever stands in the padding */
    bool trees;  /* over trees: takes all rows of a call at once, has its cache without training too */
    bool recurs; /* over steps: may be in bidirectional; backward always reads `transposed` */
    bool needs_transposed; /* backward reads `transposed` even where nobody needs din */
};

extern const KindList layer_kinds; /* src/model/layers.def */

/* The layers of a prepared net, and the joins where its branches meet, in the order in which they run, with
 * the totals. */
typedef struct Plan {
    atomic_int refs;
    Arena *arena;
    const NetDef *def; /* a reference: the layers' definitions lie there */
    Shape in;
    LayerPlan *layers;
    int n_layers;
    size_t n_weights, n_stats;
    size_t widest; /* largest out (or in) of any layer, reals a row */
    /* masks[k][n]: of a sample with n rows, how many steps exist behind some layers; masks[0][n] = n. */
    uint32_t **masks;
    int n_masks;
} Plan;

/* Shapes of every layer. prep says which columns the inputs of branches take, and which hold codes; NULL with
 * explicit sizes. Errors: `shapes`, naming both layers; `too_big`; columns that are not there. */
Plan *plan_new(const NetDef *def, Shape in, const Prep *prep, Err *err);
Plan *plan_ref(const Plan *plan);
void plan_unref(const Plan *plan);
static inline const LayerPlan *plan_last(const Plan *plan)
{
    return &plan->layers[plan->n_layers - 1];
}
/* Whether any layer keeps a transposed copy of its weights. */
bool plan_transposes(const Plan *plan);
/* Adds a tensor of weights (or statistics) and returns true; false with `too_big`. For `shape` functions. */
bool plan_tensor(LayerPlan *plan, const char *name, Shape shape, bool statistic, bool decays, Err *err);
/* Raises `shapes`: `from` gives its shape, but this layer needs `needs`. Returns false. */
bool plan_mismatch(const LayerPlan *plan, const char *needs, Err *err);
/* Appends a layer that reads `sources` (-1: the net's input); its place, or PLAN_FAILED with an error.
 * levels: of what comes in, or NULL. */
#define PLAN_FAILED (-2)
int plan_add(Plan *plan, const LayerDef *def, const int *sources, int n, const int *levels,
             const void *detail, Err *err);
/* Adds every layer and join of the definition (graph.c). */
bool plan_graph(Plan *plan, const Prep *prep, Err *err);
/* The layer's activation option into plan->activation and plan->alpha. */
void plan_activation(LayerPlan *plan, const char *option);

#endif
