/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second layer of an input: gzip, one or several members, within limits. */
#ifndef FNS_DATA_SOURCES_INPUT_GZIP_H
#define FNS_DATA_SOURCES_INPUT_GZIP_H

#include "data/sources/input_raw.h"

typedef struct Gzip Gzip;

/* By content: the two bytes that begin a gzip file. */
bool gzip_begins(const char *bytes, size_t n);
Gzip *gzip_open(Raw *raw, Err *err);
/* *got = 0 at the end; errors of code bad_gzip. */
bool gzip_read(Gzip *gzip, char *out, size_t size, size_t *got, Err *err);
void gzip_close(Gzip *gzip);

#endif
