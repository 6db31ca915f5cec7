/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs: descriptor, then gzip, then iconv, each where it is needed. */
#include "data/sources/input.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/sources/input_gzip.h"
#include "data/sources/input_raw.h"

enum { FOREIGN_BLOCK = 64 << 10 };

struct Input {
    Raw raw;
    Gzip *gzip;             /* NULL: plain */
    char lead[4];           /* the first unpacked bytes, looked at for a byte-order mark ... */
    size_t lead_at, lead_n; /* ... and not yet given out */
    size_t mark;            /* bytes of the mark */
    char encoding[64];
    iconv_t converter; /* (iconv_t)-1: none is needed */
    char *foreign;     /* FOREIGN_BLOCK bytes to be converted, start .. end of them */
    size_t foreign_start, foreign_end;
    double foreign_done;
    bool foreign_ended;
};

static bool unpacked_read(Input *input, char *out, size_t size, size_t *got, Err *err)
{
    *got = input->lead_n - input->lead_at;
    if (*got) {
        memcpy(out, input->lead + input->lead_at, *got);
        input->lead_at = input->lead_n;
        return true;
    }
    return input->gzip ? gzip_read(input->gzip, out, size, got, err)
                       : input_raw_read(&input->raw, out, size, got, err);
}

/* ---- encodings */

static bool foreign_fill(Input *input, Err *err)
{
    size_t left = input->foreign_end - input->foreign_start, got;
    memmove(input->foreign, input->foreign + input->foreign_start, left);
    input->foreign_done += (double)input->foreign_start;
    input->foreign_start = 0;
    if (!unpacked_read(input, input->foreign + left, FOREIGN_BLOCK - left, &got, err)) return false;
    input->foreign_end = left + got;
    input->foreign_ended = got == 0;
    return true;
}

static bool not_in_encoding(const Input *input, Err *err)
{
    return ERR(err, not_in_encoding, input->raw.path, input->encoding,
               INT(input->foreign_done + (double)input->foreign_start + 1));
}

static bool foreign_read(Input *input, char *out, size_t size, size_t *got, Err *err)
{
    *got = 0;
    while (*got == 0) {
        char *from = input->foreign + input->foreign_start, *to = out;
        size_t n_from = input->foreign_end - input->foreign_start, n_to = size;
        size_t status = iconv(input->converter, &from, &n_from, &to, &n_to);
        int reason = status == (size_t)-1 ? errno : 0;
        input->foreign_start = input->foreign_end - n_from;
        *got = size - n_to;
        if (reason == EILSEQ) {
            if (*got) return true; /* what was converted first; the error comes with the next call */
            return not_in_encoding(input, err);
        }
        if (*got || reason == E2BIG) continue;
        if (input->foreign_ended) return n_from == 0 || not_in_encoding(input, err);
        if (!foreign_fill(input, err)) return false;
    }
    return true;
}

static bool is_utf8_name(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0 || strcasecmp(name, "ascii") == 0;
}

static bool start_converter(Input *input, Err *err)
{
    if (is_utf8_name(input->encoding)) return true;
    input->converter = iconv_open("UTF-8", input->encoding);
    if (input->converter == (iconv_t)-1) {
        ERR(err, bad_encoding, input->encoding);
        return err_hint(err, "latin1, windows-1252, gb18030, big5, shift_jis, utf-16 are some");
    }
    input->foreign = mem_get(FOREIGN_BLOCK, 1, err);
    return input->foreign != NULL;
}

/* ---- opening */

/* UTF-8's mark is skipped; UTF-16's decides the encoding where none, or only utf-16, was given. */
static void take_mark(Input *input, const char *encoding)
{
    const unsigned char *lead = (const unsigned char *)input->lead;
    bool utf8 = !encoding || is_utf8_name(encoding);
    bool utf16 = !encoding || strcasecmp(encoding, "utf-16") == 0 || strcasecmp(encoding, "utf16") == 0;
    snprintf(input->encoding, sizeof input->encoding, "%s", utf8 ? "UTF-8" : encoding);
    if (utf8 && input->lead_n >= 3 && memcmp(lead, "\xEF\xBB\xBF", 3) == 0) {
        input->mark = 3;
    } else if (utf16 && input->lead_n >= 2 && (lead[0] ^ lead[1]) == 1 && lead[0] >= 0xFE) {
        strcpy(input->encoding, lead[0] == 0xFF ? "UTF-16LE" : "UTF-16BE");
        input->mark = 2;
    }
}

static bool read_lead(Input *input, Err *err)
{
    input->lead_at = input->lead_n = 0;
    for (size_t got = 1; input->lead_n < sizeof input->lead && got; input->lead_n += got) {
        char *to = input->lead + input->lead_n;
        size_t room = sizeof input->lead - input->lead_n;
        bool ok = input->gzip ? gzip_read(input->gzip, to, room, &got, err)
                              : input_raw_read(&input->raw, to, room, &got, err);
        if (!ok) return false;
    }
    return true;
}

static bool start_layers(Input *input, Err *err)
{
    Raw *raw = &input->raw;
    if (!input_raw_fill(raw, err)) return false;
    if (raw->start == raw->end) return ERR(err, empty_file, raw->path);
    if (gzip_begins(raw->bytes, raw->end) && !(input->gzip = gzip_open(raw, err))) return false;
    return read_lead(input, err);
}

Input *input_open(const char *path, const char *encoding, Progress *progress, Err *err)
{
    Input *input = mem_get(1, sizeof *input, err);
    if (!input) return NULL;
    input->converter = (iconv_t)-1;
    if (input_raw_open(&input->raw, path, progress, err) && start_layers(input, err)) {
        take_mark(input, encoding);
        input->lead_at = input->mark;
        if (start_converter(input, err)) return input;
    }
    input_close(input);
    return NULL;
}

bool input_read(Input *input, char *out, size_t size, size_t *got, Err *err)
{
    return input->converter == (iconv_t)-1 ? unpacked_read(input, out, size, got, err)
                                           : foreign_read(input, out, size, got, err);
}

bool input_rewind(Input *input, Err *err)
{
    gzip_close(input->gzip);
    input->gzip = NULL;
    if (!input_raw_rewind(&input->raw, err) || !start_layers(input, err)) return false;
    input->lead_at = input->mark < input->lead_n ? input->mark : input->lead_n;
    input->foreign_start = input->foreign_end = 0;
    input->foreign_done = 0;
    input->foreign_ended = false;
    if (input->foreign) iconv(input->converter, NULL, NULL, NULL, NULL);
    return true;
}

void input_close(Input *input)
{
    if (!input) return;
    gzip_close(input->gzip);
    if (input->converter != (iconv_t)-1) iconv_close(input->converter);
    mem_free(input->foreign);
    input_raw_close(&input->raw);
    mem_free(input);
}

/* ---- facts */

const char *input_path(const Input *input)
{
    return input->raw.path;
}

const char *input_encoding(const Input *input)
{
    return input->encoding;
}

double input_done(const Input *input)
{
    return input->raw.done;
}

double input_size(const Input *input)
{
    return input->raw.size;
}

bool input_is_packed(const Input *input)
{
    return input->gzip != NULL;
}

void input_hash(Input *input, char out[65])
{
    unsigned char digest[DATAHASH_BYTES];
    datahash_end(&input->raw.hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, out);
}
