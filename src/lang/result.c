/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Result *result_new(Arena *arena, const char *verb)
{
    Result *result = arena_take(arena, sizeof *result);
    result->arena = arena;
    result->verb = verb;
    result->record = arena_take(arena, sizeof *result->record);
    result->notes.arena = arena;
    return result;
}

static ResultItem *add_item(Result *result, ItemKind kind)
{
    if (result->n_items == result->capacity) {
        int capacity = result->capacity ? 2 * result->capacity : 8;
        ResultItem *items = arena_take(result->arena, (size_t)capacity * sizeof *items);
        if (result->n_items) memcpy(items, result->items, (size_t)result->n_items * sizeof *items);
        result->items = items;
        result->capacity = capacity;
    }
    ResultItem *item = &result->items[result->n_items++];
    item->kind = kind;
    return item;
}

static void add_line(Result *result, Ink ink, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *line = arena_take(result->arena, (size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0) vsnprintf(line, (size_t)n + 1, format, again);
    va_end(again);
    ResultItem *item = add_item(result, ITEM_LINE);
    item->line = line;
    item->ink = ink;
}

void result_line(Result *result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_line(result, INK_PLAIN, format, args);
    va_end(args);
}

void result_line_ink(Result *result, Ink ink, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_line(result, ink, format, args);
    va_end(args);
}

Table *result_table(Result *result, const char *name, const char *title)
{
    Table *table = arena_take(result->arena, sizeof *table);
    table->name = name;
    table->title = title;
    add_item(result, ITEM_TABLE)->table = table;
    return table;
}

void table_column(Arena *arena, Table *table, const char *name, Align align, int digits)
{
    int n = table->n_columns;
    TableColumn *columns = arena_take(arena, (size_t)(n + 1) * sizeof *columns);
    if (n) memcpy(columns, table->columns, (size_t)n * sizeof *columns);
    columns[n] = (TableColumn){ arena_text(arena, name), align, digits };
    table->columns = columns;
    table->n_columns = n + 1;
}

Value *table_row(Arena *arena, Table *table)
{
    size_t width = (size_t)table->n_columns;
    if (table->n_rows == table->capacity) {
        int capacity = table->capacity ? 2 * table->capacity : 16;
        Value *cells = arena_take(arena, (size_t)capacity * width * sizeof *cells);
        if (table->n_rows) memcpy(cells, table->cells, (size_t)table->n_rows * width * sizeof *cells);
        table->cells = cells;
        table->capacity = capacity;
    }
    Value *row = table->cells + (size_t)table->n_rows++ * width;
    for (size_t i = 0; i < width; i++) row[i] = value_missing();
    return row;
}

void result_chart(Result *result, Chart *chart, int rows, int columns)
{
    ResultItem *item = add_item(result, ITEM_CHART);
    item->chart = chart;
    item->rows = rows;
    item->columns = columns;
}

void result_grid(Result *result, Grid grid)
{
    add_item(result, ITEM_GRID)->grid = grid;
}

void result_members(Arena *arena, Table *table, const Record *record, const char *prefix)
{
    for (int i = 0; i < record->n; i++) {
        const Member *member = &record->members[i];
        const char *name = arena_format(arena, "%s%s%s", prefix, *prefix ? "." : "", member->name);
        if (member->value->type == VALUE_RECORD) {
            result_members(arena, table, member->value->record, name);
            continue;
        }
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, name);
        row[1] = *member->value;
    }
}

static void copy_table(Result *to, const Table *table)
{
    const char *title = table->title ? arena_text(to->arena, table->title) : NULL;
    Table *copy = result_table(to, arena_text(to->arena, table->name), title);
    for (int c = 0; c < table->n_columns; c++)
        table_column(to->arena, copy, table->columns[c].name, table->columns[c].align,
                     table->columns[c].digits);
    for (int r = 0; r < table->n_rows; r++) {
        Value *row = table_row(to->arena, copy);
        for (int c = 0; c < table->n_columns; c++)
            row[c] = value_copy(to->arena, table->cells[(size_t)r * (size_t)table->n_columns + (size_t)c]);
    }
}

Result *result_copy(Arena *arena, const Result *result)
{
    Result *copy = result_new(arena, arena_text(arena, result->verb));
    *copy->record = *value_copy(arena, (Value){ .type = VALUE_RECORD, .record = result->record }).record;
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_LINE) result_line_ink(copy, item->ink, "%s", item->line);
        if (item->kind == ITEM_TABLE) copy_table(copy, item->table);
    }
    copy->notes.n = copy->notes.capacity = result->notes.n;
    copy->notes.texts = arena_take(arena, (size_t)result->notes.n * sizeof *copy->notes.texts);
    for (int i = 0; i < result->notes.n; i++)
        copy->notes.texts[i] = arena_text(arena, result->notes.texts[i]);
    return copy;
}
