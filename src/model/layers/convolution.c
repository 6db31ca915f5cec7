/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution (cross-correlation) as matrix products over image patches that are addressed where they lie.
 *   Y[oy, ox, f] = b[f] + sum over (ky, kx, c) of X[oy sy + ky dy - top, ox sx + kx dx - left, c] W[ky, kx,
 * c, f] One output row is one product: in a row of X the values of kernel_x neighbouring pixels follow each
 * other, and the rows of a patch are segments of the product. dW of few channels takes patches that are laid
 * out. dX for stride 1 is the same sum over dY with the taps reversed, otherwise dY W^T is added tap by tap.
 * Behind max pooling, most of dY is 0: both gradients are sums over what is not. Only left and right are
 * zeros laid out; rows above and below are left out of the sums. X = (1, 2, 3), one channel, W = (1, 10), b =
 * 0: Y = (21, 32). */
#include "model/layers/convolution.h"

#include <string.h>

#include "model/layers/conv.h"
#include "numeric/vec.h"

/* ---- sums over patches */

/* Sums over patches of a (height, wide, channels) image into an (out_height, out_width, n) one. */
typedef struct Sums {
    const real *x;
    size_t height, wide, channels;
    size_t kernel_y, kernel_x, stride_y, stride_x, dilation_y, dilation_x;
    ptrdiff_t top;
    size_t out_height, out_width;
    const real *b; /* (kernel_y, kernel_x, channels, n) */
    Gemm product;  /* n, ldb, c of the first row, ldc, epilogue, bias, y, ldy, engine */
} Sums;

/* One output row in one product; g is filled in but for what the taps decide. */
static void sum_row(const Sums *s, Gemm *g, const real *x, size_t from, size_t to)
{
    size_t row = s->kernel_x * s->channels;
    g->k = from < to ? row : 0;
    g->segments = to - from;
    g->a = x;
    g->a_segment = s->dilation_y * s->wide * s->channels;
    g->b = s->b + from * row * g->n;
    real_gemm(g);
}

/* Pixels of a dilated kernel do not follow each other: one product for each of its rows. */
static void sum_row_dilated(const Sums *s, Gemm *g, const real *x, size_t from, size_t to)
{
    g->segments = s->kernel_x;
    g->k = from < to ? s->channels : 0;
    g->a_segment = s->dilation_x * s->channels;
    for (size_t ky = from; ky < to || ky == from; ky++) {
        g->a = x + (ky - from) * s->dilation_y * s->wide * s->channels;
        g->b = s->b + ky * s->kernel_x * s->channels * g->n;
        g->bias = ky == from ? s->product.bias : NULL;
        g->epilogue = ky + 1 >= to ? s->product.epilogue : g->bias ? EPILOGUE_BIAS : EPILOGUE_NONE;
        g->accumulate = ky > from;
        real_gemm(g);
    }
}

static void sum_patches(const Sums *s)
{
    bool pixels = s->dilation_x > 1 && s->kernel_x > 1;
    Gemm g = s->product;
    g.m = s->out_width;
    g.a_row = s->stride_x * s->channels;
    g.a_col = 1;
    for (size_t oy = 0; oy < s->out_height; oy++) {
        size_t from, to;
        ptrdiff_t first = (ptrdiff_t)(oy * s->stride_y) - s->top;
        conv_meet(first, s->dilation_y, s->kernel_y, s->height, &from, &to);
        size_t begin = from < to ? (size_t)(first + (ptrdiff_t)(from * s->dilation_y)) : 0;
        const real *x = s->x + begin * s->wide * s->channels;
        if (pixels)
            sum_row_dilated(s, &g, x, from, to);
        else
            sum_row(s, &g, x, from, to);
        g.c += s->out_width * g.ldc;
        if (g.y) g.y += s->out_width * g.ldy;
    }
}

/* ---- forward */

/* The input with its zeros left and right; `in` itself where there are none. */
static const real *pad(const Conv *c, const real *in, real *padded)
{
    size_t row = c->width * c->channels, wide = c->wide * c->channels, left = c->left * c->channels;
    if (!conv_size_padded(c)) return in;
    for (size_t y = 0; y < c->height; y++, padded += wide, in += row) {
        memset(padded, 0, left * sizeof *padded);
        memcpy(padded + left, in, row * sizeof *padded);
        memset(padded + left + row, 0, (wide - left - row) * sizeof *padded);
    }
    return padded - c->height * wide;
}

