/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/run.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/diagnose.h"
#include "lang/eval.h"
#include "lang/kept.h"
#include "lang/remake.h"
#include "lang/undo.h"
#include "lang/vocabulary.h"
#include "lang/write.h"

#define DEPTH_MAX   200  /* of calls */
#define NESTING_MAX 2000 /* of statements within each other, over all calls and includes */
#define PARAMS_MAX  64

bool run_goes_on(const Session *session, Err *err)
{
    bool stop = session->stop && atomic_load_explicit(session->stop, memory_order_relaxed);
    return !stop || ERR(err, interrupted, NULL);
}

/* ---- simple statements */

/* The frame or net that a verb works on, where it exists. */
static const char *subject(Session *session, const Call *call)
{
    if (call->frame_name) return session_get(session, call->frame_name) ? call->frame_name : NULL;
    const Options *options = &call->options;
    bool net = options->items && options->kind->n_options && options->kind->options[0].type == OPTION_NET;
    const Value *first = net ? &options->items[0].value : NULL;
    bool named = first && (first->type == VALUE_WORD || first->type == VALUE_TEXT);
    return named && session_get(session, first->text) ? first->text : NULL;
}

static void say_kept(Session *session, const Call *call, Err *err)
{
    if (!err || *err->kept || session->keep_changes || !call->command ||
        !(call->command->flags & COMMAND_UNDO))
        return;
    const char *name = subject(session, call);
    if (name) err_kept(err, "%s is unchanged", name);
}

/* result: what was shown with it, or NULL. */
static void keep_last(Session *session, Value value, const Result *result)
{
    Arena *arena = arena_new();
    Value *copy = arena_take(arena, sizeof *copy);
    *copy = value_copy(arena, value);
    session->last_result = result ? result_copy(arena, result) : NULL;
    if (session->last_arena) arena_free(session->last_arena);
    session->last_arena = arena;
    session->last_value = copy;
    session->last = copy->type == VALUE_RECORD ? copy->record : NULL;
}

/* A prefix of a verb at the prompt: the statement is echoed in full. */
static void echo_prefix(Session *session, const Node *node)
{
    if (!session->prompt || !node->command.verb_span.source) return;
    const char *written = span_text(node->command.verb_span, session->scratch);
    const VerbShape *shape = verb_find(written);
    if (shape) return; /* the verb or an alias */
    Buf line = { 0 };
    node_write(&line, node);
    session->display->say(session->display, buf_text(&line));
    buf_free(&line);
}

static bool run_command(Session *session, const Node *node, Err *err)
{
    Call call;
    session->progress.threads = (int)session->settings.threads;
    if (!bind_call(session, node, &call, err)) {
        say_kept(session, &call, err);
        return false;
    }
    if (session->remaking && !remake_runs(&call)) return true;
    echo_prefix(session, node);
    Result *result = result_new(session->scratch, call.command->kind.name);
    Span outer = session->statement;
    session->statement = node->span;
    bool ok = call.command->run(session, &call, result, err);
    session->statement = outer;
    if (!ok && err && !err->span.source) err->span = call.span;
    if (!ok) say_kept(session, &call, err);
    /* what was learned before a numeric failure is still shown (train) */
    bool some = result->n_items || result->notes.n || result->record->n;
    if (some && (ok || session->keep_changes) && !session->quiet)
        session->display->show(session->display, result);
    if ((ok || session->keep_changes) && (call.command->flags & COMMAND_LAST))
        keep_last(session, (Value){ .type = VALUE_RECORD, .record = result->record }, result);
    if (ok) kept_add(session, &call, result);
    return ok;
}

/* The place of an argument among the parameters; -1 and an error. */
static int parameter_place(const Node *def, const Arg *arg, int positional, Err *err)
{
    const EntryList *params = &def->def.params;
    if (!arg->key) {
        if (positional < params->n) return positional;
        ERR_AT(err, arg->span, too_many, def->def.name);
        return -1;
    }
    const char *names[PARAMS_MAX];
    for (int i = 0; i < params->n; i++) {
        if (!strcmp(params->items[i].name, arg->key)) return i;
        names[i] = params->items[i].name;
    }
    ERR_AT(err, arg->key_span, unknown_option, def->def.name, arg->key);
    err_suggest(err, arg->key, names, (size_t)params->n);
    return -1;
}

