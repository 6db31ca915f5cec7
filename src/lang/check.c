/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/check.h"

#include <string.h>

#include "lang/bind.h"
#include "lang/eval.h"
#include "lang/run.h"

/* Names that the script will have made by then; what they will hold is not known. */
typedef struct Checker {
    Session *session;
    Names made;
} Checker;

static bool check_all(Checker *checker, const NodeList *statements, Err *err);

static void make_name(Checker *checker, const Node *name)
{
    if (name && name->type == NODE_WORD) names_set(&checker->made, name->text, object_value(value_missing()));
}

static bool is_made(const Checker *checker, const char *name)
{
    return names_get(&checker->made, name) || session_get(checker->session, name);
}

/* A bare word of an option that takes a frame, a net or a model must have been made above. */
static bool check_word(const Checker *checker, const OptionSpec *spec, const Node *value, Err *err)
{
    if (spec->type != OPTION_FRAME && spec->type != OPTION_NET && spec->type != OPTION_MODEL) return true;
    const char *name = value->type == NODE_WORD   ? value->text
                       : value->type == NODE_PATH ? (value->path.base->type == NODE_WORD ? value->path.base->text : NULL)
                                                  : NULL;
    if (!name || is_made(checker, name)) return true;
    ERR_AT(err, value->span, no_name, name);
    return names_suggest(&checker->made, name, err);
}

static const OptionSpec *spec_of(const Kind *kind, const char *key, int place)
{
    int positional = 0;
    for (int i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        if (key && !strcmp(spec->name, key)) return spec;
        if (key || !(spec->flags & OPTION_POSITIONAL)) continue;
        if (positional++ == place || (spec->flags & OPTION_LIST)) return spec;
    }
    return NULL;
}

static bool has_values(const Node *node)
{
    switch (node->type) {
    case NODE_VARIABLE:
    case NODE_TEMPLATE:
    case NODE_INDEX:
    case NODE_UNARY:
    case NODE_BINARY: return true;
    case NODE_PATH: return node->path.base->type != NODE_WORD;
    case NODE_RANGE: return (node->range.from && has_values(node->range.from)) || (node->range.to && has_values(node->range.to));
    case NODE_LIST:
        for (int i = 0; i < node->items.n; i++)
            if (has_values(node->items.items[i])) return true;
        return false;
    case NODE_RECORD:
    case NODE_CALL: {
        const EntryList *entries = node->type == NODE_CALL ? &node->call.args : &node->entries;
        for (int i = 0; i < entries->n; i++)
            if (has_values(entries->items[i].value)) return true;
        return false;
    }
    default: return false;
    }
}

/* Values that are only known when the script runs: names of options are still checked. */
static bool depends_on_values(const Command *command)
{
    for (int i = 0; i < command->args.n; i++)
        if (has_values(command->args.items[i])) return true;
    for (int i = 0; i < command->opts.n; i++)
        if (has_values(command->opts.items[i].value)) return true;
    return command->as && command->as->type != NODE_WORD;
}

static bool check_option_names(const CommandKind *kind, const Command *command, Err *err)
{
    if (kind->flags & COMMAND_EXTRA) return true;
    for (int i = 0; i < command->opts.n; i++) {
        const Entry *entry = &command->opts.items[i];
        if (spec_of(&kind->kind, entry->name, 0)) continue;
        const char *names[128];
        size_t n = 0;
        for (int k = 0; k < kind->kind.n_options && n < 128; k++) names[n++] = kind->kind.options[k].name;
        ERR_AT(err, entry->name_span, unknown_option, kind->kind.name, entry->name);
        return err_suggest(err, entry->name, names, n);
    }
    return true;
}

static bool check_words(const Checker *checker, const CommandKind *kind, const Command *command, Err *err)
{
    int shift = (kind->flags & COMMAND_FRAME) && checker->session->with_frame;
    for (int i = 0; i < command->args.n; i++) {
        const OptionSpec *spec = spec_of(&kind->kind, NULL, i + shift);
        if (spec && !check_word(checker, spec, command->args.items[i], err)) return false;
    }
    for (int i = 0; i < command->opts.n; i++) {
        const OptionSpec *spec = spec_of(&kind->kind, command->opts.items[i].name, 0);
        if (spec && !check_word(checker, spec, command->opts.items[i].value, err)) return false;
    }
    return true;
}