static void forward_sample(const Conv *c, const real *x, Gemm product)
{
    sum_patches(&(Sums){ .x = x,
                         .height = c->height,
                         .wide = c->wide,
                         .channels = c->channels,
                         .kernel_y = c->kernel_y,
                         .kernel_x = c->kernel_x,
                         .stride_y = c->stride_y,
                         .stride_x = c->stride_x,
                         .dilation_y = c->dilation_y,
                         .dilation_x = c->dilation_x,
                         .top = (ptrdiff_t)c->top,
                         .out_height = c->out_height,
                         .out_width = c->out_width,
                         .b = product.b,
                         .product = product });
}

void conv_forward(const LayerPlan *plan, const LayerRun *run)
{
    Conv c = conv_read(plan);
    const ActivationKind *activation = plan->activation;
    bool relu = activation->is_relu && !run->bare;
    bool keep = activation->needs_input && !run->bare && run->training;
    const real *bias = c.bias ? run->weights + c.taps * c.filters : NULL;
    Gemm product = { .n = c.filters,
                     .b = run->weights,
                     .ldb = c.filters,
                     .ldc = c.filters,
                     .epilogue = relu   ? EPILOGUE_BIAS_RELU
                                 : bias ? EPILOGUE_BIAS
                                        : EPILOGUE_NONE,
                     .bias = bias,
                     .engine = run->engine };
    for (size_t i = 0; i < run->batch; i++) {
        real *cache = run->cache ? run->cache + i * plan->cache_per_row : NULL;
        real *padded = run->training ? cache : run->scratch;
        real *out = run->out + i * conv_size_out(&c);
        product.c = keep ? cache + conv_size_padded(&c) : out;
        forward_sample(&c, pad(&c, run->in + i * conv_size_in(&c), padded), product);
        if (!relu && !run->bare && !activation->identity)
            activation->forward(out, product.c, conv_positions(&c), c.filters, plan->alpha);
    }
}

/* ---- backward */

/* dY with zeros left and right, so that reversed taps find a value wherever they look; the zeros stand there.
 */
static const real *spread(const Conv *c, const real *dy, real *wide)
{
    size_t row = c->out_width * c->filters, next = conv_wide_back(c) * c->filters;
    if (c->kernel_x == 1) return dy;
    real *at = wide + (conv_reach(c->kernel_x, c->dilation_x) - 1 - c->left) * c->filters;
    for (size_t y = 0; y < c->out_height; y++) memcpy(at + y * next, dy + y * row, row * sizeof *dy);
    return wide;
}

/* dX of stride 1: tap (ky, kx) of the sum over dY is tap (kernel - 1 - ky, kernel - 1 - kx) of W. */
static void reverse_sample(const Conv *c, const real *dy, Gemm product)
{
    sum_patches(&(Sums){ .x = dy,
                         .height = c->out_height,
                         .wide = conv_wide_back(c),
                         .channels = c->filters,
                         .kernel_y = c->kernel_y,
                         .kernel_x = c->kernel_x,
                         .stride_y = 1,
                         .stride_x = 1,
                         .dilation_y = c->dilation_y,
                         .dilation_x = c->dilation_x,
                         .top = (ptrdiff_t)(conv_reach(c->kernel_y, c->dilation_y) - 1) - (ptrdiff_t)c->top,
                         .out_height = c->height,
                         .out_width = c->width,
                         .b = product.b,
                         .product = product });
}

/* Positions from <= ox < to whose tap kx lies inside the row. */
static void inside(const Conv *c, size_t kx, size_t *from, size_t *to)
{
    ptrdiff_t first = (ptrdiff_t)(kx * c->dilation_x) - (ptrdiff_t)c->left;
    conv_meet(first, c->stride_x, c->out_width, c->width, from, to);
}

