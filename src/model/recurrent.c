/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recurrent layers: shapes, weights, and the walk over the steps. */
#include "model/recurrent.h"

#include <string.h>

#include "model/init.h"
#include "numeric/vec.h"

enum { ALIGNED = 16, PAGES = 128 };    /* reals */
#define NEAR_CACHE ((size_t)512 << 10) /* bytes */

/* ---- shape and weights */

void recurrent_read_activation(const LayerPlan *plan, const char *option, double *place, double *alpha)
{
    const Kind *kind = option_kind(plan->def->options, option);
    const Options *own = option_kind_options(plan->def->options, option);
    for (int i = 0; i < activation_kinds.n; i++)
        if (activation_kinds.items[i] == kind) *place = i;
    *alpha = kind->n_options > 0 ? option_number(own, kind->options->name) : 0;
}

static int choose_cell(const LayerPlan *plan, bool gated)
{
    const char *activation = option_kind(plan->def->options, "activation")->name;
    if (!gated || !text_equal(option_kind(plan->def->options, "recurrent")->name, "sigmoid"))
        return CELL_NONE;
    return text_equal(activation, "tanh")   ? (int)CELL_TANH
           : text_equal(activation, "relu") ? (int)CELL_RELU
                                            : CELL_NONE;
}

void recurrent_settings(LayerPlan *plan)
{
    const Options *options = plan->def->options;
    double *settings = plan->settings;
    bool gated = option_spec(options->kind, "recurrent", 0) != NULL;
    settings[RECURRENT_SEQUENCES] = option_bool(options, "sequences");
    settings[RECURRENT_REVERSE] = option_bool(options, "reverse");
    recurrent_read_activation(plan, "activation", &settings[RECURRENT_ACTIVATION],
                              &settings[RECURRENT_ALPHA]);
    if (gated)
        recurrent_read_activation(plan, "recurrent", &settings[RECURRENT_GATE],
                                  &settings[RECURRENT_GATE_ALPHA]);
    settings[RECURRENT_CELL] = choose_cell(plan, gated);
    settings[RECURRENT_TRUNCATE] = (double)option_integer(options, "truncate");
    plan->l2 = option_number(options, "l2");
}

size_t recurrent_width(size_t width)
{
    width = (width + ALIGNED - 1) / ALIGNED * ALIGNED;
    return width % PAGES == 0 ? width + ALIGNED : width;
}

static void set_sizes(LayerPlan *plan, RecurrentNeeds needs, size_t units)
{
    size_t steps = plan->in.dims[0], width = recurrent_width((needs.kept + 1) * units + plan->in.dims[1] + 1);
    if (__builtin_mul_overflow(steps, width, &plan->cache_per_row)) plan->cache_per_row = SIZE_MAX;
    plan->scratch_per_row = needs.scratch * units > width ? needs.scratch * units : width;
}

bool recurrent_shape(LayerPlan *plan, RecurrentNeeds needs, Err *err)
{
    size_t units = (size_t)option_integer(plan->def->options, "units"), columns = needs.gates * units;
    if (plan->in.n_dims != 2 || plan->in.dims[0] == 0)
        return plan_mismatch(plan, "(steps, features)", err),
               err_hint(
                   err,
                   "input 10 5 gives 10 steps of 5 features, sequences=on every step of a recurrent layer");
    size_t steps = plan->in.dims[0], features = plan->in.dims[1];
    if (plan->settings[RECURRENT_SEQUENCES] != 0)
        plan->out = (Shape){ 2, { steps, units } };
    else
        plan->out = (Shape){ 1, { units } };
    set_sizes(plan, needs, units);
    plan->cost = (double)steps * ((double)units + (double)features) * (double)columns;
    if (!plan_tensor(plan, "recurrent", (Shape){ 2, { units, columns } }, false, true, err) ||
        !plan_tensor(plan, "weight", (Shape){ 2, { features, columns } }, false, true, err))
        return false;
    plan->n_transposed = plan->n_weights;
    return plan_tensor(plan, "bias", (Shape){ 1, { columns } }, false, false, err);
}

static void init_gates(const LayerPlan *plan, const char *option, gsl_rng *rng, real *w, size_t rows)
{
    size_t columns = plan->tensors[0].shape.dims[1], units = plan->tensors[0].shape.dims[0];
    Init how = init_parse(option_text(plan->def->options, option));
    for (size_t gate = 0; gate < columns; gate += units)
        init_matrix(how, rng, w + gate, rows, units, columns);
}

void recurrent_init(const LayerPlan *plan, real *weights, uint64_t seed)
{
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    memset(weights, 0, plan->n_weights * sizeof(real));
    if (!rng) return;
    init_gates(plan, "recurrent_init", rng, weights, plan->tensors[0].shape.dims[0]);
    init_gates(plan, "init", rng, weights + plan->tensors[1].offset, plan->in.dims[1]);
    gsl_rng_free(rng);
}

