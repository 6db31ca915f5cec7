/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite: a table, a view or the rows of a query. Types are those of the values: INTEGER and REAL are
 * numbers, a TEXT is a category, a text, or a date where all of them are dates; 0 and 1 in a column that was
 * declared BOOLEAN are off and on. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "data/sources/csv_names.h"
#include "data/sources/database.h"
#include "data/sources/input_raw.h"
#include "data/sources/load_options.h"

enum { POLL_OPS = 20000, POLL_ROWS = 8192, COLUMNS_MOST = 32767, ROW_BYTES_LEAST = 3 };

typedef struct SqliteReader {
    const char *path, *table;
    Arena *arena;
    LoadSpec spec;
    sqlite3 *database;
    sqlite3_stmt *statement;
    Cells cells;
    Notes *notes;
    Progress *progress;
    double total; /* rows, as far as one knows; 0: not at all */
    double size, begun;
    Err stopped; /* by the user, within SQLite */
} SqliteReader;

/* ---- errors and interruption */

static int poll(void *context)
{
    SqliteReader *reader = context;
    double done = (double)reader->cells.n_rows;
    return !progress_poll(reader->progress, "read", done, reader->total, &reader->stopped);
}

/* What SQLite says last, as an error of the query that the user wrote or of the file. */
static bool failed(const SqliteReader *reader, bool query, Err *err)
{
    if (reader->stopped.code) {
        if (err) *err = reader->stopped;
        return false;
    }
    int code = sqlite3_errcode(reader->database);
    if (code == SQLITE_NOMEM) return ERR(err, no_memory, "SQLite");
    const char *what = sqlite3_errmsg(reader->database);
    if (!query || code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR)
        return ERR(err, bad_database, reader->path, what);
    return ERR(err, query_failed, code == SQLITE_AUTH ? "it does more than read" : what);
}

/* ---- which rows */

typedef struct Names {
    const char **items;
    int n, n_tables; /* tables first, then views */
} Names;

/* Every table and view, SQLite's own left out. */
static bool list_tables(SqliteReader *reader, Names *names, Err *err)
{
    static const char sql[] =
        "SELECT name, type = 'table' FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";
    sqlite3_stmt *statement;
    int capacity = 0;
    if (sqlite3_prepare_v2(reader->database, sql, -1, &statement, NULL) != SQLITE_OK)
        return failed(reader, false, err);
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 0);
        if (names->n == capacity) {
            capacity = 2 * capacity + 16;
            const char **grown = arena_take(reader->arena, (size_t)capacity * sizeof *grown);
            if (names->n) memcpy(grown, names->items, (size_t)names->n * sizeof *grown);
            names->items = grown;
        }
        names->items[names->n++] = arena_text(reader->arena, name ? name : "");
        names->n_tables += sqlite3_column_int(statement, 1);
    }
    bool ok = status == SQLITE_DONE || failed(reader, false, err);
    sqlite3_finalize(statement);
    return ok;
}

static bool name_tables(const SqliteReader *reader, const Names *names, Err *err)
{
    Buf list = { 0 };
    for (int i = 0; i < names->n && i < 20; i++) buf_printf(&list, "%s%s", i ? ", " : "", names->items[i]);
    if (names->n > 20) buf_puts(&list, ", ...");
    ERR(err, which_table, reader->path, INT(names->n), names->n ? buf_text(&list) : "it is empty");
    if (names->n) err_hint(err, "write table=%s", names->items[0]);
    buf_free(&list);
    return false;
}

static bool find_table(SqliteReader *reader, const char *wanted, Err *err)
{
    Names names = { 0 };
    if (!list_tables(reader, &names, err)) return false;
    for (int i = 0; wanted && i < names.n; i++)
        if (strcasecmp(names.items[i], wanted) == 0) reader->table = names.items[i];
    if (wanted && !reader->table) {
        ERR(err, no_table, reader->path, wanted);
        err_suggest(err, wanted, names.items, (size_t)names.n);
        return false;
    }
    if (names.n_tables == 1 || names.n == 1) reader->table = reader->table ? reader->table : names.items[0];
    return reader->table || name_tables(reader, &names, err);
}

