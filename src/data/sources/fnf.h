/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame files (.fnf): columns as they lie in memory, so that they are mapped and not read.
 *
 *     head    64 bytes: magic, version, byte order, where the index is, XXH3-128 of the index
 *     blocks  each at a multiple of 64: cells, levels, texts, parts; its XXH3-128 stands in the index
 *     index   JSON: rows, columns (name, type, unit, role, lead, blocks), event, sample rule, split, row
 *             program, recipes, taint, where the data came from, original row numbers, a simulator's truth
 *
 * Little-endian. The rows are those of the frame in its order; rows that were dropped are not in the file. */
#ifndef FNS_DATA_SOURCES_FNF_H
#define FNS_DATA_SOURCES_FNF_H

#include "data/frame.h"

#define FNF_MAGIC                                                                                            \
    "\x89"                                                                                                   \
    "FNF\r\n\x1a\n"
enum { FNF_VERSION = 1, FNF_ORDER = 0x01020304, FNF_ALIGN = 64, FNF_INDEX_LARGEST = 64 << 20 };

typedef struct FnfHead {
    char magic[8];
    uint32_t version, order;
    uint64_t index_at, index_size;
    unsigned char index_hash[16];
    unsigned char reserved[16]; /* 0 */
} FnfHead;
_Static_assert(sizeof(FnfHead) == FNF_ALIGN, "the head is one unit");

/* Everything of a frame but its cells, between it and the index: fnf_state.c. */
void fnf_put_state(const Frame *frame, Arena *arena, Record *record);
/* The columns are there. Error bad_fnf. */
bool fnf_take_state(Frame *frame, const Record *record, const char *path, Err *err);

extern const char *const fnf_types[6]; /* a ColumnType */
extern const char *const fnf_units[];  /* a TimeUnit */
extern const int fnf_n_units;

#endif
