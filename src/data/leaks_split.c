/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaks across a split: ids, groups, dates, labels, duplicates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "data/suspicions.h"
#include "data/foldplan.h"
#include "data/cellorder.h"
#include "data/sample.h"

typedef struct Sides {
    const Frame *frame;
    uint8_t *trains, *others; /* (n_rows) flags: training rows; rows of any other part */
    LabelTimes times;
    bool in_order; /* every other row is later than every training row */
} Sides;

static void take_sides(Sides *sides)
{
    const Frame *frame = sides->frame;
    for (size_t i = 0; i < frame->n_rows; i++) {
        uint8_t part = frame->split->part[frame_physical(frame, i)];
        sides->trains[i] = part == PART_TRAIN;
        sides->others[i] = part != PART_TRAIN && part != PART_NONE;
    }
}

/* ---- ids and groups */

static bool judge_classes(const Sides *sides, Role role, const char *what, const char *remedy,
                          Suspicions *out, Err *err)
{
    const Frame *frame = sides->frame;
    int c = frame_role(frame, role);
    if (c < 0) return true;
    uint32_t *rows = mem_get(frame->n_rows, 2 * sizeof *rows, err), *classes = rows + frame->n_rows, n = 0;
    if (!rows) return false;
    for (size_t i = 0; i < frame->n_rows; i++) rows[i] = (uint32_t)frame_physical(frame, i);
    bool ok = rows_classes(frame->columns[c].column, rows, frame->n_rows, classes, &n, err);
    uint8_t *seen = ok ? mem_get(n, 1, err) : NULL;
    size_t both = 0;
    for (size_t i = 0; seen && i < frame->n_rows; i++)
        if (!column_is_missing(frame->columns[c].column, rows[i]))
            seen[classes[i]] |= (uint8_t)(sides->trains[i] | sides->others[i] << 1);
    for (uint32_t k = 0; seen && k < n; k++) both += seen[k] == 3;
    if (both) suspicions_add(out, frame, c, true, (double)both, what, remedy);
    ok = seen != NULL;
    mem_free(seen);
    mem_free(rows);
    return ok;
}

/* ---- dates and labels */

/* Training rows at or after the first row of validation or test (`named`: of the parts of one's own). */
static size_t late_rows(const Sides *sides, bool named)
{
    const Frame *frame = sides->frame;
    int64_t first = INT64_MAX;
    size_t late = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        bool own = frame->split->part[frame_physical(frame, i)] > PART_TEST;
        if (sides->others[i] && own == named && sides->times.from[i] >= 0 && sides->times.from[i] < first)
            first = sides->times.from[i];
    }
    for (size_t i = 0; i < frame->n_rows; i++) late += sides->trains[i] && sides->times.from[i] >= first;
    return late;
}

/* Whole sequences at random are the rule of `split`, and a part of one's own may judge the past: to be looked
 * at, no leak. */
static void judge_dates(Sides *sides, Suspicions *out)
{
    const Frame *frame = sides->frame;
    size_t late = late_rows(sides, false), past = late_rows(sides, true);
    int time = frame_role(frame, ROLE_TIME);
    bool ordered = frame_is_ordered(frame), whole = sample_is_whole(&frame->sample);
    sides->in_order = ordered && late == 0 && past == 0;
    if (late && ordered)
        suspicions_add(out, frame, time, !whole, (double)late, "training rows not before those judged",
                       whole ? "whole sequences and trees are divided at random: order=time divides by time"
                             : "a net would learn from the future: split in time order (order=time)");
    if (past && ordered)
        suspicions_add(out, frame, time, false, (double)past, "training rows not before a named part",
                       "it judges the past, which the net knows more of than it would have");
}

