/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks and nets, statement by statement. */
#include "lang/check.h"

#include <string.h>

#include "lang/checking.h"
#include "lang/run.h"

static bool check_input(const Checker *checker, const Command *command, Err *err)
{
    const Node *frame = command->args.n ? command->args.items[0] : NULL;
    if (!frame || frame->type != NODE_WORD || checker->defs || check_is_made(checker, frame->text))
        return true;
    return check_no_name(checker, frame->text, frame->span, err);
}

/* Layers and their options; `plain` becomes false where the net depends on what only a run knows. */
static bool check_layers(Checker *checker, const NodeList *body, bool *plain, Err *err)
{
    for (int i = 0; i < body->n; i++) {
        const Node *node = body->items[i];
        bool ok = true;
        if (node->type == NODE_COMMAND) {
            bool fixed = !check_depends(&node->command);
            ok = check_command_values(checker, &node->command, false, err) &&
                 (strcmp(node->command.verb, "input") || check_input(checker, &node->command, err)) &&
                 (!fixed || check_layer(checker->session, &node->command, err));
            *plain &= fixed;
        } else if (node->type == NODE_FOR) {
            *plain = false;
            ok = check_value(checker, node->each.in, true, err);
            check_make_text(checker, node->each.variable);
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
    check_make(checker, node->block.name);
    return ok;
}

static bool check_with(Checker *checker, const Node *node, Err *err)
{
    const Node *name = node->block.name;
    if (name->type == NODE_WORD && !checker->defs && !check_is_made(checker, name->text))
        return check_no_name(checker, name->text, name->span, err);
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
    if (variable) check_make_text(checker, variable);
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

bool check_all(Checker *checker, const NodeList *statements, Err *err)
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
