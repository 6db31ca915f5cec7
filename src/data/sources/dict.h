/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dictionary of texts: codes from 1 in the order of first appearance. */
#ifndef FNS_DATA_SOURCES_DICT_H
#define FNS_DATA_SOURCES_DICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

typedef struct Dict {
    char *bytes; /* the texts, each with a final 0 */
    size_t n_bytes, bytes_capacity;
    size_t *starts; /* n + 1: text of code c is bytes[starts[c - 1]] .. bytes[starts[c] - 2] */
    uint32_t n, capacity;
    struct DictSlot *slots;
    uint32_t mask; /* slots - 1; 0: none yet */
    uint64_t key;
} Dict;

/* The code of a text, added where it is new; 0 without memory (error in err). */
uint32_t dict_code(Dict *dict, const char *text, size_t n, Err *err);
/* The code of a text, or 0: it is not there. */
uint32_t dict_find(const Dict *dict, const char *text, size_t n);
static inline const char *dict_text(const Dict *dict, uint32_t code)
{
    return dict->bytes + dict->starts[code - 1];
}
static inline size_t dict_length(const Dict *dict, uint32_t code)
{
    return dict->starts[code] - dict->starts[code - 1] - 1;
}
void dict_clear(Dict *dict); /* forgets the texts */
void dict_free(Dict *dict);  /* leaves it empty */

#endif
