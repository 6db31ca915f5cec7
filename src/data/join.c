/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/join.h"

#include <string.h>

#include "data/gather.h"
#include "data/join_rows.h"

typedef struct Joining {
    const Frame *left, *right;
    const JoinPlan *plan;
    const Column *left_time; /* NULL: all matches count, not the latest */
    JoinRows by_key;
    uint32_t *left_rows, *right_rows; /* physical rows of each row of the result */
    uint8_t *used; /* a place of by_key.rows; without times that of the first row of a key alone */
    size_t n;
    JoinCounts *counts;
    Err *err;
} Joining;

static const Column *time_column(const Frame *frame, int column)
{
    return column < 0 ? NULL : frame->columns[column].column;
}

/* Whether a match is not older than within= allows. */
static bool young_enough(const Joining *join, size_t left_row, size_t right_row, int64_t known)
{
    const Value *within = &join->plan->within;
    const Column *left = time_column(join->left, join->plan->left_time);
    size_t physical = frame_physical(join->left, left_row);
    if (within->type == VALUE_MISSING) return true;
    if (within->type == VALUE_DURATION)
        return known >= time_add(left->integers[physical], -within->duration.months, -within->duration.ns);
    const Column *right = time_column(join->right, join->plan->right_time);
    return column_number(left, physical) - column_number(right, frame_physical(join->right, right_row)) <=
           within->number;
}

/* The last of the matches from start on that is known at the time of left row i, or none. */
static size_t latest_match(const Joining *join, size_t i, size_t start, size_t *end)
{
    uint32_t key = join->by_key.number[i];
    int64_t time = join_time(join->left_time, frame_physical(join->left, i));
    size_t until =
        time == INTEGER_MISSING ? 0 : join_rows_until(&join->by_key, key, time, join->plan->strict);
    *end = start + until;
    if (until && young_enough(join, i, join->by_key.rows[*end - 1], join->by_key.times[*end - 1]))
        return *end - 1;
    return *end;
}

/* The matches of left row i: places first <= p < *end of by_key.rows. */
static inline size_t matches(const Joining *join, size_t i, size_t *end)
{
    uint32_t key = join->by_key.number[i];
    *end = 0;
    if (key == KEY_NONE) return 0;
    size_t start = join->by_key.starts[key];
    *end = join->by_key.starts[key + 1];
    return join->left_time ? latest_match(join, i, start, end) : start;
}

/* Counts the rows of the result before any is made. */
static bool count_rows(Joining *join)
{
    JoinCounts *counts = join->counts;
    for (size_t i = 0; i < join->left->n_rows; i++) {
        size_t end, found = matches(join, i, &end);
        found = end - found;
        counts->matched += found > 0;
        counts->unmatched += found == 0;
        counts->multiplied += found > 1;
        counts->copies += found > 1 ? found : 0;
        join->n += found || join->plan->inner ? found : 1;
    }
    if (join->n < UINT32_MAX) return true;
    ERR(join->err, join_multiplies, INT(join->n));
    return err_hint(join->err,
                    "a frame holds at most %u: a key repeats on both sides; group one of them first",
                    UINT32_MAX - 1);
}

static bool room(const Joining *join)
{
    double cells = join->left->n_columns + join->right->n_columns + 1.0;
    return mem_room((double)join->n * cells * 8, "the joined frame", join->err);
}

/* Rows of the right frame that no left one met: those of keys, or, with times, each for itself. */
static size_t count_unused(const Joining *join)
{
    const JoinRows *by_key = &join->by_key;
    size_t met = 0;
    for (uint32_t k = 0; k < by_key->n; k++) {
        size_t start = by_key->starts[k], end = by_key->starts[k + 1];
        if (!join->left_time)
            met += end > start && join->used[start] ? end - start : 0;
        else
            for (size_t p = start; p < end; p++) met += join->used[p];
    }
    return join->right->n_rows - met;
}

