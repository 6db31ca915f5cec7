/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special values, as bureau files have them (-999: never had a card): `load special=` reads them as missing
 * numbers that remember their code. Such a number is a NaN whose lower 32 bits hold the code, so that it is
 * missing to everything that computes, and copies of it keep the code. */
#ifndef FNS_DATA_SPECIAL_H
#define FNS_DATA_SPECIAL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SPECIALS_MAX = 32 }; /* of a column; others are missing values and no more */

#define SPECIAL_MARK  0x7FF8535000000000u /* a quiet NaN; the sign is not looked at */
#define SPECIAL_WHERE 0x7FFFFFFF00000000u

static inline double special_make(int32_t code)
{
    uint64_t bits = SPECIAL_MARK | (uint32_t)code;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline bool special_is(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & SPECIAL_WHERE) == SPECIAL_MARK;
}

/* Of a number that special_is. */
static inline int32_t special_code(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int32_t)(uint32_t)bits;
}

/* Whether a number can be a code: whole, of 32 bits. */
static inline bool special_fits(double x)
{
    return x == trunc(x) && fabs(x) <= INT32_MAX;
}

/* Adds the codes among n numbers to *n_codes rising ones, SPECIALS_MAX at most. */
void special_collect(const double *x, size_t n, int32_t *codes, int *n_codes);
/* The place of a number's code among n codes, or -1. */
static inline int special_place(double x, const int32_t *codes, int n)
{
    if (!special_is(x)) return -1;
    for (int k = 0; k < n; k++)
        if (codes[k] == special_code(x)) return k;
    return -1;
}

#endif
