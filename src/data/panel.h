/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame's rows by id and time, or as trees: what samples are cut from. */
#ifndef FNS_DATA_PANEL_H
#define FNS_DATA_PANEL_H

#include "data/sample.h"

typedef struct Panel {
    size_t n;        /* rows that have an id and a time */
    uint32_t *order; /* (n): frame rows */
    uint32_t *first; /* (n): the place where the id of this row begins; of trees, where its subtree begins */
    uint32_t *up;    /* trees, (n): how many places on the parent stands; 0: a root. Or NULL */
} Panel;

bool panel_open(Panel *panel, const Frame *frame, const SampleBy *by, Err *err);
void panel_close(Panel *panel);
/* Puts the rows of each id in the order of its trees, children before parents. (paneltree.c) */
bool panel_plant(Panel *panel, const Frame *frame, const SampleRule *rule, Err *err);

static inline bool panel_is_last(const Panel *panel, size_t place)
{
    return place + 1 == panel->n || panel->first[place + 1] == place + 1;
}

#endif
