/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp, log, tanh, sigmoid and erf of one vector, for the kernel files. Polynomials are minimax fits
 * (Remez exchange, coefficients rounded to float one by one, the rest refitted). exp and tanh share
 * x = n ln 2 + r, |r| <= ln 2 / 2, and e^r - 1 = r + r^2 q(r). Known: exp(1) = 2.7182817,
 * tanh(0.5) = 0.46211716, erf(1) = 0.84270078. */
#ifndef FNS_NUMERIC_VEC_MATH_H
#define FNS_NUMERIC_VEC_MATH_H

#include "numeric/simd.h"

#define LN2_HIGH 0x1.62e4p-1f    /* 16 bits: its product with an exponent is exact */
#define LN2_LOW  0x1.7f7d1cp-20f /* ln 2 - LN2_HIGH */
#define SHIFTER  0x1.8p23f       /* adding it rounds to a whole number */

INLINE V absolute(V x)
{
    return (V)((I)x & 0x7FFFFFFF);
}
INLINE V with_sign(V x, V sign)
{
    return (V)((I)x | ((I)sign & INT32_MIN));
}
/* e^r - 1 for x = n ln 2 + r; |x| below 2^20 or NaN. */
INLINE V exp_reduced(V x, V *n)
{
    *n = (x * 0x1.715476p0f + SHIFTER) - SHIFTER;
    V r = (x - *n * LN2_HIGH) - *n * LN2_LOW;
    V q = 0x1.6ab6a0p-10f * r + 0x1.123d5cp-7f;
    q = q * r + 0x1.55585ap-5f;
    q = q * r + 0x1.55548cp-3f;
    q = q * r + 0x1.fffffcp-2f;
    return r + r * r * q;
}

/* x <= 89.5 or NaN. */
INLINE V exp_bounded(V x)
{
    V n, e = exp_reduced(at_least(x, splat(-105.0f)), &n);
    return times_power(e + 1.0f, n);
}

INLINE V exp_vector(V x)
{
    return exp_bounded(at_most(x, splat(89.5f)));
}

/* From t = e^(2|x|) - 1: t / (t + 2), with full relative precision near 0. */
INLINE V tanh_vector(V x)
{
    V n, e = exp_reduced(2.0f * at_most(absolute(x), splat(10.0f)), &n);
    V scale = times_power(splat(1.0f), n);
    V t = scale * e + (scale - 1.0f);
    return with_sign(t / (t + 2.0f), x);
}

INLINE V sigmoid_vector(V x)
{
    V e = exp_bounded(-absolute(x));
    V s = 1.0f / (1.0f + e);
    return pick(less(x, splat(0.0f)), e * s, s);
}

/* x = 2^n (1 + f), 1 + f in [sqrt 1/2, sqrt 2); log(1 + f) = f - f^2/2 + f^3 p(f). */
INLINE V log_vector(V x)
{
    Cond tiny = less(x, splat(0x1p-126f));
    V scaled = pick(tiny, x * 0x1p23f, x);
    I bits = (I)((U)scaled - 0x3F3504F3);
    V n = __builtin_convertvector(bits >> 23, V) - pick(tiny, splat(23.0f), splat(0.0f));
    V f = (V)((bits & 0x7FFFFF) + 0x3F3504F3) - 1.0f;
    V p = -0x1.38bef4p-4f * f + 0x1.058312p-3f;
    p = p * f - 0x1.0d8524p-3f;
    p = p * f + 0x1.22d588p-3f;
    p = p * f - 0x1.547208p-3f;
    p = p * f + 0x1.99a036p-3f;
    p = p * f - 0x1.000228p-2f;
    p = p * f + 0x1.555554p-2f;
    V square = f * f;
    V y = ((f * square * p + n * LN2_LOW) - 0.5f * square + f) + n * LN2_HIGH;
    V out_of_range = pick(less(x, splat(0.0f)), splat(NAN), splat(-INFINITY));
    y = pick(less(splat(0.0f), x), y, out_of_range);
    return pick(less(x, splat(INFINITY)), y, x);
}

/* |x| < 0.95: x + x p(x^2); beyond, 1 - exp(-q(|x|)), 1 from 4 on. */
INLINE V erf_vector(V x)
{
    V a = at_most(absolute(x), splat(4.0f)), s = a * a;
    V p = 0x1.4d72e4p-14f * s - 0x1.a569c0p-11f;
    p = p * s + 0x1.5437eep-8f;
    p = p * s - 0x1.b7ff66p-6f;
    p = p * s + 0x1.ce2d56p-4f;
    p = p * s - 0x1.812740p-2f;
    p = p * s + 0x1.06eba8p-3f;
    V q = -0x1.9ae6e6p-13f * a + 0x1.8ee0eep-9f;
    q = q * a - 0x1.6c2a74p-6f;
    q = q * a + 0x1.a9b43cp-4f;
    q = q * a + 0x1.463cbep-1f;
    q = q * a + 0x1.20af5ap0f;
    q = q * a + 0x1.9a5c5ap-13f;
    V far = 1.0f - exp_bounded(-q);
    return with_sign(pick(less(a, splat(0.95f)), a + a * p, far), x);
}

#endif
