/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of recurrent layers, one step of a batch in one pass over its gates: the element-wise part between
 * the products. Same bits on every instruction set.
 *
 * Gates of LSTM (Hochreiter and Schmidhuber 1997, forget gate of Gers et al. 2000) lie side by side as
 * i f g o: c = f c_before + i g, h = o a(c); of GRU (Cho et al. 2014) as n z r m: h = n + z (h_before - n).
 * The recurrent activation is the sigmoid s(x) = 1 / (1 + e^-x). With all of z = 0, c_before = 2 and
 * a = tanh: c = 1, h = 0.38079708 (LSTM). */
#ifndef FNS_NUMERIC_CELL_H
#define FNS_NUMERIC_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numeric/real.h"

typedef enum CellFunction { CELL_TANH, CELL_RELU } CellFunction; /* a of candidate and output */

/* One step. Every pointer is to row 0; rows of gates, c, fc and *_before lie `row` reals apart, rows of dh,
 * dc and dm `units`. Row i lives at this step where lengths is NULL or step < lengths[i]; elsewhere its
 * state stays and its gates' gradients are 0. */
typedef struct Cell {
    size_t rows, units, row;
    CellFunction function;
    const uint32_t *lengths;
    size_t step;
    real *gates; /* forward: products in, values out; backward: values in, gradients of the products out */
    const real *h_before, *c_before;
    real *c, *fc; /* LSTM: the state, and a of it */
    real *h;      /* forward: may be h_before */
    size_t h_row; /* reals between rows of h */
    real *dh;     /* in: gradient of h; out: what of it reaches h_before past the gates (LSTM: 0) */
    real *dc;     /* in: of c; out: of c_before */
    const real *dm;
} Cell;

static inline bool cell_lives(const Cell *cell, size_t row)
{
    return !cell->lengths || cell->step < cell->lengths[row];
}

void cell_lstm(const Cell *cell);
void cell_lstm_back(const Cell *cell);
/* Reset after the product: n = a(n + r m), where m is the recurrent product of the candidate. */
void cell_gru(const Cell *cell);
void cell_gru_back(const Cell *cell);
/* Reset before the product: first z, r and m = r h_before; then, with n's product complete, n and h. */
void cell_gru_reset(const Cell *cell);
void cell_gru_finish(const Cell *cell);
/* Back: first n and z; then, with dm, the gradient of m, r; m stays as it was. */
void cell_gru_finish_back(const Cell *cell);
void cell_gru_reset_back(const Cell *cell);

/* Of trees (Tai, Socher and Manning 2015): gates lie as i g o, and c comes in as the sum of f c over the
 * children: c += i g, h = o a(c). Back, rows of dh and dc lie `row` apart, and dc stays what reaches c. */
void cell_tree(const Cell *cell);
void cell_tree_back(const Cell *cell);
/* What a child's c gives to its parent, through a forget gate: f = s(f + add), sum += f c. Back, from dsum:
 * f becomes the gradient by its input, which is added to dadd, and dc = dsum f; dc may be c. */
typedef struct CellEdge {
    size_t units;
    real *f;
    const real *add, *c, *dsum;
    real *sum, *dadd, *dc;
} CellEdge;
void cell_edge(const CellEdge *edge);
void cell_edge_back(const CellEdge *edge);

#endif
