/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON lines, an object a row, and a JSON array of such objects. The first reading finds the members, which
 * become columns in the order of their first appearance; the second puts the values. */
#include <math.h>
#include <string.h>

#include "data/sources/csv_names.h"
#include "data/sources/load_options.h"
#include "data/sources/records.h"

enum { COLUMNS_MOST = 32767 };
static const double WHOLE_LARGEST = 9007199254740992.0; /* 2^53 */

typedef struct JsonReader {
    const char *path;
    Arena *arena;
    LoadSpec spec;
    Records records;
    Dict members;   /* their names as the file writes them: the code is the column, from 1 */
    uint8_t *given; /* columns that the record has */
    size_t n_rows, skipped;
    Cells cells;
    Notes *notes;
    double begun;
} JsonReader;

/* The next record that can be read; *out NULL: there is none. */
static bool next_record(JsonReader *reader, json_t **out, Err *err)
{
    for (;;) {
        Err bad = { 0 };
        if (records_next(&reader->records, out, &bad)) return true;
        if (!reader->spec.skip_bad || bad.code != CODE_bad_json) {
            if (err) *err = bad;
            return false;
        }
        reader->skipped++;
    }
}

/* ---- members */

static bool note_members(JsonReader *reader, json_t *record, Err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach(record, name, value)
    {
        if (!dict_code(&reader->members, name, strlen(name), err)) return false;
        if (reader->members.n > COLUMNS_MOST) return ERR(err, many_columns, reader->path, INT(COLUMNS_MOST));
    }
    return true;
}

static bool find_members(JsonReader *reader, Err *err)
{
    json_t *record;
    while (next_record(reader, &record, err)) {
        if (!record) return reader->members.n > 0 || ERR(err, only_header, reader->path);
        bool ok = note_members(reader, record, err);
        json_decref(record);
        if (!ok) return false;
        reader->n_rows++;
    }
    return false;
}

static bool make_columns(JsonReader *reader, Err *err)
{
    Dict taken = { 0 };
    int n = (int)reader->members.n;
    const char **names = arena_take(reader->arena, (size_t)n * sizeof *names);
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        const char *member = dict_text(&reader->members, (uint32_t)i + 1);
        names[i] = csv_name(reader->arena, &taken, i, member, strlen(member), reader->notes, err);
        ok = names[i] != NULL;
    }
    dict_free(&taken);
    reader->given = arena_take(reader->arena, (size_t)n);
    return ok && cells_open(&reader->cells, n, names, &reader->spec, err) &&
           cells_reserve(&reader->cells, reader->n_rows, err) &&
           csv_choose(&reader->cells, reader->spec.columns, reader->path, err) &&
           csv_set_types(&reader->cells, reader->path, err);
}

/* ---- values */

/* On and off stand apart from numbers: a column that has both is read as text. */
static bool put_bool(Cells *cells, int i, bool on, Err *err)
{
    CellColumn *column = &cells->columns[i];
    if (column->kind == CELL_EMPTY && !cells->is_second) column->on_off = true;
    bool fits = column->on_off || column->fixed;
    if (fits && !cells->is_second && (column->kind == CELL_BOOL || column->kind == CELL_EMPTY))
        return cells_put_whole(cells, i, on, err);
    return cells_put_text(cells, i, on ? "true" : "false", on ? 4 : 5, err);
}

static bool put_number(const JsonReader *reader, Cells *cells, int i, const json_t *value, Err *err)
{
    char text[40];
    double x = json_number_value(value);
    if (cells->columns[i].kind == CELL_BOOL) {
        number_text(x, text);
        return cells_put_text(cells, i, text, strlen(text), err);
    }
    if (json_is_integer(value)) return cells_put_whole(cells, i, json_integer_value(value), err);
    bool whole = reader->records.wide && x == trunc(x) && fabs(x) < WHOLE_LARGEST;
    return whole ? cells_put_whole(cells, i, (int64_t)x, err) : cells_put_real(cells, i, x, err);
}

static bool refuse_nested(const Cells *cells, int i, const json_t *value, Err *err)
{
    const char *name = cells->columns[i].name;
    ERR(err, json_nested, name, json_is_object(value) ? "an object" : "an array");
    return err_hint(err, "a frame has one value a cell: flatten the file (pandas: json_normalize), or choose "
                         "others by columns=");
}

static bool put_value(JsonReader *reader, int i, const json_t *value, Err *err)
{
    Cells *cells = &reader->cells;
    if (cells->columns[i].kind == CELL_SKIP) return true;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return cells_put_text(cells, i, json_string_value(value), json_string_length(value), err);
    case JSON_INTEGER:
    case JSON_REAL: return put_number(reader, cells, i, value, err);
    case JSON_TRUE:
    case JSON_FALSE: return put_bool(cells, i, json_is_true(value), err);
    case JSON_NULL: return cells_put_null(cells, i);
    default: return refuse_nested(cells, i, value, err);
    }
}

