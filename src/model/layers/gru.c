/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gru: z = s(h' Uz + x Wz + bz), r = s(h' Ur + x Wr + br), h = z h' + (1 - z) n, from h' of the step before
 * (0 at first); reset=after: n = a(x Wn + bn + r (h' Un + d)), where d is a bias of its own;
 * reset=before: n = a(x Wn + bn + (r h') Un). Cho et al. 2014 (EMNLP); reset=after as in its first version.
 * Back: dn = dh (1 - z) a', dz = dh (h' - n) z (1 - z), and through r to h'. With all weights 0 and h' = 1:
 * h = 0.5. */
#include "model/recurrent.h"

#include <string.h>

#include "model/init.h"

/* Places in a record, in units: n z r, then m, that is h' Un + d (after) or r h' (before); where the kernels
 * of cell.h do not know the activations, also the inputs of n z r. */
enum { CANDIDATE, UPDATE, RESET, PRODUCT, KEPT, INPUTS = KEPT, KEPT_ANY = KEPT + 3 };
/* Planes of the scratch: dh, dm; then, for one row, gradients of z and r. */
enum { BACK = 2, BACK_ANY = BACK + 2 };

static bool known(const LayerPlan *plan)
{
    return plan->settings[RECURRENT_CELL] != CELL_NONE;
}

static bool reset_before(const LayerPlan *plan)
{
    return plan->settings[RECURRENT_RESET_BEFORE] != 0;
}

static bool shape(LayerPlan *plan, Err *err)
{
    recurrent_settings(plan);
    RecurrentNeeds needs = { .gates = 3,
                             .kept = known(plan) ? KEPT : KEPT_ANY,
                             .scratch = known(plan) ? BACK : BACK_ANY };
    plan->settings[RECURRENT_RESET_BEFORE] = option_text(plan->def->options, "reset")[0] == 'b';
    if (!recurrent_shape(plan, needs, err)) return false;
    Shape units = { 1, { plan->tensors[0].shape.dims[0] } };
    return reset_before(plan) || plan_tensor(plan, "recurrent_bias", units, false, false, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    (void)stats;
    recurrent_init(plan, weights, seed);
}

static Sequence begin(const LayerPlan *plan, const LayerRun *run)
{
    return sequence_of(plan, run, known(plan) ? KEPT : KEPT_ANY);
}

static Cell cell_at(const Sequence *q, size_t s)
{
    Cell cell = sequence_cell(q, s);
    cell.dm = cell.dh + q->rows * q->units;
    return cell;
}

/* ---- any activations: a row at a time, through their kinds */

typedef struct Row {
    size_t units;
    real *n, *z, *r, *m, *inputs;
    const real *h_before;
    real *h, *dh, *d; /* d: gradients of z and r */
    const real *dm;
} Row;

static Row row_of(const Sequence *q, const Cell *cell, size_t row)
{
    size_t units = q->units;
    real *record = cell->gates + row * cell->row;
    return (Row){ .units = units,
                  .n = record + CANDIDATE * units,
                  .z = record + UPDATE * units,
                  .r = record + RESET * units,
                  .m = record + PRODUCT * units,
                  .inputs = record + INPUTS * units,
                  .h_before = cell->h_before + row * cell->row,
                  .h = cell->h + row * cell->h_row,
                  .dh = cell->dh + row * units,
                  .dm = cell->dm + row * units,
                  .d = cell->dh + 2 * q->rows * units };
}

static void any_gates(const Sequence *q, const Cell *cell, bool before)
{
    for (size_t i = 0; i < q->rows; i++) {
        Row row = row_of(q, cell, i);
        memcpy(row.inputs + UPDATE * row.units, row.z, 2 * row.units * sizeof(real));
        q->gate->forward(row.z, row.z, 2, row.units, q->gate_alpha);
        for (size_t j = 0; j < row.units; j++)
            if (before)
                row.m[j] = row.r[j] * row.h_before[j];
            else
                row.n[j] += row.r[j] * row.m[j];
    }
}

static void any_finish(const Sequence *q, const Cell *cell)
{
    for (size_t i = 0; i < q->rows; i++) {
        Row row = row_of(q, cell, i);
        if (!cell_lives(cell, i)) {
            memmove(row.h, row.h_before, row.units * sizeof(real));
            continue;
        }
        memcpy(row.inputs, row.n, row.units * sizeof(real));
        q->activation->forward(row.n, row.n, 1, row.units, q->alpha);
        for (size_t j = 0; j < row.units; j++) row.h[j] = row.n[j] + row.z[j] * (row.h_before[j] - row.n[j]);
    }
}

/* n, z, and what of dh reaches h' through z. */
static void any_finish_back(const Sequence *q, const Cell *cell)
{
    for (size_t i = 0; i < q->rows; i++) {
        Row row = row_of(q, cell, i);
        if (!cell_lives(cell, i)) {
            memset(row.n, 0, 2 * row.units * sizeof(real));
            continue;
        }
        real *dn = row.d, *dz = row.d + row.units;
        for (size_t j = 0; j < row.units; j++) {
            dn[j] = row.dh[j] * (1 - row.z[j]);
            dz[j] = row.dh[j] * (row.h_before[j] - row.n[j]);
            row.dh[j] *= row.z[j];
        }
        q->activation->backward(dn, dn, row.n, row.inputs, 1, row.units, q->alpha);
        q->gate->backward(dz, dz, row.z, row.inputs + row.units, 1, row.units, q->gate_alpha);
        memcpy(row.n, dn, 2 * row.units * sizeof(real));
    }
}

/* r, from dm (before) or dn (after). */
static void any_reset_back(const Sequence *q, const Cell *cell, bool before)
{
    for (size_t i = 0; i < q->rows; i++) {
        Row row = row_of(q, cell, i);
        if (!cell_lives(cell, i)) {
            memset(row.r, 0, 2 * row.units * sizeof(real));
            continue;
        }
        for (size_t j = 0; j < row.units; j++) {
            row.d[j] = before ? row.dm[j] * row.h_before[j] : row.n[j] * row.m[j];
            if (before)
                row.dh[j] += row.dm[j] * row.r[j];
            else
                row.m[j] = row.n[j] * row.r[j];
        }
        q->gate->backward(row.d, row.d, row.r, row.inputs + RESET * row.units, 1, row.units, q->gate_alpha);
        memcpy(row.r, row.d, row.units * sizeof(real));
    }
}

/* ---- reset after the product */

static void forward_after(const LayerPlan *plan, const Sequence *q, size_t s)
{
    size_t units = q->units;
    const real *bias = sequence_bias(q);
    Cell cell = cell_at(q, s);
    sequence_multiply(q, s,
                      (SequenceProduct){ FROM_BOTH, q->input, 0, 2 * units, UPDATE * units, bias, false });
    sequence_multiply(q, s,
                      (SequenceProduct){ FROM_X, 0, 2 * units, units, CANDIDATE, bias + 2 * units, false });
    sequence_multiply(
        q, s,
        (SequenceProduct){ FROM_H, q->input, 2 * units, units, PRODUCT * units, bias + 3 * units, false });
    if (known(plan)) {
        cell_gru(&cell);
        return;
    }
    any_gates(q, &cell, false);
    any_finish(q, &cell);
}

static void backward_after(const LayerPlan *plan, const Sequence *q, size_t s)
{
    Cell cell = cell_at(q, s);
    if (known(plan))
        cell_gru_back(&cell);
    else {
        any_finish_back(q, &cell);
        any_reset_back(q, &cell, false);
    }
    if (!sequence_begins(q, s))
        sequence_multiply_back(q, s, UPDATE * q->units, 0, 3 * q->units, cell.dh, true);
}

/* ---- reset before the product */

static void forward_before(const LayerPlan *plan, const Sequence *q, size_t s)
{
    size_t units = q->units;
    const real *bias = sequence_bias(q);
    Cell cell = cell_at(q, s);
    sequence_multiply(q, s,
                      (SequenceProduct){ FROM_BOTH, q->input, 0, 2 * units, UPDATE * units, bias, false });
    if (known(plan))
        cell_gru_reset(&cell);
    else
        any_gates(q, &cell, true);
    sequence_multiply(q, s,
                      (SequenceProduct){ FROM_X, 0, 2 * units, units, CANDIDATE, bias + 2 * units, false });
    if (s > 0)
        sequence_multiply(
            q, s, (SequenceProduct){ FROM_H, PRODUCT * units, 2 * units, units, CANDIDATE, NULL, true });
    if (known(plan))
        cell_gru_finish(&cell);
    else
        any_finish(q, &cell);
}

static void backward_before(const LayerPlan *plan, const Sequence *q, size_t s)
{
    size_t units = q->units;
    Cell cell = cell_at(q, s);
    if (known(plan))
        cell_gru_finish_back(&cell);
    else
        any_finish_back(q, &cell);
    sequence_multiply_back(q, s, CANDIDATE, 2 * units, units, cell.dh + q->rows * units, false);
    if (known(plan))
        cell_gru_reset_back(&cell);
    else
        any_reset_back(q, &cell, true);
    if (!sequence_begins(q, s)) sequence_multiply_back(q, s, UPDATE * units, 0, 2 * units, cell.dh, true);
}

/* ---- the layer */

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = begin(plan, run);
    for (size_t s = 0; s < q.steps; s++) {
        sequence_enter(&q, s);
        if (reset_before(plan))
            forward_before(plan, &q, s);
        else
            forward_after(plan, &q, s);
        sequence_leave(&q, s);
    }
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    Sequence q = begin(plan, run);
    for (size_t s = q.steps; s-- > 0;) {
        sequence_enter_back(&q, s);
        if (reset_before(plan))
            backward_before(plan, &q, s);
        else
            backward_after(plan, &q, s);
        sequence_cut(&q, s, 1);
    }
    sequence_input_back(plan, &q, UPDATE * q.units, 0, 2 * q.units, false, false);
    sequence_input_back(plan, &q, CANDIDATE, 2 * q.units, q.units, true, true);
}

static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Sequence q = begin(plan, run);
    size_t units = q.units, x = q.input + units, rest = q.features + 1, one = x + q.features;
    const size_t gates = UPDATE * units, m = PRODUCT * units, candidate = 2 * units;
    const SequenceGradient after[] = { { units, rest, x, 0, 2 * units, gates },
                                       { units, rest, x, candidate, units, CANDIDATE },
                                       { 0, units, q.input, 0, 3 * units, gates },
                                       { units + rest, 1, one, 0, units, m } };
    const SequenceGradient before[] = { after[0],
                                        after[1],
                                        { 0, units, q.input, 0, 2 * units, gates },
                                        { 0, units, m, candidate, units, CANDIDATE } };
    sequence_gradients(&q, reset_before(plan) ? before : after, 4, part, parts);
}

static const OptionSpec options[] = {
    RECURRENT_UNITS,
    RECURRENT_KIND("activation", "tanh", "a: of the candidate n"),
    RECURRENT_KIND("recurrent", "sigmoid", "s: of the gates z and r"),
    { .name = "reset",
      .type = OPTION_WORD,
      .initial = "after",
      .words = "after|before",
      .help = "whether r multiplies the product h' Un, or h' before it" },
    RECURRENT_REST,
};

const LayerKind layer_gru = {
    .kind = { .name = "gru",
              .help = "gated recurrent unit: a recurrent layer with an update gate and a reset gate",
              .more =
                  "z = s(x Wz + h' Uz + bz)   r = s(x Wr + h' Ur + br)   h = z h' + (1 - z) n\n"
                  "reset=after:  n = a(x Wn + bn + r (h' Un + d))\n"
                  "reset=before: n = a(x Wn + bn + (r h') Un)\n"
                  "for each step of (steps, features); h' is of the step before, 0 at first.\n"
                  "Columns of the weights: z r n. Steps beyond the length of a sample leave the state as it "
                  "is. Cho et al. 2014, EMNLP, 1724-1734." RECURRENT_TRUNCATE_MORE,
              KIND_OPTIONS(options),
              .example = "net turn\n  input 30 8\n  gru 64\n  dense 1 sigmoid\nend\nsummary turn",
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
