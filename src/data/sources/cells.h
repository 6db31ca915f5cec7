/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table in the making: texts go in cell by cell, typed columns come out. The type of a column is found
 * over the whole file: it begins as what its first value is, widens from integer to number in place, and
 * where a later value fits neither it turns `late`: a second reading (cells_again) takes it as text.
 * Rows are put cell by cell and then committed; a row that is not committed leaves nothing. */
#ifndef FNS_DATA_SOURCES_CELLS_H
#define FNS_DATA_SOURCES_CELLS_H

#include "data/sources/cell_time.h"
#include "data/sources/decimal.h"
#include "data/sources/dict.h"
#include "data/sources/load_spec.h"

typedef enum CellKind {
    CELL_EMPTY, /* only missing values so far */
    CELL_INTEGER,
    CELL_NUMBER,
    CELL_TIME,
    CELL_BOOL,
    CELL_CATEGORY, /* codes of a dictionary; a text column too, while its values are few */
    CELL_TEXT,
    CELL_LATE, /* to be read again as text */
    CELL_SKIP  /* not wanted */
} CellKind;

typedef struct CellColumn {
    const char *name;
    CellKind kind;
    bool fixed;         /* the type was given: what does not fit is an error */
    bool levels_given;  /* ... and so were the levels */
    bool done;          /* filled by the first reading: the second passes over it */
    bool leading_zeros; /* a number such as 007 made it text */
    bool on_off;        /* its 0 and 1 were declared to be off and on */
    char point;         /* '.' or ','; 0: not known yet */
    char order;         /* of days and months: 'd', 'm'; 0: not known yet */
    bool year_last;     /* some date needs `order` */
    TimeUnit unit;      /* the finest so far */
    bool short_year;    /* some year has two digits */
    bool clock;         /* CELL_TIME: times of the day; of a given number: some came as such */
    union {
        void *data; /* `capacity` values */
        double *numbers;
        int64_t *integers;
        uint32_t *codes;
        uint8_t *bools;
        uint64_t *offsets; /* capacity + 1 */
    };
    Dict dict;
    char *bytes; /* of CELL_TEXT */
    size_t bytes_capacity;
    uint8_t *text_missing; /* a byte a row */
    struct EarlyCode {
        size_t row;
        int32_t code;
    } * early; /* special codes before the first value, from the arena */
    size_t n_early, early_capacity;
    size_t *missing;    /* counts by code; NULL: none */
    size_t not_finite;  /* inf, 1e999 */
    CellKind before;    /* of CELL_LATE: what it was ... */
    char odd[40];       /* ... and the value that did not fit, */
    long long odd_line; /* in this line */
} CellColumn;

typedef struct CellEvent {
    int column, code; /* code -1: not finite */
} CellEvent;

typedef struct Cells {
    CellColumn *columns;
    int n;
    size_t n_rows, capacity;
    size_t expected; /* rows, as far as one knows */
    const LoadSpec *spec;
    int threads; /* that cells_frame may take; 0: one */
    bool comma_too;   /* a decimal comma is possible */
    bool is_second;   /* the second reading */
    unsigned version; /* of the columns' types: counts their changes while parts are joined */
    bool by_rows;     /* `line` counts rows: the source has no lines */
    size_t longest_code;
    CellEvent *events; /* missing values of the row that is being put */
    int n_events;
    long long line; /* of that row, for notes */
    Arena *arena;   /* names */
} Cells;

/* n columns of unknown type. */
bool cells_open(Cells *cells, int n, const char *const *names, const LoadSpec *spec, Err *err);
/* Gives column i the type that a user calls `type`: number integer date date-time category text on/off. */
bool cells_fix(Cells *cells, int i, const char *type, Err *err);
/* Room for one more row. */
bool cells_row(Cells *cells, Err *err);
/* The value of column i in that row: n bytes, readable for 8 more behind them, none of which continues a
 * number. Blanks around an unquoted text are taken off. Errors (bad_cell, not_text) name the column. */
bool cells_put(Cells *cells, int i, const char *text, size_t n, bool quoted, Err *err);
void cells_commit(Cells *cells);
/* Values that come with their type: a text is never a number here, and integers become numbers only where
 * numbers are among them. */
