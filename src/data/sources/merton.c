/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structural default (Merton, Journal of Finance 29, 1974): a firm's assets V follow a geometric Brownian
 * motion of drift mu and volatility s; it defaults where they are below its debt D after a year. With the
 * leverage L = D / V
 *     PD = Phi(-DD),  DD = (ln(1/L) + mu - s^2 / 2) / s.
 * L ~ 0.2 + 0.75 Beta(2.5, 2), s ~ lognormal(ln 0.25, 0.35), mu ~ N(0.06, 0.05). PD 7.6%, attainable AUC
 * 0.865, KS 0.580, Brier 0.0594, log-loss 0.1996; leverage alone 0.795. Markets show equity, a call on V:
 *     E = V Phi(d1) - D exp(-r) Phi(d1 - s),  d1 = (ln(1/L) + r + s^2 / 2) / s,  s_E = s Phi(d1) V / E.
 * With a correlation rho of the assets the firms of a year share a factor Z, and
 *     PD | Z = Phi((-DD - sqrt(rho) Z) / sqrt(1 - rho))  (Vasicek, Risk 15, 2002). */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "data/sources/simulate.h"

typedef struct Firm {
    double leverage, volatility, drift;
} Firm;

static Firm draw_firm(gsl_rng *rng)
{
    Firm firm;
    firm.leverage = 0.2 + 0.75 * gsl_ran_beta(rng, 2.5, 2.0);
    firm.volatility = gsl_ran_lognormal(rng, log(0.25), 0.35);
    firm.drift = 0.06 + gsl_ran_gaussian(rng, 0.05);
    return firm;
}

static double distance_to_default(const Firm *firm)
{
    double s = firm->volatility;
    return (-log(firm->leverage) + firm->drift - s * s / 2) / s;
}

/* Debt over equity and the volatility of equity. */
static void see_equity(const Firm *firm, double riskfree, double *debt, double *volatility)
{
    double s = firm->volatility, d1 = (-log(firm->leverage) + riskfree + s * s / 2) / s;
    double delta = gsl_cdf_ugaussian_P(d1);
    double equity = delta - firm->leverage * exp(-riskfree) * gsl_cdf_ugaussian_P(d1 - s);
    *debt = firm->leverage / equity;
    *volatility = s * delta / equity;
}

typedef struct Cells {
    int64_t *year, *label; /* year, factor: NULL without a correlation */
    double *debt, *volatility, *drift, *factor, *truth;
} Cells;

static bool make_cells(Simulation *simulation, bool equity, bool years, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, simulation->n_samples, years ? 6 : 4, err)) return false;
    if (years) cells->year = simulation_integers(simulation, "year", ROLE_HELD, err);
    cells->debt = simulation_numbers(simulation, equity ? "debt_equity" : "leverage", ROLE_INPUT, err);
    cells->volatility =
        simulation_numbers(simulation, equity ? "equity_volatility" : "volatility", ROLE_INPUT, err);
    cells->drift = simulation_numbers(simulation, "drift", ROLE_INPUT, err);
    if (years) cells->factor = simulation_numbers(simulation, "factor", ROLE_INPUT, err);
    cells->label = simulation_integers(simulation, "default", ROLE_TARGET, err);
    cells->truth = simulation_truth(simulation, err);
    return cells->truth != NULL;
}

/* The factors of the years have a substream of their own. NULL without memory. */
static double *draw_factors(const Simulation *simulation, int n_years)
{
    double *factors = arena_take(simulation->arena, (size_t)n_years * sizeof *factors);
    gsl_rng *rng = rng_stream(simulation->key, 1);
    if (!rng) return NULL;
    for (int k = 0; k < n_years; k++) factors[k] = gsl_ran_ugaussian(rng);
    gsl_rng_free(rng);
    return factors;
}

static bool draw(Simulation *simulation, Err *err)
{
    const Options *given = simulation->options;
    bool equity = strcmp(option_text(given, "see"), "equity") == 0;
    double riskfree = option_number(given, "riskfree"), rho = option_number(given, "correlation");
    int n_years = (int)option_integer(given, "years");
    Cells cells = { 0 };
    if (!make_cells(simulation, equity, rho > 0, &cells, err)) return false;
    const double *factors = draw_factors(simulation, n_years);
    if (!factors) return ERR(err, no_memory, "factor");
    for (size_t i = 0; i < simulation->n_rows; i++) {
        Firm firm = draw_firm(simulation->rng);
        int year = (int)((double)i * n_years / (double)simulation->n_rows);
        double common = rho > 0 ? sqrt(rho) * factors[year] : 0;
        double bar = (-distance_to_default(&firm) - common) / sqrt(1 - rho);
        cells.debt[i] = firm.leverage;
        cells.volatility[i] = firm.volatility;
        cells.drift[i] = firm.drift;
        if (equity) see_equity(&firm, riskfree, &cells.debt[i], &cells.volatility[i]);
        if (cells.year) cells.year[i] = year + 1;
        if (cells.factor) cells.factor[i] = factors[year];
        cells.label[i] = gsl_ran_gaussian(simulation->rng, 1) < bar;
        cells.truth[i] = gsl_cdf_ugaussian_P(bar);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return true;
}

static const OptionSpec options[] = {
    { .name = "see",
      .type = OPTION_WORD,
      .initial = "assets",
      .words = "assets|equity",
      .help = "assets: leverage and asset volatility; equity: debt over equity and equity volatility" },
    { .name = "riskfree",
      .type = OPTION_FRACTION,
      .initial = "3%",
      .min = -0.5,
      .max = 0.5,
      .help = "riskless rate a year, by which equity is priced" },
    { .name = "correlation",
      .type = OPTION_FRACTION,
      .flags = OPTION_OPEN_MAX,
      .initial = "0",
      .max = 1,
      .help = "correlation of the assets of two firms in the same year; adds year and factor" },
    { .name = "years",
      .type = OPTION_INTEGER,
      .initial = "20",
      .min = 1,
      .max = 100000,
      .help = "with a correlation: the years, one after the other, as many firms in each" }
};

const SimulatorKind simulator_merton = {
    .kind = { .name = "merton",
              .help = "firms that default by Merton's model: leverage, volatility, drift, target default",
              .more =
                  "P(default) = Phi(-DD), DD = (ln(1 / leverage) + drift - s^2 / 2) / s, s the volatility, a "
                  "year ahead (Merton, Journal of Finance 29, 1974). Attainable AUC 0.865, log-loss 0.1996; "
                  "a linear logit comes to 0.861, 0.2054: what a net can win here is calibration. With "
                  "see=equity the inputs are what markets show, a call on the assets.\n"
                  "With correlation=12% the firms of a year share a factor: P(default) = Phi((-DD - "
                  "sqrt(rho) factor) / sqrt(1 - rho)); year is held out, factor an input (role hold=factor: "
                  "what is not known beforehand).",
              KIND_OPTIONS(options),
              .example = "simulate merton as firms rows=1000 see=equity\nhead firms\n"
                         "simulate merton as crises rows=1000 correlation=20% years=10",
              .since = "1" },
    .draw = draw,
};
