/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/bind.h"

#include <string.h>

#include "base/source.h"
#include "lang/eval.h"
#include "lang/vocabulary.h"

bool bind_args(Session *session, const Command *command, Args *out, Err *err)
{
    int n = command->args.n + command->opts.n;
    out->items = arena_take(session->scratch, (size_t)(n + 1) * sizeof *out->items);
    out->n = 0;
    for (int i = 0; i < command->args.n; i++) {
        Arg *arg = &out->items[out->n++];
        arg->span = command->args.items[i]->span;
        if (!eval_argument(session, command->args.items[i], &arg->value, err)) return false;
    }
    for (int i = 0; i < command->opts.n; i++) {
        const Entry *entry = &command->opts.items[i];
        Arg *arg = &out->items[out->n++];
        arg->key = entry->name;
        arg->key_span = entry->name_span;
        arg->span = entry->value->span;
        if (!eval_argument(session, entry->value, &arg->value, err)) return false;
    }
    return true;
}

Span call_span(const Call *call, const char *option)
{
    const Option *found = option ? option_get(&call->options, option) : NULL;
    return found && found->given && found->span.source ? found->span : call->span;
}

static bool in_table(const CommandKind *kind, const char *key)
{
    for (int i = 0; i < kind->kind.n_options; i++)
        if (!strcmp(kind->kind.options[i].name, key)) return true;
    return false;
}

/* Keys that are not in the table of a verb that allows them go to call->extra. */
static void set_extra_apart(Session *session, Call *call, Args *args)
{
    call->extra.items = arena_take(session->scratch, (size_t)(args->n + 1) * sizeof(Arg));
    int kept = 0;
    for (int i = 0; i < args->n; i++) {
        if (args->items[i].key && !in_table(call->command, args->items[i].key))
            call->extra.items[call->extra.n++] = args->items[i];
        else
            args->items[kept++] = args->items[i];
    }
    args->n = kept;
}

/* Inside `with FRAME` data verbs take no frame: it is put before their operands. */
static void put_with_frame(Session *session, const CommandKind *kind, Args *args)
{
    if (!session->with_frame || !(kind->flags & COMMAND_FRAME)) return;
    Arg *items = arena_take(session->scratch, (size_t)(args->n + 2) * sizeof *items);
    memcpy(items + 1, args->items, (size_t)args->n * sizeof *items);
    items[0] = (Arg){ .value = value_word(session->scratch, session->with_frame) };
    args->items = items;
    args->n++;
}

static bool check_shape(const Command *command, const CommandKind *kind, Err *err)
{
    const char *verb = kind->kind.name;
    if (command->condition && !(kind->flags & COMMAND_IF))
        return ERR_AT(err, command->condition->span, takes_no_if, verb);
    if (command->as && !(kind->flags & (COMMAND_AS | COMMAND_AS_REQUIRED)))
        return ERR_AT(err, command->as->span, takes_no_as, verb);
    if (!command->as && (kind->flags & COMMAND_AS_REQUIRED))
        return ERR_AT(err, command->verb_span, needs_as, verb);
    if (node_has_flag(command, FLAG_REPLACE) && !(kind->flags & COMMAND_REPLACE))
        return ERR_AT(err, command->verb_span, takes_no_flag, verb, "replace");
    if (node_has_flag(command, FLAG_FORCE) && !(kind->flags & COMMAND_FORCE))
        return ERR_AT(err, command->verb_span, takes_no_flag, verb, "force");
    return true;
}

static bool bind_names(Session *session, const Command *command, Call *call, Err *err)
{
    if (command->as) {
        call->as = eval_name(session, command->as, err);
        call->as_span = command->as->span;
        if (!call->as) return false;
    }
    call->news = NULL;
    NewName *news = arena_take(session->scratch, (size_t)(command->news.n + 1) * sizeof *news);
    for (int i = 0; i < command->news.n; i++) {
        const Entry *entry = &command->news.items[i];
        news[i] = (NewName){ entry->name, entry->name_span, entry->value };
    }
    call->news = news;
    call->n_news = command->news.n;
    return true;
}

static bool bind_values(Session *session, const Command *command, Call *call, Err *err)
{
    int n = command->args.n;
    Value *values = arena_take(session->scratch, (size_t)(n + 1) * sizeof *values);
    for (int i = 0; i < n; i++)
        if (!eval_value(session, command->args.items[i], &values[i], err)) return false;
    call->values = values;
    call->value_nodes = (const Node *const *)command->args.items;
    call->n_values = n;
    return true;
}

static bool no_kind_option(const Call *call, const Kind *kind, const Arg *arg, Err *err)
{
    const Kind *tables[2] = { call->options.kind, kind };
    const char *names[64];
    size_t n = 0;
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < tables[t]->n_options && n < 64; i++) names[n++] = tables[t]->options[i].name;
    ERR_AT(err, arg->key_span, unknown_option, call->command->kind.name, arg->key);
    return err_suggest(err, arg->key, names, n);
}

bool bind_kind(const Call *call, const char *name, Options *out, Err *err)
{
    const Option *option = option_get(&call->options, name);
    const Args *written = option->value.type == VALUE_KIND ? option->value.kind.args : NULL;
    int n = written ? written->n : 0;
    Args args = { arena_take(call->arena, (size_t)(n + call->extra.n + 1) * sizeof(Arg)), 0 };
    for (int i = 0; i < n; i++) args.items[args.n++] = written->items[i];
    for (int i = 0; i < call->extra.n; i++) {
        if (!option_spec(option->kind, call->extra.items[i].key, 0))
            return no_kind_option(call, option->kind, &call->extra.items[i], err);
        args.items[args.n++] = call->extra.items[i];
    }
    return options_bind(option->kind, &args, call->arena, call->span, out, err);
}