static bool bind_defaults(Session *session, const Node *def, const Node *node, const bool *given,
                          Names *locals, Err *err)
{
    const EntryList *params = &def->def.params;
    for (int i = 0; i < params->n; i++) {
        Value value;
        if (given[i]) continue;
        if (!params->items[i].value)
            return ERR_AT(err, node->command.verb_span, missing_argument, def->def.name,
                          params->items[i].name);
        if (!eval_argument(session, params->items[i].value, &value, err)) return false;
        names_set(locals, params->items[i].name, object_value(value));
    }
    return true;
}

static bool bind_parameters(Session *session, const Node *def, const Node *node, Names *locals, Err *err)
{
    Args args;
    bool given[PARAMS_MAX] = { false };
    int positional = 0;
    if (def->def.params.n > PARAMS_MAX) return ERR_AT(err, def->def.name_span, too_many, def->def.name);
    if (!bind_args(session, &node->command, &args, err)) return false;
    for (int i = 0; i < args.n; i++) {
        int at = parameter_place(def, &args.items[i], positional, err);
        if (at < 0) return false;
        positional += !args.items[i].key;
        const char *name = def->def.params.items[at].name;
        if (given[at]) return ERR_AT(err, args.items[i].span, given_twice, name);
        names_set(locals, name, object_value(args.items[i].value));
        given[at] = true;
    }
    return bind_defaults(session, def, node, given, locals, err);
}

/* What a def does not see of the place it is called from. */
typedef struct Surroundings {
    Scope *scope;
    const char *folder, *with_frame, *with_recipe;
    int loops;
} Surroundings;

static Surroundings enter(Session *session, Scope *scope, const Node *def)
{
    Surroundings outer = { session->scope, session->folder, session->with_frame, session->with_recipe,
                           session->loops };
    session->scope = scope;
    session->folder = def->span.source->folder;
    session->with_frame = session->with_recipe = NULL;
    session->loops = 0;
    session->depth++;
    return outer;
}

static void leave(Session *session, const Surroundings *outer)
{
    session->depth--;
    session->scope = outer->scope;
    session->folder = outer->folder;
    session->with_frame = outer->with_frame;
    session->with_recipe = outer->with_recipe;
    session->loops = outer->loops;
    session->flow = FLOW_NEXT;
}

static bool takes_only_arguments(const Command *command, const char *name, Err *err)
{
    if (command->condition) return ERR_AT(err, command->condition->span, takes_no_if, name);
    if (command->as) return ERR_AT(err, command->as->span, takes_no_as, name);
    for (int i = 0; i < FLAG_COUNT; i++)
        if (node_has_flag(command, (Flag)i))
            return ERR_AT(err, command->verb_span, takes_no_flag, name, flag_word((Flag)i));
    return true;
}

static bool call_def(Session *session, const Node *def, const Node *node, Err *err)
{
    if (session->depth >= DEPTH_MAX) return ERR_AT(err, node->span, too_deep_calls, INT(DEPTH_MAX));
    Scope scope = { .up = session->scope };
    bool ok = takes_only_arguments(&node->command, def->def.name, err) &&
              bind_parameters(session, def, node, &scope.locals, err);
    if (ok) {
        Surroundings outer = enter(session, &scope, def);
        ok = run_statements(session, &def->def.body, err);
        leave(session, &outer);
    }
    names_free(&scope.locals);
    return ok;
}

/* break, continue and return, with their suffix `if` (a value condition). */
static bool run_flow(Session *session, const Node *node, Flow flow, Err *err)
{
    bool go = true;
    const Command *command = &node->command;
    if (flow != FLOW_RETURN && !session->loops)
        return ERR_AT(err, command->verb_span, outside_loop, command->verb);
    if (command->condition && !eval_condition(session, command->condition, &go, err)) return false;
    if (!go) return true;
    if (command->args.n > (flow == FLOW_RETURN))
        return ERR_AT(err, command->args.items[command->args.n - 1]->span, too_many, command->verb);
    if (flow == FLOW_RETURN && command->args.n == 1) {
        Value value;
        if (!eval_value(session, command->args.items[0], &value, err)) return false;
        keep_last(session, value, NULL);
    }
    session->flow = flow;
    return true;
}

