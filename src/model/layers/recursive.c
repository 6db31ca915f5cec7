/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recursive: a network over trees, whose nodes read their own x and the states of their children. The cells
 * and where they come from: recursive_simple.c, recursive_lstm.c. All nodes of one height are one product. */
#include "model/layers/recursive.h"

#include <string.h>

#include "model/init.h"
#include "model/recurrent.h"
#include "numeric/vec.h"

static const TreeCell *const cells[] = { &recursive_simple, &recursive_lstm, &recursive_binary };
enum { CELLS = sizeof cells / sizeof *cells, SCRATCH_NODES = 192 };
#define NEAR_CACHE ((size_t)1 << 20) /* bytes */

static const TreeCell *cell_of(const LayerPlan *plan)
{
    return cells[(int)plan->settings[RECURSIVE_CELL]];
}

static void set_cell(LayerPlan *plan)
{
    const char *activation = option_kind(plan->def->options, "activation")->name;
    double *settings = plan->settings;
    for (int i = 0; i < CELLS; i++)
        if (text_equal(cells[i]->name, option_text(plan->def->options, "cell"))) settings[RECURSIVE_CELL] = i;
    recurrent_read_activation(plan, "activation", &settings[RECURSIVE_ACTIVATION],
                              &settings[RECURSIVE_ALPHA]);
    settings[RECURSIVE_FUNCTION] = text_equal(activation, "tanh")   ? (int)CELL_TANH
                                   : text_equal(activation, "relu") ? (int)CELL_RELU
                                                                    : -1;
    settings[RECURSIVE_SEQUENCES] = option_bool(plan->def->options, "sequences");
    plan->l2 = option_number(plan->def->options, "l2");
}

static size_t kept(const LayerPlan *plan)
{
    const TreeCell *cell = cell_of(plan);
    return plan->settings[RECURSIVE_FUNCTION] >= 0 ? cell->kept : cell->kept_any;
}

static size_t width_of(const LayerPlan *plan, size_t units)
{
    return recurrent_width((kept(plan) + cell_of(plan)->slots) * units + plan->in.dims[1] + 1);
}

static void set_sizes(LayerPlan *plan, size_t units)
{
    size_t steps = plan->in.dims[0], size, width = width_of(plan, units);
    bool beyond = __builtin_mul_overflow(steps, width, &size) ||
                  __builtin_add_overflow(size, forest_index_size(steps), &plan->cache_per_row);
    if (beyond) plan->cache_per_row = SIZE_MAX;
    plan->scratch_per_row = plan->in.dims[1] * (steps < SCRATCH_NODES ? steps : SCRATCH_NODES);
    plan->n_fixed = 1;
    plan->cost = (double)steps * (double)units *
                 (double)(cell_of(plan)->slots * cell_of(plan)->recurrent * units +
                          cell_of(plan)->columns * plan->in.dims[1]);
}

static bool shape(LayerPlan *plan, Err *err)
{
    size_t units = (size_t)option_integer(plan->def->options, "units");
    if (plan->in.n_dims != 2 || plan->in.dims[0] == 0)
        return plan_mismatch(plan, "(nodes, features)", err),
               err_hint(err,
                        "a frame gives trees after `tree FRAME parent=COLUMN`; input 10 5 is 10 nodes of 5");
    set_cell(plan);
    const TreeCell *cell = cell_of(plan);
    if (plan->settings[RECURSIVE_SEQUENCES] != 0)
        plan->out = (Shape){ 2, { plan->in.dims[0], units } };
    else
        plan->out = (Shape){ 1, { units } };
    set_sizes(plan, units);
    Shape recurrent = { 2, { cell->slots * units, cell->recurrent * units } };
    Shape weight = { 2, { plan->in.dims[1], cell->columns * units } };
    if (!plan_tensor(plan, "recurrent", recurrent, false, true, err) ||
        !plan_tensor(plan, "weight", weight, false, true, err))
        return false;
    plan->n_transposed = plan->n_weights;
    return plan_tensor(plan, "bias", (Shape){ 1, { cell->columns * units } }, false, false, err);
}