static const char *word_of(const Value *value)
{
    return value->type == VALUE_WORD || value->type == VALUE_TEXT ? value->text : NULL;
}

/* Frames, nets, models and layers that options name must exist. */
static bool check_object(Session *session, OptionType type, const Value *value, Span span, Err *err)
{
    const char *name = word_of(value);
    if (!name) return true;
    bool ok = true;
    if (type == OPTION_FRAME) ok = session_frame(session, name, err) != NULL;
    if (type == OPTION_NET) ok = session_net(session, name, err) != NULL;
    if (type == OPTION_MODEL) {
        Model *model = session_model(session, name, err);
        ok = model != NULL;
        model_unref(model);
    }
    if (type == OPTION_OBJECT && !session_get(session, name)) ok = session_no_name(session, name, err);
    if (!ok && err && !err->span.source) err->span = span;
    return ok;
}

/* A first operand that is no frame, of a verb that takes models too. */
static void find_model(const Session *session, Call *call)
{
    const char *name = word_of(&call->options.items[0].value);
    if (!(call->command->flags & COMMAND_MODEL) || session->checking || !name) return;
    const Object *there = session_get(session, name);
    bool model = there ? there->type == OBJECT_NET || there->type == OBJECT_MODEL : strchr(name, '.') != NULL;
    if (model) call->model = name;
}

static bool check_objects(Session *session, Call *call, Err *err)
{
    for (int i = 0; i < call->options.kind->n_options; i++) {
        const OptionSpec *spec = &call->options.kind->options[i];
        const Option *option = &call->options.items[i];
        if (!option->given || session->checking || (i == 0 && call->model)) continue;
        if (option->value.type != VALUE_LIST) {
            if (!check_object(session, spec->type, &option->value, option->span, err)) return false;
            continue;
        }
        for (int k = 0; k < option->value.list.n; k++)
            if (!check_object(session, spec->type, &option->value.list.items[k], option->span, err))
                return false;
    }
    return true;
}

/* The frame of a data verb, known by name before anything is checked: its first operand. */
static void name_frame(const CommandKind *kind, const Args *args, Call *call)
{
    if ((kind->flags & COMMAND_FRAME) && args->n && !args->items[0].key)
        call->frame_name = word_of(&args->items[0].value);
}

static bool bind_frame(Session *session, Call *call, Err *err)
{
    if (!(call->command->flags & COMMAND_FRAME) || session->checking || call->model) return true;
    call->frame_name = word_of(&call->options.items[0].value);
    if (!call->frame_name) return ERR(err, missing_argument, call->command->kind.name, "a frame");
    call->frame = session_frame(session, call->frame_name, err);
    return call->frame != NULL;
}

static bool bind_words(Session *session, const Command *command, Args *args)
{
    args->items = arena_take(session->scratch, (size_t)(command->args.n + 1) * sizeof *args->items);
    for (int i = 0; i < command->args.n; i++) {
        Span span = command->args.items[i]->span;
        args->items[args->n++] =
            (Arg){ .value = value_word(session->scratch, span_text(span, session->scratch)), .span = span };
    }
    return true;
}

/* A word that was taken for a def of an included file, or a verb that this version lacks. */
bool bind_no_verb(const Command *command, Err *err)
{
    const char *verb = command->verb, *hint = neighbour_hint(verb), *names[256];
    size_t n = 0;
    if (verb_find(verb)) return ERR_AT(err, command->verb_span, verb_not_built, verb);
    ERR_AT(err, command->verb_span, unknown_verb, verb);
    if (hint) return err_hint(err, "in fns: %s", hint);
    for (size_t i = 0; i < verb_count() && n < 256; i++) names[n++] = verb_at(i)->name;
    return err_suggest(err, verb, names, n);
}

bool bind_call(Session *session, const Node *node, Call *out, Err *err)
{
    const Command *command = &node->command;
    *out = (Call){ .arena = session->scratch, .node = node, .span = command->verb_span };
    out->command = command_find(command->verb);
    if (!out->command) return bind_no_verb(command, err);
    const CommandKind *kind = out->command;
    if (!check_shape(command, kind, err) || !bind_names(session, command, out, err)) return false;
    out->replace = node_has_flag(command, FLAG_REPLACE);
    out->force = node_has_flag(command, FLAG_FORCE);
    out->condition = command->condition;
    Args args = { 0 };
    if (kind->flags & COMMAND_WORDS) {
        bind_words(session, command, &args);
    } else if (kind->flags & COMMAND_VALUES) {
        if (!bind_values(session, command, out, err)) return false;
        Command options_only = *command;
        options_only.args.n = 0;
        if (!bind_args(session, &options_only, &args, err)) return false;
    } else if (!bind_args(session, command, &args, err)) {
        return false;
    }
    if (kind->flags & COMMAND_EXTRA) set_extra_apart(session, out, &args);
    put_with_frame(session, kind, &args);
    name_frame(kind, &args, out);
    if (!options_bind(&kind->kind, &args, session->scratch, command->verb_span, &out->options, err))
        return false;
    find_model(session, out);
    return check_objects(session, out, err) && bind_frame(session, out, err);
}
