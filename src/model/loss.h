/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses: a value and a gradient over a batch, computed stably from logits where the loss is fused with
 * the last activation. */
#ifndef FNS_MODEL_LOSS_H
#define FNS_MODEL_LOSS_H

#include <stdint.h>

#include "base/option.h"
#include "numeric/real.h"

typedef struct LossBatch {
    size_t n, n_outputs;
    const real *out;        /* (n, n_outputs): logits of a fused loss, predictions otherwise */
    const real *target;     /* (n): value, 0/1 (or a share), or level number from 0 */
    const real *other;      /* (n): mixed targets of several levels: level `other` has the rest of ... */
    const real *share;      /* (n): the share of `target`; NULL: it has all */
    const real *weight;     /* (n), or NULL: all 1 */
    real scale;             /* of the gradient: usually 1 / n */
    real alpha;             /* value of the loss's first option, 0 where it has none */
    const double *settings; /* its options in table order, or the items of a list */
    real smoothing;         /* of targets towards equal shares of all levels, where the loss smooths */
    real *gradient;         /* (n, n_outputs) by `out`, times weight and scale; or NULL */
    const uint32_t *starts; /* of joint losses by date, (n_starts + 1): date g has the rows from starts[g] -
                               starts[0] on; NULL: all rows are of one date */
    size_t n_starts;
    double *mass;     /* a joint loss may set what the batch weighs among others (its dates); or NULL */
    real *prediction; /* (n, n_outputs): set by fused losses, after the activation; others ignore it; may be
                         `out` */
} LossBatch;

typedef struct LossKind {
    Kind kind;
    const char *targets; /* letters of "nbc" it is for (TargetInfo) */
    double low, high;    /* range of a target; both 0: any */
    bool smooths;
    bool shares;       /* of levels: targets may be mixed of two */
    const char *fused; /* the activation that it takes the logits of, and requires; NULL: any, none */
    bool joint;        /* the rows of a batch count together, and n times its loss is its value */
    bool by_date;      /* joint within the rows of a date: needs batch=time */
    /* Sum over rows of weight times loss. */
    double (*value)(const LossBatch *batch);
    /* How many outputs it wants, and which of them is the forecast; NULL: as the target says. */
    int (*outputs)(const double *settings, int n);
    int (*point)(const double *settings, int n);
    /* Of several outputs for one number: what the j-th is called ("q05"); what is shown of it (NULL: itself);
     * the share of targets that is expected at or below it (NULL, NaN: none is). */
    const char *(*output_name)(const double *settings, int j, char out[32]);
    double (*output_value)(int j, double output);
    double (*output_share)(const double *settings, int j);
} LossKind;

#define LOSS_SETTINGS 16
/* Numbers of its options: those of a list option are its items. Returns how many; -1: more than
 * LOSS_SETTINGS. */
int loss_settings(const LossKind *loss, const Options *options, double *settings);

extern const KindList loss_kinds; /* src/model/losses.def */

const LossKind *loss_find(const char *name);

/* What a value is divided by for the loss of n rows with these weights (NULL: all 1). */
double loss_divisor(const LossKind *loss, const real *weight, size_t n);

typedef struct LayerPlan LayerPlan;
/* A target as losses see it. */
typedef struct LossTarget {
    const char *name;
    char kind; /* as TargetInfo */
    int n_levels;
} LossTarget;
/* The loss that goes with a target kind and the activation of the last layer; NULL: `no_loss`. */
const LossKind *loss_default(const LayerPlan *last, LossTarget target, Err *err);
/* Whether a loss goes with both; error `no_loss` says what is needed. */
bool loss_fits(const LossKind *loss, const LayerPlan *last, LossTarget target, Err *err);
/* What a row's target is for output j: one-hot where there are several outputs. */
static inline real loss_target(const LossBatch *batch, size_t row, size_t j)
{
    if (batch->n_outputs == 1) return batch->target[row];
    real own = batch->share ? batch->share[row] : 1, target = batch->target[row] == (real)j ? own : 0;
    return own < 1 && batch->other[row] == (real)j ? target + (1 - own) : target;
}

#endif
