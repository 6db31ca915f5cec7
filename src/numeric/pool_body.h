/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling in vectors of channels; compiled for each set by pool_avx2.c and pool_avx512.c, which define
 * POOL_TABLE. */
#include "numeric/pool_kernels.h"
#include "numeric/simd.h"

typedef uint16_t Places __attribute__((vector_size(2 * LANES)));
typedef uint16_t UnalignedPlaces __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

/* value where it is above best or NaN, and its place with it. */
INLINE void take_larger(V *best, I *places, V value, int32_t place)
{
#ifdef SIMD_AVX512
    __m512 x = (__m512)value;
    Cond take = _mm512_cmp_ps_mask(x, (__m512)*best, _CMP_GT_OQ) | _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    *best = pick(take, value, *best);
    *places = (I)_mm512_mask_set1_epi32((__m512i)*places, take, place);
#else
    I take = (value > *best) | (value != value);
    *best = (V)((take & (I)value) | (~take & (I)*best));
    *places = (take & place) | (~take & *places);
#endif
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
INLINE void max_window(float *y, uint16_t *which, const float *x, const PoolShape *s, const size_t tall,
                       const size_t wide)
{
    FOR_VECTORS(i, s->channels, {
        V best = GET(x);
        I places = { 0 };
        int32_t place = 0;
        for (size_t ty = 0; ty < tall; ty++)
            for (size_t tx = 0; tx < wide; tx++, place++)
                take_larger(&best, &places, GET(x + (ty * s->width + tx) * s->channels), place);
        PUT(y, best);
        if (which) put_places(which + i, places, s->channels - i);
    });
}

TARGET static void max(float *y, uint16_t *which, const float *x, const PoolShape *shape)
{
    const PoolShape s = *shape;
    for (size_t oy = 0; oy < s.out_height; oy++)
        for (size_t ox = 0; ox < s.out_width; ox++, y += s.channels) {
            const float *window = x + pool_from(&s, oy, ox);
            if (s.size_y == 2 && s.size_x == 2)
                max_window(y, which, window, &s, 2, 2);
            else if (s.size_y == 1 && s.size_x == 2)
                max_window(y, which, window, &s, 1, 2);
            else
                max_window(y, which, window, &s, s.size_y, s.size_x);
            if (which) which += s.channels;
        }
}

INLINE void max_window_back(float *dx, const float *dy, const float *y, const uint16_t *which,
                            const PoolShape *s, const size_t tall, const size_t wide, const bool adds)
{
    FOR_VECTORS(i, s->channels, {
        V d = GET(dy);
        if (y) {
            V output = GET(y);
            d = pick(less(splat(0.0f), output), d, output);
        }
        I places = get_places(which + i, s->channels - i);
        int32_t place = 0;
        for (size_t ty = 0; ty < tall; ty++)
            for (size_t tx = 0; tx < wide; tx++, place++) {
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
                max_window_back(window, dy, y, which, &s, s.size_y, s.size_x, true);
            else if (s.size_y == 2 && s.size_x == 2)
                max_window_back(window, dy, y, which, &s, 2, 2, false);
            else if (s.size_y == 1 && s.size_x == 2)
                max_window_back(window, dy, y, which, &s, 1, 2, false);
            else
                max_window_back(window, dy, y, which, &s, s.size_y, s.size_x, false);
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
