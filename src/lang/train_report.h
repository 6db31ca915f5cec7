/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture that a training run leaves behind: why it stopped, the curves, the best epoch, time and
 * hash. Made from the history, so it works for any net that was trained. */
#ifndef FNS_LANG_TRAIN_REPORT_H
#define FNS_LANG_TRAIN_REPORT_H

#include "lang/result.h"
#include "model/net.h"

/* Adds lines and the chart to the result. `first_epoch` is the first epoch of this run (1: all);
 * `seconds` its wall time. Without a history: one line that says so. */
void train_report(Result *result, const char *name, const Net *net, int first_epoch, double seconds);
/* The loss curves of a history from an epoch on; memory from the arena. */
Chart *train_report_chart(Arena *arena, const History *history, int first_epoch);

#endif
