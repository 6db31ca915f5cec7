/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind cell.h: one for each instruction set, with the same bits. */
#ifndef FNS_NUMERIC_CELL_KERNELS_H
#define FNS_NUMERIC_CELL_KERNELS_H

#include "numeric/cell.h"
#include "numeric/target.h"

typedef void CellKernel(const Cell *cell);
typedef void EdgeKernel(const CellEdge *edge);

typedef struct CellKernels {
    CellKernel *lstm, *lstm_back, *gru, *gru_back, *gru_reset, *gru_finish, *gru_finish_back, *gru_reset_back;
    CellKernel *tree, *tree_back;
    EdgeKernel *edge, *edge_back;
} CellKernels;

extern const CellKernels cell_kernels_generic;
#if FNS_X86_SETS
extern const CellKernels cell_kernels_avx2, cell_kernels_avx512;
#endif

/* The table of one set; NULL where this processor lacks it. */
const CellKernels *cell_kernels(InstructionSet set);

#endif
