/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `fns -n`: names, options and shapes, without running anything. */
#ifndef FNS_LANG_CHECK_H
#define FNS_LANG_CHECK_H

#include "lang/session.h"

/* Walks every branch once. What a script makes (as, net, let, for) counts as there from then on. */
bool check_statements(Session *session, const NodeList *statements, Err *err);

#endif
