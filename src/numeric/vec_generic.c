/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The element-wise kernels for any processor. */
#ifndef FNS_DOUBLE
#define VEC_TABLE vec_kernels_generic
#include "numeric/vec_body.h"
#endif
