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

static void end_record(Record *record, const char *name, const Value *end, Arena *arena)
{
    if (end) record_set(arena, record, name, value_copy(arena, *end));
}

/* "name", {word: "numeric"}, {pattern: "x*"}, {from: .., to: ..}: what JSON can tell apart. */
static Value choice_value(const Value *item, Arena *arena)
{
    Value value = value_record(arena);
    switch (item->type) {
    case VALUE_WORD: record_text(arena, value.record, "word", item->text); return value;
    case VALUE_PATTERN: record_text(arena, value.record, "pattern", item->text); return value;
    case VALUE_RANGE:
        end_record(value.record, "from", item->range.from, arena);
        end_record(value.record, "to", item->range.to, arena);
        return value;
    default: return value_copy(arena, *item);
    }
}

static Value columns_value(ValueList columns, Arena *arena)
{
    Value list = value_list(arena, columns.n);
    for (int i = 0; i < columns.n; i++) list.list.items[i] = choice_value(&columns.items[i], arena);
    return list;
}

static Value shape_value(Shape shape, Arena *arena)
{
    Value list = value_list(arena, shape.n_dims);
    for (int i = 0; i < shape.n_dims; i++) list.list.items[i] = value_number((double)shape.dims[i]);
    return list;
}

static void record_input(const BranchInput *input, Record *record, Arena *arena)
{
    record_set(arena, record, "columns", columns_value(input->columns, arena));
    record_set(arena, record, "shape", shape_value(input->shape, arena));
    if (input->last) record_set(arena, record, "last", value_bool(true));
}

static const char *const block_words[] = { [PART_RESIDUAL] = "residual",
                                           [PART_PARALLEL] = "parallel",
                                           [PART_BRANCH] = "branch",
                                           [PART_BIDIRECTIONAL] = "bidirectional",
                                           [PART_END] = "end" };

/* A line: of a layer, or {block, name, merge, input}. */
static Value part_record(const NetDef *def, const NetPart *part, Arena *arena)
{
    if (part->kind == PART_LAYER) return layer_record(&def->layers[part->layer], arena);
    Value value = value_record(arena);
    record_text(arena, value.record, "block", block_words[part->kind]);
    if (part->name) record_text(arena, value.record, "name", part->name);
    if (part->kind == PART_PARALLEL || part->kind == PART_BIDIRECTIONAL)
        record_text(arena, value.record, "merge", merge_word(part->merge));
    if (part->input) record_input(part->input, record_record(arena, value.record, "input"), arena);
    return value;
}

Value netdef_record(const NetDef *def, Arena *arena)
{
    Value value = value_record(arena), layers = value_list(arena, def->n_parts);
    record_text(arena, value.record, "name", def->name);
    if (def->input_frame) record_text(arena, value.record, "frame", def->input_frame);
    if (def->input_recipe) record_text(arena, value.record, "recipe", def->input_recipe);
    if (def->input_columns.n)
        record_set(arena, value.record, "columns", columns_value(def->input_columns, arena));
    record_set(arena, value.record, "shape", shape_value(def->input_shape, arena));
    if (def->input_last) record_set(arena, value.record, "last", value_bool(true));
    layers.list.n = 0;
    for (int i = 0; i < def->n_parts; i++) {
        const NetPart *part = &def->parts[i];
        bool mirror = part->kind == PART_LAYER && def->layers[part->layer].mirror;
        if (!mirror) layers.list.items[layers.list.n++] = part_record(def, part, arena);
    }
    record_set(arena, value.record, "layers", layers);
    return value;
}

static const char *member_text(const Record *record, const char *name)
{
    const Value *value = record ? record_get(record, name) : NULL;
    bool text = value && (value->type == VALUE_TEXT || value->type == VALUE_WORD);
    return text ? value->text : NULL;
}

static const Value *end_of(const Record *record, const char *name, Arena *arena)
{
    const char *text = member_text(record, name);
    if (!text) return NULL;
    Value *end = arena_take(arena, sizeof *end);
    *end = value_text(arena, text);
    return end;
}

