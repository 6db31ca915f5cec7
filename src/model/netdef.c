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

/* "dense2": the kind and its number among layers 0 .. n of that kind. */
static const char *default_name(const NetDef *def, int n, const LayerKind *kind, char out[96])
{
    int number = 1;
    for (int i = 0; i < n; i++) number += def->layers[i].kind == kind;
    snprintf(out, 96, "%s%d", kind->kind.name, number);
    return out;
}

/* Room for one more layer. Layers double in the arena: few, and freed with it. */
static LayerDef *append_layer(NetDef *def)
{
    bool full = (def->n_layers & (def->n_layers - 1)) == 0;
    if (full) {
        size_t capacity = def->n_layers ? 2 * (size_t)def->n_layers : 1;
        LayerDef *grown = arena_take(def->arena, capacity * sizeof *grown);
        if (def->n_layers) memcpy(grown, def->layers, (size_t)def->n_layers * sizeof *grown);
        def->layers = grown;
    }
    return &def->layers[def->n_layers++];
}

bool netdef_add(NetDef *def, const LayerKind *kind, const Options *options, const char *name, Span span,
                Err *err)
{
    char own[96];
    if (!name) name = default_name(def, def->n_layers, kind, own);
    if (find_layer(def, name)) return ERR_AT(err, span, layer_twice, def->name, name);
    const char *kept = arena_text(def->arena, name);
    Options *copy = options_copy(def->arena, options);
    *append_layer(def) = (LayerDef){ kind, kept, copy, span, false };
    return true;
}

static bool input_equal(const NetDef *a, const NetDef *b)
{
    if (!a->input_frame != !b->input_frame) return false;
    if (a->input_frame && !text_equal(a->input_frame, b->input_frame)) return false;
    Value x = { .type = VALUE_LIST, .list = a->input_columns };
    Value y = { .type = VALUE_LIST, .list = b->input_columns };
    return value_equal(&x, &y) && shape_equal(a->input_shape, b->input_shape);
}

bool netdef_equal(const NetDef *a, const NetDef *b)
{
    if (a->n_layers != b->n_layers || !input_equal(a, b)) return false;
    for (int i = 0; i < a->n_layers; i++) {
        const LayerDef *x = &a->layers[i], *y = &b->layers[i];
        if (x->kind != y->kind || !text_equal(x->name, y->name) || !options_equal(x->options, y->options))
            return false;
    }
    return true;
}

/* ---- as fns writes it */

static void write_input(Buf *out, const NetDef *def)
{
    buf_puts(out, "  input");
    if (def->input_frame) buf_printf(out, " %s", def->input_frame);
    for (int i = 0; i < def->input_shape.n_dims; i++) buf_printf(out, " %zu", def->input_shape.dims[i]);
    for (int i = 0; i < def->input_columns.n; i++) {
        buf_puts(out, i ? "," : " columns=");
        value_write(out, &def->input_columns.items[i]);
    }
    buf_putc(out, '\n');
}

void netdef_write(Buf *out, const NetDef *def)
{
    buf_printf(out, "net %s\n", def->name);
    write_input(out, def);
    for (int i = 0; i < def->n_layers; i++) {
        const LayerDef *layer = &def->layers[i];
        Buf written = { 0 };
        char name[96];
        options_write(&written, layer->options);
        buf_printf(out, "  %s", layer->kind->kind.name);
        if (written.length) buf_printf(out, " %s", written.text);
        if (!text_equal(layer->name, default_name(def, i, layer->kind, name)))
            buf_printf(out, " as %s", layer->name);
        buf_putc(out, '\n');
        buf_free(&written);
    }
    buf_puts(out, "end\n");
}

/* ---- changed copies */

static NetDef *copy_head(const NetDef *def)
{
    NetDef *copy = netdef_new(def->name);
    if (def->input_frame) copy->input_frame = arena_text(copy->arena, def->input_frame);
    Value columns = { .type = VALUE_LIST, .list = def->input_columns };
    copy->input_columns = value_copy(copy->arena, columns).list;
    copy->input_shape = def->input_shape;
    return copy;
}

/* A copy with the layer `changed` taking its options from `options`. */
static NetDef *copy_with(const NetDef *def, const LayerDef *changed, const Options *options)
{
    NetDef *copy = copy_head(def);
    for (int i = 0; i < def->n_layers; i++) {
        const LayerDef *layer = &def->layers[i];
        netdef_add(copy, layer->kind, layer == changed ? options : layer->options, layer->name, layer->span,
                   NULL);
        copy->layers[i].frozen = layer->frozen;
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
    if (!changed) {
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

NetDef *netdef_with_frozen(const NetDef *def, const char *layer, bool frozen, Err *err)
{
    if (!find_layer(def, layer)) {
        unknown_layer(def, layer, err);
        return NULL;
    }
    NetDef *copy = copy_with(def, NULL, NULL);
    find_layer(copy, layer)->frozen = frozen;
    return copy;
}
