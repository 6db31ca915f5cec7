/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors of LANES floats for kernel files, which define SIMD_AVX512, SIMD_AVX2 or neither before they
 * include this. Arithmetic is the compiler's (+ - * / on V); here is what C has no operator for. A Mask
 * is the first lanes of a tail. Every operation is IEEE exact, so that all sets give the same bits;
 * contraction to FMA is switched off for the file. */
#ifndef FNS_NUMERIC_SIMD_H
#define FNS_NUMERIC_SIMD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "numeric/target.h"

#if FNS_X86_SETS
#include <immintrin.h>
#endif

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#define UNROLL _Pragma("unroll")
#else
#pragma GCC optimize("fp-contract=off")
#define UNROLL _Pragma("GCC unroll 16")
#endif

#if defined SIMD_AVX512
#define LANES  16
#define TARGET TARGET_AVX512
#elif defined SIMD_AVX2
#define LANES  8
#define TARGET TARGET_AVX2
#else
#define LANES 4
#define TARGET
#endif
#define INLINE TARGET static inline __attribute__((always_inline))

typedef float V __attribute__((vector_size(4 * LANES)));
typedef int32_t I __attribute__((vector_size(4 * LANES)));
typedef uint32_t U __attribute__((vector_size(4 * LANES)));
typedef float Unaligned __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

INLINE V load(const float *p)
{
    return *(const Unaligned *)p;
}
INLINE void store(float *p, V x)
{
    *(Unaligned *)p = x;
}
INLINE V splat(float a)
{
    return a - (V){ 0 };
}

#if defined SIMD_AVX512

typedef __mmask16 Mask;
typedef __mmask16 Cond;
INLINE Mask mask_first(size_t n)
{
    return (Mask)((1u << n) - 1);
}
INLINE V load_part(const float *p, Mask mask)
{
    return (V)_mm512_maskz_loadu_ps(mask, p);
}
INLINE void store_part(float *p, V x, Mask mask)
{
    _mm512_mask_storeu_ps(p, mask, (__m512)x);
}
INLINE Cond less(V a, V b)
{
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
}
INLINE V pick(Cond cond, V yes, V no)
{
    return (V)_mm512_mask_blend_ps(cond, (__m512)no, (__m512)yes);
}
/* b where a is less, else a: NaN in a stays. */
INLINE V at_least(V a, V b)
{
    return (V)_mm512_max_ps((__m512)b, (__m512)a);
}
INLINE V at_most(V a, V b)
{
    return (V)_mm512_min_ps((__m512)b, (__m512)a);
}
/* x 2^n with one rounding, n whole, |n| below 200. */
INLINE V times_power(V x, V n)
{
    return (V)_mm512_scalef_ps((__m512)x, (__m512)n);
}
INLINE V square_root(V x)
{
    return (V)_mm512_sqrt_ps((__m512)x);
}
INLINE V fused(V a, V b, V c)
{
    return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
/* Four values of each of the rows 0, 4, 8, 12 after p. */
INLINE V quarters(const float *p, size_t stride)
{
    __m512 x = _mm512_broadcast_f32x4(_mm_loadu_ps(p));
    x = _mm512_mask_broadcast_f32x4(x, 0x00F0, _mm_loadu_ps(p + 4 * stride));
    x = _mm512_mask_broadcast_f32x4(x, 0x0F00, _mm_loadu_ps(p + 8 * stride));
    return (V)_mm512_mask_broadcast_f32x4(x, 0xF000, _mm_loadu_ps(p + 12 * stride));
}
INLINE V low_singles(V a, V b)
{
    return (V)_mm512_unpacklo_ps((__m512)a, (__m512)b);
}
INLINE V high_singles(V a, V b)
{
    return (V)_mm512_unpackhi_ps((__m512)a, (__m512)b);
}
INLINE V low_pairs(V a, V b)
{
    return (V)_mm512_unpacklo_pd((__m512d)a, (__m512d)b);
}
INLINE V high_pairs(V a, V b)
{
    return (V)_mm512_unpackhi_pd((__m512d)a, (__m512d)b);
}

#elif defined SIMD_AVX2

typedef __m256i Mask;
typedef __m256 Cond;
INLINE Mask mask_first(size_t n)
{
    static const int32_t ones[16] = { -1, -1, -1, -1, -1, -1, -1, -1 };
    return _mm256_loadu_si256((const __m256i *)(const void *)(ones + 8 - n));
}
INLINE V load_part(const float *p, Mask mask)
{
    return (V)_mm256_maskload_ps(p, mask);
}
INLINE void store_part(float *p, V x, Mask mask)
{
    _mm256_maskstore_ps(p, mask, (__m256)x);
}
INLINE Cond less(V a, V b)
{
    return _mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ);
}
INLINE V pick(Cond cond, V yes, V no)
{
    return (V)_mm256_blendv_ps((__m256)no, (__m256)yes, cond);
}
INLINE V at_least(V a, V b)
{
    return (V)_mm256_max_ps((__m256)b, (__m256)a);
}
INLINE V at_most(V a, V b)
{
    return (V)_mm256_min_ps((__m256)b, (__m256)a);
}
INLINE V square_root(V x)
{
    return (V)_mm256_sqrt_ps((__m256)x);
}
INLINE V fused(V a, V b, V c)
{
    return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
INLINE V quarters(const float *p, size_t stride)
{
    __m256 x = _mm256_castps128_ps256(_mm_loadu_ps(p));
    return (V)_mm256_insertf128_ps(x, _mm_loadu_ps(p + 4 * stride), 1);
}
INLINE V low_singles(V a, V b)
{
    return (V)_mm256_unpacklo_ps((__m256)a, (__m256)b);
}
INLINE V high_singles(V a, V b)
{
    return (V)_mm256_unpackhi_ps((__m256)a, (__m256)b);
}
INLINE V low_pairs(V a, V b)
{
    return (V)_mm256_unpacklo_pd((__m256d)a, (__m256d)b);
}
INLINE V high_pairs(V a, V b)
{
    return (V)_mm256_unpackhi_pd((__m256d)a, (__m256d)b);
}

#else

typedef size_t Mask;
typedef I Cond;
INLINE Mask mask_first(size_t n)
{
    return n;
}
INLINE V load_part(const float *p, Mask mask)
{
    float lanes[LANES] = { 0 };
    for (size_t i = 0; i < mask; i++) lanes[i] = p[i];
    return load(lanes);
}
INLINE void store_part(float *p, V x, Mask mask)
{
    for (size_t i = 0; i < mask; i++) p[i] = x[i];
}
INLINE Cond less(V a, V b)
{
    return a < b;
}
INLINE V pick(Cond cond, V yes, V no)
{
    return (V)((cond & (I)yes) | (~cond & (I)no));
}
INLINE V at_least(V a, V b)
{
    return pick(less(a, b), b, a);
}
INLINE V at_most(V a, V b)
{
    return pick(less(b, a), b, a);
}
INLINE V square_root(V x)
{
    return (V){ sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3]) };
}

