/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbering equal byte strings: a hash table with linear probing over strings kept in one block. */
#include <string.h>

#include "base/hash.h"
#include "data/expr/expr_plan.h"

static size_t begin_of(const Dictionary *dictionary, size_t i)
{
    return i ? dictionary->ends[i - 1] : 0;
}

static bool holds(const Dictionary *dictionary, size_t i, const void *bytes, size_t length)
{
    size_t begin = begin_of(dictionary, i);
    return dictionary->ends[i] - begin == length &&
           (length == 0 || memcmp(dictionary->bytes + begin, bytes, length) == 0);
}

static size_t slot_of(const Dictionary *dictionary, const void *bytes, size_t length)
{
    size_t mask = dictionary->n_slots - 1, slot = (size_t)hash_bytes(bytes, length) & mask;
    while (dictionary->slots[slot] && !holds(dictionary, dictionary->slots[slot] - 1, bytes, length))
        slot = (slot + 1) & mask;
    return slot;
}

static bool grow_slots(Dictionary *dictionary, Err *err)
{
    size_t n = dictionary->n_slots ? dictionary->n_slots * 2 : 64;
    uint32_t *slots = mem_get(n, sizeof *slots, err);
    if (!slots) return false;
    mem_free(dictionary->slots);
    dictionary->slots = slots;
    dictionary->n_slots = n;
    for (size_t i = 0; i < dictionary->n; i++) {
        size_t begin = begin_of(dictionary, i);
        size_t slot = slot_of(dictionary, dictionary->bytes + begin, dictionary->ends[i] - begin);
        slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

static bool grow(void **block, size_t *capacity, size_t need, size_t size, Err *err)
{
    if (need <= *capacity) return true;
    size_t more = need + need / 2 + 64;
    void *grown = mem_grow(*block, *capacity, more, size, err);
    if (!grown) return false;
    *block = grown;
    *capacity = more;
    return true;
}

uint32_t dictionary_add(Dictionary *dictionary, const void *bytes, size_t length, Err *err)
{
    if (dictionary->n * 2 >= dictionary->n_slots && !grow_slots(dictionary, err)) return 0;
    size_t slot = slot_of(dictionary, bytes, length);
    if (dictionary->slots[slot]) return dictionary->slots[slot];
    if (!grow((void **)&dictionary->bytes, &dictionary->byte_capacity, dictionary->used + length, 1, err) ||
        !grow((void **)&dictionary->ends, &dictionary->capacity, dictionary->n + 1, sizeof(size_t), err))
        return 0;
    if (length) memcpy(dictionary->bytes + dictionary->used, bytes, length);
    dictionary->used += length;
    dictionary->ends[dictionary->n++] = dictionary->used;
    return dictionary->slots[slot] = (uint32_t)dictionary->n;
}

void dictionary_free(Dictionary *dictionary)
{
    mem_free(dictionary->bytes);
    mem_free(dictionary->ends);
    mem_free(dictionary->slots);
    *dictionary = (Dictionary){ 0 };
}