/* The largest row id, which is nearly the number of rows and costs nothing; views have none. */
static void expect_rows(SqliteReader *reader, const char *quoted)
{
    sqlite3_stmt *statement = NULL;
    Buf sql = { 0 };
    buf_printf(&sql, "SELECT max(rowid) FROM %s", quoted);
    bool ok = sqlite3_prepare_v2(reader->database, buf_text(&sql), -1, &statement, NULL) == SQLITE_OK;
    if (ok && sqlite3_step(statement) == SQLITE_ROW) reader->total = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    buf_free(&sql);
    double most = reader->size / ROW_BYTES_LEAST;
    if (!(reader->total > 0)) reader->total = 0;
    if (reader->total > most) reader->total = most;
}

static bool is_blank_sql(const char *sql)
{
    return sql[strspn(sql, " \t\r\n;")] == '\0';
}

static bool prepare(SqliteReader *reader, const char *sql, bool query, Err *err)
{
    const char *rest = NULL;
    int status = sqlite3_prepare_v2(reader->database, sql, -1, &reader->statement, &rest);
    if (status != SQLITE_OK) return failed(reader, query, err);
    if (!reader->statement) return ERR(err, query_failed, "it is empty");
    if (rest && !is_blank_sql(rest)) return ERR(err, query_failed, "it is more than one statement");
    bool reads = sqlite3_stmt_readonly(reader->statement) && sqlite3_column_count(reader->statement) > 0;
    return reads || ERR(err, query_failed, "it gives no rows: a query is one SELECT");
}

static bool choose_rows(SqliteReader *reader, const Options *options, Err *err)
{
    const char *table = options ? option_text(options, "table") : NULL;
    const char *query = options ? option_text(options, "query") : NULL;
    if (table && query) return ERR(err, excludes, "table=", "query=");
    if (query) return prepare(reader, query, true, err);
    Buf quoted = { 0 }, sql = { 0 };
    bool ok = find_table(reader, table, err);
    if (ok) {
        database_quote(&quoted, reader->table);
        buf_printf(&sql, "SELECT * FROM %s", buf_text(&quoted));
        expect_rows(reader, buf_text(&quoted));
        ok = prepare(reader, buf_text(&sql), false, err);
    }
    buf_free(&quoted);
    buf_free(&sql);
    return ok;
}

/* ---- columns */

static bool make_columns(SqliteReader *reader, Err *err)
{
    int n = sqlite3_column_count(reader->statement);
    Dict taken = { 0 };
    if (n > COLUMNS_MOST) return ERR(err, many_columns, reader->path, INT(COLUMNS_MOST));
    const char **names = arena_take(reader->arena, (size_t)n * sizeof *names);
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        const char *name = sqlite3_column_name(reader->statement, i);
        names[i] =
            csv_name(reader->arena, &taken, i, name ? name : "", name ? strlen(name) : 0, reader->notes, err);
        ok = names[i] != NULL;
    }
    dict_free(&taken);
    if (!ok || !cells_open(&reader->cells, n, names, &reader->spec, err)) return false;
    reader->cells.by_rows = true;
    for (int i = 0; i < n; i++) {
        const char *declared = sqlite3_column_decltype(reader->statement, i);
        reader->cells.columns[i].on_off = declared && strncasecmp(declared, "bool", 4) == 0;
    }
    return csv_choose(&reader->cells, reader->spec.columns, reader->path, err) &&
           csv_set_types(&reader->cells, reader->path, err);
}

/* ---- rows */

static bool put_cell(SqliteReader *reader, int i, Err *err)
{
    Cells *cells = &reader->cells;
    sqlite3_stmt *statement = reader->statement;
    if (cells->columns[i].kind == CELL_SKIP) return true;
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER: return cells_put_whole(cells, i, sqlite3_column_int64(statement, i), err);
    case SQLITE_FLOAT: return cells_put_real(cells, i, sqlite3_column_double(statement, i), err);
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, i);
        if (!text) return ERR(err, no_memory, "SQLite");
        return cells_put_text(cells, i, text, (size_t)sqlite3_column_bytes(statement, i), err);
    }
    case SQLITE_BLOB:
        ERR(err, cell_is_blob, cells->columns[i].name, INT(cells->n_rows + 1));
        return err_hint(err, "leave it out by columns= or query=");
    default: return cells_put_null(cells, i);
    }
}

