/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of any frame as the model's schema wants them: numbers from numbers, on/off and text that reads
 * as a number; categories by the name of the level. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/prepwork.h"
#include "data/special.h"

static int compare_name(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

/* Schema levels are sorted. */
static uint32_t schema_code(const SchemaColumn *schema, const char *level)
{
    if (schema->n_levels == 0) return FEATURE_UNSEEN;
    const char *const *at =
        bsearch(level, schema->levels, (size_t)schema->n_levels, sizeof *schema->levels, compare_name);
    return at ? (uint32_t)(at - schema->levels) + 1 : FEATURE_UNSEEN;
}

static uint32_t *map_codes(const SchemaColumn *schema, const Levels *levels, Err *err)
{
    size_t n = levels ? levels->n : 0;
    uint32_t *map = mem_get(n + 1, sizeof *map, err);
    for (size_t code = 1; map && code <= n; code++) map[code] = schema_code(schema, levels->names[code - 1]);
    return map;
}

bool raw_open(RawColumn *raw, const SchemaColumn *schema, const Column *column, Err *err)
{
    *raw = (RawColumn){ .schema = schema, .column = column };
    if (!schema_is_category(schema)) {
        const char *wanted = schema->type == COLUMN_BOOL ? "on/off" : "number";
        return column->type != COLUMN_TIME ||
               ERR(err, time_not_number, schema->name, column_type_name(column), wanted);
    }
    raw->levels = levels_new(schema->levels, (uint32_t)schema->n_levels);
    if (!raw->levels) return ERR(err, no_memory, "category levels");
    if (column->type != COLUMN_CATEGORY) return true;
    raw->map = map_codes(schema, column->levels, err);
    return raw->map != NULL;
}

void raw_close(RawColumn *raw)
{
    levels_unref(raw->levels);
    mem_free(raw->map);
}

static size_t frame_row_at(const uint32_t *rows, size_t first, size_t i)
{
    return rows ? rows[i] : first + i;
}

/* ---- numbers */

static double text_number(const Column *column, size_t row, bool *ok)
{
    Buf text = { 0 };
    double x = NAN;
    column_text(column, row, &text);
    *ok = column_is_missing(column, row) || number_parse(buf_text(&text), text.length, &x);
    buf_free(&text);
    return x;
}

static bool not_number(const RawColumn *raw, size_t row, Err *err)
{
    Buf text = { 0 };
    column_text(raw->column, row, &text);
    ERR(err, row_not_number, INT(row + 1), raw->schema->name, buf_text(&text));
    buf_free(&text);
    return false;
}

static bool read_numbers(const RawColumn *raw, const Frame *frame, const uint32_t *rows, size_t first,
                         size_t n, double *out, Err *err)
{
    const Column *column = raw->column;
    bool is_text = column->type == COLUMN_TEXT || column->type == COLUMN_CATEGORY, ok = true;
    for (size_t i = 0; i < n; i++) {
        size_t row = frame_physical(frame, frame_row_at(rows, first, i));
        if (column->type == COLUMN_NUMBER)
            out[i] = column->numbers[row];
        else if (is_text)
            out[i] = text_number(column, row, &ok);
        else
            out[i] = column_number(column, row);
        if (!ok) return not_number(raw, row, err);
    }
    return true;
}

/* What another file, loaded without special=, holds as a number. */
static void mark_specials(const SchemaColumn *schema, double *x, size_t n)
{
    for (size_t i = 0; i < n && schema->n_specials; i++)
        for (int k = 0; k < schema->n_specials; k++)
            if (x[i] == schema->specials[k]) x[i] = special_make(schema->specials[k]);
}

static void count_numbers(const SchemaColumn *schema, const double *x, size_t n, PrepReport *report)
{
    size_t missing = 0, outside = 0;
    for (size_t i = 0; i < n; i++) {
        missing += x[i] != x[i];
        outside += (x[i] < schema->low) | (x[i] > schema->high);
    }
    report->out_of_range += outside;
    if (!schema->had_missing) report->missing += missing;
}

/* ---- categories */

static uint32_t text_code(const RawColumn *raw, size_t row, Buf *text)
{
    if (column_is_missing(raw->column, row)) return 0;
    column_text(raw->column, row, text);
    return schema_code(raw->schema, buf_text(text));
}

static void read_codes(const RawColumn *raw, const Frame *frame, const uint32_t *rows, size_t first, size_t n,
                       uint32_t *out)
{
    Buf text = { 0 };
    for (size_t i = 0; i < n; i++) {
        size_t row = frame_physical(frame, frame_row_at(rows, first, i));
        out[i] = raw->map ? raw->map[raw->column->codes[row]] : text_code(raw, row, &text);
    }
    buf_free(&text);
}

static void count_codes(const SchemaColumn *schema, const uint32_t *codes, size_t n, PrepReport *report)
{
    size_t missing = 0, unseen = 0;
    for (size_t i = 0; i < n; i++) {
        missing += codes[i] == 0;
        unseen += codes[i] == FEATURE_UNSEEN;
    }
    report->unseen_levels += unseen;
    if (!schema->had_missing) report->missing += missing;
}

bool raw_read(const RawColumn *raw, const Frame *frame, const uint32_t *rows, size_t first, FeatureSet *set,
              PrepReport *report, Err *err)
{
    const SchemaColumn *schema = raw->schema;
    bool is_category = schema_is_category(schema);
    Feature *feature = feature_add(set, schema->name, schema->name, schema_kind(schema), err);
    if (!feature) return false;
    if (is_category) {
        feature->levels = levels_ref(raw->levels);
        read_codes(raw, frame, rows, first, set->n_rows, feature->codes);
        if (report) count_codes(schema, feature->codes, set->n_rows, report);
        return true;
    }
    if (!read_numbers(raw, frame, rows, first, set->n_rows, feature->numbers, err)) return false;
    mark_specials(schema, feature->numbers, set->n_rows);
    if (report) count_numbers(schema, feature->numbers, set->n_rows, report);
    return true;
}
