/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a frame file (fnf.h): the file is mapped, every block is checked once against its hash and for what
 * the rest of fns relies on (codes within their levels, texts in UTF-8, no infinity), and columns point into
 * it. Nothing in the file is taken for granted. */
#include "data/sources/fnf.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "data/source.h"
#include "data/sources/dict.h"
#include "data/sources/fnf_columns.h"
#include "data/sources/load_options.h"
#include "data/split.h"
#include "data/stepstate.h"

enum { COLUMNS_MOST = 100000 };

/* ---- head and index */

static bool read_head(FnfReader *reader, FnfHead *head, char hex[2 * DATAHASH_BYTES + 1], Err *err)
{
    DataHash hash;
    const Mapping *file = reader->mapping;
    if (file->size < sizeof *head) return fnf_unsound(reader, "it is cut off", err);
    memcpy(head, file->bytes, sizeof *head);
    if (memcmp(head->magic, FNF_MAGIC, sizeof head->magic) != 0)
        return fnf_unsound(reader, "it does not begin as one", err);
    if (head->order != FNF_ORDER)
        return fnf_unsound(reader, "it was written on a machine of another byte order", err);
    if (head->version != FNF_VERSION)
        return fnf_unsound(reader, "it was written by another version of fns", err);
    if (head->index_at > file->size || head->index_size > file->size - head->index_at)
        return fnf_unsound(reader, "it is cut off", err);
    if (head->index_size > FNF_INDEX_LARGEST) return fnf_unsound(reader, "its index is too long", err);
    datahash_begin(&hash);
    datahash_add(&hash, file->bytes + head->index_at, (size_t)head->index_size);
    hash_hex(head->index_hash, 2 * DATAHASH_BYTES, hex);
    return fnf_same_hash(&hash, hex) ||
           fnf_unsound(reader, "its index was changed: the checksum differs", err);
}

static bool read_index(FnfReader *reader, char hex[2 * DATAHASH_BYTES + 1], Err *err)
{
    FnfHead head;
    Value index;
    double rows;
    Err inner = { 0 };
    if (!read_head(reader, &head, hex, err)) return false;
    const char *text = reader->mapping->bytes + head.index_at;
    if (!json_read(text, (size_t)head.index_size, "index", reader->arena, &index, &inner) ||
        index.type != VALUE_RECORD)
        return fnf_unsound(reader, "its index is malformed", err);
    reader->index = index.record;
    reader->index_at = head.index_at;
    if (!state_number(reader->index, "rows", &rows) || !(rows >= 0 && rows < UINT32_MAX) ||
        rows != floor(rows))
        return fnf_unsound(reader, "its number of rows", err);
    reader->n_rows = (size_t)rows;
    return true;
}

/* ---- the frame */

static bool read_ahead(const Record *record, LeadTime *out)
{
    double months = 0, ns = 0;
    if (record_get(record, "ahead_months") && !state_number(record, "ahead_months", &months)) return false;
    if (record_get(record, "ahead_ns") && !state_number(record, "ahead_ns", &ns)) return false;
    if (!(months >= 0 && months < 1e6 && ns >= 0 && ns < 9e18)) return false;
    *out = (LeadTime){ (int64_t)months, (int64_t)ns };
    return true;
}

static bool read_role(const Record *record, FrameColumn *out)
{
    const char *word;
    double lead = 0;
    if (!state_text(record, "role", &word)) return false;
    for (out->role = ROLE_INPUT; strcmp(role_name(out->role), word) != 0; out->role++)
        if (out->role == ROLE_HELD) return false;
    if (record_get(record, "lead") && !state_number(record, "lead", &lead)) return false;
    out->lead = (int)(lead >= 0 && lead < 1e9 ? lead : 0);
    return read_ahead(record, &out->ahead);
}

static bool read_columns(FnfReader *reader, ValueList list, const char **names, Column **columns, Err *err)
{
    Dict taken = { 0 };
    bool ok = true;
    for (int i = 0; ok && i < list.n; i++) {
        const Record *record = list.items[i].record;
        bool named = state_text(record, "name", &names[i]) && *names[i] &&
                     !dict_find(&taken, names[i], strlen(names[i]));
        if (!named)
            ok = fnf_unsound(reader, "the name of a column", err);
        else
            ok = dict_code(&taken, names[i], strlen(names[i]), err) > 0 &&
                 (columns[i] = fnf_read_column(reader, record, err)) != NULL;
    }
    dict_free(&taken);
    return ok;
}

static Frame *make_frame(FnfReader *reader, Err *err)
{
    ValueList list;
    if (!state_list(reader->index, "columns", VALUE_RECORD, &list) || list.n > COLUMNS_MOST) {
        fnf_unsound(reader, "its columns", err);
        return NULL;
    }
    const char **names = arena_take(reader->arena, ((size_t)list.n + 1) * sizeof *names);
    Column **columns = arena_take(reader->arena, ((size_t)list.n + 1) * sizeof *columns);
    if (!read_columns(reader, list, names, columns, err)) {
        for (int i = 0; i < list.n; i++) column_unref(columns[i]);
        return NULL;
    }
    Frame *frame = frame_new(names, columns, list.n, reader->n_rows, reader->path);
    for (int i = 0; i < list.n; i++)
        if (!read_role(list.items[i].record, &frame->columns[i])) {
            fnf_unsound(reader, "the role of a column", err);
            frame_unref(frame);
            return NULL;
        }
    return frame;
}

