/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/labeltimes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/panel.h"
#include "data/splitwork.h"

long frame_horizon(const Frame *frame)
{
    long lead = 0;
    for (int i = 0; i < frame->n_columns; i++)
        if (frame->columns[i].lead > lead) lead = frame->columns[i].lead;
    return lead + (frame->sample.kind == SAMPLE_WINDOW ? frame->sample.horizon : 0);
}

bool frame_is_ordered(const Frame *frame)
{
    return frame_role(frame, ROLE_TIME) >= 0 || frame_horizon(frame) > 0;
}

/* ---- the scale of time */

/* A key that orders numbers as they are. */
static int64_t number_key(double x)
{
    int64_t bits;
    x += 0.0; /* -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static int64_t time_key(const Column *column, size_t physical)
{
    bool whole = column->type == COLUMN_TIME || column->type == COLUMN_INTEGER;
    return whole ? column->integers[physical] : number_key(column_number(column, physical));
}

static int compare_keys(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The last rank whose time is at or before a value; -1: none is. */
static int64_t rank_of(const LabelTimes *times, int64_t key)
{
    size_t low = 0, high = times->n_times;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (times->times[middle] <= key)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low - 1;
}

static void rank_rows(const Frame *frame, const Column *column, LabelTimes *out)
{
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++)
        if (!column_is_missing(column, frame_physical(frame, i)))
            out->times[n++] = time_key(column, frame_physical(frame, i));
    qsort(out->times, n, sizeof *out->times, compare_keys);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || out->times[i] != out->times[i - 1]) out->times[out->n_times++] = out->times[i];
    for (size_t i = 0; i < out->n; i++) {
        size_t physical = frame_physical(frame, i);
        bool timed = !column_is_missing(column, physical);
        out->from[i] = out->to[i] = timed ? rank_of(out, time_key(column, physical)) : RANK_NONE;
    }
}

static void rank_places(LabelTimes *out)
{
    out->n_times = out->n;
    for (size_t i = 0; i < out->n; i++) out->from[i] = out->to[i] = out->times[i] = (int64_t)i;
}

/* ---- the ends of labels */

static void reach(LabelTimes *out, size_t row, int64_t rank)
{
    if (rank > out->to[row]) out->to[row] = rank;
}

/* To the row so many rows ahead of the same id, or its last. */
static bool reach_rows(const Frame *frame, long rows, LabelTimes *out, Err *err)
{
    if (rows == 0) return true;
    Panel panel = { 0 };
    SampleBy by = frame_samples(frame);
    bool ok = panel_open(&panel, frame, &by, err);
    size_t last = 0;
    for (size_t i = panel.n; ok && i-- > 0;) {
        if (panel_is_last(&panel, i)) last = i;
        size_t end = last - i < (size_t)rows ? last : i + (size_t)rows;
        reach(out, panel.order[i], out->from[panel.order[end]]);
    }
    panel_close(&panel);
    return ok;
}

static bool needs_dates(const LabelTimes *times, Err *err)
{
    return times->dates || ERR(err, bad_split, "a gap of time needs a time role that holds dates");
}

static bool is_rows(const Value *value)
{
    return value->type == VALUE_NUMBER && value->number >= 0 && value->number < 1e9 &&
           value->number == floor(value->number);
}

static bool check_gap(const LabelTimes *times, const Value *gap, const char *key, Err *err)
{
    if (gap->type == VALUE_DURATION) return needs_dates(times, err);
    return gap->type == VALUE_MISSING || is_rows(gap) ||
           ERR(err, bad_value, key, "a whole number of rows or a duration", "this");
}

/* To the last time within a duration of each row's. */
static void reach_time(LabelTimes *out, int64_t months, int64_t ns)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->from[i] >= 0) reach(out, i, rank_of(out, time_add(out->times[out->from[i]], months, ns)));
}

