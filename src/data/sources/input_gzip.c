/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gzip through zlib. Deflate packs a run of equal bytes about 1030 times; real tables reach 5 to 50
 * times. What goes beyond 64 MiB must stay below 300 times, and all of it below 256 GiB. */
#include "data/sources/input_gzip.h"

#include <zlib.h>

#include "base/mem.h"

#define FREE_BYTES  (64.0 * 1024 * 1024)
#define TOTAL_BYTES (256.0 * 1024 * 1024 * 1024)
enum { RATIO_LARGEST = 300 };

struct Gzip {
    Raw *raw;
    z_stream stream;
    double made;
    bool inside; /* of a member */
    bool ready;  /* inflateInit was called */
};

bool gzip_begins(const char *bytes, size_t n)
{
    return n >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

Gzip *gzip_open(Raw *raw, Err *err)
{
    Gzip *gzip = mem_get(1, sizeof *gzip, err);
    if (!gzip) return NULL;
    gzip->raw = raw;
    gzip->inside = true;
    gzip->ready = inflateInit2(&gzip->stream, 16 + MAX_WBITS) == Z_OK;
    if (gzip->ready) return gzip;
    ERR(err, no_memory, raw->path);
    gzip_close(gzip);
    return NULL;
}

void gzip_close(Gzip *gzip)
{
    if (!gzip) return;
    if (gzip->ready) inflateEnd(&gzip->stream);
    mem_free(gzip);
}

/* Between members: zeros are padding, anything else must be the next one. */
static bool next_member(Gzip *gzip, bool *at_end, Err *err)
{
    Raw *raw = gzip->raw;
    do {
        while (raw->start < raw->end && raw->bytes[raw->start] == '\0') raw->start++;
        if (!input_raw_fill(raw, err)) return false;
    } while (raw->start < raw->end && raw->bytes[raw->start] == '\0');
    *at_end = raw->start == raw->end;
    if (*at_end) return true;
    if (raw->bytes[raw->start] != '\x1f')
        return ERR(err, gzip_bad, raw->path, "other bytes follow the compressed data");
    gzip->inside = true;
    inflateReset(&gzip->stream);
    return true;
}

static bool within_limits(const Gzip *gzip, Err *err)
{
    if (gzip->made <= FREE_BYTES) return true;
    if (gzip->made <= TOTAL_BYTES && gzip->made <= RATIO_LARGEST * gzip->raw->done) return true;
    ERR(err, gzip_bomb, gzip->raw->path, INT(gzip->made / gzip->raw->done));
    return err_hint(err, "unpack it with gunzip if you trust it");
}

static bool inflate_some(Gzip *gzip, char *out, size_t size, size_t *got, Err *err)
{
    Raw *raw = gzip->raw;
    z_stream *stream = &gzip->stream;
    if (!input_raw_fill(raw, err)) return false;
    if (raw->start == raw->end) return ERR(err, gzip_cut, raw->path);
    stream->next_in = (unsigned char *)raw->bytes + raw->start;
    stream->avail_in = (unsigned)(raw->end - raw->start);
    stream->next_out = (unsigned char *)out;
    stream->avail_out = size < 1 << 30 ? (unsigned)size : 1u << 30;
    unsigned room = stream->avail_out;
    int status = inflate(stream, Z_NO_FLUSH);
    raw->start = raw->end - stream->avail_in;
    *got = room - stream->avail_out;
    gzip->made += (double)*got;
    if (status == Z_STREAM_END) gzip->inside = false;
    if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) return true;
    return ERR(err, gzip_bad, raw->path, stream->msg ? stream->msg : "not gzip");
}

bool gzip_read(Gzip *gzip, char *out, size_t size, size_t *got, Err *err)
{
    *got = 0;
    while (*got == 0) {
        bool at_end = false;
        if (!gzip->inside && !next_member(gzip, &at_end, err)) return false;
        if (at_end) return true;
        if (!inflate_some(gzip, out, size, got, err) || !within_limits(gzip, err)) return false;
        if (!progress_poll(gzip->raw->progress, "read", gzip->raw->done, gzip->raw->size, err)) return false;
    }
    return true;
}
