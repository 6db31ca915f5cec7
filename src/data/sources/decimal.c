/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal numbers that one double operation does not give. */
#include "data/sources/decimal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

const double decimal_powers[23] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
const uint64_t decimal_whole_powers[9] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };

#if LDBL_MANT_DIG == 64
/* Nineteen digits and powers up to 10^27 are exact in 64 bits, so that one operation is wrong by at most
 * half a unit there. Rounding that to 53 bits is right unless the 64 bits stand halfway between two
 * doubles, where what was cut before would decide. */
static bool through_long_double(const Decimal *decimal, double *out)
{
    static const long double powers[28] = { 1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                            1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                            1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                            1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L };
    int exponent = decimal->exponent;
    if (decimal->n_digits > 19 || exponent < -27 || exponent > 27) return false;
    long double x = (long double)decimal->digits;
    x = exponent < 0 ? x / powers[-exponent] : x * powers[exponent];
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if ((bits & 0x7FF) == 0x400) return false;
    *out = decimal->negative ? -(double)x : (double)x;
    return true;
}
#else
static bool through_long_double(const Decimal *decimal, double *out)
{
    (void)decimal, (void)out;
    return false;
}
#endif

/* strtod wants a final 0 and a point that is a point. */
static double through_strtod(const char *text, size_t n)
{
    char place[512], *copy = n < sizeof place ? place : malloc(n + 1);
    if (!copy) return NAN;
    memcpy(copy, text, n);
    copy[n] = '\0';
    char *comma = memchr(copy, ',', n);
    if (comma) *comma = '.';
    double x = strtod(copy, NULL);
    if (copy != place) free(copy);
    return x;
}

double decimal_value(const Decimal *decimal, const char *text, size_t n)
{
    double x;
    if (decimal_quick(decimal, &x) || through_long_double(decimal, &x)) return x;
    return through_strtod(text, n);
}
