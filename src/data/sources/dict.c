/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dictionary of texts: open addressing, with a hash keyed anew for each dictionary, so that no file
 * can be made to collide. */
#include "data/sources/dict.h"

#include <string.h>
#include <sys/random.h>

#include "base/mem.h"

typedef struct DictSlot {
    uint32_t hash, code; /* code 0: free */
} DictSlot;

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_text(uint64_t key, const char *text, size_t n)
{
    uint64_t hash = key ^ (n * 0x9E3779B97F4A7C15u), word;
    for (; n >= 8; text += 8, n -= 8) {
        memcpy(&word, text, 8);
        hash = mix(hash ^ word, 0xD6E8FEB86659FD93u ^ key);
    }
    word = 0;
    if (n) memcpy(&word, text, n);
    hash = mix(hash ^ word, 0xA0761D6478BD642Fu ^ key);
    return (uint32_t)(hash ^ hash >> 32);
}

/* The slot that holds the text, or the free one where it belongs. */
static DictSlot *find_slot(const Dict *dict, uint32_t hash, const char *text, size_t n)
{
    for (uint32_t i = hash & dict->mask;; i = (i + 1) & dict->mask) {
        DictSlot *slot = &dict->slots[i];
        if (!slot->code) return slot;
        if (slot->hash == hash && dict_length(dict, slot->code) == n &&
            memcmp(dict_text(dict, slot->code), text, n) == 0)
            return slot;
    }
}

static bool grow_slots(Dict *dict, Err *err)
{
    uint32_t n = dict->mask ? 2 * (dict->mask + 1) : 64;
    DictSlot *slots = mem_get(n, sizeof *slots, err);
    if (!slots) return false;
    for (uint32_t i = 0; dict->mask && i <= dict->mask; i++) {
        if (!dict->slots[i].code) continue;
        uint32_t at = dict->slots[i].hash & (n - 1);
        while (slots[at].code) at = (at + 1) & (n - 1);
        slots[at] = dict->slots[i];
    }
    mem_free(dict->slots);
    dict->slots = slots;
    dict->mask = n - 1;
    return true;
}

static bool grow_texts(Dict *dict, size_t n, Err *err)
{
    if (dict->n == dict->capacity) {
        uint32_t capacity = dict->capacity ? 2 * dict->capacity : 32;
        size_t *starts = mem_grow(dict->starts, dict->capacity ? dict->capacity + (size_t)1 : 0,
                                  capacity + (size_t)1, sizeof *starts, err);
        if (!starts) return false;
        dict->starts = starts;
        dict->capacity = capacity;
    }
    if (dict->n_bytes + n + 1 <= dict->bytes_capacity) return true;
    size_t capacity = 2 * (dict->n_bytes + n + 1) + 256;
    char *bytes = mem_grow(dict->bytes, dict->n_bytes, capacity, 1, err);
    if (!bytes) return false;
    dict->bytes = bytes;
    dict->bytes_capacity = capacity;
    return true;
}

static uint64_t new_key(void)
{
    uint64_t key;
    return getentropy(&key, sizeof key) == 0 ? key : 0x2545F4914F6CDD1Du;
}

uint32_t dict_code(Dict *dict, const char *text, size_t n, Err *err)
{
    if (!dict->key) dict->key = new_key() | 1;
    if (dict->n >= dict->mask - dict->mask / 4 && !grow_slots(dict, err)) return 0;
    uint32_t hash = hash_text(dict->key, text, n);
    DictSlot *slot = find_slot(dict, hash, text, n);
    if (slot->code) return slot->code;
    if (!grow_texts(dict, n, err)) return 0;
    if (n) memcpy(dict->bytes + dict->n_bytes, text, n);
    dict->bytes[dict->n_bytes + n] = '\0';
    dict->starts[dict->n] = dict->n_bytes;
    dict->n_bytes += n + 1;
    dict->starts[++dict->n] = dict->n_bytes;
    *slot = (DictSlot){ hash, dict->n };
    return dict->n;
}

uint32_t dict_find(const Dict *dict, const char *text, size_t n)
{
    return dict->mask ? find_slot(dict, hash_text(dict->key, text, n), text, n)->code : 0;
}

void dict_clear(Dict *dict)
{
    if (dict->n) memset(dict->slots, 0, (dict->mask + (size_t)1) * sizeof *dict->slots);
    dict->n = 0;
    dict->n_bytes = 0;
}

void dict_free(Dict *dict)
{
    mem_free(dict->bytes);
    mem_free(dict->starts);
    mem_free(dict->slots);
    *dict = (Dict){ 0 };
}