static bool put_row(SqliteReader *reader, Err *err)
{
    Cells *cells = &reader->cells;
    if (cells->n_rows == cells->capacity) {
        double most = 16 * (double)cells->n_rows;
        cells->expected = (size_t)(reader->total < most ? reader->total : most);
        if (!cells_row(cells, err)) return false;
    }
    cells->n_events = 0;
    cells->line = (long long)cells->n_rows + 1;
    for (int i = 0; i < cells->n; i++)
        if (!put_cell(reader, i, err)) return err_place(err, reader->path, cells->line, 0);
    cells_commit(cells);
    return true;
}

static bool read_rows(SqliteReader *reader, bool query, Err *err)
{
    int status;
    while ((status = sqlite3_step(reader->statement)) == SQLITE_ROW) {
        if (!put_row(reader, err)) return false;
        if (reader->cells.n_rows % POLL_ROWS == 0 && poll(reader)) return failed(reader, query, err);
    }
    return status == SQLITE_DONE || failed(reader, query, err);
}

static bool read_again(SqliteReader *reader, bool query, Err *err)
{
    size_t n_rows = reader->cells.n_rows;
    if (!cells_again(&reader->cells)) return true;
    sqlite3_reset(reader->statement);
    if (!read_rows(reader, query, err)) return false;
    return reader->cells.n_rows == n_rows || ERR(err, file_changed, reader->path);
}

static bool read_all(SqliteReader *reader, const Options *options, Err *err)
{
    struct stat info;
    if (text_equal(reader->path, "-")) return ERR(err, not_from_pipe, "SQLite");
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    reader->spec.empty = "NULL";
    reader->database = database_open(reader->path, err);
    if (!reader->database) return false;
    reader->size = stat(reader->path, &info) == 0 ? (double)info.st_size : 0;
    sqlite3_progress_handler(reader->database, POLL_OPS, poll, reader);
    if (!choose_rows(reader, options, err) || !make_columns(reader, err)) return false;
    bool query = !reader->table;
    if (!read_rows(reader, query, err)) return false;
    const char *what = query ? "the query" : reader->table;
    if (reader->cells.n_rows == 0) return ERR(err, table_empty, what);
    return read_again(reader, query, err);
}

/* ---- the reader */

static Frame *finish(SqliteReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    if (!input_raw_hash(reader->path, reader->progress, hash, err)) return NULL;
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (!frame) return NULL;
    frame->hash = arena_text(frame->arena, hash);
    if (!report) return frame;
    report->format = "sqlite";
    report->table = reader->table ? arena_text(report->arena, reader->table) : NULL;
    report->bytes = reader->size;
    report->seconds = clock_seconds() - reader->begun;
    return frame;
}

static Frame *read_sqlite(const char *path, const Options *options, LoadReport *report, Notes *notes,
                          Progress *progress, Err *err)
{
    SqliteReader reader = {
        .path = path, .arena = arena_new(), .notes = notes, .progress = progress, .begun = clock_seconds()
    };
    Frame *frame = NULL;
    if (read_all(&reader, options, err)) frame = finish(&reader, report, err);
    sqlite3_finalize(reader.statement);
    sqlite3_close(reader.database);
    cells_close(&reader.cells);
    arena_free(reader.arena);
    return frame;
}

static bool sniff(const char *bytes, size_t n)
{
    return n >= 16 && memcmp(bytes, "SQLite format 3", 16) == 0;
}

static const OptionSpec options[] = { LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS, LOAD_COLUMN_OPTIONS,
                                      LOAD_DATABASE_OPTIONS };

const ReaderKind reader_sqlite = {
    .kind = { .name = "sqlite",
              .help = "SQLite databases: table= or query=, or the only table there is",
              .more = "Read only: a query is one SELECT; ATTACH, PRAGMA and extensions are refused. INTEGER "
                      "and REAL "
                      "are numbers, TEXT is a category, a text or a date; a BLOB is refused",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".db .db3 .sqlite .sqlite3",
    .sniff = sniff,
    .binary = true,
    .read = read_sqlite
};