/* Original row numbers and the truth of a simulation: columns beside the columns. */
static bool read_hidden(FnfReader *reader, Frame *frame, Err *err)
{
    const Value *numbers = record_get(reader->index, "numbers"), *truth = record_get(reader->index, "truth");
    if (numbers && numbers->type == VALUE_RECORD) {
        Column *column = frame->numbers = fnf_read_column(reader, numbers->record, err);
        if (!column) return false;
        bool right = column->type == COLUMN_INTEGER;
        for (size_t i = 0; right && i < column->n; i++)
            right = column->integers[i] >= 1 && column->integers[i] < UINT32_MAX;
        if (!right) return fnf_unsound(reader, "its row numbers", err);
    }
    if (!truth || truth->type != VALUE_RECORD) return true;
    frame->truth = fnf_read_column(reader, truth->record, err);
    if (!frame->truth) return false;
    return frame->truth->type == COLUMN_NUMBER || fnf_unsound(reader, "its truth", err);
}

static bool read_split(FnfReader *reader, Frame *frame, Err *err)
{
    Block parts;
    ValueList list;
    const char *words, *names[PARTS_MAX];
    double purged;
    const Value *value = record_get(reader->index, "split");
    if (!value) return true;
    if (value->type != VALUE_RECORD || !state_list(value->record, "parts", VALUE_TEXT, &list) || list.n < 3 ||
        list.n > PARTS_MAX || !state_text(value->record, "words", &words) ||
        !state_number(value->record, "purged", &purged) || !(purged >= 0 && purged < 1e15))
        return fnf_unsound(reader, "its split", err);
    if (!fnf_find_cells(reader, value->record, 1, reader->n_rows, &parts, err) ||
        !fnf_check_block(reader, &parts, NULL, NULL, err))
        return false;
    for (int i = 0; i < list.n; i++) names[i] = list.items[i].text;
    frame->split = split_restore((const uint8_t *)parts.bytes, reader->n_rows, names, list.n, words, err);
    if (!frame->split)
        return err && err->code == CODE_no_memory ? false : fnf_unsound(reader, "its split", err);
    frame->split->folds = state_bool(value->record, "folds");
    frame->split->purged = (size_t)purged;
    return true;
}

static bool keep_columns(Frame *frame, const Options *options, Arena *arena, Err *err)
{
    int *chosen, n, n_dropped = 0;
    ValueList wanted = options ? option_list(options, "columns") : (ValueList){ 0 };
    if (wanted.n == 0) return true;
    if (!frame_select(frame, wanted, false, arena, &chosen, &n, err)) return false;
    int *dropped = arena_take(arena, (size_t)frame->n_columns * sizeof *dropped);
    for (int i = 0; i < frame->n_columns; i++) {
        bool keep = false;
        for (int k = 0; k < n && !keep; k++) keep = chosen[k] == i;
        if (!keep) dropped[n_dropped++] = i;
    }
    return frame_drop_columns(frame, dropped, n_dropped, err);
}

/* With all rows in their order the data are those of their source, and a model knows which it learned from;
 * else they are what the index says. */
static const char *source_hash(const FnfReader *reader, const Frame *frame, const char *index_hash)
{
    const char *hash;
    bool whole = !frame->numbers && state_text(reader->index, "source_hash", &hash);
    return whole && strlen(hash) == 2 * DATAHASH_BYTES ? hash : index_hash;
}

static Frame *read_frame(FnfReader *reader, const Options *options, Err *err)
{
    char hex[2 * DATAHASH_BYTES + 1];
    if (text_equal(reader->path, "-")) {
        ERR(err, not_from_pipe, "A frame file");
        return NULL;
    }
    reader->mapping = mapping_open(reader->path, err);
    if (!reader->mapping || !read_index(reader, hex, err)) return NULL;
    Frame *frame = make_frame(reader, err);
    if (!frame) return NULL;
    if (read_hidden(reader, frame, err) && read_split(reader, frame, err) &&
        fnf_take_state(frame, reader->index, reader->path, err) &&
        keep_columns(frame, options, reader->arena, err)) {
        frame->hash = arena_text(frame->arena, source_hash(reader, frame, hex));
        return frame;
    }
    frame_unref(frame);
    return NULL;
}

static Frame *read_fnf(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    FnfReader reader = { .path = path, .arena = arena_new(), .progress = progress };
    double begun = clock_seconds();
    (void)notes;
    Frame *frame = read_frame(&reader, options, err);
    if (frame && report) {
        report->format = "fnf";
        report->bytes = (double)reader.mapping->size;
        report->seconds = clock_seconds() - begun;
    }
    mapping_unref(reader.mapping);
    arena_free(reader.arena);
    return frame;
}

static bool sniff(const char *bytes, size_t n)
{
    return n >= 8 && memcmp(bytes, FNF_MAGIC, 8) == 0;
}

static const OptionSpec options[] = { LOAD_COLUMN_OPTIONS };

const ReaderKind reader_fnf = {
    .kind = { .name = "fnf",
              .help = "frames that `save` wrote: columns, roles, split, recipe, row program, row numbers",
              .more = "The file is mapped, and its checksums are verified; it is refused when a bit differs. "
                      "Replace "
                      "it (`save ... replace` does), do not write into it while a frame from it is open",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".fnf",
    .sniff = sniff,
    .binary = true,
    .read = read_fnf
};
