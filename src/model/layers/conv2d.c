/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv2d: Y[y, x, f] = f(b[f] + sum over (i, j, c) of X[y stride + i dilation - top, x stride + j dilation -
 * left, c] W[i, j, c, f]), X (height, width, channels). LeCun et al. 1998. The product is in convolution.c.
 */
#include "model/layers/convolution.h"

static bool shape(LayerPlan *plan, Err *err)
{
    return conv_shape(plan, 2, "(height, width, channels)", err);
}

static const OptionSpec options[] = { CONV_OPTIONS(OPTION_LIST, "valid|same") };

const LayerKind layer_conv2d = {
    .kind = { .name = "conv2d",
              .help = "convolution over an image: filters that see a window of it at a time",
              .more = "Y[y, x, f] = f(b[f] + sum over i, j, c of\n"
                      "  X[y stride + i dilation - top, x stride + j dilation - left, c] W[i, j, c, f]);\n"
                      "X (height, width, channels), W (kernel, kernel, channels, filters); (height, width) "
                      "is an image of one channel. kernel, stride and dilation take one number, or "
                      "height,width.\n"
                      "padding=valid: out = (in - (kernel - 1) dilation - 1) / stride + 1; same: out = in / "
                      "stride, rounded up. LeCun et al. 1998, Proc. IEEE 86.",
              KIND_OPTIONS(options),
              .example = "net digit\n  input 28 28 1\n  conv2d 16 relu kernel=3\n  maxpool 2\n"
                         "  conv2d 32 relu kernel=3\n  maxpool 2\n  flatten\n  dense 10 softmax\nend\n"
                         "summary digit",
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
