/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purging: the label of a row lives on [a, b], from the row to `purge` rows of its id (or a duration)
 * later. A row whose interval meets a row of another part is put in no part; so are training rows within
 * the embargo after another part. Afterwards no label interval of one part meets one of another. */
#include <string.h>

#include "data/labeltimes.h"
#include "data/cellorder.h"
#include "data/splitwork.h"

typedef struct Gap {
    long rows;          /* 0: none */
    int64_t months, ns; /* 0, 0: none */
} Gap;

typedef struct Purge {
    const Frame *frame;
    const Column *id, *time;
    const uint8_t *part;  /* before purging */
    const uint32_t *rows; /* in order */
    size_t n;
    uint8_t *drop; /* a physical row */
} Purge;

static bool read_gap(const Value *value, const char *key, Gap *gap, Err *err)
{
    if (value->type == VALUE_MISSING) return true;
    if (value->type == VALUE_DURATION) {
        LeadTime given = { value->duration.months, value->duration.ns };
        LeadTime most = ahead_longer(given, (LeadTime){ gap->months, gap->ns });
        gap->months = most.months;
        gap->ns = most.ns;
        return true;
    }
    bool ok = value->type == VALUE_NUMBER && value->number >= 0 && value->number < 1e9 &&
              value->number == (double)(long)value->number;
    if (!ok) return ERR(err, bad_value, key, "a whole number of rows or a duration", "this");
    if (value->number > (double)gap->rows) gap->rows = (long)value->number;
    return true;
}

static bool same_id(const Purge *purge, const uint32_t *ids, size_t i, size_t j)
{
    return !purge->id || ids[i] == ids[j];
}

/* Whether the row at place j lies within the gap after the one at place i. */
static bool within(const Purge *purge, const Gap *gap, bool by_time, size_t i, size_t j)
{
    if (!by_time) return j - i <= (size_t)gap->rows;
    int64_t from = purge->time->integers[purge->rows[i]], to = purge->time->integers[purge->rows[j]];
    return to <= time_add(from, gap->months, gap->ns);
}

/* The last two places met whose parts differ: the nearest row of another part than p is one of them. */
typedef struct Nearest {
    size_t place[2];
    int part[2]; /* -1: none yet */
} Nearest;

static void nearest_add(Nearest *nearest, size_t place, int part)
{
    if (part != nearest->part[0]) {
        nearest->place[1] = nearest->place[0];
        nearest->part[1] = nearest->part[0];
    }
    nearest->place[0] = place;
    nearest->part[0] = part;
}

static bool nearest_other(const Nearest *nearest, int part, size_t *place)
{
    int k = nearest->part[0] == part;
    *place = nearest->place[k];
    return nearest->part[k] >= 0;
}

/* Walks from the last row to the first: labels that reach forward into another part. */
static void purge_forward(const Purge *purge, const uint32_t *ids, const Gap *gap, bool by_time)
{
    Nearest nearest = { { 0, 0 }, { -1, -1 } };
    for (size_t i = purge->n; i-- > 0;) {
        if (ids && i + 1 < purge->n && !same_id(purge, ids, i, i + 1))
            nearest = (Nearest){ { 0, 0 }, { -1, -1 } };
        int part = purge->part[purge->rows[i]];
        if (part == PART_NONE) continue;
        size_t other;
        if (nearest_other(&nearest, part, &other) && within(purge, gap, by_time, i, other))
            purge->drop[purge->rows[i]] = 1;
        nearest_add(&nearest, i, part);
    }
}

/* Walks from the first row to the last: training rows soon after another part. */
static void embargo_after(const Purge *purge, const uint32_t *ids, const Gap *gap, bool by_time)
{
    bool any = false;
    size_t last = 0;
    for (size_t i = 0; i < purge->n; i++) {
        if (ids && i > 0 && !same_id(purge, ids, i - 1, i)) any = false;
        int part = purge->part[purge->rows[i]];
        if (part == PART_TRAIN && any && within(purge, gap, by_time, last, i))
            purge->drop[purge->rows[i]] = 1;
        if (part == PART_TRAIN || part == PART_NONE) continue;
        any = true;
        last = i;
    }
}

/* Gaps in rows: along each id. */
static bool purge_rows(Purge *purge, uint32_t *rows, const Gap *ahead, const Gap *after, Err *err)
{
    if (!ahead->rows && !after->rows) return true;
    if (!split_sort(purge->frame, true, rows, purge->n, err)) return false;
    uint32_t *ids = NULL, n_ids;
    if (purge->id) {
        ids = mem_get(purge->n, sizeof *ids, err);
        if (!ids || !rows_classes(purge->id, rows, purge->n, ids, &n_ids, err)) {
            mem_free(ids);
            return false;
        }
    }
    if (ahead->rows) purge_forward(purge, ids, ahead, false);
    if (after->rows) embargo_after(purge, ids, after, false);
    mem_free(ids);
    return true;
}

