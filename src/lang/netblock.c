/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A net block: its statements make layers of a definition; for, if and repeat work inside. */
#include <string.h>

#include "lang/bind.h"
#include "lang/eval.h"
#include "lang/run.h"
#include "model/train.h"

#define LAYERS_MAX 10000

typedef struct NetBlock {
    Session *session;
    NetDef *def;
    bool branched;    /* its branches have inputs of their own ... */
    bool all_columns; /* ... and one of them takes every column */
} NetBlock;

static bool net_statements(NetBlock *block, const NodeList *statements, Err *err);

/* `input loans columns=numeric` or `input 20 5`: options as data, like every kind. */
static const OptionSpec input_options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL,
      "the frame whose rows it learns from" },
    { "sizes", OPTION_INTEGER, OPTION_POSITIONAL | OPTION_LIST, NULL, 1, 1e9, NULL, NULL,
      "the size of one sample: 10, or 20 5 (steps, features); with a frame, how its columns are laid out: 8 "
      "8 1" },
    { "columns", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns to take; all inputs otherwise" },
    { "recipe", OPTION_TEXT, 0, NULL, 0, 0, NULL, NULL, "a second recipe of the frame, by name" },
    { "at", OPTION_WORD, 0, "all", 0, 0, "all|last", NULL, "which steps of a sequence" },
};
const Kind input_kind = {
    .name = "input",
    .help = "what a net reads: a frame, or the size of one sample, or both",
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
        if (!args->items[i].key)
            list.list.items[list.list.n++] = args->items[i].value;
        else
            args->items[n++] = args->items[i];
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
    if (args.n && !args.items[0].key && args.items[0].value.type == VALUE_NUMBER)
        gather_sizes(session, &args);
    if (!options_bind(&input_kind, &args, session->scratch, command->verb_span, out, err)) return false;
    if (option_list(out, "sizes").n > SHAPE_DIMS) return ERR_AT(err, command->verb_span, too_many, "input");
    if (option_list(out, "sizes").n || option_given(out, "frame")) return true;
    return ERR_AT(err, command->verb_span, missing_argument, "input", "a frame, or the size of a sample");
}

/* The frame of `input FRAME`, and its recipe. */
static bool take_frame(NetBlock *block, const Options *options, Err *err)
{
    NetDef *def = block->def;
    const char *frame = option_text(options, "frame");
    if (!block->session->checking && !session_frame(block->session, frame, err)) {
        if (err && !err->span.source) err->span = option_get(options, "frame")->span;
        return false;
    }
    def->input_frame = arena_text(def->arena, frame);
    if (option_given(options, "recipe"))
        def->input_recipe = arena_text(def->arena, option_text(options, "recipe"));
    return true;
}

static Shape sizes_shape(const Options *options)
{
    ValueList dims = option_list(options, "sizes");
    Shape shape = { .n_dims = dims.n };
    for (int i = 0; i < dims.n; i++) shape.dims[i] = (size_t)dims.items[i].number;
    return shape;
}

static bool reads_last(const Options *options)
{
    return !strcmp(option_text(options, "at"), "last");
}

static bool add_input(NetBlock *block, const Command *command, Err *err)
{
    NetDef *def = block->def;
    Options options;
    if (def->input_frame || def->input_shape.n_dims)
        return ERR_AT(err, command->verb_span, net_two_inputs, def->name);
    if (!bind_input(block->session, command, &options, err)) return false;
    def->input_shape = sizes_shape(&options);
    def->input_last = reads_last(&options);
    if (!option_given(&options, "frame")) return true;
    if (!take_frame(block, &options, err)) return false;
    def->input_columns =
        value_copy(def->arena, (Value){ .type = VALUE_LIST, .list = option_list(&options, "columns") }).list;
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
    if (block->def->n_layers >= LAYERS_MAX)
        return ERR_AT(err, command->verb_span, net_too_big, block->def->name, command->verb);
    if ((command->as && !name) || !bind_layer(block->session, command, &options, err)) return false;
    return netdef_add(block->def, (const LayerKind *)options.kind, &options, name, command->verb_span, err);
}

static bool net_if(NetBlock *block, const Node *node, Err *err)
{
    for (int i = 0; i < node->items.n; i++) {
        const Node *when = node->items.items[i];
        bool go = true;
        if (when->loop.condition && !eval_condition(block->session, when->loop.condition, &go, err))
            return false;
        if (go) return net_statements(block, &when->loop.body, err);
    }
    return true;
}

