/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of a frame file: every block is checked once against its hash and for what the rest of fns relies
 * on: codes within their levels, texts in UTF-8, no infinity. */
#include "data/sources/fnf_columns.h"

#include <math.h>
#include <string.h>

#include "data/sources/fnf.h"
#include "data/stepstate.h"

enum { CHECKED = 256 << 10 };

bool fnf_unsound(const FnfReader *reader, const char *what, Err *err)
{
    return ERR(err, bad_fnf, reader->path, what);
}

bool fnf_same_hash(const DataHash *hash, const char *hex)
{
    DataHash copy = *hash;
    unsigned char digest[DATAHASH_BYTES];
    char found[2 * DATAHASH_BYTES + 1];
    datahash_end(&copy, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, found);
    return strcmp(found, hex) == 0;
}

/* ---- blocks */

/* The bytes that a member of the record names: within the file, aligned, before the index. */
static bool find_block(const FnfReader *reader, const Record *record, const char *name, Block *out, Err *err)
{
    double at, size;
    const Value *value = record_get(record, name);
    const Record *block = value && value->type == VALUE_RECORD ? value->record : NULL;
    if (!block || !state_number(block, "at", &at) || !state_number(block, "size", &size) ||
        !state_text(block, "hash", &out->hash))
        return fnf_unsound(reader, "a block is not described", err);
    double end = (double)reader->index_at;
    if (!(at >= FNF_ALIGN && at <= end) || fmod(at, FNF_ALIGN) != 0 || !(size >= 0 && size <= end - at))
        return fnf_unsound(reader, "a block lies outside the file", err);
    *out = (Block){ reader->mapping->bytes + (size_t)at, (size_t)size, out->hash };
    return true;
}

bool fnf_find_cells(const FnfReader *reader, const Record *record, size_t size, size_t n, Block *out,
                    Err *err)
{
    return find_block(reader, record, "cells", out, err) &&
           (out->size == n * size || fnf_unsound(reader, "a column has another length than the frame", err));
}

bool fnf_check_block(FnfReader *reader, const Block *block, Look look, void *context, Err *err)
{
    DataHash hash;
    datahash_begin(&hash);
    for (size_t at = 0; at < block->size; at += CHECKED) {
        size_t n = block->size - at < CHECKED ? block->size - at : CHECKED;
        datahash_add(&hash, block->bytes + at, n);
        if (look && !look(block->bytes + at, n, context))
            return fnf_unsound(reader, "a cell holds what it cannot", err);
        reader->done += (double)n;
        if (!progress_poll(reader->progress, "check", reader->done, (double)reader->mapping->size, err))
            return false;
    }
    return fnf_same_hash(&hash, block->hash) ||
           fnf_unsound(reader, "a column was changed: the checksum differs", err);
}

/* ---- columns */

typedef struct Seen {
    size_t n_missing;
    uint32_t n_levels;
} Seen;

static bool look_at_numbers(const void *bytes, size_t n, void *context)
{
    const double *x = bytes;
    size_t missing = 0, infinite = 0;
    for (size_t i = 0; i < n / sizeof *x; i++) {
        missing += x[i] != x[i];
        infinite += fabs(x[i]) > 1.7976931348623157e308;
    }
    ((Seen *)context)->n_missing += missing;
    return infinite == 0;
}

static bool look_at_integers(const void *bytes, size_t n, void *context)
{
    const int64_t *x = bytes;
    size_t missing = 0;
    for (size_t i = 0; i < n / sizeof *x; i++) missing += x[i] == INTEGER_MISSING;
    ((Seen *)context)->n_missing += missing;
    return true;
}

static bool look_at_codes(const void *bytes, size_t n, void *context)
{
    const uint32_t *codes = bytes;
    Seen *seen = context;
    size_t missing = 0, beyond = 0;
    for (size_t i = 0; i < n / sizeof *codes; i++) {
        missing += codes[i] == 0;
        beyond += codes[i] > seen->n_levels;
    }
    seen->n_missing += missing;
    return beyond == 0;
}

static bool look_at_bools(const void *bytes, size_t n, void *context)
{
    const uint8_t *x = bytes;
    size_t missing = 0, beyond = 0;
    for (size_t i = 0; i < n; i++) {
        missing += x[i] == BOOL_MISSING;
        beyond += x[i] > BOOL_MISSING;
    }
    ((Seen *)context)->n_missing += missing;
    return beyond == 0;
}

static Column *read_plain(FnfReader *reader, const Record *record, ColumnType type, size_t size, Look look,
                          Err *err)
{
    Block cells;
    Seen seen = { 0 };
    if (!fnf_find_cells(reader, record, size, reader->n_rows, &cells, err)) return NULL;
    if (!fnf_check_block(reader, &cells, look, &seen, err)) return NULL;
    Column *column = column_mapped(type, reader->n_rows, cells.bytes, reader->mapping);
    column->n_missing = seen.n_missing;
    return column;
}

