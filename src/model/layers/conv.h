/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The geometry of one convolution, as its parts (shape, products, gradients) see it. */
#ifndef FNS_MODEL_LAYERS_CONV_H
#define FNS_MODEL_LAYERS_CONV_H

#include "model/layer.h"
#include "numeric/sparse.h"

/* Places in LayerPlan.settings. */
enum {
    CONV_KERNEL_Y,
    CONV_KERNEL_X,
    CONV_STRIDE_Y,
    CONV_STRIDE_X,
    CONV_DILATION_Y,
    CONV_DILATION_X,
    CONV_TOP,
    CONV_LEFT,
    CONV_WIDE,
    CONV_BIAS,
    CONV_INIT
};
enum { SHORT_ROW = 16 }; /* dW of a kernel row of fewer values takes patches laid out */

typedef struct Conv {
    size_t height, width, channels;
    size_t kernel_y, kernel_x, stride_y, stride_x, dilation_y, dilation_x;
    size_t top, left; /* zeros above, and before each row */
    size_t wide;      /* of a row with its zeros */
    size_t out_height, out_width, filters;
    size_t taps; /* kernel_y * kernel_x * channels */
    bool bias;
} Conv;

static inline size_t conv_setting(const LayerPlan *plan, int i)
{
    return (size_t)plan->settings[i];
}

/* The output has as many dimensions as the kind; the input may lack its one channel. */
static inline Conv conv_read(const LayerPlan *plan)
{
    const Shape *out = &plan->out;
    bool series = out->n_dims == 2;
    Conv conv = { .height = series ? 1 : plan->in.dims[0],
                  .width = plan->in.dims[series ? 0 : 1],
                  .channels = plan->in.n_dims == out->n_dims ? plan->in.dims[out->n_dims - 1] : 1,
                  .kernel_y = conv_setting(plan, CONV_KERNEL_Y),
                  .kernel_x = conv_setting(plan, CONV_KERNEL_X),
                  .stride_y = conv_setting(plan, CONV_STRIDE_Y),
                  .stride_x = conv_setting(plan, CONV_STRIDE_X),
                  .dilation_y = conv_setting(plan, CONV_DILATION_Y),
                  .dilation_x = conv_setting(plan, CONV_DILATION_X),
                  .top = conv_setting(plan, CONV_TOP),
                  .left = conv_setting(plan, CONV_LEFT),
                  .wide = conv_setting(plan, CONV_WIDE),
                  .out_height = series ? 1 : out->dims[0],
                  .out_width = out->dims[series ? 0 : 1],
                  .filters = out->dims[out->n_dims - 1],
                  .bias = conv_setting(plan, CONV_BIAS) };
    conv.taps = conv.kernel_y * conv.kernel_x * conv.channels;
    return conv;
}

static inline size_t conv_size_in(const Conv *c)
{
    return c->height * c->width * c->channels;
}

static inline size_t conv_positions(const Conv *c)
{
    return c->out_height * c->out_width;
}

static inline size_t conv_size_out(const Conv *c)
{
    return conv_positions(c) * c->filters;
}

static inline size_t conv_size_padded(const Conv *c)
{
    return c->wide > c->width ? c->height * c->wide * c->channels : 0;
}

static inline bool conv_lays_out(const Conv *c)
{
    return c->kernel_y > 1 && c->kernel_x * c->channels < SHORT_ROW;
}

static inline bool conv_reverses(const Conv *c)
{
    return c->stride_y == 1 && c->stride_x == 1;
}

static inline size_t conv_reach(size_t kernel, size_t dilation)
{
    return (kernel - 1) * dilation + 1;
}

/* A row of dY with zeros on both sides, for dX by reversed taps. */
static inline size_t conv_wide_back(const Conv *c)
{
    return c->width + conv_reach(c->kernel_x, c->dilation_x) - 1;
}

/* Whether gradients can be taken from the values of dY that are not 0 alone: patches are whole vectors, and
 * lie inside the image. */
static inline bool conv_can_be_sparse(const Conv *c)
{
    return c->wide == c->width && c->top == 0 && (c->dilation_x == 1 || c->kernel_x == 1) &&
           (c->out_height - 1) * c->stride_y + conv_reach(c->kernel_y, c->dilation_y) <= c->height &&
           c->kernel_x * c->channels % SPARSE_LENGTH == 0;
}

static inline Patches conv_patches(const Conv *c)
{
    return (Patches){ .rows = c->out_height,
                      .columns = c->out_width,
                      .filters = c->filters,
                      .runs = c->kernel_y,
                      .length = c->kernel_x * c->channels,
                      .row_step = c->stride_y * c->width * c->channels,
                      .column_step = c->stride_x * c->channels,
                      .run_step = c->dilation_y * c->width * c->channels };
}

/* The rows of the kernel, from <= ky < to, that meet rows of an image of this height. */
static inline void conv_meet(ptrdiff_t first, size_t dilation, size_t kernel, size_t height, size_t *from,
                             size_t *to)
{
    ptrdiff_t step = (ptrdiff_t)dilation, last = (ptrdiff_t)height - 1 - first;
    *from = 0;
    *to = kernel;
    if (first >= 0 && (ptrdiff_t)(kernel - 1) * step <= last) return; /* mostly, and without a division */
    *from = first < 0 ? (size_t)((-first + step - 1) / step) : 0;
    *to = last < 0 ? 0 : (size_t)(last / step) + 1;
    if (*to > kernel) *to = kernel;
    if (*from > *to) *from = *to;
}

#endif
