/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells: each call goes to the table of this processor's instruction set. */
#include "numeric/cell.h"

#include "numeric/cell_kernels.h"

const CellKernels *cell_kernels(InstructionSet set)
{
#if FNS_X86_SETS
    static const CellKernels *const tables[SET_COUNT] = { &cell_kernels_generic, &cell_kernels_avx2,
                                                          &cell_kernels_avx512 };
    return set <= target_best() ? tables[set] : NULL;
#else
    return set == SET_GENERIC ? &cell_kernels_generic : NULL;
#endif
}

static const CellKernels *best(void)
{
    return cell_kernels(target_best());
}

void cell_lstm(const Cell *cell)
{
    best()->lstm(cell);
}
void cell_lstm_back(const Cell *cell)
{
    best()->lstm_back(cell);
}
void cell_gru(const Cell *cell)
{
    best()->gru(cell);
}
void cell_gru_back(const Cell *cell)
{
    best()->gru_back(cell);
}
void cell_gru_reset(const Cell *cell)
{
    best()->gru_reset(cell);
}
void cell_gru_finish(const Cell *cell)
{
    best()->gru_finish(cell);
}
void cell_gru_finish_back(const Cell *cell)
{
    best()->gru_finish_back(cell);
}
void cell_gru_reset_back(const Cell *cell)
{
    best()->gru_reset_back(cell);
}
void cell_tree(const Cell *cell)
{
    best()->tree(cell);
}
void cell_tree_back(const Cell *cell)
{
    best()->tree_back(cell);
}
void cell_edge(const CellEdge *edge)
{
    best()->edge(edge);
}
void cell_edge_back(const CellEdge *edge)
{
    best()->edge_back(edge);
}
