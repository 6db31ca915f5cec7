/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulators share: columns, the finished frame, sets of points in the plane. */
#ifndef FNS_DATA_SOURCES_SIMULATE_H
#define FNS_DATA_SOURCES_SIMULATE_H

#include <gsl/gsl_rng.h>

#include "data/source.h"
#include "numeric/rng.h"

/* The columns of a simulation, all of the same length; the last one is the truth and not of the frame. */
typedef struct Simulation {
    const char *kind;
    const char **names;
    Column **columns; /* n of the frame, then truth */
    int n;
    size_t n_rows;
    gsl_rng *rng; /* substream 0 of the seed and the kind */
    RngKey key;
    Arena *arena; /* of names */
} Simulation;

/* Room for n columns; they are made by simulation_column. Free with simulation_end, whatever happened. */
bool simulation_begin(Simulation *simulation, const char *kind, int n, size_t n_rows, uint64_t seed,
                      Err *err);
/* Makes column i (i == n: the truth, without a name); NULL without memory. */
Column *simulation_column(Simulation *simulation, int i, const char *name, ColumnType type, Err *err);
/* The frame over the columns, which it takes over, with the last column as target. */
Frame *simulation_frame(Simulation *simulation, uint64_t seed, const Options *options, Err *err);
void simulation_end(Simulation *simulation);

/* Rows of n samples with so many steps; error too_many_rows. */
bool simulation_rows(size_t n, size_t steps, size_t *rows, Err *err);
/* The frame with the columns id and step as roles, its samples sequences; NULL and freed where that fails. */
Frame *simulation_sequences(Frame *frame, Err *err);

/* Two classes along two curves in the plane, each point with normal noise of standard deviation `noise`
 * in both coordinates. `curve` gives the point of class 0 or 1 at t in [0, 1], uniform. Columns x1, x2
 * and the target y; the truth is P(y = 1 | x1, x2). */
typedef void (*SimulatedCurve)(int label, double t, double point[2]);
Frame *simulate_curves(const char *kind, SimulatedCurve curve, size_t n_rows, uint64_t seed,
                       const Options *options, Progress *progress, Err *err);

#endif
