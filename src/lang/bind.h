/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a command in the tree to a checked call. */
#ifndef FNS_LANG_BIND_H
#define FNS_LANG_BIND_H

#include "lang/session.h"

/* Everything that is said of a command in its table is checked here, once: operands, options, flags,
 * `as`, `if`, that frames, nets, models and columns exist. Memory: the scratch arena. */
bool bind_call(Session *session, const Node *node, Call *out, Err *err);
/* The verb is none, or not in this version: an error with a hint; false. */
bool bind_no_verb(const Command *command, Err *err);
/* The arguments as written, evaluated in the argument context (for layers and defs). */
bool bind_args(Session *session, const Command *command, Args *out, Err *err);
/* The options of the kind that option `name` chose: those in its parentheses, and those that stand beside the
 * verb's own (COMMAND_EXTRA): simulate credit(months=12) and simulate credit months=12. */
bool bind_kind(const Call *call, const char *name, Options *out, Err *err);
/* Spans for errors: of an option's value, or of the verb. */
Span call_span(const Call *call, const char *option);

#endif
