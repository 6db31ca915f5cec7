/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watching a training job until it ends: one loop over signals, events and keys. */
#ifndef FNS_UI_WATCH_H
#define FNS_UI_WATCH_H

#include "model/train.h"
#include "ui/ladder.h"
#include "ui/theme.h"

typedef struct WatchStyle {
    Ladder ladder;
    Theme theme;
    bool colour;
    Marks marks;
    int columns;            /* of the terminal, for the status line */
    const atomic_int *stop; /* 1: stop and keep everything, 2: back to the state before */
    bool (*pending)(void);  /* somebody holds typed characters; or NULL */
} WatchStyle;

void watch_run(const WatchStyle *style, Job *job);

#endif
