/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loan book of loanbook.h, and from a month on another: x1 moved by `shift` standard deviations (its
 * population stability index is shift^2), the odds of default multiplied by `odds` (the ranking stays, the
 * intercept of the calibration moves by ln odds). Factor 2 over the whole book: defaults 14.4% -> 21.4%,
 * attainable AUC 0.849 -> 0.834. */
#include <math.h>

#include "data/sources/loanbook.h"

static bool draw(Simulation *simulation, Err *err)
{
    const Options *given = simulation->options;
    int n_months = (int)option_integer(given, "months");
    LoanBook book = { .n_months = n_months,
                      .after = (int)(option_number(given, "after") * n_months + 0.5),
                      .shift = option_number(given, "shift"),
                      .log_odds = log(option_number(given, "odds")),
                      .time = option_bool(given, "time") ? ROLE_TIME : ROLE_HELD };
    return simulate_loanbook(simulation, &book, err);
}

static const OptionSpec options[] = { LOANBOOK_MONTHS,
                                      { .name = "after",
                                        .type = OPTION_FRACTION,
                                        .initial = "75%",
                                        .max = 1,
                                        .help = "share of the months before the change" },
                                      { .name = "shift",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.5",
                                        .min = -100,
                                        .max = 100,
                                        .help = "by how many standard deviations x1 moves" },
                                      { .name = "odds",
                                        .type = OPTION_NUMBER,
                                        .flags = OPTION_OPEN_MIN,
                                        .initial = "2",
                                        .max = 1e6,
                                        .help = "factor of the odds of default" },
                                      LOANBOOK_TIME("on") };

const SimulatorKind simulator_drift = {
    .kind = { .name = "drift",
              .help = "the loan book of credit, which becomes another from a month on",
              .more = "After the share `after` of the months x1 is higher by shift, which is a population "
                      "stability index of shift^2, and the odds of default are odds times as high: the "
                      "ranking stays, the calibration moves by ln odds (help credit has the formula).\n"
                      "With shift=0 a net trained before the change keeps its AUC after it and misses the "
                      "rate.",
              KIND_OPTIONS(options),
              .example = "simulate drift as loans rows=2000 months=24 shift=1 odds=1",
              .since = "1" },
    .draw = draw,
};
