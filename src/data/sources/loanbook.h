/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loan book that `credit` and `drift` draw: month, x1 .. x6, macro, target default. x1 .. x6 are standard
 * normal, neighbours correlated by 0.3; macro is an AR(1) over the months, phi = 0.8, of unit variance; the
 * log-odds of default are
 *     -3.2 + 0.8 x1 - 0.6 x2 + 0.7 x3^2 + 0.8 x1 x2 - 0.9 [x4 > 0.5] + 0.5 macro
 * and x5, x6 are noise. Both figures of a book, 14.8% defaults and an attainable AUC of 0.85, move with the
 * drawn path of macro: compare with the truth of the same rows. */
#ifndef FNS_DATA_SOURCES_LOANBOOK_H
#define FNS_DATA_SOURCES_LOANBOOK_H

#include "data/sources/simulate.h"

typedef struct LoanBook {
    int n_months, after; /* what follows holds from the month `after` on, counted from 0 */
    double shift;        /* added to x1, once the other x are drawn from it */
    double log_odds;     /* added to the log-odds of default */
    Role time;           /* of the month */
} LoanBook;

bool simulate_loanbook(Simulation *simulation, const LoanBook *book, Err *err);

#define LOANBOOK_MONTHS                                                                                      \
    {                                                                                                        \
        .name = "months", .type = OPTION_INTEGER, .initial = "240", .min = 1, .max = 2400,                   \
        .help = "months the book covers, from 2004-01 on"                                                    \
    }
#define LOANBOOK_TIME(on_or_off)                                                                             \
    {                                                                                                        \
        .name = "time", .type = OPTION_BOOL, .initial = on_or_off,                                           \
        .help = "give month the time role, so that splits follow time (off: it is held out)"                 \
    }

#endif