static bool flow_of(const char *verb, Flow *flow)
{
    *flow = !strcmp(verb, "break")      ? FLOW_BREAK
            : !strcmp(verb, "continue") ? FLOW_CONTINUE
            : !strcmp(verb, "return")   ? FLOW_RETURN
                                        : FLOW_NEXT;
    return *flow != FLOW_NEXT;
}

/* A simple statement that fails changes nothing: names and settings are put back. */
static bool run_simple(Session *session, const Node *node, Err *err)
{
    Flow flow;
    Object *object = session_get(session, node->command.verb);
    if (object && object->type == OBJECT_DEF && !command_find(node->command.verb))
        return call_def(session, object->def, node, err);
    if (flow_of(node->command.verb, &flow)) return run_flow(session, node, flow, err);
    if (!mem_ready(err)) return false;
    const CommandKind *command = command_find(node->command.verb);
    if (command && (command->flags & COMMAND_RUNS)) return run_command(session, node, err);
    UndoStep *step = undo_begin(session, node);
    bool ok = run_command(session, node, err);
    undo_end(session, step, ok || session->keep_changes);
    session->kept_failure |= session->keep_changes;
    session->keep_changes = false;
    return ok;
}

/* ---- blocks */

static bool run_if(Session *session, const Node *node, Err *err)
{
    for (int i = 0; i < node->items.n; i++) {
        const Node *when = node->items.items[i];
        bool go = true;
        if (when->loop.condition && !eval_condition(session, when->loop.condition, &go, err)) return false;
        if (go) return run_statements(session, &when->loop.body, err);
    }
    return true;
}

/* True while the loop goes on. */
static bool next_round(Session *session)
{
    bool more = session->flow == FLOW_NEXT || session->flow == FLOW_CONTINUE;
    if (session->flow != FLOW_RETURN) session->flow = FLOW_NEXT;
    return more;
}

static bool run_body(Session *session, const NodeList *body, bool *more, Err *err)
{
    session->loops++;
    bool ok = run_statements(session, body, err);
    session->loops--;
    *more = ok && next_round(session);
    return ok;
}

/* What a round took from the scratch arena is given back before the next. */
static bool run_while(Session *session, const Node *node, Err *err)
{
    ArenaMark mark = arena_mark(session->scratch);
    for (bool more = true; more && !session->quit;) {
        bool go;
        if (!run_goes_on(session, err) || !eval_condition(session, node->loop.condition, &go, err))
            return false;
        if (!go) return true;
        if (!run_body(session, &node->loop.body, &more, err)) return false;
        arena_rewind(session->scratch, mark);
    }
    return true;
}

static bool run_round(Session *session, const Node *node, Value value, bool *more, Err *err)
{
    *more = false;
    if (!run_goes_on(session, err)) return false;
    if (!session_let(session, node->each.variable, value, err)) {
        if (err && !err->span.source) err->span = node->each.variable_span;
        return false;
    }
    return run_body(session, &node->each.body, more, err) && (!session->quit || !(*more = false));
}

static bool run_for(Session *session, const Node *node, Err *err)
{
    Value in;
    bool ok = eval_value(session, node->each.in, &in, err), more = true;
    if (!ok) return false;
    Arena *arena = arena_new(); /* the body may give what is looped over another value */
    in = value_copy(arena, in);
    if (in.type == VALUE_LIST) {
        for (int i = 0; ok && more && i < in.list.n; i++)
            ok = run_round(session, node, in.list.items[i], &more, err);
    } else if (in.type == VALUE_RANGE && in.range.from && in.range.to &&
               in.range.from->type == VALUE_NUMBER && in.range.to->type == VALUE_NUMBER) {
        double from = in.range.from->number, to = in.range.to->number;
        for (double i = from; ok && more && i <= to; i++)
            ok = run_round(session, node, value_number(i), &more, err);
    } else {
        ok = ERR_AT(err, node->each.in->span, not_a_list, value_type_name(in.type));
    }
    arena_free(arena);
    return ok;
}

