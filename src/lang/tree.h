/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees as text, for `fns --tree` and the conformance cases. */
#ifndef FNS_LANG_TREE_H
#define FNS_LANG_TREE_H

#include "base/str.h"
#include "lang/ast.h"

/* One line for each statement of a NODE_STATEMENTS; for any other node, that node. False: not a
 * tree. */
bool tree_print(Buf *out, const Node *statements);

#endif
