/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rnn: h = a(h' U + x W + b) at each step, from h' of the step before (0 at first); Elman 1990.
 * Back: dz = dh a'(z), dh' = dz U^T, dU = sum over the steps of h'^T dz, dW of x^T dz, db of dz.
 * With U = 1, W = 1, b = 0, a = linear and x = 1, 2, 3: h = 1, 3, 6. */
#include "model/recurrent.h"

#include <string.h>

#include "model/init.h"

/* Places in a record, in units: h (then dz), and z. */
enum { VALUE, PRODUCT, KEPT };

static bool shape(LayerPlan *plan, Err *err)
{
    recurrent_settings(plan);
    return recurrent_shape(plan, (RecurrentNeeds){ .gates = 1, .kept = KEPT, .scratch = 1 }, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    (void)stats;
    recurrent_init(plan, weights, seed);
}

static void activate(const Sequence *q, const Cell *cell)
{
    size_t units = q->units, size = units * sizeof(real);
    for (size_t row = 0; row < q->rows; row++) {
        real *value = cell->gates + row * cell->row, *h = cell->h + row * cell->h_row;
        const real *before = cell->h_before + row * cell->row;
        if (cell_lives(cell, row)) {
            q->activation->forward(value, value + PRODUCT * units, 1, units, q->alpha);
            memcpy(h, value, size);
        } else if (h != before)
            memcpy(h, before, size);
    }
}

static void activate_back(const Sequence *q, const Cell *cell)
{
    size_t units = q->units, size = units * sizeof(real);
    for (size_t row = 0; row < q->rows; row++) {
        real *value = cell->gates + row * cell->row, *dh = cell->dh + row * units;
        if (!cell_lives(cell, row)) {
            memset(value, 0, size);
            continue;
        }
        q->activation->backward(dh, dh, value, value + PRODUCT * units, 1, units, q->alpha);
        memcpy(value, dh, size);
        memset(dh, 0, size);
    }
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = sequence_of(plan, run, KEPT);
    SequenceProduct product = {
        .what = FROM_BOTH, .h = q.input, .n = q.units, .to = PRODUCT * q.units, .bias = sequence_bias(&q)
    };
    for (size_t s = 0; s < q.steps; s++) {
        Cell cell = sequence_cell(&q, s);
        sequence_enter(&q, s);
        sequence_multiply(&q, s, product);
        activate(&q, &cell);
        sequence_leave(&q, s);
    }
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = sequence_of(plan, run, KEPT);
    for (size_t s = q.steps; s-- > 0;) {
        Cell cell = sequence_cell(&q, s);
        sequence_enter_back(&q, s);
        activate_back(&q, &cell);
        if (!sequence_begins(&q, s)) sequence_multiply_back(&q, s, VALUE, 0, q.units, cell.dh, true);
        sequence_cut(&q, s, 1);
    }
    sequence_input_back(plan, &q, VALUE, 0, q.units, false, true);
}

static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Sequence q = sequence_of(plan, run, KEPT);
    SequenceGradient all = { .n_rows = q.units + q.features + 1, .of = q.input, .n = q.columns, .by = VALUE };
    sequence_gradients(&q, &all, 1, part, parts);
}

static const OptionSpec options[] = {
    RECURRENT_UNITS,
    RECURRENT_KIND("activation", "tanh", "a: what is applied to h' U + x W + b"),
    RECURRENT_REST,
};

const LayerKind layer_rnn = {
    .kind = { .name = "rnn",
              .help = "simple recurrent layer: the state is an activation of the state before and the input",
              .more =
                  "h = a(h' U + x W + b) for each step of (steps, features); h' is of the step before, 0 at "
                  "first. Gradients fade or grow over many steps: lstm and gru keep them.\n"
                  "Steps beyond the length of a sample leave the state as it is.\n"
                  "Elman 1990, Cognitive Science 14(2)." RECURRENT_TRUNCATE_MORE,
              KIND_OPTIONS(options),
              .example = "net turn\n  input 10 5\n  rnn 32\n  dense 1 sigmoid\nend\nsummary turn",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .transpose = recurrent_transpose,
    .by_halves = true,
    .recurs = true,
    .fuses_relu_back = true,
};
