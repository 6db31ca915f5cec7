/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule of `threshold` as it is written: cost(fn=5, fp=1), ks, rate(10%), 0.2. */
#ifndef FNS_LANG_CUTOFF_ASKED_H
#define FNS_LANG_CUTOFF_ASKED_H

#include "lang/evaluation.h"
#include "measures/cutoff.h"

enum { CUTOFF_CELLS = 4 }; /* fn, fp, tp, tn */

typedef struct CutoffAsked {
    bool given; /* a number: nothing is chosen */
    CutoffRule rule;
    double number;     /* of rate and of a given cut-off */
    const char *words; /* the rule as written */
    bool has_costs;
    CutoffCosts costs;
    const char *columns[CUTOFF_CELLS]; /* of amounts, in the order of the cells, or NULL */
    double *amounts[CUTOFF_CELLS];     /* (n) each, from mem_get */
} CutoffAsked;

/* The operand `rule` of a call. Errors: threshold_rule, threshold_cost, threshold_order. */
bool cutoff_read(const Call *call, CutoffAsked *asked, Err *err);
/* The amounts of the judged rows. Errors: no_column, bad_type, threshold_amount. */
bool cutoff_amounts(CutoffAsked *asked, const Evaluation *evaluation, Err *err);
void cutoff_forget(CutoffAsked *asked);

#endif
