/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspace: the activations, gradients and caches of one batch, sized once. Calls name the rows they
 * work on, so that threads can share a batch; nothing is allocated after workspace_new. */
#ifndef FNS_MODEL_WORKSPACE_H
#define FNS_MODEL_WORKSPACE_H

#include "model/net.h"

/* Which way the gradient goes through a layer. */
typedef struct Way {
    bool active; /* it reaches this layer, or what this layer reads */
    bool adds;   /* of one source: din is a buffer, added to dins[0] afterwards */
    bool *add;
    const real **ins;
    real **dins;
} Way;

typedef struct Workspace {
    const Plan *plan; /* not owned */
    size_t batch;     /* rows there is room for */
    size_t bytes;
    Arena *arena;
    real *block;
    real *in;       /* (batch, in): of the first layer */
    real *out;      /* (batch, n_outputs): of the last layer */
    real *dout;     /* (batch, n_outputs): to be set before work_backward */
    LayerRun *runs; /* a layer: pointers to row 0 */
    size_t *in_size, *out_size;
    size_t together; /* rows that pass all layers of a stage before the next ones do */
    size_t scratch;  /* reals a row, of the layer that takes most */
    Way *ways;       /* a layer */
    int *stages;     /* the layers that stages begin with; then n_layers */
    int n_stages;
    /* (n_masks, batch), the first of the samples' rows; (batch, steps): as in LayerRun. NULL: samples are
     * full, no trees. */
    uint32_t *lengths, *up;
    real **second;  /* a layer: gradients of the second half of the batch (n_weights); NULL: not by halves */
    bool by_halves; /* of any layer */
    bool alone;     /* one thread has all rows: calls need no copy; false at first */
    bool learns;    /* running statistics follow the batches; true at first */
    bool inward;    /* the gradient goes on into what the net reads: din (batch, in) */
    real *din;
} Workspace;

static inline bool layer_is_trained(const LayerPlan *layer)
{
    return layer->n_weights > 0 && !layer->def->frozen;
}

/* training false: no room for gradients and caches. */
Workspace *workspace_new(const Plan *plan, size_t batch, bool training, Err *err);
/* As for training, but the gradient goes on to the inputs. */
Workspace *workspace_new_inward(const Plan *plan, size_t batch, Err *err);
/* What workspace_new takes; nothing is taken. */
size_t workspace_bytes(const Plan *plan, size_t batch, bool training);
void workspace_free(Workspace *work);
/* Room for lengths, and for up of `steps` steps (0: none). */
bool workspace_ragged(Workspace *work, bool lengths, size_t steps, Err *err);
/* How many rows the sample in row `at` has; nothing where all are full. */
void workspace_length(Workspace *work, size_t at, size_t length);
/* Where weights and statistics lie; gradients and transposed (total sizes as weights) NULL outside of
 * training. bare: the last layer leaves out its activation. */
void workspace_bind(Workspace *work, real *params, real *gradients, real *transposed, bool bare,
                    GemmEngine engine);
/* Keys of the layers' random numbers. */
void workspace_seed(Workspace *work, uint64_t seed);

/* Rows from <= i < to of the batch; while training, these rows count as the whole batch. */
void work_forward(const Workspace *work, size_t from, size_t to, bool training, uint64_t step);
void work_backward(const Workspace *work, size_t from, size_t to, uint64_t step);
/* The same for threads that share a batch of n rows while training: stages 0 .. work_stages - 1, each by
 * rows, and before each but the first (on the way back: after it) the part-th share of what it needs to know
 * of all rows, when everyone is done with what came before. */
int work_stages(const Workspace *work);
void work_forward_stage(const Workspace *work, int stage, size_t from, size_t to, uint64_t step);
void work_sums(const Workspace *work, int stage, size_t n, int part, int parts);
void work_backward_stage(const Workspace *work, int stage, size_t from, size_t to, uint64_t step);
void work_back_sums(const Workspace *work, int stage, size_t n, int part, int parts);
/* The part-th share of every layer's gradients, over n rows; they are complete when all shares of both are
 * done, one after the other. Some layers are summed by halves of the batch, whoever does them: a thread has
 * half of what such a layer wrote in its own cache. */
void work_gradients(const Workspace *work, size_t n, int part, int parts);
void work_join(const Workspace *work, size_t n, int part, int parts);
/* Refreshes the part-th share of the transposed weights that work_backward uses. */
void work_transpose(const Workspace *work, int part, int parts);

#endif