/* Gaps in time: over all ids. */
static bool purge_times(Purge *purge, uint32_t *rows, const Gap *ahead, const Gap *after, Err *err)
{
    bool is_ahead = ahead->months || ahead->ns, is_after = after->months || after->ns;
    if (!is_ahead && !is_after) return true;
    if (!purge->time || purge->time->type != COLUMN_TIME)
        return ERR(err, bad_split, "a gap of time needs a time role that holds dates");
    if (!split_sort(purge->frame, false, rows, purge->n, err)) return false;
    if (is_ahead) purge_forward(purge, NULL, ahead, true);
    if (is_after) embargo_after(purge, NULL, after, true);
    return true;
}

/* The gap reaches as far as the columns that look into another frame. */
static void reach_ahead(Gap *gap, LeadTime ahead)
{
    LeadTime longer = ahead_longer((LeadTime){ gap->months, gap->ns }, ahead);
    gap->months = longer.months;
    gap->ns = longer.ns;
}

static bool read_gaps(const SplitWork *work, Gap *ahead, Gap *after, Err *err)
{
    bool overlaps = work->plan->overlap && work->plan->purge.type == VALUE_NUMBER;
    *ahead = (Gap){ .rows = overlaps ? 0 : frame_horizon(work->frame) };
    *after = (Gap){ 0 };
    if (!read_gap(&work->plan->purge, "purge=", ahead, err) ||
        !read_gap(&work->plan->embargo, "embargo=", after, err))
        return false;
    if (!overlaps) reach_ahead(ahead, frame_ahead(work->frame));
    return true;
}

static bool is_gap(const Gap *gap)
{
    return gap->rows || gap->months || gap->ns;
}

static bool purge_all(SplitWork *work, Purge *purge, uint32_t *rows, const Gap *ahead, const Gap *after,
                      Err *err)
{
    if (!purge_rows(purge, rows, ahead, after, err) || !purge_times(purge, rows, ahead, after, err))
        return false;
    for (size_t i = 0; i < purge->n; i++) {
        if (!purge->drop[rows[i]]) continue;
        work->split->part[rows[i]] = PART_NONE;
        work->split->purged++;
    }
    return true;
}

/* Labels may pass over a named range in which their own id has no row: then those of other ids decide. Clears
 * trains[i] of frame rows. */
static bool purge_over_ranges(const SplitWork *work, const Purge *purge, uint8_t *tests, uint8_t *trains,
                              Err *err)
{
    const Frame *frame = work->frame;
    LabelRule rule = { .purge = work->plan->purge, .overlap = work->plan->overlap };
    LabelTimes times;
    size_t purged = 0;
    bool ok = labeltimes_make(frame, &rule, &times, err);
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        bool counts = times.from[i] >= 0 && !purge->drop[physical] && purge->part[physical] != PART_NONE;
        trains[i] = counts && purge->part[physical] == PART_TRAIN;
        tests[i] = counts && !trains[i];
    }
    LabelSpans spans = { frame->n_rows, times.from, times.to, NULL };
    ok = ok && purge_training(&spans, tests, trains, &purged, err);
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        bool trained = times.from[i] >= 0 && !purge->drop[physical] && purge->part[physical] == PART_TRAIN;
        if (!trained || trains[i]) continue;
        work->split->part[physical] = PART_NONE;
        work->split->purged++;
    }
    labeltimes_free(&times);
    return ok;
}

static bool purge_ranges(const SplitWork *work, const Purge *purge, Err *err)
{
    if (!work->plan->n_ranges || !work->ordered || !purge->id || !purge->time) return true;
    uint8_t *flags = mem_get(work->frame->n_rows, 2, err);
    bool ok = flags && purge_over_ranges(work, purge, flags, flags + work->frame->n_rows, err);
    mem_free(flags);
    return ok;
}

bool split_purge(SplitWork *work, Err *err)
{
    const Frame *frame = work->frame;
    Gap ahead, after;
    if (!read_gaps(work, &ahead, &after, err)) return false;
    if (!is_gap(&ahead) && !is_gap(&after) && !work->plan->n_ranges) return true;
    uint32_t *rows = mem_get(frame->n_rows, sizeof *rows, err);
    Purge purge = { .frame = frame,
                    .id = split_role_column(frame, ROLE_ID),
                    .time = split_role_column(frame, ROLE_TIME),
                    .part = work->split->part,
                    .rows = rows,
                    .drop = mem_get(frame->n_physical, sizeof *purge.drop, err) };
    bool ok = rows && purge.drop;
    /* rows of no part bound nothing, and may lack a time */
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        uint32_t row = (uint32_t)frame_physical(frame, i);
        if (!purge.time || !column_is_missing(purge.time, row)) rows[purge.n++] = row;
    }
    ok = ok && purge_all(work, &purge, rows, &ahead, &after, err) && purge_ranges(work, &purge, err);
    mem_free(rows);
    mem_free(purge.drop);
    return ok;
}
