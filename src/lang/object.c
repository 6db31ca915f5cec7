/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/object.h"

#include <math.h>

#include "data/split.h"
#include "lang/ast.h"
#include "model/decision.h"
#include "model/train.h"

static Object *object_new(ObjectType type)
{
    Object *object = mem_own(sizeof *object);
    object->refs = 1;
    object->type = type;
    return object;
}

Object *object_value(Value value)
{
    Object *object = object_new(OBJECT_VALUE);
    object->held.arena = arena_new();
    object->held.value = value_copy(object->held.arena, value);
    object->saved = true;
    return object;
}

Object *object_frame(const Frame *frame)
{
    Object *object = object_new(OBJECT_FRAME);
    object->frame = frame;
    return object;
}

Object *object_net(const Net *net)
{
    Object *object = object_new(OBJECT_NET);
    object->net = net;
    return object;
}

Object *object_model(const Model *model)
{
    Object *object = object_new(OBJECT_MODEL);
    object->model = model;
    return object;
}

Object *object_def(const Node *def)
{
    Object *object = object_new(OBJECT_DEF);
    object->def = def;
    object->saved = true;
    return object;
}

Object *object_ref(Object *object)
{
    object->refs++;
    return object;
}

Object *object_again(const Object *object)
{
    Object *copy = object->type == OBJECT_VALUE   ? object_value(object->held.value)
                   : object->type == OBJECT_FRAME ? object_frame(frame_ref(object->frame))
                   : object->type == OBJECT_NET   ? object_net(net_ref(object->net))
                   : object->type == OBJECT_MODEL ? object_model(model_ref(object->model))
                                                  : object_def(object->def);
    copy->saved = object->saved;
    object_set_papers(copy, object->papers);
    return copy;
}

void object_set_papers(Object *object, const Record *papers)
{
    Arena *old = object->papers_arena;
    object->papers_arena = papers ? arena_new() : NULL;
    object->papers =
        papers ? value_copy(object->papers_arena, (Value){ .type = VALUE_RECORD, .record = (Record *)papers })
                     .record
               : NULL;
    if (old) arena_free(old);
}

bool object_same_weights(const Object *a, const Object *b)
{
    if (a == b) return true;
    if (a->type != b->type) return false;
    if (a->type == OBJECT_NET) return a->net->params && a->net->params == b->net->params;
    return a->type == OBJECT_MODEL && a->model->kind == b->model->kind && a->model->prep == b->model->prep;
}

void object_unref(Object *object)
{
    if (!object || --object->refs > 0) return;
    if (object->papers_arena) arena_free(object->papers_arena);
    switch (object->type) {
    case OBJECT_VALUE: arena_free(object->held.arena); break;
    case OBJECT_FRAME: frame_unref(object->frame); break;
    case OBJECT_NET: net_unref(object->net); break;
    case OBJECT_MODEL: model_unref((Model *)object->model); break;
    case OBJECT_DEF: break;
    }
    mem_free(object);
}

const char *object_type_name(const Object *object)
{
    switch (object->type) {
    case OBJECT_VALUE: return value_type_name(object->held.value.type);
    case OBJECT_FRAME: return "frame";
    case OBJECT_NET: return "net";
    case OBJECT_MODEL: return object->model->kind->name;
    case OBJECT_DEF: return "def";
    }
    return "thing";
}

static void record_frame(Record *record, const Frame *frame, Arena *arena)
{
    record_number(arena, record, "rows", (double)frame->n_rows);
    record_number(arena, record, "columns", frame->n_columns);
    record_text(arena, record, "origin", frame->origin ? frame->origin : "");
    record_text(arena, record, "hash", frame->hash ? frame->hash : "");
    record_number(arena, record, "tainted", frame->taint != TAINT_NONE);
    Value names = value_list(arena, frame->n_columns);
    for (int i = 0; i < frame->n_columns; i++)
        names.list.items[i] = value_text(arena, frame->columns[i].name);
    record_set(arena, record, "names", names);
    int target = frame_role(frame, ROLE_TARGET);
    if (target >= 0) record_text(arena, record, "target", frame->columns[target].name);
    if (frame->split) {
        Record *parts = record_record(arena, record, "parts");
        size_t counts[PARTS_MAX] = { 0 };
        for (size_t i = 0; i < frame->n_rows; i++) {
            uint8_t part = frame->split->part[frame_physical(frame, i)];
            if (part < frame->split->n_parts) counts[part]++;
        }
        for (int k = 0; k < frame->split->n_parts; k++)
            record_number(arena, parts, frame->split->names[k], (double)counts[k]);
    }
}

