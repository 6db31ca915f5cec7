/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Net definitions as records: the form in which the model file keeps them. */
#include "model/net.h"

#include <string.h>

static Value layer_record(const LayerDef *layer, Arena *arena)
{
    Value value = value_record(arena);
    record_text(arena, value.record, "kind", layer->kind->kind.name);
    record_text(arena, value.record, "name", layer->name);
    record_set(arena, value.record, "options", options_record(arena, layer->options));
    if (layer->frozen) record_set(arena, value.record, "frozen", value_bool(true));
    return value;
}

Value netdef_record(const NetDef *def, Arena *arena)
{
    Value value = value_record(arena), layers = value_list(arena, def->n_layers);
    record_text(arena, value.record, "name", def->name);
    if (def->input_frame) record_text(arena, value.record, "frame", def->input_frame);
    if (def->input_columns.n) {
        Value columns = { .type = VALUE_LIST, .list = def->input_columns };
        record_set(arena, value.record, "columns", value_copy(arena, columns));
    }
    Value shape = value_list(arena, def->input_shape.n_dims);
    for (int i = 0; i < def->input_shape.n_dims; i++)
        shape.list.items[i] = value_number((double)def->input_shape.dims[i]);
    record_set(arena, value.record, "shape", shape);
    for (int i = 0; i < def->n_layers; i++) layers.list.items[i] = layer_record(&def->layers[i], arena);
    record_set(arena, value.record, "layers", layers);
    return value;
}

static const char *member_text(const Record *record, const char *name)
{
    const Value *value = record ? record_get(record, name) : NULL;
    bool text = value && (value->type == VALUE_TEXT || value->type == VALUE_WORD);
    return text ? value->text : NULL;
}

static bool damaged(Err *err, const char *what)
{
    return ERR(err, bad_model_part, "net definition", what);
}

static bool read_shape(NetDef *def, const Value *shape, Err *err)
{
    if (!shape) return true;
    if (shape->type != VALUE_LIST || shape->list.n > SHAPE_DIMS) return damaged(err, "input shape");
    def->input_shape.n_dims = shape->list.n;
    for (int i = 0; i < shape->list.n; i++) {
        const Value *size = &shape->list.items[i];
        if (size->type != VALUE_NUMBER || !(size->number >= 1 && size->number <= 1e9))
            return damaged(err, "input shape");
        def->input_shape.dims[i] = (size_t)size->number;
    }
    return true;
}

static bool read_layer(NetDef *def, const Value *value, Err *err)
{
    if (value->type != VALUE_RECORD) return damaged(err, "layer");
    const char *word = member_text(value->record, "kind");
    const char *name = member_text(value->record, "name");
    const Kind *kind = word ? kind_find(&layer_kinds, word) : NULL;
    if (!kind || !name) return damaged(err, word ? word : "layer");
    const Value *given = record_get(value->record, "options"), *frozen = record_get(value->record, "frozen");
    Record none = { 0 };
    const Record *record = given && given->type == VALUE_RECORD ? given->record : &none;
    Options options;
    Arena *arena = arena_new();
    bool done = options_from_record(kind, record, arena, &options, err) &&
                netdef_add(def, (const LayerKind *)kind, &options, name, (Span){ 0 }, err);
    arena_free(arena);
    if (done) def->layers[def->n_layers - 1].frozen = frozen && frozen->type == VALUE_BOOL && frozen->on;
    return done;
}

static bool read_members(NetDef *def, const Record *record, Err *err)
{
    const char *frame = member_text(record, "frame");
    const Value *columns = record_get(record, "columns"), *layers = record_get(record, "layers");
    if (frame) def->input_frame = arena_text(def->arena, frame);
    if (columns && columns->type == VALUE_LIST) def->input_columns = value_copy(def->arena, *columns).list;
    if (!read_shape(def, record_get(record, "shape"), err)) return false;
    if (!layers || layers->type != VALUE_LIST) return damaged(err, "layers");
    for (int i = 0; i < layers->list.n; i++)
        if (!read_layer(def, &layers->list.items[i], err)) return false;
    return true;
}

NetDef *netdef_from_record(const Record *record, Err *err)
{
    const char *name = member_text(record, "name");
    NetDef *def = netdef_new(name ? name : "net");
    if (record && read_members(def, record, err)) return def;
    if (!record) damaged(err, "record");
    netdef_unref(def);
    return NULL;
}
