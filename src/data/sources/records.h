/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of a JSON file, one after another: a line each, or the elements of one array. */
#ifndef FNS_DATA_SOURCES_RECORDS_H
#define FNS_DATA_SOURCES_RECORDS_H

#include <jansson.h>

#include "data/sources/window.h"

typedef struct Records {
    Window window;
    bool array, ended; /* ended: the array's ] was read */
    bool wide;         /* the last record has integers beyond 64 bits: all of its numbers came as reals */
    size_t n;          /* records so far, the last one included */
    long long line;    /* where that one begins, from 1 */
    long long next_line;
} Records;

/* Looks whether it is an array. The records close the input with themselves. */
bool records_open(Records *records, Input *input, Progress *progress, Err *err);
/* The next record, an object, to be given back with json_decref; *out NULL: there is none. Errors: bad_json,
 * which leaves the records at the next one, and those that end the reading: open_json, too_large,
 * read_failed, interrupted. */
bool records_next(Records *records, json_t **out, Err *err);
bool records_rewind(Records *records, Err *err);
void records_close(Records *records);

#endif
