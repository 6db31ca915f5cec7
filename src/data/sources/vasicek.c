/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short rate that returns to its level (Vasicek, Journal of Financial Economics 5, 1977), and the yields
 * of zero bonds, seen with an error: dr = speed (level - r) dt + sd dW, in percent and years, a row a day.
 * The exact step, with b = exp(-speed / 252), is r' = level + (r - level) b + e, Var e = s^2 (1 - b^2), s^2 =
 * sd^2 / (2 speed). Without a price of risk a bond of T years yields, with B = (1 - exp(-speed T)) / speed,
 *     y = level + ((r - level) B - (sd^2 / (2 speed^2)) (T - B) + sd^2 B^2 / (4 speed)) / T  (decimal).
 * The target is the change of r over `horizon` days. Its truth is the forecast of the filter of Kalman (1960)
 * from all yields so far; known r, noise=0, gives (level - r)(1 - b^h), R2 (1 - b^h) / 2: 0.0204 at the
 * defaults' 21 days, 0.197 at 252. */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>

#include "data/sources/simulate.h"

enum { BONDS = 3, YEAR = 252 };
#define EXACT 1e-6 /* an error below it is none: the yields tell the rate */
static const int maturities[BONDS] = { 1, 5, 10 };

typedef struct Vasicek {
    double level, stay, step; /* a day: r' = level + (r - level) stay + step e */
    double variance;          /* on the long run */
    double noise;
    double constant[BONDS], slope[BONDS]; /* a yield: constant + slope r */
} Vasicek;

static Vasicek read_model(const Options *given)
{
    double speed = option_number(given, "speed"), sd = option_number(given, "sd");
    Vasicek model = { .level = option_number(given, "level"),
                      .stay = exp(-speed / YEAR),
                      .variance = sd * sd / (2 * speed),
                      .noise = option_number(given, "noise") };
    model.step = sqrt(model.variance * (1 - model.stay * model.stay));
    for (int k = 0; k < BONDS; k++) {
        double years = maturities[k], b = (1 - exp(-speed * years)) / speed, s = sd / 100;
        double convexity = 100 * (s * s * b * b / (4 * speed) - s * s / (2 * speed * speed) * (years - b));
        model.slope[k] = b / years;
        model.constant[k] = model.level * (1 - model.slope[k]) + convexity / years;
    }
    return model;
}

/* The rates of n days; NULL without memory. */
static double *draw_path(const Vasicek *model, gsl_rng *rng, size_t n, Err *err)
{
    double *path = mem_get(n, sizeof *path, err);
    double r = model->level + gsl_ran_gaussian(rng, sqrt(model->variance));
    for (size_t i = 0; path && i < n; i++) {
        path[i] = r;
        r = model->level + (r - model->level) * model->stay + gsl_ran_gaussian(rng, model->step);
    }
    return path;
}

/* What is known of the rate: its mean and variance. */
typedef struct Belief {
    double mean, variance;
} Belief;

static void see_yields(const Vasicek *model, Belief *belief, const double yields[BONDS])
{
    double precision = 1 / belief->variance, pull = 0, noise = model->noise * model->noise;
    for (int k = 0; k < BONDS; k++) {
        double gap = yields[k] - model->constant[k] - model->slope[k] * belief->mean;
        precision += model->slope[k] * model->slope[k] / noise;
        pull += model->slope[k] * gap / noise;
    }
    belief->mean += pull / precision;
    belief->variance = 1 / precision;
}

static void next_day(const Vasicek *model, Belief *belief)
{
    belief->mean = model->level + (belief->mean - model->level) * model->stay;
    belief->variance = belief->variance * model->stay * model->stay + model->step * model->step;
}

typedef struct Cells {
    int64_t *t;
    double *rate, *yields[BONDS], *change, *truth;
} Cells;

