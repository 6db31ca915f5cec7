/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and fields of CSV text in a window. */
#include "data/sources/csv_scan.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- places */

void csv_place(const CsvScan *scan, const char *p, Err *err)
{
    const char *start = scan->window->bytes + scan->window->start;
    long long line = scan->line;
    for (const char *at = start; at < p; at++) {
        bool cr = *at == '\r' && at + 1 < p && at[1] != '\n';
        if (*at == '\n' || (cr && scan->cr)) {
            line++;
            start = at + 1;
        }
    }
    size_t n = (size_t)(p - start);
    err_place(err, input_path(scan->window->input), line,
              utf8_length(start, n < INT32_MAX ? n : INT32_MAX) + 1);
}

/* Newlines between the window's start and next; a row mostly has one. */
void csv_advance(CsvScan *scan, const char *next)
{
    const char *p = scan->window->bytes + scan->window->start;
    for (const char *at = p; (at = memchr(at, '\n', (size_t)(next - at))) != NULL; at++) scan->line++;
    if (scan->cr)
        for (; p < next; p++) scan->line += *p == '\r' && p[1] != '\n';
    scan->window->start = (size_t)(next - scan->window->bytes);
}

/* ---- fields */

#define EACH(byte) (0x0101010101010101u * (unsigned char)(byte))

