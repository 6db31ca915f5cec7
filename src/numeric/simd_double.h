/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simd.h and vec_math.h offer to kernel bodies, with a vector of one double: the check-only library
 * proves the gradients of the same bodies that run in float. */
#ifndef FNS_NUMERIC_SIMD_DOUBLE_H
#define FNS_NUMERIC_SIMD_DOUBLE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LANES 1
#define TARGET
#define INLINE static inline

typedef double V;

INLINE V splat(double a)
{
    return a;
}
INLINE bool less(V a, V b)
{
    return a < b;
}
INLINE V pick(bool cond, V yes, V no)
{
    return cond ? yes : no;
}
INLINE V at_least(V a, V b)
{
    return a < b ? b : a;
}
INLINE void tanh_parts(V x, V *top, V *bottom)
{
    *top = tanh(x);
    *bottom = 1;
}
INLINE void sigmoid_parts(V x, V *top, V *bottom)
{
    double e = exp(-fabs(x));
    *top = x < 0 ? e : 1;
    *bottom = 1 + e;
}

#define FOR_VECTORS(i, n, ...)                                                                               \
    for (size_t i = 0; i < (n); i++) {                                                                       \
        __VA_ARGS__                                                                                          \
    }
#define GET(p)    ((p)[i])
#define PUT(p, x) ((p)[i] = (x))

#endif
