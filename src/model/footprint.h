/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Footprints: the memory that training a net takes, and what a row costs, before anything is taken. */
#ifndef FNS_MODEL_FOOTPRINT_H
#define FNS_MODEL_FOOTPRINT_H

#include "model/net.h"
#include "model/optim.h"

typedef struct Footprint {
    size_t batch, parameters;
    double one;       /* bytes of the weights and statistics once */
    double weights;   /* the net's, and three copies: as they train, of the best and of the last good epoch */
    double gradients; /* with the transposed weights */
    double moments;   /* three copies; of an optimizer over all rows its vectors */
    double activations; /* values, gradients and caches of a batch, and values of the rows that are scored */
    double total;
} Footprint;

/* n_valid: rows that are scored after an epoch. copies: of the weights that are
 * kept beyond the usual ones. */
Footprint footprint_train(const Plan *plan, const OptimizerKind *optimizer, size_t batch, size_t n_valid,
                          size_t copies);
/* Whether the memory for training is there, on top of the net's own weights. Error no_room: how much is
 * needed, for what, how much there is, what would help. */
bool footprint_fits(const Footprint *footprint, const Plan *plan, Err *err);
/* The same for the weights alone. */
bool footprint_weights_fit(const Plan *plan, Err *err);
/* "weights 1.6 GB, gradients 800 MB, moments 2.4 GB, activations of a batch of 32 5.1 MB" */
void footprint_write(Buf *out, const Footprint *footprint);

#endif
