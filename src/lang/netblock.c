/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A net block: its statements make layers of a definition; for, if and repeat work inside. */
#include <string.h>

#include "lang/bind.h"
#include "lang/eval.h"
#include "lang/run.h"
#include "model/train.h"

typedef struct NetBlock {
    Session *session;
    NetDef *def;
} NetBlock;

static bool net_statements(NetBlock *block, const NodeList *statements, Err *err);

/* `input loans columns=numeric` or `input 20 5`: options as data, like every kind. */
static const OptionSpec input_options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "the frame whose rows it learns from" },
    { "sizes", OPTION_INTEGER, OPTION_POSITIONAL | OPTION_LIST, NULL, 1, 1e9, NULL, NULL,
      "or the size of one sample: 10, or 20 5 (steps, features)" },
    { "columns", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL, "columns to take; all inputs otherwise" },
    { "recipe", OPTION_TEXT, 0, NULL, 0, 0, NULL, NULL, "a second recipe of the frame, by name" },
};
const Kind input_kind = {
    .name = "input",
    .help = "what a net reads: a frame, or the size of one sample",
    KIND_OPTIONS(input_options),
    .example = "net tiny\n  input 10\n  dense 1 sigmoid\nend",
    .since = "1",
};

/* Positional numbers, `input 20 5`, are one list: sizes. */
static void gather_sizes(Session *session, Args *args)
{
    Value list = value_list(session->scratch, args->n);
    Arg first = args->items[0];
    int n = 1;
    list.list.n = 0;
    for (int i = 0; i < args->n; i++) {
        if (!args->items[i].key) list.list.items[list.list.n++] = args->items[i].value;
        else args->items[n++] = args->items[i];
    }
    first.key = "sizes";
    first.value = list;
    args->items[0] = first;
    args->n = n;
}

static bool bind_input(Session *session, const Command *command, Options *out, Err *err)
{
    Args args;
    if (!bind_args(session, command, &args, err)) return false;
    if (args.n && !args.items[0].key && args.items[0].value.type == VALUE_NUMBER) gather_sizes(session, &args);
    if (!options_bind(&input_kind, &args, session->scratch, command->verb_span, out, err)) return false;
    if (option_list(out, "sizes").n > SHAPE_DIMS) return ERR_AT(err, command->verb_span, too_many, "input");
    if (option_list(out, "sizes").n || option_given(out, "frame")) return true;
    return ERR_AT(err, command->verb_span, missing_argument, "input", "a frame, or the size of a sample");
}

static bool add_input(NetBlock *block, const Command *command, Err *err)
{
    NetDef *def = block->def;
    Options options;
    if (def->input_frame || def->input_shape.n_dims) return ERR_AT(err, command->verb_span, net_two_inputs, def->name);
    if (!bind_input(block->session, command, &options, err)) return false;
    ValueList dims = option_list(&options, "sizes");
    def->input_shape.n_dims = dims.n;
    for (int i = 0; i < dims.n; i++) def->input_shape.dims[i] = (size_t)dims.items[i].number;
    if (dims.n) return true;
    const char *frame = option_text(&options, "frame");
    if (!block->session->checking && !session_frame(block->session, frame, err)) {
        if (err && !err->span.source) err->span = option_get(&options, "frame")->span;
        return false;
    }
    def->input_frame = arena_text(def->arena, frame);
    if (option_given(&options, "recipe")) def->input_recipe = arena_text(def->arena, option_text(&options, "recipe"));
    def->input_columns = value_copy(def->arena, (Value){ .type = VALUE_LIST, .list = option_list(&options, "columns") }).list;
    return true;
}

static bool bind_layer(Session *session, const Command *command, Options *out, Err *err)
{
    const Kind *kind = kind_find(&layer_kinds, command->verb);
    Args args;
    if (!kind) return ERR_AT(err, command->verb_span, layer_not_built, command->verb);
    return bind_args(session, command, &args, err) &&
           options_bind(kind, &args, session->scratch, command->verb_span, out, err);
}

bool check_layer(Session *session, const Command *command, Err *err)
{
    Options options;
    return strcmp(command->verb, "input") ? bind_layer(session, command, &options, err)
                                          : bind_input(session, command, &options, err);
}