static bool judge_labels(const Sides *sides, Suspicions *out, Err *err)
{
    LabelSpans spans = { sides->times.n, sides->times.from, sides->times.to, NULL };
    uint8_t *trains = mem_get(sides->times.n, 1, err);
    size_t overlap = 0;
    if (!trains) return false;
    for (size_t i = 0; i < sides->times.n; i++) trains[i] = sides->trains[i] && sides->times.from[i] >= 0;
    bool ok = purge_training(&spans, sides->others, trains, &overlap, err);
    bool whole = sample_is_whole(&sides->frame->sample);
    if (ok && overlap)
        suspicions_add(out, sides->frame, frame_role(sides->frame, ROLE_TARGET), !whole, (double)overlap,
                       "training labels reach into rows judged",
                       whole ? "they are those of other sequences; order=time divides by time"
                             : "leave purge= and leak=allow away, or use purged() or walkforward()");
    mem_free(trains);
    return ok;
}

/* ---- duplicates */

static uint64_t cell_hash(const Column *column, size_t physical, Buf *text)
{
    if (column->type == COLUMN_CATEGORY) return column->codes[physical];
    if (column->type == COLUMN_TIME || column->type == COLUMN_INTEGER)
        return (uint64_t)column->integers[physical];
    if (column->type == COLUMN_TEXT) {
        text->length = 0;
        column_text(column, physical, text);
        return hash_bytes(buf_text(text), text->length);
    }
    double x = column_number(column, physical);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return isnan(x) ? 1 : bits;
}

static uint64_t row_hash(const Frame *frame, size_t row, Buf *text)
{
    uint64_t pair[2] = { 0, 0 };
    for (int c = 0; c < frame->n_columns; c++) {
        if (frame->columns[c].role != ROLE_INPUT) continue;
        pair[1] = cell_hash(frame->columns[c].column, frame_physical(frame, row), text);
        pair[0] = hash_bytes(pair, sizeof pair);
    }
    return pair[0];
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool judge_duplicates(const Sides *sides, Suspicions *out, Err *err)
{
    const Frame *frame = sides->frame;
    uint64_t *hashes = mem_get(frame->n_rows, sizeof *hashes, err);
    size_t n = 0, twice = 0;
    Buf text = { 0 };
    if (!hashes) return false;
    for (size_t i = 0; i < frame->n_rows; i++)
        if (sides->trains[i]) hashes[n++] = row_hash(frame, i, &text);
    qsort(hashes, n, sizeof *hashes, compare_hashes);
    for (size_t i = 0; i < frame->n_rows; i++) {
        if (!sides->others[i]) continue;
        uint64_t hash = row_hash(frame, i, &text);
        twice += bsearch(&hash, hashes, n, sizeof *hashes, compare_hashes) != NULL;
    }
    if (twice)
        suspicions_add(out, frame, -1, false, (double)twice, "rows judged that equal a training row",
                       "copies of one case? keep them together: split group=, or role group=");
    buf_free(&text);
    mem_free(hashes);
    return true;
}

static bool judge_sides(Sides *sides, Suspicions *out, Err *err)
{
    LabelRule rule = { .purge = value_missing(), .embargo = value_missing() };
    take_sides(sides);
    if (!labeltimes_make(sides->frame, &rule, &sides->times, err)) return false;
    judge_dates(sides, out);
    bool apart = sides->in_order || sample_is_whole(&sides->frame->sample);
    if (frame_horizon(sides->frame) > 0 && !judge_labels(sides, out, err)) return false;
    return (apart || judge_classes(sides, ROLE_ID, "ids on both sides of the split",
                                   "split group= keeps the rows of one together", out, err)) &&
           (apart || judge_classes(sides, ROLE_GROUP, "groups on both sides of the split",
                                   "split group= keeps the rows of one together", out, err)) &&
           judge_duplicates(sides, out, err);
}

bool leaks_find_split(const Frame *frame, Suspicions *out, Err *err)
{
    if (frame->taint)
        suspicions_add(out, frame, -1, true, NAN, "tainted", taint_words(frame->taint, out->arena));
    if (!frame->split || frame->split->folds) return true;
    Sides sides = { .frame = frame, .trains = mem_get(frame->n_rows, 2, err) };
    sides.others = sides.trains ? sides.trains + frame->n_rows : NULL;
    bool ok = sides.trains && judge_sides(&sides, out, err);
    labeltimes_free(&sides.times);
    mem_free(sides.trains);
    return ok;
}
