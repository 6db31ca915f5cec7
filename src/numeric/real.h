/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float type of networks: float, or double in the check-only library (-DFNS_DOUBLE). */
#ifndef FNS_NUMERIC_REAL_H
#define FNS_NUMERIC_REAL_H

#include <stddef.h>

#ifdef FNS_DOUBLE
typedef double real;
#define REAL_NAME "float64"
#else
typedef float real;
#define REAL_NAME "float32"
#endif

/* Where the part-th of `parts` shares of n things begins; the share before it ends there. */
static inline size_t share_begin(size_t n, int part, int parts)
{
    return n * (size_t)part / (size_t)parts;
}

#endif
