/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structural default (Merton, Journal of Finance 29, 1974): a firm's assets V follow a geometric Brownian
 * motion of drift mu and volatility s; it defaults where they are below its debt D after a year. With the
 * leverage L = D / V
 *     PD = Phi(-DD),  DD = (ln(1/L) + mu - s^2 / 2) / s.
 * L ~ 0.2 + 0.75 Beta(2.5, 2), s ~ lognormal(ln 0.25, 0.35), mu ~ N(0.06, 0.05). PD 7.6%, attainable AUC
 * 0.865, KS 0.580, Brier 0.0594, log-loss 0.1996; leverage alone 0.795. Markets show equity, a call on V:
 *     E = V Phi(d1) - D exp(-r) Phi(d1 - s),  d1 = (ln(1/L) + r + s^2 / 2) / s,  s_E = s Phi(d1) V / E. */
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

static bool draw(Simulation *simulation, Err *err)
{
    bool equity = strcmp(option_text(simulation->options, "see"), "equity") == 0;
    double riskfree = option_number(simulation->options, "riskfree");
    if (!simulation_open(simulation, simulation->n_samples, 4, err)) return false;
    double *debt = simulation_numbers(simulation, equity ? "debt_equity" : "leverage", ROLE_INPUT, err);
    double *spread =
        simulation_numbers(simulation, equity ? "equity_volatility" : "volatility", ROLE_INPUT, err);
    double *drift = simulation_numbers(simulation, "drift", ROLE_INPUT, err);
    int64_t *y = simulation_integers(simulation, "default", ROLE_TARGET, err);
    double *truth = simulation_truth(simulation, err);
    for (size_t i = 0; truth && i < simulation->n_rows; i++) {
        Firm firm = draw_firm(simulation->rng);
        double distance = distance_to_default(&firm);
        debt[i] = firm.leverage;
        spread[i] = firm.volatility;
        drift[i] = firm.drift;
        if (equity) see_equity(&firm, riskfree, &debt[i], &spread[i]);
        y[i] = gsl_ran_gaussian(simulation->rng, 1) < -distance;
        truth[i] = gsl_cdf_ugaussian_P(-distance);
        if (!simulation_goes_on(simulation, i, simulation->n_rows, err)) return false;
    }
    return truth != NULL;
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
      .help = "riskless rate a year, by which equity is priced" }
};

const SimulatorKind simulator_merton = {
    .kind = { .name = "merton",
              .help = "firms that default by Merton's model: leverage, volatility, drift, target default",
              .more =
                  "P(default) = Phi(-DD), DD = (ln(1 / leverage) + drift - s^2 / 2) / s, s the volatility, a "
                  "year ahead\n(Merton, Journal of Finance 29, 1974). Attainable AUC 0.865, log-loss "
                  "0.1996; a linear logit comes to 0.861, 0.2054:\nwhat a net can win here is "
                  "calibration. With see=equity the inputs are what markets show, a call on the assets.",
              KIND_OPTIONS(options),
              .example = "simulate merton as firms rows=1000 see=equity\nhead firms",
              .since = "1" },
    .draw = draw,
};
