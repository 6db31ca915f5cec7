/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paired tests under the figures: every further model against the first, on the same rows. */
#ifndef FNS_LANG_PAIRS_TABLE_H
#define FNS_LANG_PAIRS_TABLE_H

#include "lang/figures.h"

/* Rows for the metrics that have a paired test; in $last: tests.lr.auc.p, or with several parts
 * tests.lr.PART.auc.p. */
bool pairs_add(Figures *figures, const Evaluation *evaluation, Err *err);
/* {difference, low, high, p, test} */
void pairs_record(Arena *arena, Record *record, const char *name, const Compared *compared);

#endif
