/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights of a net as a table of statistics and as charts; the same for text and full screen. */
#ifndef FNS_LANG_WEIGHTS_REPORT_H
#define FNS_LANG_WEIGHTS_REPORT_H

#include "lang/result.h"
#include "model/net.h"

/* Adds to the result: the table of tensors of `layer` (NULL: all), and by `view` ("heat", "hinton",
 * "hist", "table") their charts. The net has weights. */
void weights_report(Result *result, const Net *net, const char *layer, const char *view);
/* One tensor as the chart of a view; memory from the arena. A vector, or the matrix of one unit, is one row;
 * more dimensions than two are folded into rows. */
Chart *weights_report_chart(Arena *arena, const TensorStats *tensor, const char *view);
/* Rows and columns that a tensor is shown as. */
void weights_report_shape(const TensorStats *tensor, size_t *rows, size_t *columns);

#endif