static bool check_command(Checker *checker, const Node *node, Err *err)
{
    const Command *command = &node->command;
    const CommandKind *kind = command_find(command->verb);
    bool flow = !strcmp(command->verb, "break") || !strcmp(command->verb, "continue") || !strcmp(command->verb, "return");
    if (!kind) return flow || is_made(checker, command->verb) || ERR_AT(err, command->verb_span, verb_not_built, command->verb);
    if (!check_option_names(kind, command, err)) return false;
    if (!(kind->flags & (COMMAND_VALUES | COMMAND_WORDS)) && !check_words(checker, kind, command, err)) return false;
    Call call;
    bool values = (kind->flags & COMMAND_VALUES) || depends_on_values(command);
    if (!values && !bind_call(checker->session, node, &call, err)) return false;
    make_name(checker, command->as);
    if (kind->flags & COMMAND_NEWS)
        for (int i = 0; i < command->news.n; i++)
            names_set(&checker->made, command->news.items[i].name, object_value(value_missing()));
    return true;
}

/* A net whose words are all written out is built, which checks layers, options and, with sizes, shapes. */
static bool check_net(Checker *checker, const Node *node, Err *err)
{
    bool plain = node->block.name->type == NODE_WORD;
    for (int i = 0; plain && i < node->block.body.n; i++) {
        const Node *layer = node->block.body.items[i];
        plain = layer->type == NODE_COMMAND && !depends_on_values(&layer->command);
        if (!plain || strcmp(layer->command.verb, "input") || !layer->command.args.n) continue;
        const Node *frame = layer->command.args.items[0];
        if (frame->type == NODE_WORD && !is_made(checker, frame->text)) {
            ERR_AT(err, frame->span, no_name, frame->text);
            return names_suggest(&checker->made, frame->text, err);
        }
    }
    Names before = names_copy(&checker->session->names);
    bool ok = !plain || run_net(checker->session, node, err);
    names_free(&checker->session->names);
    checker->session->names = before;
    make_name(checker, node->block.name);
    return ok;
}

static bool check_with(Checker *checker, const Node *node, Err *err)
{
    const Node *name = node->block.name;
    if (name->type == NODE_WORD && !is_made(checker, name->text)) {
        ERR_AT(err, name->span, no_name, name->text);
        return names_suggest(&checker->made, name->text, err);
    }
    const char *outer = checker->session->with_frame;
    checker->session->with_frame = name->type == NODE_WORD ? name->text : "frame";
    bool ok = check_all(checker, &node->block.body, err);
    checker->session->with_frame = outer;
    return ok;
}

static bool check_def(Checker *checker, const Node *node, Err *err)
{
    names_set(&checker->made, node->def.name, object_value(value_missing()));
    for (int i = 0; i < node->def.params.n; i++)
        names_set(&checker->made, node->def.params.items[i].name, object_value(value_missing()));
    return check_all(checker, &node->def.body, err);
}

static bool check_one(Checker *checker, const Node *node, Err *err)
{
    switch (node->type) {
    case NODE_COMMAND: return check_command(checker, node, err);
    case NODE_PREFIX: return check_one(checker, node->prefix.statement, err);
    case NODE_IF:
        for (int i = 0; i < node->items.n; i++)
            if (!check_all(checker, &node->items.items[i]->loop.body, err)) return false;
        return true;
    case NODE_WHILE: return check_all(checker, &node->loop.body, err);
    case NODE_FOR:
        names_set(&checker->made, node->each.variable, object_value(value_missing()));
        return check_all(checker, &node->each.body, err);
    case NODE_DEF: return check_def(checker, node, err);
    case NODE_WITH:
    case NODE_RECIPE: return check_with(checker, node, err);
    case NODE_NET: return check_net(checker, node, err);
    default: return true;
    }
}

static bool check_all(Checker *checker, const NodeList *statements, Err *err)
{
    for (int i = 0; i < statements->n; i++) {
        ArenaMark mark = arena_mark(checker->session->scratch);
        bool ok = check_one(checker, statements->items[i], err);
        arena_rewind(checker->session->scratch, mark);
        if (!ok) return false;
    }
    return true;
}

bool check_statements(Session *session, const NodeList *statements, Err *err)
{
    Checker checker = { session, { 0 } };
    bool ok = check_all(&checker, statements, err);
    names_free(&checker.made);
    return ok;
}
