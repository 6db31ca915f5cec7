/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maxpool: Y = the largest value of each window, channel by channel; dX = dY at the first place that had it.
 * X = (1, 3, 2, 0), size 2: Y = (3, 2). The cache holds a row's places, 16 bits each. */
#include "model/layers/pooling.h"

static size_t places_size(const LayerPlan *plan)
{
    return (shape_size(plan->out) * sizeof(uint16_t) + sizeof(real) - 1) / sizeof(real);
}

static bool shape(LayerPlan *plan, Err *err)
{
    if (!pooling_shape(plan, err)) return false;
    plan->cache_per_row = places_size(plan);
    return true;
}

static uint16_t *places(const LayerPlan *plan, const LayerRun *run, size_t i)
{
    return (uint16_t *)(void *)(run->cache + i * plan->cache_per_row);
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    PoolShape s = pooling_read(plan);
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    for (size_t i = 0; i < run->batch; i++)
        pool_max(run->out + i * out, run->training ? places(plan, run, i) : NULL, run->in + i * in, 1, &s);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    PoolShape s = pooling_read(plan);
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    if (!run->din) return;
    for (size_t i = 0; i < run->batch; i++)
        pool_max_back(run->din + i * in, run->dout + i * out,
                      plan->gives_relu_back ? run->out + i * out : NULL, places(plan, run, i), 1, &s);
}

static const OptionSpec options[] = { POOL_OPTIONS };

const LayerKind layer_maxpool = {
    .kind = { .name = "maxpool",
              .help = "keeps the largest value of each window of a series or an image",
              .more = "Y[t, c] = max over k < size of X[t stride + k, c]; an image in both directions, "
                      "`maxpool 2 3` with height 2 and width 3. out = (in - size) / stride + 1, what is left "
                      "over is not seen.\n"
                      "The gradient goes to the first place that had the largest value.",
              KIND_OPTIONS(options),
              .example = "net digit\n  input 28 28 1\n  conv2d 8 relu\n  maxpool 2\n  flatten\n"
                         "  dense 10 softmax\nend\nsummary digit",
              .since = "1" },
    .shape = shape,
    .steps = pooling_steps,
    .forward = forward,
    .backward = backward,
    .fuses_relu_back = true,
    .thins = true,
};
