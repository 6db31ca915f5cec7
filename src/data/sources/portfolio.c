/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Default rates of a portfolio of like loans (Vasicek, Risk 15, 2002): a loan defaults where sqrt(rho) Z +
 * sqrt(1 - rho) e < Phi^-1(PD), Z the state of the economy in that year, the same for all loans, so that
 *     PD | Z = Phi((Phi^-1(PD) - sqrt(rho) Z) / sqrt(1 - rho)).
 * The rate of a fine portfolio exceeds Phi((Phi^-1(PD) + sqrt(rho) Phi^-1(q)) / sqrt(1 - rho)) with
 * probability 1 - q: PD 2%, rho 12%, q 99.9% 0.1473. Z is an AR(1) over the years, `phi`; the truth of next
 * year's rate is its mean over what Z can become,
 *     Phi((Phi^-1(PD) - sqrt(rho) phi Z) / sqrt(1 - rho phi^2)). */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

typedef struct Portfolio {
    double bar, rho, phi; /* bar: Phi^-1(PD) */
    unsigned loans;       /* 0: so many that only their share counts */
} Portfolio;

/* P(default) given the part `known` of the factor, times its weight in sqrt(rho). */
static double rate_given(const Portfolio *book, double weight, double factor)
{
    double known = weight * sqrt(book->rho);
    return gsl_cdf_ugaussian_P((book->bar - known * factor) / sqrt(1 - known * known));
}

static double draw_rate(const Portfolio *book, gsl_rng *rng, double factor)
{
    double rate = rate_given(book, 1, factor);
    return book->loans ? gsl_ran_binomial(rng, rate, book->loans) / (double)book->loans : rate;
}

static Portfolio read_portfolio(const Options *given)
{
    return (Portfolio){ gsl_cdf_ugaussian_Pinv(option_number(given, "pd")),
                        option_number(given, "correlation"), option_number(given, "phi"),
                        (unsigned)option_integer(given, "loans") };
}

static bool draw(Simulation *simulation, Err *err)
{
    Portfolio book = read_portfolio(simulation->options);
    gsl_rng *rng = simulation->rng;
    if (!simulation_open(simulation, simulation->n_samples, 4, err)) return false;
    int64_t *year = simulation_integers(simulation, "year", ROLE_TIME, err);
    double *rate = simulation_numbers(simulation, "rate", ROLE_INPUT, err);
    double *factor = simulation_numbers(simulation, "factor", ROLE_INPUT, err);
    double *next = simulation_numbers(simulation, "next", ROLE_TARGET, err);
    simulation_ahead(simulation, 1);
    double *truth = simulation_truth(simulation, err);
    double z = gsl_ran_gaussian(rng, 1), now = draw_rate(&book, rng, z);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        year[i] = (int64_t)i + 1;
        rate[i] = now;
        factor[i] = z;
        truth[i] = rate_given(&book, book.phi, z);
        z = book.phi * z + gsl_ran_gaussian(rng, sqrt(1 - book.phi * book.phi));
        next[i] = now = draw_rate(&book, rng, z);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
}

static const OptionSpec options[] = { { .name = "pd",
                                        .type = OPTION_FRACTION,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "2%",
                                        .max = 1,
                                        .help = "probability of default of a loan in a year" },
                                      { .name = "correlation",
                                        .type = OPTION_FRACTION,
                                        .flags = OPTION_OPEN_MAX,
                                        .initial = "12%",
                                        .max = 1,
                                        .help = "correlation of the assets of two borrowers" },
                                      { .name = "phi",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
                                        .initial = "0.6",
                                        .min = -1,
                                        .max = 1,
                                        .help = "correlation of the economy with the year before" },
                                      { .name = "loans",
                                        .type = OPTION_INTEGER,
                                        .initial = "0",
                                        .min = 0,
                                        .max = 1e9,
                                        .help = "loans of the portfolio; 0: without end" } };

const SimulatorKind simulator_portfolio = {
    .kind = { .name = "portfolio",
              .help = "default rates of a loan portfolio by Vasicek: year, rate, factor, target next",
              .more =
                  "P(default | factor) = Phi((Phi^-1(pd) - sqrt(rho) factor) / sqrt(1 - rho)), rho = "
                  "correlation (Vasicek, Risk 15, 2002), a row a year; factor is the state of the economy, "
                  "an AR(1). next is the rate of the year after, its truth Phi((Phi^-1(pd) - sqrt(rho) phi "
                  "factor) / sqrt(1 - rho phi^2)). One year in a thousand is beyond 14.7% at the defaults. "
                  "Single borrowers of such years: simulate merton correlation=. Rates: simulate vasicek.",
              KIND_OPTIONS(options),
              .example = "simulate portfolio as book rows=1000 correlation=20%\ndescribe book",
              .since = "1" },
    .draw = draw,
};
