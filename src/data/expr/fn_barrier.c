/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Triple-barrier labels (Lopez de Prado, Advances in Financial Machine Learning, 2018, chapter 3). With
 * sigma(t) the exponentially weighted standard deviation of the simple returns up to t (weight (1 - 2 / (span
 * + 1))^k of the return k rows before, with the divisor that makes the variance unbiased), the label of t is
 * 1 or -1 as the return from t first goes above up * sigma(t) or below -down * sigma(t) within `horizon`
 * rows, else 0, or the sign of the last of these returns. Reference: tests/reference/building.py. */
#include "data/expr/function.h"

#include <math.h>
#include <string.h>

static const OptionSpec options[] = {
    { "horizon", OPTION_INTEGER, OPTION_REQUIRED, NULL, 1, 100000, NULL, NULL,
      "rows after which the vertical barrier stands, as in horizon=10" },
    { "up", OPTION_NUMBER, 0, "1", 0, 1e6, NULL, NULL, "the upper barrier in sigmas; 0: none" },
    { "down", OPTION_NUMBER, 0, "1", 0, 1e6, NULL, NULL, "the lower barrier in sigmas; 0: none" },
    { "span", OPTION_NUMBER, 0, "100", 1, 1e6, NULL, NULL, "of the weights of sigma, in rows" },
    { "vertical", OPTION_WORD, 0, "zero", 0, 0, "zero|sign", NULL,
      "the label where neither barrier is touched: 0, or the sign of the return" },
};

typedef struct Ewm {
    double decay, mean, variance, weight, sum, squares;
} Ewm;

/* Adds an observation (or, NaN, lets the older ones fade); the standard deviation, NaN below two. */
static double ewm_add(Ewm *ewm, double x)
{
    ewm->weight *= ewm->decay;
    ewm->sum *= ewm->decay;
    ewm->squares *= ewm->decay * ewm->decay;
    if (!isnan(x)) {
        double before = ewm->mean, all = ewm->weight + 1;
        ewm->mean = (ewm->weight * before + x) / all;
        ewm->variance = (ewm->weight * (ewm->variance + (before - ewm->mean) * (before - ewm->mean)) +
                         (x - ewm->mean) * (x - ewm->mean)) /
                        all;
        ewm->weight = all;
        ewm->sum += 1;
        ewm->squares += 1;
    }
    double free_weight = ewm->sum * ewm->sum - ewm->squares;
    return free_weight > 1e-14 * ewm->squares ? sqrt(ewm->variance * ewm->sum * ewm->sum / free_weight) : NAN;
}

/* The label of x[0], with x[1] .. x[horizon] after it. */
static double label_of(const double *x, size_t horizon, double above, double below, bool sign)
{
    double label = NAN;
    for (size_t k = 0; k <= horizon; k++)
        if (isnan(x[k])) return NAN;
    for (size_t k = 1; k <= horizon; k++) {
        double change = x[k] / x[0] - 1;
        if (change > above) return 1;
        if (change < below) return -1;
        label = sign ? (change > 0) - (change < 0) : 0;
    }
    return label;
}

static void barrier_run(const double *x, size_t n, const Options *given, double *out)
{
    size_t horizon = (size_t)option_integer(given, "horizon");
    double up = option_number(given, "up"), down = option_number(given, "down");
    bool sign = !strcmp(option_text(given, "vertical"), "sign");
    Ewm ewm = { .decay = 1 - 2 / (option_number(given, "span") + 1) };
    for (size_t i = 0; i < n; i++) {
        double sigma = ewm_add(&ewm, i ? x[i] / x[i - 1] - 1 : NAN);
        double above = up > 0 ? up * sigma : INFINITY, below = down > 0 ? -down * sigma : -INFINITY;
        bool known = !isnan(sigma) && i + horizon < n;
        out[i] = known ? label_of(x + i, horizon, above, below, sign) : NAN;
    }
}

const Function function_barrier = {
    .kind = { .name = "barrier",
              .help = "the triple-barrier label: 1, -1 or 0 as a price first rises, falls, or does neither",
              .more =
                  "By id in time order, for targets only: the label looks `horizon` rows ahead, which is the "
                  "gap that splits keep. The barriers stand at up and down times sigma of the price, the "
                  "exponentially weighted standard deviation (span=) of the returns up to the row. Missing "
                  "where the rows of the id end before the horizon, whatever was touched until then, at the "
                  "first two rows, and where a price on the way is missing. text(barrier(...)) makes the "
                  "labels classes. Source: Lopez de Prado 2018, chapter 3.",
              KIND_OPTIONS(options),
              .example = "simulate garch as p rows=300\n"
                         "derive p price = exp(ewma(ret, decay=0.9) / 10)\n"
                         "derive p label = barrier(price, up=2, down=2, horizon=10)\n"
                         "group p by=label n=count()",
              .since = "1" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run_options = barrier_run,
    .ahead = "horizon"
};
