/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: read whole with a limit, replace atomically. */
#ifndef FNS_BASE_FILE_H
#define FNS_BASE_FILE_H

#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

/* The whole file, 0-terminated, free with mem_free. Errors: no_file, is_folder, too_large, read_failed. */
char *file_read(const char *path, size_t limit, size_t *length, Err *err);

/* A file in the making: written beside its goal under a temporary name, then synced and renamed over
 * it. Until file_commit the goal is untouched. */
typedef struct FileWriter {
    FILE *stream;
    char *path, *temporary;
} FileWriter;
bool file_begin(FileWriter *writer, const char *path, Err *err);
bool file_commit(FileWriter *writer, Err *err); /* a full disk, a lost folder: error, goal untouched */
void file_abandon(FileWriter *writer);
bool file_end(FileWriter *writer, bool good, Err *err); /* commits what is good, abandons what is not */
bool file_put(FileWriter *writer, Buf *out, Err *err);  /* writes and empties out; error write_failed */

bool file_exists(const char *path);
/* path joined to folder unless it is absolute or folder is NULL; "~/" is expanded. */
char *file_join(Arena *arena, const char *folder, const char *path);

#endif
