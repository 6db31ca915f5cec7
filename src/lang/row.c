/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row context: expressions of derive and of the suffix `if`, compiled for data/expr. */
#include <string.h>

#include "lang/eval.h"

static bool row_constant(Session *session, const Node *node, Expr **out, Err *err)
{
    Value value;
    if (!eval_value(session, node, &value, err)) return false;
    if (value.type == VALUE_WORD) value.type = VALUE_TEXT;
    *out = expr_constant(session->scratch, &value, node->span, err);
    return *out != NULL;
}

/* col($c): the column that $c names. */
static bool row_column_of(Session *session, const Node *node, Expr **out, Err *err)
{
    Value value = value_missing();
    if (node->call.args.n == 1 && !node->call.args.items[0].name &&
        !eval_argument(session, node->call.args.items[0].value, &value, err))
        return false;
    if (value.type != VALUE_TEXT && value.type != VALUE_WORD) return ERR_AT(err, node->span, bad_col, NULL);
    *out = expr_column(session->scratch, value.text, node->span);
    return true;
}

/* over=20, across=date: the key's value is a column's name or a scalar. */
static bool row_keyed(Session *session, const Entry *entry, Record *keyed, Err *err)
{
    Value value;
    if (!eval_argument(session, entry->value, &value, err)) return false;
    record_set(session->scratch, keyed, entry->name, value);
    return true;
}

static bool row_call(Session *session, const Node *node, Expr **out, Err *err)
{
    if (!strcmp(node->call.name, "col")) return row_column_of(session, node, out, err);
    const Function *function = expr_function(node->call.name, node->call.name_span, err);
    if (!function) return false;
    const EntryList *entries = &node->call.args;
    Expr **args = arena_take(session->scratch, (size_t)(entries->n + 1) * sizeof *args);
    Record *keyed = NULL;
    int n = 0;
    for (int i = 0; i < entries->n; i++) {
        if (entries->items[i].name) {
            if (!keyed) keyed = value_record(session->scratch).record;
            if (!row_keyed(session, &entries->items[i], keyed, err)) return false;
        } else if (!eval_row(session, entries->items[i].value, &args[n++], err)) {
            return false;
        }
    }
    *out = expr_call(session->scratch, function, args, n, keyed, node->span, err);
    return *out != NULL;
}

static bool row_operation(Session *session, const Node *node, Expr **out, Err *err)
{
    Expr *args[2];
    int n = 0;
    if (node->type == NODE_BINARY && !eval_row(session, node->operation.left, &args[n++], err)) return false;
    if (!eval_row(session, node->operation.right, &args[n++], err)) return false;
    const char *sign = operator_sign(node->operation.operator);
    if (node->operation.operator== OPERATOR_NEGATE) sign = "neg";
    *out = expr_call(session->scratch, expr_function_find(sign), args, n, NULL, node->span, err);
    return *out != NULL;
}

bool eval_row(Session *session, const Node *node, Expr **out, Err *err)
{
    switch (node->type) {
    case NODE_WORD: *out = expr_column(session->scratch, node->text, node->span); return true;
    case NODE_CALL: return row_call(session, node, out, err);
    case NODE_UNARY:
    case NODE_BINARY: return row_operation(session, node, out, err);
    case NODE_PATH:
        if (node->path.base->type == NODE_WORD) return ERR_AT(err, node->span, no_lookup, NULL);
        return row_constant(session, node, out, err);
    default: return row_constant(session, node, out, err);
    }
}
