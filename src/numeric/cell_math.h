/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sigmoid and tanh for the cells: by fused multiply-adds (on every instruction set, so that the bits agree),
 * as top / bottom, so that the gates of a cell share one division. Absolute error below 2e-7, of tanh also
 * relative; a gate ends at s(-20) = 2e-9. Known: s(1) = 0.73105858, tanh(0.5) = 0.46211716. */
#ifndef FNS_NUMERIC_CELL_MATH_H
#define FNS_NUMERIC_CELL_MATH_H

#include "numeric/vec_math.h"

#if LANES == 4
INLINE V fused(V a, V b, V c)
{
    return (V){ fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]),
                fmaf(a[3], b[3], c[3]) };
}
#endif

#define CELL_LIMIT 20.0f

/* x = n ln 2 + r: 2^n, r, and (e^r - 1 - r) / r^2. |x| <= CELL_LIMIT or NaN. */
INLINE V exp_parts(V x, V *r, V *q)
{
    V shifted = fused(x, splat(0x1.715476p0f), splat(SHIFTER));
    *r = fused(shifted - SHIFTER, splat(-0x1.62e430p-1f), x);
    V p = fused(splat(0x1.6ab6a0p-10f), *r, splat(0x1.123d5cp-7f));
    p = fused(p, *r, splat(0x1.55585ap-5f));
    p = fused(p, *r, splat(0x1.55548cp-3f));
    *q = fused(p, *r, splat(0x1.fffffcp-2f));
    return (V)((I)((U)shifted << 23) + 0x3F800000);
}

/* sigmoid x = 1 / bottom. */
INLINE V sigmoid_bottom(V x)
{
    V r, q, scale = exp_parts(-at_most(at_least(x, splat(-CELL_LIMIT)), splat(CELL_LIMIT)), &r, &q);
    return fused(fused(fused(q, r, splat(1.0f)), r, splat(1.0f)), scale, splat(1.0f));
}

/* From t = e^(2|x|) - 1: t / (t + 2). */
INLINE V tanh_parts(V x, V *bottom)
{
    V a = absolute(x), r, q, scale = exp_parts(at_most(a + a, splat(CELL_LIMIT)), &r, &q);
    V t = fused(scale, fused(r * r, q, r), scale - 1.0f);
    *bottom = t + 2.0f;
    return with_sign(t, x);
}

#endif
