/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NumPy arrays (.npy): one or two dimensions, rows first or columns first, numbers of any size and byte
 * order, datetime64, texts, and structured arrays with named fields. Columns without a name are x1, x2, ...
 */
#include <endian.h>
#include <math.h>
#include <string.h>

#include "data/sources/csv_names.h"
#include "data/sources/input.h"
#include "data/sources/load_options.h"
#include "data/sources/npy_header.h"

enum { BLOCK = 1 << 20 };

typedef struct NpyReader {
    const char *path;
    Arena *arena;
    LoadSpec spec;
    Input *input;
    NpyHeader header;
    size_t start; /* of the values, in bytes */
    size_t n_rows;
    int n_columns; /* of the table, padding left out */
    NpyField *columns;
    Cells cells;
    char *block; /* bytes of whole records, or of values of one column */
    Notes *notes;
    Progress *progress;
    double begun;
} NpyReader;

/* ---- bytes */

static bool read_exactly(NpyReader *reader, char *out, size_t n, Err *err)
{
    for (size_t done = 0, got; done < n; done += got) {
        if (!input_read(reader->input, out + done, n - done, &got, err)) return false;
        if (got == 0) return ERR(err, bad_npy, reader->path, "it is cut off");
    }
    return true;
}

static bool read_header(NpyReader *reader, Err *err)
{
    char first[NPY_FIXED + 2];
    size_t start, length, had;
    if (!read_exactly(reader, first, sizeof first, err)) return false;
    if (!npy_header_length(first, sizeof first, reader->path, &start, &length, err)) return false;
    char *text = mem_get(length + 2, 1, err);
    if (!text) return false;
    had = sizeof first - start;
    reader->start = start + length;
    memcpy(text, first + start, had);
    bool ok = (length >= had && read_exactly(reader, text + had, length - had, err)) ||
              ERR(err, bad_npy, reader->path, "its header is malformed");
    ok = ok && npy_header_read(text, length, reader->path, reader->arena, &reader->header, err);
    mem_free(text);
    return ok;
}

/* ---- the table */

static bool refuse_shape(const NpyReader *reader, Err *err)
{
    Buf shape = { 0 };
    const NpyHeader *header = &reader->header;
    for (int i = 0; i < header->n_dimensions; i++)
        buf_printf(&shape, "%s%zu", i ? " x " : "", header->shape[i]);
    ERR(err, npy_shape, reader->path, INT(header->n_dimensions),
        shape.length ? buf_text(&shape) : "a single value");
    buf_free(&shape);
    return err_hint(err, "reshape it to (rows, columns) before it is saved");
}

/* Rows and columns, and that the file holds as many bytes as they need, before memory is taken. */
static bool check_shape(NpyReader *reader, Err *err)
{
    const NpyHeader *header = &reader->header;
    size_t rows = header->shape[0], columns = header->n_dimensions == 2 ? header->shape[1] : 1, record, bytes;
    bool right = header->n_dimensions == 1 || (header->n_dimensions == 2 && !header->is_record);
    if (!right) return refuse_shape(reader, err);
    if (columns > NPY_FIELDS_MOST) return ERR(err, many_columns, reader->path, INT(NPY_FIELDS_MOST));
    bool fits = !__builtin_mul_overflow(header->record, columns, &record) &&
                !__builtin_mul_overflow(record, rows, &bytes) && record <= 1u << 30;
    if (!fits) return ERR(err, bad_npy, reader->path, "its shape is too large");
    if (rows == 0 || record == 0) return ERR(err, only_header, reader->path);
    double size = input_size(reader->input);
    if (size > 0 && !input_is_packed(reader->input) && (double)bytes > size)
        return ERR(err, bad_npy, reader->path, "it is cut off, or its shape is wrong");
    reader->n_rows = rows;
    return true;
}

static void list_columns(NpyReader *reader)
{
    const NpyHeader *header = &reader->header;
    int n = header->is_record ? header->n_fields : header->n_dimensions == 2 ? (int)header->shape[1] : 1;
    reader->columns = arena_take(reader->arena, (size_t)n * sizeof *reader->columns);
    for (int i = 0; i < n; i++) {
        NpyField field = header->is_record ? header->fields[i] : header->fields[0];
        if (field.kind == 'V') continue;
        if (!header->is_record) field.offset = (size_t)i * field.size;
        reader->columns[reader->n_columns++] = field;
    }
}

static bool make_columns(NpyReader *reader, Err *err)
{
    Dict taken = { 0 };
    list_columns(reader);
    if (reader->n_columns == 0) return ERR(err, only_header, reader->path);
    const char **names = arena_take(reader->arena, (size_t)reader->n_columns * sizeof *names);
    bool ok = true;
    for (int i = 0; ok && i < reader->n_columns; i++) {
        const char *name = reader->columns[i].name;
        Notes *notes = reader->header.is_record ? reader->notes : NULL;
        names[i] = csv_name(reader->arena, &taken, i, name ? name : "", name ? strlen(name) : 0, notes, err);
        ok = names[i] != NULL;
    }
    dict_free(&taken);
    if (!ok || !cells_open(&reader->cells, reader->n_columns, names, &reader->spec, err)) return false;
    reader->cells.by_rows = true;
    return cells_reserve(&reader->cells, reader->n_rows, err) &&
           csv_choose(&reader->cells, reader->spec.columns, reader->path, err) &&
           csv_set_types(&reader->cells, reader->path, err);
}