/* dX of longer strides: row oy of dY times the transposed filters of a tap, added where the tap looked. */
static void scatter_tap(const Conv *c, const real *dy, real *dx, size_t ky, size_t kx, Gemm g)
{
    size_t from, to, tap = (c->kernel_y - 1 - ky) * c->kernel_x + c->kernel_x - 1 - kx;
    inside(c, kx, &from, &to);
    g.m = to - from;
    g.k = c->filters;
    g.a_row = c->filters;
    g.a_col = 1;
    g.b += tap * c->filters * c->channels;
    g.ldc = c->stride_x * c->channels;
    g.accumulate = true;
    for (size_t oy = 0; oy < c->out_height; oy++) {
        size_t y = oy * c->stride_y + ky * c->dilation_y - c->top; /* wraps above the first row */
        if (y >= c->height || from == to) continue;
        g.a = dy + (oy * c->out_width + from) * c->filters;
        g.c = dx + (y * c->width + from * c->stride_x + kx * c->dilation_x - c->left) * c->channels;
        real_gemm(&g);
    }
}

static void scatter_sample(const Conv *c, const real *dy, Gemm product)
{
    Gemm g = product;
    g.epilogue = EPILOGUE_NONE;
    g.y = NULL;
    memset(product.c, 0, conv_size_in(c) * sizeof(real));
    for (size_t ky = 0; ky < c->kernel_y; ky++)
        for (size_t kx = 0; kx < c->kernel_x; kx++) scatter_tap(c, dy, product.c, ky, kx, g);
    if (product.y) vec_relu_back(product.c, product.c, product.y, conv_size_in(c));
}

static void sparse_sample(const Conv *c, const real *dy, Gemm product)
{
    Patches patches = conv_patches(c);
    memset(product.c, 0, conv_size_in(c) * sizeof(real));
    sparse_add_inputs(product.c, dy, product.b, &patches);
    if (product.y) vec_relu_back(product.c, product.c, product.y, conv_size_in(c));
}

static void input_gradients(const LayerPlan *plan, const Conv *c, const LayerRun *run, size_t i)
{
    const real *dy = run->dout + i * conv_size_out(c);
    Gemm product = { .n = c->channels,
                     .b = run->transposed,
                     .ldb = c->channels,
                     .c = run->din + i * conv_size_in(c),
                     .ldc = c->channels,
                     .epilogue = plan->gives_relu_back ? EPILOGUE_RELU_BACK : EPILOGUE_NONE,
                     .y = plan->gives_relu_back ? run->in + i * conv_size_in(c) : NULL,
                     .ldy = c->channels,
                     .engine = run->engine };
    if (plan->sparse_dout && conv_can_be_sparse(c))
        sparse_sample(c, dy, product);
    else if (conv_reverses(c))
        reverse_sample(c, spread(c, dy, run->scratch), product);
    else
        scatter_sample(c, dy, product);
}

void conv_backward(const LayerPlan *plan, const LayerRun *run)
{
    Conv c = conv_read(plan);
    const ActivationKind *activation = plan->activation;
    bool bends = !run->bare && !activation->identity && !plan->gets_relu_back;
    if (run->din && conv_reverses(&c) && c.kernel_x > 1)
        memset(run->scratch, 0, c.out_height * conv_wide_back(&c) * c.filters * sizeof(real));
    for (size_t i = 0; i < run->batch; i++) {
        real *dy = run->dout + i * conv_size_out(&c);
        const real *z =
            activation->needs_input ? run->cache + i * plan->cache_per_row + conv_size_padded(&c) : NULL;
        if (bends)
            activation->backward(dy, dy, run->out + i * conv_size_out(&c), z, conv_positions(&c), c.filters,
                                 plan->alpha);
        if (run->din) input_gradients(plan, &c, run, i);
    }
}

/* Each tap's (channels, filters) turned, the taps in reverse; for sparse gradients all of it turned. */
void conv_transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts)
{
    Conv c = conv_read(plan);
    if (plan->sparse_dout && conv_can_be_sparse(&c)) {
        vec_transpose(transposed, weights, c.taps, c.filters, part, parts);
        return;
    }
    size_t pixels = c.kernel_y * c.kernel_x, size = c.channels * c.filters;
    for (size_t tap = 0; tap < pixels; tap++)
        vec_transpose(transposed + (pixels - 1 - tap) * size, weights + tap * size, c.channels, c.filters,
                      part, parts);
}
