/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/eval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "lang/parse.h"

static bool eval_literal(Session *session, const Node *node, WordContext context, Value *out, Err *err);
static bool eval_in(Session *session, const Node *node, WordContext context, Value *out, Err *err);

void value_format(Buf *out, const Value *value, const char *format)
{
    int width = 0, decimals = -1;
    const char *point = strchr(format, '.');
    if (point) decimals = atoi(point + 1);
    width = atoi(format);
    if (decimals > 17) decimals = 17;
    if (width > 200) width = 200;
    Buf text = { 0 };
    if (value->type == VALUE_NUMBER && decimals >= 0 && isfinite(value->number))
        buf_printf(&text, "%.*f", decimals, value->number);
    else
        value_show(&text, value, 0);
    buf_printf(out, "%*s", width, buf_text(&text));
    buf_free(&text);
}

/* WIDTH, .DECIMALS or both. */
static bool format_fits(const char *format)
{
    size_t digits = strspn(format, "0123456789");
    const char *rest = format + digits;
    if (*rest == '.') rest += 1 + strspn(rest + 1, "0123456789");
    return !*rest && (digits || rest - format > 1) && strlen(format) < 8;
}

static bool eval_template(Session *session, const Node *node, Value *out, Err *err)
{
    Buf text = { 0 };
    bool ok = true;
    for (int i = 0; ok && i < node->items.n; i++) {
        const Node *part = node->items.items[i];
        Value value = value_missing();
        if (part->type == NODE_TEXT)
            buf_puts(&text, part->text);
        else if (part->type == NODE_FORMAT) {
            if (!format_fits(part->format.format))
                ok = ERR_AT(err, part->span, bad_format, part->format.format);
            ok = ok && eval_value(session, part->format.value, &value, err);
            if (ok) value_format(&text, &value, part->format.format);
        } else {
            ok = eval_value(session, part, &value, err);
            if (ok) value_show(&text, &value, 0);
        }
    }
    if (ok) *out = value_text(session->scratch, buf_text(&text));
    buf_free(&text);
    return ok;
}

static Value error_record(Session *session)
{
    Value value = value_record(session->scratch);
    const Err *last = &session->last_err;
    if (last->code == CODE_none) {
        record_set(session->scratch, value.record, "code", value_missing());
        record_set(session->scratch, value.record, "message", value_missing());
        record_set(session->scratch, value.record, "line", value_missing());
        return value;
    }
    record_text(session->scratch, value.record, "code", err_code_word(last->code));
    record_text(session->scratch, value.record, "message", last->message);
    record_number(session->scratch, value.record, "line",
                  last->span.source ? span_place(last->span).line : 0);
    return value;
}

static bool eval_variable(Session *session, const Node *node, Value *out, Err *err)
{
    const char *name = node->text;
    Object *object = session_get(session, name);
    if (object) {
        *out = object_record(object, session->scratch);
        return true;
    }
    if (!strcmp(name, "err")) {
        *out = error_record(session);
        return true;
    }
    if (!strcmp(name, "last")) {
        if (!session->last_value) return ERR_AT(err, node->span, no_last, NULL);
        *out = *session->last_value;
        return true;
    }
    if (!strcmp(name, "args")) {
        *out = value_list(session->scratch, session->n_args);
        for (int i = 0; i < session->n_args; i++)
            out->list.items[i] = value_text(session->scratch, session->args[i]);
        return true;
    }
    ERR_AT(err, node->span, no_variable, name);
    return names_suggest(&session->names, name, err);
}

static bool no_member(const Record *record, const char *name, Span span, Err *err)
{
    Buf names = { 0 };
    for (int i = 0; i < record->n && i < 30; i++)
        buf_printf(&names, "%s%s", i ? " " : "", record->members[i].name);
    ERR_AT(err, span, no_member, name, buf_text(&names));
    buf_free(&names);
    return false;
}

static bool eval_path(Session *session, const Node *node, Value *out, Err *err)
{
    if (!eval_value(session, node->path.base, out, err)) return false;
    for (int i = 0; i < node->path.n; i++) {
        Span span = node->path.member_spans[i];
        if (out->type != VALUE_RECORD)
            return ERR_AT(err, span, not_a_record, node->path.members[i], value_type_name(out->type));
        const Value *member = record_get(out->record, node->path.members[i]);
        if (!member) return no_member(out->record, node->path.members[i], span, err);
        *out = *member;
    }
    return true;
}

