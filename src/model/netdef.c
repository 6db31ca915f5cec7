/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Net definitions: what is written between `net NAME` and `end`, with kinds and options resolved. */
#include "model/net.h"

#include <stdio.h>
#include <string.h>

NetDef *netdef_new(const char *name)
{
    NetDef *def = mem_own(sizeof *def);
    def->refs = 1;
    def->arena = arena_new();
    def->name = arena_text(def->arena, name);
    return def;
}

NetDef *netdef_ref(const NetDef *def)
{
    NetDef *own = (NetDef *)(uintptr_t)def;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void netdef_unref(const NetDef *def)
{
    NetDef *own = (NetDef *)(uintptr_t)def;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    arena_free(own->arena);
    mem_free(own);
}

static LayerDef *find_layer(const NetDef *def, const char *name)
{
    for (int i = 0; i < def->n_layers; i++)
        if (text_equal(def->layers[i].name, name)) return &def->layers[i];
    return NULL;
}

static bool is_block(PartKind kind)
{
    return kind == PART_RESIDUAL || kind == PART_PARALLEL || kind == PART_BIDIRECTIONAL;
}

static const char *block_word(PartKind kind)
{
    return kind == PART_RESIDUAL ? "residual" : kind == PART_PARALLEL ? "parallel" : "bidirectional";
}

/* The place of a block's first line, or -1. */
static int find_block(const NetDef *def, const char *name)
{
    for (int i = 0; i < def->n_parts; i++)
        if (is_block(def->parts[i].kind) && text_equal(def->parts[i].name, name)) return i;
    return -1;
}

/* "dense2": the kind and its number among layers 0 .. n of that kind that were written. */
static const char *default_name(const NetDef *def, int n, const LayerKind *kind, char out[96])
{
    int number = 1;
    for (int i = 0; i < n; i++) number += def->layers[i].kind == kind && !def->layers[i].mirror;
    snprintf(out, 96, "%s%d", kind->kind.name, number);
    return out;
}

/* "residual2": among the first n lines. */
static const char *default_block(const NetDef *def, int n, PartKind kind, char out[96])
{
    int number = 1;
    for (int i = 0; i < n; i++) number += def->parts[i].kind == kind;
    snprintf(out, 96, "%s%d", block_word(kind), number);
    return out;
}

/* Room for one more of n items. They double in the arena: few, and freed with it. */
static void *grown(NetDef *def, void *items, int n, size_t size)
{
    if ((n & (n - 1)) != 0) return items;
    char *room = arena_take(def->arena, (n ? 2 * (size_t)n : 1) * size);
    if (n) memcpy(room, items, (size_t)n * size);
    return room;
}

static void append_part(NetDef *def, NetPart part)
{
    def->parts = grown(def, def->parts, def->n_parts, sizeof *def->parts);
    def->parts[def->n_parts++] = part;
}

/* What comes right after `parallel` is a branch. */
static bool wants_branch(const NetDef *def)
{
    return def->n_parts > 0 && def->parts[def->n_parts - 1].kind == PART_PARALLEL;
}

static bool is_taken(const NetDef *def, const char *name)
{
    return find_layer(def, name) || find_block(def, name) >= 0;
}

bool netdef_add(NetDef *def, const LayerKind *kind, const Options *options, const char *name, Span span,
                Err *err)
{
    char own[96];
    if (!name) name = default_name(def, def->n_layers, kind, own);
    if (is_taken(def, name)) return ERR_AT(err, span, layer_twice, def->name, name);
    if (wants_branch(def)) return ERR_AT(err, span, net_block, def->name, "parallel", "a branch");
    const char *kept = arena_text(def->arena, name);
    Options *copy = options_copy(def->arena, options);
    def->layers = grown(def, def->layers, def->n_layers, sizeof *def->layers);
    def->layers[def->n_layers] = (LayerDef){ .kind = kind, .name = kept, .options = copy, .span = span };
    append_part(def, (NetPart){ .kind = PART_LAYER, .layer = def->n_layers++, .span = span });
    return true;
}

/* ---- blocks */

/* How many blocks are open; the innermost (the place of its first line), or -1. */
static int open_blocks(const NetDef *def, int *innermost)
{
    int depth = 0, closed = 0;
    *innermost = -1;
    for (int i = def->n_parts - 1; i >= 0; i--) {
        PartKind kind = def->parts[i].kind;
        if (kind == PART_END) closed++;
        if (!is_block(kind)) continue;
        if (closed > 0) {
            closed--;
            continue;
        }
        if (depth++ == 0) *innermost = i;
    }
    return depth;
}

static const BranchInput *copy_input(NetDef *def, const BranchInput *input)
{
    if (!input) return NULL;
    BranchInput *copy = arena_take(def->arena, sizeof *copy);
    *copy = *input;
    copy->columns = value_copy(def->arena, (Value){ .type = VALUE_LIST, .list = input->columns }).list;
    return copy;
}

bool netdef_open(NetDef *def, NetPart part, Err *err)
{
    char own[96];
    int innermost, depth = open_blocks(def, &innermost);
    bool in_parallel = innermost >= 0 && def->parts[innermost].kind == PART_PARALLEL;
    if (wants_branch(def) != (part.kind == PART_BRANCH) && (wants_branch(def) || !in_parallel))
        return ERR_AT(err, part.span, net_block, def->name, "parallel", "a branch");
    if (depth == NETDEF_DEPTH)
        return ERR_AT(err, part.span, net_too_big, def->name, part.name ? part.name : "its blocks");
    if (part.kind != PART_BRANCH) {
        if (!part.name) part.name = default_block(def, def->n_parts, part.kind, own);
        if (is_taken(def, part.name)) return ERR_AT(err, part.span, layer_twice, def->name, part.name);
        part.name = arena_text(def->arena, part.name);
    }
    part.input = copy_input(def, part.input);
    append_part(def, part);
    return true;
}

static bool has_option(const Kind *kind, const char *name)
{
    for (int i = 0; i < kind->n_options; i++)
        if (text_equal(kind->options[i].name, name)) return true;
    return false;
}

/* Options with reverse= turned round. */
static bool turned(const Options *options, Arena *arena, Options *out, Err *err)
{
    Value record = options_record(arena, options);
    record_set(arena, record.record, "reverse", value_bool(!option_bool(options, "reverse")));
    return options_from_record(options->kind, record.record, arena, out, err);
}

static bool mirror(NetDef *def, const LayerDef *layer, Err *err)
{
    char name[160];
    Options options;
    Arena *arena = arena_new();
    Span span = layer->span;
    bool frozen = layer->frozen;
    snprintf(name, sizeof name, "%.150s_back", layer->name);
    bool done = turned(layer->options, arena, &options, err) &&
                netdef_add(def, layer->kind, &options, name, span, err);
    arena_free(arena);
    if (!done) return false;
    def->layers[def->n_layers - 1].mirror = true;
    def->layers[def->n_layers - 1].frozen = frozen;
    return true;
}

bool netdef_close(NetDef *def, Span span, Err *err)
{
    int block;
    if (open_blocks(def, &block) == 0)
        return ERR_AT(err, span, net_block, def->name, "`end`", "a block to end");
    const NetPart *part = &def->parts[block], *last = &def->parts[def->n_parts - 1];
    if (part->kind == PART_PARALLEL && part == last)
        return ERR_AT(err, span, net_block, def->name, part->name, "a branch");
    if (part->kind == PART_BIDIRECTIONAL) {
        bool one = last == part + 1 && last->kind == PART_LAYER;
        if (!one || !has_option(&def->layers[last->layer].kind->kind, "reverse"))
            return ERR_AT(err, span, net_block, def->name, part->name,
                          "one recurrent layer: rnn, lstm or gru");
        if (!mirror(def, &def->layers[last->layer], err)) return false;
    }
    append_part(def, (NetPart){ .kind = PART_END, .span = span });
    return true;
}

/* ---- equality */

static bool columns_equal(ValueList a, ValueList b)
{
    Value x = { .type = VALUE_LIST, .list = a }, y = { .type = VALUE_LIST, .list = b };
    return value_equal(&x, &y);
}

static bool input_equal(const NetDef *a, const NetDef *b)
{
    return text_equal(a->input_frame ? a->input_frame : "", b->input_frame ? b->input_frame : "") &&
           columns_equal(a->input_columns, b->input_columns) && shape_equal(a->input_shape, b->input_shape) &&
           a->input_last == b->input_last;
}

static bool branch_equal(const BranchInput *a, const BranchInput *b)
{
    if (!a || !b) return !a && !b;
    return columns_equal(a->columns, b->columns) && shape_equal(a->shape, b->shape) && a->last == b->last;
}

static bool layer_equal(const LayerDef *a, const LayerDef *b)
{
    return a->kind == b->kind && text_equal(a->name, b->name) && options_equal(a->options, b->options);
}

static bool part_equal(const NetDef *a, const NetDef *b, int i)
{
    const NetPart *x = &a->parts[i], *y = &b->parts[i];
    if (x->kind != y->kind || x->merge != y->merge || !branch_equal(x->input, y->input)) return false;
    if (x->kind == PART_LAYER) return layer_equal(&a->layers[x->layer], &b->layers[y->layer]);
    return !is_block(x->kind) || text_equal(x->name, y->name);
}

bool netdef_equal(const NetDef *a, const NetDef *b)
{
    if (a->n_parts != b->n_parts || !input_equal(a, b)) return false;
    for (int i = 0; i < a->n_parts; i++)
        if (!part_equal(a, b, i)) return false;
    return true;
}

/* ---- changed copies */

static NetDef *copy_head(const NetDef *def)
{
    NetDef *copy = netdef_new(def->name);
    if (def->input_frame) copy->input_frame = arena_text(copy->arena, def->input_frame);
    if (def->input_recipe) copy->input_recipe = arena_text(copy->arena, def->input_recipe);
    Value columns = { .type = VALUE_LIST, .list = def->input_columns };
    copy->input_columns = value_copy(copy->arena, columns).list;
    copy->input_shape = def->input_shape;
    copy->input_last = def->input_last;
    return copy;
}

/* A copy with the layer `changed` taking its options from `options`. */
static NetDef *copy_with(const NetDef *def, const LayerDef *changed, const Options *options)
{
    NetDef *copy = copy_head(def);
    for (int i = 0; i < def->n_parts; i++) {
        NetPart part = def->parts[i];
        const LayerDef *layer = part.kind == PART_LAYER ? &def->layers[part.layer] : NULL;
        if (part.kind == PART_END)
            netdef_close(copy, part.span, NULL);
        else if (!layer)
            netdef_open(copy, part, NULL);
        if (!layer || layer->mirror) continue;
        netdef_add(copy, layer->kind, layer == changed ? options : layer->options, layer->name, layer->span,
                   NULL);
        copy->layers[copy->n_layers - 1].frozen = layer->frozen;
    }
    return copy;
}

static bool unknown_layer(const NetDef *def, const char *layer, Err *err)
{
    Arena *arena = arena_new();
    const char **names = arena_take(arena, (size_t)def->n_layers * sizeof *names);
    for (int i = 0; i < def->n_layers; i++) names[i] = def->layers[i].name;
    ERR(err, no_layer, def->name, layer);
    err_suggest(err, layer, names, (size_t)def->n_layers);
    arena_free(arena);
    return false;
}

NetDef *netdef_with_option(const NetDef *def, const char *layer, const char *option, Value value, Err *err)
{
    LayerDef *changed = find_layer(def, layer);
    if (!changed || changed->mirror) {
        unknown_layer(def, layer, err);
        return NULL;
    }
    Arena *arena = arena_new();
    Value record = options_record(arena, changed->options);
    record_set(arena, record.record, option, value);
    Options options;
    NetDef *copy = NULL;
    if (options_from_record(&changed->kind->kind, record.record, arena, &options, err))
        copy = copy_with(def, changed, &options);
    arena_free(arena);
    return copy;
}

/* A reversed copy is frozen with its layer. */
static void freeze_layer(NetDef *def, int i, bool frozen)
{
    def->layers[i].frozen = frozen;
    if (i + 1 < def->n_layers && def->layers[i + 1].mirror) def->layers[i + 1].frozen = frozen;
}

static void freeze_block(NetDef *def, int start, bool frozen)
{
    int depth = 0;
    for (int i = start; i < def->n_parts; i++) {
        const NetPart *part = &def->parts[i];
        if (is_block(part->kind)) depth++;
        if (part->kind == PART_LAYER) freeze_layer(def, part->layer, frozen);
        if (part->kind == PART_END && --depth == 0) return;
    }
}

NetDef *netdef_with_frozen(const NetDef *def, const char *layer, bool frozen, Err *err)
{
    int block = find_block(def, layer);
    const LayerDef *found = find_layer(def, layer);
    if (!found && block < 0) {
        unknown_layer(def, layer, err);
        return NULL;
    }
    NetDef *copy = copy_with(def, NULL, NULL);
    if (found)
        freeze_layer(copy, (int)(found - def->layers), frozen);
    else
        freeze_block(copy, block, frozen);
    return copy;
}
