/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of rows: of one id in time order, of one time, of one group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/cellorder.h"
#include "data/expr/expr_plan.h"

static uint32_t number_value(Dictionary *dictionary, const Column *column, size_t row, Buf *text, Err *err)
{
    if (column->type == COLUMN_TEXT) {
        buf_clear(text);
        column_text(column, row, text);
        return dictionary_add(dictionary, buf_text(text), text->length, err);
    }
    double number = column->type == COLUMN_NUMBER ? column->numbers[row] + 0.0 : 0; /* -0 is 0 */
    const void *bytes = column->type == COLUMN_NUMBER ? (const void *)&number : &column->integers[row];
    return dictionary_add(dictionary, bytes, 8, err);
}

bool number_values(PlanContext *context, const Column *column, uint32_t *number, uint32_t *n_numbers)
{
    Dictionary dictionary = { 0 };
    Buf text = { 0 };
    bool done = true;
    uint32_t most = 0;
    for (size_t i = 0; i < context->frame->n_rows && done; i++) {
        size_t row = frame_physical(context->frame, i);
        if (column_is_missing(column, row))
            number[i] = 0;
        else if (column->type == COLUMN_CATEGORY)
            number[i] = column->codes[row];
        else if (column->type == COLUMN_BOOL)
            number[i] = column->bools[row] + 1u;
        else
            done = (number[i] = number_value(&dictionary, column, row, &text, context->err)) != 0;
        if (number[i] > most) most = number[i];
    }
    *n_numbers = most;
    dictionary_free(&dictionary);
    buf_free(&text);
    return done;
}

/* An int64 that orders as the value does; INTEGER_MISSING where missing. */
static int64_t order_key(const Column *column, size_t row)
{
    if (column->type == COLUMN_TIME || column->type == COLUMN_INTEGER) return column->integers[row];
    double x = column_number(column, row) + 0.0;
    int64_t bits;
    if (isnan(x)) return INTEGER_MISSING;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? (int64_t)(~(uint64_t)bits ^ 0x8000000000000000u) : bits;
}

void order_free(RowOrder *order)
{
    if (!order) return;
    mem_free(order->rows);
    mem_free(order->keys);
    mem_free(order->starts);
    mem_free(order);
}

/* Rows with a number above 0 by it, in frame order within it; numbers that no row has are left out. */
static bool count_into(RowOrder *order, const Frame *frame, const uint32_t *number, uint32_t most, Err *err)
{
    size_t *at = mem_get((size_t)most + 2, sizeof *at, err);
    if (!at) return false;
    for (size_t i = 0; i < frame->n_rows; i++) at[number[i] + 1]++;
    for (uint32_t k = 0; k <= most; k++) {
        if (k > 0 && at[k + 1]) order->starts[order->n_runs++] = order->n;
        if (k > 0) order->n += at[k + 1];
        at[k + 1] = order->n;
    }
    for (size_t i = 0; i < frame->n_rows; i++) {
        if (!number[i]) continue;
        size_t place = at[number[i]]++;
        order->rows[place] = (uint32_t)frame_physical(frame, i);
        order->keys[place] = (int64_t)i;
    }
    order->starts[order->n_runs] = order->n;
    mem_free(at);
    return true;
}

static RowOrder *order_make(const PlanContext *context, const uint32_t *number, uint32_t most)
{
    size_t n = context->frame->n_rows;
    RowOrder *order = mem_own(sizeof *order);
    order->rows = mem_get(n, sizeof *order->rows, context->err);
    order->keys = order->rows ? mem_get(n, sizeof *order->keys, context->err) : NULL;
    order->starts = order->keys ? mem_get((size_t)most + 2, sizeof *order->starts, context->err) : NULL;
    if (order->starts && count_into(order, context->frame, number, most, context->err)) return order;
    order_free(order);
    return NULL;
}

static const Column *role_column(const Frame *frame, Role role)
{
    int column = frame_role(frame, role);
    return column < 0 ? NULL : frame->columns[column].column;
}

/* The physical rows that have an id and a time. */
static size_t placed_rows(const Frame *frame, const Column *id, const Column *time, uint32_t *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i);
        rows[n] = (uint32_t)row;
        n += !(id && column_is_missing(id, row)) && !(time && order_key(time, row) == INTEGER_MISSING);
    }
    return n;
}

