/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees as source text in canonical form, for the journal, echoes and model files. */
#ifndef FNS_LANG_WRITE_H
#define FNS_LANG_WRITE_H

#include "base/str.h"
#include "lang/ast.h"

/* A value or a simple statement on one line, a block on several, indented by two; each statement of
 * a NODE_STATEMENTS on its own line. No newline after the last. What is written parses to an equal
 * tree. */
void node_write(Buf *out, const Node *node);
/* An expression, as it stands in derive or a condition: row programs keep these. */
void node_write_expression(Buf *out, const Node *node);

/* A text in double quotes, its newlines, tabs, quotes, backslashes and dollar signs escaped. */
void text_write(Buf *out, const char *text);

#endif
