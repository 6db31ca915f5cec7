/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of a CSV file: the ends of all fields first, then the columns in batches of rows that stay in the
 * fastest cache. */
#include "data/sources/csv_piece.h"

#include <string.h>

enum { BATCH = 128, RECENT = 64 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *text_of(const CsvPiece *piece)
{
    return piece->window.bytes + piece->window.start;
}

static size_t length_of(const CsvPiece *piece)
{
    return piece->window.end - piece->window.start;
}

/* ---- where fields end */

static bool make_room(CsvPiece *piece, Err *err)
{
    size_t room = 1 + length_of(piece) + CSV_INDEX_SPARE;
    if (room <= piece->ends_room) return true;
    mem_free(piece->ends);
    piece->ends = mem_stretch(NULL, 0, room, sizeof *piece->ends, err);
    piece->ends_room = piece->ends ? room : 0;
    return piece->ends != NULL;
}

/* Takes out the ends that stand inside of quotes; false where a quote is wrong. */
static bool drop_quoted(CsvPiece *piece)
{
    const char *text = text_of(piece), *p = text;
    uint32_t *ends = piece->ends + 1;
    size_t n = 0, n_newlines = 0;
    Err err = { 0 }; /* told of by the reading by rows */
    for (size_t i = 0; i < piece->marks.n_ends; p = text + ends[i] + 1, i++) {
        CsvField field;
        const char *first = csv_skip_blanks(&piece->scan, p);
        if (*first == '"') {
            if (csv_field(&piece->scan, first, 0, &field, &err) != SCAN_OK) return false;
            while (text + ends[i] < field.end) i++;
        }
        n_newlines += text[ends[i]] == '\n';
        ends[n++] = ends[i];
    }
    piece->marks.n_ends = n;
    piece->marks.n_newlines = n_newlines;
    return true;
}

/* Whether all rows have all fields. Rows that are empty would be of one column. */
static bool is_table(const CsvPiece *piece)
{
    const char *text = text_of(piece);
    const uint32_t *ends = piece->ends + 1;
    size_t n = (size_t)piece->cells.n, n_rows = piece->marks.n_newlines;
    if (piece->marks.n_ends != n_rows * n) return false;
    for (size_t row = 0; row < n_rows; row++) {
        CsvFields first = { .text = text, .ends = ends + row * n, .stride = n, .is_last = true };
        size_t length = 1;
        if (text[ends[row * n + n - 1]] != '\n') return false;
        if (n == 1) csv_field_at(&first, 0, &length);
        if (length == 0) return false;
    }
    return true;
}

static bool find_ends(CsvPiece *piece, Err *err)
{
    if (!make_room(piece, err)) return false;
    piece->ends[0] = UINT32_MAX; /* the first field begins one behind it */
    piece->marks = csv_kernels(target_best())
                       ->index(text_of(piece), length_of(piece), piece->scan.separator, piece->ends + 1);
    piece->n_lines = (long long)piece->marks.n_newlines;
    return true;
}

/* ---- cells */

static long long line_of(const CsvPiece *piece, size_t row)
{
    const char *at = text_of(piece), *stop = at + (uint32_t)(piece->ends[row * (size_t)piece->cells.n] + 1);
    long long line = piece->first_line;
    for (; at < stop && (at = memchr(at, '\n', (size_t)(stop - at))) != NULL; at++) line++;
    return line;
}

/* One cell the long way. */
static bool put_cell(CsvPiece *piece, int i, const CsvFields *fields, size_t row, Err *err)
{
    Cells *cells = &piece->cells;
    CsvField field = { .quoted = false };
    CellKind before = cells->columns[i].kind;
    field.text = csv_field_at(fields, row, &field.n);
    const char *first = csv_skip_blanks(&piece->scan, field.text);
    if (*first == '"' && csv_field(&piece->scan, first, i, &field, err) != SCAN_OK) return false;
    cells->n_rows = row;
    if (!cells_put(cells, i, field.text, field.n, field.quoted, err)) return false;
    if (cells->n_events) cell_count_missing(cells);
    bool late = cells->columns[i].kind == CELL_LATE && before != CELL_LATE;
    if (late) cells->columns[i].odd_line = line_of(piece, row);
    return true;
}

/* The first row from .. to whose number is a code for a missing value, or `to`. */
static size_t find_code(const Cells *cells, const CellColumn *column, size_t from, size_t to)
{
    int code;
    if (!cells->spec->has_number_codes) return to;
    for (; from < to; from++) {
        bool whole = column->kind == CELL_INTEGER;
        if (cell_is_code(cells, whole ? (double)column->integers[from] : column->numbers[from], &code)) break;
    }
    return from;
}

/* The texts of up to seven bytes that were seen last, and their codes: a word holds bytes and length. */
typedef struct RecentLevel {
    uint64_t word;
    uint32_t code;
} RecentLevel;

static uint64_t word_of(const char *text, size_t n)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return (le64toh(word) & ((UINT64_C(1) << 8 * n) - 1)) | (uint64_t)n << 56;
}

