/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as JSON and back (jansson). Missing and numbers that are not finite are null; ranges, times
 * and durations become tagged objects, words and the rest texts. */
#ifndef FNS_BASE_JSON_H
#define FNS_BASE_JSON_H

#include <jansson.h>

#include "base/str.h"
#include "base/value.h"

json_t *json_of_value(const Value *value); /* a new reference; never NULL */
/* The same with times, durations and ranges as the texts that tables show. */
json_t *json_for_people(const Value *value);
Value json_to_value(const json_t *json, Arena *arena);
void json_write(Buf *out, const Value *value); /* compact, one line */
/* n bytes of JSON; error bad_model with `what`. Duplicate keys are refused. */
bool json_read(const char *text, size_t n, const char *what, Arena *arena, Value *out, Err *err);

#endif
