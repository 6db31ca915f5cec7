/* SPDX-License-Identifier: GPL-3.0-or-later */
/* activation: y = f(x), any activation as a layer of its own. For relu, x = -2: 0. */
#include "model/layer.h"

#include <string.h>

static bool shape(LayerPlan *plan, Err *err)
{
    (void)err;
    plan->out = plan->in;
    plan_activation(plan, "activation");
    return true;
}

static size_t width(const LayerPlan *plan)
{
    return plan->in.dims[plan->in.n_dims - 1];
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t size = shape_size(plan->in), n = width(plan);
    if (run->bare || plan->activation->identity)
        memcpy(run->out, run->in, run->batch * size * sizeof(real));
    else
        plan->activation->forward(run->out, run->in, run->batch * (size / n), n, plan->alpha);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t size = shape_size(plan->in), n = width(plan);
    if (!run->din) return;
    if (run->bare || plan->activation->identity || plan->gets_relu_back)
        memcpy(run->din, run->dout, run->batch * size * sizeof(real));
    else
        plan->activation->backward(run->din, run->dout, run->out, run->in, run->batch * (size / n), n,
                                   plan->alpha);
}

static const OptionSpec options[] = {
    { .name = "activation",
      .type = OPTION_KIND,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .kinds = &activation_kinds,
      .help = "what is applied to x" },
};

const LayerKind layer_activation = {
    .kind = { .name = "activation",
              .help = "an activation as a layer of its own, as after batchnorm",
              .more = "y = f(x). help activations lists them.",
              KIND_OPTIONS(options),
              .example = "net m\n  input 10\n  dense 16\n  batchnorm\n  activation relu\n  dense 1 "
                         "sigmoid\nend\nsummary m",
              .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
