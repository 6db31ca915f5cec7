/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and category levels: storage, references, cells as numbers, texts and values. */
#include "data/column.h"

#include <inttypes.h>
#include <string.h>

static size_t cell_size(ColumnType type)
{
    switch (type) {
    case COLUMN_NUMBER: return sizeof(double);
    case COLUMN_INTEGER:
    case COLUMN_TIME: return sizeof(int64_t);
    case COLUMN_CATEGORY: return sizeof(uint32_t);
    case COLUMN_TEXT: return sizeof(uint64_t);
    case COLUMN_BOOL: return sizeof(uint8_t);
    }
    return sizeof(double);
}

Column *column_new(ColumnType type, size_t n, Err *err)
{
    bool is_text = type == COLUMN_TEXT; /* whose offsets begin with 0 */
    void *cells = n == SIZE_MAX ? NULL
                  : is_text     ? mem_get(n + 1, cell_size(type), err)
                                : mem_stretch(NULL, 0, n, cell_size(type), err);
    if (!cells) return NULL;
    Column *column = mem_own(sizeof *column);
    atomic_init(&column->refs, 1);
    column->type = type;
    column->unit = UNIT_SECOND;
    column->n = n;
    column->numbers = cells; /* every member of the union is a pointer to the cells */
    return column;
}

Column *column_mapped(ColumnType type, size_t n, const void *cells, Mapping *mapping)
{
    Column *column = mem_own(sizeof *column);
    atomic_init(&column->refs, 1);
    column->type = type;
    column->unit = UNIT_SECOND;
    column->n = n;
    column->numbers = (double *)cells;
    column->mapping = mapping_ref(mapping);
    return column;
}

Column *column_ref(Column *column)
{
    if (column) atomic_fetch_add(&column->refs, 1);
    return column;
}

void column_unref(Column *column)
{
    if (!column || atomic_fetch_sub(&column->refs, 1) != 1) return;
    if (!column->mapping) {
        mem_free(column->numbers);
        mem_free(column->text_missing);
        mem_free(column->bytes);
    }
    mapping_unref(column->mapping);
    levels_unref(column->levels);
    mem_free(column);
}

Levels *levels_new(const char *const *names, uint32_t n)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < n; i++) bytes += strlen(names[i]) + 1;
    /* one block: the pointers, then the texts */
    char **block = mem_get(n * sizeof(char *) + bytes, 1, NULL);
    if (!block) return NULL;
    char *text = (char *)(block + n);
    for (uint32_t i = 0; i < n; i++) {
        size_t length = strlen(names[i]) + 1;
        block[i] = memcpy(text, names[i], length);
        text += length;
    }
    Levels *levels = mem_own(sizeof *levels);
    atomic_init(&levels->refs, 1);
    levels->n = n;
    levels->names = block;
    return levels;
}

Levels *levels_ref(Levels *levels)
{
    if (levels) atomic_fetch_add(&levels->refs, 1);
    return levels;
}

void levels_unref(Levels *levels)
{
    if (!levels || atomic_fetch_sub(&levels->refs, 1) != 1) return;
    mem_free(levels->names);
    mem_free(levels);
}

uint32_t levels_find(const Levels *levels, const char *name)
{
    for (uint32_t i = 0; levels && i < levels->n; i++)
        if (strcmp(levels->names[i], name) == 0) return i + 1;
    return 0;
}

void column_text(const Column *column, size_t row, Buf *out)
{
    char number[40];
    buf_clear(out);
    if (column_is_missing(column, row)) return;
    switch (column->type) {
    case COLUMN_NUMBER: buf_puts(out, number_text(column->numbers[row], number)); break;
    case COLUMN_INTEGER: buf_printf(out, "%" PRId64, column->integers[row]); break;
    case COLUMN_TIME: time_write(out, column->integers[row], column->unit); break;
    case COLUMN_CATEGORY: buf_puts(out, column->levels->names[column->codes[row] - 1]); break;
    case COLUMN_TEXT:
        buf_add(out, column->bytes + column->offsets[row], column->offsets[row + 1] - column->offsets[row]);
        break;
    case COLUMN_BOOL: buf_puts(out, column->bools[row] ? "on" : "off"); break;
    }
}

Value column_value(const Column *column, size_t row, Arena *arena)
{
    if (column_is_missing(column, row)) return value_missing();
    switch (column->type) {
    case COLUMN_NUMBER:
    case COLUMN_INTEGER: return value_number(column_number(column, row));
    case COLUMN_TIME: return value_time(column->integers[row], column->unit);
    case COLUMN_BOOL: return value_bool(column->bools[row] == 1);
    case COLUMN_CATEGORY:
    case COLUMN_TEXT: break;
    }
    Buf text = { 0 };
    column_text(column, row, &text);
    Value value = value_text(arena, buf_text(&text));
    buf_free(&text);
    return value;
}

const char *column_type_name(const Column *column)
{
    switch (column->type) {
    case COLUMN_NUMBER: return "number";
    case COLUMN_INTEGER: return "integer";
    case COLUMN_TIME: return column->unit == UNIT_SECOND ? "date-time" : "date";
    case COLUMN_CATEGORY: return "category";
    case COLUMN_TEXT: return "text";
    case COLUMN_BOOL: return "on/off";
    }
    return "number";
}

void column_finish(Column *column)
{
    size_t missing = 0, n = column->n;
    switch (column->type) {
    case COLUMN_NUMBER:
        for (size_t i = 0; i < n; i++) missing += column->numbers[i] != column->numbers[i];
        break;
    case COLUMN_INTEGER:
    case COLUMN_TIME:
        for (size_t i = 0; i < n; i++) missing += column->integers[i] == INTEGER_MISSING;
        break;
    case COLUMN_CATEGORY:
        for (size_t i = 0; i < n; i++) missing += column->codes[i] == 0;
        break;
    case COLUMN_BOOL:
        for (size_t i = 0; i < n; i++) missing += column->bools[i] == BOOL_MISSING;
        break;
    case COLUMN_TEXT:
        for (size_t i = 0; i < n; i++) missing += column_is_missing(column, i);
        break;
    }
    column->n_missing = missing;
}
