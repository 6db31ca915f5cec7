/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text and back. LC_NUMERIC is "C" throughout the program. */
#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *not_finite(double x, char out[40])
{
    return strcpy(out, isnan(x) ? "missing" : x > 0 ? "inf" : "-inf");
}

/* 1e-05 -> 1e-5, 1e+16 -> 1e16 */
static void tidy_exponent(char *text)
{
    char *at = strchr(text, 'e');
    if (!at) return;
    char *digits = ++at;
    if (*digits == '-') at++;
    if (*digits == '-' || *digits == '+') digits++;
    while (*digits == '0' && digits[1]) digits++;
    memmove(at, digits, strlen(digits) + 1);
}

const char *number_text(double x, char out[40])
{
    if (!isfinite(x)) return not_finite(x, out);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, 40, "%.*g", digits, x);
        if (strtod(out, NULL) == x) break;
    }
    tidy_exponent(out);
    return out;
}

const char *number_short(double x, int digits, char out[40])
{
    if (!isfinite(x)) return not_finite(x, out);
    if (x == 0) return strcpy(out, "0");
    if (digits < 1) digits = 1;
    if (digits > 17) digits = 17;
    double size = fabs(x);
    bool whole = size >= pow(10, digits) - 0.5 && size < 1e15;
    if (whole)
        snprintf(out, 40, "%.0f", x);
    else
        snprintf(out, 40, "%.*g", digits, x);
    return out;
}

const char *bytes_text(double bytes, char out[40])
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
    int unit = 0;
    for (; bytes >= 999.5 && unit < 5; unit++) bytes /= 1000;
    snprintf(out, 40, unit > 0 && bytes < 9.95 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
    return out;
}

const char *seconds_text(double seconds, char out[40])
{
    if (!(seconds >= 0 && seconds < 1e12)) return strcpy(out, "--:--");
    long long s = (long long)seconds;
    if (s < 3600)
        snprintf(out, 40, "%02lld:%02lld", s / 60, s % 60);
    else
        snprintf(out, 40, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    return out;
}

/* The shape [+-] digits [. digits] [e [+-] digits]; its decimal digits as an integer where they are
 * few enough to be exact. */
typedef struct Decimal {
    uint64_t digits;
    int n_digits, exponent;
    bool negative;
} Decimal;

static bool scan(const char *text, size_t n, Decimal *out)
{
    size_t i = 0, n_seen = 0;
    int exponent = 0;
    *out = (Decimal){ .negative = n && text[0] == '-' };
    if (i < n && (text[i] == '-' || text[i] == '+')) i++;
    for (bool point = false; i < n && ((text[i] >= '0' && text[i] <= '9') || (text[i] == '.' && !point));
         i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        n_seen++;
        if (out->n_digits || text[i] != '0') out->n_digits++;
        if (out->n_digits <= 18) out->digits = out->digits * 10 + (uint64_t)(text[i] - '0');
        out->exponent -= point;
    }
    if (!n_seen || i == n) return n_seen > 0;
    if (text[i] != 'e' && text[i] != 'E') return false;
    bool minus = ++i < n && text[i] == '-';
    if (i < n && (text[i] == '-' || text[i] == '+')) i++;
    if (i == n) return false;
    for (; i < n && text[i] >= '0' && text[i] <= '9'; i++)
        if (exponent < 100000) exponent = exponent * 10 + (text[i] - '0');
    out->exponent += minus ? -exponent : exponent;
    return i == n;
}

/* An integer below 2^53 times or divided by a power of ten up to 10^22 is rounded once: exact. */
static bool parse_quickly(const Decimal *decimal, double *out)
{
    static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    int exponent = decimal->exponent;
    if (decimal->n_digits > 15 || exponent < -22 || exponent > 22) return false;
    double x = (double)decimal->digits;
    x = exponent < 0 ? x / powers[-exponent] : x * powers[exponent];
    *out = decimal->negative ? -x : x;
    return true;
}

bool number_parse(const char *text, size_t n, double *out)
{
    char copy[400];
    Decimal decimal;
    if (n >= sizeof copy || !scan(text, n, &decimal)) return false;
    if (parse_quickly(&decimal, out)) return true;
    memcpy(copy, text, n);
    copy[n] = '\0';
    *out = strtod(copy, NULL);
    return isfinite(*out);
}
