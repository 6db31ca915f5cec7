/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: options, words and calls of defs, as far as they can be known without running. */
#include <string.h>

#include "base/source.h"
#include "lang/bind.h"
#include "lang/checking.h"

#define INCLUDES_MAX 50

/* A bare word of an option that takes a frame, a net or a model must have been made above. */
static bool check_word(const Checker *checker, const OptionSpec *spec, const Node *value, Err *err)
{
    if (spec->type != OPTION_FRAME && spec->type != OPTION_NET && spec->type != OPTION_MODEL) return true;
    const char *name = value->type == NODE_WORD ? value->text
                       : value->type == NODE_PATH
                           ? (value->path.base->type == NODE_WORD ? value->path.base->text : NULL)
                           : NULL;
    if (!name || checker->defs || check_is_made(checker, name)) return true;
    return check_no_name(checker, name, value->span, err);
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
    case NODE_RANGE:
        return (node->range.from && has_values(node->range.from)) ||
               (node->range.to && has_values(node->range.to));
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

bool check_depends(const Command *command)
{
    for (int i = 0; i < command->args.n; i++)
        if (has_values(command->args.items[i])) return true;
    for (int i = 0; i < command->opts.n; i++)
        if (has_values(command->opts.items[i].value)) return true;
    return command->as && command->as->type != NODE_WORD;
}

/* The table of a verb's further keys: its `others`, or the kind that is its first operand (simulate credit
 * ...). */
static const Kind *extra_table(const CommandKind *kind, const Command *command)
{
    const OptionSpec *first = kind->kind.n_options ? &kind->kind.options[0] : NULL;
    if (kind->others || !first || first->type != OPTION_KIND || !command->args.n) return kind->others;
    const Node *operand = command->args.items[0];
    return operand->type == NODE_WORD ? kind_find(first->kinds, operand->text) : NULL;
}

static bool takes_extra(const CommandKind *kind, const Kind *extra, const char *key)
{
    if (!(kind->flags & COMMAND_EXTRA)) return false;
    return !extra || strchr(key, '.') || option_spec(extra, key, 0);
}

static bool check_option_names(const CommandKind *kind, const Command *command, Err *err)
{
    const Kind *extra = extra_table(kind, command);
    for (int i = 0; i < command->opts.n; i++) {
        const Entry *entry = &command->opts.items[i];
        const char *names[128];
        size_t n = 0;
        if (option_spec(&kind->kind, entry->name, 0) || takes_extra(kind, extra, entry->name)) continue;
        for (int k = 0; k < kind->kind.n_options && n < 128; k++) names[n++] = kind->kind.options[k].name;
        for (int k = 0; extra && k < extra->n_options && n < 128; k++) names[n++] = extra->options[k].name;
        ERR_AT(err, entry->name_span, unknown_option, kind->kind.name, entry->name);
        return err_suggest(err, entry->name, names, n);
    }
    return true;
}

static bool check_words(const Checker *checker, const CommandKind *kind, const Command *command, Err *err)
{
    int shift = (kind->flags & COMMAND_FRAME) && checker->session->with_frame;
    for (int i = 0; i < command->args.n; i++) {
        const OptionSpec *spec = option_spec(&kind->kind, NULL, i + shift);
        if (spec && !check_word(checker, spec, command->args.items[i], err)) return false;
    }
    for (int i = 0; i < command->opts.n; i++) {
        const OptionSpec *spec = option_spec(&kind->kind, command->opts.items[i].name, 0);
        if (spec && !check_word(checker, spec, command->opts.items[i].value, err)) return false;
    }
    return true;
}

static bool check_include(Checker *checker, const Node *node, Err *err)
{
    const NodeList *args = &node->command.args;
    if (args->n != 1 || args->items[0]->type != NODE_TEXT || checker->includes == INCLUDES_MAX) {
        checker->open = true;
        return true;
    }
    Session *session = checker->session;
    const char *path = session_path(session, session->scratch, args->items[0]->text),
               *folder = session->folder;
    const Node *tree = session_read(session, path, node->span, err);
    if (!tree) {
        if (err && !err->span.source) err->span = args->items[0]->span;
        return false;
    }
    session->folder = tree->span.source->folder;
    checker->includes++;
    bool ok = check_all(checker, &tree->items, err);
    checker->includes--;
    session->folder = folder;
    return ok;
}

/* A call of a def above: how many arguments, which names. */
static bool check_call(const Checker *checker, const Node *node, Err *err)
{
    const Command *command = &node->command;
    const Object *object = check_find(checker, command->verb);
    if (!object || object->type != OBJECT_DEF)
        return checker->open || checker->defs || bind_no_verb(command, err);
    const EntryList *params = &object->def->def.params;
    if (command->args.n > params->n)
        return ERR_AT(err, command->args.items[params->n]->span, too_many, command->verb);
    for (int i = 0; i < command->opts.n; i++)
        if (!entry_find(params, command->opts.items[i].name))
            return ERR_AT(err, command->opts.items[i].name_span, unknown_option, command->verb,
                          command->opts.items[i].name);
    for (int i = command->args.n; i < params->n; i++)
        if (!params->items[i].value && !entry_find(&command->opts, params->items[i].name))
            return ERR_AT(err, command->verb_span, missing_argument, command->verb, params->items[i].name);
    return true;
}

static bool check_flow(const Checker *checker, const Command *command, Err *err)
{
    if (!strcmp(command->verb, "return") || checker->loops) return true;
    return ERR_AT(err, command->verb_span, outside_loop, command->verb);
}

bool check_command(Checker *checker, const Node *node, Err *err)
{
    const Command *command = &node->command;
    const CommandKind *kind = command_find(command->verb);
    bool flow = !strcmp(command->verb, "break") || !strcmp(command->verb, "continue") ||
                !strcmp(command->verb, "return");
    bool values = flow || (kind && (kind->flags & COMMAND_VALUES));
    if (kind && (kind->flags & COMMAND_WORDS)) return true;
    if (!check_command_values(checker, command, values, err)) return false;
    if (flow) return check_flow(checker, command, err);
    if (!kind) return check_call(checker, node, err);
    if (!check_option_names(kind, command, err) || (!values && !check_words(checker, kind, command, err)))
        return false;
    Call call;
    if (!values && !check_depends(command) && !bind_call(checker->session, node, &call, err)) return false;
    check_make(checker, command->as);
    if (!strcmp(command->verb, "let"))
        for (int i = 0; i < command->news.n; i++) check_make_text(checker, command->news.items[i].name);
    return strcmp(command->verb, "include") || check_include(checker, node, err);
}
