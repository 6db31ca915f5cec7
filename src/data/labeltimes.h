/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the labels of a frame's rows live, as ranks: place k is the k-th different value of the time role, or
 * frame row k where there is none. Intervals in ranks meet exactly where those in time do. */
#ifndef FNS_DATA_LABELTIMES_H
#define FNS_DATA_LABELTIMES_H

#include "data/frame.h"
#include "data/purge.h"

#define RANK_NONE (-1) /* the row has no time */

typedef struct LabelRule {
    Value purge, embargo; /* rows of the id, or durations; missing: none */
    const char *end;      /* the column that holds each label's end, on the scale of the time role; or NULL */
    bool overlap;         /* purge=0 counts: the horizon of the target is left out (leak=allow) */
} LabelRule;

typedef struct LabelTimes {
    size_t n;           /* rows of the frame */
    int64_t *from, *to; /* (n): ranks; RANK_NONE where the row has no time */
    int64_t *edge;      /* (n): see LabelSpans; NULL without embargo= */
    size_t n_times;     /* different times */
    int64_t *times;     /* (n_times): their values in order (of numbers: keys in that order) */
    bool dates;         /* the values are ns since 1970 */
    int64_t horizon;    /* the longest label, in ranks */
} LabelTimes;

/* A label reaches as many rows of its id ahead as the largest lead of a column and the window's horizon say,
 * or as purge= says where that is more, or to the end that a column holds. Errors: bad_split (a gap of time
 * without dates, an end before its row), no_column. labeltimes_free after it, also after an error. */
bool labeltimes_make(const Frame *frame, const LabelRule *rule, LabelTimes *out, Err *err);
void labeltimes_free(LabelTimes *times);
/* The first rank whose time is not before that of `rank` plus (sign -1: minus) an amount of rows or time;
 * from 0 to n_times. Error bad_split where the amount does not fit. */
bool labeltimes_move(const LabelTimes *times, int64_t rank, const Value *amount, int sign, int64_t *out,
                     Err *err);
/* Rows that the largest lead of a column and the horizon of windows look ahead. */
long frame_horizon(const Frame *frame);
/* Whether the rows of a frame have an order that a split has to keep: a time role, or a future column. */
bool frame_is_ordered(const Frame *frame);

#endif