static bool run_with(Session *session, const Node *node, Err *err)
{
    const char *name = eval_name(session, node->block.name, err), *recipe = NULL;
    if (!name || !session_frame(session, name, err)) {
        if (err && !err->span.source) err->span = node->block.name->span;
        return false;
    }
    if (node->type == NODE_RECIPE && !(recipe = eval_name(session, node->block.head.as, err))) return false;
    const char *outer = session->with_frame, *outer_recipe = session->with_recipe;
    Arena *arena = arena_new();
    session->with_frame = arena_text(arena, name);
    session->with_recipe = recipe ? arena_text(arena, recipe) : NULL;
    bool ok = run_statements(session, &node->block.body, err);
    session->with_frame = outer;
    session->with_recipe = outer_recipe;
    arena_free(arena);
    return ok;
}

static bool run_def(Session *session, const Node *node, Err *err)
{
    const Object *there = session_get(session, node->def.name);
    if (verb_find(node->def.name)) return ERR_AT(err, node->def.name_span, def_is_verb, node->def.name);
    if (there && there->type != OBJECT_VALUE && there->type != OBJECT_DEF)
        return ERR_AT(err, node->def.name_span, exists, node->def.name, object_type_name(there));
    UndoStep *step = undo_begin(session, node);
    bool ok = session_put(session, node->def.name, object_def(node), false, err);
    if (!ok && err && !err->span.source) err->span = node->def.name_span;
    undo_end(session, step, ok);
    return ok;
}

/* `catch:` keeps an error in $err and goes on; an interrupt passes through. */
static bool run_catch(Session *session, const Node *node, Err *err)
{
    Err *caught = arena_take(session->scratch, sizeof *caught);
    bool ok = run_statement(session, node, caught);
    if (!ok && caught->code == CODE_interrupted) {
        if (err) *err = *caught;
        return false;
    }
    session->last_err = *caught;
    return true;
}

static bool run_prefix(Session *session, const Node *node, Err *err)
{
    const Node *statement = node->prefix.statement;
    if (node->prefix.prefix == PREFIX_CATCH) return run_catch(session, statement, err);
    if (node->prefix.prefix == PREFIX_QUIET) {
        bool outer = session->quiet;
        session->quiet = true;
        bool ok = run_statement(session, statement, err);
        session->quiet = outer;
        return ok;
    }
    double start = clock_seconds();
    bool ok = run_statement(session, statement, err);
    char text[80];
    snprintf(text, sizeof text, "time: %.3f s", clock_seconds() - start);
    session->display->say(session->display, text);
    return ok;
}

static bool run_net_step(Session *session, const Node *node, Err *err)
{
    UndoStep *step = undo_begin(session, node);
    bool ok = run_net(session, node, err);
    undo_end(session, step, ok);
    return ok;
}

static bool run_any(Session *session, const Node *node, Err *err)
{
    switch (node->type) {
    case NODE_COMMAND: return run_simple(session, node, err);
    case NODE_PREFIX: return run_prefix(session, node, err);
    case NODE_IF: return run_if(session, node, err);
    case NODE_WHILE: return run_while(session, node, err);
    case NODE_FOR: return run_for(session, node, err);
    case NODE_DEF: return run_def(session, node, err);
    case NODE_WITH:
    case NODE_RECIPE: return run_with(session, node, err);
    case NODE_NET: return run_net_step(session, node, err);
    default: return ERR_AT(err, node->span, internal, "a statement of unknown type");
    }
}

bool run_statement(Session *session, const Node *node, Err *err)
{
    if (!run_goes_on(session, err)) return false;
    if (session->nesting >= NESTING_MAX) return ERR_AT(err, node->span, too_deep_calls, INT(NESTING_MAX));
    ArenaMark mark = arena_mark(session->scratch);
    session->nesting++;
    bool ok = run_any(session, node, err);
    session->nesting--;
    arena_rewind(session->scratch, mark);
    return ok;
}

bool run_statements(Session *session, const NodeList *statements, Err *err)
{
    for (int i = 0; i < statements->n && session->flow == FLOW_NEXT && !session->quit; i++)
        if (!run_statement(session, statements->items[i], err)) return false;
    return true;
}
