/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of what is: the confusion matrix with the names of the levels, and of several levels
 * precision, recall, F1 and the area under the ROC curve of each, with their plain and their pooled mean. */
#ifndef FNS_LANG_CONFUSION_H
#define FNS_LANG_CONFUSION_H

#include "lang/figures.h"

enum { CONFUSION_LEVELS = 30 };

/* Tables for each model; in $last.pd (or with several parts $last.pd.PART): confusion.IS.SAID; of two levels
 * cells.tp, fp, fn, tn and cutoff; of several levels.NAME.f1, macro.f1, micro.f1. Nothing is shown of a model
 * without a cut-off, nor of more than 30 levels. */
bool confusion_add(Figures *figures, const Evaluation *evaluation, Err *err);

#endif
