/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/special.h"

static void add_code(int32_t code, int32_t *codes, int *n)
{
    int at = 0;
    while (at < *n && codes[at] < code) at++;
    if ((at < *n && codes[at] == code) || *n == SPECIALS_MAX) return;
    memmove(codes + at + 1, codes + at, (size_t)(*n - at) * sizeof *codes);
    codes[at] = code;
    ++*n;
}

void special_collect(const double *x, size_t n, int32_t *codes, int *n_codes)
{
    for (size_t i = 0; i < n; i++)
        if (special_is(x[i]) && special_place(x[i], codes, *n_codes) < 0)
            add_code(special_code(x[i]), codes, n_codes);
}
