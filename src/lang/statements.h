/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statements that are no verbs: blocks and prefixes, as `help` tells of them. */
#ifndef FNS_LANG_STATEMENTS_H
#define FNS_LANG_STATEMENTS_H

#include "base/option.h"

typedef struct StatementKind {
    Kind kind;        /* first: items of statement_kinds point at it */
    const char *form; /* as it is written; lines */
} StatementKind;

extern const KindList statement_kinds;

#endif
