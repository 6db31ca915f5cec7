/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide tables to long ones and back. */
#include <string.h>

#include "data/gather.h"
#include "data/keys.h"
#include "data/stack.h"

enum { COLUMNS_MAX = 10000, IDS_MAX = 64 };

/* ---- long */

/* Physical rows of the frame, each n times. */
static uint32_t *repeated_rows(const Frame *frame, size_t n, Err *err)
{
    if (frame->n_rows * n >= UINT32_MAX) {
        ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(frame->n_rows * n));
        return NULL;
    }
    uint32_t *rows = mem_get(frame->n_rows * n, sizeof *rows, err);
    for (size_t i = 0; rows && i < frame->n_rows; i++)
        for (size_t k = 0; k < n; k++) rows[i * n + k] = (uint32_t)frame_physical(frame, i);
    return rows;
}

/* The frame without the columns that become rows, each row n times. */
static Frame *repeat_rows(const Frame *frame, const LongPlan *plan, Err *err)
{
    uint32_t *rows = repeated_rows(frame, (size_t)plan->n, err);
    Frame *rest = frame_version(frame), *out = NULL;
    if (rows && frame_drop_columns(rest, plan->columns, plan->n, err))
        out = frame_take(rest, rows, frame->n_rows * (size_t)plan->n, err);
    frame_unref(rest);
    mem_free(rows);
    return out;
}

static Column *key_column(const Frame *frame, const LongPlan *plan, Err *err)
{
    size_t n = (size_t)plan->n;
    const char **names = mem_get(n, sizeof *names, err);
    Column *column = names ? column_new(COLUMN_CATEGORY, frame->n_rows * n, err) : NULL;
    for (size_t k = 0; column && k < n; k++) names[k] = frame->columns[plan->columns[k]].name;
    if (column) column->levels = levels_new(names, (uint32_t)n);
    for (size_t i = 0; column && i < column->n; i++) column->codes[i] = (uint32_t)(i % n) + 1;
    mem_free(names);
    return column;
}

/* The columns' cells row by row. */
static Column *value_column(const Frame *frame, const LongPlan *plan, Err *err)
{
    size_t n = (size_t)plan->n;
    StackPiece *pieces = mem_get(n, sizeof *pieces, err);
    for (size_t k = 0; pieces && k < n; k++) pieces[k] = (StackPiece){ frame, plan->columns[k] };
    Column *stacked = pieces ? column_stack(pieces, plan->n, err) : NULL;
    uint32_t *rows = stacked ? mem_get(stacked->n, sizeof *rows, err) : NULL;
    for (size_t i = 0; rows && i < frame->n_rows; i++)
        for (size_t k = 0; k < n; k++) rows[i * n + k] = (uint32_t)(k * frame->n_rows + i);
    Column *column = rows ? column_take(stacked, rows, stacked->n, err) : NULL;
    mem_free(rows);
    mem_free(pieces);
    if (stacked) column_unref(stacked);
    return column;
}

static bool put(Frame *out, const char *name, Column *column, Role role, int lead, LeadTime ahead, Err *err)
{
    if (!column) return false;
    if (!frame_put_column(out, name, column, role, false, err)) {
        column_unref(column);
        return false;
    }
    out->columns[out->n_columns - 1].lead = lead;
    out->columns[out->n_columns - 1].ahead = ahead;
    return true;
}

Frame *frame_long(const Frame *frame, const LongPlan *plan, Err *err)
{
    Role role = ROLE_INPUT;
    int lead = 0;
    LeadTime ahead = { 0, 0 };
    for (int k = 0; k < plan->n; k++) {
        const FrameColumn *from = &frame->columns[plan->columns[k]];
        if (frame_guest_role(from) != ROLE_INPUT) role = frame_guest_role(from);
        if (from->lead > lead) lead = from->lead;
        ahead = ahead_longer(ahead, from->ahead);
    }
    Frame *out = repeat_rows(frame, plan, err);
    if (!out) return NULL;
    Column *key = key_column(frame, plan, err);
    if (key) column_finish(key);
    if (put(out, plan->key, key, ROLE_INPUT, 0, (LeadTime){ 0, 0 }, err) &&
        put(out, plan->value, value_column(frame, plan, err), role, lead, ahead, err))
        return out;
    frame_unref(out);
    return NULL;
}

/* ---- wide */

typedef struct Wide {
    const Frame *frame;
    const WidePlan *plan;
    uint32_t *id; /* the row of the result that a frame row belongs to */
    uint32_t *first;
    uint32_t n_ids;
    size_t *starts; /* frame rows by key, in order of the keys */
    uint32_t *rows;
    uint32_t n_keys, *order;
    Progress *progress;
    Err *err;
} Wide;

static bool number_ids(Wide *wide)
{
    const Frame *frame = wide->frame;
    uint64_t *words[IDS_MAX] = { NULL };
    KeyIndex index = { 0 };
    bool done = (wide->id = mem_get(frame->n_rows, sizeof *wide->id, wide->err)) != NULL;
    for (int k = 0; k < wide->plan->n_ids && done; k++) {
        KeyColumn key = { frame, wide->plan->ids[k], NULL };
        done = key_words(&key, 1, wide->err);
        words[k] = key.words;
    }
    done = done && key_index_build(&index, (const uint64_t *const *)words, wide->plan->n_ids, frame->n_rows,
                                   wide->id, wide->progress, wide->err);
    wide->n_ids = index.n;
    wide->first = done ? mem_get(index.n, sizeof *wide->first, wide->err) : NULL;
    for (uint32_t g = 0; wide->first && g < index.n; g++)
        wide->first[g] = (uint32_t)frame_physical(frame, index.first[g]);
    key_index_free(&index);
    for (int k = 0; k < IDS_MAX; k++) mem_free(words[k]);
    return wide->first != NULL;
}

