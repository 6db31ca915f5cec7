/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements: blocks, control flow, defs, and simple statements as transactions. */
#ifndef FNS_LANG_RUN_H
#define FNS_LANG_RUN_H

#include "lang/session.h"

bool run_statements(Session *session, const NodeList *statements, Err *err);
bool run_statement(Session *session, const Node *statement, Err *err);
/* False, with an error, once a signal asked to stop. */
bool run_goes_on(const Session *session, Err *err);
/* A net block: makes the definition and puts it under its name. */
bool run_net(Session *session, const Node *block, Err *err);
/* The options of one line of a net block. */
bool check_layer(Session *session, const Command *command, Err *err);

#endif
