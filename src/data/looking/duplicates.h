/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that equal an earlier row in every column. */
#ifndef FNS_DATA_LOOKING_DUPLICATES_H
#define FNS_DATA_LOOKING_DUPLICATES_H

#include "data/frame.h"

/* `count`: rows that equal an earlier one; `first`: the least of them (a frame row), where count > 0. */
bool duplicates_count(const Frame *frame, size_t *count, size_t *first, Err *err);

#endif
