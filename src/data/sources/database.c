/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite databases: opened read only, behind an authorizer. */
#include "data/sources/database.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"

enum { CELL_LARGEST = 64 << 20 };

static int authorize(void *context, int action, const char *first, const char *second, const char *database,
                     const char *trigger)
{
    (void)context, (void)first, (void)database, (void)trigger;
    if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE) return SQLITE_OK;
    bool safe = action == SQLITE_FUNCTION && second && strcasecmp(second, "load_extension") != 0 &&
                strcasecmp(second, "fts3_tokenizer") != 0;
    return safe ? SQLITE_OK : SQLITE_DENY;
}

void database_quote(Buf *out, const char *name)
{
    buf_putc(out, '"');
    for (; *name; name++) {
        if (*name == '"') buf_putc(out, '"');
        buf_putc(out, *name);
    }
    buf_putc(out, '"');
}

/* As a URI, so that no name has a meaning of its own (":memory:"). */
void database_uri(Buf *out, const char *path, const char *mode)
{
    buf_puts(out, "file:");
    for (; *path; path++) {
        if (strchr("%?#", *path))
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
        else
            buf_putc(out, *path);
    }
    buf_printf(out, "?mode=%s", mode);
}

static void restrict_database(sqlite3 *database)
{
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, CELL_LARGEST);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_exec(database, "PRAGMA cell_size_check=1; PRAGMA temp_store=MEMORY;", NULL, NULL, NULL);
    sqlite3_set_authorizer(database, authorize, NULL);
}

static sqlite3 *try_open(const char *path, bool immutable, int *status, Err *err)
{
    Buf uri = { 0 };
    sqlite3 *database = NULL;
    database_uri(&uri, path, immutable ? "ro&immutable=1" : "ro");
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    *status = sqlite3_open_v2(buf_text(&uri), &database, flags, NULL);
    buf_free(&uri);
    if (*status == SQLITE_OK) {
        restrict_database(database);
        *status = sqlite3_exec(database, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
        if (*status == SQLITE_OK) return database;
    }
    ERR(err, bad_database, path, database ? sqlite3_errmsg(database) : "there is no memory for it");
    sqlite3_close(database);
    return NULL;
}

/* What a writer has put into the log and not yet into the file. */
static bool has_log(const char *path)
{
    struct stat info;
    Buf name = { 0 };
    buf_printf(&name, "%s-wal", path);
    bool found = stat(buf_text(&name), &info) == 0 && info.st_size > 0;
    buf_free(&name);
    return found;
}

static bool check_file(const char *path, Err *err)
{
    struct stat info;
    if (stat(path, &info) != 0) return ERR(err, no_file, path, strerror(errno));
    if (S_ISDIR(info.st_mode)) return ERR(err, is_folder, path);
    return S_ISREG(info.st_mode) || ERR(err, bad_database, path, "it is no regular file");
}

sqlite3 *database_open(const char *path, Err *err)
{
    int status;
    Err first = { 0 };
    if (!check_file(path, err)) return NULL;
    sqlite3 *database = try_open(path, false, &status, &first);
    bool again = status == SQLITE_CANTOPEN || status == SQLITE_READONLY;
    if (!database && again && !has_log(path)) {
        err_clear(&first);
        database = try_open(path, true, &status, &first);
    }
    if (!database && err) *err = first;
    return database;
}