void recurrent_transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts)
{
    size_t units = plan->tensors[0].shape.dims[0], columns = plan->tensors[0].shape.dims[1];
    vec_transpose(transposed, weights, units, columns, part, parts);
    vec_transpose(transposed + units * columns, weights + units * columns, plan->in.dims[1], columns, part,
                  parts);
}

/* ---- the walk */

const ActivationKind *recurrent_activation_at(double place)
{
    return (const ActivationKind *)activation_kinds.items[(int)place];
}

Sequence sequence_of(const LayerPlan *plan, const LayerRun *run, size_t kept)
{
    const double *settings = plan->settings;
    Sequence q = { .run = run,
                   .rows = run->batch,
                   .steps = plan->in.dims[0],
                   .features = plan->in.dims[1],
                   .units = plan->tensors[0].shape.dims[0],
                   .columns = plan->tensors[0].shape.dims[1],
                   .sequences = settings[RECURRENT_SEQUENCES] != 0,
                   .reverse = settings[RECURRENT_REVERSE] != 0,
                   .activation = recurrent_activation_at(settings[RECURRENT_ACTIVATION]),
                   .alpha = (real)settings[RECURRENT_ALPHA],
                   .gate = recurrent_activation_at(settings[RECURRENT_GATE]),
                   .gate_alpha = (real)settings[RECURRENT_GATE_ALPHA],
                   .cell = (int)settings[RECURRENT_CELL],
                   .truncate = (size_t)settings[RECURRENT_TRUNCATE] };
    q.input = kept * q.units;
    q.width = plan->cache_per_row / q.steps;
    q.row = run->training ? plan->cache_per_row : q.width;
    q.step = run->training ? q.width : 0;
    q.records = run->training ? run->cache : run->scratch;
    return q;
}

size_t sequence_time(const Sequence *q, size_t s)
{
    return q->reverse ? q->steps - 1 - s : s;
}

real *sequence_record(const Sequence *q, size_t s)
{
    return q->records + sequence_time(q, s) * q->step;
}

static bool lives(const Sequence *q, size_t row, size_t time)
{
    return !q->run->lengths || time < q->run->lengths[row];
}

void sequence_enter(const Sequence *q, size_t s)
{
    size_t time = sequence_time(q, s), features = q->features;
    real *h = sequence_record(q, s) + q->input, *x = h + q->units;
    const real *in = q->run->in + time * features;
    for (size_t row = 0; row < q->rows; row++, h += q->row, x += q->row, in += q->steps * features) {
        if (s == 0) memset(h, 0, q->units * sizeof(real));
        bool alive = lives(q, row, time);
        for (size_t j = 0; j < features; j++) x[j] = alive ? in[j] : 0;
        x[features] = 1;
    }
}

/* Where the s-th step puts h: into the next record, or to the output. */
static real *target(const Sequence *q, size_t s, size_t *row)
{
    bool end = s + 1 == q->steps;
    *row = !end ? q->row : q->sequences ? q->steps * q->units : q->units;
    if (!end) return sequence_record(q, s + 1) + q->input;
    return q->run->out + (q->sequences ? sequence_time(q, s) * q->units : 0);
}

void sequence_leave(const Sequence *q, size_t s)
{
    if (!q->sequences) return;
    size_t row, time = sequence_time(q, s), units = q->units;
    const real *h = target(q, s, &row);
    real *out = q->run->out + time * units;
    for (size_t i = 0; i < q->rows; i++, h += row, out += q->steps * units)
        if (!lives(q, i, time))
            memset(out, 0, units * sizeof(real));
        else if (out != h)
            memcpy(out, h, units * sizeof(real));
}

void sequence_enter_back(const Sequence *q, size_t s)
{
    size_t units = q->units, time = sequence_time(q, s), size = q->rows * units * sizeof(real);
    real *dh = q->run->scratch;
    const real *dout = q->run->dout + time * units;
    bool end = s + 1 == q->steps;
    if (end && !q->sequences) memcpy(dh, q->run->dout, size);
    if (end && q->sequences) memset(dh, 0, size);
    for (size_t row = 0; q->sequences && row < q->rows; row++)
        if (lives(q, row, time)) vec_add(dh + row * units, dout + row * q->steps * units, units);
}

bool sequence_begins(const Sequence *q, size_t s)
{
    return s == 0 || (q->truncate > 0 && !q->run->lengths && s % q->truncate == 0);
}

/* Of one sample: its own steps are the last that are walked backwards, the first forwards. */
static bool begins(const Sequence *q, size_t row, size_t s)
{
    size_t first = q->reverse ? q->steps - q->run->lengths[row] : 0;
    return lives(q, row, sequence_time(q, s)) && (s - first) % q->truncate == 0;
}

