/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float type of networks: float, or double in the check-only library (-DFNS_DOUBLE). */
#ifndef FNS_NUMERIC_REAL_H
#define FNS_NUMERIC_REAL_H

#ifdef FNS_DOUBLE
typedef double real;
#define REAL_NAME "float64"
#else
typedef float real;
#define REAL_NAME "float32"
#endif

#endif