static bool net_for(NetBlock *block, const Node *node, Err *err)
{
    Value in;
    if (!eval_value(block->session, node->each.in, &in, err)) return false;
    bool list = in.type == VALUE_LIST;
    bool range = in.type == VALUE_RANGE && in.range.from && in.range.to &&
                 in.range.from->type == VALUE_NUMBER && in.range.to->type == VALUE_NUMBER;
    if (!list && !range) return ERR_AT(err, node->each.in->span, not_a_list, value_type_name(in.type));
    double from = list ? 0 : in.range.from->number, to = list ? in.list.n - 1 : in.range.to->number;
    for (double i = from; i <= to; i++) {
        Value value = list ? in.list.items[(int)i] : value_number(i);
        if (!session_let(block->session, node->each.variable, value, err)) {
            if (err && !err->span.source) err->span = node->each.variable_span;
            return false;
        }
        if (!run_goes_on(block->session, err) || !net_statements(block, &node->each.body, err)) return false;
    }
    return true;
}

static bool net_repeat(NetBlock *block, const Node *node, Err *err)
{
    Value times;
    const NodeList *args = &node->block.head.args;
    if (args->n != 1) return ERR_AT(err, node->block.head.verb_span, missing_argument, "repeat", "how often");
    if (!eval_argument(block->session, args->items[0], &times, err)) return false;
    if (times.type != VALUE_NUMBER || !(times.number >= 1 && times.number <= 1000) ||
        times.number != (int)times.number)
        return ERR_AT(err, args->items[0]->span, out_of_range, "repeat", "a whole number from 1 to 1000",
                      "that");
    for (int i = 0; i < (int)times.number; i++)
        if (!net_statements(block, &node->block.body, err)) return false;
    return true;
}

/* ---- blocks of layers */

static const OptionSpec merge_options[] = {
    { "merge", OPTION_WORD, 0, "concat", 0, 0, MERGE_WORDS, NULL,
      "how the results meet: side by side, or element by element" },
};
const Kind parallel_kind = {
    .name = "parallel",
    .help = "branches that read the same, or each an input of its own, and meet at the end",
    .more = "The lines `branch` divide it. merge=concat puts the results side by side along the last "
            "dimension; sum, mean, "
            "product and max work element by element. Branches of a parallel that opens the net may begin "
            "with an input: "
            "columns of the same frame.",
    KIND_OPTIONS(merge_options),
    .example = "net two\n  input 10\n  parallel\n    branch\n      dense 8 relu\n    branch\n      dense 4 "
               "tanh\n  end\n"
               "  dense 1 sigmoid\nend\nsummary two",
    .since = "1",
};
const Kind bidirectional_kind = {
    .name = "bidirectional",
    .help = "one recurrent layer and its reversed copy, which reads from the end",
    .more = "Schuster and Paliwal 1997, IEEE Trans. Signal Processing 45. The copy is named after the layer: "
            "lstm1_back.",
    KIND_OPTIONS(merge_options),
    .since = "1",
};
const Kind residual_kind = {
    .name = "residual",
    .help = "adds what goes in to what its layers give",
    .more = "y = x + f(x); the shapes must meet. He et al. 2016, CVPR.",
    .example = "net deep\n  input 10\n  dense 16 relu\n  repeat 3\n    residual\n      dense 16 relu\n      "
               "dense 16\n    end\n"
               "  end\n  dense 1 sigmoid\nend\nsummary deep",
    .since = "1",
};
const Kind repeat_kind = {
    .name = "repeat",
    .help = "its layers so many times, one after the other",
    .more = "Each time has weights of its own: dense1, dense2, ... The number may be a value: repeat $depth.",
    .example = "net deep\n  input 10\n  repeat 3\n    dense 16 relu\n    dropout 10%\n  end\n  dense 1 "
               "sigmoid\nend\nsummary deep",
    .since = "1",
};
const Kind branch_kind = {
    .name = "branch",
    .help = "one of the branches of parallel",
    .more = "It goes up to the next `branch`, or the end of parallel.",
    .example = "net two\n  input 10\n  parallel\n    branch\n      dense 8 relu\n    branch\n      dense 4 "
               "tanh\n  end\n  dense 1 sigmoid\nend\nsummary two",
    .since = "1",
};

static bool bind_block(NetBlock *block, const Command *head, const Kind *kind, NetPart *part, Err *err)
{
    Args args;
    Options options;
    Session *session = block->session;
    part->span = head->verb_span;
    part->name = head->as ? eval_name(session, head->as, err) : NULL;
    if ((head->as && !part->name) || !bind_args(session, head, &args, err) ||
        !options_bind(kind, &args, session->scratch, head->verb_span, &options, err))
        return false;
    return !kind->n_options || merge_parse(option_text(&options, "merge"), &part->merge);
}

