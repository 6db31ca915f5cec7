/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `describe by=`: the columns of a frame, group by group. */
#ifndef FNS_LANG_DESCRIBE_BY_H
#define FNS_LANG_DESCRIBE_BY_H

#include "lang/session.h"

/* Numbers and times of each group, shares of levels, and whether the groups differ; $last.COLUMN.GROUP. */
bool describe_by(Session *session, const Call *call, int by, const int *columns, int n, Result *result,
                 Err *err);

#endif
