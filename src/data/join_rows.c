/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/join_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/period.h"

enum { KEYS_MAX = 64 };

typedef struct TimedRow {
    int64_t time;
    uint32_t row;
} TimedRow;

int64_t join_time(const Column *column, size_t physical)
{
    if (column->type == COLUMN_TIME || column->type == COLUMN_INTEGER) return column->integers[physical];
    double x = column_number(column, physical) + 0.0;
    int64_t bits;
    if (isnan(x)) return INTEGER_MISSING;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? (int64_t)(~(uint64_t)bits ^ 0x8000000000000000u) : bits;
}

/* The words of all key columns of both frames; left and right: KEYS_MAX of each, to be freed. */
static bool pair_words(const Frame *left, const int *left_keys, const Frame *right, const int *right_keys,
                       int n_keys, uint64_t **left_words, uint64_t **right_words, Err *err)
{
    bool done = n_keys < KEYS_MAX || ERR(err, too_many_keys, INT(KEYS_MAX - 1));
    for (int k = 0; k < n_keys && done; k++) {
        KeyColumn pair[] = { { left, left_keys[k], NULL }, { right, right_keys[k], NULL } };
        done = key_words(pair, 2, err);
        left_words[k] = pair[0].words;
        right_words[k] = pair[1].words;
    }
    return done;
}

/* Rows with a missing key have no number. */
static void drop_missing(uint64_t *const *words, int n_keys, size_t n, uint32_t *number)
{
    for (int k = 0; k < n_keys; k++)
        for (size_t i = 0; i < n; i++)
            if (words[k][i] == KEY_MISSING) number[i] = KEY_NONE;
}

static bool number_rows(JoinRows *join, const Frame *left, const Frame *right, uint64_t *const *left_words,
                        uint64_t *const *right_words, int n_keys, uint32_t *right_number, Progress *progress,
                        Err *err)
{
    KeyIndex index = { 0 };
    join->number = mem_stretch(NULL, 0, left->n_rows, sizeof *join->number, err);
    bool done = join->number &&
                key_index_build(&index, (const uint64_t *const *)right_words, n_keys, right->n_rows,
                                right_number, progress, err) &&
                key_index_find(&index, (const uint64_t *const *)left_words, left->n_rows, join->number,
                               progress, err);
    join->n = index.n;
    key_index_free(&index);
    if (!done) return false;
    drop_missing(left_words, n_keys, left->n_rows, join->number);
    drop_missing(right_words, n_keys, right->n_rows, right_number);
    return true;
}

static int compare_timed(const void *a, const void *b)
{
    const TimedRow *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool in_order(const int64_t *times, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (times[i - 1] > times[i]) return false;
    return true;
}

/* Puts the rows of a key in time order; equal times keep the order of their rows. */
static bool sort_run(JoinRows *join, size_t start, size_t n, Err *err)
{
    if (in_order(join->times + start, n)) return true;
    TimedRow *timed = mem_get(n, sizeof *timed, err);
    if (!timed) return false;
    for (size_t i = 0; i < n; i++) timed[i] = (TimedRow){ join->times[start + i], join->rows[start + i] };
    qsort(timed, n, sizeof *timed, compare_timed);
    for (size_t i = 0; i < n; i++) {
        join->times[start + i] = timed[i].time;
        join->rows[start + i] = timed[i].row;
    }
    mem_free(timed);
    return true;
}

static bool sort_times(JoinRows *join, const Frame *right, const Column *time, TimeUnit left_unit, Err *err)
{
    size_t n = join->starts[join->n];
    join->times = mem_get(n, sizeof *join->times, err);
    if (!join->times) return false;
    for (size_t i = 0; i < n; i++) {
        int64_t at = join_time(time, frame_physical(right, join->rows[i]));
        join->times[i] = time->type == COLUMN_TIME ? period_known(at, time->unit, left_unit) : at;
    }
    for (uint32_t k = 0; k < join->n; k++)
        if (!sort_run(join, join->starts[k], join->starts[k + 1] - join->starts[k], err)) return false;
    return true;
}

static void drop_timeless(const Frame *right, const Column *time, uint32_t *number)
{
    for (size_t i = 0; i < right->n_rows; i++)
        if (column_is_missing(time, frame_physical(right, i))) number[i] = KEY_NONE;
}

bool join_rows_make(JoinRows *join, const Frame *left, const int *left_keys, const Frame *right,
                    const int *right_keys, int n_keys, int right_time, TimeUnit left_unit, Progress *progress,
                    Err *err)
{
    uint64_t *left_words[KEYS_MAX] = { NULL }, *right_words[KEYS_MAX] = { NULL };
    const Column *time = right_time < 0 ? NULL : right->columns[right_time].column;
    *join = (JoinRows){ 0 };
    uint32_t *number = mem_stretch(NULL, 0, right->n_rows, sizeof *number, err);
    bool done = number &&
                pair_words(left, left_keys, right, right_keys, n_keys, left_words, right_words, err) &&
                number_rows(join, left, right, left_words, right_words, n_keys, number, progress, err);
    for (int k = 0; k < KEYS_MAX; k++) {
        mem_free(left_words[k]);
        mem_free(right_words[k]);
    }
    if (done && time) drop_timeless(right, time, number);
    done = done && key_runs(number, right->n_rows, join->n, &join->starts, &join->rows, err);
    mem_free(number);
    if (done && time) done = sort_times(join, right, time, left_unit, err);
    if (!done) join_rows_free(join);
    return done;
}

void join_rows_free(JoinRows *join)
{
    mem_free(join->number);
    mem_free(join->starts);
    mem_free(join->rows);
    mem_free(join->times);
    *join = (JoinRows){ 0 };
}

size_t join_rows_until(const JoinRows *join, uint32_t key, int64_t time, bool strict)
{
    const int64_t *times = join->times + join->starts[key];
    size_t low = 0, high = join->starts[key + 1] - join->starts[key];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = strict ? times[middle] < time : times[middle] <= time;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
