/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lstm: with [i f g o] = h' U + x W + b of each step, i = s(i), f = s(f), g = a(g), o = s(o):
 * c = f c' + i g, h = o a(c), from c' and h' of the step before (0 at first).
 * Hochreiter and Schmidhuber 1997; forget gate: Gers, Schmidhuber and Cummins 2000; its bias starts at 1:
 * Jozefowicz, Zaremba and Sutskever 2015. Back: dc += dh o a'(c), then di = dc g, df = dc c', dg = dc i,
 * do = dh a(c), dc' = dc f. With weights 0, b = 0, c' = 2 and a = tanh: h = 0.38079708. */
#include "model/recurrent.h"

#include <string.h>

#include "model/init.h"

/* Places in a record, in units: the gates i f g o, then c and a(c); where the kernels of cell.h do not know
 * the activations, also their inputs. */
enum { GATES, STATE = 4, SHOWN, KEPT, INPUTS = KEPT, KEPT_ANY = KEPT + 4 };
/* Planes of the scratch: dh, dc; then, for one row, the gates' gradients and one of a(c). */
enum { BACK = 2, BACK_ANY = BACK + 5 };

static bool known(const LayerPlan *plan)
{
    return plan->settings[RECURRENT_CELL] != CELL_NONE;
}

static bool shape(LayerPlan *plan, Err *err)
{
    recurrent_settings(plan);
    RecurrentNeeds needs = { .gates = 4,
                             .kept = known(plan) ? KEPT : KEPT_ANY,
                             .scratch = known(plan) ? BACK : BACK_ANY };
    return recurrent_shape(plan, needs, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    size_t units = plan->tensors[0].shape.dims[0];
    real *bias = weights + plan->tensors[2].offset;
    (void)stats;
    recurrent_init(plan, weights, seed);
    for (size_t j = units; j < 2 * units; j++) bias[j] = 1;
}

static Sequence begin(const LayerPlan *plan, const LayerRun *run)
{
    return sequence_of(plan, run, known(plan) ? KEPT : KEPT_ANY);
}

static Cell cell_at(const Sequence *q, size_t s)
{
    Cell cell = sequence_cell(q, s);
    size_t units = q->units;
    cell.c = cell.gates + STATE * units;
    cell.fc = cell.gates + SHOWN * units;
    cell.c_before = s == 0 ? cell.h_before : sequence_record(q, s - 1) + STATE * units; /* 0 at first */
    cell.dc = cell.dh + q->rows * units;
    return cell;
}

/* ---- any activations: a row at a time, through their kinds */

static void any_row(const Sequence *q, real *record, const real *c_before, real *h)
{
    size_t units = q->units;
    real *z = record, *c = record + STATE * units, *shown = record + SHOWN * units;
    memcpy(record + INPUTS * units, z, 4 * units * sizeof(real));
    q->gate->forward(z, z, 2, units, q->gate_alpha);
    q->activation->forward(z + 2 * units, z + 2 * units, 1, units, q->alpha);
    q->gate->forward(z + 3 * units, z + 3 * units, 1, units, q->gate_alpha);
    for (size_t j = 0; j < units; j++) c[j] = z[units + j] * c_before[j] + z[j] * z[2 * units + j];
    q->activation->forward(shown, c, 1, units, q->alpha);
    for (size_t j = 0; j < units; j++) h[j] = z[3 * units + j] * shown[j];
}

static void any_forward(const Sequence *q, const Cell *cell)
{
    size_t units = q->units, size = units * sizeof(real);
    for (size_t row = 0; row < q->rows; row++) {
        size_t at = row * cell->row;
        real *h = cell->h + row * cell->h_row;
        if (cell_lives(cell, row)) {
            any_row(q, cell->gates + at, cell->c_before + at, h);
            continue;
        }
        memmove(cell->c + at, cell->c_before + at, size);
        memmove(h, cell->h_before + at, size);
    }
}

static void any_row_back(const Sequence *q, real *record, const real *c_before, real *dh, real *dc, real *d)
{
    size_t units = q->units;
    const real *z = record, *c = record + STATE * units, *shown = record + SHOWN * units;
    const real *inputs = record + INPUTS * units, *in = z, *forget = in + units, *candidate = forget + units,
               *out = candidate + units;
    real *by_shown = d + 4 * units;
    for (size_t j = 0; j < units; j++) by_shown[j] = dh[j] * out[j];
    q->activation->backward(by_shown, by_shown, shown, c, 1, units, q->alpha);
    for (size_t j = 0; j < units; j++) {
        real by_c = dc[j] + by_shown[j];
        d[j] = by_c * candidate[j];
        d[units + j] = by_c * c_before[j];
        d[2 * units + j] = by_c * in[j];
        d[3 * units + j] = dh[j] * shown[j];
        dc[j] = by_c * forget[j];
        dh[j] = 0;
    }
    q->gate->backward(d, d, in, inputs, 2, units, q->gate_alpha);
    q->activation->backward(d + 2 * units, d + 2 * units, candidate, inputs + 2 * units, 1, units, q->alpha);
    q->gate->backward(d + 3 * units, d + 3 * units, out, inputs + 3 * units, 1, units, q->gate_alpha);
    memcpy(record, d, 4 * units * sizeof(real));
}

static void any_backward(const Sequence *q, const Cell *cell)
{
    size_t units = q->units;
    real *d = cell->dc + q->rows * units;
    for (size_t row = 0; row < q->rows; row++) {
        size_t at = row * cell->row;
        if (cell_lives(cell, row))
            any_row_back(q, cell->gates + at, cell->c_before + at, cell->dh + row * units,
                         cell->dc + row * units, d);
        else
            memset(cell->gates + at, 0, 4 * units * sizeof(real));
    }
}

/* ---- the layer */

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = begin(plan, run);
    SequenceProduct product = {
        .what = FROM_BOTH, .h = q.input, .n = 4 * q.units, .to = GATES, .bias = sequence_bias(&q)
    };
    for (size_t s = 0; s < q.steps; s++) {
        Cell cell = cell_at(&q, s);
        sequence_enter(&q, s);
        sequence_multiply(&q, s, product);
        if (known(plan))
            cell_lstm(&cell);
        else
            any_forward(&q, &cell);
        sequence_leave(&q, s);
    }
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = begin(plan, run);
    memset(run->scratch + q.rows * q.units, 0, q.rows * q.units * sizeof(real));
    for (size_t s = q.steps; s-- > 0;) {
        Cell cell = cell_at(&q, s);
        sequence_enter_back(&q, s);
        if (known(plan))
            cell_lstm_back(&cell);
        else
            any_backward(&q, &cell);
        if (!sequence_begins(&q, s)) sequence_multiply_back(&q, s, GATES, 0, 4 * q.units, cell.dh, true);
        sequence_cut(&q, s, 2);
    }
    sequence_input_back(plan, &q, GATES, 0, 4 * q.units, false, true);
}

