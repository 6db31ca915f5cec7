/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loan book with known truth. x1 .. x6 are standard normal, neighbours correlated by 0.3; macro is an
 * AR(1) over the months, phi = 0.8, of unit variance; the log-odds of default are
 *     -3.2 + 0.8 x1 - 0.6 x2 + 0.7 x3^2 + 0.8 x1 x2 - 0.9 [x4 > 0.5] + 0.5 macro
 * and x5, x6 are noise. About 14.8% default; the attainable AUC is 0.849, that of the best linear logit
 * 0.68 (both move with the drawn path of macro: compare with the truth of the same rows). */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

enum { MONTH, X1, MACRO = X1 + 6, DEFAULT, TRUTH, POLL_ROWS = 1 << 16, FIRST_YEAR = 2004 };

static double log_odds(const double x[6], double macro)
{
    return -3.2 + 0.8 * x[0] - 0.6 * x[1] + 0.7 * x[2] * x[2] + 0.8 * x[0] * x[1] - 0.9 * (x[3] > 0.5) +
           0.5 * macro;
}

/* The path of macro has a substream of its own: more rows leave it as it is. NULL without memory. */
static double *draw_macro(const Simulation *simulation, int n_months, Err *err)
{
    double *macro = mem_get((size_t)n_months, sizeof *macro, err);
    gsl_rng *rng = macro ? rng_stream(simulation->key, 1) : NULL;
    if (!rng) {
        mem_free(macro);
        return NULL;
    }
    for (int t = 0; t < n_months; t++)
        macro[t] = t ? 0.8 * macro[t - 1] + 0.6 * gsl_ran_ugaussian(rng) : gsl_ran_ugaussian(rng);
    gsl_rng_free(rng);
    return macro;
}

static void draw_row(Simulation *simulation, size_t row, double macro)
{
    double x[6];
    for (int j = 0; j < 6; j++) {
        double fresh = gsl_ran_ugaussian(simulation->rng);
        x[j] = j ? 0.3 * x[j - 1] + sqrt(1 - 0.09) * fresh : fresh;
        simulation->columns[X1 + j]->numbers[row] = x[j];
    }
    double p = 1 / (1 + exp(-log_odds(x, macro)));
    simulation->columns[MACRO]->numbers[row] = macro;
    simulation->columns[DEFAULT]->integers[row] = gsl_rng_uniform(simulation->rng) < p;
    simulation->columns[TRUTH]->numbers[row] = p;
}

/* Rows come in the order of months, as many in each as the others. */
static bool draw(Simulation *simulation, int n_months, const double *macro, Progress *progress, Err *err)
{
    for (size_t row = 0; row < simulation->n_rows; row++) {
        int month = (int)((double)row * n_months / (double)simulation->n_rows);
        time_make(FIRST_YEAR + month / 12, month % 12 + 1, 1, 0, 0, 0,
                  &simulation->columns[MONTH]->integers[row]);
        draw_row(simulation, row, macro[month]);
        if (row % POLL_ROWS == 0 &&
            !progress_poll(progress, "simulate", (double)row, (double)simulation->n_rows, err))
            return false;
    }
    return true;
}

static bool make_columns(Simulation *simulation, Err *err)
{
    static const char *const names[] = { "month", "x1", "x2", "x3", "x4", "x5", "x6", "macro", "default" };
    for (int i = 0; i <= TRUTH; i++) {
        ColumnType type = i == MONTH ? COLUMN_TIME : i == DEFAULT ? COLUMN_INTEGER : COLUMN_NUMBER;
        if (!simulation_column(simulation, i, i < TRUTH ? names[i] : NULL, type, err)) return false;
    }
    simulation->columns[MONTH]->unit = UNIT_MONTH;
    return true;
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    Simulation simulation;
    Frame *frame = NULL;
    double *macro = NULL;
    int n_months = options ? (int)option_integer(options, "months") : 240;
    Role role = options && option_bool(options, "time") ? ROLE_TIME : ROLE_HELD;
    (void)notes;
    if (simulation_begin(&simulation, "credit", TRUTH, n_rows, seed, err) && make_columns(&simulation, err) &&
        (macro = draw_macro(&simulation, n_months, err)) && draw(&simulation, n_months, macro, progress, err))
        frame = simulation_frame(&simulation, seed, options, err);
    if (frame && !frame_set_role(frame, "month", role, err)) {
        frame_unref(frame);
        frame = NULL;
    }
    mem_free(macro);
    simulation_end(&simulation);
    return frame;
}

static const OptionSpec options[] = {
    { .name = "months",
      .type = OPTION_INTEGER,
      .initial = "240",
      .min = 1,
      .max = 2400,
      .help = "months the book covers, from 2004-01 on" },
    { .name = "time",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "give month the time role, so that splits follow time (off: it is held out)" }
};

const SimulatorKind simulator_credit = {
    .kind = { .name = "credit",
              .help = "a loan book with known truth: month, x1 to x6, macro, target default",
              .more = "log-odds of default: -3.2 + 0.8 x1 - 0.6 x2 + 0.7 x3^2 + 0.8 x1 x2 - 0.9 [x4 > 0.5] "
                      "+ 0.5 macro\nx5 and x6 are noise; neighbouring x are correlated by 0.3; macro is an "
                      "AR(1) by month\nattainable AUC about 0.85, the best linear logit about 0.68",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000 seed=1",
              .since = "0.1" },
    .make = make
};
