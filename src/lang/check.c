/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/check.h"

#include <string.h>

#include "base/source.h"
#include "lang/bind.h"
#include "lang/eval.h"
#include "lang/run.h"

/* Names that the script will have made by then; what they will hold is not known, save of defs. */
typedef struct Checker {
    Session *session;
    Names made;
    bool open; /* names may have been made that are only known when the script runs */
    int defs;  /* around the statement: their bodies run later, when more names are there */
    int loops;
    int includes; /* files within each other */
} Checker;

#define INCLUDES_MAX 50

static bool check_all(Checker *checker, const NodeList *statements, Err *err);

static void make_text(Checker *checker, const char *name)
{
    names_set(&checker->made, name, object_value(value_missing()));
}

static void make_name(Checker *checker, const Node *name)
{
    if (!name) return;
    if (name->type == NODE_WORD)
        make_text(checker, name->text);
    else
        checker->open = true;
}

static Object *find_made(const Checker *checker, const char *name)
{
    Object *made = names_get(&checker->made, name);
    return made ? made : session_get(checker->session, name);
}

static bool is_made(const Checker *checker, const char *name)
{
    return checker->open || find_made(checker, name);
}

static bool no_name(const Checker *checker, const char *name, Span span, Err *err)
{
    ERR_AT(err, span, no_name, name);
    return names_suggest(&checker->made, name, err);
}

/* ---- names and functions in expressions */

static bool check_value(const Checker *checker, const Node *node, bool value, Err *err);

static bool check_variable(const Checker *checker, const Node *node, Err *err)
{
    const char *name = node->text;
    if (checker->defs || is_made(checker, name) || !strcmp(name, "last") || !strcmp(name, "err") ||
        !strcmp(name, "args"))
        return true;
    ERR_AT(err, node->span, no_variable, name);
    return names_suggest(&checker->made, name, err);
}

static bool check_values(const Checker *checker, const NodeList *list, bool value, Err *err)
{
    for (int i = 0; i < list->n; i++)
        if (!check_value(checker, list->items[i], value, err)) return false;
    return true;
}

static bool check_entries(const Checker *checker, const EntryList *list, bool value, Err *err)
{
    for (int i = 0; i < list->n; i++)
        if (list->items[i].value && !check_value(checker, list->items[i].value, value, err)) return false;
    return true;
}

/* `value`: calls are functions; in arguments they are kinds, whose tables bind_call knows. */
static bool check_value(const Checker *checker, const Node *node, bool value, Err *err)
{
    switch (node->type) {
    case NODE_VARIABLE: return check_variable(checker, node, err);
    case NODE_TEMPLATE: return check_values(checker, &node->items, true, err);
    case NODE_FORMAT: return check_value(checker, node->format.value, true, err);
    case NODE_PATH: return check_value(checker, node->path.base, value, err);
    case NODE_INDEX:
        return check_value(checker, node->index.base, value, err) &&
               check_value(checker, node->index.at, true, err);
    case NODE_RANGE:
        return (!node->range.from || check_value(checker, node->range.from, value, err)) &&
               (!node->range.to || check_value(checker, node->range.to, value, err));
    case NODE_LIST: return check_values(checker, &node->items, value, err);
    case NODE_RECORD: return check_entries(checker, &node->entries, value, err);
    case NODE_UNARY: return check_value(checker, node->operation.right, true, err);
    case NODE_BINARY:
        return check_value(checker, node->operation.left, true, err) &&
               check_value(checker, node->operation.right, true, err);
    case NODE_CALL:
        if (value && strcmp(node->call.name, "col") &&
            !expr_function(node->call.name, node->call.name_span, err))
            return false;
        return check_entries(checker, &node->call.args, value, err);
    default: return true;
    }
}

static bool check_command_values(const Checker *checker, const Command *command, bool values, Err *err)
{
    return check_values(checker, &command->args, values, err) &&
           check_entries(checker, &command->opts, false, err) &&
           check_entries(checker, &command->news, true, err) &&
           (!command->condition || check_value(checker, command->condition, true, err));
}

/* ---- commands */

/* A bare word of an option that takes a frame, a net or a model must have been made above. */
static bool check_word(const Checker *checker, const OptionSpec *spec, const Node *value, Err *err)
{
    if (spec->type != OPTION_FRAME && spec->type != OPTION_NET && spec->type != OPTION_MODEL) return true;
    const char *name = value->type == NODE_WORD ? value->text
                       : value->type == NODE_PATH
                           ? (value->path.base->type == NODE_WORD ? value->path.base->text : NULL)
                           : NULL;
    if (!name || checker->defs || is_made(checker, name)) return true;
    return no_name(checker, name, value->span, err);
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

/* Values that are only known when the script runs: names of options are still checked. */
static bool depends_on_values(const Command *command)
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
    const Object *object = find_made(checker, command->verb);
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

static bool check_command(Checker *checker, const Node *node, Err *err)
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
    if (!values && !depends_on_values(command) && !bind_call(checker->session, node, &call, err))
        return false;
    make_name(checker, command->as);
    if (!strcmp(command->verb, "let"))
        for (int i = 0; i < command->news.n; i++) make_text(checker, command->news.items[i].name);
    return strcmp(command->verb, "include") || check_include(checker, node, err);
}