/* The code of a text as it stands, or in quotes with none inside; 0: it is to be looked at. */
static uint32_t find_level(const Cells *cells, const CellColumn *column, const char *text, size_t n)
{
    bool quoted = n > 2 && text[0] == '"' && text[n - 1] == '"';
    if (quoted) text++, n -= 2;
    bool plain =
        quoted ? !memchr(text, '"', n) : !is_blank(text[0]) && text[0] != '"' && !is_blank(text[n - 1]);
    return plain && cell_code_of(cells, text, n) < 0 ? dict_find(&column->dict, text, n) : 0;
}

static size_t take_levels(const Cells *cells, const CellColumn *column, const CsvFields *fields,
                          RecentLevel *recent, size_t from, size_t to)
{
    for (; from < to; from++) {
        size_t n;
        const char *text = csv_field_at(fields, from, &n);
        if (n == 0) break;
        uint64_t word = n < 8 ? word_of(text, n) : 0;
        RecentLevel *seen = &recent[(word * 0x9E3779B97F4A7C15u) >> 58];
        if (!word || seen->word != word) {
            uint32_t code = find_level(cells, column, text, n);
            if (!code) break;
            *seen = (RecentLevel){ word, code };
        }
        column->codes[from] = seen->code;
    }
    return from;
}

/* The cells from .. to that are as those before, quickly: the first one that is not, or `to`. */
static size_t take_cells(const CsvPiece *piece, const CellColumn *column, const CsvFields *fields,
                         RecentLevel *recent, size_t from, size_t to)
{
    const CsvKernels *kernels = csv_kernels(target_best());
    const Cells *cells = &piece->cells;
    if (column->done || column->kind == CELL_SKIP) return to;
    switch (column->kind) {
    case CELL_NUMBER:
        /* a field holds no newline that no quotes surround: a column without a point has this one */
        if (column->point == ',' && cells->spec->has_number_codes) return from;
        to = kernels->numbers(fields, from, to, column->point ? column->point : '\n', column->numbers);
        return find_code(cells, column, from, to);
    case CELL_INTEGER:
        to = kernels->integers(fields, from, to, column->integers);
        return find_code(cells, column, from, to);
    case CELL_CATEGORY: return take_levels(cells, column, fields, recent, from, to);
    case CELL_LATE: return piece->marks.is_ascii ? to : from;
    default: return from;
    }
}

static bool read_column(CsvPiece *piece, int i, size_t from, size_t to, Err *err)
{
    const CellColumn *column = &piece->cells.columns[i];
    CsvFields fields = { .text = text_of(piece),
                         .ends = piece->ends + 1 + i,
                         .stride = (size_t)piece->cells.n,
                         .is_last = i + 1 == piece->cells.n };
    RecentLevel recent[RECENT] = { { 0 } };
    for (;; from++) {
        from = take_cells(piece, column, &fields, recent, from, to);
        if (from == to) return true;
        if (!put_cell(piece, i, &fields, from, err)) return false;
    }
}

static bool read_columns(CsvPiece *piece, Err *err)
{
    Cells *cells = &piece->cells;
    size_t n_rows = piece->marks.n_newlines;
    if (!cells_part_room(cells, n_rows, err)) return false;
    for (size_t from = 0; from < n_rows; from += BATCH)
        for (int i = 0; i < cells->n; i++)
            if (!read_column(piece, i, from, n_rows - from < BATCH ? n_rows : from + BATCH, err))
                return false;
    cells->n_rows = n_rows;
    return true;
}

/* ---- pieces */

static bool read_rows(CsvPiece *piece, Err *err)
{
    size_t start = piece->window.start;
    bool ok = cells_part_room(&piece->cells, 1, err) && csv_rows_read(&piece->rows, err);
    piece->n_lines = piece->scan.line - piece->first_line;
    piece->window.start = start;
    return ok;
}

bool csv_piece_read(CsvPiece *piece, bool by_rows, long long first_line, Err *err)
{
    piece->first_line = piece->scan.line = first_line;
    piece->rows.ordinal = piece->rows.n_skipped = 0;
    if (by_rows || piece->scan.separator == ' ') return read_rows(piece, err);
    if (!find_ends(piece, err)) return false;
    if (piece->marks.has_quote && !drop_quoted(piece)) return read_rows(piece, err);
    return is_table(piece) ? read_columns(piece, err) : read_rows(piece, err);
}

void csv_piece_free(CsvPiece *piece)
{
    cells_close(&piece->cells);
    mem_free(piece->window.bytes);
    mem_free(piece->scan.spare);
    mem_free(piece->rows.skipped);
    mem_free(piece->ends);
    *piece = (CsvPiece){ .ends = NULL };
}
