/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a text file, a pipe or standard input ("-") as UTF-8: gzip is unpacked by its content,
 * other encodings pass through iconv. Nothing is held but small buffers, and of a pipe what was read,
 * so that it can be read again. */
#ifndef FNS_DATA_SOURCES_INPUT_H
#define FNS_DATA_SOURCES_INPUT_H

#include "base/progress.h"

typedef struct Input Input;

/* encoding NULL: UTF-8, or UTF-16 after its byte-order mark. Errors: no_file, is_folder, read_failed,
 * bad_encoding, empty_file. */
Input *input_open(const char *path, const char *encoding, Progress *progress, Err *err);
/* 1 to size bytes (size at least 64), or *got = 0 at the end. Errors: read_failed, bad_gzip (cut off,
 * damaged, or of an unreasonable size unpacked), bad_encoding, interrupted. */
bool input_read(Input *input, char *out, size_t size, size_t *got, Err *err);
bool input_rewind(Input *input, Err *err);
void input_close(Input *input);

const char *input_path(const Input *input);
const char *input_encoding(const Input *input); /* "UTF-8", "gb18030" */
double input_done(const Input *input);          /* bytes of the file read so far ... */
double input_size(const Input *input);          /* ... and all of them; 0: not known */
bool input_is_packed(const Input *input);
/* XXH3-128 of the bytes of the file, as 32 hex digits; to be called once, at its end. */
void input_hash(Input *input, char out[65]);

#endif