/* order->rows by id and time; first is room. */
static bool arrange(RowOrder *order, const Column *id, const Column *time, uint32_t *first, Err *err)
{
    const Column *columns[] = { id, time };
    size_t n = order->n;
    if (!rows_by_cells(columns, order->rows, n, first, err)) return false;
    for (size_t i = 0; i < n; i++) first[i] = order->rows[first[i]];
    if (n) memcpy(order->rows, first, n * sizeof *first);
    for (size_t i = 0; i < n; i++) order->keys[i] = time ? order_key(time, order->rows[i]) : (int64_t)i;
    if (id && !cell_runs(id, order->rows, n, first, err)) return false;
    for (size_t i = 0; i < n; i++)
        if (id ? first[i] == i : i == 0) order->n_runs++;
    order->starts = mem_get(order->n_runs + 1, sizeof *order->starts, err);
    size_t run = 0;
    for (size_t i = 0; order->starts && i < n; i++)
        if (id ? first[i] == i : i == 0) order->starts[run++] = i;
    if (order->starts) order->starts[run] = n;
    return order->starts != NULL;
}

static RowOrder *order_panel(const Frame *frame, const Column *id, const Column *time, Err *err)
{
    RowOrder *order = mem_own(sizeof *order);
    uint32_t *first = mem_stretch(NULL, 0, frame->n_rows + 1, sizeof *first, err);
    order->rows = first ? mem_stretch(NULL, 0, frame->n_rows + 1, sizeof *order->rows, err) : NULL;
    order->n = order->rows ? placed_rows(frame, id, time, order->rows) : 0;
    order->keys = order->rows ? mem_stretch(NULL, 0, order->n, sizeof *order->keys, err) : NULL;
    bool ok = order->keys && arrange(order, id, time, first, err);
    mem_free(first);
    if (ok) return order;
    order_free(order);
    return NULL;
}

bool order_by_id(PlanContext *context, RowOrder **out)
{
    const Frame *frame = context->frame;
    const Column *id = role_column(frame, ROLE_ID), *time = role_column(frame, ROLE_TIME);
    if (!context->order) {
        context->order = order_panel(frame, id, time, context->err);
        if (!context->order) return false;
        context->order->has_times = time && time->type == COLUMN_TIME;
        context->order->unit = time ? time->unit : UNIT_SECOND;
        if (context->order->n < frame->n_rows)
            NOTE(context->notes, note_no_place, INT(frame->n_rows - context->order->n));
    }
    *out = context->order;
    return true;
}

/* Numbers of pairs; 0 where either is missing. */
static bool number_pairs(PlanContext *context, uint32_t *first, const uint32_t *second, uint32_t *most)
{
    Dictionary dictionary = { 0 };
    bool done = true;
    for (size_t i = 0; i < context->frame->n_rows && done; i++) {
        uint32_t pair[2] = { first[i], second[i] };
        if (!pair[0] || !pair[1])
            first[i] = 0;
        else
            done = (first[i] = dictionary_add(&dictionary, pair, sizeof pair, context->err)) != 0;
    }
    *most = (uint32_t)dictionary.n;
    dictionary_free(&dictionary);
    return done;
}

bool order_by_values(PlanContext *context, const Column *first, const Column *second, RowOrder **out)
{
    size_t n = context->frame->n_rows;
    uint32_t most, ignored, *one = mem_get(n, sizeof *one, context->err);
    uint32_t *two = one && second ? mem_get(n, sizeof *two, context->err) : NULL;
    bool done = one && number_values(context, first, one, &most) &&
                (!second || (two && number_values(context, second, two, &ignored) &&
                             number_pairs(context, one, two, &most)));
    *out = done ? order_make(context, one, most) : NULL;
    mem_free(one);
    mem_free(two);
    return *out != NULL;
}

/* Counts, then places each row. */
static RowOrder *order_groups(const PlanContext *context)
{
    const ExprGroups *groups = context->groups;
    size_t n = context->frame->n_rows;
    RowOrder *order = mem_own(sizeof *order);
    order->n = n;
    order->n_runs = groups->n;
    order->rows = mem_get(n, sizeof *order->rows, context->err);
    order->starts = order->rows ? mem_get((size_t)groups->n + 2, sizeof *order->starts, context->err) : NULL;
    if (!order->starts) {
        order_free(order);
        return NULL;
    }
    size_t *at = order->starts + 1; /* ends as the end of each run */
    for (size_t i = 0; i < n; i++) at[groups->of_row[i] + 1]++;
    for (uint32_t g = 0; g < groups->n; g++) at[g + 1] += at[g];
    for (size_t i = 0; i < n; i++)
        order->rows[at[groups->of_row[i]]++] = (uint32_t)frame_physical(context->frame, i);
    return order;
}

bool order_by_groups(PlanContext *context, RowOrder **out)
{
    if (!context->groups->order) context->groups->order = order_groups(context);
    *out = context->groups->order;
    return *out != NULL;
}
