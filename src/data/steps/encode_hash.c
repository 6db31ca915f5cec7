/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode method=hash (the hashing trick, Weinberger and others 2009): 2^bits columns in the place of the
 * levels; a row has 1 in the column h mod 2^bits, h the 32-bit MurmurHash3 (Appleby 2011, seed 0) of
 * "COLUMN=LEVEL" in size, or, signed, the sign of h there. Missing cells and levels that no training row
 * showed have 0 in all of them. The hash of "c=a" is 1180577101. */
#include <string.h>

#include "data/steps/encode.h"

enum { BITS_MAX = 12 };

static uint32_t turn(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static uint32_t mix_word(uint32_t word)
{
    return turn(word * 0xcc9e2d51u, 15) * 0x1b873593u;
}

static int32_t murmur(const char *text)
{
    size_t n = strlen(text);
    uint32_t hash = 0, tail = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t byte = (uint8_t)text[i];
        tail |= byte << 8 * (i % 4);
        if (i % 4 != 3) continue;
        hash = turn(hash ^ mix_word(tail), 13) * 5 + 0xe6546b64u;
        tail = 0;
    }
    if (n % 4) hash ^= mix_word(tail);
    hash ^= (uint32_t)n;
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return (int32_t)(hash ^ hash >> 16);
}

void encode_fit_hash(const Options *opts, Arena *arena, Record *fitted)
{
    record_number(arena, fitted, "bits", (double)option_integer(opts, "bits"));
    if (option_bool(opts, "signed")) record_set(arena, fitted, "signed", value_bool(true));
}

/* The place and the sign of each code of the category; code 0 has sign 0. */
typedef struct Bucket {
    uint32_t place;
    int sign;
} Bucket;

static Bucket *make_buckets(const Feature *feature, uint32_t n, Err *err)
{
    Bucket *buckets = mem_get((size_t)feature->levels->n + 1, sizeof *buckets, err);
    for (uint32_t code = 1; buckets && code <= feature->levels->n; code++) {
        Buf text = { 0 };
        buf_printf(&text, "%s=%s", feature->name, feature->levels->names[code - 1]);
        int64_t hash = murmur(buf_text(&text));
        buf_free(&text);
        buckets[code] = (Bucket){ (uint32_t)((hash < 0 ? -hash : hash) % n), hash < 0 ? -1 : 1 };
    }
    return buckets;
}

bool encode_apply_hash(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    double bits;
    bool is_signed = state_bool(fitted, "signed");
    if (!state_number(fitted, "bits", &bits) || !(bits >= 1 && bits <= BITS_MAX))
        return state_bad(&set->items[i], err);
    uint32_t n = 1u << (int)bits;
    const char *name = set->items[i].name, *from = set->items[i].from;
    for (uint32_t k = 0; k < n; k++) {
        char *column = arena_format(set->arena, "%s=#%u", name, k + 1);
        FeatureKind kind = is_signed ? FEATURE_NUMBER : FEATURE_FLAG;
        if (!feature_insert(set, i + 1 + (int)k, column, from, kind, err)) return false;
    }
    const Feature *feature = &set->items[i], *columns = feature + 1;
    for (uint32_t k = 0; k < n && is_signed; k++)
        memset(columns[k].numbers, 0, set->n_rows * sizeof *columns[k].numbers);
    Bucket *buckets = make_buckets(feature, n, err);
    if (!buckets) return false;
    for (size_t row = 0; row < set->n_rows; row++) {
        uint32_t code = feature->codes[row];
        if (code == 0 || code > feature->levels->n) continue;
        if (is_signed)
            columns[buckets[code].place].numbers[row] = buckets[code].sign;
        else
            columns[buckets[code].place].flags[row] = 1;
    }
    mem_free(buckets);
    return feature_remove(set, i);
}
