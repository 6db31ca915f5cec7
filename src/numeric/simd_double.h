/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simd.h and cell_math.h offer to the cells, with a vector of one double: the check-only library
 * proves the gradients of the same body that runs in float. */
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
INLINE V tanh_parts(V x, V *bottom)
{
    *bottom = 1;
    return tanh(x);
}
INLINE V sigmoid_bottom(V x)
{
    return 1 + exp(-(x < -40 ? -40 : x));
}

#define FOR_VECTORS(i, n, ...)                                                                               \
    for (size_t i = 0; i < (n); i++) {                                                                       \
        __VA_ARGS__                                                                                          \
    }
#define GET(p)    ((p)[i])
#define PUT(p, x) ((p)[i] = (x))

#endif
