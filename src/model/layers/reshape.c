/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reshape: the same numbers in the same order under other sizes; channels last. (6) as `reshape 2 3` is
 * ((x1, x2, x3), (x4, x5, x6)). */
#include "model/layer.h"

#include <stdio.h>
#include <string.h>

static bool shape(LayerPlan *plan, Err *err)
{
    ValueList sizes = option_list(plan->def->options, "sizes");
    char given[96], needs[160];
    if (sizes.n > SHAPE_DIMS)
        return ERR_AT(err, plan->def->span, too_many, "sizes"), err_hint(err, "at most %d sizes", SHAPE_DIMS);
    plan->out.n_dims = sizes.n;
    for (int i = 0; i < sizes.n; i++) plan->out.dims[i] = (size_t)sizes.items[i].number;
    size_t size = shape_size(plan->out);
    if (size == shape_size(plan->in)) return true;
    snprintf(needs, sizeof needs, "%zu numbers for %s", size, shape_text(plan->out, given));
    plan_mismatch(plan, needs, err);
    return err_hint(err, "the product of the sizes has to be %zu", shape_size(plan->in));
}

/* Where steps are cut or joined: all that hold a number of an existing one. */
static size_t steps(const LayerPlan *plan, size_t n)
{
    size_t in = shape_size(plan->in) / plan->in.dims[0], out = shape_size(plan->out) / plan->out.dims[0];
    return (n * in + out - 1) / out;
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    memcpy(run->out, run->in, run->batch * shape_size(plan->in) * sizeof(real));
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    if (run->din) memcpy(run->din, run->dout, run->batch * shape_size(plan->in) * sizeof(real));
}

static const OptionSpec options[] = {
    { .name = "sizes",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST,
      .min = 1,
      .max = 1e9,
      .help = "the new sizes, channels last" },
};

const LayerKind layer_reshape = {
    .kind = { .name = "reshape",
              .help = "gives the same numbers other sizes",
              .more = "The numbers keep their order; the product of the sizes stays. `reshape 4 8` makes 4 "
                      "steps of 8 channels of 32 numbers, `reshape 8 8 1` an image of 64.",
              KIND_OPTIONS(options),
              .example = "net m\n  input 64\n  reshape 8 8 1\n  conv2d 8 relu\n  flatten\n  dense 1 "
                         "sigmoid\nend\nsummary m",
              .since = "1" },
    .shape = shape,
    .steps = steps,
    .forward = forward,
    .backward = backward,
};