/* ---- values */

static uint64_t load_bits(const NpyField *field, const char *p)
{
    uint64_t wide = 0;
    uint32_t four;
    uint16_t two;
    switch (field->size) {
    case 1: return (unsigned char)*p;
    case 2: memcpy(&two, p, 2); return field->big ? be16toh(two) : le16toh(two);
    case 4: memcpy(&four, p, 4); return field->big ? be32toh(four) : le32toh(four);
    default: memcpy(&wide, p, 8); return field->big ? be64toh(wide) : le64toh(wide);
    }
}

static double load_real(const NpyField *field, const char *p)
{
    uint64_t bits = load_bits(field, p);
    uint32_t half = (uint32_t)bits;
    double x;
    float narrow;
    memcpy(&narrow, &half, sizeof narrow);
    memcpy(&x, &bits, sizeof x);
    return field->size == 4 ? (double)narrow : x;
}

static int64_t load_whole(const NpyField *field, const char *p)
{
    int shift = 64 - 8 * (int)field->size;
    return (int64_t)(load_bits(field, p) << shift) >> shift;
}

/* ns since 1970; false where they do not fit. */
static bool load_time(const NpyField *field, const char *p, int64_t *ns)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = { { "W", 604800000000000 }, { "D", 86400000000000 },
                  { "h", 3600000000000 },   { "m", 60000000000 },
                  { "s", 1000000000 },      { "ms", 1000000 },
                  { "us", 1000 },           { "ns", 1 } };
    int64_t x = load_whole(field, p), months = field->unit[0] == 'Y' ? 12 : 1;
    if (x == INT64_MIN) return false;
    if (!strcmp(field->unit, "Y") || !strcmp(field->unit, "M")) {
        if (x > 12000 || x < -12000) return false;
        *ns = time_add(0, x * months, 0);
        return *ns != INT64_MIN;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(field->unit, units[i].unit)) return !__builtin_mul_overflow(x, units[i].ns, ns);
    return false;
}

static TimeUnit precision(const NpyField *field)
{
    char unit = field->unit[0];
    bool single = !field->unit[1];
    if (single && unit == 'Y') return UNIT_YEAR;
    if (single && unit == 'M') return UNIT_MONTH;
    return single && (unit == 'D' || unit == 'W') ? UNIT_DAY : UNIT_SECOND;
}

static bool put_time(Cells *cells, int i, const NpyField *field, const char *p, Err *err)
{
    int64_t ns;
    return load_time(field, p, &ns) ? cells_put_time(cells, i, ns, precision(field), err)
                                    : cells_put_null(cells, i);
}

static bool put_bytes(Cells *cells, int i, const NpyField *field, const char *p, Err *err)
{
    size_t n = field->size;
    while (n && p[n - 1] == '\0') n--;
    return cells_put_text(cells, i, p, n, err);
}

/* UCS-4, ended by zeros. */
static bool put_ucs4(Cells *cells, int i, const NpyField *field, const char *p, Err *err)
{
    Buf text = { 0 };
    NpyField one = { .size = 4, .big = field->big };
    char utf8[4];
    size_t n = field->size / 4;
    while (n && load_bits(&one, p + 4 * (n - 1)) == 0) n--;
    for (size_t k = 0; k < n; k++) {
        uint32_t code = (uint32_t)load_bits(&one, p + 4 * k);
        bool valid = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        int length = utf8_put(utf8, valid ? code : 0xFFFD);
        buf_add(&text, utf8, (size_t)length);
    }
    bool ok = cells_put_text(cells, i, buf_text(&text), text.length, err);
    buf_free(&text);
    return ok;
}

static bool put_value(Cells *cells, int i, const NpyField *field, const char *p, Err *err)
{
    uint64_t bits;
    switch (field->kind) {
    case 'f': return cells_put_real(cells, i, load_real(field, p), err);
    case 'i': return cells_put_whole(cells, i, load_whole(field, p), err);
    case 'b': cells->columns[i].on_off = true; return cells_put_whole(cells, i, *p != 0, err);
    case 'u':
        bits = load_bits(field, p);
        return bits <= INT64_MAX ? cells_put_whole(cells, i, (int64_t)bits, err)
                                 : cells_put_real(cells, i, (double)bits, err);
    case 'M': return put_time(cells, i, field, p, err);
    case 'S': return put_bytes(cells, i, field, p, err);
    default: return put_ucs4(cells, i, field, p, err);
    }
}

