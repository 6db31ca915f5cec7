/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/run.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/diagnose.h"
#include "lang/eval.h"
#include "lang/undo.h"
#include "lang/vocabulary.h"
#include "lang/write.h"

#define DEPTH_MAX 200

static bool stopped(Session *session, Err *err)
{
    return session->stop && atomic_load_explicit(session->stop, memory_order_relaxed) ? !ERR(err, interrupted, NULL)
                                                                                      : false;
}

/* ---- simple statements */

static void say_kept(const Call *call, Err *err)
{
    bool about_frame = call->frame_name && (call->command->flags & COMMAND_UNDO);
    if (err && about_frame && !*err->kept) err_kept(err, "%s is unchanged", call->frame_name);
}

static void keep_last(Session *session, const Result *result)
{
    Arena *arena = arena_new();
    Value copy = value_copy(arena, (Value){ .type = VALUE_RECORD, .record = result->record });
    if (session->last_arena) arena_free(session->last_arena);
    session->last_arena = arena;
    session->last = copy.record;
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
    if (!bind_call(session, node, &call, err)) {
        if (call.frame_name) say_kept(&call, err);
        return false;
    }
    echo_prefix(session, node);
    Result *result = result_new(session->scratch, call.command->kind.name);
    bool ok = call.command->run(session, &call, result, err);
    if (!ok && err && !err->span.source) err->span = call.span;
    if (!ok) say_kept(&call, err);
    /* what was learned before a numeric failure is still shown (train) */
    if (!session->quiet && (ok || result->n_items)) session->display->show(session->display, result);
    if (ok && (call.command->flags & COMMAND_LAST)) keep_last(session, result);
    return ok;
}

static bool bind_parameters(Session *session, const Node *def, const Node *node, Names *locals, Err *err)
{
    Args args;
    if (!bind_args(session, &node->command, &args, err)) return false;
    const EntryList *params = &def->def.params;
    bool given[64] = { false };
    if (params->n > 64) return ERR_AT(err, node->span, too_many, def->def.name);
    int positional = 0;
    for (int i = 0; i < args.n; i++) {
        int at = positional;
        if (args.items[i].key) {
            for (at = 0; at < params->n && strcmp(params->items[at].name, args.items[i].key); at++) {}
            if (at == params->n)
                return ERR_AT(err, args.items[i].key_span, unknown_option, def->def.name, args.items[i].key);
        } else if (positional++ >= params->n) {
            return ERR_AT(err, args.items[i].span, too_many, def->def.name);
        }
        names_set(locals, params->items[at].name, object_value(args.items[i].value));
        given[at] = true;
    }
    for (int i = 0; i < params->n; i++) {
        Value value;
        if (given[i]) continue;
        if (!params->items[i].value)
            return ERR_AT(err, node->command.verb_span, missing_argument, def->def.name, params->items[i].name);
        if (!eval_argument(session, params->items[i].value, &value, err)) return false;
        names_set(locals, params->items[i].name, object_value(value));
    }
    return true;
}

static bool call_def(Session *session, const Node *def, const Node *node, Err *err)
{
    if (session->depth >= DEPTH_MAX) return ERR_AT(err, node->span, too_deep_calls, INT(DEPTH_MAX));
    Scope scope = { .up = session->scope };
    bool ok = bind_parameters(session, def, node, &scope.locals, err);
    if (ok) {
        session->scope = &scope;
        session->depth++;
        ok = run_statements(session, &def->def.body, err);
        session->depth--;
        session->scope = scope.up;
        if (session->flow == FLOW_RETURN) session->flow = FLOW_NEXT;
    }
    names_free(&scope.locals);
    return ok;
}

/* break, continue and return, with their suffix `if` (a value condition). */
static bool run_flow(Session *session, const Node *node, Flow flow, Err *err)
{
    bool go = true;
    const Command *command = &node->command;
    if (command->condition && !eval_condition(session, command->condition, &go, err)) return false;
    if (!go) return true;
    if (flow == FLOW_RETURN && command->args.n == 1) {
        Value value;
        if (!eval_value(session, command->args.items[0], &value, err)) return false;
        Result *result = result_new(session->scratch, "return");
        if (value.type == VALUE_RECORD) result->record = value.record;
        else record_set(session->scratch, result->record, "value", value);
        keep_last(session, result);
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
    UndoStep *step = undo_begin(session, node);
    bool ok = run_command(session, node, err);
    undo_end(session, step, ok || session->keep_changes);
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

static bool run_while(Session *session, const Node *node, Err *err)
{
    for (;;) {
        bool go;
        if (!eval_condition(session, node->loop.condition, &go, err)) return false;
        if (!go) return true;
        if (!run_statements(session, &node->loop.body, err)) return false;
        if (!next_round(session)) return true;
    }
}

static bool run_round(Session *session, const Node *node, Value value, bool *more, Err *err)
{
    *more = false;
    if (!session_let(session, node->each.variable, value, err)) {
        if (err && !err->span.source) err->span = node->each.variable_span;
        return false;
    }
    if (!run_statements(session, &node->each.body, err)) return false;
    *more = next_round(session);
    return true;
}

static bool run_for(Session *session, const Node *node, Err *err)
{
    Value in;
    bool ok = eval_value(session, node->each.in, &in, err), more = true;
    if (!ok) return false;
    Arena *arena = arena_new(); /* what is looped over outlives the statements of the body */
    in = value_copy(arena, in);
    if (in.type == VALUE_LIST) {
        for (int i = 0; ok && more && i < in.list.n; i++) ok = run_round(session, node, in.list.items[i], &more, err);
    } else if (in.type == VALUE_RANGE && in.range.from && in.range.to && in.range.from->type == VALUE_NUMBER &&
               in.range.to->type == VALUE_NUMBER) {
        double from = in.range.from->number, to = in.range.to->number;
        for (double i = from; ok && more && i <= to; i++) ok = run_round(session, node, value_number(i), &more, err);
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
    if (verb_find(node->def.name)) return ERR_AT(err, node->def.name_span, def_is_verb, node->def.name);
    UndoStep *step = undo_begin(session, node);
    bool ok = session_put(session, node->def.name, object_def(node), true, err);
    undo_end(session, step, ok);
    return ok;
}

/* `catch:` keeps an error in $err and goes on; an interrupt passes through. */
static bool run_catch(Session *session, const Node *node, Err *err)
{
    Err caught = { 0 };
    bool ok = run_statement(session, node, &caught);
    if (!ok && caught.code == CODE_interrupted) {
        if (err) *err = caught;
        return false;
    }
    session->last_err = caught;
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
    if (stopped(session, err)) return false;
    ArenaMark mark = arena_mark(session->scratch);
    bool ok = run_any(session, node, err);
    arena_rewind(session->scratch, mark);
    return ok;
}

bool run_statements(Session *session, const NodeList *statements, Err *err)
{
    for (int i = 0; i < statements->n && session->flow == FLOW_NEXT && !session->quit; i++)
        if (!run_statement(session, statements->items[i], err)) return false;
    return true;
}
