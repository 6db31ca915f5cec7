/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as a frame file (fnf.h). */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "data/source.h"
#include "data/sources/fnf.h"
#include "data/split.h"

enum { BUFFER = 256 << 10 };

typedef struct FnfWriter {
    FileWriter file;
    const Frame *frame;
    Arena *arena;
    uint64_t at, began; /* of the file; of the block that is written */
    DataHash hash;
    char *buffer;
    size_t held;
    Progress *progress;
    double done;
} FnfWriter;

/* ---- blocks */

static bool put_raw(FnfWriter *writer, const void *bytes, size_t n, Err *err)
{
    writer->at += n;
    errno = 0;
    return fwrite(bytes, 1, n, writer->file.stream) == n ||
           ERR(err, write_failed, writer->file.path, strerror(errno ? errno : EIO));
}

static bool flush(FnfWriter *writer, Err *err)
{
    size_t n = writer->held;
    writer->held = 0;
    datahash_add(&writer->hash, writer->buffer, n);
    return put_raw(writer, writer->buffer, n, err) &&
           progress_poll(writer->progress, "save", writer->done, writer->frame->n_columns, err);
}

static bool put(FnfWriter *writer, const void *bytes, size_t n, Err *err)
{
    const char *from = bytes;
    while (n) {
        size_t room = BUFFER - writer->held, part = n < room ? n : room;
        memcpy(writer->buffer + writer->held, from, part);
        writer->held += part;
        from += part;
        n -= part;
        if (writer->held == BUFFER && !flush(writer, err)) return false;
    }
    return true;
}

static bool begin_block(FnfWriter *writer, Err *err)
{
    static const char zeros[FNF_ALIGN];
    size_t pad = (size_t)(-writer->at % FNF_ALIGN);
    if (!put_raw(writer, zeros, pad, err)) return false;
    writer->began = writer->at;
    datahash_begin(&writer->hash);
    return true;
}

/* Its place, size and hash become a member of the record. */
static bool end_block(FnfWriter *writer, Record *record, const char *name, Err *err)
{
    unsigned char digest[DATAHASH_BYTES];
    char hex[2 * DATAHASH_BYTES + 1];
    if (!flush(writer, err)) return false;
    datahash_end(&writer->hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    Record *block = record_record(writer->arena, record, name);
    record_number(writer->arena, block, "at", (double)writer->began);
    record_number(writer->arena, block, "size", (double)(writer->at - writer->began));
    record_text(writer->arena, block, "hash", hex);
    return true;
}

/* ---- columns */

/* The cells of the frame's rows, `size` bytes each. */
static bool put_cells(FnfWriter *writer, const void *cells, size_t size, Record *record, Err *err)
{
    const Frame *frame = writer->frame;
    const char *bytes = cells;
    if (!begin_block(writer, err)) return false;
    if (!frame->index && !put(writer, bytes, frame->n_rows * size, err)) return false;
    for (size_t i = 0; frame->index && i < frame->n_rows; i++)
        if (!put(writer, bytes + frame_physical(frame, i) * size, size, err)) return false;
    return end_block(writer, record, "cells", err);
}

static bool put_levels(FnfWriter *writer, const Column *column, Record *record, Err *err)
{
    uint32_t n = column->levels ? column->levels->n : 0;
    if (!begin_block(writer, err)) return false;
    for (uint32_t i = 0; i < n; i++)
        if (!put(writer, column->levels->names[i], strlen(column->levels->names[i]) + 1, err)) return false;
    record_number(writer->arena, record, "n_levels", n);
    return end_block(writer, record, "levels", err);
}

static bool put_offsets(FnfWriter *writer, const Column *column, Record *record, Err *err)
{
    const Frame *frame = writer->frame;
    uint64_t at = 0;
    if (!begin_block(writer, err) || !put(writer, &at, sizeof at, err)) return false;
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i);
        at += column->offsets[row + 1] - column->offsets[row];
        if (!put(writer, &at, sizeof at, err)) return false;
    }
    return end_block(writer, record, "cells", err);
}

static bool put_texts(FnfWriter *writer, const Column *column, Record *record, Err *err)
{
    const Frame *frame = writer->frame;
    if (!put_offsets(writer, column, record, err) || !begin_block(writer, err)) return false;
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i), start = column->offsets[row];
        if (!put(writer, column->bytes + start, column->offsets[row + 1] - start, err)) return false;
    }
    if (!end_block(writer, record, "texts", err) || !begin_block(writer, err)) return false;
    for (size_t i = 0; i <= frame->n_rows; i += 8) { /* n / 8 + 1 bytes, as a column has them */
        uint8_t bits = 0;
        for (size_t k = i; k < i + 8 && k < frame->n_rows; k++)
            if (column_is_missing(column, frame_physical(frame, k))) bits |= (uint8_t)(1u << (k - i));
        if (!put(writer, &bits, 1, err)) return false;
    }
    return end_block(writer, record, "missing", err);
}

static bool put_column(FnfWriter *writer, const Column *column, Record *record, Err *err)
{
    record_text(writer->arena, record, "type", fnf_types[column->type]);
    switch (column->type) {
    case COLUMN_NUMBER: return put_cells(writer, column->numbers, sizeof(double), record, err);
    case COLUMN_TIME: record_text(writer->arena, record, "unit", fnf_units[column->unit]); /* fall through */
    case COLUMN_INTEGER: return put_cells(writer, column->integers, sizeof(int64_t), record, err);
    case COLUMN_BOOL: return put_cells(writer, column->bools, 1, record, err);
    case COLUMN_CATEGORY:
        return put_cells(writer, column->codes, sizeof(uint32_t), record, err) &&
               put_levels(writer, column, record, err);
    case COLUMN_TEXT: break;
    }
    return put_texts(writer, column, record, err);
}

