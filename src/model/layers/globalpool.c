/* SPDX-License-Identifier: GPL-3.0-or-later */
/* globalpool: the mean or the largest value of each channel over all steps (or pixels) of a sample: Lin et
 * al. 2013. X = (1, 3, 2): average 2, max 3. */
#include "model/layer.h"

#include <string.h>

#include "numeric/pool.h"
#include "numeric/vec.h"

enum { SETTING_MAX };

static size_t channels(const LayerPlan *plan)
{
    return plan->in.dims[plan->in.n_dims - 1];
}

static size_t steps(const LayerPlan *plan)
{
    return shape_size(plan->in) / channels(plan);
}

static bool shape(LayerPlan *plan, Err *err)
{
    const char *how = option_text(plan->def->options, "how");
    if (plan->in.n_dims < 2)
        return plan_mismatch(plan, "(steps, channels) or (height, width, channels)", err);
    plan->settings[SETTING_MAX] = how[0] == 'm';
    plan->out = (Shape){ 1, { channels(plan) } };
    if (plan->settings[SETTING_MAX] == 0) return true;
    if (steps(plan) > POOL_WINDOW_MAX) return plan_mismatch(plan, "at most 65535 steps", err);
    plan->cache_per_row = (channels(plan) * sizeof(uint16_t) + sizeof(real) - 1) / sizeof(real);
    return true;
}

/* One window over the steps that row i has; without any the result is 0. */
static PoolShape window(const LayerPlan *plan, const LayerRun *run, size_t i)
{
    size_t n = run->lengths ? run->lengths[i] * (steps(plan) / plan->in.dims[0]) : steps(plan);
    return (PoolShape){ 1, n, channels(plan), 1, n, 1, 1, 1, 1 };
}

static uint16_t *places(const LayerPlan *plan, const LayerRun *run, size_t i)
{
    return (uint16_t *)(void *)(run->cache + i * plan->cache_per_row);
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = channels(plan), in = shape_size(plan->in);
    for (size_t i = 0; i < run->batch; i++) {
        PoolShape s = window(plan, run, i);
        real *y = run->out + i * n;
        if (s.width == 0) {
            memset(y, 0, n * sizeof *y);
            continue;
        }
        if (plan->settings[SETTING_MAX] != 0) {
            pool_max(y, run->training ? places(plan, run, i) : NULL, run->in + i * in, 1, &s);
            continue;
        }
        vec_column_sums(y, run->in + i * in, s.width, n, 0);
        vec_scale(y, (real)(1 / (double)s.width), n);
    }
}

/* dY / steps for each step, through relu' of the layer before where that is asked for. */
static void spread_mean(const LayerPlan *plan, const LayerRun *run, size_t i, size_t length)
{
    size_t n = channels(plan), in = shape_size(plan->in);
    real *dy = run->dout + i * n, *dx = run->din + i * in;
    const real *x = run->in + i * in;
    vec_scale(dy, (real)(1 / (double)length), n);
    for (size_t t = 0; t < length; t++)
        if (plan->gives_relu_back)
            vec_relu_back(dx + t * n, dy, x + t * n, n);
        else
            memcpy(dx + t * n, dy, n * sizeof *dx);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = channels(plan), in = shape_size(plan->in);
    for (size_t i = 0; i < run->batch && run->din; i++) {
        PoolShape s = window(plan, run, i);
        if (s.width > 0 && plan->settings[SETTING_MAX] != 0)
            pool_max_back(run->din + i * in, run->dout + i * n,
                          plan->gives_relu_back ? run->out + i * n : NULL, places(plan, run, i), 1, &s);
        else if (s.width > 0)
            spread_mean(plan, run, i, s.width);
        if (s.width < steps(plan))
            memset(run->din + i * in + s.width * n, 0, (steps(plan) - s.width) * n * sizeof(real));
    }
}

static const OptionSpec options[] = {
    { .name = "how",
      .type = OPTION_WORD,
      .flags = OPTION_POSITIONAL,
      .words = "average|max",
      .initial = "average",
      .help = "the mean of each channel, or its largest value" },
};

const LayerKind layer_globalpool = {
    .kind = { .name = "globalpool",
              .help = "one number a channel: its mean or largest value over all steps or pixels",
              .more = "average: y[c] = mean over t of X[t, c]; max: y[c] = max over t. Sequences of "
                      "different length "
                      "count the steps that they have; one without any gives 0. Lin, Chen and Yan 2013.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 20 5\n  conv1d 16 relu\n  globalpool max\n  dense 1 sigmoid\nend\n"
                         "summary pd",
              .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .fuses_relu_back = true,
};
