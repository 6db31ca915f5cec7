/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between fnf.c and fnf_columns.c: a mapped frame file, its blocks, its columns. */
#ifndef FNS_DATA_SOURCES_FNF_COLUMNS_H
#define FNS_DATA_SOURCES_FNF_COLUMNS_H

#include "base/hash.h"
#include "base/progress.h"
#include "data/column.h"

typedef struct FnfReader {
    const char *path;
    Mapping *mapping;
    const Record *index;
    uint64_t index_at;
    size_t n_rows;
    Arena *arena;
    Progress *progress;
    double done;
} FnfReader;

typedef struct Block {
    const char *bytes;
    size_t size;
    const char *hash; /* 32 hex digits */
} Block;

bool fnf_unsound(const FnfReader *reader, const char *what, Err *err); /* error bad_fnf */
bool fnf_same_hash(const DataHash *hash, const char *hex);

/* The block `cells` of a record: n cells of `size` bytes, within the file. */
bool fnf_find_cells(const FnfReader *reader, const Record *record, size_t size, size_t n, Block *out,
                    Err *err);
/* Looks at n bytes of a block, which are whole cells; false where something in them must not be. */
typedef bool (*Look)(const void *bytes, size_t n, void *context);
/* The whole block: its hash, and every cell as `look` (or NULL) sees it. */
bool fnf_check_block(FnfReader *reader, const Block *block, Look look, void *context, Err *err);
/* A column that lies in the file, checked; NULL on error. */
Column *fnf_read_column(FnfReader *reader, const Record *record, Err *err);

#endif
