/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as a table of an SQLite database. A new database is made under a temporary name and renamed; in one
 * that is there the table is replaced in a single transaction, and the other tables stay. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "data/source.h"
#include "data/sources/database.h"
#include "data/writers/save_options.h"

enum { POLL_ROWS = 8192 };

typedef struct TableWriter {
    const Frame *frame;
    const char *path, *table;
    sqlite3 *database;
    sqlite3_stmt *insert;
    Progress *progress;
} TableWriter;

static bool failed(const TableWriter *writer, Err *err)
{
    return ERR(err, write_failed, writer->path, sqlite3_errmsg(writer->database));
}

static bool run(const TableWriter *writer, const char *sql, Err *err)
{
    return sqlite3_exec(writer->database, sql, NULL, NULL, NULL) == SQLITE_OK || failed(writer, err);
}

/* ---- the table */

static const char *declared_type(const Column *column)
{
    switch (column->type) {
    case COLUMN_NUMBER: return "REAL";
    case COLUMN_INTEGER: return "INTEGER";
    case COLUMN_BOOL: return "BOOLEAN";
    case COLUMN_TIME:
    case COLUMN_CATEGORY:
    case COLUMN_TEXT: break;
    }
    return "TEXT";
}

static bool make_table(TableWriter *writer, Err *err)
{
    const Frame *frame = writer->frame;
    Buf drop = { 0 }, create = { 0 }, insert = { 0 };
    buf_puts(&drop, "DROP TABLE IF EXISTS ");
    database_quote(&drop, writer->table);
    buf_puts(&create, "CREATE TABLE ");
    database_quote(&create, writer->table);
    buf_puts(&insert, "INSERT INTO ");
    database_quote(&insert, writer->table);
    for (int i = 0; i < frame->n_columns; i++) {
        buf_puts(&create, i ? ", " : " (");
        database_quote(&create, frame->columns[i].name);
        buf_printf(&create, " %s", declared_type(frame->columns[i].column));
        buf_puts(&insert, i ? ", ?" : " VALUES (?");
    }
    buf_putc(&create, ')');
    buf_putc(&insert, ')');
    bool ok =
        run(writer, buf_text(&drop), err) && run(writer, buf_text(&create), err) &&
        (sqlite3_prepare_v2(writer->database, buf_text(&insert), -1, &writer->insert, NULL) == SQLITE_OK ||
         failed(writer, err));
    buf_free(&drop);
    buf_free(&create);
    buf_free(&insert);
    return ok;
}

/* ---- rows */

static void bind_time(const TableWriter *writer, int i, const Column *column, size_t row, Buf *text)
{
    buf_clear(text);
    time_write(text, column->integers[row], column->unit == UNIT_YEAR ? UNIT_DAY : column->unit);
    sqlite3_bind_text(writer->insert, i, buf_text(text), (int)text->length, SQLITE_TRANSIENT);
}

static void bind_cell(const TableWriter *writer, int i, const Column *column, size_t row, Buf *text)
{
    sqlite3_stmt *insert = writer->insert;
    if (column_is_missing(column, row)) {
        sqlite3_bind_null(insert, i);
        return;
    }
    switch (column->type) {
    case COLUMN_NUMBER: sqlite3_bind_double(insert, i, column->numbers[row]); break;
    case COLUMN_INTEGER: sqlite3_bind_int64(insert, i, column->integers[row]); break;
    case COLUMN_BOOL: sqlite3_bind_int(insert, i, column->bools[row]); break;
    case COLUMN_TIME: bind_time(writer, i, column, row, text); break;
    case COLUMN_CATEGORY:
        sqlite3_bind_text(insert, i, column->levels->names[column->codes[row] - 1], -1, SQLITE_STATIC);
        break;
    case COLUMN_TEXT:
        sqlite3_bind_text64(insert, i, column->bytes + column->offsets[row],
                            column->offsets[row + 1] - column->offsets[row], SQLITE_STATIC, SQLITE_UTF8);
        break;
    }
}

static bool put_rows(TableWriter *writer, Err *err)
{
    const Frame *frame = writer->frame;
    Buf text = { 0 };
    bool ok = true;
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i);
        for (int k = 0; k < frame->n_columns; k++)
            bind_cell(writer, k + 1, frame->columns[k].column, row, &text);
        ok = sqlite3_step(writer->insert) == SQLITE_DONE || failed(writer, err);
        sqlite3_reset(writer->insert);
        if (ok && i % POLL_ROWS == 0)
            ok = progress_poll(writer->progress, "save", (double)i, (double)frame->n_rows, err);
    }
    buf_free(&text);
    return ok;
}

static bool put_table(TableWriter *writer, Err *err)
{
    bool ok = run(writer, "BEGIN IMMEDIATE", err) && make_table(writer, err) && put_rows(writer, err);
    sqlite3_finalize(writer->insert);
    writer->insert = NULL;
    if (ok) ok = run(writer, "COMMIT", err);
    if (!ok) sqlite3_exec(writer->database, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* ---- the file */

static bool open_and_put(TableWriter *writer, const char *path, const char *pragmas, Err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    Buf uri = { 0 };
    database_uri(&uri, path, "rw");
    bool ok = sqlite3_open_v2(buf_text(&uri), &writer->database, flags | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
    buf_free(&uri);
    if (!ok) ERR(err, write_failed, writer->path, sqlite3_errmsg(writer->database));
    if (ok) {
        sqlite3_db_config(writer->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(writer->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(writer->database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        ok = run(writer, pragmas, err) && put_table(writer, err);
    }
    sqlite3_close(writer->database);
    return ok;
}

/* The writer's own empty temporary file is a database without tables. */
static bool make_database(TableWriter *writer, Err *err)
{
    FileWriter file;
    if (!file_begin(&file, writer->path, err)) return false;
    bool ok = file.temporary ? open_and_put(writer, file.temporary,
                                            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;", err)
                             : ERR(err, write_failed, writer->path, "a database cannot go through a pipe");
    return file_end(&file, ok, err);
}

static bool change_database(TableWriter *writer, Err *err)
{
    sqlite3 *sound = database_open(writer->path, err); /* else it is not ours to change */
    if (!sound) return false;
    sqlite3_close(sound);
    return open_and_put(writer, writer->path, "PRAGMA cell_size_check=1;", err);
}

static bool write_sqlite(const Frame *frame, const char *path, const Options *options, Notes *notes,
                         Progress *progress, Err *err)
{
    struct stat info;
    const char *table = options ? option_text(options, "table") : NULL;
    TableWriter writer = { .frame = frame, .path = path, .progress = progress };
    (void)notes;
    writer.table = table ? table : frame->name ? frame->name : "data";
    bool exists = stat(path, &info) == 0 && info.st_size > 0;
    return exists ? change_database(&writer, err) : make_database(&writer, err);
}

static const OptionSpec options[] = { SAVE_TABLE_OPTION };

const WriterKind writer_sqlite = {
    .kind = { .name = "sqlite",
              .help = "a table of an SQLite database; the other tables of the file stay",
              .more =
                  "table= names it, else it has the frame's name. Numbers are REAL, integers INTEGER, on/off "
                  "BOOLEAN (1, 0), everything else TEXT, times in ISO form",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".db .db3 .sqlite .sqlite3",
    .write = write_sqlite
};
