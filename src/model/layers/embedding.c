/* SPDX-License-Identifier: GPL-3.0-or-later */
/* embedding: each category column has a table with a row of `units` numbers for every level; y holds the
 * columns' rows side by side (Bengio et al. 2003, JMLR 3; Guo and Berkhahn 2016). Codes count from 1; 0 is
 * missing, or a level that training did not see, and has a row of its own. Back: dE[code] = sum of dy over
 * the rows with that code. */
#include "model/layer.h"

#include <math.h>
#include <string.h>

/* The number of levels of input column k: the frame's, or levels=. */
static bool find_levels(const LayerPlan *plan, size_t k, size_t *levels, Err *err)
{
    const Options *options = plan->def->options;
    if (plan->levels && plan->levels[k] == 0)
        return ERR_AT(err, plan->def->span, embed_numbers, plan->def->name, plan->net, INT(k + 1));
    if (!plan->levels && !option_given(options, "levels"))
        return ERR_AT(err, plan->def->span, embed_levels, plan->def->name, plan->net);
    *levels = plan->levels ? (size_t)plan->levels[k] : (size_t)option_integer(options, "levels");
    return true;
}

static size_t columns(const LayerPlan *plan)
{
    return plan->in.dims[plan->in.n_dims - 1];
}

static size_t units(const LayerPlan *plan)
{
    return plan->tensors[0].shape.dims[1];
}

static bool shape(LayerPlan *plan, Err *err)
{
    size_t size = (size_t)option_integer(plan->def->options, "units"), rows = 0, n = columns(plan);
    for (size_t k = 0; k < n; k++) {
        size_t levels = 0;
        if (!find_levels(plan, k, &levels, err)) return false;
        rows += levels + 1;
    }
    plan->out = plan->in;
    plan->out.dims[plan->out.n_dims - 1] = n * size;
    return plan_tensor(plan, "weight", (Shape){ 2, { rows, size } }, false, false, err);
}

/* Uniform in +-0.05. */
static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    (void)stats;
    if (!rng) return;
    for (size_t i = 0; i < plan->n_weights; i++) weights[i] = (real)((2 * gsl_rng_uniform(rng) - 1) * 0.05);
    gsl_rng_free(rng);
}

static size_t levels_of(const LayerPlan *plan, size_t k)
{
    return plan->levels ? (size_t)plan->levels[k] : (size_t)option_integer(plan->def->options, "levels");
}

/* The row of a table for a cell: 0 where the code is none of its levels. */
static size_t code(real cell, size_t levels)
{
    return cell >= 1 && cell <= (real)levels ? (size_t)cell : 0;
}

/* The next rows of cells that exist: all, or those of a sample. Returns how many, 0 at the end. */
static size_t next_rows(const LayerPlan *plan, const LayerRun *run, size_t *sample, size_t *from)
{
    size_t rows = shape_size(plan->in) / columns(plan), steps = plan->in.dims[0];
    *from = *sample * rows;
    if (*sample == run->batch) return 0;
    if (run->lengths) return run->lengths[(*sample)++] * (rows / steps);
    *sample = run->batch;
    return run->batch * rows;
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = columns(plan), size = units(plan);
    const real *table = run->weights;
    for (size_t k = 0; k < n; k++) {
        size_t levels = levels_of(plan, k), sample = 0, from, rows;
        while ((rows = next_rows(plan, run, &sample, &from)) > 0)
            for (size_t i = from; i < from + rows; i++)
                memcpy(run->out + (i * n + k) * size, table + code(run->in[i * n + k], levels) * size,
                       size * sizeof(real));
        table += (levels + 1) * size;
    }
}

/* Codes have no gradient. */
static void backward(const LayerPlan *plan, const LayerRun *run)
{
    if (run->din) memset(run->din, 0, run->batch * shape_size(plan->in) * sizeof(real));
}

/* A share is a range of the units. */
static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t n = columns(plan), size = units(plan);
    size_t from = share_begin(size, part, parts), to = share_begin(size, part + 1, parts);
    real *table = run->gradients;
    for (size_t row = 0; row < plan->n_weights / size; row++)
        for (size_t j = from; j < to; j++) table[row * size + j] = 0;
    for (size_t k = 0; k < n; k++) {
        size_t levels = levels_of(plan, k), sample = 0, first, rows;
        while ((rows = next_rows(plan, run, &sample, &first)) > 0)
            for (size_t i = first; i < first + rows; i++) {
                real *row = table + code(run->in[i * n + k], levels) * size;
                for (size_t j = from; j < to; j++) row[j] += run->dout[(i * n + k) * size + j];
            }
        table += (levels + 1) * size;
    }
}

static const OptionSpec options[] = {
    { .name = "units",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .min = 1,
      .max = 1e5,
      .help = "numbers that stand for a level" },
    { .name = "levels",
      .type = OPTION_INTEGER,
      .min = 1,
      .max = 1e8,
      .help = "largest code; of a frame's category columns their levels among the training rows" },
};

const LayerKind layer_embedding = {
    .kind = { .name = "embedding",
              .help = "learns a few numbers for each level of a category",
              .more = "Right after an input of category columns: the recipe leaves them alone, their levels "
                      "among the training rows count from 1, 0 is missing or unseen and has numbers of its "
                      "own. Several columns stand side by side. Guo and Berkhahn 2016, arXiv:1604.06737.",
              KIND_OPTIONS(options),
              .example = "net m\n  input 2\n  embedding 4 levels=12\n  dense 1 sigmoid\nend\nsummary m",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .packs = true,
};
