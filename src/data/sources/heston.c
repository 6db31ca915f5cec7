/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns whose variance is a process of its own, with bad days that raise it (Heston, Review of Financial
 * Studies 6, 1993), times in years, D = 1 / 252:
 *     d log S = (mu - v / 2) dt + sqrt(v) dW,  dv = speed (level - v) dt + vol sqrt(v) dB,  dW dB = rho dt.
 * The variance is drawn exactly (Cox, Ingersoll, Ross, Econometrica 53, 1985): with k the speed,
 *     c = vol^2 (1 - e^(-k D)) / (4 k),  d = 4 k level / vol^2,  N ~ Poisson(v e^(-k D) / (2 c)),
 *     v' = c chi^2(d + 2 N),
 * and the return by integrating the first equation over the day, the integral of v by the trapezoid
 * I = (v + v') D / 2 (Broadie and Kaya, Operations Research 54, 2006):
 *     r = mu D - I / 2 + rho / vol (v' - v - k level D + k I) + sqrt((1 - rho^2) I) z.
 * The target is the next day's r^2. Its truth E[r^2 | v] follows from mean and variance of v':
 *     E[v'] = level + (v - level) e^(-k D),
 *     Var v' = v vol^2 e^(-k D) (1 - e^(-k D)) / k + level vol^2 (1 - e^(-k D))^2 / (2 k).
 * Known values: sd of v vol sqrt(level / (2 k)) = 0.0316, R2 of the truth 0.160. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

#define DAY (1.0 / 252)

typedef struct Heston {
    double speed, level, vol, rho, mu;
} Heston;

static double next_variance(const Heston *model, gsl_rng *rng, double v)
{
    double stay = exp(-model->speed * DAY), vol2 = model->vol * model->vol;
    double c = vol2 * (1 - stay) / (4 * model->speed);
    double n = gsl_ran_poisson(rng, v * stay / (2 * c));
    return c * gsl_ran_chisq(rng, 4 * model->speed * model->level / vol2 + 2 * n);
}

/* The return between two variances, without what is drawn anew: constant + slope v'. */
static void drift(const Heston *model, double v, double *constant, double *slope)
{
    double k = model->speed, pull = model->rho / model->vol;
    double of_integral = (pull * k - 0.5) * DAY / 2;
    *slope = pull + of_integral;
    *constant = model->mu * DAY - pull * (v + k * model->level * DAY) + of_integral * v;
}

static double draw_return(const Heston *model, gsl_rng *rng, double v, double next)
{
    double constant, slope, integral = (v + next) * DAY / 2;
    drift(model, v, &constant, &slope);
    return constant + slope * next +
           sqrt((1 - model->rho * model->rho) * integral) * gsl_ran_gaussian(rng, 1);
}

/* E[r^2 | v] of the day to come. */
static double expected_square(const Heston *model, double v)
{
    double k = model->speed, stay = exp(-k * DAY), vol2 = model->vol * model->vol, constant, slope;
    double mean = model->level + (v - model->level) * stay;
    double variance =
        v * vol2 * stay * (1 - stay) / k + model->level * vol2 * (1 - stay) * (1 - stay) / (2 * k);
    drift(model, v, &constant, &slope);
    double known = constant + slope * mean;
    return known * known + slope * slope * variance + (1 - model->rho * model->rho) * (v + mean) * DAY / 2;
}

static Heston read_model(const Options *given)
{
    return (Heston){ option_number(given, "speed"), option_number(given, "level"),
                     option_number(given, "vol"), option_number(given, "rho"), option_number(given, "mu") };
}

static bool draw(Simulation *simulation, Err *err)
{
    Heston model = read_model(simulation->options);
    gsl_rng *rng = simulation->rng;
    if (!simulation_open(simulation, simulation->n_samples, 4, err)) return false;
    int64_t *t = simulation_integers(simulation, "t", ROLE_TIME, err);
    double *ret = simulation_numbers(simulation, "ret", ROLE_INPUT, err);
    double *variance = simulation_numbers(simulation, "variance", ROLE_INPUT, err);
    double *square = simulation_numbers(simulation, "square", ROLE_TARGET, err);
    simulation_ahead(simulation, 1);
    double *truth = simulation_truth(simulation, err);
    double shape = 2 * model.speed * model.level / (model.vol * model.vol);
    double before = gsl_ran_gamma(rng, shape, model.level / shape); /* what it is on the long run */
    double v = next_variance(&model, rng, before), r = 100 * draw_return(&model, rng, before, v);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        double next = next_variance(&model, rng, v);
        t[i] = (int64_t)i + 1;
        ret[i] = r;
        variance[i] = v;
        truth[i] = 1e4 * expected_square(&model, v);
        r = 100 * draw_return(&model, rng, v, next);
        square[i] = r * r;
        v = next;
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "speed",
                                        .type = OPTION_NUMBER,
                                        .initial = "5",
                                        .min = 0.01,
                                        .max = 1000,
                                        .help = "pull of the variance to its level, a year" },
                                      { .name = "level",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.04",
                                        .min = 1e-6,
                                        .max = 100,
                                        .help = "variance a year on the long run: 0.04 is 20% a year" },
                                      { .name = "vol",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.5",
                                        .min = 0.01,
                                        .max = 100,
                                        .help = "volatility of the variance" },
                                      { .name = "rho",
                                        .type = OPTION_NUMBER,
                                        .initial = "-0.7",
                                        .min = -1,
                                        .max = 1,
                                        .help = "correlation of return and variance" },
                                      { .name = "mu",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.05",
                                        .min = -10,
                                        .max = 10,
                                        .help = "drift of the price a year" } };

const SimulatorKind simulator_heston = {
    .kind = { .name = "heston",
              .help = "returns with a variance of its own, Heston: t, ret, variance, target square",
              .more =
                  "d log S = (mu - v / 2) dt + sqrt(v) dW, dv = speed (level - v) dt + vol sqrt(v) dB, "
                  "correlation rho (Heston, Review of Financial Studies 6, 1993), the variance drawn "
                  "exactly. ret is in percent a day, variance a year; square is the next day's ret^2, the "
                  "truth its mean given the variance: attainable R2 0.16. Without the column variance (role "
                  "hold=variance) it has to be guessed from the returns.",
              KIND_OPTIONS(options),
              .example = "simulate heston as days rows=2000 seed=1\ndescribe days",
              .since = "1" },
    .draw = draw,
};
