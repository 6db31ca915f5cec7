/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `threshold` shows of the cut-offs among which it chose. */
#ifndef FNS_LANG_THRESHOLD_H
#define FNS_LANG_THRESHOLD_H

#include "lang/cutoff_asked.h"
#include "lang/deciding.h"

typedef struct Choosing {
    Deciding deciding;
    CutoffAsked asked;
    Cutoff *cuts; /* (n_cuts): scores falling */
    size_t n_cuts;
} Choosing;

/* The table of cuts, and a record of each in $last: the chosen one, Bayes' where costs are known and scores
 * are probabilities, 0.5; where the rows have both classes (`both`) also those of ks and f1. */
void threshold_show_cuts(const Choosing *choosing, double chosen, bool probability, bool both);

/* The chart of what the rule looks at, by cut-off, its numbers in $last, and the file of to=. Errors: out of
 * memory, a file that cannot be written. */
bool threshold_show_curve(const Choosing *choosing, double chosen, Err *err);

#endif