bool cells_put_null(Cells *cells, int i);
bool cells_put_whole(Cells *cells, int i, int64_t x, Err *err);
bool cells_put_real(Cells *cells, int i, double x, Err *err);
bool cells_put_text(Cells *cells, int i, const char *text, size_t n, Err *err);
bool cells_put_time(Cells *cells, int i, int64_t ns, TimeUnit unit, Err *err);
/* Room for exactly that many rows; before the first. Errors: too_many_rows, no_memory. */
bool cells_reserve(Cells *cells, size_t rows, Err *err);
/* Room for so many rows in all. */
bool cells_room(Cells *cells, size_t rows, Err *err);

/* A part takes rows apart from a table, to be joined to it. Forking empties it (zeros at first) and gives its
 * columns the types of the table; it may be joined while the table's version is still the part's. First the
 * types, whose odd lines were counted `lines_before` too low, while nobody forks, which counts its rows in;
 * then the rows, which others may do with theirs, unless it moves what is there. */
bool cells_fork(const Cells *all, Cells *part, Err *err);
bool cells_part_room(Cells *part, size_t rows, Err *err); /* before the first row is put */
bool cells_join_moves(const Cells *all, const Cells *part);
bool cells_join_types(Cells *all, Cells *part, long long lines_before, Err *err);
void cells_join_rows(const Cells *all, size_t first, const Cells *part); /* first: n_rows before */

/* True when some column needs a second reading, and makes ready for it. */
bool cells_again(Cells *cells);
/* The frame; missing codes into report, remarks into notes. Empties cells. Error ambiguous_dates. */
Frame *cells_frame(Cells *cells, const char *origin, LoadReport *report, Notes *notes, Err *err);
void cells_close(Cells *cells);

/* What a text looks like: '-' missing, 'n' a number, 't' a date, 'b' on or off, 'x' anything else. */
char cells_look(const Cells *cells, const char *text, size_t n);

/* ---- between cells.c, cell_types.c, cell_typed.c, cell_frame.c and the readers of typed values */
CellKind cell_kind_of(const Cells *cells, CellColumn *column, const char *text, size_t n);
bool cell_put_value(Cells *cells, CellColumn *column, const char *text, size_t n, bool *finite, Err *err);
bool cell_store_text(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err);
bool cell_storage(Cells *cells, CellColumn *column, CellKind kind, Err *err);
void cell_release(CellColumn *column);
void cell_set_missing(CellColumn *column, size_t row);
void cell_keep_early(Cells *cells, CellColumn *column, size_t row, int32_t code);
/* The code of a text, added where it is new; 0 where the column became one of texts: too many levels. */
bool cell_level(Cells *cells, CellColumn *column, const char *text, size_t n, uint32_t *code, Err *err);
size_t cell_width(CellKind kind);                        /* bytes a row */
void cell_widen(const Cells *cells, CellColumn *column); /* integers become numbers */
bool cell_does_not_fit(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err);
int cell_code_of(const Cells *cells, const char *text, size_t n); /* -1: none */
bool cell_is_code(const Cells *cells, double x, int *code);       /* of na= and special= */
void cell_put_missing(Cells *cells, int i, int code);             /* code -1: not finite */
void cell_count_missing(Cells *cells);                            /* of the row that is being put, now */
void cell_swap_days(const Cells *cells, CellColumn *column);
char cell_order_by_spacing(const Cells *cells,
                           const CellColumn *column); /* of a day-first column: d, m or 0 */
bool cell_dict_to_text(const Cells *cells, CellColumn *column, Err *err);

enum { CATEGORY_ALWAYS = 32, CATEGORY_LARGEST = 65535, CATEGORY_BYTES = 64 << 20 };

/* The columns of numbers, straight from a row that is being scanned: the end of the number that begins at
 * p and fits the column, stored in row n_rows; NULL where the long way must be taken. */
static inline const char *cells_put_number(const Cells *cells, CellColumn *column, const char *p)
{
    Decimal decimal;
    double x;
    const char *end = decimal_scan(p, column->point ? column->point : '.', &decimal);
    if (!end || (decimal.n_whole > 1 && p[*p == '-' || *p == '+'] == '0')) return NULL;
    if (column->kind == CELL_NUMBER) {
        if (!decimal_quick(&decimal, &x) || (decimal.has_point && !column->point)) return NULL;
        column->numbers[cells->n_rows] = x;
        return end;
    }
    if (!decimal_is_whole(&decimal)) return NULL;
    column->integers[cells->n_rows] = decimal_whole(&decimal);
    return end;
}

#endif