static bool add_layer(NetBlock *block, const Command *command, Err *err)
{
    if (!strcmp(command->verb, "input")) return add_input(block, command, err);
    if (!block->def->input_frame && !block->def->input_shape.n_dims)
        return ERR_AT(err, command->verb_span, net_no_input, block->def->name);
    Options options;
    const char *name = command->as ? eval_name(block->session, command->as, err) : NULL;
    if ((command->as && !name) || !bind_layer(block->session, command, &options, err)) return false;
    return netdef_add(block->def, (const LayerKind *)options.kind, &options, name, command->verb_span, err);
}

static bool net_if(NetBlock *block, const Node *node, Err *err)
{
    for (int i = 0; i < node->items.n; i++) {
        const Node *when = node->items.items[i];
        bool go = true;
        if (when->loop.condition && !eval_condition(block->session, when->loop.condition, &go, err)) return false;
        if (go) return net_statements(block, &when->loop.body, err);
    }
    return true;
}

static bool net_for(NetBlock *block, const Node *node, Err *err)
{
    Value in;
    if (!eval_value(block->session, node->each.in, &in, err)) return false;
    bool list = in.type == VALUE_LIST;
    bool range = in.type == VALUE_RANGE && in.range.from && in.range.to && in.range.from->type == VALUE_NUMBER &&
                 in.range.to->type == VALUE_NUMBER;
    if (!list && !range) return ERR_AT(err, node->each.in->span, not_a_list, value_type_name(in.type));
    double from = list ? 0 : in.range.from->number, to = list ? in.list.n - 1 : in.range.to->number;
    for (double i = from; i <= to; i++) {
        Value value = list ? in.list.items[(int)i] : value_number(i);
        if (!session_let(block->session, node->each.variable, value, err)) return false;
        if (!net_statements(block, &node->each.body, err)) return false;
    }
    return true;
}

static bool net_repeat(NetBlock *block, const Node *node, Err *err)
{
    Value times;
    const NodeList *args = &node->block.head.args;
    if (args->n != 1) return ERR_AT(err, node->block.head.verb_span, missing_argument, "repeat", "how often");
    if (!eval_argument(block->session, args->items[0], &times, err)) return false;
    if (times.type != VALUE_NUMBER || !(times.number >= 1 && times.number <= 1000) || times.number != (int)times.number)
        return ERR_AT(err, args->items[0]->span, out_of_range, "repeat", "a whole number from 1 to 1000", "that");
    for (int i = 0; i < (int)times.number; i++)
        if (!net_statements(block, &node->block.body, err)) return false;
    return true;
}

static bool net_statement(NetBlock *block, const Node *node, Err *err)
{
    switch (node->type) {
    case NODE_COMMAND: return add_layer(block, &node->command, err);
    case NODE_IF: return net_if(block, node, err);
    case NODE_FOR: return net_for(block, node, err);
    case NODE_REPEAT: return net_repeat(block, node, err);
    default: {
        const char *word = node_block_word(node);
        return ERR_AT(err, node->span, layer_not_built, word ? word : "this");
    }
    }
}

static bool net_statements(NetBlock *block, const NodeList *statements, Err *err)
{
    for (int i = 0; i < statements->n; i++)
        if (!net_statement(block, statements->items[i], err)) return false;
    return true;
}

static bool make_net(Session *session, const Node *node, const char *name, Net **out, Err *err)
{
    NetBlock block = { session, netdef_new(name) };
    bool ok = net_statements(&block, &node->block.body, err);
    if (ok && !block.def->input_frame && !block.def->input_shape.n_dims)
        ok = ERR_AT(err, node->span, net_no_input, name);
    if (ok && !block.def->n_layers) ok = ERR_AT(err, node->span, net_empty, name);
    Net *net = ok ? net_new(block.def, (uint64_t)session->settings.seed) : NULL;
    /* explicit sizes: shapes are checked at once */
    if (net && block.def->input_shape.n_dims && !net_prepare(net, NULL, err)) {
        net_unref(net);
        net = NULL;
    }
    netdef_unref(block.def);
    *out = net;
    return net != NULL;
}

bool run_net(Session *session, const Node *node, Err *err)
{
    const char *name = eval_name(session, node->block.name, err);
    Net *net;
    if (!name || !make_net(session, node, name, &net, err)) return false;
    bool replace = node_has_flag(&node->block.head, FLAG_REPLACE);
    if (session_put(session, name, object_net(net), replace, err)) return true;
    if (err && !err->span.source) err->span = node->block.name->span;
    return false;
}