static bool make_cells(Simulation *simulation, int horizon, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, simulation->n_samples, 3 + BONDS, err)) return false;
    cells->t = simulation_integers(simulation, "t", ROLE_TIME, err);
    cells->rate = simulation_numbers(simulation, "rate", ROLE_HELD, err);
    for (int k = 0; k < BONDS; k++) {
        char name[16];
        snprintf(name, sizeof name, "y%d", maturities[k]);
        cells->yields[k] = simulation_numbers(simulation, name, ROLE_INPUT, err);
    }
    cells->change = simulation_numbers(simulation, "change", ROLE_TARGET, err);
    simulation_ahead(simulation, horizon);
    cells->truth = simulation_truth(simulation, err);
    return cells->truth != NULL;
}

static bool fill(Simulation *simulation, const Vasicek *model, const double *path, int horizon,
                 const Cells *cells, Err *err)
{
    Belief belief = { model->level, model->variance };
    double gone = 1 - pow(model->stay, horizon);
    for (size_t i = 0; i < simulation->n_rows; i++) {
        double yields[BONDS], error[BONDS];
        for (int k = 0; k < BONDS; k++) {
            error[k] = gsl_ran_gaussian(simulation->rng, 1) * model->noise;
            yields[k] = model->constant[k] + model->slope[k] * path[i] + error[k];
            cells->yields[k][i] = yields[k];
        }
        if (model->noise > EXACT) see_yields(model, &belief, yields);
        cells->t[i] = (int64_t)i + 1;
        cells->rate[i] = path[i];
        cells->change[i] = path[i + (size_t)horizon] - path[i];
        cells->truth[i] = (model->level - (model->noise > EXACT ? belief.mean : path[i])) * gone;
        next_day(model, &belief);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return true;
}

static bool draw(Simulation *simulation, Err *err)
{
    Vasicek model = read_model(simulation->options);
    int horizon = (int)option_integer(simulation->options, "horizon");
    Cells cells;
    if (!make_cells(simulation, horizon, &cells, err)) return false;
    double *path = draw_path(&model, simulation->rng, simulation->n_rows + (size_t)horizon, err);
    bool ok = path && fill(simulation, &model, path, horizon, &cells, err);
    mem_free(path);
    return ok;
}

static const OptionSpec options[] = { { .name = "speed",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.5",
                                        .min = 0.001,
                                        .max = 1000,
                                        .help = "pull of the rate to its level, a year" },
                                      { .name = "level",
                                        .type = OPTION_NUMBER,
                                        .initial = "4",
                                        .min = -100,
                                        .max = 100,
                                        .help = "what the rate returns to, percent" },
                                      { .name = "sd",
                                        .type = OPTION_NUMBER,
                                        .initial = "1",
                                        .min = 0.0001,
                                        .max = 100,
                                        .help = "volatility of the rate, percent a year" },
                                      { .name = "noise",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.1",
                                        .min = 0,
                                        .max = 100,
                                        .help = "standard error of a yield, percent" },
                                      { .name = "horizon",
                                        .type = OPTION_INTEGER,
                                        .initial = "21",
                                        .min = 1,
                                        .max = 2520,
                                        .help = "days ahead that the target looks" } };

const SimulatorKind simulator_vasicek = {
    .kind = { .name = "vasicek",
              .help = "a short rate that returns to its level, and yields: t, rate, y1, y5, y10, change",
              .more =
                  "dr = speed (level - r) dt + sd dW (Vasicek, Journal of Financial Economics 5, 1977), a "
                  "row a day; y1, y5, y10 are yields of zero bonds, seen with an error, and rate is held "
                  "out. change is what the rate does over the next horizon days. The truth is the forecast "
                  "of Kalman's filter (1960) from all yields so far; without noise its R2 is (1 - exp(-speed "
                  "horizon / 252)) / 2, 0.020 for 21 days, 0.197 for 252. Loan losses by Vasicek: simulate "
                  "portfolio.",
              KIND_OPTIONS(options),
              .example = "simulate vasicek as rates rows=2000 horizon=252\ndescribe rates",
              .since = "1" },
    .draw = draw,
};
