/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: read whole with a limit, replace atomically. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading */

static bool read_all(int file, const char *path, size_t limit, Buf *out, size_t size, Err *err)
{
    out->capacity = size + 1;
    out->text = mem_get(out->capacity, 1, err);
    if (!out->text) return false;
    for (;;) {
        if (out->length + 1 >= out->capacity) {
            char *grown = mem_grow(out->text, out->length, 2 * out->capacity, 1, err);
            if (!grown) return false;
            out->text = grown;
            out->capacity *= 2;
        }
        ssize_t n = read(file, out->text + out->length, out->capacity - out->length - 1);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return ERR(err, read_failed, path, strerror(errno));
        if (n == 0) break;
        out->length += (size_t)n;
        if (out->length > limit) return ERR(err, too_large, path, bytes_text((double)limit, (char[40]){ 0 }));
    }
    out->text[out->length] = '\0';
    return true;
}

static bool read_open(int file, const char *path, size_t limit, Buf *out, Err *err)
{
    struct stat info;
    if (fstat(file, &info) != 0) return ERR(err, read_failed, path, strerror(errno));
    if (S_ISDIR(info.st_mode)) return ERR(err, is_folder, path);
    size_t size = S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
    if (size > limit) return ERR(err, too_large, path, bytes_text((double)limit, (char[40]){ 0 }));
    return read_all(file, path, limit, out, size < 4096 ? 4096 : size + 1, err);
}

char *file_read(const char *path, size_t limit, size_t *length, Err *err)
{
    Buf content = { 0 };
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        ERR(err, no_file, path, strerror(errno));
        return NULL;
    }
    bool ok = read_open(file, path, limit, &content, err);
    close(file);
    if (!ok) {
        buf_free(&content);
        return NULL;
    }
    if (length) *length = content.length;
    return content.text;
}

/* ---- writing */

static char *copy_text(const char *text, size_t n)
{
    return memcpy(mem_own(n + 1), text, n);
}

/* How much of path is its folder, with the slash; 0: the working directory. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The file that path names through links, which need not exist; mem_free it. */
static char *follow_links(const char *path)
{
    char *goal = copy_text(path, strlen(path)), target[PATH_MAX];
    for (int i = 0; i < 40; i++) {
        ssize_t n = readlink(goal, target, sizeof target - 1);
        if (n <= 0) break;
        size_t folder = target[0] == '/' ? 0 : folder_length(goal);
        char *next = mem_own(folder + (size_t)n + 1);
        memcpy(next, goal, folder);
        memcpy(next + folder, target, (size_t)n);
        mem_free(goal);
        goal = next;
    }
    return goal;
}

/* A new file beside the goal, with the mode that the umask gives. */
static int open_temporary(FileWriter *writer)
{
    size_t folder = folder_length(writer->path);
    writer->temporary = mem_own(folder + 48);
    memcpy(writer->temporary, writer->path, folder);
    for (int i = 0; i < 1000; i++) {
        snprintf(writer->temporary + folder, 48, ".fns-%ld-%d.tmp", (long)getpid(), i);
        int file = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST) return file;
    }
    return -1;
}

static int open_goal(FileWriter *writer)
{
    struct stat info;
    bool exists = stat(writer->path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    if (exists && !S_ISREG(info.st_mode)) return open(writer->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (exists && access(writer->path, W_OK) != 0) return -1;
    int file = open_temporary(writer);
    if (file >= 0 && exists && fchmod(file, info.st_mode & 07777) != 0) {
        close(file);
        unlink(writer->temporary);
        return -1;
    }
    return file;
}

static void release(FileWriter *writer)
{
    mem_free(writer->path);
    mem_free(writer->temporary);
    *writer = (FileWriter){ 0 };
}

/* The error of a writer, after which nothing of it is left. */
static bool fail(FileWriter *writer, int number, Err *err)
{
    if (number == EISDIR)
        ERR(err, is_folder, writer->path);
    else
        ERR(err, write_failed, writer->path, strerror(number ? number : EIO));
    file_abandon(writer);
    return false;
}

bool file_begin(FileWriter *writer, const char *path, Err *err)
{
    *writer = (FileWriter){ .path = follow_links(path) };
    int file = open_goal(writer);
    if (file < 0) {
        int number = errno;
        mem_free(writer->temporary);
        writer->temporary = NULL;
        return fail(writer, number, err);
    }
    writer->stream = fdopen(file, "wb");
    if (writer->stream) return true;
    int number = errno;
    close(file);
    return fail(writer, number, err);
}

/* So that the rename itself lasts; a folder that cannot be opened or synced is none of our
 * business. */
static void sync_folder(const char *path)
{
    size_t n = folder_length(path);
    char *folder = n ? copy_text(path, n) : copy_text(".", 1);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
    mem_free(folder);
}

bool file_commit(FileWriter *writer, Err *err)
{
    errno = 0;
    bool written = fflush(writer->stream) == 0 && !ferror(writer->stream);
    if (written && writer->temporary) written = fsync(fileno(writer->stream)) == 0;
    if (!written) return fail(writer, errno, err);
    int closed = fclose(writer->stream);
    writer->stream = NULL;
    if (closed != 0) return fail(writer, errno, err);
    if (writer->temporary) {
        if (rename(writer->temporary, writer->path) != 0) return fail(writer, errno, err);
        sync_folder(writer->path);
    }
    release(writer);
    return true;
}

void file_abandon(FileWriter *writer)
{
    if (writer->stream) fclose(writer->stream);
    if (writer->temporary) unlink(writer->temporary);
    release(writer);
}

bool file_end(FileWriter *writer, bool good, Err *err)
{
    if (good) return file_commit(writer, err);
    file_abandon(writer);
    return false;
}

bool file_put(FileWriter *writer, Buf *out, Err *err)
{
    errno = 0;
    bool ok = fwrite(buf_text(out), 1, out->length, writer->stream) == out->length;
    buf_clear(out);
    return ok || ERR(err, write_failed, writer->path, strerror(errno ? errno : EIO));
}

bool file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

char *file_join(Arena *arena, const char *folder, const char *path)
{
    const char *home = getenv("HOME");
    if (path[0] == '~' && (path[1] == '/' || !path[1]) && home)
        return arena_format(arena, "%s%s", home, path + 1);
    if (path[0] == '/' || !folder || !folder[0]) return arena_text(arena, path);
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    return arena_format(arena, "%s%s%s", folder, slash, path);
}