static bool put_record(JsonReader *reader, json_t *record, Err *err)
{
    Cells *cells = &reader->cells;
    const char *name;
    json_t *value;
    memset(reader->given, 0, (size_t)cells->n);
    json_object_foreach(record, name, value)
    {
        uint32_t code = dict_find(&reader->members, name, strlen(name));
        if (code == 0) return ERR(err, file_changed, reader->path);
        reader->given[code - 1] = 1;
        if (!put_value(reader, (int)code - 1, value, err)) return false;
    }
    for (int i = 0; i < cells->n; i++)
        if (!reader->given[i]) cells_put_null(cells, i);
    return true;
}

/* A record that does not fit a given type, or is nested, can be passed over, too. */
static bool put_row(JsonReader *reader, json_t *record, Err *err)
{
    Err bad = { 0 };
    Cells *cells = &reader->cells;
    if (cells->n_rows == cells->capacity) return ERR(err, file_changed, reader->path);
    if (!cells_row(cells, err)) return false;
    cells->line = reader->records.line;
    if (put_record(reader, record, &bad)) {
        cells_commit(cells);
        return true;
    }
    if (reader->spec.skip_bad && bad.code == CODE_bad_cell) {
        reader->skipped++;
        return true;
    }
    if (!bad.place[0]) err_place(&bad, reader->path, cells->line, 0);
    if (err) *err = bad;
    return false;
}

static bool put_rows(JsonReader *reader, Err *err)
{
    json_t *record;
    reader->skipped = 0;
    if (!records_rewind(&reader->records, err)) return false;
    while (next_record(reader, &record, err)) {
        if (!record) return reader->cells.n_rows > 0 || ERR(err, only_header, reader->path);
        bool ok = put_row(reader, record, err);
        json_decref(record);
        if (!ok) return false;
    }
    return false;
}

static bool read_file(JsonReader *reader, const Options *options, Progress *progress, Err *err)
{
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    reader->spec.empty = "null";
    Input *input = input_open(reader->path, reader->spec.encoding, progress, err);
    if (!input || !records_open(&reader->records, input, progress, err)) return false;
    reader->path = input_path(input);
    if (!find_members(reader, err) || !make_columns(reader, err) || !put_rows(reader, err)) return false;
    return !cells_again(&reader->cells) || put_rows(reader, err);
}

/* ---- the reader */

static Frame *finish(JsonReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    Input *input = reader->records.window.input;
    input_hash(input, hash);
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (!frame) return NULL;
    frame->hash = arena_text(frame->arena, hash);
    if (!report) return frame;
    report->format = reader->records.array ? "json" : "jsonl";
    report->encoding = arena_text(report->arena, input_encoding(input));
    report->skipped = reader->skipped;
    report->bytes = input_done(input);
    report->seconds = clock_seconds() - reader->begun;
    return frame;
}

static Frame *read_jsonl(const char *path, const Options *options, LoadReport *report, Notes *notes,
                         Progress *progress, Err *err)
{
    JsonReader reader = { .path = path, .arena = arena_new(), .notes = notes, .begun = clock_seconds() };
    Frame *frame = NULL;
    if (read_file(&reader, options, progress, err)) frame = finish(&reader, report, err);
    cells_close(&reader.cells);
    dict_free(&reader.members);
    records_close(&reader.records);
    arena_free(reader.arena);
    return frame;
}

/* { and a text or }, or [ and {: what else begins so is a line of another format. */
static bool sniff(const char *bytes, size_t n)
{
    size_t i = 0;
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    if (i == n || (bytes[i] != '{' && bytes[i] != '[')) return false;
    char first = bytes[i++];
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    return i < n && (first == '{' ? bytes[i] == '"' || bytes[i] == '}' : bytes[i] == '{');
}

static const OptionSpec options[] = { LOAD_TEXT_OPTIONS, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS,
                                      LOAD_COLUMN_OPTIONS };

const ReaderKind reader_jsonl = {
    .kind = { .name = "jsonl",
              .help = "JSON: an object a line, or an array of objects",
              .more =
                  "Members are columns in the order in which they first appear; one that a record lacks is "
                  "missing there, as null is. Texts are never numbers, but dates where all are; true and "
                  "false are on and off. Objects and arrays within a record are refused",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".jsonl .ndjson .json",
    .sniff = sniff,
    .read = read_jsonl
};
