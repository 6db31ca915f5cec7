/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of cells; numbering by open addressing, with rows hashed in blocks so that their slots are fetched
 * together, or, where few words are possible, by a place for each. */
#include "data/keys.h"

#include <math.h>
#include <string.h>
#include <sys/random.h>

#include "data/order.h"
#include "data/sources/dict.h"

enum { BLOCK = 64, STRETCH = 1 << 16, DIRECT_BITS = 26, DIRECT_LEAST = 1 << 16 };

typedef struct KeySlot {
    uint32_t hash, number; /* number + 1; 0: free */
} KeySlot;

/* ---- words */

static bool is_text(const Column *column)
{
    return column->type == COLUMN_TEXT || column->type == COLUMN_CATEGORY;
}

static uint64_t integer_word(int64_t x)
{
    return ((uint64_t)x ^ 0x8000000000000000u) - 1;
}

static uint64_t number_word(double x)
{
    uint64_t bits;
    x += 0.0; /* -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits ^ 0x8000000000000000u;
}

#define WHOLE_MOST 9007199254740992.0 /* 2^53 */

/* Whether all numbers are whole, and near enough to 0 for their words to be those of integers. */
static bool is_whole(const KeyColumn *key)
{
    const Column *column = key->frame->columns[key->column].column;
    size_t other = 0;
    if (column->type != COLUMN_NUMBER) return column->type == COLUMN_INTEGER;
    for (size_t start = 0; start < column->n && !other; start += STRETCH) {
        size_t end = column->n - start < STRETCH ? column->n : start + STRETCH;
        for (size_t i = start; i < end; i++) {
            double x = column->numbers[i];
            other += !(fabs(x) <= WHOLE_MOST && x == (double)(int64_t)x) && x == x;
        }
    }
    return !other;
}

static inline uint64_t cell_word(const Column *column, size_t row, bool whole)
{
    if (column->type == COLUMN_TIME || (column->type == COLUMN_INTEGER && whole))
        return integer_word(column->integers[row]); /* INTEGER_MISSING becomes KEY_MISSING */
    double x = column_number(column, row);
    if (x != x) return KEY_MISSING;
    return whole ? integer_word((int64_t)x) : number_word(x);
}

static void plain_words(const KeyColumn *key, bool whole)
{
    const Column *column = key->frame->columns[key->column].column;
    const uint32_t *rows = key->frame->index ? key->frame->index->rows : NULL;
    for (size_t i = 0; i < key->frame->n_rows; i++)
        key->words[i] = cell_word(column, rows ? rows[i] : i, whole);
}

/* Codes from 1 in a dictionary that the columns share; 0 where missing. */
static bool text_codes(const KeyColumn *key, Dict *dict, Err *err)
{
    const Column *column = key->frame->columns[key->column].column;
    uint32_t n_levels = column->type == COLUMN_CATEGORY && column->levels ? column->levels->n : 0;
    uint32_t *codes = mem_get((size_t)n_levels + 1, sizeof *codes, err);
    bool done = codes != NULL;
    for (uint32_t k = 0; k < n_levels && done; k++) {
        const char *name = column->levels->names[k];
        done = (codes[k + 1] = dict_code(dict, name, strlen(name), err)) != 0;
    }
    for (size_t i = 0; i < key->frame->n_rows && done; i++) {
        size_t row = frame_physical(key->frame, i);
        if (column->type == COLUMN_CATEGORY)
            key->words[i] = codes[column->codes[row]];
        else if (column_is_missing(column, row))
            key->words[i] = 0;
        else {
            key->words[i] = dict_code(dict, column->bytes + column->offsets[row],
                                      column->offsets[row + 1] - column->offsets[row], err);
            done = key->words[i] != 0;
        }
    }
    mem_free(codes);
    return done;
}

static int compare_texts(const void *context, uint32_t a, uint32_t b)
{
    const Dict *dict = context;
    return strcmp(dict_text(dict, a + 1), dict_text(dict, b + 1));
}

/* From codes to the places of their texts in order. */
static bool rank_texts(KeyColumn *columns, int n, const Dict *dict, Err *err)
{
    uint32_t *order = mem_get(dict->n, sizeof *order, err);
    uint32_t *rank = order ? mem_get((size_t)dict->n + 1, sizeof *rank, err) : NULL;
    for (uint32_t i = 0; rank && i < dict->n; i++) order[i] = i;
    bool done = rank && rows_order(order, dict->n, compare_texts, dict, err);
    for (uint32_t i = 0; done && i < dict->n; i++) rank[order[i] + 1] = i;
    for (int k = 0; k < n && done; k++)
        for (size_t i = 0; i < columns[k].frame->n_rows; i++) {
            uint64_t code = columns[k].words[i];
            columns[k].words[i] = code ? rank[code] : KEY_MISSING;
        }
    mem_free(order);
    mem_free(rank);
    return done;
}

static bool text_words(KeyColumn *columns, int n, Err *err)
{
    Dict dict = { 0 };
    bool done = true;
    for (int k = 0; k < n && done; k++) done = text_codes(&columns[k], &dict, err);
    done = done && rank_texts(columns, n, &dict, err);
    dict_free(&dict);
    return done;
}

static bool is_number(const Column *column)
{
    return column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER;
}

/* Times of different precision are equal only where both are days or finer. */
static bool same_kind(const Column *a, const Column *b)
{
    if (is_text(a) || is_number(a)) return is_text(a) ? is_text(b) : is_number(b);
    if (a->type != b->type) return false;
    return a->type != COLUMN_TIME || a->unit == b->unit || (a->unit >= UNIT_DAY && b->unit >= UNIT_DAY);
}

bool key_words(KeyColumn *columns, int n, Err *err)
{
    const FrameColumn *first = &columns[0].frame->columns[columns[0].column];
    bool whole = true;
    for (int k = 0; k < n; k++) {
        const FrameColumn *other = &columns[k].frame->columns[columns[k].column];
        whole = whole && is_whole(&columns[k]);
        if (!same_kind(first->column, other->column))
            return ERR(err, key_types, first->name, column_type_name(first->column),
                       frame_label(columns[0].frame), column_type_name(other->column),
                       frame_label(columns[k].frame));
        columns[k].words = mem_stretch(NULL, 0, columns[k].frame->n_rows, sizeof(uint64_t), err);
        if (!columns[k].words) return false;
    }
    if (is_text(first->column)) return text_words(columns, n, err);
    for (int k = 0; k < n; k++) plain_words(&columns[k], whole);
    return true;
}

/* ---- numbers */

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Keyed anew for each index, so that no file can be made to collide. */
static uint32_t row_hash(const KeyIndex *index, const uint64_t *const *words, size_t row)
{
    uint64_t hash = index->seed;
    for (int k = 0; k < index->n_keys; k++)
        hash = mix(hash ^ words[k][row], 0xD6E8FEB86659FD93u ^ index->seed);
    return (uint32_t)(hash ^ hash >> 32);
}

static bool same_row(const KeyIndex *index, const uint64_t *const *words, size_t row, uint32_t number)
{
    for (int k = 0; k < index->n_keys; k++)
        if (words[k][row] != index->words[k][index->first[number]]) return false;
    return true;
}

static KeySlot *find_slot(const KeyIndex *index, const uint64_t *const *words, size_t row, uint32_t hash)
{
    for (size_t i = hash & index->mask;; i = (i + 1) & index->mask) {
        KeySlot *slot = &index->slots[i];
        if (!slot->number || (slot->hash == hash && same_row(index, words, row, slot->number - 1)))
            return slot;
    }
}

/* Room for another number: at most half of the slots are in use. */
static bool index_grow(KeyIndex *index, Err *err)
{
    uint32_t capacity = index->capacity ? index->capacity * 2 : 1024;
    uint32_t *first = mem_grow(index->first, index->capacity, capacity, sizeof *first, err);
    if (!first) return false;
    index->first = first;
    size_t n = 2 * (size_t)capacity;
    KeySlot *slots = mem_get(n, sizeof *slots, err);
    if (!slots) return false;
    for (size_t i = 0; index->slots && i <= index->mask; i++) {
        if (!index->slots[i].number) continue;
        size_t at = index->slots[i].hash & (n - 1);
        while (slots[at].number) at = (at + 1) & (n - 1);
        slots[at] = index->slots[i];
    }
    mem_free(index->slots);
    index->slots = slots;
    index->mask = n - 1;
    index->capacity = capacity;
    return true;
}

static void hash_block(const KeyIndex *index, const uint64_t *const *words, size_t start, size_t n,
                       uint32_t *hashes)
{
    for (size_t i = 0; i < n; i++) {
        hashes[i] = row_hash(index, words, start + i);
        __builtin_prefetch(&index->slots[hashes[i] & index->mask]);
    }
}

static bool number_row(KeyIndex *index, size_t row, uint32_t hash, uint32_t *number, Err *err)
{
    KeySlot *slot = find_slot(index, index->words, row, hash);
    if (!slot->number) {
        if (index->n == index->capacity) {
            if (!index_grow(index, err)) return false;
            slot = find_slot(index, index->words, row, hash);
        }
        index->first[index->n++] = (uint32_t)row;
        *slot = (KeySlot){ hash, index->n };
    }
    *number = slot->number - 1;
    return true;
}

/* ---- numbers by distance */

/* Room for a number of each possible row, where these are few. */
static bool open_direct(KeyIndex *index, size_t n, Err *err)
{
    int bits = 0;
    index->spans = mem_own((size_t)index->n_keys * sizeof *index->spans + 1);
    for (int k = 0; k < index->n_keys && bits <= DIRECT_BITS; k++)
        bits += (index->spans[k] = key_span(index->words[k], n)).bits;
    bool fits = bits <= DIRECT_BITS && ((size_t)1 << bits <= DIRECT_LEAST || (size_t)1 << bits <= 4 * n);
    if (!fits) return true;
    size_t possible = (size_t)1 << bits;
    index->direct = mem_get(possible, sizeof *index->direct, err);
    index->first = index->direct ? mem_get(possible < n ? possible : n, sizeof *index->first, err) : NULL;
    return index->first != NULL;
}

/* The place of a row among the possible ones; SIZE_MAX: it is none of them. */
static inline size_t direct_place(const KeyIndex *index, const uint64_t *const *words, size_t row)
{
    size_t place = 0;
    for (int k = 0; k < index->n_keys; k++) {
        uint64_t distance = key_distance(&index->spans[k], words[k][row]);
        if (distance > index->spans[k].largest) return SIZE_MAX;
        place = place << index->spans[k].bits | distance;
    }
    return place;
}

static void number_direct(KeyIndex *index, size_t from, size_t to, uint32_t *number)
{
    for (size_t i = from; i < to; i++) {
        uint32_t *slot = &index->direct[direct_place(index, index->words, i)];
        if (!*slot) {
            index->first[index->n++] = (uint32_t)i;
            *slot = index->n;
        }
        number[i] = *slot - 1;
    }
}

static void find_direct(const KeyIndex *index, const uint64_t *const *words, size_t from, size_t to,
                        uint32_t *number)
{
    for (size_t i = from; i < to; i++) {
        size_t place = direct_place(index, words, i);
        number[i] = place == SIZE_MAX ? KEY_NONE : index->direct[place] - 1; /* 0 - 1 is none */
    }
}

/* ---- the index */

static bool number_block(KeyIndex *index, size_t from, size_t to, uint32_t *number, Err *err)
{
    uint32_t hashes[BLOCK];
    for (size_t start = from; start < to; start += BLOCK) {
        size_t count = to - start < BLOCK ? to - start : BLOCK;
        hash_block(index, index->words, start, count, hashes);
        for (size_t i = 0; i < count; i++)
            if (!number_row(index, start + i, hashes[i], &number[start + i], err)) return false;
    }
    return true;
}

static void find_block(const KeyIndex *index, const uint64_t *const *words, size_t from, size_t to,
                       uint32_t *number)
{
    uint32_t hashes[BLOCK];
    for (size_t start = from; start < to; start += BLOCK) {
        size_t count = to - start < BLOCK ? to - start : BLOCK;
        hash_block(index, words, start, count, hashes);
        for (size_t i = 0; i < count; i++)
            number[start + i] = find_slot(index, words, start + i, hashes[i])->number - 1;
    }
}

bool key_index_build(KeyIndex *index, const uint64_t *const *words, int n_keys, size_t n, uint32_t *number,
                     Progress *progress, Err *err)
{
    *index = (KeyIndex){ .words = words, .n_keys = n_keys };
    if (getrandom(&index->seed, sizeof index->seed, 0) != sizeof index->seed)
        index->seed = 0x9E3779B97F4A7C15u;
    if (!open_direct(index, n, err) || (!index->direct && !index_grow(index, err))) return false;
    for (size_t start = 0; start < n; start += STRETCH) {
        size_t end = n - start < STRETCH ? n : start + STRETCH;
        if (index->direct)
            number_direct(index, start, end, number);
        else if (!number_block(index, start, end, number, err))
            return false;
        if (!progress_poll(progress, "keys", (double)start, (double)n, err)) return false;
    }
    return true;
}

bool key_index_find(const KeyIndex *index, const uint64_t *const *words, size_t n, uint32_t *number,
                    Progress *progress, Err *err)
{
    for (size_t start = 0; start < n; start += STRETCH) {
        size_t end = n - start < STRETCH ? n : start + STRETCH;
        if (index->direct)
            find_direct(index, words, start, end, number);
        else
            find_block(index, words, start, end, number);
        if (!progress_poll(progress, "keys", (double)start, (double)n, err)) return false;
    }
    return true;
}

void key_index_free(KeyIndex *index)
{
    mem_free(index->slots);
    mem_free(index->first);
    mem_free(index->direct);
    mem_free(index->spans);
    *index = (KeyIndex){ 0 };
}

/* ---- runs */

bool key_runs(const uint32_t *number, size_t n, uint32_t n_numbers, size_t **starts, uint32_t **rows,
              Err *err)
{
    *starts = mem_get((size_t)n_numbers + 2, sizeof **starts, err);
    *rows = *starts ? mem_stretch(NULL, 0, n, sizeof **rows, err) : NULL;
    if (!*rows) {
        mem_free(*starts);
        *starts = NULL;
        return false;
    }
    size_t *at = *starts + 1;
    for (size_t i = 0; i < n; i++)
        if (number[i] != KEY_NONE) at[number[i] + 1]++;
    for (uint32_t k = 0; k < n_numbers; k++) at[k + 1] += at[k];
    for (size_t i = 0; i < n; i++)
        if (number[i] != KEY_NONE) (*rows)[at[number[i]]++] = (uint32_t)i;
    return true;
}