/* ---- weights */

static size_t units_of(const LayerPlan *plan)
{
    return plan->tensors[2].shape.dims[0] / cell_of(plan)->columns;
}

/* Block by block: each is what one gate gets from one slot, or from x. */
static void init_blocks(const LayerPlan *plan, const char *option, gsl_rng *rng, const TensorSpec *tensor,
                        size_t block, real *weights)
{
    size_t rows = tensor->shape.dims[0], columns = tensor->shape.dims[1], units = units_of(plan);
    Init how = init_parse(option_text(plan->def->options, option));
    for (size_t row = 0; row < rows; row += block)
        for (size_t column = 0; column < columns; column += units)
            init_matrix(how, rng, weights + tensor->offset + row * columns + column, block, units, columns);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    size_t units = units_of(plan);
    (void)stats;
    memset(weights, 0, plan->n_weights * sizeof(real));
    if (!rng) return;
    init_blocks(plan, "recurrent_init", rng, &plan->tensors[0], units, weights);
    init_blocks(plan, "init", rng, &plan->tensors[1], plan->in.dims[1], weights);
    gsl_rng_free(rng);
    bool forgets = cell_of(plan)->columns > 1;
    for (size_t j = 0; forgets && j < units; j++) weights[plan->tensors[2].offset + j] = 1;
}

static void transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts)
{
    const size_t *recurrent = plan->tensors[0].shape.dims, *weight = plan->tensors[1].shape.dims;
    size_t at = plan->tensors[1].offset;
    vec_transpose(transposed, weights, recurrent[0], recurrent[1], part, parts);
    vec_transpose(transposed + at, weights + at, weight[0], weight[1], part, parts);
}

/* ---- calls */

/* While training the forest is that of the whole batch, in the cache of its first row; elsewhere that of the
 * call. The index stands behind the records. */
static Forest forest_of(const LayerPlan *plan, const LayerRun *run, size_t rows)
{
    const double *settings = plan->settings;
    Forest f = { .plan = plan,
                 .run = run,
                 .rows = rows,
                 .steps = plan->in.dims[0],
                 .features = plan->in.dims[1],
                 .units = units_of(plan),
                 .sequences = settings[RECURSIVE_SEQUENCES] != 0,
                 .activation = recurrent_activation_at(settings[RECURSIVE_ACTIVATION]),
                 .alpha = (real)settings[RECURSIVE_ALPHA],
                 .function = (int)settings[RECURSIVE_FUNCTION],
                 .slots = cell_of(plan)->slots };
    f.in = kept(plan) * f.units;
    f.width = width_of(plan, f.units);
    f.origin = run->training ? run->first_row : 0;
    f.first = f.origin;
    f.some = run->batch;
    f.records = run->cache - f.origin * plan->cache_per_row;
    return f;
}

static uint32_t *index_of(const Forest *f)
{
    return (uint32_t *)(void *)(f->records + f->rows * f->steps * f->width);
}

static void sums(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    (void)parts;
    if (part > 0) return;
    Forest f = forest_of(plan, run, run->batch);
    uint32_t rows = (uint32_t)run->batch;
    forest_build(&f, index_of(&f));
    memcpy(run->fixed, &rows, sizeof rows); /* a real would round it */
}

static Forest forest_built(const LayerPlan *plan, const LayerRun *run)
{
    uint32_t rows;
    memcpy(&rows, run->fixed, sizeof rows);
    Forest f = forest_of(plan, run, rows);
    forest_read(&f, index_of(&f));
    return f;
}

