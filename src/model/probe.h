/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probes of a net that leave it, its data's order and its random numbers as they were: gradients against
 * differences, and which learning rates train. */
#ifndef FNS_MODEL_PROBE_H
#define FNS_MODEL_PROBE_H

#include "model/train.h"

/* ---- gradients of one batch against central differences, in the float of training */

typedef struct GradTensor {
    const char *layer, *tensor; /* of the net */
    Shape shape;
    size_t checked, kinks; /* weights looked at; of these left out: their step crosses a kink */
    double largest;        /* gradient by the net, in size, among those */
    double worst; /* |by differences - by the net|, divided by the larger of both or a tenth of `largest` */
    bool frozen;
} GradTensor;

typedef struct GradCheck {
    GradTensor *tensors; /* from mem_get */
    int n;
    size_t rows;
    double worst;
} GradCheck;

#define GRADCHECK_TOLERANCE 1e-2

/* At most `most` weights of each tensor, spread over it; frame NULL: random rows. False with an error; free check->tensors. */
bool net_gradcheck(const Net *net, const Frame *frame, const TrainConfig *config, size_t most,
                   GradCheck *check, Notes *notes, Progress *progress, Err *err);

/* ---- the learning rate, raised at each step */

typedef struct RateFind {
    double *lr, *loss,
        *smooth; /* (n): from mem_get as one block that lr begins; smooth: without the jitter */
    int n;
    double suggestion; /* where the smooth loss falls fastest; NaN: it never fell */
} RateFind;

/* Trains a copy for `steps` batches with rates from `from` to `to`, each a constant factor larger; ends where
 * the loss is four times its least or not finite. Smith 2017, WACV. */
bool net_lrfind(const Net *net, const Frame *frame, const TrainConfig *config, double from, double to,
                int steps, RateFind *find, Notes *notes, Progress *progress, Err *err);

#endif
