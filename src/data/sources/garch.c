/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns whose variance remembers, GARCH(1,1) (Bollerslev, Journal of Econometrics 31, 1986):
 *     r_t = sqrt(h_t) z_t,  h_(t+1) = omega + alpha r_t^2 + beta h_t,  h_1 = omega / (1 - alpha - beta),
 * z normal or Student t of variance 1. The target is the next day's r^2, its truth h; or its direction, of
 * which nothing can be known. R2 of h for r^2 is alpha^2 / (1 - beta^2 - 2 alpha beta), 0.1391 with the
 * defaults, whatever z; it varies much from path to path: compare with the truth of the same rows. */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "data/sources/simulate.h"

typedef struct Garch {
    double omega, alpha, beta, df; /* df: of t; 0: normal */
} Garch;

static bool read_garch(const Options *given, Garch *garch, Err *err)
{
    bool normal = strcmp(option_text(given, "innovations"), "normal") == 0;
    *garch = (Garch){ option_number(given, "omega"), option_number(given, "alpha"),
                      option_number(given, "beta"), normal ? 0 : option_number(given, "df") };
    double sum = garch->alpha + garch->beta;
    return sum < 1 || ERR(err, out_of_range, "alpha + beta", "below 1", NUM(sum));
}

static double draw_innovation(const Garch *garch, gsl_rng *rng)
{
    return garch->df > 0 ? gsl_ran_tdist(rng, garch->df) * sqrt((garch->df - 2) / garch->df)
                         : gsl_ran_gaussian(rng, 1);
}

/* The target: the square, or whether the return is up. */
typedef struct Target {
    double *square;
    int64_t *up;
} Target;

static Target make_target(Simulation *simulation, Err *err)
{
    Target target = { 0 };
    if (strcmp(option_text(simulation->options, "target"), "square") == 0)
        target.square = simulation_numbers(simulation, "square", ROLE_TARGET, err);
    else
        target.up = simulation_integers(simulation, "up", ROLE_TARGET, err);
    simulation_ahead(simulation, 1);
    return target;
}

static bool draw(Simulation *simulation, Err *err)
{
    Garch garch;
    if (!read_garch(simulation->options, &garch, err) ||
        !simulation_open(simulation, simulation->n_samples, 3, err))
        return false;
    int64_t *t = simulation_integers(simulation, "t", ROLE_TIME, err);
    double *ret = simulation_numbers(simulation, "ret", ROLE_INPUT, err);
    Target target = make_target(simulation, err);
    double *truth = simulation_truth(simulation, err), h = garch.omega / (1 - garch.alpha - garch.beta);
    double r = sqrt(h) * draw_innovation(&garch, simulation->rng);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        t[i] = (int64_t)i + 1;
        ret[i] = r;
        h = garch.omega + garch.alpha * r * r + garch.beta * h;
        r = sqrt(h) * draw_innovation(&garch, simulation->rng);
        truth[i] = target.square ? h : 0.5;
        if (target.square) target.square[i] = r * r;
        if (target.up) target.up[i] = r > 0;
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "omega",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "0.02",
                                        .max = 1e6,
                                        .help = "constant of the variance, in squared percent" },
                                      { .name = "alpha",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.08",
                                        .max = 1,
                                        .help = "weight of the last squared return" },
                                      { .name = "beta",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.90",
                                        .max = 1,
                                        .help = "weight of the last variance" },
                                      { .name = "innovations",
                                        .type = OPTION_WORD,
                                        .initial = "normal",
                                        .words = "normal|t",
                                        .help = "what the returns are drawn from" },
                                      { .name = "df",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "8",
                                        .min = 2,
                                        .max = 1000,
                                        .help = "degrees of freedom of t" },
                                      { .name = "target",
                                        .type = OPTION_WORD,
                                        .initial = "square",
                                        .words = "square|up",
                                        .help = "the next day's squared return, or whether it is up" } };

const SimulatorKind simulator_garch = {
    .kind = { .name = "garch",
              .help = "returns whose variance remembers, GARCH(1,1): t, ret, target square",
              .more =
                  "r = sqrt(h) z, h' = omega + alpha r^2 + beta h (Bollerslev, Journal of Econometrics 31, "
                  "1986); square is the next day's r^2. The truth is h', attainable R2 alpha^2 / (1 - beta^2 "
                  "- 2 alpha beta), 0.139, on the long run. With target=up nothing can be known: a control "
                  "for every model of direction.",
              KIND_OPTIONS(options),
              .example = "simulate garch as days rows=2000 innovations=t df=8\ndescribe days",
              .since = "1" },
    .draw = draw,
};
