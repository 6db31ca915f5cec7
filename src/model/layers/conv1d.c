/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv1d: Y[t, f] = f(b[f] + sum over (k, c) of X[t stride + k dilation - left, c] W[k, c, f]), X (steps,
 * channels), W (kernel, channels, filters). LeCun et al. 1989; causal: van den Oord et al. 2016. The product
 * is in convolution.c, with a known value. */
#include "model/layers/convolution.h"

static bool shape(LayerPlan *plan, Err *err)
{
    return conv_shape(plan, 1, "(steps, channels)", err);
}

static const OptionSpec options[] = { CONV_OPTIONS(0, "valid|same|causal") };

const LayerKind layer_conv1d = {
    .kind = { .name = "conv1d",
              .help = "convolution over a series: filters that see `kernel` steps at a time",
              .more = "Y[t, f] = f(b[f] + sum over k, c of X[t stride + k dilation - left, c] W[k, c, f]);\n"
                      "X (steps, channels), W (kernel, channels, filters), Y (out, filters); a plain row of "
                      "numbers is a series of one channel.\n"
                      "padding=valid: out = (steps - (kernel - 1) dilation - 1) / stride + 1;\n"
                      "same and causal: out = steps / stride, rounded up; with causal an output never sees a "
                      "later step.\n"
                      "LeCun et al. 1989, Neural Computation 1; causal: van den Oord et al. 2016.",
              KIND_OPTIONS(options),
              .example =
                  "net pd\n  input 64 8\n  conv1d 32 relu kernel=5\n  maxpool 2\n"
                  "  conv1d 64 relu kernel=5\n  globalpool average\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .shape = shape,
    .steps = conv_steps,
    .init = conv_init,
    .forward = conv_forward,
    .backward = conv_backward,
    .gradients = conv_gradients,
    .by_halves = true,
    .transpose = conv_transpose,
    .fuses_relu_back = true,
};
