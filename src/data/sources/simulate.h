/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulators share: a frame in the making. A simulator opens it for its rows, adds its columns from
 * left to right and the truth, and fills them; roles, samples and the hash follow from what was said. */
#ifndef FNS_DATA_SOURCES_SIMULATE_H
#define FNS_DATA_SOURCES_SIMULATE_H

#include <gsl/gsl_rng.h>

#include "data/source.h"
#include "numeric/rng.h"

struct Simulation {
    const SimulatorKind *kind;
    const Options *options;
    size_t n_samples; /* what rows= asks for */
    uint64_t seed;
    RngKey key;   /* of the seed and the kind */
    gsl_rng *rng; /* its substream 0 */
    Progress *progress;
    Arena *arena;
    size_t n_rows;
    FrameColumn *columns; /* n of them so far, n_columns when it is done */
    int n, n_columns;
    Column *truth; /* P(y = 1 | all that is known at the row), or E[y | ...]: no column of the frame */
    SampleRule sample;
};

/* Room for n_columns columns of n_rows; first of all. Errors: too_many_rows, no_room. */
bool simulation_open(Simulation *simulation, size_t n_rows, int n_columns, Err *err);
/* Its checks alone, for kinds that have to draw before they know how many rows there are: so many at least.
 */
bool simulation_fits(const Simulation *simulation, size_t n_rows, int n_columns, Err *err);
/* As simulation_open, for n_samples times so many steps; above one step, the columns id and step come first,
 * with their roles, and the samples are sequences. */
bool simulation_open_steps(Simulation *simulation, size_t steps, int n_columns, Err *err);

/* The next column, to be filled: its n_rows cells. NULL with an error, also where an earlier column failed,
 * so that only the last one need be looked at. */
double *simulation_numbers(Simulation *simulation, const char *name, Role role, Err *err);
int64_t *simulation_integers(Simulation *simulation, const char *name, Role role, Err *err);
int64_t *simulation_months(Simulation *simulation, const char *name, Role role, Err *err);
/* The next n columns, inputs x1 .. xn: an array of their cells (arena). */
double **simulation_inputs(Simulation *simulation, int n, Err *err);
/* The truth; after the last column. */
double *simulation_truth(Simulation *simulation, Err *err);
/* The column added last is known only so many rows later. */
void simulation_ahead(Simulation *simulation, int rows);

/* A cell of simulation_months: `month` months after 2004-01. */
int64_t simulation_month(int month);
/* Progress and interruption of a loop over rows or samples; cheap at every turn. */
bool simulation_goes_on(const Simulation *simulation, size_t turn, size_t n_turns, Err *err);

/* Options that several kinds have. */
#define SIMULATED_INPUTS                                                                                     \
    {                                                                                                        \
        .name = "columns", .type = OPTION_INTEGER, .initial = "10", .min = 1, .max = 100000,                 \
        .help = "number of inputs x1, x2, ..."                                                               \
    }
#define SIMULATED_STEPS                                                                                      \
    {                                                                                                        \
        .name = "steps", .type = OPTION_INTEGER, .initial = "1", .min = 1, .max = 100000,                    \
        .help = "rows of a sample; above 1 the frame has an id and a step, and samples are sequences"        \
    }

#endif
