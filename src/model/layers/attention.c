/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attention: every step looks at the others and takes of each as much as it matters to it. With X (steps,
 * features), [Q K V] = X W + b, each cut into `heads` parts of d = units / heads columns, and for each head
 * A = softmax(Q K^T / sqrt(d)), O = A V: Y = [O of all heads] Wo + bo. Vaswani et al. 2017, NeurIPS 30,
 * arXiv:1706.03762. Back: dV = A^T dO, dA = dO V^T, dS = A (dA - sum over the keys of A dA), dQ = dS K,
 * dK = dS^T Q. With Q = K = 0, A is 1 / steps and O the mean of V.
 *
 * Each step of each sample has a record [q k v | o 1 | x 1 | dx]: in the cache while training, so that the
 * gradients are products over all steps of the batch (the ones give those of the biases); otherwise in the
 * scratch. A is not kept: blocks of its rows are computed again on the way back, so that memory grows with
 * the steps, not with their square. */
#include "model/layers/attention.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "model/init.h"
#include "model/recurrent.h"
#include "numeric/vec.h"

#define NEAR_CACHE ((size_t)512 << 10) /* bytes */
#define WAVELENGTH 10000.0             /* of positions=sinusoidal, in 2 pi steps */

enum { SETTING_HEADS, SETTING_CAUSAL, SETTING_POSITIONS };
enum { POSITIONS_NONE, POSITIONS_SINUSOIDAL, POSITIONS_LEARNED };
enum { WEIGHT, BIAS, OUTPUT, OUTPUT_BIAS, POSITIONS }; /* tensors */

/* ---- shape and weights */

static int positions_of(const LayerPlan *plan)
{
    return (int)plan->settings[SETTING_POSITIONS];
}

static Attention sizes_of(const LayerPlan *plan)
{
    Attention a = { .plan = plan,
                    .steps = plan->in.dims[0],
                    .features = plan->in.dims[1],
                    .units = plan->out.dims[1],
                    .heads = (size_t)plan->settings[SETTING_HEADS],
                    .causal = plan->settings[SETTING_CAUSAL] != 0 };
    a.each = a.units / a.heads;
    a.o = 3 * a.units;
    a.x = a.o + a.units + 1;
    a.dx = a.x + a.features + 1;
    a.width = recurrent_width(a.dx + (positions_of(plan) == POSITIONS_LEARNED ? a.features : 0));
    return a;
}

static void set_sizes(LayerPlan *plan)
{
    Attention a = sizes_of(plan);
    double steps = (double)a.steps, keys = a.causal ? (steps + 1) / 2 : steps;
    size_t work = a.steps * (3 * a.each + 2 * attention_block(&a));
    if (__builtin_mul_overflow(a.steps, a.width, &plan->cache_per_row)) plan->cache_per_row = SIZE_MAX / 64;
    plan->scratch_per_row = plan->cache_per_row + work;
    plan->n_transposed = a.units * (3 * a.features + a.units);
    plan->cost = steps * (double)plan->n_transposed + 2 * steps * keys * (double)a.units;
}

static bool add_tensors(LayerPlan *plan, size_t units, Err *err)
{
    size_t features = plan->in.dims[1];
    int positions = positions_of(plan);
    return plan_tensor(plan, "weight", (Shape){ 2, { features, 3 * units } }, false, true, err) &&
           plan_tensor(plan, "bias", (Shape){ 1, { 3 * units } }, false, false, err) &&
           plan_tensor(plan, "output", (Shape){ 2, { units, units } }, false, true, err) &&
           plan_tensor(plan, "output_bias", (Shape){ 1, { units } }, false, false, err) &&
           (positions == POSITIONS_NONE ||
            plan_tensor(plan, "positions", plan->in, positions == POSITIONS_SINUSOIDAL, false, err));
}

static bool shape(LayerPlan *plan, Err *err)
{
    const Options *options = plan->def->options;
    long units = option_integer(options, "units"), heads = option_integer(options, "heads");
    char positions = option_text(options, "positions")[0];
    if (plan->in.n_dims != 2 || plan->in.dims[0] == 0)
        return plan_mismatch(plan, "(steps, features)", err),
               err_hint(err, "input 10 5 gives 10 steps of 5 features");
    if (units % heads)
        return ERR_AT(err, plan->def->span, attention_heads, plan->def->name, plan->net, INT(units),
                      INT(heads)),
               err_hint(err, "heads= has to divide the units: %ld and heads=%ld", (units / heads + 1) * heads,
                        heads);
    plan->out = (Shape){ 2, { plan->in.dims[0], (size_t)units } };
    plan->settings[SETTING_HEADS] = (double)heads;
    plan->settings[SETTING_CAUSAL] = option_text(options, "mask")[0] == 'c';
    plan->settings[SETTING_POSITIONS] = positions == 's'   ? POSITIONS_SINUSOIDAL
                                        : positions == 'l' ? POSITIONS_LEARNED
                                                           : POSITIONS_NONE;
    plan->l2 = option_number(options, "l2");
    if (!add_tensors(plan, (size_t)units, err)) return false;
    set_sizes(plan);
    return true;
}

