/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { ENTRIES_KEPT = 5000, ENTRIES_MAX = 10000 };
#define HISTORY_BYTES_MAX ((size_t)64 << 20)

/* ---- where it is */

const char *user_path(Arena *arena, const char *variable, const char *fallback, const char *name)
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    if (folder && folder[0] == '/') return arena_format(arena, "%s/fns/%s", folder, name);
    return home && home[0] == '/' ? arena_format(arena, "%s/%s/fns/%s", home, fallback, name) : NULL;
}

static void make_folders(Arena *arena, const char *path)
{
    char *copy = arena_text(arena, path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(copy, 0700);
        *slash = '/';
    }
}

const char *history_path(Arena *arena)
{
    const char *path = user_path(arena, "XDG_STATE_HOME", ".local/state", "history");
    if (path) make_folders(arena, path);
    return path;
}

/* ---- its form */

void history_escape(Buf *out, const char *entry)
{
    for (; *entry; entry++) {
        if (*entry == '\n')
            buf_puts(out, "\\n");
        else if (*entry == '\\')
            buf_puts(out, "\\\\");
        else
            buf_putc(out, *entry);
    }
}

void history_unescape(Buf *out, const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (line[i] != '\\' || i + 1 == n)
            buf_putc(out, line[i]);
        else
            buf_putc(out, line[++i] == 'n' ? '\n' : line[i]);
    }
}

/* ---- reading */

static size_t count_lines(const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += text[i] == '\n';
    return n;
}

static const char *skip_lines(const char *text, size_t n)
{
    while (n-- && (text = strchr(text, '\n'))) text++;
    return text;
}

/* The newest entries, in a file that takes the place of the old one at once. */
static void rewrite(const char *path, const char *newest)
{
    FileWriter writer;
    if (!file_begin(&writer, path, NULL)) return;
    fchmod(fileno(writer.stream), 0600);
    fputs(newest, writer.stream);
    file_commit(&writer, NULL);
}

void history_load(const char *path, void (*add)(void *context, const char *entry), void *context)
{
    size_t length;
    char *text = file_read(path, HISTORY_BYTES_MAX, &length, NULL);
    if (!text) return;
    size_t n = count_lines(text, length);
    const char *line = skip_lines(text, n > ENTRIES_MAX ? n - ENTRIES_KEPT : 0);
    if (n > ENTRIES_MAX) rewrite(path, line);
    Buf entry = { 0 };
    for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
        size_t bytes = (size_t)(end - line);
        buf_clear(&entry);
        history_unescape(&entry, line, bytes);
        if (entry.length && utf8_valid(buf_text(&entry), entry.length, NULL)) add(context, buf_text(&entry));
    }
    buf_free(&entry);
    mem_free(text);
}

/* ---- writing */

void history_append(const char *path, const char *entry)
{
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    Buf line = { 0 };
    history_escape(&line, entry);
    buf_putc(&line, '\n');
    ssize_t written = write(file, buf_text(&line), line.length);
    (void)written; /* a full disk costs the entry */
    close(file);
    buf_free(&line);
}