static Value read_column(const Value *value, Arena *arena)
{
    if (value->type != VALUE_RECORD) return value_copy(arena, *value);
    const char *word = member_text(value->record, "word"), *pattern = member_text(value->record, "pattern");
    Value out = value_text(arena, word ? word : pattern ? pattern : "");
    if (word || pattern) {
        out.type = word ? VALUE_WORD : VALUE_PATTERN;
        return out;
    }
    out.type = VALUE_RANGE;
    out.range.from = end_of(value->record, "from", arena);
    out.range.to = end_of(value->record, "to", arena);
    return out;
}

static ValueList read_columns(const Record *record, Arena *arena)
{
    const Value *columns = record_get(record, "columns");
    if (!columns || columns->type != VALUE_LIST) return (ValueList){ 0 };
    Value list = value_list(arena, columns->list.n);
    for (int i = 0; i < list.list.n; i++) list.list.items[i] = read_column(&columns->list.items[i], arena);
    return list.list;
}

static bool damaged(Err *err, const char *what)
{
    return ERR(err, bad_model_part, "net definition", what);
}

static bool read_shape(Shape *out, const Value *shape, Err *err)
{
    if (!shape) return true;
    if (shape->type != VALUE_LIST || shape->list.n > SHAPE_DIMS) return damaged(err, "input shape");
    out->n_dims = shape->list.n;
    for (int i = 0; i < shape->list.n; i++) {
        const Value *size = &shape->list.items[i];
        if (size->type != VALUE_NUMBER || !(size->number >= 1 && size->number <= 1e9))
            return damaged(err, "input shape");
        out->dims[i] = (size_t)size->number;
    }
    return shape_size(*out) > 0 && shape_size(*out) <= 1000000000 ? true : damaged(err, "input shape");
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

static bool member_on(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_BOOL && value->on;
}

static bool read_input(const Record *record, BranchInput *input, Arena *arena, Err *err)
{
    *input = (BranchInput){ .columns = read_columns(record, arena), .last = member_on(record, "last") };
    return read_shape(&input->shape, record_get(record, "shape"), err);
}

static bool read_block(NetDef *def, const Record *record, const char *word, Err *err)
{
    NetPart part = { .kind = PART_RESIDUAL, .name = member_text(record, "name") };
    const char *merge = member_text(record, "merge");
    const Value *given = record_get(record, "input");
    BranchInput input;
    while (part.kind < PART_END && !text_equal(word, block_words[part.kind])) part.kind++;
    if (!text_equal(word, block_words[part.kind])) return damaged(err, word);
    if (part.kind == PART_END) return netdef_close(def, (Span){ 0 }, err);
    if (merge && !merge_parse(merge, &part.merge)) return damaged(err, merge);
    if (given && given->type == VALUE_RECORD) {
        if (!read_input(given->record, &input, def->arena, err)) return false;
        part.input = &input;
    }
    return netdef_open(def, part, err);
}

static bool read_part(NetDef *def, const Value *value, Err *err)
{
    const char *word = value->type == VALUE_RECORD ? member_text(value->record, "block") : NULL;
    return word ? read_block(def, value->record, word, err) : read_layer(def, value, err);
}

/* Every block that was opened is closed. */
static bool is_closed(const NetDef *def)
{
    int depth = 0;
    for (int i = 0; i < def->n_parts; i++) {
        PartKind kind = def->parts[i].kind;
        depth += kind == PART_RESIDUAL || kind == PART_PARALLEL || kind == PART_BIDIRECTIONAL;
        depth -= kind == PART_END;
    }
    return depth == 0;
}

static bool read_members(NetDef *def, const Record *record, Err *err)
{
    const char *frame = member_text(record, "frame");
    const Value *layers = record_get(record, "layers");
    const char *recipe = member_text(record, "recipe");
    if (recipe) def->input_recipe = arena_text(def->arena, recipe);
    def->input_last = member_on(record, "last");
    if (frame) def->input_frame = arena_text(def->arena, frame);
    def->input_columns = read_columns(record, def->arena);
    if (!read_shape(&def->input_shape, record_get(record, "shape"), err)) return false;
    if (!layers || layers->type != VALUE_LIST) return damaged(err, "layers");
    for (int i = 0; i < layers->list.n; i++)
        if (!read_part(def, &layers->list.items[i], err)) return false;
    return is_closed(def) || damaged(err, "layers");
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
