/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells for any processor, and in double for the check-only library. */
#define CELL_TABLE cell_kernels_generic
#include "numeric/cell_body.h"
