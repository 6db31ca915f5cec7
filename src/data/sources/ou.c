/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two prices whose spread returns to its mean, as pairs are traded: the log of `a` is a random walk, the log
 * of `b` is that of `a` plus the spread X, an Ornstein-Uhlenbeck process (Physical Review 36, 1930). Its
 * exact step a day, with b = exp(-ln 2 / halflife), is X' = m + (X - m) b + e, Var e = sd^2 (1 - b^2). The
 * target is X' - X, its best forecast (m - X)(1 - b), R2 (1 - b) / 2: half-life 5 0.0647, 10 0.0335, 20
 * 0.0170. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

typedef struct Cells {
    int64_t *t;
    double *a, *b, *spread, *change, *truth;
} Cells;

static bool make_cells(Simulation *simulation, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, simulation->n_samples, 5, err)) return false;
    cells->t = simulation_integers(simulation, "t", ROLE_TIME, err);
    cells->a = simulation_numbers(simulation, "a", ROLE_HELD, err);
    cells->b = simulation_numbers(simulation, "b", ROLE_HELD, err);
    cells->spread = simulation_numbers(simulation, "spread", ROLE_INPUT, err);
    cells->change = simulation_numbers(simulation, "change", ROLE_TARGET, err);
    simulation_ahead(simulation, 1);
    cells->truth = simulation_truth(simulation, err);
    return cells->truth != NULL;
}

enum { FIRST_PRICE = 100, STEP_BP = 100 };

static bool draw(Simulation *simulation, Err *err)
{
    const Options *given = simulation->options;
    gsl_rng *rng = simulation->rng;
    double stay = exp2(-1 / option_number(given, "halflife")), mean = option_number(given, "mean");
    double sd = option_number(given, "sd");
    Cells cells;
    if (!make_cells(simulation, &cells, err)) return false;
    double x = mean + gsl_ran_gaussian(rng, sd), log_a = log(FIRST_PRICE);
    for (size_t i = 0; i < simulation->n_rows; i++) {
        double next = mean + (x - mean) * stay + gsl_ran_gaussian(rng, sd * sqrt(1 - stay * stay));
        cells.t[i] = (int64_t)i + 1;
        cells.a[i] = exp(log_a);
        cells.b[i] = exp(log_a + x);
        cells.spread[i] = x;
        cells.change[i] = next - x;
        cells.truth[i] = (mean - x) * (1 - stay);
        x = next;
        log_a += gsl_ran_gaussian(rng, STEP_BP * 1e-4);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return true;
}

static const OptionSpec options[] = { { .name = "halflife",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "10",
                                        .max = 1e6,
                                        .help = "days in which half of a distance from the mean is gone" },
                                      { .name = "mean",
                                        .type = OPTION_NUMBER,
                                        .initial = "0",
                                        .min = -10,
                                        .max = 10,
                                        .help = "what the spread, log b - log a, returns to" },
                                      { .name = "sd",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "0.05",
                                        .max = 10,
                                        .help = "standard deviation of the spread on the long run" } };

const SimulatorKind simulator_ou = {
    .kind = { .name = "ou",
              .help = "two prices whose spread returns to its mean: t, a, b, spread, target change",
              .more = "spread = log b - log a is an Ornstein-Uhlenbeck process (Physical Review 36, 1930), "
                      "change its step to the next day.\n"
                      "The best forecast is (mean - spread)(1 - exp(-ln 2 / halflife)), attainable R2 (1 - "
                      "exp(-ln 2 / halflife)) / 2: 0.0335 at 10 days, and direction right 55.9%. a and b are "
                      "held out: spread tells all that they know.",
              KIND_OPTIONS(options),
              .example = "simulate ou as pair rows=2000 halflife=5\ndescribe pair",
              .since = "1" },
    .draw = draw,
};
