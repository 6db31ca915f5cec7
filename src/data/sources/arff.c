/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ARFF, the format of Weka and of many UCI sets: @relation, @attribute NAME TYPE, @data, then rows of
 * comma-separated values. Names and values may stand in ' or ", with \ before what would end them. */
#include <string.h>
#include <strings.h>

#include "data/sources/arff_line.h"
#include "data/sources/csv_names.h"
#include "data/sources/load_options.h"
#include "data/sources/window.h"

typedef struct Attribute {
    const char *name, *type; /* type NULL: nominal */
    Dict levels;
} Attribute;

typedef struct ArffReader {
    const char *path;
    Arena *arena;
    LoadSpec spec;
    Window window;
    ArffLine line;
    Attribute *attributes;
    int n, capacity;
    Dict names;
    Cells cells;
    size_t skipped;
    Notes *notes;
    double begun;
} ArffReader;

static bool place(const ArffReader *reader, Err *err)
{
    const ArffLine *line = &reader->line;
    int column = utf8_length(line->text, (size_t)(line->at - line->text)) + 1;
    return err_place(err, reader->path, line->number, column);
}

static bool malformed(const ArffReader *reader, const char *what, Err *err)
{
    ERR(err, bad_arff, what);
    return place(reader, err);
}

/* ---- the header */

static const char *type_of_word(const char *word, size_t n)
{
    static const char *const types[][2] = { { "numeric", "number" },
                                            { "real", "number" },
                                            { "integer", "integer" },
                                            { "string", "" },
                                            { "date", "date" } };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i][0]) == n && strncasecmp(types[i][0], word, n) == 0) return types[i][1];
    return NULL;
}

/* {a, 'b c', d} */
static bool read_levels(ArffReader *reader, Attribute *attribute, Err *err)
{
    ArffText level;
    ArffLine *line = &reader->line;
    for (line->at++;;) {
        if (arff_take(line, '}')) return true;
        if (!arff_word(line, ",}", &level)) return malformed(reader, "a list of values must end in }", err);
        if (!dict_code(&attribute->levels, level.text, level.n, err)) return false;
        if (!arff_take(line, ',') && arff_peek(line) != '}')
            return malformed(reader, "values in { } are separated by commas", err);
    }
}

static Attribute *new_attribute(ArffReader *reader, Err *err)
{
    if (reader->n == COLUMNS_MOST) {
        ERR(err, many_columns, reader->path, INT(COLUMNS_MOST));
        return NULL;
    }
    if (reader->n == reader->capacity) {
        int capacity = 2 * reader->capacity + 16;
        Attribute *grown =
            mem_grow(reader->attributes, (size_t)reader->n, (size_t)capacity, sizeof *grown, err);
        if (!grown) return NULL;
        reader->attributes = grown;
        reader->capacity = capacity;
    }
    reader->attributes[reader->n] = (Attribute){ 0 };
    return &reader->attributes[reader->n++];
}

/* Behind @attribute: NAME TYPE */
static bool read_attribute(ArffReader *reader, Err *err)
{
    ArffText name, type;
    ArffLine *line = &reader->line;
    if (!arff_word(line, " \t{", &name)) return malformed(reader, "@attribute needs a name", err);
    Attribute *attribute = new_attribute(reader, err);
    if (!attribute) return false;
    attribute->name =
        csv_name(reader->arena, &reader->names, reader->n - 1, name.text, name.n, reader->notes, err);
    if (!attribute->name) return place(reader, err);
    if (arff_peek(line) == '{') return read_levels(reader, attribute, err);
    if (!arff_word(line, " \t", &type)) return malformed(reader, "@attribute needs a type", err);
    attribute->type = type_of_word(type.text, type.n);
    return attribute->type ||
           malformed(reader, "a type is numeric, integer, real, string, date or {a, list}", err);
}

static bool is_keyword(const ArffText *word, const char *keyword)
{
    return word->n == strlen(keyword) && strncasecmp(word->text, keyword, word->n) == 0;
}

static bool read_header(ArffReader *reader, Err *err)
{
    ArffText word;
    for (;;) {
        if (!arff_next_line(&reader->line, err))
            return err && err->code ? false : malformed(reader, "there is no @data", err);
        bool found = arff_word(&reader->line, " \t", &word);
        if (found && is_keyword(&word, "@data")) break;
        if (found && is_keyword(&word, "@relation")) continue;
        if (!found || !is_keyword(&word, "@attribute"))
            return malformed(reader, "the header has lines @relation, @attribute and @data", err);
        if (!read_attribute(reader, err)) return false;
    }
    return reader->n > 0 || malformed(reader, "there is no @attribute", err);
}

/* ---- columns */

/* A nominal {0,1} is the number it looks like, which needs no event=; others are categories. */
static bool is_zero_one(const Attribute *attribute)
{
    const Dict *levels = &attribute->levels;
    return levels->n == 2 && dict_find(levels, "0", 1) && dict_find(levels, "1", 1);
}

static bool set_type(ArffReader *reader, int i, Err *err)
{
    Attribute *attribute = &reader->attributes[i];
    CellColumn *column = &reader->cells.columns[i];
    if (column->fixed || column->kind == CELL_SKIP) return true;
    if (!attribute->type) {
        if (is_zero_one(attribute)) return cells_fix(&reader->cells, i, "integer", err);
        if (!cells_fix(&reader->cells, i, "category", err)) return false;
        column->dict = attribute->levels;
        column->levels_given = true;
        attribute->levels = (Dict){ 0 };
        return true;
    }
    if (*attribute->type) return cells_fix(&reader->cells, i, attribute->type, err);
    return cell_storage(&reader->cells, column, CELL_CATEGORY, err); /* text, where it is many */
}