static bool reach_gap(const Frame *frame, const LabelRule *rule, LabelTimes *out, Err *err)
{
    const Value *purge = &rule->purge;
    if (!check_gap(out, purge, "purge=", err)) return false;
    long horizon = frame_horizon(frame), rows = is_rows(purge) ? (long)purge->number : 0;
    bool overlaps = rule->overlap && is_rows(purge) && rows == 0;
    if (!overlaps && horizon > rows) rows = horizon;
    LeadTime ahead = frame_ahead(frame);
    if (!overlaps && out->dates) reach_time(out, ahead.months, ahead.ns);
    if (purge->type == VALUE_DURATION) reach_time(out, purge->duration.months, purge->duration.ns);
    return reach_rows(frame, rows, out, err);
}

static bool reach_column(const Frame *frame, const char *name, LabelTimes *out, Err *err)
{
    int c, time = frame_role(frame, ROLE_TIME);
    if (!name) return true;
    if (time < 0) return ERR(err, bad_split, "end= needs a time role");
    if (!frame_column(frame, name, &c, err)) return false;
    const Column *column = frame->columns[c].column;
    if (column->type != frame->columns[time].column->type)
        return ERR(err, bad_split, "the column of end= is not on the scale of the time role");
    for (size_t i = 0; i < out->n; i++) {
        size_t physical = frame_physical(frame, i);
        if (out->from[i] < 0 || column_is_missing(column, physical)) continue;
        int64_t key = time_key(column, physical);
        if (key < out->times[out->from[i]]) {
            ERR(err, bad_split, "a label ends before it begins");
            return err_hint(err, "'%s' in row %zu", name, frame_row_number(frame, i));
        }
        reach(out, i, rank_of(out, key));
    }
    return true;
}

static bool find_edges(const Value *embargo, LabelTimes *out, Err *err)
{
    if (embargo->type == VALUE_MISSING) return true;
    if (!check_gap(out, embargo, "embargo=", err)) return false;
    out->edge = mem_get(out->n, sizeof *out->edge, err);
    if (!out->edge) return false;
    for (size_t i = 0; i < out->n; i++) {
        out->edge[i] = out->to[i];
        if (out->from[i] < 0) continue;
        out->edge[i] = embargo->type == VALUE_NUMBER
                           ? out->to[i] + (int64_t)embargo->number
                           : rank_of(out, time_add(out->times[out->to[i]], embargo->duration.months,
                                                   embargo->duration.ns));
    }
    return true;
}

bool labeltimes_make(const Frame *frame, const LabelRule *rule, LabelTimes *out, Err *err)
{
    *out = (LabelTimes){ .n = frame->n_rows };
    out->from = mem_get(out->n, sizeof *out->from, err);
    out->to = out->from ? mem_get(out->n, sizeof *out->to, err) : NULL;
    out->times = out->to ? mem_get(out->n, sizeof *out->times, err) : NULL;
    if (!out->times) return false;
    const Column *time = split_role_column(frame, ROLE_TIME);
    out->dates = time && time->type == COLUMN_TIME;
    if (time)
        rank_rows(frame, time, out);
    else
        rank_places(out);
    if (!reach_gap(frame, rule, out, err) || !reach_column(frame, rule->end, out, err) ||
        !find_edges(&rule->embargo, out, err))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (out->to[i] - out->from[i] > out->horizon) out->horizon = out->to[i] - out->from[i];
    return true;
}

void labeltimes_free(LabelTimes *times)
{
    mem_free(times->from);
    mem_free(times->to);
    mem_free(times->edge);
    mem_free(times->times);
    *times = (LabelTimes){ 0 };
}

bool labeltimes_move(const LabelTimes *times, int64_t rank, const Value *amount, int sign, int64_t *out,
                     Err *err)
{
    int64_t last = (int64_t)times->n_times;
    if (!check_gap(times, amount, "train=, valid=, test=, gap=", err)) return false;
    *out = rank;
    if (amount->type == VALUE_NUMBER) *out = rank + sign * (int64_t)amount->number;
    if (amount->type == VALUE_DURATION && rank < last) {
        int64_t at = times->times[rank < 0 ? 0 : rank];
        *out =
            rank_of(times, time_add(at, sign * amount->duration.months, sign * amount->duration.ns) - 1) + 1;
    }
    *out = *out < 0 ? 0 : *out > last ? last : *out;
    return true;
}
