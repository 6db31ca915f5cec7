/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of a frame version that is not yet published: columns, roles, rows. */
#include <string.h>

#include "data/frame.h"
#include "data/order.h"

static bool append_column(Frame *frame, FrameColumn column)
{
    FrameColumn *columns = arena_take(frame->arena, ((size_t)frame->n_columns + 1) * sizeof *columns);
    memcpy(columns, frame->columns, (size_t)frame->n_columns * sizeof *columns);
    columns[frame->n_columns++] = column;
    frame->columns = columns;
    return true;
}

/* The truth of a simulation belongs to its target: with another target it says nothing. */
static void forget_truth(Frame *frame)
{
    column_unref(frame->truth);
    frame->truth = NULL;
}

bool frame_put_column(Frame *frame, const char *name, Column *column, Role role, bool replace, Err *err)
{
    if (column->n != frame->n_physical)
        return ERR(err, column_length, name, INT(column->n), INT(frame->n_physical));
    int old = frame_find(frame, name);
    if (old < 0)
        return append_column(
            frame, (FrameColumn){ .name = arena_text(frame->arena, name), .column = column, .role = role });
    if (!replace) {
        ERR(err, column_exists, name);
        return err_hint(err, "choose another name, or write the word replace");
    }
    if (frame->columns[old].role == ROLE_TARGET) forget_truth(frame);
    column_unref(frame->columns[old].column);
    frame->columns[old].column = column;
    frame->columns[old].role = role;
    frame->columns[old].lead = 0;
    frame->columns[old].ahead = (LeadTime){ 0, 0 };
    frame->columns[old].made = NULL;
    return true;
}

bool frame_drop_columns(Frame *frame, const int *columns, int n, Err *err)
{
    for (int i = 0; i < n; i++)
        if (columns[i] < 0 || columns[i] >= frame->n_columns)
            return ERR(err, internal, "a column number is out of range");
    for (int i = 0; i < n; i++) {
        FrameColumn *column = &frame->columns[columns[i]];
        if (column->role == ROLE_TARGET) {
            frame->event = value_missing();
            forget_truth(frame);
        }
        column_unref(column->column);
        column->column = NULL;
    }
    int kept = 0;
    for (int i = 0; i < frame->n_columns; i++)
        if (frame->columns[i].column) frame->columns[kept++] = frame->columns[i];
    frame->n_columns = kept;
    return true;
}

bool frame_rename(Frame *frame, const char *from, const char *to, Err *err)
{
    int column;
    if (!frame_column(frame, from, &column, err)) return false;
    int other = frame_find(frame, to);
    if (other >= 0 && other != column) return ERR(err, column_exists, to);
    frame->columns[column].name = arena_text(frame->arena, to);
    SampleRule *rule = &frame->sample;
    if (rule->parent && strcmp(rule->parent, from) == 0) rule->parent = frame->columns[column].name;
    if (rule->node && strcmp(rule->node, from) == 0) rule->node = frame->columns[column].name;
    return true;
}

static bool role_fits(const Column *column, Role role)
{
    bool is_number = column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER;
    switch (role) {
    case ROLE_TIME: return column->type == COLUMN_TIME || is_number;
    case ROLE_WEIGHT:
    case ROLE_SCORE: return is_number || column->type == COLUMN_BOOL;
    case ROLE_TARGET: return column->type != COLUMN_TEXT && column->type != COLUMN_TIME;
    default: return true;
    }
}

bool frame_set_role(Frame *frame, const char *name, Role role, Err *err)
{
    int number;
    if (!frame_column(frame, name, &number, err)) return false;
    FrameColumn *column = &frame->columns[number];
    bool may_look_ahead = role == ROLE_TARGET || role == ROLE_HELD || role == ROLE_WEIGHT;
    if (column->lead > 0 && !may_look_ahead) return frame_future_column(column, err);
    if (!role_fits(column->column, role))
        return ERR(err, bad_role, name, column_type_name(column->column), role_name(role));
    int holder = frame_role(frame, role);
    bool only_one = role != ROLE_INPUT && role != ROLE_PROTECTED && role != ROLE_HELD;
    if ((role == ROLE_TARGET && holder != number) || column->role == ROLE_TARGET)
        if (role != column->role) {
            frame->event = value_missing();
            forget_truth(frame);
        }
    if (only_one && holder >= 0)
        frame->columns[holder].role = frame->columns[holder].lead > 0 ? ROLE_HELD : ROLE_INPUT;
    column->role = role;
    return true;
}

