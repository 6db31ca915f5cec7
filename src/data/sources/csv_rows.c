/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of CSV text one after another. */
#include "data/sources/csv_rows.h"

#include <string.h>

enum { ENOUGH_SEEN = 100000 }; /* bytes whose rows are like all others */

void csv_rows_expect(const CsvRows *rows, size_t n, double used)
{
    const Input *input = rows->scan->window->input;
    double size = input_size(input), so_far = (double)n;
    if (input_is_packed(input) || !(size > 0) || !(used > 0)) return;
    double all = so_far * size / used * 1.01 + 16, most = used < ENOUGH_SEEN ? 8 * so_far : UINT32_MAX;
    rows->cells->expected = (size_t)(all < most ? all : most);
}

static bool make_room(const CsvRows *rows, Err *err)
{
    const Window *window = rows->scan->window;
    if (rows->cells->n_rows < rows->cells->capacity) return true;
    if (!rows->is_part)
        csv_rows_expect(rows, rows->cells->n_rows,
                        input_done(window->input) - (double)(window->end - window->start));
    return cells_row(rows->cells, err);
}

/* ---- rows that are left out */

/* Past the next newline from `from` on; all of the window where `from` is NULL. */
static bool discard_line(const CsvRows *rows, const char *from, Err *err)
{
    Window *window = rows->scan->window;
    char newline = rows->scan->cr ? '\r' : '\n';
    const char *end = window->bytes + window->end;
    if (!from) from = end;
    for (;;) {
        const char *at = from < end ? memchr(from, newline, (size_t)(end - from)) : NULL;
        csv_advance(rows->scan, at ? at + 1 : end);
        if (at || window->ended) return true;
        if (!window_more(window, err)) return false;
        from = window->bytes + window->start;
        end = window->bytes + window->end;
    }
}

bool csv_rows_skip(CsvRows *rows, size_t ordinal, Err *err)
{
    if (rows->n_skipped == rows->skipped_capacity) {
        size_t capacity = 2 * rows->skipped_capacity + 16;
        size_t *grown = mem_grow(rows->skipped, rows->n_skipped, capacity, sizeof *grown, err);
        if (!grown) return false;
        rows->skipped = grown;
        rows->skipped_capacity = capacity;
    }
    rows->skipped[rows->n_skipped++] = ordinal;
    return true;
}

/* bad=skip: the row that `bad` tells of is left out, and reading goes on behind it. */
static bool skip_row(CsvRows *rows, const char *next, const Err *bad, Err *err)
{
    bool row = bad->code == CODE_ragged_row || bad->code == CODE_bad_cell || bad->code == CODE_long_row ||
               bad->code == CODE_not_text || bad->message_id == MSG_after_quote;
    if (!rows->cells->spec->skip_bad || !row) {
        if (err) *err = *bad;
        return false;
    }
    if (rows->cells->is_second)
        rows->next_skipped++;
    else if (!csv_rows_skip(rows, rows->ordinal, err))
        return false;
    rows->ordinal++;
    if (!next) return discard_line(rows, bad->code == CODE_long_row ? NULL : rows->scan->bad, err);
    csv_advance(rows->scan, next);
    return true;
}

/* ---- rows */

/* With bad=skip a row is counted before it is stored, so that one of another length leaves no trace. */
static ScanState read_row(const CsvRows *rows, const char **next, Err *err)
{
    int n;
    Cells *cells = rows->cells;
    if (cells->spec->skip_bad) {
        ScanState state = csv_each(rows->scan, NULL, NULL, &n, next, err);
        if (state != SCAN_OK) return state;
        if (n != cells->n) {
            ERR(err, ragged_row, INT(n), INT(cells->n));
            return SCAN_FAIL;
        }
    }
    cells->n_events = 0;
    cells->line = rows->scan->line;
    return csv_row(rows->scan, cells, next, err);
}

static void commit(CsvRows *rows, const char *next)
{
    bool skipped = rows->cells->is_second && rows->next_skipped < rows->n_skipped &&
                   rows->skipped[rows->next_skipped] == rows->ordinal;
    if (skipped)
        rows->next_skipped++;
    else
        cells_commit(rows->cells);
    csv_advance(rows->scan, next);
    rows->ordinal++;
}

static bool read_one(CsvRows *rows, Err *err)
{
    const char *next;
    Err bad = { 0 };
    ScanState state;
    while ((state = read_row(rows, &next, &bad)) == SCAN_MORE) {
        if (!csv_more(rows->scan, 0, &bad)) {
            next = NULL;
            break;
        }
    }
    if (state == SCAN_OK) {
        commit(rows, next);
        return true;
    }
    return skip_row(rows, next, &bad, err);
}

bool csv_rows_read(CsvRows *rows, Err *err)
{
    Err end = { 0 };
    while (csv_next_row(rows->scan, &end))
        if (!make_room(rows, err) || !read_one(rows, err)) return false;
    if (end.code == CODE_none) return true;
    if (err) *err = end;
    return false;
}
