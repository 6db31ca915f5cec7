/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schedules: what the learning rate is multiplied with as a run of training goes on. */
#ifndef FNS_MODEL_SCHEDULE_H
#define FNS_MODEL_SCHEDULE_H

#include "base/option.h"

#define SCHEDULE_SETTINGS 4
#define SCHEDULE_STATE    4

typedef struct SchedulePoint {
    double epoch;           /* epochs of this run up to the middle of the coming batch, from 0 */
    double epochs;          /* of this run */
    const double *settings; /* the kind's options in table order */
    const double *state;    /* (SCHEDULE_STATE) what `observe` left; all 0 at first */
} SchedulePoint;

typedef struct ScheduleKind {
    Kind kind;
    double (*factor)(const SchedulePoint *point);
    /* After each epoch, with the monitored value turned so that less is better; NULL: looks at nothing. */
    void (*observe)(const double *settings, double *state, double value);
} ScheduleKind;

extern const KindList schedule_kinds; /* src/model/schedules.def */

#endif
