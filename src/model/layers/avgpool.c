/* SPDX-License-Identifier: GPL-3.0-or-later */
/* avgpool: Y = the mean of each window, channel by channel; dX = dY / size over the window. X = (1, 3, 2, 0),
 * size 2: Y = (2, 1). */
#include "model/layers/pooling.h"
#include "numeric/vec.h"

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    PoolShape s = pooling_read(plan);
    pool_mean(run->out, run->in, run->batch, &s);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    PoolShape s = pooling_read(plan);
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    for (size_t i = 0; i < run->batch && run->din; i++) {
        real *dx = run->din + i * in;
        pool_mean_back(dx, run->dout + i * out, 1, &s);
        if (plan->gives_relu_back) vec_relu_back(dx, dx, run->in + i * in, in);
    }
}

static const OptionSpec options[] = { POOL_OPTIONS };

const LayerKind layer_avgpool = {
    .kind = { .name = "avgpool",
              .help = "keeps the mean of each window of a series or an image",
              .more = "Y[t, c] = mean over k < size of X[t stride + k, c]; an image in both directions, "
                      "`avgpool 2 3` with height 2 and width 3. out = (in - size) / stride + 1, what is left "
                      "over is not seen.",
              KIND_OPTIONS(options),
              .example = "net digit\n  input 28 28 1\n  conv2d 8 tanh\n  avgpool 2\n  flatten\n"
                         "  dense 10 softmax\nend\nsummary digit",
              .since = "1" },
    .shape = pooling_shape,
    .steps = pooling_steps,
    .forward = forward,
    .backward = backward,
    .fuses_relu_back = true,
};
