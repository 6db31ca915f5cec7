/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/advice.h"

#include <math.h>

enum { OVERFIT_EPOCHS = 4, SETTLED_EPOCHS = 3 };
static const double exploding = 1000;                        /* norm of a layer's gradient */
static const double vanishing = 1e-4;                        /* gradient of the first layer by the last's */
static const double dead_limit = 0.5, saturated_limit = 0.5; /* shares of a layer's units */
static const double rising = 1.5;                            /* training loss by its smallest so far */
static const double update_high = 0.05, update_low = 1e-5;   /* update by weight norms */

static bool explodes(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    for (int i = 0; i < panel->n_layers; i++)
        if (panel->layers[i].gradient_norm > exploding || isinf(panel->layers[i].gradient_norm)) {
            buf_printf(out, "gradients explode (%.16s: |g| %.1e): press <, or train with clip=1",
                       panel->layers[i].name, panel->layers[i].gradient_norm);
            return true;
        }
    return false;
}

static bool lr_too_high(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    double smallest = INFINITY;
    if (training->n_rows < SETTLED_EPOCHS) return false;
    for (int i = 0; i < training->n_rows; i++) smallest = fmin(smallest, training->rows[i].train_loss);
    double now = training->rows[training->n_rows - 1].train_loss;
    if (smallest > 0 && now > rising * smallest) {
        buf_printf(out, "train loss rises (%.3g, was %.3g): lr is too high, press <", now, smallest);
        return true;
    }
    for (int i = 0; i < panel->n_layers; i++)
        if (panel->layers[i].update_ratio > update_high) {
            buf_printf(out, "%.16s moves by %.0f%% of its weights a batch: lr is too high, press <",
                       panel->layers[i].name, 100 * panel->layers[i].update_ratio);
            return true;
        }
    return false;
}

static bool units_die(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    for (int i = 0; i < panel->n_layers; i++)
        if (panel->layers[i].dead_share >= dead_limit) {
            buf_printf(out, "%.0f%% of %.16s is dead: scale the inputs, lower lr, or use leaky_relu",
                       100 * panel->layers[i].dead_share, panel->layers[i].name);
            return true;
        }
    return false;
}

static bool saturates(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    for (int i = 0; i + 1 < panel->n_layers; i++)
        if (panel->layers[i].saturated_share >= saturated_limit) {
            buf_printf(out, "%.0f%% of %.16s is saturated: scale the inputs, lower lr, or use relu",
                       100 * panel->layers[i].saturated_share, panel->layers[i].name);
            return true;
        }
    return false;
}

static bool vanishes(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    int last = panel->n_layers - 1;
    if (last < 1 || !(panel->layers[last].gradient_norm > 0)) return false;
    double share = panel->layers[0].gradient_norm / panel->layers[last].gradient_norm;
    if (!(share < vanishing)) return false;
    buf_printf(out, "gradients vanish on the way to %.16s: use relu or fewer layers", panel->layers[0].name);
    return true;
}

static bool overfits(Buf *out, const Training *training)
{
    int best = 0, last = training->n_rows - 1;
    const EpochRow *rows = training->rows;
    for (int i = 1; i <= last; i++)
        if (rows[i].valid_loss < rows[best].valid_loss) best = i;
    if (last - best < OVERFIT_EPOCHS || !isfinite(rows[last].valid_loss)) return false;
    if (!(rows[last].train_loss < rows[best].train_loss)) return false;
    buf_printf(out, "overfitting since epoch %d: train falls, valid does not; x keeps the best",
               rows[best].epoch);
    return true;
}

static bool lr_too_low(Buf *out, const Training *training)
{
    const TrainEvent *panel = &training->panel;
    double largest = 0;
    if (training->n_rows < SETTLED_EPOCHS || !panel->n_layers) return false;
    for (int i = 0; i < panel->n_layers; i++) {
        if (!isfinite(panel->layers[i].update_ratio)) return false;
        largest = fmax(largest, panel->layers[i].update_ratio);
    }
    if (largest >= update_low) return false;
    buf_printf(out, "updates are tiny (%.0e of the weights a batch): lr is too low, press >", largest);
    return true;
}

bool advice_write(Buf *out, const Training *training)
{
    static bool (*const rules[])(Buf *, const Training *) = { explodes,  lr_too_high, units_die, overfits,
                                                              saturates, vanishes,    lr_too_low };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i](out, training)) return true;
    return false;
}