/* ---- blocks */

static bool check_input(const Checker *checker, const Command *command, Err *err)
{
    const Node *frame = command->args.n ? command->args.items[0] : NULL;
    if (!frame || frame->type != NODE_WORD || checker->defs || is_made(checker, frame->text)) return true;
    return no_name(checker, frame->text, frame->span, err);
}

/* Layers and their options; `plain` becomes false where the net depends on what only a run knows. */
static bool check_layers(Checker *checker, const NodeList *body, bool *plain, Err *err)
{
    for (int i = 0; i < body->n; i++) {
        const Node *node = body->items[i];
        bool ok = true;
        if (node->type == NODE_COMMAND) {
            bool fixed = !depends_on_values(&node->command);
            ok = check_command_values(checker, &node->command, false, err) &&
                 (strcmp(node->command.verb, "input") || check_input(checker, &node->command, err)) &&
                 (!fixed || check_layer(checker->session, &node->command, err));
            *plain &= fixed;
        } else if (node->type == NODE_FOR) {
            *plain = false;
            ok = check_value(checker, node->each.in, true, err);
            make_text(checker, node->each.variable);
            ok = ok && check_layers(checker, &node->each.body, plain, err);
        } else if (node->type == NODE_IF) {
            *plain = false;
            for (int k = 0; ok && k < node->items.n; k++)
                ok = check_layers(checker, &node->items.items[k]->loop.body, plain, err);
        } else if (node_is_layer_block(node)) {
            ok = check_layers(checker, &node->block.body, plain, err);
        }
        if (!ok) return false;
    }
    return true;
}

/* A net whose words are all written out is built, which checks its names and, with sizes, its shapes. */
static bool check_net(Checker *checker, const Node *node, Err *err)
{
    bool plain = node->block.name->type == NODE_WORD;
    if (!check_layers(checker, &node->block.body, &plain, err)) return false;
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
    if (name->type == NODE_WORD && !checker->defs && !is_made(checker, name->text))
        return no_name(checker, name->text, name->span, err);
    const char *outer = checker->session->with_frame;
    checker->session->with_frame = name->type == NODE_WORD ? name->text : "frame";
    bool ok = check_all(checker, &node->block.body, err);
    checker->session->with_frame = outer;
    return ok;
}

static bool check_def(Checker *checker, const Node *node, Err *err)
{
    const char *outer = checker->session->with_frame;
    int loops = checker->loops;
    names_set(&checker->made, node->def.name, object_def(node));
    checker->session->with_frame = NULL;
    checker->loops = 0;
    checker->defs++;
    bool ok = check_all(checker, &node->def.body, err);
    checker->defs--;
    checker->loops = loops;
    checker->session->with_frame = outer;
    return ok;
}

static bool check_if(Checker *checker, const Node *node, Err *err)
{
    for (int i = 0; i < node->items.n; i++) {
        const Node *when = node->items.items[i];
        if (when->loop.condition && !check_value(checker, when->loop.condition, true, err)) return false;
        if (!check_all(checker, &when->loop.body, err)) return false;
    }
    return true;
}

static bool check_loop(Checker *checker, const Node *over, const char *variable, const NodeList *body,
                       Err *err)
{
    if (!check_value(checker, over, true, err)) return false;
    if (variable) make_text(checker, variable);
    checker->loops++;
    bool ok = check_all(checker, body, err);
    checker->loops--;
    return ok;
}

/* What is to be caught may be wrong: only its names count. */
static bool check_prefix(Checker *checker, const Node *node, Err *err)
{
    Err caught = { 0 };
    bool catches = node->prefix.prefix == PREFIX_CATCH;
    NodeList one = { (Node **)&node->prefix.statement, 1, 1 };
    return check_all(checker, &one, catches ? &caught : err) || catches;
}

static bool check_one(Checker *checker, const Node *node, Err *err)
{
    switch (node->type) {
    case NODE_COMMAND: return check_command(checker, node, err);
    case NODE_PREFIX: return check_prefix(checker, node, err);
    case NODE_IF: return check_if(checker, node, err);
    case NODE_WHILE: return check_loop(checker, node->loop.condition, NULL, &node->loop.body, err);
    case NODE_FOR: return check_loop(checker, node->each.in, node->each.variable, &node->each.body, err);
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
    Checker checker = { .session = session };
    bool ok = check_all(&checker, statements, err);
    names_free(&checker.made);
    return ok;
}
