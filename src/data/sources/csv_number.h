/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field that is a number in the plain form that a column of numbers takes without a second look: finite, no
 * zeros in front, nothing around it. */
#ifndef FNS_DATA_SOURCES_CSV_NUMBER_H
#define FNS_DATA_SOURCES_CSV_NUMBER_H

#include <math.h>

#include "data/sources/decimal.h"

static inline bool csv_decimal(const char *text, size_t n, char point, Decimal *out)
{
    return n && decimal_scan(text, point, out) == text + n &&
           !(out->n_whole > 1 && text[*text == '-' || *text == '+'] == '0');
}

static inline bool csv_number(const char *text, size_t n, char point, double *out)
{
    Decimal decimal;
    if (!csv_decimal(text, n, point, &decimal)) return false;
    if (decimal_quick(&decimal, out)) return true;
    *out = decimal_value(&decimal, text, n);
    return isfinite(*out);
}

static inline bool csv_integer(const char *text, size_t n, int64_t *out)
{
    Decimal decimal;
    if (!csv_decimal(text, n, '.', &decimal) || !decimal_is_whole(&decimal)) return false;
    *out = decimal_whole(&decimal);
    return true;
}

#endif
