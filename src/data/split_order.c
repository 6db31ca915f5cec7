/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits in time order, and named ranges. Without a time role the order is that of the rows. */
#include <math.h>
#include <string.h>

#include "data/cellorder.h"
#include "data/order.h"
#include "data/splitwork.h"

bool split_sort(const Frame *frame, bool by_id, uint32_t *rows, size_t n, Err *err)
{
    const Column *columns[] = { by_id ? split_role_column(frame, ROLE_ID) : NULL,
                                split_role_column(frame, ROLE_TIME) };
    if (!columns[0] && !columns[1]) return true;
    uint32_t *places = mem_stretch(NULL, 0, n, sizeof *places, err);
    bool ok = places && rows_by_cells(columns, rows, n, places, err);
    for (size_t i = 0; ok && i < n; i++) places[i] = rows[places[i]];
    if (ok && n) memcpy(rows, places, n * sizeof *rows);
    mem_free(places);
    return ok;
}

static bool check_times(const SplitWork *work, Err *err)
{
    const Column *time = split_role_column(work->frame, ROLE_TIME);
    for (size_t i = 0; time && time->n_missing && i < work->n; i++)
        if (column_is_missing(time, work->rows[i])) {
            ERR(err, bad_split, "the time column has missing values");
            return err_hint(err, "row %u has no time: drop such rows with keep, or order=random",
                            work->rows[i] + 1);
        }
    return true;
}

static bool same_time(const Column *time, uint32_t a, uint32_t b)
{
    return time && cells_compare(time, NULL, a, b) == 0;
}

/* The nearest place to `cut` that does not divide equal times, at least `least`. */
static size_t clean_cut(const Column *time, const uint32_t *rows, size_t n, size_t cut, size_t least)
{
    if (cut == 0 || cut >= n) return cut;
    size_t before = cut, after = cut;
    while (before > 0 && before < n && same_time(time, rows[before - 1], rows[before])) before--;
    while (after < n && same_time(time, rows[after - 1], rows[after])) after++;
    bool down = cut - before <= after - cut && before > least;
    return down || after == cut ? before : after;
}

/* Rows in the order of the work: without a time role, and where times are texts. */
static bool split_sorted(SplitWork *work, const Column *time, const size_t counts[SHARES], Err *err)
{
    if (!split_sort(work->frame, false, work->rows, work->n, err)) return false;
    size_t exact = 0, from = 0;
    for (int p = 0; p < SHARES - 1; p++) {
        if (counts[p] == 0) continue;
        exact += counts[p];
        size_t cut = clean_cut(time, work->rows, work->n, exact, from);
        for (size_t i = from; i < cut; i++) work->split->part[work->rows[i]] = (uint8_t)p;
        if (cut > from) from = cut;
    }
    return true;
}

/* As clean_cut; before: the words of the rows before it are below that. */
static bool clean_word(const CellWords *time, const SplitWork *work, const uint64_t ends[2], size_t cut,
                       size_t least, size_t *at, uint64_t *before, Err *err)
{
    CellRun run;
    *at = cut;
    *before = cut ? UINT64_MAX : 0;
    if (cut == 0 || cut >= work->n) return true;
    if (!cells_run_at(time, work->rows, work->n, ends[0], ends[1], cut, &run, err)) return false;
    bool down = run.begin == cut || (cut - run.begin <= run.end - cut && run.begin > least);
    *at = down ? run.begin : run.end;
    *before = down ? run.word : run.word + 1;
    return true;
}

static void assign_words(const CellWords *time, const SplitWork *work, const uint64_t *before)
{
    enum { BLOCK = 1024 };
    uint64_t words[BLOCK];
    for (size_t start = 0; start < work->n; start += BLOCK) {
        size_t n = work->n - start < BLOCK ? work->n - start : BLOCK;
        cellwords_fill(time, work->rows + start, 0, n, words);
        for (size_t i = 0; i < n; i++) {
            int part = 0;
            while (part < SHARES - 1 && words[i] >= before[part]) part++;
            if (part < SHARES - 1) work->split->part[work->rows[start + i]] = (uint8_t)part;
        }
    }
}

/* The same without sorting: where the cuts lie among the words of the times. */
static bool split_by_words(SplitWork *work, const Column *time, const size_t counts[SHARES], Err *err)
{
    CellWords words;
    uint64_t before[SHARES - 1] = { 0 }, ends[2];
    size_t exact = 0, from = 0;
    bool ok = cellwords_open(&words, time, err);
    if (ok) cells_ends(&words, work->rows, work->n, &ends[0], &ends[1]);
    for (int p = 0; p < SHARES - 1 && ok; p++) {
        before[p] = p ? before[p - 1] : 0;
        if (counts[p] == 0) continue;
        size_t cut;
        uint64_t word;
        exact += counts[p];
        ok = clean_word(&words, work, ends, exact, from, &cut, &word, err);
        if (ok && cut > from) {
            from = cut;
            before[p] = word;
        }
    }
    if (ok) assign_words(&words, work, before);
    cellwords_close(&words);
    return ok;
}

bool split_by_order(SplitWork *work, Err *err)
{
    const Column *time = split_role_column(work->frame, ROLE_TIME);
    size_t counts[SHARES];
    if (!check_times(work, err)) return false;
    split_counts(work->n, work->share, counts);
    if (time && time->type != COLUMN_TEXT) return split_by_words(work, time, counts, err);
    return split_sorted(work, time, counts, err);
}