/* (steps, features): sines in even columns, cosines in odd ones, ever slower. */
static void init_waves(real *out, size_t steps, size_t features)
{
    for (size_t t = 0; t < steps; t++)
        for (size_t j = 0; j < features; j++) {
            double angle = (double)t / pow(WAVELENGTH, (double)(j / 2 * 2) / (double)features);
            out[t * features + j] = (real)(j % 2 ? cos(angle) : sin(angle));
        }
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    Attention a = sizes_of(plan);
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    memset(weights, 0, plan->n_weights * sizeof(real));
    if (positions_of(plan) == POSITIONS_SINUSOIDAL) init_waves(stats, a.steps, a.features);
    if (!rng) return;
    for (size_t part = 0; part < 3; part++)
        init_matrix(INIT_GLOROT, rng, weights + part * a.units, a.features, a.units, 3 * a.units);
    init_matrix(INIT_GLOROT, rng, weights + plan->tensors[OUTPUT].offset, a.units, a.units, a.units);
    if (positions_of(plan) == POSITIONS_LEARNED)
        for (size_t i = plan->tensors[POSITIONS].offset; i < plan->n_weights; i++)
            weights[i] = (real)gsl_ran_gaussian(rng, 0.02);
    gsl_rng_free(rng);
}

/* (3 units, features), then that of the output (units, units). */
static void transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts)
{
    size_t features = plan->in.dims[1], units = plan->out.dims[1];
    vec_transpose(transposed, weights, features, 3 * units, part, parts);
    vec_transpose(transposed + features * 3 * units, weights + plan->tensors[OUTPUT].offset, units, units,
                  part, parts);
}

/* ---- one call */

static Attention begin(const LayerPlan *plan, const LayerRun *run)
{
    Attention a = sizes_of(plan);
    size_t size = a.each * a.steps;
    a.run = run;
    a.records = run->training ? run->cache : run->scratch;
    a.dout = run->scratch;
    a.keys = run->scratch + run->batch * plan->cache_per_row;
    a.values = a.keys + size;
    a.dk = a.values + size;
    a.weights = a.dk + size;
    a.d = a.weights + attention_block(&a) * a.steps;
    return a;
}

static const real *position_table(const Attention *a)
{
    switch (positions_of(a->plan)) {
    case POSITIONS_SINUSOIDAL: return a->run->stats;
    case POSITIONS_LEARNED: return a->run->weights + a->plan->tensors[POSITIONS].offset;
    default: return NULL;
    }
}

static void enter(const Attention *a)
{
    const real *table = position_table(a), *in = a->run->in;
    for (size_t row = 0; row < a->run->batch; row++)
        for (size_t t = 0; t < a->steps; t++, in += a->features) {
            real *r = attention_record(a, row, t);
            memcpy(r + a->x, in, a->features * sizeof(real));
            if (table) vec_add(r + a->x, table + t * a->features, a->features);
            r[a->o + a->units] = r[a->x + a->features] = 1;
        }
}

/* Over all steps of the batch: c = a part of the records times b (k, n), plus bias. */
static void multiply(const Attention *a, size_t of, size_t k, const real *b, size_t n, const real *bias,
                     real *c, size_t ldc)
{
    real_gemm(&(Gemm){ .m = a->run->batch * a->steps,
                       .n = n,
                       .k = k,
                       .a = a->records + of,
                       .a_row = a->width,
                       .a_col = 1,
                       .b = b,
                       .ldb = n,
                       .c = c,
                       .ldc = ldc,
                       .epilogue = bias ? EPILOGUE_BIAS : EPILOGUE_NONE,
                       .bias = bias,
                       .engine = a->run->engine });
}

/* ---- forward */

/* n values from place `at` on of the records of a sample beyond its length. */
static void clear_rest(const Attention *a, size_t row, size_t at, size_t n)
{
    for (size_t t = attention_length(a, row); t < a->steps; t++)
        memset(attention_record(a, row, t) + at, 0, n * sizeof(real));
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    Attention a = begin(plan, run);
    const real *w = run->weights;
    enter(&a);
    multiply(&a, a.x, a.features, w, 3 * a.units, w + plan->tensors[BIAS].offset, a.records, a.width);
    for (size_t row = 0; row < run->batch; row++) {
        for (size_t head = 0; head < a.heads; head++) attention_head(&a, row, head);
        clear_rest(&a, row, a.o, a.units);
    }
    multiply(&a, a.o, a.units, w + plan->tensors[OUTPUT].offset, a.units,
             w + plan->tensors[OUTPUT_BIAS].offset, run->out, a.units);
}

/* ---- backward */

