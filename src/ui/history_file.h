/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt's history between sessions: one entry a line, its newlines escaped, in
 * $XDG_STATE_HOME/fns/history (~/.local/state otherwise), readable by its owner alone. A file that cannot be
 * read or written costs the history and nothing else. */
#ifndef FNS_UI_HISTORY_FILE_H
#define FNS_UI_HISTORY_FILE_H

#include "base/mem.h"
#include "base/str.h"

/* Of the history, with its folders made; NULL: there is no home. */
const char *history_path(Arena *arena);
/* $variable/fns/name where the variable holds an absolute path, else ~/fallback/fns/name; NULL: no home. */
const char *user_path(Arena *arena, const char *variable, const char *fallback, const char *name);
/* Gives every entry, oldest first. A file that has grown long is rewritten with its newest entries. */
void history_load(const char *path, void (*add)(void *context, const char *entry), void *context);
/* Adds one entry by one write, so that several sessions may share the file. */
void history_append(const char *path, const char *entry);

/* A newline as \n, a backslash as \\; and back. */
void history_escape(Buf *out, const char *entry);
void history_unescape(Buf *out, const char *line, size_t n);

#endif
