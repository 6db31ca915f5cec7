/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite databases, opened so that a file of unknown origin can do no harm. */
#ifndef FNS_DATA_SOURCES_DATABASE_H
#define FNS_DATA_SOURCES_DATABASE_H

#include <sqlite3.h>

#include "base/err.h"
#include "base/str.h"

/* Read only; queries that do anything but read (ATTACH, PRAGMA, writing, extensions) are refused by an
 * authorizer. A database that its writer left in WAL mode in a folder that cannot be written to is read as
 * it is, unless its log holds changes. NULL on error (no_file, is_folder, bad_database). */
sqlite3 *database_open(const char *path, Err *err);
/* The URI of a file; mode "ro", "rw". */
void database_uri(Buf *out, const char *path, const char *mode);
/* "name" with its quotes doubled, as an identifier. */
void database_quote(Buf *out, const char *name);

#endif
