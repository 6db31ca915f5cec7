/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspace: the activations, gradients and caches of one batch, sized once. Calls name the rows they
 * work on, so that threads can share a batch; nothing is allocated after workspace_new. */
#ifndef FNS_MODEL_WORKSPACE_H
#define FNS_MODEL_WORKSPACE_H

#include "model/net.h"

typedef struct Workspace {
    const Plan *plan; /* not owned */
    size_t batch;     /* rows there is room for */
    size_t bytes;
    real *block;
    real *in;       /* (batch, in): of the first layer */
    real *out;      /* (batch, n_outputs): of the last layer */
    real *dout;     /* (batch, n_outputs): to be set before work_backward */
    LayerRun *runs; /* a layer: pointers to row 0 */
    size_t *in_size, *out_size;
    size_t scratch;    /* reals a row, of the layer that takes most */
    int first_trained; /* first layer whose weights are stepped; n_layers: none */
} Workspace;

/* training false: no room for gradients and caches. */
Workspace *workspace_new(const Plan *plan, size_t batch, bool training, Err *err);
void workspace_free(Workspace *work);
/* Where weights and statistics lie; gradients and transposed (total sizes as weights) NULL outside of
 * training. bare: the last layer leaves out its activation. */
void workspace_bind(Workspace *work, real *params, real *gradients, real *transposed, bool bare,
                    GemmEngine engine);
/* Keys of the layers' random numbers. */
void workspace_seed(Workspace *work, uint64_t seed);

/* Rows from <= i < to of the batch. */
void work_forward(const Workspace *work, size_t from, size_t to, bool training, uint64_t step);
void work_backward(const Workspace *work, size_t from, size_t to, uint64_t step);
/* The part-th share of every layer's gradients, over n rows. */
void work_gradients(const Workspace *work, size_t n, int part, int parts);
/* Refreshes the transposed weights that work_backward uses. */
void work_transpose(const Workspace *work);

#endif