/* Column i of the rows from `row` on: n values that lie `stride` bytes apart. */
static bool put_values(NpyReader *reader, int i, size_t row, size_t n, const char *p, size_t stride, Err *err)
{
    Cells *cells = &reader->cells;
    const NpyField *field = &reader->columns[i];
    CellColumn *column = &cells->columns[i];
    if (column->kind == CELL_SKIP || column->done) return true;
    bool plain = field->kind == 'f' && !reader->spec.has_number_codes;
    for (size_t k = 0; k < n; k++, p += stride) {
        cells->n_rows = row + k;
        double x = plain && column->kind == CELL_NUMBER ? load_real(field, p) : NAN;
        if (isfinite(x)) {
            column->numbers[row + k] = x;
            continue;
        }
        cells->line = (long long)(row + k + 1);
        if (!put_value(cells, i, field, p, err)) return err_place(err, reader->path, cells->line, 0);
        cell_count_missing(cells);
    }
    return true;
}

static bool poll(NpyReader *reader, Err *err)
{
    return progress_poll(reader->progress, "read", input_done(reader->input), input_size(reader->input), err);
}

static bool read_by_rows(NpyReader *reader, Err *err)
{
    size_t record =
        reader->header.is_record ? reader->header.record : reader->header.record * (size_t)reader->n_columns;
    size_t rows = BLOCK / record + 1;
    for (size_t row = 0; row < reader->n_rows; row += rows) {
        size_t n = reader->n_rows - row < rows ? reader->n_rows - row : rows;
        if (!poll(reader, err) || !read_exactly(reader, reader->block, n * record, err)) return false;
        for (int i = 0; i < reader->n_columns; i++) {
            const char *p = reader->block + reader->columns[i].offset;
            if (!put_values(reader, i, row, n, p, record, err)) return false;
        }
    }
    return true;
}

static bool read_by_columns(NpyReader *reader, Err *err)
{
    size_t size = reader->header.record, rows = BLOCK / size + 1;
    for (int i = 0; i < reader->n_columns; i++)
        for (size_t row = 0; row < reader->n_rows; row += rows) {
            size_t n = reader->n_rows - row < rows ? reader->n_rows - row : rows;
            if (!poll(reader, err) || !read_exactly(reader, reader->block, n * size, err)) return false;
            if (!put_values(reader, i, row, n, reader->block, size, err)) return false;
        }
    return true;
}

static bool read_values(NpyReader *reader, Err *err)
{
    size_t got;
    char more[64];
    bool columns = reader->header.fortran && reader->header.n_dimensions == 2;
    if (!(columns ? read_by_columns(reader, err) : read_by_rows(reader, err))) return false;
    reader->cells.n_rows = reader->n_rows;
    if (!input_read(reader->input, more, sizeof more, &got, err)) return false;
    return got == 0 || ERR(err, bad_npy, reader->path, "it goes on behind its array");
}

/* ---- the reader */

/* Texts that began as dates: the values are read again as they were understood the first time. */
static bool read_again(NpyReader *reader, Err *err)
{
    if (!cells_again(&reader->cells)) return true;
    if (!input_rewind(reader->input, err)) return false;
    for (size_t left = reader->start, n; left; left -= n) {
        n = left < BLOCK ? left : BLOCK;
        if (!read_exactly(reader, reader->block, n, err)) return false;
    }
    return read_values(reader, err);
}

static bool read_file(NpyReader *reader, const Options *options, Err *err)
{
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    reader->spec.empty = "NaN";
    reader->input = input_open(reader->path, "utf-8", reader->progress, err);
    if (!reader->input) return false;
    reader->path = input_path(reader->input);
    if (!read_header(reader, err) || !check_shape(reader, err) || !make_columns(reader, err)) return false;
    size_t unit = reader->header.record * (reader->header.is_record ? 1 : (size_t)reader->n_columns);
    reader->block = mem_get(BLOCK + 2 * unit, 1, err);
    return reader->block && read_values(reader, err) && read_again(reader, err);
}

static Frame *finish(NpyReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    input_hash(reader->input, hash);
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (!frame) return NULL;
    frame->hash = arena_text(frame->arena, hash);
    if (!report) return frame;
    report->format = "npy";
    report->bytes = input_done(reader->input);
    report->seconds = clock_seconds() - reader->begun;
    return frame;
}

static Frame *read_npy(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    NpyReader reader = {
        .path = path, .arena = arena_new(), .notes = notes, .progress = progress, .begun = clock_seconds()
    };
    Frame *frame = NULL;
    if (read_file(&reader, options, err)) frame = finish(&reader, report, err);
    mem_free(reader.block);
    input_close(reader.input);
    cells_close(&reader.cells);
    arena_free(reader.arena);
    return frame;
}

static bool sniff(const char *bytes, size_t n)
{
    return n >= 6 && memcmp(bytes, "\x93NUMPY", 6) == 0;
}

static const OptionSpec options[] = { LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS, LOAD_COLUMN_OPTIONS };

const ReaderKind reader_npy = {
    .kind = { .name = "npy",
              .help = "NumPy arrays of one or two dimensions, and structured arrays",
              .more = "floats, integers, on/off, datetime64 and texts of either byte order, rows or columns "
                      "first; "
                      "columns without a name are x1, x2, ...; Python objects are refused",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".npy",
    .sniff = sniff,
    .binary = true,
    .read = read_npy
};
