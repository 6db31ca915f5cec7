/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command returns: a record of named values ($last), and what is shown of it, in order: lines,
 * tables, charts; then notes. A renderer an output mode shows it (render.h). Memory is the statement's
 * scratch arena; the session keeps a copy of the record. */
#ifndef FNS_LANG_RESULT_H
#define FNS_LANG_RESULT_H

#include "base/notes.h"
#include "base/value.h"
#include "charts/chart.h"

/* Prose is never cut: at a terminal it goes on below itself. It is the last column. */
typedef enum Align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_PROSE } Align;

typedef struct TableColumn {
    const char *name;
    Align align;
    int digits; /* significant digits of numbers when shown; 0: as they are */
} TableColumn;

typedef struct Table {
    const char *name;  /* of its rows in $last and as heading in json: "columns" */
    const char *title; /* shown above, or NULL */
    TableColumn *columns;
    int n_columns;
    Value *cells; /* (n_rows, n_columns) */
    int n_rows, capacity;
    int n_keys;        /* leading columns that name a row: texts show each once; 0 stands for 1 */
    bool behind_chart; /* the numbers of a chart: shown where charts are not */
} Table;

typedef enum ItemKind { ITEM_LINE, ITEM_TABLE, ITEM_CHART, ITEM_GRID } ItemKind;

typedef struct ResultItem {
    ItemKind kind;
    Ink ink; /* of a line */
    const char *line;
    Table *table;
    Chart *chart;
    int rows, columns; /* size of a chart as text; 0: by the display */
    Grid grid;
} ResultItem;

typedef struct Result {
    Arena *arena;
    const char *verb;
    Record *record; /* becomes $last where the command computes */
    ResultItem *items;
    int n_items, capacity;
    Notes notes;
} Result;

Result *result_new(Arena *arena, const char *verb);
void result_line(Result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
void result_line_ink(Result *result, Ink ink, const char *format, ...) __attribute__((format(printf, 3, 4)));
Table *result_table(Result *result, const char *name, const char *title);
void table_column(Arena *arena, Table *table, const char *name, Align align, int digits);
/* Adds a row of missing cells and returns them (n_columns, to be set). Columns come first. */
Value *table_row(Arena *arena, Table *table);
void result_chart(Result *result, Chart *chart, int rows, int columns);
void result_grid(Result *result, Grid grid);
/* Rows `member`, `value` for every member of a record, those of nested records with dots. The table has these
 * two columns. */
void result_members(Arena *arena, Table *table, const Record *record, const char *prefix);
/* Lines, tables, record and notes, deep; charts stay behind, the numbers behind them do not. */
Result *result_copy(Arena *arena, const Result *result);

#endif
