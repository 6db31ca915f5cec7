/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a CSV file looks like, from its first rows. */
#include "data/sources/csv_sniff.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_LOOKED = 100, ROWS_TYPED = 30 };

/* A second scan over the same window, which never asks for more. */
typedef struct Look {
    Window window;
    CsvScan scan;
} Look;

static void look_begin(Look *look, const CsvScan *scan, char separator)
{
    look->window = *scan->window;
    look->scan = (CsvScan){ .window = &look->window, .separator = separator, .cr = scan->cr };
}

/* The next row that is not empty; false at the end of what is there, or where a quote is wrong. */
static bool look_row(Look *look, CsvVisit visit, void *context, int *n)
{
    const char *next;
    Err err = { 0 };
    for (;;) {
        const char *p = look->window.bytes + look->window.start;
        if (look->window.start >= look->window.end) return false;
        if (look->scan.separator == ' ') p = csv_skip_blanks(&look->scan, p);
        if (!csv_row_ends(&look->scan, p, &next)) break;
        look->window.start = (size_t)(next - look->window.bytes);
    }
    if (csv_each(&look->scan, visit, context, n, &next, &err) != SCAN_OK) return false;
    look->window.start = (size_t)(next - look->window.bytes);
    return true;
}

static void look_end(Look *look)
{
    mem_free(look->scan.spare);
}

/* ---- separator */

/* The share of rows with as many fields as the first; 0 where that is one. */
static double agreement(const CsvScan *scan, char separator, int *n_rows)
{
    Look look;
    int first = 0, n = 0, same = 0;
    look_begin(&look, scan, separator);
    for (*n_rows = 0; *n_rows < ROWS_LOOKED && look_row(&look, NULL, NULL, &n); ++*n_rows) {
        if (*n_rows == 0) first = n;
        same += n == first;
    }
    look_end(&look);
    return first > 1 ? (double)same / *n_rows : 0;
}

/* A sign of which every row holds the same number decides, the rarer one in texts first; else the one on
 * which most rows agree. */
static char best_separator(const CsvScan *scan, const LoadSpec *spec, bool *any_row)
{
    static const char candidates[] = "\t;|, ";
    double best = 0;
    char separator = spec->decimal == ',' ? ';' : ',';
    *any_row = false;
    for (const char *c = candidates; *c; c++) {
        int n_rows;
        if (*c == spec->decimal) continue;
        double share = agreement(scan, *c, &n_rows);
        *any_row |= n_rows > 0;
        if (share <= best) continue;
        best = share;
        separator = *c;
    }
    return separator;
}

bool csv_sniff(CsvScan *scan, const LoadSpec *spec, Err *err)
{
    Window *window = scan->window;
    for (;;) {
        const char *bytes = window->bytes + window->start;
        size_t n = window->end - window->start;
        bool any_row = true;
        scan->cr = !memchr(bytes, '\n', n - window->ended) && memchr(bytes, '\r', n);
        scan->separator = spec->separator ? spec->separator : best_separator(scan, spec, &any_row);
        if (any_row || window->ended || n > ROW_LARGEST) return true;
        if (!window_more(window, err)) return false;
    }
}

/* ---- header */

typedef struct HeaderColumn {
    char first;      /* as cells_look says */
    bool has_value;  /* below */
    bool all_typed;  /* all of them numbers, dates, on or off */
    bool comes_back; /* the first row's text stands below, too */
    uint32_t name;   /* in the dictionary */
} HeaderColumn;

typedef struct Header {
    const Cells *cells; /* for cells_look: only its options */
    HeaderColumn *columns;
    int n, row;
    Dict names;
    int n_years, last_year; /* of the first row: 1960 1961 ... */
    bool only_years, twice;
} Header;

static char look_of(const Header *header, const CsvField *field, const char **text, size_t *n)
{
    *text = field->text;
    *n = field->n;
    for (; !field->quoted && *n && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\t');) --*n;
    return cells_look(header->cells, *text, *n);
}

/* inf (inflation) reads as a number, and is a name as well as any */
static bool no_digit(const char *text, size_t n)
{
    while (n > 0 && !(text[n - 1] >= '0' && text[n - 1] <= '9')) n--;
    return n == 0;
}

static void see_year(Header *header, const char *text, size_t n)
{
    double x;
    bool year = n == 4 && number_parse(text, n, &x) && x >= 1800 && x <= 2200;
    int value = year ? (int)x : 0;
    header->only_years &= year && (header->n_years == 0 || value == header->last_year + 1);
    header->last_year = value;
    header->n_years++;
}

static void see_first(Header *header, int i, const CsvField *field)
{
    const char *text;
    size_t n;
    HeaderColumn *column = &header->columns[i];
    column->first = look_of(header, field, &text, &n);
    if (column->first == 'n' && no_digit(text, n)) column->first = 'x';
    column->all_typed = true;
    if (column->first == 'n') see_year(header, text, n);
    if (n == 0) return;
    header->twice |= dict_find(&header->names, text, n) != 0;
    column->name = dict_code(&header->names, text, n, NULL);
}

static void see_later(Header *header, int i, const CsvField *field)
{
    const char *text;
    size_t n;
    HeaderColumn *column = &header->columns[i];
    char look = look_of(header, field, &text, &n);
    if (look == '-') return;
    column->has_value = true;
    column->all_typed &= look != 'x';
    column->comes_back |= column->name && dict_find(&header->names, text, n) == column->name;
}

static void see(void *context, int i, const CsvField *field)
{
    Header *header = context;
    if (i >= header->n) return;
    if (header->row == 0)
        see_first(header, i, field);
    else
        see_later(header, i, field);
}

static bool judge(const Header *header)
{
    bool typed_first = false, code_first = false, typed_below = false, comes_back = header->twice;
    for (int i = 0; i < header->n; i++) {
        const HeaderColumn *column = &header->columns[i];
        typed_first |= column->first == 'n' || column->first == 't';
        code_first |= column->first == '-' && column->name; /* such as NA or ? */
        typed_below |= column->first == 'x' && column->has_value && column->all_typed;
        comes_back |= column->comes_back;
    }
    if (header->n_years > 1 && header->only_years && header->n_years < header->n) return true;
    if (typed_first) return false;
    return typed_below || (!code_first && !comes_back);
}

bool csv_has_header(const CsvScan *scan, const LoadSpec *spec)
{
    Look look;
    int n = 0;
    Cells cells = { .spec = spec, .comma_too = !spec->decimal && scan->separator == ';' };
    Header header = { .cells = &cells, .only_years = true };
    look_begin(&look, scan, scan->separator);
    bool ok = look_row(&look, NULL, NULL, &header.n) && header.n <= COLUMNS_LARGEST;
    header.columns = ok ? mem_get((size_t)header.n, sizeof *header.columns, NULL) : NULL;
    look.window.start = scan->window->start;
    for (int i = 0; i < spec->n_na; i++)
        if (spec->na[i].n > cells.longest_code) cells.longest_code = spec->na[i].n;
    for (; header.columns && header.row < ROWS_TYPED; header.row++)
        if (!look_row(&look, see, &header, &n)) break;
    ok = header.columns && judge(&header);
    look_end(&look);
    dict_free(&header.names);
    mem_free(header.columns);
    return ok;
}