static void fill_rows(Joining *join)
{
    const uint32_t *rows = join->by_key.rows;
    size_t at = 0;
    for (size_t i = 0; i < join->left->n_rows; i++) {
        uint32_t own = (uint32_t)frame_physical(join->left, i);
        size_t end, first = matches(join, i, &end);
        if (first < end)
            join->used[first] = 1;
        else if (!join->plan->inner) {
            join->left_rows[at] = own;
            join->right_rows[at++] = NO_ROW;
        }
        for (size_t p = first; p < end; p++) {
            join->left_rows[at] = own;
            join->right_rows[at++] = (uint32_t)frame_physical(join->right, rows[p]);
        }
    }
    join->counts->unused = count_unused(join);
}

static bool make_rows(Joining *join)
{
    if (!count_rows(join) || !room(join)) return false;
    join->left_rows = mem_stretch(NULL, 0, join->n, sizeof *join->left_rows, join->err);
    join->right_rows =
        join->left_rows ? mem_stretch(NULL, 0, join->n, sizeof *join->right_rows, join->err) : NULL;
    join->used = join->right_rows ? mem_get(join->right->n_rows, 1, join->err) : NULL;
    if (!join->used) return false;
    fill_rows(join);
    return true;
}

static bool is_key(const JoinPlan *plan, int column)
{
    for (int k = 0; k < plan->n_keys; k++)
        if (plan->right_keys[k] == column) return true;
    return false;
}

static bool put_right(const Joining *join, Frame *out, Arena *arena, Notes *notes)
{
    for (int c = 0; c < join->right->n_columns; c++) {
        const FrameColumn *from = &join->right->columns[c];
        if (is_key(join->plan, c)) continue;
        const char *name = frame_free_name(out, from->name, frame_label(join->right), arena);
        if (strcmp(name, from->name)) NOTE(notes, join_renamed, from->name, frame_label(join->right), name);
        Column *column = column_take(from->column, join->right_rows, join->n, join->err);
        if (!column) return false;
        if (!frame_put_column(out, name, column, frame_guest_role(from), false, join->err)) {
            column_unref(column);
            return false;
        }
        out->columns[out->n_columns - 1].lead = from->lead;
        out->columns[out->n_columns - 1].ahead = from->ahead;
    }
    return true;
}

static Frame *make_frame(const Joining *join, Notes *notes)
{
    Frame *out = frame_take(join->left, join->left_rows, join->n, join->err);
    if (!out) return NULL;
    Arena *arena = arena_new();
    bool done = put_right(join, out, arena, notes);
    arena_free(arena);
    if (done) return out;
    frame_unref(out);
    return NULL;
}

static bool check_times(const Joining *join)
{
    const JoinPlan *plan = join->plan;
    if (plan->left_time < 0) return true;
    const Column *left = time_column(join->left, plan->left_time);
    const Column *right = time_column(join->right, plan->right_time);
    bool dates = left->type == COLUMN_TIME, numbers = left->type == COLUMN_NUMBER;
    bool fits = dates ? right->type == COLUMN_TIME
                      : right->type == left->type && (numbers || left->type == COLUMN_INTEGER);
    if (!fits)
        return ERR(join->err, key_types, join->left->columns[plan->left_time].name, column_type_name(left),
                   frame_label(join->left), column_type_name(right), frame_label(join->right));
    ValueType want = dates ? VALUE_DURATION : VALUE_NUMBER;
    if (plan->within.type == VALUE_MISSING || plan->within.type == want) return true;
    return ERR(join->err, join_within, dates ? "a number" : "a duration",
               join->left->columns[plan->left_time].name, column_type_name(left));
}

Frame *frame_join(const Frame *left, const Frame *right, const JoinPlan *plan, JoinCounts *counts,
                  Notes *notes, Progress *progress, Err *err)
{
    Joining join = { .left = left,
                     .right = right,
                     .plan = plan,
                     .left_time = time_column(left, plan->left_time),
                     .counts = counts,
                     .err = err };
    *counts = (JoinCounts){ 0 };
    bool done = check_times(&join) &&
                join_rows_make(&join.by_key, left, plan->left_keys, right, plan->right_keys, plan->n_keys,
                               plan->right_time, join.left_time ? join.left_time->unit : UNIT_SECOND,
                               progress, err) &&
                make_rows(&join);
    join_rows_free(&join.by_key);
    Frame *out = done ? make_frame(&join, notes) : NULL;
    mem_free(join.left_rows);
    mem_free(join.right_rows);
    mem_free(join.used);
    return out;
}