/* n texts, each ended by a 0. */
static Levels *read_levels(FnfReader *reader, const Record *record, Err *err)
{
    Block block;
    double n;
    if (!state_number(record, "n_levels", &n) || !(n >= 0 && n < UINT32_MAX) || n != floor(n)) {
        fnf_unsound(reader, "its levels", err);
        return NULL;
    }
    if (!find_block(reader, record, "levels", &block, err) ||
        !fnf_check_block(reader, &block, NULL, NULL, err))
        return NULL;
    if ((double)block.size < n || (block.size && block.bytes[block.size - 1])) {
        fnf_unsound(reader, "its levels", err);
        return NULL;
    }
    const char **names = mem_get((size_t)n, sizeof *names, err), *at = block.bytes;
    if (!names) return NULL;
    size_t count = 0;
    for (; at < block.bytes + block.size && count < (size_t)n; at += strlen(at) + 1) names[count++] = at;
    bool ok =
        count == (size_t)n && at == block.bytes + block.size && utf8_valid(block.bytes, block.size, NULL);
    Levels *levels = NULL;
    if (!ok)
        fnf_unsound(reader, "its levels", err);
    else if (!(levels = levels_new(names, (uint32_t)n)))
        ERR(err, no_memory, "levels");
    mem_free(names);
    return levels;
}

static Column *read_category(FnfReader *reader, const Record *record, Err *err)
{
    Block cells;
    if (!fnf_find_cells(reader, record, sizeof(uint32_t), reader->n_rows, &cells, err)) return NULL;
    Levels *levels = read_levels(reader, record, err);
    if (!levels) return NULL;
    Seen seen = { .n_levels = levels->n };
    if (!fnf_check_block(reader, &cells, look_at_codes, &seen, err)) {
        levels_unref(levels);
        return NULL;
    }
    Column *column = column_mapped(COLUMN_CATEGORY, reader->n_rows, cells.bytes, reader->mapping);
    column->levels = levels;
    column->n_missing = seen.n_missing;
    return column;
}

static bool texts_hold(const uint64_t *offsets, size_t n, const Block *texts)
{
    if (offsets[0] != 0 || offsets[n] != texts->size) return false;
    for (size_t i = 0; i < n; i++)
        if (offsets[i + 1] < offsets[i]) return false;
    if (texts->size && memchr(texts->bytes, '\0', texts->size)) return false;
    for (size_t i = 0; i < n; i++) /* no text begins within a character */
        if (offsets[i] < texts->size && (texts->bytes[offsets[i]] & 0xC0) == 0x80) return false;
    return utf8_valid(texts->bytes, texts->size, NULL);
}

static Column *read_texts(FnfReader *reader, const Record *record, Err *err)
{
    Block cells, texts, missing;
    size_t n = reader->n_rows;
    if (!fnf_find_cells(reader, record, sizeof(uint64_t), n + 1, &cells, err) ||
        !find_block(reader, record, "texts", &texts, err) ||
        !find_block(reader, record, "missing", &missing, err) ||
        !fnf_check_block(reader, &cells, NULL, NULL, err) ||
        !fnf_check_block(reader, &texts, NULL, NULL, err) ||
        !fnf_check_block(reader, &missing, NULL, NULL, err))
        return NULL;
    const uint64_t *offsets = (const uint64_t *)(const void *)cells.bytes;
    if (missing.size != n / 8 + 1 || !texts_hold(offsets, n, &texts)) {
        fnf_unsound(reader, "its texts", err);
        return NULL;
    }
    Column *column = column_mapped(COLUMN_TEXT, n, cells.bytes, reader->mapping);
    column->bytes = (char *)texts.bytes;
    column->text_missing = (uint8_t *)missing.bytes;
    column_finish(column);
    return column;
}

static bool find_word(const char *const *words, int n, const Record *record, const char *name, int *out)
{
    const char *word;
    if (!state_text(record, name, &word)) return false;
    for (*out = 0; *out < n; ++*out)
        if (strcmp(words[*out], word) == 0) return true;
    return false;
}

Column *fnf_read_column(FnfReader *reader, const Record *record, Err *err)
{
    int type, unit = UNIT_SECOND;
    if (!find_word(fnf_types, 6, record, "type", &type) ||
        (type == COLUMN_TIME && !find_word(fnf_units, fnf_n_units, record, "unit", &unit))) {
        fnf_unsound(reader, "the type of a column", err);
        return NULL;
    }
    Column *column = NULL;
    switch ((ColumnType)type) {
    case COLUMN_NUMBER:
        return read_plain(reader, record, COLUMN_NUMBER, sizeof(double), look_at_numbers, err);
    case COLUMN_INTEGER:
        return read_plain(reader, record, COLUMN_INTEGER, sizeof(int64_t), look_at_integers, err);
    case COLUMN_TIME:
        column = read_plain(reader, record, COLUMN_TIME, sizeof(int64_t), look_at_integers, err);
        if (column) column->unit = (TimeUnit)unit;
        return column;
    case COLUMN_BOOL: return read_plain(reader, record, COLUMN_BOOL, 1, look_at_bools, err);
    case COLUMN_CATEGORY: return read_category(reader, record, err);
    case COLUMN_TEXT: break;
    }
    return read_texts(reader, record, err);
}
