/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lowest layer of an input: the bytes of a descriptor, hashed on the way and kept where it cannot
 * be rewound. */
#ifndef FNS_DATA_SOURCES_INPUT_RAW_H
#define FNS_DATA_SOURCES_INPUT_RAW_H

#include "base/hash.h"
#include "base/progress.h"

enum { RAW_BLOCK = 128 << 10 };

typedef struct Spool Spool; /* a block of what a pipe gave */

typedef struct Raw {
    const char *path;
    Progress *progress;
    int file;
    bool is_pipe, again, ended;
    Spool *spool, *last, *replay; /* replay: the block to be given out next */
    long long offset;             /* of a regular file: where it began (standard input) */
    double done, size;
    DataHash hash;
    char *bytes; /* RAW_BLOCK of them, of which start .. end are not yet given out */
    size_t start, end;
} Raw;

bool input_raw_open(Raw *raw, const char *path, Progress *progress, Err *err);
/* At least one byte in bytes[start .. end], unless the end is reached. */
bool input_raw_fill(Raw *raw, Err *err);
/* Some bytes, at once to `out` where the buffer is empty; *got = 0 at the end. */
bool input_raw_read(Raw *raw, char *out, size_t size, size_t *got, Err *err);
bool input_raw_rewind(Raw *raw, Err *err);
void input_raw_close(Raw *raw);
/* XXH3-128 of all bytes of a file, as 32 hex digits. */
bool input_raw_hash(const char *path, Progress *progress, char hex[65], Err *err);

#endif
