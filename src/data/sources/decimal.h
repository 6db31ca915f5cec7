/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal numbers in text: [+-] digits [point digits] [e [+-] digits], eight digits at a time, to the
 * same double that strtod gives. Up to 2^53 over a power of ten up to 10^22 is one exactly rounded
 * operation (Clinger, "How to read floating point numbers accurately", PLDI 1990); decimal_value does
 * the rest. The text must be readable for 8 bytes beyond its end. */
#ifndef FNS_DATA_SOURCES_DECIMAL_H
#define FNS_DATA_SOURCES_DECIMAL_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Decimal {
    uint64_t digits; /* valid up to 19 of them */
    int n_digits;    /* leading zeros included */
    int n_whole;     /* those before the point */
    int exponent;    /* the value is digits * 10^exponent */
    bool negative, has_point, has_exponent;
} Decimal;

extern const double decimal_powers[23];        /* 1e0 .. 1e22 */
extern const uint64_t decimal_whole_powers[9]; /* 1 .. 10^8 */

/* The value of a scanned number whose text is the n bytes at `text`. */
double decimal_value(const Decimal *decimal, const char *text, size_t n);

static inline uint64_t decimal_load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word) ^ 0x3030303030303030u; /* digits become 0 to 9 */
}

/* How many bytes from the first are 0 to 9; a carry only reaches bytes behind the first other one. */
static inline int decimal_count(uint64_t word)
{
    uint64_t other = ((word + 0x7676767676767676u) | word) & 0x8080808080808080u;
    return other ? __builtin_ctzll(other) >> 3 : 8;
}

/* Eight digits, the first in the lowest byte, as pairs, fours and the whole. */
static inline uint64_t decimal_eight(uint64_t word)
{
    word = word * 10 + (word >> 8);
    return ((word & 0x000000FF000000FFu) * 0x000F424000000064u +
            ((word >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u) >>
           32;
}

static inline const char *decimal_digits(const char *p, Decimal *out)
{
    for (;;) {
        uint64_t word = decimal_load(p);
        int n = decimal_count(word);
        if (n == 0) return p;
        out->digits = out->digits * decimal_whole_powers[n] + decimal_eight(word << (64 - 8 * n));
        out->n_digits += n;
        p += n;
        if (n < 8) return p;
    }
}

/* p stands on 'e' or 'E'. NULL where no digit follows. */
static inline const char *decimal_exponent(const char *p, Decimal *out)
{
    int exponent = 0;
    bool minus = *++p == '-';
    if (*p == '-' || *p == '+') p++;
    if (*p < '0' || *p > '9') return NULL;
    for (; *p >= '0' && *p <= '9'; p++)
        if (exponent < 100000) exponent = exponent * 10 + (*p - '0');
    out->exponent += minus ? -exponent : exponent;
    out->has_exponent = true;
    return p;
}

/* The end of the number that begins at p, or NULL where none does. */
static inline const char *decimal_scan(const char *p, char point, Decimal *out)
{
    *out = (Decimal){ .negative = *p == '-' };
    p += *p == '-' || *p == '+';
    if (p[0] >= '0' && p[0] <= '9' && p[1] == point) { /* the common case of 0.123 */
        out->digits = (uint64_t)(*p++ - '0');
        out->n_digits = 1;
    } else {
        p = decimal_digits(p, out);
    }
    out->n_whole = out->n_digits;
    if (*p == point) {
        p = decimal_digits(p + 1, out);
        out->exponent = out->n_whole - out->n_digits;
        out->has_point = true;
    }
    if (out->n_digits == 0) return NULL;
    return (*p | 32) == 'e' ? decimal_exponent(p, out) : p;
}

/* An integer as int64 holds it; -0 is none. */
static inline bool decimal_is_whole(const Decimal *decimal)
{
    return !decimal->has_point && !decimal->has_exponent && decimal->n_digits <= 19 &&
           decimal->digits <= INT64_MAX && !(decimal->negative && decimal->digits == 0);
}
static inline int64_t decimal_whole(const Decimal *decimal)
{
    return decimal->negative ? -(int64_t)decimal->digits : (int64_t)decimal->digits;
}

/* True, with the value, where one operation gives it. */
static inline bool decimal_quick(const Decimal *decimal, double *out)
{
    if (decimal->n_digits > 19 || decimal->digits >> 53 || decimal->exponent < -22 || decimal->exponent > 22)
        return false;
    double x = (double)decimal->digits;
    x = decimal->exponent < 0 ? x / decimal_powers[-decimal->exponent]
                              : x * decimal_powers[decimal->exponent];
    *out = decimal->negative ? -x : x;
    return true;
}

#endif