/* A bit in every byte of word that equals the pattern's; bits above the lowest may be wrong. */
static uint64_t equals(uint64_t word, uint64_t pattern)
{
    word ^= pattern;
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* The first separator or newline character from p on, or the window's end. */
static const char *find_end(const CsvScan *scan, const char *p, const char *end)
{
    uint64_t separator = EACH(scan->separator), blank = EACH(scan->separator == ' ' ? '\t' : '\n');
    for (; p < end; p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        word = le64toh(word);
        uint64_t found = equals(word, separator) | equals(word, EACH('\n')) | equals(word, EACH('\r')) |
                         equals(word, blank);
        if (!found) continue;
        p += __builtin_ctzll(found) >> 3;
        return p < end ? p : end;
    }
    return end;
}

bool csv_row_ends(const CsvScan *scan, const char *end, const char **next)
{
    *next = end + 1;
    if (*end == '\n') return true;
    if (*end != '\r') return false;
    if (end[1] == '\n') *next = end + 2;
    return end[1] == '\n' || scan->cr;
}

static ScanState plain_field(const CsvScan *scan, const char *p, CsvField *out)
{
    const char *end = scan->window->bytes + scan->window->end, *at = p;
    for (;; at++) {
        at = find_end(scan, at, end);
        if (at == end || (*at == '\r' && at + 1 == end && !scan->window->ended)) return SCAN_MORE;
        if (*at != '\r' || at[1] == '\n' || scan->cr) break;
    }
    *out = (CsvField){ .text = p, .n = (size_t)(at - p), .end = at };
    return SCAN_OK;
}

static bool spare_room(CsvScan *scan, size_t n, Err *err)
{
    if (n + 64 <= scan->spare_size) return true;
    mem_free(scan->spare);
    scan->spare_size = 2 * n + 256;
    scan->spare = mem_get(scan->spare_size, 1, err);
    if (!scan->spare) scan->spare_size = 0;
    return scan->spare != NULL;
}

/* Without the second of each two quotes. */
static bool unquote(CsvScan *scan, CsvField *field, Err *err)
{
    size_t n = 0;
    if (!spare_room(scan, field->n, err)) return false;
    for (size_t i = 0; i < field->n; i++) {
        scan->spare[n++] = field->text[i];
        if (field->text[i] == '"') i++;
    }
    memset(scan->spare + n, 0, 16);
    field->text = scan->spare;
    field->n = n;
    return true;
}

static ScanState quote_failed(CsvScan *scan, const char *at, MessageId id, int column, Err *err)
{
    err_raise(err, id, ARGS(INT(column + 1)));
    csv_place(scan, at, err);
    scan->bad = at;
    return SCAN_FAIL;
}

/* p stands on the opening quote of field number `column`. */
static ScanState quoted_field(CsvScan *scan, const char *p, int column, CsvField *out, Err *err)
{
    const char *end = scan->window->bytes + scan->window->end, *at = p + 1;
    bool doubled = false, ended = scan->window->ended;
    for (;; at += 2, doubled = true) {
        at = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
        if (!at || at + 1 >= end) break;
        if (at[1] != '"') break;
    }
    if (!at || at + 1 >= end) {
        if (!ended) return SCAN_MORE;
        return quote_failed(scan, p, MSG_open_quote, column, err);
    }
    *out = (CsvField){ .text = p + 1, .n = (size_t)(at - p - 1), .quoted = true, .end = at + 1 };
    while (is_blank(*out->end) && *out->end != scan->separator) out->end++;
    const char *next;
    if (out->end + 1 >= end && !ended) return SCAN_MORE;
    bool closed = *out->end == scan->separator || csv_row_ends(scan, out->end, &next) ||
                  (scan->separator == ' ' && is_blank(*out->end));
    if (!closed) {
        return quote_failed(scan, out->end, MSG_after_quote, column, err);
    }
    return !doubled || unquote(scan, out, err) ? SCAN_OK : SCAN_FAIL;
}

const char *csv_skip_blanks(const CsvScan *scan, const char *p)
{
    while (is_blank(*p) && (*p != scan->separator || scan->separator == ' ')) p++;
    return p;
}

ScanState csv_field(CsvScan *scan, const char *p, int column, CsvField *out, Err *err)
{
    p = csv_skip_blanks(scan, p);
    return *p == '"' ? quoted_field(scan, p, column, out, err) : plain_field(scan, p, out);
}

/* ---- rows */

/* Behind the field that ended at `end`: *next is the next field, or the next row (true). */
static bool step(const CsvScan *scan, const char *end, const char **next)
{
    if (scan->separator == ' ') end = csv_skip_blanks(scan, end);
    if (csv_row_ends(scan, end, next)) return true;
    if (scan->separator == ' ') *next = end;
    return false;
}

/* After blanks the window may end before it is known whether the row does. */
static bool needs_more(const CsvScan *scan, const char *end)
{
    const char *edge = scan->window->bytes + scan->window->end;
    if (scan->window->ended) return false;
    if (scan->separator == ' ') end = csv_skip_blanks(scan, end);
    return end >= edge || (*end == '\r' && end + 1 >= edge);
}

/* The fields from p on, which is number `first`. */
static ScanState each_from(CsvScan *scan, const char *p, int first, CsvVisit visit, void *context, int *n,
                           const char **next, Err *err)
{
    CsvField field;
    for (*n = first;; p = *next) {
        ScanState state = csv_field(scan, p, *n, &field, err);
        if (state != SCAN_OK) return state;
        if (needs_more(scan, field.end)) return SCAN_MORE;
        if (visit) visit(context, *n, &field);
        ++*n;
        if (step(scan, field.end, next)) return SCAN_OK;
    }
}

ScanState csv_each(CsvScan *scan, CsvVisit visit, void *context, int *n, const char **next, Err *err)
{
    const char *p = csv_skip_blanks(scan, scan->window->bytes + scan->window->start);
    ScanState state = each_from(scan, p, 0, visit, context, n, next, err);
    if (state == SCAN_FAIL) *next = NULL;
    return state;
}

static ScanState ragged(const CsvScan *scan, const Cells *cells, int n, const char *at, Err *err)
{
    if (n < cells->n)
        ERR(err, missing_field, INT(n), INT(cells->n), cells->columns[n].name);
    else
        ERR(err, ragged_row, INT(n), INT(cells->n));
    csv_place(scan, at, err);
    return SCAN_FAIL;
}

/* The row goes on behind its last column: says with how many fields, and stands behind it. */
static ScanState too_long(CsvScan *scan, const Cells *cells, const char *p, const char **next, Err *err)
{
    int n;
    ScanState state = each_from(scan, p, cells->n, NULL, NULL, &n, next, err);
    return state == SCAN_OK ? ragged(scan, cells, n, p, err) : state;
}

/* A cell was refused: the place, and the end of the row for those who go on. */
static ScanState refused(CsvScan *scan, const char *p, int i, const char **next, Err *err)
{
    int n;
    Err second = { 0 };
    ScanState state = each_from(scan, p, i, NULL, NULL, &n, next, &second);
    if (state == SCAN_MORE) return state;
    if (state == SCAN_FAIL) *next = NULL;
    csv_place(scan, p, err);
    return SCAN_FAIL;
}

/* One field the long way. *at: where it begins, then where the next one does; *last: the row ended. */
static ScanState put_field(CsvScan *scan, Cells *cells, int i, const char **at, bool *last, const char **next,
                           Err *err)
{
    CsvField field;
    Err cell = { 0 };
    ScanState state = csv_field(scan, *at, i, &field, err);
    if (state != SCAN_OK) return state;
    if (needs_more(scan, field.end)) return SCAN_MORE;
    if (!cells_put(cells, i, field.text, field.n, field.quoted, &cell)) {
        state = refused(scan, *at, i, next, &cell);
        if (err && state == SCAN_FAIL) *err = cell;
        return state;
    }
    *last = step(scan, field.end, next);
    *at = *last ? field.end : *next;
    return SCAN_OK;
}

/* The separator behind a number, for the next field; NULL: the long way. */
static const char *quick_step(const CsvScan *scan, const char *end)
{
    if (*end != scan->separator) return NULL;
    if (scan->separator != ' ') return end + 1;
    while (*end == ' ') end++;
    return *end > ' ' ? end : NULL;
}

ScanState csv_row(CsvScan *scan, Cells *cells, const char **next, Err *err)
{
    const char *p = csv_skip_blanks(scan, scan->window->bytes + scan->window->start);
    bool quick = !cells->spec->has_number_codes, last = false;
    *next = NULL;
    for (int i = 0; i < cells->n; i++) {
        CellColumn *column = &cells->columns[i];
        if (last) return ragged(scan, cells, i, p, err);
        if (quick && !column->done && (column->kind == CELL_NUMBER || column->kind == CELL_INTEGER)) {
            if (*p == ' ') p = csv_skip_blanks(scan, p);
            const char *end = cells_put_number(cells, column, p), *after;
            if (end && i + 1 < cells->n && (after = quick_step(scan, end))) {
                p = after;
                continue;
            }
            if (end && i + 1 == cells->n && !scan->cr && csv_row_ends(scan, end, next)) return SCAN_OK;
        }
        ScanState state = put_field(scan, cells, i, &p, &last, next, err);
        if (state != SCAN_OK) return state;
    }
    return last ? SCAN_OK : too_long(scan, cells, p, next, err);
}

/* ---- between rows */

bool csv_more(CsvScan *scan, int column, Err *err)
{
    Window *window = scan->window;
    if (window->ended) return ERR(err, internal, "a row without an end");
    if (window->end - window->start > ROW_LARGEST) {
        ERR(err, long_row, bytes_text(ROW_LARGEST, (char[40]){ 0 }), INT(column + 1));
        csv_place(scan, window->bytes + window->start, err);
        return err_hint(err, "is a quote left open?");
    }
    return window_more(window, err);
}

bool csv_next_row(CsvScan *scan, Err *err)
{
    Window *window = scan->window;
    for (;;) {
        const char *start = window->bytes + window->start, *end = window->bytes + window->end;
        const char *p = scan->separator == ' ' ? csv_skip_blanks(scan, start) : start, *next;
        bool cut = p >= end || (*p == '\r' && p + 1 >= end);
        if (cut && window->ended) return false;
        if (cut && !csv_more(scan, 0, err)) return false;
        if (cut) continue;
        if (!csv_row_ends(scan, p, &next)) return true;
        csv_advance(scan, next);
    }
}