void sequence_cut(const Sequence *q, size_t s, size_t planes)
{
    if (q->truncate == 0) return;
    for (size_t row = 0; row < q->rows; row++) {
        if (!sequence_begins(q, s) && (!q->run->lengths || !begins(q, row, s))) continue;
        for (size_t k = 0; k < planes; k++)
            memset(q->run->scratch + (k * q->rows + row) * q->units, 0, q->units * sizeof(real));
    }
}

Cell sequence_cell(const Sequence *q, size_t s)
{
    real *record = sequence_record(q, s);
    Cell cell = { .rows = q->rows,
                  .units = q->units,
                  .row = q->row,
                  .function = (CellFunction)q->cell,
                  .lengths = q->run->lengths,
                  .step = sequence_time(q, s),
                  .gates = record,
                  .h_before = record + q->input,
                  .dh = q->run->scratch };
    cell.h = target(q, s, &cell.h_row);
    return cell;
}

/* ---- products */

const real *sequence_bias(const Sequence *q)
{
    return q->run->weights + (q->units + q->features) * q->columns;
}

void sequence_multiply(const Sequence *q, size_t s, SequenceProduct p)
{
    real *record = sequence_record(q, s);
    bool h = (p.what & FROM_H) && s > 0, x = p.what & FROM_X;
    real_gemm(&(Gemm){ .m = q->rows,
                       .n = p.n,
                       .k = (h ? q->units : 0) + (x ? q->features : 0),
                       .a = record + (h ? p.h : q->input + q->units),
                       .a_row = q->row,
                       .a_col = 1,
                       .b = q->run->weights + (h ? 0 : q->units * q->columns) + p.from,
                       .ldb = q->columns,
                       .c = record + p.to,
                       .ldc = q->row,
                       .accumulate = p.add,
                       .epilogue = p.bias ? EPILOGUE_BIAS : EPILOGUE_NONE,
                       .bias = p.bias,
                       .engine = q->run->engine });
}

void sequence_multiply_back(const Sequence *q, size_t s, size_t by, size_t from, size_t n, real *out,
                            bool add)
{
    real_gemm(&(Gemm){ .m = q->rows,
                       .n = q->units,
                       .k = n,
                       .a = sequence_record(q, s) + by,
                       .a_row = q->row,
                       .a_col = 1,
                       .b = q->run->transposed + from * q->units,
                       .ldb = q->units,
                       .c = out,
                       .ldc = q->units,
                       .accumulate = add,
                       .engine = q->run->engine });
}

void sequence_input_back(const LayerPlan *plan, const Sequence *q, size_t by, size_t from, size_t n, bool add,
                         bool last)
{
    if (!q->run->din) return;
    real_gemm(&(Gemm){ .m = q->rows * q->steps,
                       .n = q->features,
                       .k = n,
                       .a = q->records + by,
                       .a_row = q->width,
                       .a_col = 1,
                       .b = q->run->transposed + q->units * q->columns + from * q->features,
                       .ldb = q->features,
                       .c = q->run->din,
                       .ldc = q->features,
                       .accumulate = add,
                       .epilogue = last && plan->gives_relu_back ? EPILOGUE_RELU_BACK : EPILOGUE_NONE,
                       .y = q->run->in,
                       .ldy = q->features,
                       .engine = q->run->engine });
}

static void add_gradient(const Sequence *q, const SequenceGradient *g, size_t sample, size_t n, int part,
                         int parts)
{
    size_t from = share_begin(g->n_rows, part, parts), to = share_begin(g->n_rows, part + 1, parts);
    const real *records = q->records + sample * q->row;
    real_gemm(&(Gemm){ .m = to - from,
                       .n = g->n,
                       .k = n * q->steps,
                       .a = records + g->of + from,
                       .a_row = 1,
                       .a_col = q->width,
                       .b = records + g->by,
                       .ldb = q->width,
                       .c = q->run->gradients + (g->first + from) * q->columns + g->column,
                       .ldc = q->columns,
                       .accumulate = sample > 0,
                       .engine = q->run->engine });
}

/* As many samples at a time as a near cache holds; the sums go on where they stopped, in the same order. */
void sequence_gradients(const Sequence *q, const SequenceGradient *blocks, int n, int part, int parts)
{
    size_t chunk = NEAR_CACHE / (q->row * sizeof(real)) + 1;
    for (size_t sample = 0; sample < q->rows; sample += chunk) {
        size_t count = q->rows - sample < chunk ? q->rows - sample : chunk;
        for (int i = 0; i < n; i++) add_gradient(q, &blocks[i], sample, count, part, parts);
    }
}
