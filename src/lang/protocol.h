/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How crossvalidate divides rows: kfold, purged, walkforward, cpcv, column. */
#ifndef FNS_LANG_PROTOCOL_H
#define FNS_LANG_PROTOCOL_H

#include "data/foldplan.h"
#include "lang/command.h"

extern const KindList protocol_kinds;

/* The folds that the options `protocol` and `leak` of a call ask for, and the taint that they bring; inner as
 * in foldplan_purged. foldplan_free(out) after it, also after an error. */
bool protocol_folds(const Call *call, const Frame *frame, uint64_t seed, bool inner, FoldPlan *out,
                    unsigned *taint, Err *err);
/* The column that column(NAME) names; -1: another protocol. */
int protocol_column(const Call *call, const Frame *frame);

#endif
