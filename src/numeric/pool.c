/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling: sample after sample through the table of this processor's instruction set; the generic one. */
#include "numeric/pool.h"

#include <string.h>

#include "numeric/pool_kernels.h"

static void max(real *y, uint16_t *which, const real *x, const PoolShape *s)
{
    for (size_t oy = 0; oy < s->out_height; oy++)
        for (size_t ox = 0; ox < s->out_width; ox++)
            for (size_t c = 0; c < s->channels; c++, y++) {
                const real *window = x + pool_from(s, oy, ox) + c;
                size_t best = 0, place = 0;
                *y = *window;
                for (size_t ty = 0; ty < s->size_y; ty++)
                    for (size_t tx = 0; tx < s->size_x; tx++, place++) {
                        real value = window[(ty * s->width + tx) * s->channels];
                        if (!(value > *y || value != value)) continue;
                        *y = value;
                        best = place;
                    }
                if (which) *which++ = (uint16_t)best;
            }
}

static void max_back(real *dx, const real *dy, const real *y, const uint16_t *which, const PoolShape *s,
                     bool adds)
{
    for (size_t oy = 0; oy < s->out_height; oy++)
        for (size_t ox = 0; ox < s->out_width; ox++)
            for (size_t c = 0; c < s->channels; c++, dy++, which++) {
                real *window = dx + pool_from(s, oy, ox) + c, d = *dy;
                size_t place = 0;
                if (y) d = *y > 0 ? d : *y, y++;
                for (size_t ty = 0; ty < s->size_y; ty++)
                    for (size_t tx = 0; tx < s->size_x; tx++, place++) {
                        real *at = window + (ty * s->width + tx) * s->channels;
                        real part = *which == place ? d : 0;
                        *at = adds ? *at + part : part;
                    }
            }
}

static void mean(real *y, const real *x, const PoolShape *s)
{
    real share = (real)(1 / (double)(s->size_y * s->size_x));
    for (size_t oy = 0; oy < s->out_height; oy++)
        for (size_t ox = 0; ox < s->out_width; ox++)
            for (size_t c = 0; c < s->channels; c++) {
                const real *window = x + pool_from(s, oy, ox) + c;
                real sum = 0;
                for (size_t ty = 0; ty < s->size_y; ty++)
                    for (size_t tx = 0; tx < s->size_x; tx++)
                        sum += window[(ty * s->width + tx) * s->channels];
                *y++ = sum * share;
            }
}

static void mean_back(real *dx, const real *dy, const PoolShape *s, bool adds)
{
    real share = (real)(1 / (double)(s->size_y * s->size_x));
    for (size_t oy = 0; oy < s->out_height; oy++)
        for (size_t ox = 0; ox < s->out_width; ox++)
            for (size_t c = 0; c < s->channels; c++) {
                real *window = dx + pool_from(s, oy, ox) + c, d = *dy++ * share;
                for (size_t ty = 0; ty < s->size_y; ty++)
                    for (size_t tx = 0; tx < s->size_x; tx++) {
                        real *at = window + (ty * s->width + tx) * s->channels;
                        *at = adds ? *at + d : d;
                    }
            }
}

const PoolKernels pool_kernels_generic = { max, max_back, mean, mean_back };

const PoolKernels *pool_kernels(InstructionSet set)
{
#if FNS_X86_SETS
    static const PoolKernels *const tables[SET_COUNT] = { &pool_kernels_generic, &pool_kernels_avx2,
                                                          &pool_kernels_avx512 };
    return set <= target_best() ? tables[set] : NULL;
#else
    return set == SET_GENERIC ? &pool_kernels_generic : NULL;
#endif
}

static size_t size_in(const PoolShape *s)
{
    return s->height * s->width * s->channels;
}

static size_t size_out(const PoolShape *s)
{
    return s->out_height * s->out_width * s->channels;
}

void pool_max(real *y, uint16_t *which, const real *x, size_t n, const PoolShape *s)
{
    const PoolKernels *kernels = pool_kernels(target_best());
    size_t out = size_out(s);
    for (size_t i = 0; i < n; i++)
        kernels->max(y + i * out, which ? which + i * out : NULL, x + i * size_in(s), s);
}

void pool_mean(real *y, const real *x, size_t n, const PoolShape *s)
{
    const PoolKernels *kernels = pool_kernels(target_best());
    for (size_t i = 0; i < n; i++) kernels->mean(y + i * size_out(s), x + i * size_in(s), s);
}

static bool overlap(const PoolShape *s)
{
    return s->stride_y < s->size_y || s->stride_x < s->size_x;
}

/* Whether every value stands in some window, so that nothing has to be set to 0 first. */
static bool cover(const PoolShape *s)
{
    return s->size_y == s->stride_y && s->size_x == s->stride_x && s->out_height * s->size_y == s->height &&
           s->out_width * s->size_x == s->width;
}

void pool_max_back(real *dx, const real *dy, const real *y, const uint16_t *which, size_t n,
                   const PoolShape *s)
{
    const PoolKernels *kernels = pool_kernels(target_best());
    size_t in = size_in(s), out = size_out(s);
    for (size_t i = 0; i < n; i++, dx += in) {
        if (!cover(s)) memset(dx, 0, in * sizeof *dx);
        kernels->max_back(dx, dy + i * out, y ? y + i * out : NULL, which + i * out, s, overlap(s));
    }
}

void pool_mean_back(real *dx, const real *dy, size_t n, const PoolShape *s)
{
    const PoolKernels *kernels = pool_kernels(target_best());
    size_t in = size_in(s), out = size_out(s);
    for (size_t i = 0; i < n; i++, dx += in) {
        if (!cover(s)) memset(dx, 0, in * sizeof *dx);
        kernels->mean_back(dx, dy + i * out, s, overlap(s));
    }
}
