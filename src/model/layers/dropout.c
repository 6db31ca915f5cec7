/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dropout: while training, each value is 0 with probability `rate` and divided by 1 - rate otherwise
 * (Srivastava et al. 2014, JMLR 15); elsewhere it passes. The mask is a function of the layer's key and of
 * (batch, sample, unit): the same whatever the number of threads. With rate 0.5, a 3 that stays is 6.
 * spatial=on: one draw for each channel of a sample, over all steps or points (Tompson et al. 2015, CVPR). */
#include "model/layer.h"

#include <string.h>

enum { SETTING_RATE };

static bool shape(LayerPlan *plan, Err *err)
{
    bool spatial = option_bool(plan->def->options, "spatial");
    if (spatial && plan->in.n_dims == 1)
        return plan_mismatch(plan, "(steps, channels) or (height, width, channels) for spatial=on", err);
    plan->out = plan->in;
    plan->cache_per_row = spatial ? plan->in.dims[plan->in.n_dims - 1] : shape_size(plan->in);
    plan->settings[SETTING_RATE] = option_number(plan->def->options, "rate");
    return true;
}

/* One row of the mask, of all numbers or of all channels: 0 or 1 / (1 - rate). */
static void draw_mask(const LayerRun *run, size_t row, double rate, real *mask, size_t n)
{
    uint32_t threshold = (uint32_t)(rate * 4294967295.0), words[4];
    real kept = (real)(1 / (1 - rate));
    for (size_t j = 0; j < n; j += 4) {
        uint32_t counter[4] = { (uint32_t)run->step, (uint32_t)(run->step >> 32),
                                (uint32_t)(run->first_row + row), (uint32_t)(j / 4) };
        rng_block(run->key, counter, words);
        for (size_t i = 0; i < 4 && j + i < n; i++) mask[j + i] = words[i] < threshold ? 0 : kept;
    }
}

/* to = from times the mask, which all positions of a row share. */
static void apply(const LayerPlan *plan, const LayerRun *run, const real *from, real *to)
{
    size_t n = plan->cache_per_row, positions = shape_size(plan->in) / n;
    for (size_t i = 0; i < run->batch; i++) {
        const real *mask = run->cache + i * n;
        for (size_t p = 0; p < positions; p++, from += n, to += n)
            for (size_t j = 0; j < n; j++) to[j] = from[j] * mask[j];
    }
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = shape_size(plan->in);
    double rate = plan->settings[SETTING_RATE];
    if (!run->training || run->still || rate == 0) {
        memcpy(run->out, run->in, run->batch * n * sizeof(real));
        return;
    }
    for (size_t i = 0; i < run->batch; i++)
        draw_mask(run, i, rate, run->cache + i * plan->cache_per_row, plan->cache_per_row);
    apply(plan, run, run->in, run->out);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = run->batch * shape_size(plan->in);
    if (!run->din) return;
    if (!run->training || run->still || plan->settings[SETTING_RATE] == 0)
        memcpy(run->din, run->dout, n * sizeof(real));
    else
        apply(plan, run, run->dout, run->din);
}

static const OptionSpec options[] = {
    { .name = "rate",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_OPEN_MAX,
      .min = 0,
      .max = 1,
      .help = "share of the values that is set to 0 in each training batch" },
    { .name = "spatial",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "drops whole channels of a series or an image" },
};

const LayerKind layer_dropout = {
    .kind = { .name = "dropout",
              .help = "sets a random share of the values to 0 while training",
              .more =
                  "y = x m / (1 - rate), m = 0 with probability rate, else 1; y = x outside of training.\n"
                  "Srivastava et al. 2014, JMLR 15. With spatial=on one m for each channel, over all steps "
                  "or points, since neighbours know each other: Tompson et al. 2015, CVPR, 648-656.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  dense 32 relu\n  dropout 20%\n  dense 1 sigmoid\nend\n"
                         "summary pd",
              .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
