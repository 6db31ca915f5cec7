/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What maxpool and avgpool share: windows over a series or an image, by the rank of what comes in. */
#ifndef FNS_MODEL_LAYERS_POOLING_H
#define FNS_MODEL_LAYERS_POOLING_H

#include "model/layer.h"
#include "numeric/pool.h"

#define POOL_OPTIONS                                                                                         \
    { .name = "size",                                                                                        \
      .type = OPTION_INTEGER,                                                                                \
      .flags = OPTION_POSITIONAL | OPTION_LIST,                                                              \
      .initial = "2",                                                                                        \
      .min = 1,                                                                                              \
      .max = POOL_WINDOW_MAX,                                                                                \
      .help = "steps of a window; of an image height and width, one number for both" },                      \
    {                                                                                                        \
        .name = "stride", .type = OPTION_INTEGER, .flags = OPTION_LIST, .min = 1, .max = POOL_WINDOW_MAX,    \
        .help = "how far the window moves; its own size otherwise"                                           \
    }

/* Reads the options, sets out. Errors: shapes, a window longer than what comes in, more than POOL_WINDOW_MAX
 * values in a window. */
bool pooling_shape(LayerPlan *plan, Err *err);
/* Windows that lie in the first n steps. */
size_t pooling_steps(const LayerPlan *plan, size_t n);
PoolShape pooling_read(const LayerPlan *plan);

#endif