/* ---- named ranges */

/* First and last value of a period that a range's end names, on the scale of the time column. */
static bool end_value(const Column *time, const Value *end, bool last, double *number, int64_t *stamp)
{
    bool is_stamp = time->type == COLUMN_TIME;
    if (end->type == VALUE_NUMBER && !is_stamp) {
        *number = end->number;
        return true;
    }
    if (end->type == VALUE_TIME && is_stamp) {
        *stamp = last ? time_period_end(end->time, (TimeUnit)end->unit) : end->time;
        return true;
    }
    bool is_year = end->type == VALUE_NUMBER && end->number >= 1000 && end->number <= 9999 &&
                   floor(end->number) == end->number;
    if (!is_year || !is_stamp || !time_make((int)end->number, 1, 1, 0, 0, 0, stamp)) return false;
    if (last) *stamp = time_period_end(*stamp, UNIT_YEAR);
    return true;
}

typedef struct TimeRange {
    double low, high;
    int64_t first, last;
} TimeRange;

static bool read_range(const Column *time, const Value *range, TimeRange *out)
{
    *out = (TimeRange){ -INFINITY, INFINITY, INT64_MIN + 1, INT64_MAX };
    bool is_range = range->type == VALUE_RANGE;
    const Value *from = is_range ? range->range.from : range;
    const Value *to = is_range ? range->range.to : range;
    return (!from || end_value(time, from, false, &out->low, &out->first)) &&
           (!to || end_value(time, to, true, &out->high, &out->last));
}

static bool in_range(const Column *time, const TimeRange *range, uint32_t row)
{
    if (column_is_missing(time, row)) return false;
    if (time->type == COLUMN_TIME)
        return time->integers[row] >= range->first && time->integers[row] <= range->last;
    double x = column_number(time, row);
    return x >= range->low && x <= range->high;
}

/* Assigns the rows that `take` marks, and leaves the others in the work. */
static void take_rows(SplitWork *work, const uint8_t *take, int part)
{
    size_t left = 0;
    for (size_t i = 0; i < work->n; i++) {
        uint32_t row = work->rows[i];
        if (take[i])
            work->split->part[row] = (uint8_t)part;
        else
            work->rows[left++] = row;
    }
    work->n = left;
}

static bool take_period(SplitWork *work, const SplitRange *range, int part, uint8_t *take, Err *err)
{
    const Column *time = split_role_column(work->frame, ROLE_TIME);
    TimeRange bounds;
    if (!time) {
        ERR(err, bad_split, "a range of times needs a time role");
        return err_hint(err, "write role FRAME time=COLUMN, or give %s as a share: %s=10%%", range->name,
                        range->name);
    }
    if (!read_range(time, &range->range, &bounds)) {
        ERR(err, bad_split, "the range does not fit the time column");
        return err_detail(err, "%s=; the time column is a %s", range->name, column_type_name(time));
    }
    for (size_t i = 0; i < work->n; i++) take[i] = in_range(time, &bounds, work->rows[i]);
    take_rows(work, take, part);
    return true;
}

/* The last rows in order; equal times go together. */
static bool take_share(SplitWork *work, double share, int part, uint8_t *take, Err *err)
{
    const Column *time = split_role_column(work->frame, ROLE_TIME);
    if (!check_times(work, err) || !split_sort(work->frame, false, work->rows, work->n, err)) return false;
    size_t count = (size_t)round(share * (double)work->frame->n_rows);
    if (count > work->n) count = work->n;
    size_t cut = clean_cut(time, work->rows, work->n, work->n - count, 0);
    for (size_t i = 0; i < work->n; i++) take[i] = i >= cut;
    take_rows(work, take, part);
    return true;
}

static bool take_range(SplitWork *work, const SplitRange *range, Err *err)
{
    const Value *value = &range->range;
    int part = split_part_number(work->split, range->name, err);
    if (part < 0) return false;
    uint8_t *take = mem_get(work->n, sizeof *take, err);
    if (!take) return false;
    size_t before = work->n;
    bool is_share = value->type == VALUE_NUMBER && value->number > 0 && value->number < 1;
    bool ok = is_share ? take_share(work, value->number, part, take, err)
                       : take_period(work, range, part, take, err);
    mem_free(take);
    if (ok && work->n == before) return ERR(err, empty_part, range->name);
    return ok;
}

bool split_take_ranges(SplitWork *work, Err *err)
{
    for (int i = 0; i < work->plan->n_ranges; i++)
        if (!take_range(work, &work->plan->ranges[i], err)) return false;
    return true;
}

/* ---- what a split in parts trains on */

static size_t first_row(const Column *time, const Split *split, int part)
{
    size_t first = SIZE_MAX;
    for (size_t row = 0; row < split->n; row++) {
        if (split->part[row] != part || column_is_missing(time, row)) continue;
        if (first == SIZE_MAX || cells_compare(time, NULL, row, first) < 0) first = row;
    }
    return first;
}

size_t split_training_after(const Frame *frame, const Split *split, int part)
{
    const Column *time = split_role_column(frame, ROLE_TIME);
    size_t first = time ? first_row(time, split, part) : SIZE_MAX, after = 0;
    for (size_t row = 0; first != SIZE_MAX && row < split->n; row++)
        if (split->part[row] == PART_TRAIN && !column_is_missing(time, row))
            after += cells_compare(time, NULL, first, row) < 0;
    return after;
}
