/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row context: expressions of derive and of the suffix `if`, compiled for data/expr. */
#include <string.h>

#include "base/source.h"
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

/* ---- statistics of another frame */

static const char *entries_frame(const EntryList *entries);

/* The other frame of which a column is read somewhere below the node; NULL: of none. */
static const char *node_frame(const Node *node)
{
    const char *left;
    switch (node->type) {
    case NODE_PATH: return node->path.base->type == NODE_WORD ? node->path.base->text : NULL;
    case NODE_UNARY: return node_frame(node->operation.right);
    case NODE_BINARY:
        left = node_frame(node->operation.left);
        return left ? left : node_frame(node->operation.right);
    case NODE_CALL: return entries_frame(&node->call.args);
    default: return NULL;
    }
}

static const char *entries_frame(const EntryList *entries)
{
    const char *found = NULL;
    for (int i = 0; i < entries->n && !found; i++)
        if (!entries->items[i].name) found = node_frame(entries->items[i].value);
    return found;
}

static bool bad_lookup_window(const Node *node, Err *err)
{
    return ERR_AT(err, node->span, lookup_window, NULL);
}

/* within= is a duration, over= a duration or rows; one of them. */
static bool lookup_window(Session *session, const Node *node, Lookup *lookup, Err *err)
{
    const EntryList *entries = &node->call.args;
    lookup->within = lookup->over = value_missing();
    for (int i = 0; i < entries->n; i++) {
        const Entry *entry = &entries->items[i];
        if (!entry->name) continue;
        bool within = !strcmp(entry->name, "within");
        Value *value = within ? &lookup->within : &lookup->over;
        if (!within && strcmp(entry->name, "over")) return bad_lookup_window(node, err);
        if (!eval_argument(session, entry->value, value, err)) return false;
        bool time = value->type == VALUE_DURATION && value->duration.months >= 0 && value->duration.ns >= 0 &&
                    (value->duration.months || value->duration.ns);
        bool rows = !within && value->type == VALUE_NUMBER && value->number >= 1 && value->number <= 1e9 &&
                    value->number == (double)(long)value->number;
        if (!time && !rows) return bad_lookup_window(node, err);
    }
    bool one = (lookup->within.type == VALUE_MISSING) != (lookup->over.type == VALUE_MISSING);
    return one || bad_lookup_window(node, err);
}

/* The call as a column that whoever evaluates the expression makes. */
static bool row_lookup(Session *session, const Node *node, const Function *function, const char *frame,
                       Expr **out, Err *err)
{
    const EntryList *entries = &node->call.args;
    RowLookup *made = arena_take(session->scratch, sizeof *made);
    Expr *value = NULL;
    made->lookup = (Lookup){ .function = function, .span = node->span };
    made->lookup.other = session_frame(session, frame, err);
    if (!made->lookup.other) {
        if (err && !err->span.source) err->span = node->span;
        return false;
    }
    session->lookup = frame;
    bool done = true;
    int n = 0;
    for (int i = 0; i < entries->n && done; i++)
        if (!entries->items[i].name && ++n == 1)
            done = eval_row(session, entries->items[i].value, &value, err);
    session->lookup = NULL;
    if (!done || !lookup_window(session, node, &made->lookup, err)) return false;
    if (n != 1) return ERR_AT(err, node->span, argument_count, node->call.name, "1 argument", INT(n));
    made->lookup.value = value;
    made->name = span_text(node->span, session->scratch);
    made->next = *session->lookups;
    *session->lookups = made;
    *out = expr_column(session->scratch, made->name, node->span);
    return true;
}

/* perf.dpd within such a statistic. */
static bool row_other_column(Session *session, const Node *node, Expr **out, Err *err)
{
    const char *base = node->path.base->text;
    if (!session->lookup) return ERR_AT(err, node->span, no_lookup, base, node->path.members[0]);
    if (strcmp(base, session->lookup)) return ERR_AT(err, node->span, lookup_two, session->lookup, base);
    *out = expr_column(session->scratch, node->path.members[0], node->span);
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
    const char *other = session->lookups && !session->lookup ? entries_frame(entries) : NULL;
    if (other && function_looks_up(function)) return row_lookup(session, node, function, other, out, err);
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
    if (!n && !strcmp(node->call.name, "count")) { /* count(): the rows themselves */
        Value one = value_number(1);
        args[n++] = expr_constant(session->scratch, &one, node->span, err);
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
    case NODE_WORD:
        if (session->lookup) return ERR_AT(err, node->span, lookup_bare, session->lookup, node->text);
        *out = expr_column(session->scratch, node->text, node->span);
        return true;
    case NODE_CALL: return row_call(session, node, out, err);
    case NODE_UNARY:
    case NODE_BINARY: return row_operation(session, node, out, err);
    case NODE_PATH:
        if (node->path.base->type == NODE_WORD) return row_other_column(session, node, out, err);
        return row_constant(session, node, out, err);
    default: return row_constant(session, node, out, err);
    }
}
