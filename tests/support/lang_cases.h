/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conformance cases of tests/language/cases.txt, read one by one. */
#ifndef FNS_TESTS_LANG_CASES_H
#define FNS_TESTS_LANG_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

typedef struct Case {
    int line;   /* of its first line */
    Buf in;     /* the source */
    Buf wanted; /* its ok:, err: or more: lines, as they stand */
} Case;

static inline FILE *cases_open(void)
{
    const char *source = getenv("FNS_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/language/cases.txt", source ? source : ".");
    return fopen(path, "r");
}

/* The next case; false at the end of the file. */
static inline bool cases_next(FILE *file, int *line, Case *out)
{
    char text[8192];
    buf_clear(&out->in);
    buf_clear(&out->wanted);
    out->line = 0;
    while (fgets(text, sizeof text, file) != NULL) {
        ++*line;
        size_t n = strcspn(text, "\n");
        text[n] = '\0';
        if (strncmp(text, "in:", 3) == 0) {
            if (out->line == 0) out->line = *line;
            buf_printf(&out->in, "%s\n", n > 4 ? text + 4 : "");
        } else if (out->line > 0 && n > 0) {
            buf_printf(&out->wanted, "%s\n", text);
        } else if (out->line > 0) {
            return true;
        }
    }
    return out->line > 0;
}

static inline void case_free(Case *c)
{
    buf_free(&c->in);
    buf_free(&c->wanted);
}

#endif
