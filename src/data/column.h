/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns: reference-counted, immutable once published, one value a physical row. */
#ifndef FNS_DATA_COLUMN_H
#define FNS_DATA_COLUMN_H

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/value.h"
#include "data/mapping.h"

typedef enum ColumnType {
    COLUMN_NUMBER,   /* double; missing is NaN */
    COLUMN_INTEGER,  /* int64; missing is INT64_MIN */
    COLUMN_TIME,     /* int64 ns since 1970, UTC; missing is INT64_MIN; `unit` says its precision */
    COLUMN_CATEGORY, /* uint32 codes into levels, from 1; missing is 0 */
    COLUMN_TEXT,     /* bytes with offsets; which are missing stands in text_missing */
    COLUMN_BOOL      /* uint8: 0 off, 1 on, 2 missing */
} ColumnType;

#define INTEGER_MISSING INT64_MIN
#define BOOL_MISSING    2

typedef struct Levels {
    atomic_int refs;
    uint32_t n;
    char **names; /* names[code - 1]; order of first appearance */
} Levels;

typedef struct Column {
    atomic_int refs;
    ColumnType type;
    TimeUnit unit;
    size_t n;
    size_t n_missing;
    union {
        double *numbers;
        int64_t *integers; /* INTEGER and TIME */
        uint32_t *codes;
        uint8_t *bools;
        uint64_t *offsets; /* TEXT: n + 1; text i is bytes[offsets[i]] .. bytes[offsets[i + 1]] */
    };
    uint8_t *text_missing; /* TEXT: bitmap, or NULL where none is missing */
    char *bytes;           /* TEXT */
    Levels *levels;        /* CATEGORY */
    Mapping *mapping;      /* the file that all of these lie in; NULL: they are the column's own */
} Column;

/* A column whose n cells lie in a mapped file, to which it takes a reference; bytes and levels are the
 * caller's to add. */
Column *column_mapped(ColumnType type, size_t n, const void *cells, Mapping *mapping);
/* A column of n rows with its storage (uninitialised values; no levels). NULL without memory. */
Column *column_new(ColumnType type, size_t n, Err *err);
Column *column_ref(Column *column);
void column_unref(Column *column);
Levels *levels_new(const char *const *names, uint32_t n); /* copies */
Levels *levels_ref(Levels *levels);
void levels_unref(Levels *levels);
uint32_t levels_find(const Levels *levels, const char *name); /* its code, or 0 */

/* The text of a cell, as it is shown and compared; "" where missing. TEXT is not 0-terminated inside
 * the column, so the result is written into `out`. */
void column_text(const Column *column, size_t row, Buf *out);
Value column_value(const Column *column, size_t row, Arena *arena);
const char *
column_type_name(const Column *column); /* number, integer, date, date-time, category, text, on/off */
/* Recounts n_missing; to be called by whoever filled the column, before publishing it. */
void column_finish(Column *column);

static inline bool column_is_missing(const Column *column, size_t row)
{
    switch (column->type) {
    case COLUMN_NUMBER: return column->numbers[row] != column->numbers[row];
    case COLUMN_INTEGER:
    case COLUMN_TIME: return column->integers[row] == INTEGER_MISSING;
    case COLUMN_CATEGORY: return column->codes[row] == 0;
    case COLUMN_TEXT: return column->text_missing && column->text_missing[row / 8] >> (row % 8) & 1;
    case COLUMN_BOOL: return column->bools[row] == BOOL_MISSING;
    }
    return true;
}

/* A number for NUMBER, INTEGER, BOOL, TIME (ns); NaN where missing or not a number. */
static inline double column_number(const Column *column, size_t row)
{
    if (column->type == COLUMN_NUMBER) return column->numbers[row];
    if (column_is_missing(column, row)) return NAN;
    switch (column->type) {
    case COLUMN_INTEGER:
    case COLUMN_TIME: return (double)column->integers[row];
    case COLUMN_BOOL: return column->bools[row];
    case COLUMN_NUMBER:
    case COLUMN_CATEGORY:
    case COLUMN_TEXT: break;
    }
    return NAN;
}

#endif
