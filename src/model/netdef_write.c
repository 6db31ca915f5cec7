/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Net definitions as fns writes them: the block, with blocks inside it indented. */
#include <stdio.h>

#include "model/net.h"

static void indent(Buf *out, int depth)
{
    for (int i = 0; i <= depth; i++) buf_puts(out, "  ");
}

static void write_columns(Buf *out, ValueList columns)
{
    for (int i = 0; i < columns.n; i++) {
        buf_puts(out, i ? "," : " columns=");
        value_write(out, &columns.items[i]);
    }
}

static void write_input(Buf *out, const NetDef *def, const BranchInput *input, int depth)
{
    indent(out, depth);
    buf_puts(out, "input");
    if (def->input_frame) buf_printf(out, " %s", def->input_frame);
    for (int i = 0; i < input->shape.n_dims; i++) buf_printf(out, " %zu", input->shape.dims[i]);
    write_columns(out, input->columns);
    if (input->last) buf_puts(out, " at=last");
    if (def->input_recipe) buf_printf(out, " recipe=%s", def->input_recipe);
    buf_putc(out, '\n');
}

static int count_before(const NetDef *def, const NetPart *part)
{
    int n = 1;
    for (const NetPart *p = def->parts; p < part; p++) n += p->kind == part->kind;
    return n;
}

static int layers_before(const NetDef *def, const LayerDef *layer)
{
    int n = 1;
    for (const LayerDef *l = def->layers; l < layer; l++) n += l->kind == layer->kind && !l->mirror;
    return n;
}

/* A name that is not the one it would get by itself. */
static void write_name(Buf *out, const char *name, const char *word, int number)
{
    char own[96];
    snprintf(own, sizeof own, "%s%d", word, number);
    if (!text_equal(name, own)) buf_printf(out, " as %s", name);
}

static void write_layer(Buf *out, const NetDef *def, const LayerDef *layer, int depth)
{
    if (layer->mirror) return;
    Buf written = { 0 };
    options_write(&written, layer->options);
    indent(out, depth);
    buf_puts(out, layer->kind->kind.name);
    if (written.length) buf_printf(out, " %s", written.text);
    write_name(out, layer->name, layer->kind->kind.name, layers_before(def, layer));
    buf_putc(out, '\n');
    buf_free(&written);
}

static void write_block(Buf *out, const NetDef *def, const NetPart *part, int depth)
{
    const char *word = part->kind == PART_RESIDUAL   ? "residual"
                       : part->kind == PART_PARALLEL ? "parallel"
                                                     : "bidirectional";
    indent(out, depth);
    buf_puts(out, word);
    if (part->merge != MERGE_CONCAT) buf_printf(out, " merge=%s", merge_word(part->merge));
    write_name(out, part->name, word, count_before(def, part));
    buf_putc(out, '\n');
}

static void write_branch(Buf *out, const NetDef *def, const NetPart *part, int depth)
{
    indent(out, depth);
    buf_puts(out, "branch\n");
    if (part->input) write_input(out, def, part->input, depth + 1);
}

/* Branches stand one step inside their parallel, and their layers another. */
static void write_part(Buf *out, const NetDef *def, const NetPart *part, int *depth, int *branched)
{
    switch (part->kind) {
    case PART_LAYER: write_layer(out, def, &def->layers[part->layer], *depth); break;
    case PART_BRANCH:
        *depth -= branched[*depth];
        write_branch(out, def, part, *depth);
        branched[++*depth] = 1;
        break;
    case PART_END:
        *depth -= 1 + branched[*depth];
        indent(out, *depth);
        buf_puts(out, "end\n");
        break;
    default: write_block(out, def, part, *depth); branched[++*depth] = 0;
    }
}

static bool branches_have_inputs(const NetDef *def)
{
    for (int i = 0; i < def->n_parts; i++)
        if (def->parts[i].kind == PART_BRANCH && def->parts[i].input) return true;
    return false;
}

void netdef_write(Buf *out, const NetDef *def)
{
    int depth = 0, branched[2 * NETDEF_DEPTH + 2] = { 0 };
    BranchInput whole = { def->input_columns, def->input_shape, def->input_last };
    buf_printf(out, "net %s\n", def->name);
    if (!branches_have_inputs(def)) write_input(out, def, &whole, 0);
    for (int i = 0; i < def->n_parts; i++) write_part(out, def, &def->parts[i], &depth, branched);
    buf_puts(out, "end\n");
}