static bool eval_index(Session *session, const Node *node, Value *out, Err *err)
{
    Value at;
    if (!eval_value(session, node->index.base, out, err) || !eval_value(session, node->index.at, &at, err))
        return false;
    if (out->type == VALUE_RECORD && at.type == VALUE_TEXT) {
        const Value *member = record_get(out->record, at.text);
        if (!member) return no_member(out->record, at.text, node->index.at->span, err);
        *out = *member;
        return true;
    }
    if (out->type != VALUE_LIST)
        return ERR_AT(err, node->index.base->span, not_a_list, value_type_name(out->type));
    double i = at.type == VALUE_NUMBER ? at.number : NAN;
    if (!(i >= 1 && i <= out->list.n && i == floor(i)))
        return ERR_AT(err, node->index.at->span, no_index, at.type == VALUE_NUMBER ? NUM(i) : "that",
                      INT(out->list.n));
    *out = out->list.items[(int)i - 1];
    return true;
}

static bool eval_items(Session *session, const NodeList *items, WordContext context, Value *out, Err *err)
{
    *out = value_list(session->scratch, items->n);
    for (int i = 0; i < items->n; i++)
        if (!eval_in(session, items->items[i], context, &out->list.items[i], err)) return false;
    return true;
}

static bool eval_entries(Session *session, const EntryList *entries, WordContext context, Value *out,
                         Err *err)
{
    *out = value_record(session->scratch);
    for (int i = 0; i < entries->n; i++) {
        Value value;
        if (!eval_in(session, entries->items[i].value, context, &value, err)) return false;
        record_set(session->scratch, out->record, entries->items[i].name, value);
    }
    return true;
}

static bool eval_range(Session *session, const Node *node, WordContext context, Value *out, Err *err)
{
    *out = (Value){ .type = VALUE_RANGE };
    const Node *ends[2] = { node->range.from, node->range.to };
    const Value **slots[2] = { &out->range.from, &out->range.to };
    for (int i = 0; i < 2; i++) {
        if (!ends[i]) continue;
        Value *end = arena_take(session->scratch, sizeof *end);
        if (!eval_in(session, ends[i], context, end, err)) return false;
        *slots[i] = end;
    }
    return true;
}

/* Operators and functions of values are those of rows, on one row. */
static bool eval_scalar_call(Session *session, const char *name, const Value *args, const Span *spans, int n,
                             Record *keyed, Span span, Value *out, Err *err)
{
    Arena *arena = session->scratch;
    const Function *function = expr_function(name, span, err);
    if (!function) return false;
    Expr **parts = arena_take(arena, (size_t)(n ? n : 1) * sizeof *parts);
    for (int i = 0; i < n; i++) {
        Value value = args[i];
        if (value.type == VALUE_WORD) value.type = VALUE_TEXT; /* a parameter that was given as a word */
        if (!(parts[i] = expr_constant(arena, &value, spans[i], err))) return false;
    }
    Expr *call = expr_call(arena, function, parts, n, keyed, span, err);
    return call && expr_eval_scalar(call, arena, out, err);
}

static bool eval_operation(Session *session, const Node *node, Value *out, Err *err)
{
    Value args[2];
    Span spans[2];
    int n = 0;
    if (node->type == NODE_BINARY) {
        if (!eval_value(session, node->operation.left, &args[n], err)) return false;
        spans[n++] = node->operation.left->span;
        bool decided = node->operation.operator== OPERATOR_AND || node->operation.operator== OPERATOR_OR;
        if (decided && args[0].type == VALUE_BOOL && args[0].on == (node->operation.operator== OPERATOR_OR)) {
            *out = args[0];
            return true;
        }
    }
    if (!eval_value(session, node->operation.right, &args[n], err)) return false;
    spans[n++] = node->operation.right->span;
    const char *sign = operator_sign(node->operation.operator);
    if (node->operation.operator== OPERATOR_NEGATE) sign = "neg";
    return eval_scalar_call(session, sign, args, spans, n, NULL, node->span, out, err);
}

static bool eval_call(Session *session, const Node *node, Value *out, Err *err)
{
    const EntryList *entries = &node->call.args;
    Value *args = arena_take(session->scratch, (size_t)(entries->n + 1) * sizeof *args);
    Span *spans = arena_take(session->scratch, (size_t)(entries->n + 1) * sizeof *spans);
    Record *keyed = NULL;
    int n = 0;
    for (int i = 0; i < entries->n; i++) {
        Value value;
        if (!eval_value(session, entries->items[i].value, &value, err)) return false;
        if (entries->items[i].name) {
            if (!keyed) keyed = value_record(session->scratch).record;
            record_set(session->scratch, keyed, entries->items[i].name, value);
        } else {
            spans[n] = entries->items[i].value->span;
            args[n++] = value;
        }
    }
    return eval_scalar_call(session, node->call.name, args, spans, n, keyed, node->span, out, err);
}

