/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lowest layer of an input: read, hash, keep what a pipe gave. */
#include "data/sources/input_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

struct Spool {
    Spool *next;
    size_t n;
    char bytes[RAW_BLOCK];
};

bool input_raw_open(Raw *raw, const char *path, Progress *progress, Err *err)
{
    struct stat info;
    bool standard = text_equal(path, "-");
    *raw = (Raw){ .path = standard ? "standard input" : path, .progress = progress };
    raw->file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (raw->file < 0) return ERR(err, no_file, path, strerror(errno));
    if (fstat(raw->file, &info) != 0) return ERR(err, read_failed, raw->path, strerror(errno));
    if (S_ISDIR(info.st_mode)) return ERR(err, is_folder, path);
    raw->offset = S_ISREG(info.st_mode) ? lseek(raw->file, 0, SEEK_CUR) : -1;
    raw->is_pipe = raw->offset < 0;
    if (!raw->is_pipe) raw->size = (double)(info.st_size - raw->offset);
    datahash_begin(&raw->hash);
    raw->bytes = mem_get(RAW_BLOCK, 1, err);
    return raw->bytes != NULL;
}

static bool read_some(Raw *raw, char *out, size_t size, size_t *got, Err *err)
{
    for (;;) {
        ssize_t n = read(raw->file, out, size);
        *got = n > 0 ? (size_t)n : 0;
        if (n >= 0) return true;
        if (errno != EINTR) return ERR(err, read_failed, raw->path, strerror(errno));
        if (!progress_poll(raw->progress, "read", raw->done, raw->size, err)) return false;
    }
}

static bool keep(Raw *raw, const char *bytes, size_t n, Err *err)
{
    Spool *block = mem_get(1, sizeof *block, err);
    if (!block) return false;
    block->n = n;
    memcpy(block->bytes, bytes, n);
    if (raw->last)
        raw->last->next = block;
    else
        raw->spool = block;
    raw->last = block;
    return true;
}

static bool read_new(Raw *raw, char *out, size_t size, size_t *got, Err *err)
{
    if (raw->is_pipe && size > RAW_BLOCK) size = RAW_BLOCK;
    if (!read_some(raw, out, size, got, err)) return false;
    raw->ended = *got == 0;
    if (raw->is_pipe && *got && !raw->again && !keep(raw, out, *got, err)) return false;
    if (!raw->again) datahash_add(&raw->hash, out, *got);
    return true;
}

static bool replay(Raw *raw, char *out, size_t *got)
{
    Spool *block = raw->replay;
    *got = block ? block->n : 0;
    if (block) memcpy(out, block->bytes, block->n);
    raw->ended = !block;
    raw->replay = block ? block->next : NULL;
    return true;
}

static bool next_bytes(Raw *raw, char *out, size_t size, size_t *got, Err *err)
{
    *got = 0;
    if (raw->ended) return true;
    bool ok = raw->is_pipe && raw->again ? replay(raw, out, got) : read_new(raw, out, size, got, err);
    raw->done += (double)*got;
    return ok;
}

bool input_raw_fill(Raw *raw, Err *err)
{
    if (raw->start < raw->end) return true;
    raw->start = 0;
    return next_bytes(raw, raw->bytes, RAW_BLOCK, &raw->end, err);
}

bool input_raw_read(Raw *raw, char *out, size_t size, size_t *got, Err *err)
{
    if (raw->start == raw->end && size >= RAW_BLOCK) return next_bytes(raw, out, size, got, err);
    if (!input_raw_fill(raw, err)) return false;
    *got = raw->end - raw->start < size ? raw->end - raw->start : size;
    if (*got) memcpy(out, raw->bytes + raw->start, *got);
    raw->start += *got;
    return true;
}

bool input_raw_rewind(Raw *raw, Err *err)
{
    if (!raw->is_pipe && lseek(raw->file, raw->offset, SEEK_SET) < 0)
        return ERR(err, read_failed, raw->path, strerror(errno));
    raw->again = true;
    raw->ended = false;
    raw->replay = raw->spool;
    raw->start = raw->end = 0;
    raw->done = 0;
    return true;
}

void input_raw_close(Raw *raw)
{
    for (Spool *block = raw->spool, *next; block; block = next) {
        next = block->next;
        mem_free(block);
    }
    if (raw->file > STDIN_FILENO) close(raw->file);
    mem_free(raw->bytes);
    raw->bytes = NULL;
}

bool input_raw_hash(const char *path, Progress *progress, char hex[65], Err *err)
{
    Raw raw;
    unsigned char digest[DATAHASH_BYTES];
    bool ok = input_raw_open(&raw, path, progress, err);
    while (ok && (ok = input_raw_fill(&raw, err)) && raw.start < raw.end) {
        raw.start = raw.end;
        ok = progress_poll(progress, "check", raw.done, raw.size, err);
    }
    datahash_end(&raw.hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    input_raw_close(&raw);
    return ok;
}
