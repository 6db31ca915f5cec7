/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What expressions mean (LANGUAGE 2): in the value context, in arguments, and compiled for rows. */
#ifndef FNS_LANG_EVAL_H
#define FNS_LANG_EVAL_H

#include "data/expr/expr.h"
#include "lang/session.h"

/* Value context: the result lives in the scratch arena (or in what a name holds). */
bool eval_value(Session *session, const Node *node, Value *out, Err *err);
/* Argument context: words stay words, $name is its value, a ( ) is evaluated. */
bool eval_argument(Session *session, const Node *node, Value *out, Err *err);
/* A condition: on, off or missing; anything else is an error. */
bool eval_condition(Session *session, const Node *node, bool *out, Err *err);
/* Row context: words are columns, $names scalars. The frame is only needed for the names in messages. */
bool eval_row(Session *session, const Node *node, Expr **out, Err *err);
/* A NAME: a word or what $name holds as text. NULL and an error otherwise. */
const char *eval_name(Session *session, const Node *node, Err *err);
/* `value` shown in ":8.3" form: width and decimals. */
void value_format(Buf *out, const Value *value, const char *format);

#endif