/* optimizer=sgd(momentum=0.9): a kind with arguments of its own. */
static bool eval_kind(Session *session, const Node *node, Value *out, Err *err)
{
    const EntryList *entries = &node->call.args;
    Args *args = arena_take(session->scratch, sizeof *args);
    args->items = arena_take(session->scratch, (size_t)(entries->n + 1) * sizeof *args->items);
    for (int i = 0; i < entries->n; i++) {
        Arg *arg = &args->items[args->n++];
        arg->key = entries->items[i].name;
        arg->key_span = entries->items[i].name_span;
        arg->span = entries->items[i].value->span;
        if (!eval_argument(session, entries->items[i].value, &arg->value, err)) return false;
    }
    *out = (Value){ .type = VALUE_KIND, .kind = { node->call.name, args } };
    return true;
}

/* pd, valid.loss: as written. */
static Value path_word(Session *session, const Node *node)
{
    Buf text = { 0 };
    buf_puts(&text, node->path.base->text);
    for (int i = 0; i < node->path.n; i++) buf_printf(&text, ".%s", node->path.members[i]);
    Value value = value_word(session->scratch, buf_text(&text));
    buf_free(&text);
    return value;
}

static bool eval_in(Session *session, const Node *node, WordContext context, Value *out, Err *err)
{
    return context == CONTEXT_ARGUMENT ? eval_argument(session, node, out, err)
                                       : eval_value(session, node, out, err);
}

static bool eval_literal(Session *session, const Node *node, WordContext context, Value *out, Err *err)
{
    switch (node->type) {
    case NODE_NUMBER:
    case NODE_DATE:
    case NODE_DURATION: *out = node->literal.value; return true;
    case NODE_ON: *out = value_bool(true); return true;
    case NODE_OFF: *out = value_bool(false); return true;
    case NODE_MISSING: *out = value_missing(); return true;
    case NODE_TEXT: *out = value_text(session->scratch, node->text); return true;
    case NODE_TEMPLATE: return eval_template(session, node, out, err);
    case NODE_VARIABLE: return eval_variable(session, node, out, err);
    case NODE_PATH: return eval_path(session, node, out, err);
    case NODE_INDEX: return eval_index(session, node, out, err);
    case NODE_LIST: return eval_items(session, &node->items, context, out, err);
    case NODE_RECORD: return eval_entries(session, &node->entries, context, out, err);
    case NODE_RANGE: return eval_range(session, node, context, out, err);
    case NODE_UNARY:
    case NODE_BINARY: return eval_operation(session, node, out, err);
    default: return ERR_AT(err, node->span, not_a_value, NULL);
    }
}

bool eval_value(Session *session, const Node *node, Value *out, Err *err)
{
    if (node->type == NODE_CALL) return eval_call(session, node, out, err);
    return eval_literal(session, node, CONTEXT_VALUE, out, err);
}

bool eval_argument(Session *session, const Node *node, Value *out, Err *err)
{
    switch (node->type) {
    case NODE_WORD: *out = value_word(session->scratch, node->text); return true;
    case NODE_PATTERN:
        *out = value_word(session->scratch, node->text);
        out->type = VALUE_PATTERN;
        return true;
    case NODE_PATH:
        if (node->path.base->type != NODE_WORD) return eval_path(session, node, out, err);
        *out = path_word(session, node);
        return true;
    case NODE_CALL: return eval_kind(session, node, out, err);
    case NODE_VARIABLE: {
        Object *object = session_get(session, node->text);
        if (object && object->type != OBJECT_VALUE) {
            *out = value_word(session->scratch, node->text);
            return true;
        }
        return eval_variable(session, node, out, err);
    }
    default: return eval_literal(session, node, CONTEXT_ARGUMENT, out, err);
    }
}

bool eval_condition(Session *session, const Node *node, bool *out, Err *err)
{
    Value value;
    if (!eval_value(session, node, &value, err)) return false;
    if (value.type != VALUE_BOOL && value.type != VALUE_MISSING)
        return ERR_AT(err, node->span, not_a_condition, value_type_name(value.type));
    *out = value.type == VALUE_BOOL && value.on;
    return true;
}

const char *eval_name(Session *session, const Node *node, Err *err)
{
    if (node->type == NODE_WORD) return node->text;
    Value value;
    if (!eval_argument(session, node, &value, err)) return NULL;
    if ((value.type != VALUE_TEXT && value.type != VALUE_WORD) || !*value.text) {
        ERR_AT(err, node->span, not_a_name, value_type_name(value.type));
        return NULL;
    }
    return value.text;
}
