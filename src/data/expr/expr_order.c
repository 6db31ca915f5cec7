/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of rows: of one id in time order, of one time, of one group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/expr/expr_plan.h"

typedef struct RowPlace {
    int64_t key;
    uint32_t group, position;
} RowPlace;

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

static int compare_places(const void *a, const void *b)
{
    const RowPlace *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

static void sort_places(RowPlace *places, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_places(&places[i - 1], &places[i]) > 0) {
            qsort(places, n, sizeof *places, compare_places);
            return;
        }
}

void order_free(RowOrder *order)
{
    if (!order) return;
    mem_free(order->rows);
    mem_free(order->keys);
    mem_free(order->starts);
    mem_free(order);
}

static bool order_room(RowOrder *order, size_t n, Err *err)
{
    order->rows = mem_get(n, sizeof *order->rows, err);
    order->keys = order->rows ? mem_get(n, sizeof *order->keys, err) : NULL;
    order->starts = order->keys ? mem_get(n + 1, sizeof *order->starts, err) : NULL;
    order->n = n;
    return order->starts != NULL;
}

/* Stably by group (counting), then each group by key where it is not in order: data that is sorted by
 * time, or by id and time, needs no comparison sort. */
static bool sort_by_group(RowPlace *places, size_t n, Err *err)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (places[i].group > most) most = places[i].group;
    size_t *at = mem_get((size_t)most + 2, sizeof *at, err);
    RowPlace *sorted = at ? mem_get(n, sizeof *sorted, err) : NULL;
    for (size_t i = 0; sorted && i < n; i++) at[places[i].group + 1]++;
    for (uint32_t g = 0; sorted && g <= most; g++) at[g + 1] += at[g];
    for (size_t i = 0; sorted && i < n; i++) sorted[at[places[i].group]++] = places[i];
    for (uint32_t g = 1; sorted && g <= most; g++) sort_places(sorted + at[g - 1], at[g] - at[g - 1]);
    if (sorted && n) memcpy(places, sorted, n * sizeof *places);
    bool done = sorted != NULL;
    mem_free(sorted);
    mem_free(at);
    return done;
}

static RowOrder *order_from(const PlanContext *context, RowPlace *places, size_t n)
{
    RowOrder *order = mem_own(sizeof *order);
    if (!order_room(order, n, context->err) || !sort_by_group(places, n, context->err)) {
        order_free(order);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || places[i].group != places[i - 1].group) order->starts[order->n_runs++] = i;
        order->rows[i] = (uint32_t)frame_physical(context->frame, places[i].position);
        order->keys[i] = places[i].key;
    }
    order->starts[order->n_runs] = n;
    return order;
}

/* Sorts rows with a group (number > 0) and, where there is a key column, a key. */
static RowOrder *order_make(const PlanContext *context, const uint32_t *group, const Column *key)
{
    size_t n_rows = context->frame->n_rows, n = 0;
    RowPlace *places = mem_get(n_rows, sizeof *places, context->err);
    for (size_t i = 0; places && i < n_rows; i++) {
        int64_t at = key ? order_key(key, frame_physical(context->frame, i)) : (int64_t)i;
        if ((group && !group[i]) || (key && at == INTEGER_MISSING)) continue;
        places[n++] = (RowPlace){ at, group ? group[i] : 1, (uint32_t)i };
    }
    RowOrder *order = places ? order_from(context, places, n) : NULL;
    mem_free(places);
    return order;
}

static const Column *role_column(const Frame *frame, Role role)
{
    int column = frame_role(frame, role);
    return column < 0 ? NULL : frame->columns[column].column;
}

bool order_by_id(PlanContext *context, RowOrder **out)
{
    const Frame *frame = context->frame;
    const Column *id = role_column(frame, ROLE_ID), *time = role_column(frame, ROLE_TIME);
    if (!context->order) {
        uint32_t ignored, *group = id ? mem_get(frame->n_rows, sizeof *group, context->err) : NULL;
        if (id && (!group || !number_values(context, id, group, &ignored))) {
            mem_free(group);
            return false;
        }
        context->order = order_make(context, group, time);
        mem_free(group);
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
static bool number_pairs(PlanContext *context, uint32_t *first, const uint32_t *second)
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
    dictionary_free(&dictionary);
    return done;
}

bool order_by_values(PlanContext *context, const Column *first, const Column *second, RowOrder **out)
{
    size_t n = context->frame->n_rows;
    uint32_t ignored, *one = mem_get(n, sizeof *one, context->err);
    uint32_t *two = one && second ? mem_get(n, sizeof *two, context->err) : NULL;
    bool done = one && number_values(context, first, one, &ignored) &&
                (!second ||
                 (two && number_values(context, second, two, &ignored) && number_pairs(context, one, two)));
    *out = done ? order_make(context, one, NULL) : NULL;
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