static bool make_columns(ArffReader *reader, Err *err)
{
    const char **names = mem_get((size_t)reader->n, sizeof *names, err);
    for (int i = 0; names && i < reader->n; i++) names[i] = reader->attributes[i].name;
    bool ok = names && cells_open(&reader->cells, reader->n, names, &reader->spec, err) &&
              csv_choose(&reader->cells, reader->spec.columns, reader->path, err) &&
              csv_set_types(&reader->cells, reader->path, err);
    for (int i = 0; ok && i < reader->n; i++) ok = set_type(reader, i, err);
    mem_free(names);
    return ok;
}

/* ---- rows */

static bool read_row(ArffReader *reader, Err *err)
{
    ArffText text;
    ArffLine *line = &reader->line;
    Cells *cells = &reader->cells;
    if (arff_peek(line) == '{') {
        malformed(reader, "sparse rows {1 0.5, ...} are not read", err);
        return err_hint(err, "write them out as dense rows");
    }
    for (int i = 0; i < cells->n; i++) {
        bool found = arff_word(line, ",", &text);
        if (!found && (arff_peek(line) == '"' || arff_peek(line) == '\'')) {
            ERR(err, open_quote, INT(i + 1));
            return place(reader, err);
        }
        if (!found && arff_peek(line) != ',' && i > 0 && arff_at_end(line)) {
            ERR(err, missing_field, INT(i), INT(cells->n), cells->columns[i].name);
            return place(reader, err);
        }
        if (!cells_put(cells, i, text.text, text.n, text.quoted, err)) return place(reader, err);
        bool last = i + 1 == cells->n;
        if (last && arff_at_end(line)) return true;
        if (last || !arff_take(line, ',')) {
            ERR(err, ragged_row, last ? "more" : INT(i + 1), INT(cells->n));
            return place(reader, err);
        }
    }
    return true;
}

static bool read_rows(ArffReader *reader, Err *err)
{
    Cells *cells = &reader->cells;
    Err bad = { 0 };
    while (arff_next_line(&reader->line, &bad)) {
        cells->line = reader->line.number;
        if (!cells_row(cells, err)) return false;
        if (read_row(reader, &bad)) {
            cells_commit(cells);
            continue;
        }
        bool row = bad.code == CODE_ragged_row || bad.code == CODE_bad_cell || bad.code == CODE_not_text ||
                   bad.code == CODE_bad_quote;
        if (!reader->spec.skip_bad || !row) break;
        reader->skipped++;
        err_clear(&bad);
    }
    if (bad.code == CODE_none) return cells->n_rows > 0 || ERR(err, only_header, reader->path);
    if (err) *err = bad;
    return false;
}

/* ---- the reader */

static bool sniff(const char *bytes, size_t n)
{
    size_t i = 0;
    while (i < n && (strchr(" \t\r\n%", bytes[i]) && bytes[i])) {
        if (bytes[i] == '%')
            while (i < n && bytes[i] != '\n') i++;
        else
            i++;
    }
    return n - i > 9 && strncasecmp(bytes + i, "@relation", 9) == 0;
}

static bool read_file(ArffReader *reader, const Options *options, Progress *progress, Err *err)
{
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    reader->spec.decimal = '.';
    Input *input = input_open(reader->path, reader->spec.encoding, progress, err);
    if (!input || !window_open(&reader->window, input, progress, err)) return false;
    reader->path = input_path(input);
    reader->line = (ArffLine){ .window = &reader->window };
    return read_header(reader, err) && make_columns(reader, err) && read_rows(reader, err);
}

static Frame *finish(ArffReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    Input *input = reader->window.input;
    input_hash(input, hash);
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (!frame) return NULL;
    frame->hash = arena_text(frame->arena, hash);
    if (!report) return frame;
    report->format = "arff";
    report->separator = ",";
    report->encoding = arena_text(report->arena, input_encoding(input));
    report->header = true;
    report->skipped = reader->skipped;
    report->bytes = input_done(input);
    report->seconds = clock_seconds() - reader->begun;
    return frame;
}

static void close_reader(ArffReader *reader)
{
    for (int i = 0; i < reader->n; i++) dict_free(&reader->attributes[i].levels);
    mem_free(reader->attributes);
    dict_free(&reader->names);
    cells_close(&reader->cells);
    arff_line_free(&reader->line);
    window_close(&reader->window);
    arena_free(reader->arena);
}

static Frame *read_arff(const char *path, const Options *options, LoadReport *report, Notes *notes,
                        Progress *progress, Err *err)
{
    ArffReader reader = { .path = path, .arena = arena_new(), .notes = notes, .begun = clock_seconds() };
    Frame *frame = NULL;
    if (read_file(&reader, options, progress, err)) frame = finish(&reader, report, err);
    close_reader(&reader);
    return frame;
}

static const OptionSpec options[] = { LOAD_TEXT_OPTIONS, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS,
                                      LOAD_COLUMN_OPTIONS };

const ReaderKind reader_arff = {
    .kind = { .name = "arff",
              .help = "ARFF files: a header with names and types, then rows",
              .more = "numeric, integer, real, nominal {a, b}, string and date attributes; dense rows; a "
                      "nominal {0, 1} is read as a number",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".arff",
    .sniff = sniff,
    .read = read_arff
};
