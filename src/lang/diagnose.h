/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors as people read them: file:line:column, the source line with carets, what to do, what did not
 * change (LANGUAGE 6). */
#ifndef FNS_LANG_DIAGNOSE_H
#define FNS_LANG_DIAGNOSE_H

#include "base/source.h"
#include "base/str.h"

/* Several lines, each ended by a newline. */
void diagnose_write(Buf *out, const Err *err);

#endif
