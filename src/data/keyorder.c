/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordering rows by words: a radix sort from the last digit on. Where what differs in the words and the number
 * of a row fit into 64 bits they are sorted together, so that nothing is looked up; else rows are sorted by
 * one column after the other. */
#include <string.h>

#include "data/keys.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static bool in_order(const uint64_t *const *words, int n_keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (int k = 0; k < n_keys; k++) {
            if (words[k][i - 1] > words[k][i]) return false;
            if (words[k][i - 1] < words[k][i]) break;
        }
    return true;
}

KeySpan key_span(const uint64_t *words, size_t n)
{
    KeySpan span = { UINT64_MAX, 0, 0, 0 };
    bool any_missing = false;
    for (size_t i = 0; i < n; i++) {
        uint64_t word = words[i];
        bool missing = word == KEY_MISSING;
        any_missing |= missing;
        span.least = word < span.least ? word : span.least;
        word = missing ? 0 : word;
        span.most = word > span.most ? word : span.most;
    }
    if (span.least > span.most) return (KeySpan){ UINT64_MAX, UINT64_MAX - 1, 0, 0 }; /* all are missing */
    span.largest = span.most - span.least + any_missing;
    span.bits = span.largest ? 64 - __builtin_clzll(span.largest) : 0;
    return span;
}

/* A column's words and their span. */
typedef struct Digits {
    const uint64_t *words;
    KeySpan span;
} Digits;

/* Its words lie in the span. */
static inline uint64_t distance(const Digits *digits, size_t row)
{
    uint64_t word = digits->words[row];
    return (word == KEY_MISSING ? digits->span.most + 1 : word) - digits->span.least;
}

/* ---- words and row numbers together */

/* By the bits from shift on; false: all have the same digit, and nothing moved. */
static bool packed_pass(const uint64_t *from, uint64_t *to, size_t n, int shift)
{
    size_t at[DIGITS + 1] = { 0 };
    for (size_t i = 0; i < n; i++) at[(from[i] >> shift & (DIGITS - 1)) + 1]++;
    if (at[(from[0] >> shift & (DIGITS - 1)) + 1] == n) return false;
    for (int d = 0; d < DIGITS; d++) at[d + 1] += at[d];
    for (size_t i = 0; i < n; i++) to[at[from[i] >> shift & (DIGITS - 1)]++] = from[i];
    return true;
}

static void pack(const Digits *digits, int n_keys, int row_bits, uint64_t *packed, size_t n)
{
    for (size_t i = 0; i < n; i++) packed[i] = digits[0].span.bits ? distance(&digits[0], i) : 0;
    for (int k = 1; k < n_keys; k++) {
        if (!digits[k].span.bits) continue;
        for (size_t i = 0; i < n; i++) packed[i] = packed[i] << digits[k].span.bits | distance(&digits[k], i);
    }
    for (size_t i = 0; i < n; i++) packed[i] = packed[i] << row_bits | i;
}

static bool order_packed(const Digits *digits, int n_keys, int bits, int row_bits, uint32_t *rows, size_t n,
                         Err *err)
{
    uint64_t *room = mem_stretch(NULL, 0, n, 2 * sizeof *room, err), *from = room, *to = room + n;
    if (!room) return false;
    pack(digits, n_keys, row_bits, from, n);
    for (int shift = row_bits; shift < row_bits + bits; shift += DIGIT_BITS) {
        if (!packed_pass(from, to, n, shift)) continue;
        uint64_t *other = from;
        from = to;
        to = other;
    }
    for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)(from[i] & (((uint64_t)1 << row_bits) - 1));
    mem_free(room);
    return true;
}

/* ---- rows by their words */

static void digit_pass(const Digits *digits, int shift, const uint32_t *from, uint32_t *to, size_t n)
{
    size_t at[DIGITS + 1] = { 0 };
    for (size_t i = 0; i < n; i++) at[(distance(digits, from[i]) >> shift & (DIGITS - 1)) + 1]++;
    for (int d = 0; d < DIGITS; d++) at[d + 1] += at[d];
    for (size_t i = 0; i < n; i++) to[at[distance(digits, from[i]) >> shift & (DIGITS - 1)]++] = from[i];
}

static bool order_rows(const Digits *digits, int n_keys, uint32_t *rows, size_t n, Err *err)
{
    uint32_t *own = mem_get(n, sizeof *own, err), *from = rows, *to = own;
    if (!own) return false;
    for (int k = n_keys - 1; k >= 0; k--)
        for (int shift = 0; shift < digits[k].span.bits; shift += DIGIT_BITS) {
            digit_pass(&digits[k], shift, from, to, n);
            uint32_t *other = from;
            from = to;
            to = other;
        }
    if (from != rows) memcpy(rows, from, n * sizeof *rows);
    mem_free(own);
    return true;
}

bool key_order(const uint64_t *const *words, int n_keys, uint32_t *rows, size_t n, Err *err)
{
    for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)i;
    if (in_order(words, n_keys, n)) return true;
    Digits *digits = mem_own((size_t)n_keys * sizeof *digits);
    int bits = 0, row_bits = 64 - __builtin_clzll((uint64_t)(n - 1));
    for (int k = 0; k < n_keys; k++)
        bits += (digits[k] = (Digits){ words[k], key_span(words[k], n) }).span.bits;
    bool ok = bits + row_bits <= 64 ? order_packed(digits, n_keys, bits, row_bits, rows, n, err)
                                    : order_rows(digits, n_keys, rows, n, err);
    mem_free(digits);
    return ok;
}