static bool net_block(NetBlock *block, const Node *node, PartKind what, const Kind *kind, Err *err)
{
    NetPart part = { .kind = what };
    if (!block->def->input_frame && !block->def->input_shape.n_dims && what != PART_PARALLEL)
        return ERR_AT(err, node->block.head.verb_span, net_no_input, block->def->name);
    return bind_block(block, &node->block.head, kind, &part, err) && netdef_open(block->def, part, err) &&
           net_statements(block, &node->block.body, err) &&
           netdef_close(block->def, node->block.head.verb_span, err);
}

/* What all branches read together: the net's input. */
static void join_columns(NetBlock *block, ValueList columns)
{
    NetDef *def = block->def;
    block->all_columns |= columns.n == 0;
    Value all = value_list(def->arena, def->input_columns.n + columns.n);
    for (int i = 0; i < def->input_columns.n; i++) all.list.items[i] = def->input_columns.items[i];
    for (int i = 0; i < columns.n; i++)
        all.list.items[def->input_columns.n + i] = value_copy(def->arena, columns.items[i]);
    def->input_columns = block->all_columns ? (ValueList){ 0 } : all.list;
}

static bool same_frame(const NetDef *def, const Options *options)
{
    const char *frame = option_text(options, "frame"), *recipe = option_text(options, "recipe");
    return frame && !strcmp(frame, def->input_frame) &&
           text_equal(recipe ? recipe : "", def->input_recipe ? def->input_recipe : "");
}

static bool branch_input(NetBlock *block, const Command *command, BranchInput *input, Err *err)
{
    NetDef *def = block->def;
    Options options;
    bool first = !def->input_frame && !def->input_shape.n_dims;
    if (!first && !block->branched) return ERR_AT(err, command->verb_span, net_two_inputs, def->name);
    if (!bind_input(block->session, command, &options, err)) return false;
    *input = (BranchInput){ option_list(&options, "columns"), sizes_shape(&options), reads_last(&options) };
    bool sizes = input->shape.n_dims > 0;
    if (!first && (sizes ? !def->input_shape.n_dims : !def->input_frame || !same_frame(def, &options)))
        return ERR_AT(err, command->verb_span, net_block, def->name, "a branch",
                      "the same frame as the others, or sizes as they");
    if (first && !sizes && !take_frame(block, &options, err)) return false;
    block->branched = true;
    if (sizes)
        def->input_shape =
            (Shape){ 1, { (first ? 0 : def->input_shape.dims[0]) + shape_size(input->shape) } };
    else
        join_columns(block, input->columns);
    return true;
}

static bool net_branch(NetBlock *block, const Node *node, Err *err)
{
    NodeList body = node->block.body;
    NetPart part = { .kind = PART_BRANCH };
    BranchInput input;
    if (!bind_block(block, &node->block.head, &branch_kind, &part, err)) return false;
    bool reads =
        body.n && body.items[0]->type == NODE_COMMAND && !strcmp(body.items[0]->command.verb, "input");
    if (reads && !branch_input(block, &body.items[0]->command, &input, err)) return false;
    if (reads)
        part.input = &input;
    else if (!block->def->input_frame && !block->def->input_shape.n_dims)
        return ERR_AT(err, part.span, net_no_input, block->def->name);
    body.items += reads;
    body.n -= reads;
    return netdef_open(block->def, part, err) && net_statements(block, &body, err);
}

static bool net_statement(NetBlock *block, const Node *node, Err *err)
{
    switch (node->type) {
    case NODE_COMMAND: return add_layer(block, &node->command, err);
    case NODE_IF: return net_if(block, node, err);
    case NODE_FOR: return net_for(block, node, err);
    case NODE_REPEAT: return net_repeat(block, node, err);
    case NODE_RESIDUAL: return net_block(block, node, PART_RESIDUAL, &residual_kind, err);
    case NODE_PARALLEL: return net_block(block, node, PART_PARALLEL, &parallel_kind, err);
    case NODE_BIDIRECTIONAL: return net_block(block, node, PART_BIDIRECTIONAL, &bidirectional_kind, err);
    case NODE_BRANCH: return net_branch(block, node, err);
    default: return ERR_AT(err, node->span, layer_not_built, "this");
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
    NetBlock block = { .session = session, .def = netdef_new(name) };
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
