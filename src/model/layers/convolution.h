/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What conv1d and conv2d share: a series is an image of height 1. Samples are (height, width, channels),
 * filters (kernel_y, kernel_x, channels, filters). All but the gradients of the filters is row by row of the
 * batch; these are split by rows of the (kernel_y * kernel_x * channels, filters) matrix, every element being
 * one chain over samples and positions: the same bits for any number of threads. */
#ifndef FNS_MODEL_LAYERS_CONVOLUTION_H
#define FNS_MODEL_LAYERS_CONVOLUTION_H

#include "model/init.h"
#include "model/layer.h"

#define CONV_MOST 10000 /* of kernel, stride and dilation */

#define CONV_NUMBER(option, first, list, text)                                                               \
    {                                                                                                        \
        .name = option, .type = OPTION_INTEGER, .flags = list, .initial = first, .min = 1, .max = CONV_MOST, \
        .help = text                                                                                         \
    }
/* The options that both kinds have; list is OPTION_LIST where height and width may differ. */
#define CONV_OPTIONS(list, padding_words)                                                                    \
    { .name = "filters",                                                                                     \
      .type = OPTION_INTEGER,                                                                                \
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,                                                          \
      .min = 1,                                                                                              \
      .max = 1e6,                                                                                            \
      .help = "number of filters: channels of the output" },                                                 \
        { .name = "activation",                                                                              \
          .type = OPTION_KIND,                                                                               \
          .flags = OPTION_POSITIONAL,                                                                        \
          .initial = "linear",                                                                               \
          .kinds = &activation_kinds,                                                                        \
          .help = "what is applied to the sums" },                                                           \
        CONV_NUMBER("kernel", "3", list, "size of a filter"),                                                \
        CONV_NUMBER("stride", "1", list, "how far a filter moves from one output to the next"),              \
        CONV_NUMBER("dilation", "1", list, "distance between the inputs that a filter sees"),                \
        { .name = "padding",                                                                                 \
          .type = OPTION_WORD,                                                                               \
          .words = padding_words,                                                                            \
          .initial = "valid",                                                                                \
          .help = "zeros around the input: valid has none, same keeps the size" },                           \
        { .name = "bias", .type = OPTION_BOOL, .initial = "on", .help = "whether b is there" },              \
        { .name = "l2",                                                                                      \
          .type = OPTION_NUMBER,                                                                             \
          .initial = "0",                                                                                    \
          .min = 0,                                                                                          \
          .max = 1e6,                                                                                        \
          .help = "penalty: half of l2 times the sum of squared weights" },                                  \
    {                                                                                                        \
        .name = "init", .type = OPTION_WORD, .words = INIT_WORDS,                                            \
        .help = "first weights; he after relu and its kin, glorot otherwise"                                 \
    }

/* The `shape` function of a kind with `dims` (1 or 2) dimensions; words says what it needs ("(steps,
 * channels)"). */
bool conv_shape(LayerPlan *plan, int dims, const char *words, Err *err);
size_t conv_steps(const LayerPlan *plan, size_t n);
void conv_init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed);
void conv_forward(const LayerPlan *plan, const LayerRun *run);
void conv_backward(const LayerPlan *plan, const LayerRun *run);
void conv_gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts);
void conv_transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts);

#endif
