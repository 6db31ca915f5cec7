/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plot MODEL ...`: ROC, precision-recall, gains, KS, reliability and density of scores. */
#ifndef FNS_LANG_PLOT_MODEL_H
#define FNS_LANG_PLOT_MODEL_H

#include "lang/evaluation.h"

#define PLOT_MODEL_VIEWS "roc|pr|gains|ks|reliability|density"

/* The models are the first operand and those of `y`; options view, on, part, bins, to. */
bool plot_models(Session *session, const Call *call, Result *result, Err *err);

/* A gains curve as a chart of the result: share of the rows against share of the events. */
bool plot_gains(const Evaluation *evaluation, Result *result, Chart **out, Err *err);

#endif
