/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of the filters: dW[ky, kx, c, f] = sum over samples and positions of X[oy sy + ky dy - top, ox sx
 * + kx dx
 * - left, c] dY[oy, ox, f]. Of few channels by patches laid out, behind max pooling from the values of dY
 * that are not 0, otherwise in place: a row of the kernel is contiguous in X, and the rows of dY are
 * segments. */
#include <string.h>

#include "model/layers/conv.h"
#include "model/layers/convolution.h"
#include "numeric/vec.h"

/* Blocks of a size that the compiler knows; a call of memcpy costs more than a row of an image. */
static void lay_row(real *out, const real *x, size_t n, size_t step)
{
    enum { BLOCK = 16 };
    size_t i = 0;
    if (step == 1)
        for (; i + BLOCK <= n; i += BLOCK) memcpy(out + i, x + i, BLOCK * sizeof *out);
    if (i > 0 && i < n) {
        memcpy(out + n - BLOCK, x + n - BLOCK, BLOCK * sizeof *out);
        return;
    }
    for (; i < n; i++) out[i] = x[i * step];
}

/* Rows from <= r < to of (taps + 1, positions): what each tap sees at each position, then ones. */
static void lay_patches(const Conv *c, const real *x, real *out, size_t from, size_t to)
{
    size_t row = c->kernel_x * c->channels, step = c->stride_x * c->channels;
    for (size_t r = from; r < to; r++) {
        real *line = out + r * conv_positions(c);
        size_t ky = r / row, kx = r % row / c->channels, channel = r % c->channels;
        if (r == c->taps) {
            for (size_t i = 0; i < conv_positions(c); i++) line[i] = 1;
            continue;
        }
        for (size_t oy = 0; oy < c->out_height; oy++, line += c->out_width) {
            size_t y = oy * c->stride_y + ky * c->dilation_y - c->top; /* wraps above the first row */
            if (y < c->height)
                lay_row(line, x + (y * c->wide + kx * c->dilation_x) * c->channels + channel, c->out_width,
                        step);
            else
                memset(line, 0, c->out_width * sizeof *line);
        }
    }
}

/* Rows from <= r < to of dW from patches laid out; the row of ones makes db, which follows W. */
static void gradients_laid_out(const Conv *c, const LayerRun *run, const real *x, Gemm g, size_t from,
                               size_t to)
{
    lay_patches(c, x, run->scratch, from, to);
    g.m = to - from;
    g.k = conv_positions(c);
    g.a = run->scratch + from * conv_positions(c);
    g.a_row = conv_positions(c);
    g.a_col = 1;
    g.c += from * c->filters;
    real_gemm(&g);
}

/* Rows from <= r < to of dW of a stretch of taps (one row of the kernel, or one pixel of a dilated one) that
 * begins at row `first` and at pixel (ky, kx); x + column of a patch is contiguous in it. */
static void gradients_of_stretch(const Conv *c, const real *x, Gemm g, size_t ky, size_t kx, size_t first,
                                 size_t from, size_t to)
{
    ptrdiff_t y = (ptrdiff_t)(ky * c->dilation_y) - (ptrdiff_t)c->top;
    size_t begin, end;
    conv_meet(y, c->stride_y, c->out_height, c->height, &begin, &end);
    size_t row = begin < end ? (size_t)(y + (ptrdiff_t)(begin * c->stride_y)) : 0;
    g.m = to - from;
    g.k = begin < end ? c->out_width : 0;
    g.segments = end - begin;
    g.a = x + (row * c->wide + kx * c->dilation_x) * c->channels + from - first;
    g.a_row = 1;
    g.a_col = c->stride_x * c->channels;
    g.a_segment = c->stride_y * c->wide * c->channels;
    g.b += begin * c->out_width * c->filters;
    g.c += from * c->filters;
    real_gemm(&g);
}

static void gradients_in_place(const Conv *c, const real *x, Gemm g, size_t from, size_t to)
{
    bool pixels = c->dilation_x > 1 && c->kernel_x > 1;
    size_t length = pixels ? c->channels : c->kernel_x * c->channels;
    for (size_t first = from / length * length; first < to; first += length) {
        size_t stretch = first / length, begin = first > from ? first : from;
        size_t end = first + length < to ? first + length : to;
        size_t ky = pixels ? stretch / c->kernel_x : stretch, kx = pixels ? stretch % c->kernel_x : 0;
        gradients_of_stretch(c, x, g, ky, kx, first, begin, end);
    }
}

/* The share of filters, in whole vectors, is summed as (filters, taps) and then turned. */
static void gradients_sparse(const Conv *c, const LayerRun *run, int part, int parts)
{
    Patches patches = conv_patches(c);
    size_t blocks = (c->filters + SPARSE_LENGTH - 1) / SPARSE_LENGTH;
    size_t from = share_begin(blocks, part, parts) * SPARSE_LENGTH;
    size_t to = share_begin(blocks, part + 1, parts) * SPARSE_LENGTH;
    real *turned = run->fixed;
    if (to > c->filters) to = c->filters;
    if (from >= to) return;
    memset(turned + from * c->taps, 0, (to - from) * c->taps * sizeof *turned);
    for (size_t i = 0; i < run->batch; i++)
        sparse_add_filters(turned, run->dout + i * conv_size_out(c), run->in + i * conv_size_in(c), &patches,
                           from, to);
    for (size_t tap = 0; tap < c->taps; tap++)
        for (size_t f = from; f < to; f++) run->gradients[tap * c->filters + f] = turned[f * c->taps + tap];
}

void conv_gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Conv c = conv_read(plan);
    if (plan->sparse_dout && conv_can_be_sparse(&c)) {
        gradients_sparse(&c, run, part, parts);
        if (c.bias && part == 0)
            vec_column_sums(run->gradients + c.taps * c.filters, run->dout, run->batch * conv_positions(&c),
                            c.filters, 0);
        return;
    }
    bool laid_out = conv_lays_out(&c);
    size_t rows = laid_out && c.bias ? c.taps + 1 : c.taps;
    size_t from = share_begin(rows, part, parts), to = share_begin(rows, part + 1, parts);
    Gemm g = {
        .n = c.filters, .ldb = c.filters, .c = run->gradients, .ldc = c.filters, .engine = run->engine
    };
    for (size_t i = 0; i < run->batch; i++) {
        const real *x =
            conv_size_padded(&c) ? run->cache + i * plan->cache_per_row : run->in + i * conv_size_in(&c);
        g.b = run->dout + i * conv_size_out(&c);
        g.accumulate = i > 0;
        if (laid_out)
            gradients_laid_out(&c, run, x, g, from, to);
        else
            gradients_in_place(&c, x, g, from, to);
        if (c.bias && !laid_out && part == 0)
            vec_column_sums(run->gradients + c.taps * c.filters, g.b, conv_positions(&c), c.filters, i > 0);
    }
}
