/* SPDX-License-Identifier: GPL-3.0-or-later */
/* noise: while training, y = x + sd z with independent normal z; elsewhere x passes (Bishop 1995, Neural
 * Computation 7(1), 108-116: to first order a penalty on the slopes). z by Box and Muller 1958 from words
 * u, v of a stream that is counted by (batch, sample, unit): z = sqrt(-2 log u) cos(2 pi v), and sin. For
 * u = 1 / e^2, v = 0: z = 2, 0. */
#include "model/layer.h"

#include <math.h>
#include <string.h>

enum { SETTING_DEVIATION };

static bool shape(LayerPlan *plan, Err *err)
{
    (void)err;
    plan->out = plan->in;
    plan->settings[SETTING_DEVIATION] = option_number(plan->def->options, "sd");
    return true;
}

/* sin(2 pi x) for 0 <= x < 2 by Taylor's series to 6e-12. */
static double sine_of_turns(double x)
{
    double t = x - floor(x + 0.5);
    if (t > 0.25) t = 0.5 - t;
    if (t < -0.25) t = -0.5 - t;
    double y = t * 6.283185307179586, y2 = y * y, sum = 0;
    for (int k = 15; k > 1; k -= 2) sum = (sum + 1) * -y2 / (k * (k - 1));
    return y * (sum + 1);
}

/* Two normal numbers of two words. */
static void draw_pair(uint32_t u, uint32_t v, real z[2])
{
    double radius = sqrt(-2 * log(((double)u + 0.5) / 4294967296.0)), turns = (double)v / 4294967296.0;
    z[0] = (real)(radius * sine_of_turns(turns + 0.25));
    z[1] = (real)(radius * sine_of_turns(turns));
}

/* out = in + deviation z, n values of one row. */
static void add_noise(const LayerRun *run, size_t row, real deviation, const real *in, real *out, size_t n)
{
    uint32_t words[4];
    real z[4];
    for (size_t j = 0; j < n; j += 4) {
        uint32_t counter[4] = { (uint32_t)run->step, (uint32_t)(run->step >> 32),
                                (uint32_t)(run->first_row + row), (uint32_t)(j / 4) };
        rng_block(run->key, counter, words);
        draw_pair(words[0], words[1], z);
        draw_pair(words[2], words[3], z + 2);
        for (size_t i = 0; i < 4 && j + i < n; i++) out[j + i] = in[j + i] + deviation * z[i];
    }
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = shape_size(plan->in);
    real deviation = (real)plan->settings[SETTING_DEVIATION];
    if (!run->training || run->still || deviation == 0) {
        memcpy(run->out, run->in, run->batch * n * sizeof(real));
        return;
    }
    for (size_t i = 0; i < run->batch; i++)
        add_noise(run, i, deviation, run->in + i * n, run->out + i * n, n);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    if (run->din) memcpy(run->din, run->dout, run->batch * shape_size(plan->in) * sizeof(real));
}

static const OptionSpec options[] = {
    { .name = "sd",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .min = 0,
      .max = 1e6,
      .help = "standard deviation of what is added in each training batch" },
};

const LayerKind layer_noise = {
    .kind = { .name = "noise",
              .help = "adds normal noise while training",
              .more = "y = x + sd z, z normal with mean 0 and deviation 1; y = x outside of training.\n"
                      "Scale the inputs first, so that one deviation suits them all.\n"
                      "Bishop 1995, Neural Computation 7(1), 108-116.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  noise 0.1\n  dense 32 relu\n  dense 1 sigmoid\nend\n"
                         "summary pd",
              .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
