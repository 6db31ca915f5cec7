/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and fields of CSV text in a window: RFC 4180 with any separator, and runs of blanks. */
#ifndef FNS_DATA_SOURCES_CSV_SCAN_H
#define FNS_DATA_SOURCES_CSV_SCAN_H

#include "data/sources/cells.h"
#include "data/sources/window.h"

typedef struct CsvScan {
    Window *window;
    char separator;  /* ' ': runs of blanks and tabs */
    bool cr;         /* a carriage return alone ends a row */
    long long line;  /* of window->start, from 1 */
    const char *bad; /* where the last SCAN_FAIL stopped reading */
    char *spare;     /* fields with doubled quotes, without them */
    size_t spare_size;
} CsvScan;

typedef enum ScanState {
    SCAN_OK,
    SCAN_MORE, /* the window ends inside: call again with more bytes */
    SCAN_FAIL  /* err says what and where */
} ScanState;

typedef struct CsvField {
    const char *text; /* in the window, or in scan->spare until the next field */
    size_t n;
    bool quoted;
    const char *end; /* on the separator, or on the row's end */
} CsvField;

enum { ROW_LARGEST = 16 << 20, COLUMNS_LARGEST = 100000 };

/* The field that begins at p, number `column` from 0. */
ScanState csv_field(CsvScan *scan, const char *p, int column, CsvField *out, Err *err);
/* Whether a field's end ends the row, too; then *next is behind it. */
bool csv_row_ends(const CsvScan *scan, const char *end, const char **next);
/* Where the field behind a separator begins; with runs of blanks, `end` may turn out to end the row. */
const char *csv_skip_blanks(const CsvScan *scan, const char *p);
/* Counts the fields of the row at window->start and shows each to `visit`, which may be NULL. */
typedef void (*CsvVisit)(void *context, int i, const CsvField *field);
ScanState csv_each(CsvScan *scan, CsvVisit visit, void *context, int *n, const char **next, Err *err);
/* Reads the row at window->start into cells, without commit; *next is behind it. After SCAN_FAIL, *next
 * is behind the row as well, or NULL where its end is not known. */
ScanState csv_row(CsvScan *scan, Cells *cells, const char **next, Err *err);
/* Moves window->start to `next` and counts lines. */
void csv_advance(CsvScan *scan, const char *next);
/* file:line:column of p, which lies in the row at window->start. */
void csv_place(const CsvScan *scan, const char *p, Err *err);
/* Empty lines before the next row are passed over; false at the end of the file or with an error. */
bool csv_next_row(CsvScan *scan, Err *err);
/* More bytes, or the error long_row when the row is too long already. */
bool csv_more(CsvScan *scan, int column, Err *err);

#endif
