/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling in vectors of channels; compiled for each set by pool_avx2.c and pool_avx512.c, which define
 * POOL_TABLE. */
#include "numeric/pool_kernels.h"
#include "numeric/simd.h"

typedef uint16_t Places __attribute__((vector_size(2 * LANES)));
typedef uint16_t UnalignedPlaces __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

INLINE V select_lanes(I take, V yes, V no)
{
    return (V)((take & (I)yes) | (~take & (I)no));
}

INLINE void put_places(uint16_t *out, I places, size_t n)
{
    Places narrow = __builtin_convertvector(places, Places);
    if (n >= LANES)
        *(UnalignedPlaces *)out = narrow;
    else
        memcpy(out, &narrow, n * sizeof *out);
}

INLINE I get_places(const uint16_t *in, size_t n)
{
    Places narrow = { 0 };
    if (n >= LANES)
        narrow = *(const UnalignedPlaces *)in;
    else
        memcpy(&narrow, in, n * sizeof *in);
    return __builtin_convertvector(narrow, I);
}

/* Of the window that begins at x, all channels. */
INLINE void max_window(float *y, uint16_t *which, const float *x, const PoolShape *s)
{
    FOR_VECTORS(i, s->channels, {
        V best = GET(x);
        I places = { 0 };
        int32_t place = 0;
        for (size_t ty = 0; ty < s->size_y; ty++)
            for (size_t tx = 0; tx < s->size_x; tx++, place++) {
                V value = GET(x + (ty * s->width + tx) * s->channels);
                I take = (value > best) | (value != value);
                best = select_lanes(take, value, best);
                places = (take & place) | (~take & places);
            }
        PUT(y, best);
        if (which) put_places(which + i, places, s->channels - i);
    });
}

TARGET static void max(float *y, uint16_t *which, const float *x, const PoolShape *shape)
{
    const PoolShape s = *shape;
    for (size_t oy = 0; oy < s.out_height; oy++)
        for (size_t ox = 0; ox < s.out_width; ox++, y += s.channels) {
            max_window(y, which, x + pool_from(&s, oy, ox), &s);
            if (which) which += s.channels;
        }
}

INLINE void max_window_back(float *dx, const float *dy, const float *y, const uint16_t *which,
                            const PoolShape *s, const bool adds)
{
    FOR_VECTORS(i, s->channels, {
        V d = GET(dy);
        if (y) {
            V output = GET(y);
            d = pick(less(splat(0.0f), output), d, output);
        }
        I places = get_places(which + i, s->channels - i);
        int32_t place = 0;
        for (size_t ty = 0; ty < s->size_y; ty++)
            for (size_t tx = 0; tx < s->size_x; tx++, place++) {
                float *at = dx + (ty * s->width + tx) * s->channels;
                V part = (V)((places == place) & (I)d);
                if (adds) part += GET(at);
                PUT(at, part);
            }
    });
}

TARGET static void max_back(float *dx, const float *dy, const float *y, const uint16_t *which,
                            const PoolShape *shape, bool adds)
{
    const PoolShape s = *shape;
    for (size_t oy = 0; oy < s.out_height; oy++)
        for (size_t ox = 0; ox < s.out_width; ox++) {
            float *window = dx + pool_from(&s, oy, ox);
            if (adds)
                max_window_back(window, dy, y, which, &s, true);
            else
                max_window_back(window, dy, y, which, &s, false);
            dy += s.channels;
            which += s.channels;
            if (y) y += s.channels;
        }
}

TARGET static void mean(float *y, const float *x, const PoolShape *shape)
{
    const PoolShape s = *shape;
    const float share = (float)(1 / (double)(s.size_y * s.size_x));
    for (size_t oy = 0; oy < s.out_height; oy++)
        for (size_t ox = 0; ox < s.out_width; ox++, y += s.channels) {
            const float *window = x + pool_from(&s, oy, ox);
            FOR_VECTORS(i, s.channels, {
                V sum = { 0 };
                for (size_t ty = 0; ty < s.size_y; ty++)
                    for (size_t tx = 0; tx < s.size_x; tx++)
                        sum += GET(window + (ty * s.width + tx) * s.channels);
                PUT(y, sum * share);
            });
        }
}

TARGET static void mean_back(float *dx, const float *dy, const PoolShape *shape, bool adds)
{
    const PoolShape s = *shape;
    const float share = (float)(1 / (double)(s.size_y * s.size_x));
    for (size_t oy = 0; oy < s.out_height; oy++)
        for (size_t ox = 0; ox < s.out_width; ox++, dy += s.channels) {
            float *window = dx + pool_from(&s, oy, ox);
            FOR_VECTORS(i, s.channels, {
                V d = GET(dy) * share;
                for (size_t ty = 0; ty < s.size_y; ty++)
                    for (size_t tx = 0; tx < s.size_x; tx++) {
                        float *at = window + (ty * s.width + tx) * s.channels;
                        PUT(at, adds ? GET(at) + d : d);
                    }
            });
        }
}

const PoolKernels POOL_TABLE = { max, max_back, mean, mean_back };
