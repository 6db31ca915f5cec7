/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loan book with known truth, the same over all its months: see loanbook.h. The attainable AUC is 0.849,
 * that of the best linear logit 0.68. */
#include "data/sources/loanbook.h"

static bool draw(Simulation *simulation, Err *err)
{
    int n_months = (int)option_integer(simulation->options, "months");
    LoanBook book = { .n_months = n_months,
                      .after = n_months,
                      .time = option_bool(simulation->options, "time") ? ROLE_TIME : ROLE_HELD };
    return simulate_loanbook(simulation, &book, err);
}

static const OptionSpec options[] = { LOANBOOK_MONTHS, LOANBOOK_TIME("off") };

const SimulatorKind simulator_credit = {
    .kind = { .name = "credit",
              .help = "a loan book with known truth: month, x1 to x6, macro, target default",
              .more = "log-odds of default: -3.2 + 0.8 x1 - 0.6 x2 + 0.7 x3^2 + 0.8 x1 x2 - 0.9 [x4 > 0.5] "
                      "+ 0.5 macro\nx5 and x6 are noise; neighbouring x are correlated by 0.3; macro is an "
                      "AR(1) by month, phi 0.8\nattainable AUC about 0.85, the best linear logit about 0.68",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000 seed=1",
              .since = "0.1" },
    .draw = draw,
};