static bool put_columns(FnfWriter *writer, Record *record, Err *err)
{
    const Frame *frame = writer->frame;
    Value list = value_list(writer->arena, frame->n_columns);
    for (int i = 0; i < frame->n_columns; i++, writer->done += 1) {
        const FrameColumn *column = &frame->columns[i];
        list.list.items[i] = value_record(writer->arena);
        Record *entry = list.list.items[i].record;
        record_text(writer->arena, entry, "name", column->name);
        record_text(writer->arena, entry, "role", role_name(column->role));
        if (column->lead) record_number(writer->arena, entry, "lead", column->lead);
        if (column->ahead.months)
            record_number(writer->arena, entry, "ahead_months", (double)column->ahead.months);
        if (column->ahead.ns) record_number(writer->arena, entry, "ahead_ns", (double)column->ahead.ns);
        if (!put_column(writer, column->column, entry, err)) return false;
    }
    record_set(writer->arena, record, "columns", list);
    return true;
}

static bool put_numbers(FnfWriter *writer, Record *record, Err *err)
{
    const Frame *frame = writer->frame;
    if (!frame->index && !frame->numbers) return true;
    Record *entry = record_record(writer->arena, record, "numbers");
    record_text(writer->arena, entry, "type", fnf_types[COLUMN_INTEGER]);
    if (!begin_block(writer, err)) return false;
    for (size_t i = 0; i < frame->n_rows; i++) {
        int64_t number = (int64_t)frame_row_number(frame, i);
        if (!put(writer, &number, sizeof number, err)) return false;
    }
    return end_block(writer, entry, "cells", err);
}

static bool put_split(FnfWriter *writer, Record *record, Err *err)
{
    const Split *split = writer->frame->split;
    if (!split) return true;
    Record *entry = record_record(writer->arena, record, "split");
    Value names = value_list(writer->arena, split->n_parts);
    for (int i = 0; i < split->n_parts; i++) names.list.items[i] = value_text(writer->arena, split->names[i]);
    record_set(writer->arena, entry, "parts", names);
    record_set(writer->arena, entry, "folds", value_bool(split->folds));
    record_number(writer->arena, entry, "purged", (double)split->purged);
    record_text(writer->arena, entry, "words", split->words ? split->words : "");
    return put_cells(writer, split->part, 1, entry, err);
}

/* ---- the file */

static bool put_index(FnfWriter *writer, const Value *record, Err *err)
{
    Buf text = { 0 };
    FnfHead head = { .version = FNF_VERSION, .order = FNF_ORDER };
    memcpy(head.magic, FNF_MAGIC, sizeof head.magic);
    json_write(&text, record);
    bool ok = (text.length > 0 && text.length <= FNF_INDEX_LARGEST) ||
              ERR(err, write_failed, writer->file.path, "its index is too long");
    ok = ok && begin_block(writer, err);
    head.index_at = writer->at;
    head.index_size = text.length;
    datahash_begin(&writer->hash);
    datahash_add(&writer->hash, buf_text(&text), text.length);
    datahash_end(&writer->hash, head.index_hash);
    ok = ok && put_raw(writer, buf_text(&text), text.length, err);
    ok = ok && (fseek(writer->file.stream, 0, SEEK_SET) == 0 ||
                ERR(err, write_failed, writer->file.path, "a frame file cannot go through a pipe"));
    ok = ok && put_raw(writer, &head, sizeof head, err);
    buf_free(&text);
    return ok;
}

static bool put_all(FnfWriter *writer, Err *err)
{
    static const FnfHead later;
    Value record = value_record(writer->arena);
    const Frame *frame = writer->frame;
    record_number(writer->arena, record.record, "rows", (double)frame->n_rows);
    fnf_put_state(frame, writer->arena, record.record);
    if (!put_raw(writer, &later, sizeof later, err) || !put_columns(writer, record.record, err)) return false;
    if (!put_numbers(writer, record.record, err) || !put_split(writer, record.record, err)) return false;
    if (frame->truth) {
        Record *truth = record_record(writer->arena, record.record, "truth");
        if (!put_column(writer, frame->truth, truth, err)) return false;
    }
    return put_index(writer, &record, err);
}

static bool write_fnf(const Frame *frame, const char *path, const Options *options, Notes *notes,
                      Progress *progress, Err *err)
{
    FnfWriter writer = { .frame = frame, .progress = progress };
    (void)options, (void)notes;
    if (!(writer.buffer = mem_get(BUFFER, 1, err))) return false;
    bool ok = file_begin(&writer.file, path, err);
    if (ok) {
        writer.arena = arena_new();
        ok = put_all(&writer, err);
        arena_free(writer.arena);
        ok = file_end(&writer.file, ok, err);
    }
    mem_free(writer.buffer);
    return ok;
}

const WriterKind writer_fnf = {
    .kind = { .name = "fnf",
              .help = "the frame whole: columns, levels, roles, split, recipe, row program, row numbers",
              .more = "Columns as they lie in memory: loading maps the file and checks its sums. Left out "
                      "are rows "
                      "that were dropped, the name in the session and undo",
              .since = "0.1" },
    .endings = ".fnf",
    .write = write_fnf
};