/* As many rows at a time as a near cache holds the records of. */
static void by_groups(Forest *f, void (*pass)(const Forest *forest))
{
    size_t most = NEAR_CACHE / (f->width * sizeof(real)), end = f->origin + f->run->batch;
    for (f->first = f->origin; f->first < end; f->first += f->some) {
        size_t nodes = 0, row = f->first;
        do nodes += f->run->lengths ? f->run->lengths[row - f->origin] : f->steps;
        while (++row < end && nodes < most);
        f->some = row - f->first;
        pass(f);
    }
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    Forest f;
    if (run->training) {
        f = forest_built(plan, run);
    } else {
        f = forest_of(plan, run, run->batch);
        forest_build(&f, index_of(&f));
    }
    by_groups(&f, cell_of(plan)->forward);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    Forest f = forest_built(plan, run);
    by_groups(&f, cell_of(plan)->backward);
}

static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Forest f = forest_built(plan, run);
    cell_of(plan)->gradients(&f, part, parts);
}

static const OptionSpec options[] = {
    RECURRENT_UNITS,
    { .name = "activation",
      .type = OPTION_KIND,
      .flags = OPTION_POSITIONAL,
      .initial = "tanh",
      .kinds = &activation_kinds,
      .help = "a: of the state; of Tree-LSTMs of the candidate g and of what is shown of c" },
    { .name = "cell",
      .type = OPTION_WORD,
      .initial = "lstm",
      .words = "simple|lstm|binary",
      .help = "how a state is made: the simple tree network, the child-sum Tree-LSTM, the binary one" },
    { .name = "sequences",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "gives the state of every node, (nodes, units), not of the root alone" },
    { .name = "l2",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e6,
      .help = "penalty: half of l2 times the sum of squared weights" },
    { .name = "init",
      .type = OPTION_WORD,
      .initial = "glorot",
      .words = INIT_WORDS,
      .help = "first weights of x, gate by gate" },
    { .name = "recurrent_init",
      .type = OPTION_WORD,
      .initial = "orthogonal",
      .words = INIT_WORDS,
      .help = "first weights of the children's states, gate by gate" },
};

const LayerKind layer_recursive = {
    .kind = { .name = "recursive",
              .help =
                  "a network over trees: the state of a node from its own numbers and its children's states",
              .more =
                  "(nodes, features) to units, the state of the root, or with sequences=on to (nodes, "
                  "units).\n"
                  "The frame's rows are nodes after the verb `tree` (or load format=trees); `input 10 5` "
                  "without a frame is a chain of 10. H sums h over the children; s is the sigmoid.\n"
                  "cell=simple  h = a(x W + H U + b)\n"
                  "cell=lstm    [i g o] = x W + H U + b, s on i and o, a on g;  h = o a(c)\n"
                  "             f_k = s(x Wf + h_k Uf + bf) for each child k;   c = i g + sum f_k c_k\n"
                  "cell=binary  [i g o f_1 f_2] = x W + h_1 U_1 + h_2 U_2 + b;  c = i g + f_1 c_1 + f_2 c_2\n"
                  "             where 1 is the first child, 2 the sum of all others, and f_1 and f_2 share "
                  "W, b\n"
                  "Columns of weight and bias: f i g o, of recurrent f i g o, of binary i g o f_1 f_2. The "
                  "bias of f starts at 1, the others at 0. Nodes of one height, of all trees of a batch, are "
                  "one product. Stacked layers take sequences=on below. Socher, Lin, Ng and Manning 2011, "
                  "ICML; Tai, Socher and Manning 2015, ACL, equations 2 to 8 and 9 to 14.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as firms rows=60 columns=2\n"
                         "derive firms owner = ifelse(x1 > 0.5, 1, missing)\n"
                         "role firms hold=owner target=x2\ntree firms parent=owner\n"
                         "net group\n  input firms\n  recursive 8 cell=lstm\n  dense 1\nend\nsummary group",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .sums = sums,
    .transpose = transpose,
    .recurs = true,
    .trees = true,
    .packs = true,
};
