/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purge and embargo: which rows may train beside a test block. The label of a row lives on [from, to], from
 * the decision to the end of what it tells; numbers of any scale that only need to be compared. */
#ifndef FNS_DATA_PURGE_H
#define FNS_DATA_PURGE_H

#include "base/err.h"

typedef struct LabelSpans {
    size_t n; /* below UINT32_MAX */
    const int64_t *from, *to;
    const int64_t *edge; /* (n): how far an embargo after each label's end reaches; NULL: none */
} LabelSpans;

/* Clears trains[i] of every training row whose label meets a test block U = [least from, greatest to], or
 * that begins within the embargo after it: greatest to < from <= greatest edge. A block is a run of test
 * rows, in order of from, that no training row's beginning divides. tests, trains: (n) flags, 1 or 0; adds to
 * n_purged. Afterwards no training interval meets a test one. False without memory. */
bool purge_training(const LabelSpans *spans, const uint8_t *tests, uint8_t *trains, size_t *n_purged,
                    Err *err);

#endif
