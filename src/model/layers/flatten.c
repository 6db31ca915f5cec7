/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flatten: one row of numbers from a tensor, in the order in which they lie; channels last. */
#include "model/layer.h"

#include <string.h>

static bool shape(LayerPlan *plan, Err *err)
{
    (void)err;
    plan->out = (Shape){ 1, { shape_size(plan->in) } };
    return true;
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    memcpy(run->out, run->in, run->batch * shape_size(plan->in) * sizeof(real));
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    if (run->din) memcpy(run->din, run->dout, run->batch * shape_size(plan->in) * sizeof(real));
}

const LayerKind layer_flatten = {
    .kind = { .name = "flatten",
              .help = "makes one row of numbers of (steps, channels) or (height, width, channels)",
              .more =
                  "(steps, channels) becomes steps * channels numbers: step after step, the channels of each "
                  "together.",
              .example = "net digit\n  input 8 8 1\n  conv2d 8 relu\n  flatten\n  dense 10 softmax\nend\n"
                         "summary digit",
              .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