#endif

#ifndef SIMD_AVX512
/* By halves of the power, so that a subnormal result is rounded once and overflow is infinite. */
INLINE V times_power(V x, V n)
{
    I whole = __builtin_convertvector(n, I), half = whole >> 1;
    return x * (V)((half + 127) << 23) * (V)((whole - half + 127) << 23);
}
#endif

/* Four columns of LANES rows that lie `stride` apart: columns[q] lane i = p[i * stride + q]. */
INLINE void load_columns(V columns[4], const float *p, size_t stride)
{
#if LANES > 4
    V a = quarters(p, stride), b = quarters(p + stride, stride);
    V c = quarters(p + 2 * stride, stride), d = quarters(p + 3 * stride, stride);
    V ab = low_singles(a, b), cd = low_singles(c, d);
    columns[0] = low_pairs(ab, cd);
    columns[1] = high_pairs(ab, cd);
    ab = high_singles(a, b), cd = high_singles(c, d);
    columns[2] = low_pairs(ab, cd);
    columns[3] = high_pairs(ab, cd);
#else
    for (int q = 0; q < 4; q++) columns[q] = (V){ p[q], p[stride + q], p[2 * stride + q], p[3 * stride + q] };
#endif
}

/* The body once for every LANES values from i, and once for the rest; in it GET(p) and PUT(p, x) reach
 * p[i ...]. */
#define FOR_VECTORS(i, n, ...)                                                                               \
    do {                                                                                                     \
        size_t i = 0;                                                                                        \
        for (; i + LANES <= (n); i += LANES) {                                                               \
            const bool whole = true;                                                                         \
            const Mask mask = mask_first(0);                                                                 \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
        if (i < (n)) {                                                                                       \
            const bool whole = false;                                                                        \
            const Mask mask = mask_first((n)-i);                                                             \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    } while (0)
#define GET(p)    (whole ? load((p) + i) : load_part((p) + i, mask))
#define PUT(p, x) (whole ? store((p) + i, (x)) : store_part((p) + i, (x), mask))

#endif