/* The places of the keys in order of their values. */
static bool order_keys(Wide *wide, const KeyIndex *index, const uint64_t *words)
{
    uint64_t *firsts = mem_get(index->n, sizeof *firsts, wide->err);
    wide->order = firsts ? mem_get(index->n, sizeof *wide->order, wide->err) : NULL;
    for (uint32_t k = 0; wide->order && k < index->n; k++) firsts[k] = words[index->first[k]];
    const uint64_t *columns[] = { firsts };
    bool done = wide->order && key_order(columns, 1, wide->order, index->n, wide->err);
    mem_free(firsts);
    return done;
}

static bool number_keys(Wide *wide, Notes *notes)
{
    const Frame *frame = wide->frame;
    KeyColumn key = { frame, wide->plan->key, NULL };
    KeyIndex index = { 0 };
    uint32_t *number = mem_get(frame->n_rows, sizeof *number, wide->err);
    size_t missing = 0;
    bool done = number && key_words(&key, 1, wide->err);
    const uint64_t *words[] = { key.words };
    done = done && key_index_build(&index, words, 1, frame->n_rows, number, wide->progress, wide->err);
    if (done && index.n > COLUMNS_MAX)
        done = ERR(wide->err, reshape_many, frame->columns[wide->plan->key].name, INT(COLUMNS_MAX));
    for (size_t i = 0; done && i < frame->n_rows; i++) {
        if (key.words[i] != KEY_MISSING) continue;
        number[i] = KEY_NONE;
        missing++;
    }
    if (missing) NOTE(notes, reshape_no_key, INT(missing));
    wide->n_keys = index.n;
    done = done && order_keys(wide, &index, key.words) &&
           key_runs(number, frame->n_rows, index.n, &wide->starts, &wide->rows, wide->err);
    key_index_free(&index);
    mem_free(key.words);
    mem_free(number);
    return done;
}

static bool put_ids(const Wide *wide, Frame *out)
{
    for (int k = 0; k < wide->plan->n_ids; k++) {
        const FrameColumn *from = &wide->frame->columns[wide->plan->ids[k]];
        Role role = from->role == ROLE_ID || from->role == ROLE_TIME || from->role == ROLE_GROUP
                        ? from->role
                        : frame_guest_role(from);
        if (!put(out, from->name, column_take(from->column, wide->first, wide->n_ids, wide->err), role,
                 from->lead, from->ahead, wide->err))
            return false;
    }
    return true;
}

/* The rows whose cells make the column of one key. */
static bool key_sources(const Wide *wide, uint32_t key, uint32_t *source, const char *name)
{
    for (uint32_t g = 0; g < wide->n_ids; g++) source[g] = NO_ROW;
    for (size_t p = wide->starts[key]; p < wide->starts[key + 1]; p++) {
        uint32_t row = wide->rows[p], id = wide->id[row];
        if (source[id] != NO_ROW)
            return ERR(wide->err, reshape_twice, INT(frame_row_number(wide->frame, row)), name,
                       wide->plan->n_ids ? wide->frame->columns[wide->plan->ids[0]].name : "table");
        source[id] = (uint32_t)frame_physical(wide->frame, row);
    }
    return true;
}

static bool put_key(const Wide *wide, Frame *out, uint32_t key, uint32_t *source, Arena *arena)
{
    const FrameColumn *value = &wide->frame->columns[wide->plan->value];
    if (wide->starts[key] == wide->starts[key + 1]) return true; /* the missing key */
    Buf name = { 0 };
    column_text(wide->frame->columns[wide->plan->key].column,
                frame_physical(wide->frame, wide->rows[wide->starts[key]]), &name);
    const char *free_name = name.length ? buf_text(&name) : "blank";
    free_name = arena_text(arena, frame_free_name(out, free_name, value->name, arena));
    buf_free(&name);
    return key_sources(wide, key, source, free_name) &&
           put(out, free_name, column_take(value->column, source, wide->n_ids, wide->err),
               frame_guest_role(value), value->lead, value->ahead, wide->err);
}

static Frame *make_wide(const Wide *wide)
{
    uint32_t *source = mem_get(wide->n_ids, sizeof *source, wide->err);
    Frame *out = frame_new(NULL, NULL, 0, wide->n_ids, NULL);
    Arena *arena = arena_new();
    bool done = source && put_ids(wide, out);
    for (uint32_t k = 0; k < wide->n_keys && done; k++)
        done = put_key(wide, out, wide->order[k], source, arena) &&
               progress_poll(wide->progress, "reshape", k, wide->n_keys, wide->err);
    mem_free(source);
    arena_free(arena);
    if (done) return out;
    frame_unref(out);
    return NULL;
}

Frame *frame_wide(const Frame *frame, const WidePlan *plan, Notes *notes, Progress *progress, Err *err)
{
    Wide wide = { .frame = frame, .plan = plan, .progress = progress, .err = err };
    bool done = plan->n_ids < IDS_MAX || ERR(err, too_many_keys, INT(IDS_MAX - 1));
    done = done && number_ids(&wide) && number_keys(&wide, notes);
    Frame *out = done ? make_wide(&wide) : NULL;
    mem_free(wide.id);
    mem_free(wide.first);
    mem_free(wide.starts);
    mem_free(wide.rows);
    mem_free(wide.order);
    return out;
}
