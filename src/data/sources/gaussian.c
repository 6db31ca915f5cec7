/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two normal classes with one covariance, the case of Fisher's linear discriminant: x | y ~ N(mu_y, S), S of
 * neighbours correlated by `correlation`, the means `distance` D apart (Mahalanobis 1936). The log-odds are
 * linear in x, so that a logit attains what can be: AUC = Phi(D / sqrt 2), KS = 2 Phi(D / 2) - 1; 0.7602 and
 * 0.3829 at D = 1. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

typedef struct Classes {
    double distance, correlation, rate;
    int n_inputs;
} Classes;

/* In white coordinates the means are D / sqrt k apart in each of the k; x is their AR(1) chain. */
static double draw_row(const Classes *classes, gsl_rng *rng, int label, double **x, size_t row)
{
    double apart = classes->distance / sqrt(classes->n_inputs), sum = 0, before = 0;
    double rho = classes->correlation, fresh = sqrt(1 - rho * rho);
    for (int k = 0; k < classes->n_inputs; k++) {
        double white = gsl_ran_gaussian(rng, 1) + label * apart;
        sum += white * apart;
        before = k ? rho * before + fresh * white : white;
        x[k][row] = before;
    }
    double odds = classes->rate / (1 - classes->rate);
    return 1 / (1 + exp(classes->distance * classes->distance / 2 - sum) / odds);
}

static bool draw(Simulation *simulation, Err *err)
{
    const Options *given = simulation->options;
    Classes classes = { option_number(given, "distance"), option_number(given, "correlation"),
                        option_number(given, "rate"), (int)option_integer(given, "columns") };
    if (!simulation_open(simulation, simulation->n_samples, classes.n_inputs + 1, err)) return false;
    double **x = simulation_inputs(simulation, classes.n_inputs, err);
    int64_t *y = simulation_integers(simulation, "y", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        y[i] = gsl_rng_uniform(simulation->rng) < classes.rate;
        truth[i] = draw_row(&classes, simulation->rng, (int)y[i], x, i);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "distance",
                                        .type = OPTION_NUMBER,
                                        .initial = "1",
                                        .max = 100,
                                        .help = "Mahalanobis distance of the two means" },
                                      { .name = "columns",
                                        .type = OPTION_INTEGER,
                                        .initial = "2",
                                        .min = 1,
                                        .max = 100000,
                                        .help = "number of inputs x1, x2, ..." },
                                      { .name = "correlation",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "0",
                                        .min = -1,
                                        .max = 1,
                                        .help = "correlation of neighbouring inputs within a class" },
                                      { .name = "rate",
                                        .type = OPTION_FRACTION,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "50%",
                                        .max = 1,
                                        .help = "share of class 1" } };

const SimulatorKind simulator_gaussian = {
    .kind = { .name = "gaussian",
              .help = "two normal classes with one covariance: x1, x2, ..., target y",
              .more = "x of class y is N(mu_y, S), the means D = distance apart (Mahalanobis 1936). The "
                      "log-odds are linear (Fisher 1936): a logit attains AUC Phi(D / sqrt 2), KS 2 Phi(D / "
                      "2) - 1; 0.760 and 0.383 at D = 1.",
              KIND_OPTIONS(options),
              .example = "simulate gaussian as g rows=1000 distance=1.5 columns=4 correlation=0.3",
              .since = "1" },
    .draw = draw,
};
