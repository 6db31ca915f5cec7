/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/sources/loanbook.h"

#include <gsl/gsl_randist.h>
#include <math.h>

enum { INPUTS = 6 };

typedef struct Cells {
    int64_t *month, *label;
    double **x, *macro, *truth;
} Cells;

static double log_odds(const double x[INPUTS], double macro)
{
    return -3.2 + 0.8 * x[0] - 0.6 * x[1] + 0.7 * x[2] * x[2] + 0.8 * x[0] * x[1] - 0.9 * (x[3] > 0.5) +
           0.5 * macro;
}

/* The path of macro has a substream of its own: more rows leave it as it is. NULL without memory. */
static double *draw_macro(const Simulation *simulation, int n_months)
{
    double *macro = arena_take(simulation->arena, (size_t)n_months * sizeof *macro);
    gsl_rng *rng = rng_stream(simulation->key, 1);
    if (!rng) return NULL;
    for (int t = 0; t < n_months; t++)
        macro[t] = t ? 0.8 * macro[t - 1] + 0.6 * gsl_ran_ugaussian(rng) : gsl_ran_ugaussian(rng);
    gsl_rng_free(rng);
    return macro;
}

static void draw_row(const Cells *cells, const LoanBook *book, size_t row, int month, double macro,
                     gsl_rng *rng)
{
    double x[INPUTS];
    bool late = month >= book->after;
    for (int j = 0; j < INPUTS; j++) {
        double fresh = gsl_ran_ugaussian(rng);
        x[j] = j ? 0.3 * x[j - 1] + sqrt(1 - 0.09) * fresh : fresh;
    }
    if (late) x[0] += book->shift;
    for (int j = 0; j < INPUTS; j++) cells->x[j][row] = x[j];
    double p = 1 / (1 + exp(-log_odds(x, macro) - (late ? book->log_odds : 0)));
    cells->month[row] = simulation_month(month);
    cells->macro[row] = macro;
    cells->label[row] = gsl_rng_uniform(rng) < p;
    cells->truth[row] = p;
}

static bool make_cells(Simulation *simulation, Role time, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, simulation->n_samples, INPUTS + 3, err)) return false;
    cells->month = simulation_months(simulation, "month", time, err);
    cells->x = simulation_inputs(simulation, INPUTS, err);
    cells->macro = simulation_numbers(simulation, "macro", ROLE_INPUT, err);
    cells->label = simulation_integers(simulation, "default", ROLE_TARGET, err);
    cells->truth = simulation_truth(simulation, err);
    return cells->truth != NULL;
}

/* Rows come in the order of months, as many in each as the others. */
bool simulate_loanbook(Simulation *simulation, const LoanBook *book, Err *err)
{
    Cells cells;
    if (!make_cells(simulation, book->time, &cells, err)) return false;
    const double *macro = draw_macro(simulation, book->n_months);
    if (!macro) return ERR(err, no_memory, "macro");
    for (size_t row = 0; row < simulation->n_rows; row++) {
        int month = (int)((double)row * book->n_months / (double)simulation->n_rows);
        draw_row(&cells, book, row, month, macro[month], simulation->rng);
        if (!simulation_goes_on(simulation, row, simulation->n_rows, err)) return false;
    }
    return true;
}