void frame_hold_folds(Frame *frame, int column, Notes *notes)
{
    if (column < 0 || frame->columns[column].role != ROLE_INPUT) return;
    frame->columns[column].role = ROLE_HELD;
    NOTE(notes, folds_held, frame->columns[column].name);
}

static RowIndex *index_new(size_t n, Err *err)
{
    RowIndex *index = mem_get(sizeof *index + n * sizeof *index->rows, 1, err);
    if (!index) return NULL;
    atomic_init(&index->refs, 1);
    index->n = n;
    return index;
}

static void set_index(Frame *frame, RowIndex *index)
{
    RowIndex *old = frame->index;
    frame->index = index;
    frame->n_rows = index->n;
    if (old && atomic_fetch_sub(&old->refs, 1) == 1) mem_free(old);
}

static bool rows_fit(const Frame *frame, Err *err)
{
    if (frame->n_physical <= UINT32_MAX - 1) return true;
    return ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(frame->n_physical));
}

bool frame_filter(Frame *frame, const uint8_t *keep, Err *err)
{
    if (!rows_fit(frame, err)) return false;
    size_t n = 0;
    for (size_t i = 0; i < frame->n_rows; i++) n += keep[i] != 0;
    if (n == frame->n_rows) return true;
    RowIndex *index = index_new(n, err);
    if (!index) return false;
    n = 0;
    for (size_t i = 0; i < frame->n_rows; i++)
        if (keep[i]) index->rows[n++] = (uint32_t)frame_physical(frame, i);
    set_index(frame, index);
    return true;
}

void frame_all_rows(Frame *frame)
{
    RowIndex *old = frame->index;
    frame->index = NULL;
    frame->n_rows = frame->n_physical;
    if (old && atomic_fetch_sub(&old->refs, 1) == 1) mem_free(old);
}

bool frame_arrange(Frame *frame, const uint32_t *rows, Err *err)
{
    RowIndex *index = rows_fit(frame, err) ? index_new(frame->n_rows, err) : NULL;
    if (!index) return false;
    for (size_t i = 0; i < index->n; i++) index->rows[i] = (uint32_t)frame_physical(frame, rows[i]);
    set_index(frame, index);
    return true;
}

typedef struct KeyOrder {
    const Column *column;
    uint32_t *ranks;
    bool down;
} KeyOrder;

typedef struct SortOrder {
    KeyOrder *keys;
    int n;
} SortOrder;

static int compare_key(const KeyOrder *key, uint32_t a, uint32_t b)
{
    bool missing_a = column_is_missing(key->column, a), missing_b = column_is_missing(key->column, b);
    if (missing_a || missing_b) return missing_a - missing_b;
    int order = cells_compare(key->column, key->ranks, a, b);
    return key->down ? -order : order;
}

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const SortOrder *order = context;
    for (int k = 0; k < order->n; k++) {
        int difference = compare_key(&order->keys[k], a, b);
        if (difference) return difference;
    }
    return 0;
}

static bool sort_index(Frame *frame, const SortOrder *order, Err *err)
{
    RowIndex *index = index_new(frame->n_rows, err);
    if (!index) return false;
    for (size_t i = 0; i < frame->n_rows; i++) index->rows[i] = (uint32_t)frame_physical(frame, i);
    if (!rows_order(index->rows, index->n, compare_rows, order, err)) {
        mem_free(index);
        return false;
    }
    set_index(frame, index);
    return true;
}

bool frame_sort(Frame *frame, const SortKey *keys, int n_keys, Err *err)
{
    if (!rows_fit(frame, err)) return false;
    SortOrder order = { mem_own((size_t)(n_keys + 1) * sizeof(KeyOrder)), n_keys };
    bool ok = true;
    for (int k = 0; k < n_keys; k++) {
        const Column *column = frame->columns[keys[k].column].column;
        order.keys[k] = (KeyOrder){ .column = column, .down = keys[k].down };
        if (column->type != COLUMN_CATEGORY) continue;
        order.keys[k].ranks = levels_ranks(column->levels, err);
        ok = ok && order.keys[k].ranks;
    }
    ok = ok && sort_index(frame, &order, err);
    for (int k = 0; k < n_keys; k++) mem_free(order.keys[k].ranks);
    mem_free(order.keys);
    return ok;
}
