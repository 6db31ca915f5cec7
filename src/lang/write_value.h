/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the writer: values as arguments and as expressions. */
#ifndef FNS_LANG_WRITE_VALUE_H
#define FNS_LANG_WRITE_VALUE_H

#include "lang/write.h"

void write_expression(Buf *out, const Node *node);
/* What an argument cannot hold as it stands is put in parentheses. */
void write_argument(Buf *out, const Node *node);
/* The same, where a list of two and more is a,b. */
void write_option_value(Buf *out, const Node *node);
void write_key(Buf *out, const Entry *entry);

#endif