static void record_history(Record *record, const History *history, Arena *arena)
{
    if (!history || !history->n) return;
    const EpochRow *last = &history->rows[history->n - 1];
    record_number(arena, record, "loss", last->train_loss);
    Record *valid = record_record(arena, record, "valid");
    record_number(arena, valid, "loss", last->valid_loss);
    for (int k = 0; k < history->n_metrics; k++)
        record_number(arena, valid, history->metrics[k], last->valid[k]);
    record_number(arena, record, "seconds", history->seconds);
    record_text(arena, record, "stop", stop_reason_text(history->stop));
}

static void record_net(Record *record, const Net *net, Arena *arena)
{
    record_number(arena, record, "layers", net->def->n_layers);
    record_number(arena, record, "epoch", net->epoch);
    record_number(arena, record, "best_epoch", net->best_epoch);
    if (net->decision) record_set(arena, record, "decision", decision_record(net->decision, arena));
    record_number(arena, record, "seed", (double)net->seed);
    record_number(arena, record, "tainted", net->taint != TAINT_NONE);
    if (net->params) {
        char hash[9];
        net_hash(net, hash);
        record_number(arena, record, "parameters", (double)net->params->n_weights);
        record_text(arena, record, "hash", hash);
    }
    record_history(record, net->history, arena);
}

Value object_record(const Object *object, Arena *arena)
{
    if (object->type == OBJECT_VALUE) return object->held.value;
    if (object->type == OBJECT_MODEL) {
        Value value = object->model->kind->record(object->model, arena);
        const Decision *decision = object->model->decision;
        if (value.type == VALUE_RECORD) record_text(arena, value.record, "type", object_type_name(object));
        if (decision && value.type == VALUE_RECORD)
            record_set(arena, value.record, "decision", decision_record(decision, arena));
        return value;
    }
    Value value = value_record(arena);
    record_text(arena, value.record, "type", object_type_name(object));
    if (object->type == OBJECT_FRAME) record_frame(value.record, object->frame, arena);
    if (object->type == OBJECT_NET) record_net(value.record, object->net, arena);
    if (object->type == OBJECT_DEF) record_text(arena, value.record, "name", object->def->def.name);
    return value;
}

static size_t column_bytes(const Column *column)
{
    size_t bytes = column->n * (column->type == COLUMN_CATEGORY ? 4 : column->type == COLUMN_BOOL ? 1 : 8);
    return bytes + (column->type == COLUMN_TEXT ? column->offsets[column->n] : 0);
}

/* Columns keep their order in most versions: the search goes on where the last one was found. */
static size_t frame_bytes_beyond(const Frame *frame, const Frame *other)
{
    size_t bytes = 0;
    int from = 0, n = other ? other->n_columns : 0;
    for (int i = 0; i < frame->n_columns; i++) {
        int k = 0;
        while (k < n && other->columns[(from + k) % n].column != frame->columns[i].column) k++;
        if (k == n)
            bytes += column_bytes(frame->columns[i].column);
        else
            from = (from + k + 1) % n;
    }
    bool index = frame->index && !(other && other->index == frame->index);
    return bytes + (index ? frame->index->n * sizeof(uint32_t) : 0);
}

static size_t net_bytes_beyond(const Net *net, const Net *other)
{
    if (!net->params || (other && other->params == net->params)) return 0;
    return 4 * (net->params->n_weights + net->params->n_stats) * sizeof(real);
}

size_t object_bytes_beyond(const Object *object, const Object *other)
{
    if (object == other) return 0;
    if (other && other->type != object->type) other = NULL;
    size_t bytes = sizeof *object;
    if (object->type == OBJECT_FRAME) bytes += frame_bytes_beyond(object->frame, other ? other->frame : NULL);
    if (object->type == OBJECT_NET) bytes += net_bytes_beyond(object->net, other ? other->net : NULL);
    return bytes;
}