static void output_back(const Attention *a)
{
    const LayerRun *run = a->run;
    real_gemm(&(Gemm){ .m = run->batch * a->steps,
                       .n = a->units,
                       .k = a->units,
                       .a = run->dout,
                       .a_row = a->units,
                       .a_col = 1,
                       .b = run->transposed + a->features * 3 * a->units,
                       .ldb = a->units,
                       .c = a->dout,
                       .ldc = a->units,
                       .engine = run->engine });
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    Attention a = begin(plan, run);
    bool learned = positions_of(plan) == POSITIONS_LEARNED;
    output_back(&a);
    for (size_t row = 0; row < run->batch; row++) {
        for (size_t head = 0; head < a.heads; head++) attention_head_back(&a, row, head);
        clear_rest(&a, row, 0, 3 * a.units);
    }
    if (learned) multiply(&a, 0, 3 * a.units, run->transposed, a.features, NULL, a.records + a.dx, a.width);
    if (run->din) multiply(&a, 0, 3 * a.units, run->transposed, a.features, NULL, run->din, a.features);
}

/* ---- gradients */

/* Over n samples from `first` on: a share of the rows of a matrix that stands between the records from place
 * `of` on and `d`, the gradients of what it gave, `width` reals from step to step. */
typedef struct Block {
    size_t of, n_rows, columns;
    const real *d;
    size_t width;
    real *gradients;
} Block;

static void add_gradient(const Attention *a, const Block *b, size_t first, size_t n, int part, int parts)
{
    size_t from = share_begin(b->n_rows, part, parts), to = share_begin(b->n_rows, part + 1, parts);
    attention_multiply(a, (AttentionPart){ attention_record(a, first, 0) + b->of + from, 1, a->width,
                                           to - from, n * a->steps, b->d + first * a->steps * b->width,
                                           b->width, b->columns, b->gradients + from * b->columns, b->columns,
                                           first > 0 });
}

/* A share of the steps. */
static void add_positions(const Attention *a, int part, int parts)
{
    size_t from = share_begin(a->steps, part, parts), to = share_begin(a->steps, part + 1, parts);
    real *sums = a->run->gradients + a->plan->tensors[POSITIONS].offset;
    memset(sums + from * a->features, 0, (to - from) * a->features * sizeof(real));
    for (size_t row = 0; row < a->run->batch; row++)
        for (size_t t = from; t < to; t++)
            vec_add(sums + t * a->features, attention_record(a, row, t) + a->dx, a->features);
}

/* As many samples at a time as a near cache holds; the sums go on where they stopped, in the same order. */
static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Attention a = begin(plan, run);
    size_t chunk = NEAR_CACHE / (plan->cache_per_row * sizeof(real)) + 1;
    const Block in = { a.x, a.features + 1, 3 * a.units, a.records, a.width, run->gradients },
                out = { a.o,       a.units + 1, a.units,
                        run->dout, a.units,     run->gradients + plan->tensors[OUTPUT].offset };
    for (size_t row = 0; row < run->batch; row += chunk) {
        size_t n = run->batch - row < chunk ? run->batch - row : chunk;
        add_gradient(&a, &in, row, n, part, parts);
        add_gradient(&a, &out, row, n, part, parts);
    }
    if (positions_of(plan) == POSITIONS_LEARNED) add_positions(&a, part, parts);
}

static const OptionSpec options[] = {
    { .name = "units",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .min = 1,
      .max = 1e6,
      .help = "number of outputs of each step; heads= divides it" },
    { .name = "heads",
      .type = OPTION_INTEGER,
      .initial = "4",
      .min = 1,
      .max = 1e6,
      .help = "how many looks at the steps, each with units / heads columns" },
    { .name = "mask",
      .type = OPTION_WORD,
      .initial = "none",
      .words = "none|causal",
      .help = "causal: a step looks at itself and the steps before it" },
    { .name = "positions",
      .type = OPTION_WORD,
      .initial = "none",
      .words = "none|sinusoidal|learned",
      .help = "what is added to the input, so that the order of the steps counts" },
    { .name = "l2",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e6,
      .help = "penalty: half of l2 times the sum of squared weights" },
};

const LayerKind layer_attention = {
    .kind = { .name = "attention",
              .help = "multi-head self-attention: each step takes of the others what matters to it",
              .more =
                  "[Q K V] = (X + P) W + b   A = softmax(Q K' / sqrt(d))   Y = [A V of all heads] Wo + bo\n"
                  "for X (steps, features), Y (steps, units); each head has its own d = units / heads "
                  "columns of Q, K and V. mask=causal: a step looks at no later one. P: positions=learned, "
                  "or sinusoidal: P[t, 2i] = sin(t / 10000^(2i / features)), P[t, 2i + 1] = cos(the same).\n"
                  "Steps beyond the length of a sample are not looked at, and give 0. A is computed again on "
                  "the way back: memory grows with the steps, time with their square.\n"
                  "The example is the block of a transformer; conv1d with kernel=1 is dense on each step.\n"
                  "Vaswani et al. 2017, arXiv:1706.03762; layernorm first: Xiong et al. 2020, "
                  "arXiv:2002.04745.",
              KIND_OPTIONS(options),
              .example = "net turn\n  input 30 16\n  residual\n    layernorm\n"
                         "    attention 16 heads=4 mask=causal positions=learned\n  end\n  residual\n"
                         "    layernorm\n    conv1d 64 gelu kernel=1\n    conv1d 16 kernel=1\n  end\n"
                         "  globalpool\n  dense 1 sigmoid\nend\nsummary turn",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .transpose = transpose,
    .needs_transposed = true,
};
