/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and functions in expressions. */
#include <string.h>

#include "lang/checking.h"
#include "lang/eval.h"

static bool check_variable(const Checker *checker, const Node *node, Err *err)
{
    const char *name = node->text;
    if (checker->defs || check_is_made(checker, name) || !strcmp(name, "last") || !strcmp(name, "err") ||
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

bool check_value(const Checker *checker, const Node *node, bool value, Err *err)
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

bool check_command_values(const Checker *checker, const Command *command, bool values, Err *err)
{
    return check_values(checker, &command->args, values, err) &&
           check_entries(checker, &command->opts, false, err) &&
           check_entries(checker, &command->news, true, err) &&
           (!command->condition || check_value(checker, command->condition, true, err));
}