static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Sequence q = begin(plan, run);
    SequenceGradient all = { .n_rows = q.units + q.features + 1, .of = q.input, .n = q.columns, .by = GATES };
    sequence_gradients(&q, &all, 1, part, parts);
}

static const OptionSpec options[] = {
    RECURRENT_UNITS,
    RECURRENT_KIND("activation", "tanh", "a: of the candidate g and of the state that is shown"),
    RECURRENT_KIND("recurrent", "sigmoid", "s: of the gates i, f and o"),
    RECURRENT_REST,
};

const LayerKind layer_lstm = {
    .kind = { .name = "lstm",
              .help = "long short-term memory: a recurrent layer whose gates keep, write and show its state",
              .more = "i = s(x Wi + h' Ui + bi)   f = s(x Wf + h' Uf + bf)   o = s(x Wo + h' Uo + bo)\n"
                      "g = a(x Wg + h' Ug + bg)   c = f c' + i g             h = o a(c)\n"
                      "for each step of (steps, features); h' and c' are of the step before, 0 at first.\n"
                      "Columns of the weights: i f g o. The bias of f starts at 1, the others at 0.\n"
                      "Steps beyond the length of a sample leave the state as it is.\n"
                      "Hochreiter and Schmidhuber 1997, Neural Computation 9(8); Gers, Schmidhuber and "
                      "Cummins 2000, Neural Computation 12(10) for f." RECURRENT_TRUNCATE_MORE,
              KIND_OPTIONS(options),
              .example = "net turn\n  input 10 5\n  lstm 64 sequences=on\n  lstm 32 activation=relu\n"
                         "  dense 1 sigmoid\nend\nsummary turn",
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
