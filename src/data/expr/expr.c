/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and walking expression trees. */
#include "data/expr/expr.h"

#include <stdio.h>
#include <string.h>

#include "data/expr/function.h"

const char *expr_type_name(ExprType type)
{
    static const char *const names[] = { "missing", "number",   "on/off", "text",
                                         "time",    "duration", "list",   "range" };
    return names[type];
}

static Expr *new_node(Arena *arena, ExprKind kind, Span span)
{
    Expr *expr = arena_take(arena, sizeof *expr);
    expr->kind = kind;
    expr->span = span;
    expr->depth = expr->size = 1;
    return expr;
}

static bool can_be_constant(const Value *value)
{
    if (value->type == VALUE_LIST) {
        for (int i = 0; i < value->list.n; i++)
            if (!can_be_constant(&value->list.items[i]) || value->list.items[i].type == VALUE_LIST)
                return false;
        return true;
    }
    return value->type <= VALUE_TEXT || value->type == VALUE_TIME || value->type == VALUE_DURATION ||
           value->type == VALUE_RANGE;
}

Expr *expr_constant(Arena *arena, const Value *value, Span span, Err *err)
{
    if (!can_be_constant(value)) {
        ERR_AT(err, span, not_in_expression, value_type_name(value->type));
        return NULL;
    }
    Expr *expr = new_node(arena, EXPR_CONSTANT, span);
    expr->constant = value_copy(arena, *value);
    return expr;
}

Expr *expr_column(Arena *arena, const char *name, Span span)
{
    Expr *expr = new_node(arena, EXPR_COLUMN, span);
    expr->column = arena_text(arena, name);
    return expr;
}

static const Value *keyed(const Expr *expr, const char *name)
{
    return expr->call.keyed ? record_get(expr->call.keyed, name) : NULL;
}

static bool check_key(const Function *function, const Member *member, Span span, Err *err)
{
    const char *words[8];
    int n = function->kind.n_options;
    for (int i = 0; i < n; i++) {
        words[i] = function->kind.options[i].name;
        if (strcmp(words[i], member->name) == 0) return true;
    }
    ERR_AT(err, span, unknown_option, function->kind.name, member->name);
    return err_suggest(err, member->name, words, (size_t)n);
}

/* Durations and whole numbers of rows from 1; column names; a decay within (0, 1). */
static bool check_key_value(const Function *function, const Member *member, Span span, Err *err)
{
    const Value *value = member->value;
    char what[96];
    snprintf(what, sizeof what, "%s of %s", member->name, function->kind.name);
    if (strcmp(member->name, "over") == 0) {
        bool rows = value->type == VALUE_NUMBER && value->number >= 1 && value->number <= 1e9 &&
                    value->number == (double)(long)value->number;
        bool time = value->type == VALUE_DURATION && value->duration.months >= 0 && value->duration.ns >= 0 &&
                    (value->duration.months > 0 || value->duration.ns > 0);
        if (!rows && !time)
            return ERR_AT(err, span, bad_value, what, "a number of rows from 1 or a duration",
                          value_type_name(value->type));
    } else if (strcmp(member->name, "decay") == 0) {
        if (value->type != VALUE_NUMBER || !(value->number > 0 && value->number < 1))
            return ERR_AT(err, span, out_of_range, what, "between 0 and 1",
                          value->type == VALUE_NUMBER ? NUM(value->number) : value_type_name(value->type));
    } else if (value->type != VALUE_WORD && value->type != VALUE_TEXT) {
        return ERR_AT(err, span, bad_value, what, "a column", value_type_name(value->type));
    }
    return true;
}

bool function_bind(const Function *function, const Record *keyed, Arena *arena, Span span, Options *out,
                   Err *err)
{
    int n = keyed ? keyed->n : 0;
    Args args = { arena_take(arena, (size_t)(n + 1) * sizeof *args.items), n };
    for (int i = 0; i < n; i++)
        args.items[i] =
            (Arg){ .key = keyed->members[i].name, .value = *keyed->members[i].value, .span = span };
    return options_bind(&function->kind, &args, arena, span, out, err);
}

static bool check_options(const Function *function, const Record *record, Span span, Err *err)
{
    Options ignored;
    Arena *arena = arena_new();
    bool done = function_bind(function, record, arena, span, &ignored, err);
    arena_free(arena);
    return done;
}

static bool check_keyed(const Function *function, const Record *record, Span span, Err *err)
{
    if (function->run_options) return check_options(function, record, span, err);
    for (int i = 0; record && i < record->n; i++)
        if (!check_key(function, &record->members[i], span, err) ||
            !check_key_value(function, &record->members[i], span, err))
            return false;
    bool over = record && record_get(record, "over"), across = record && record_get(record, "across");
    if (over && across) return ERR_AT(err, span, over_and_across, function->kind.name);
    if (record && record_get(record, "within") && !across)
        return ERR_AT(err, span, missing_argument, function->kind.name, "across= beside within=");
    return true;
}

bool function_is_statistic(const Function *function)
{
    return function->window != NULL;
}

static void signature_arity(const char *signature, size_t length, int *fewest, int *most)
{
    bool optional = false;
    *fewest = *most = 0;
    for (size_t i = 0; i < length && signature[i] != '>'; i++) {
        if (signature[i] == '*')
            *most = -1;
        else if (signature[i] == '?')
            optional = true;
        else {
            if (!optional) ++*fewest;
            if (*most >= 0) ++*most;
        }
    }
}

void function_arity(const char *signatures, int *fewest, int *most)
{
    *fewest = *most = -2;
    while (*signatures) {
        size_t length = strcspn(signatures, " ");
        int low, high;
        signature_arity(signatures, length, &low, &high);
        if (*fewest == -2 || low < *fewest) *fewest = low;
        if (*most == -2 || high == -1 || (*most != -1 && high > *most)) *most = high;
        signatures += length + (signatures[length] == ' ');
    }
}

static bool wrong_count(const Function *function, int fewest, int most, int n, Span span, Err *err)
{
    char takes[64];
    int last = most < 0 ? fewest : most;
    const char *plural = last == 1 ? "" : "s";
    if (most < 0)
        snprintf(takes, sizeof takes, "%d or more arguments", fewest);
    else if (fewest == most)
        snprintf(takes, sizeof takes, "%d argument%s", most, plural);
    else
        snprintf(takes, sizeof takes, "%d %s %d arguments", fewest, most == fewest + 1 ? "or" : "to", most);
    ERR_AT(err, span, argument_count, function->kind.name, takes, INT(n));
    if (function_is_statistic(function) && n == 2 && !function->row_types)
        err_hint(err, "a window is written %s(x, over=21)", function->kind.name);
    return false;
}

static bool check_arity(const Function *function, int n, bool windowed, Span span, Err *err)
{
    int fewest, most;
    const char *types = windowed || !function->row_types ? function->window_types : function->row_types;
    function_arity(types, &fewest, &most);
    if (!windowed && function->row_types && function->window_types && n == 1) return true; /* min(x) */
    if (n < fewest || (most >= 0 && n > most)) return wrong_count(function, fewest, most, n, span, err);
    return true;
}

static bool add_sizes(Expr *expr, Err *err)
{
    for (int i = 0; i < expr->call.n; i++) {
        const Expr *arg = expr->call.args[i];
        if (arg->depth + 1 > expr->depth) expr->depth = arg->depth + 1;
        expr->size += arg->size;
        if (expr->depth > EXPR_DEPTH_MAX || expr->size > EXPR_SIZE_MAX)
            return ERR_AT(err, expr->span, expression_too_large, INT(EXPR_DEPTH_MAX), INT(EXPR_SIZE_MAX));
    }
    return true;
}

Expr *expr_call(Arena *arena, const Function *function, Expr **args, int n, const Record *record, Span span,
                Err *err)
{
    if (record && record->n == 0) record = NULL;
    bool windowed = record && (record_get(record, "over") || record_get(record, "across"));
    if (!check_keyed(function, record, span, err) || !check_arity(function, n, windowed, span, err))
        return NULL;
    Expr *expr = new_node(arena, EXPR_CALL, span);
    expr->call.function = function;
    expr->call.args = arena_take(arena, (size_t)(n ? n : 1) * sizeof *expr->call.args);
    for (int i = 0; i < n; i++) expr->call.args[i] = args[i];
    expr->call.n = n;
    expr->call.keyed = record;
    return add_sizes(expr, err) ? expr : NULL;
}

Expr *expr_copy(Arena *arena, const Expr *expr)
{
    Expr *copy = arena_take(arena, sizeof *copy);
    *copy = *expr;
    copy->span = (Span){ 0 };
    if (expr->kind == EXPR_CONSTANT) copy->constant = value_copy(arena, expr->constant);
    if (expr->kind == EXPR_COLUMN) copy->column = arena_text(arena, expr->column);
    if (expr->kind != EXPR_CALL) return copy;
    copy->call.args = arena_take(arena, (size_t)(expr->call.n ? expr->call.n : 1) * sizeof *copy->call.args);
    for (int i = 0; i < expr->call.n; i++) copy->call.args[i] = expr_copy(arena, expr->call.args[i]);
    if (expr->call.keyed) {
        Value value = { .type = VALUE_RECORD, .record = (Record *)expr->call.keyed };
        copy->call.keyed = value_copy(arena, value).record;
    }
    return copy;
}

static int add_name(const char **names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0) return n;
    names[n] = name;
    return n + 1;
}

static int collect(const Expr *expr, const char **names, int n)
{
    if (expr->kind == EXPR_COLUMN) return add_name(names, n, expr->column);
    if (expr->kind != EXPR_CALL) return n;
    for (int i = 0; i < expr->call.n; i++) n = collect(expr->call.args[i], names, n);
    const Value *across = keyed(expr, "across"), *within = keyed(expr, "within");
    if (across) n = add_name(names, n, across->text);
    return within ? add_name(names, n, within->text) : n;
}

int expr_columns(const Expr *expr, Arena *arena, const char ***out)
{
    *out = arena_take(arena, (size_t)expr->size * 3 * sizeof **out);
    return collect(expr, *out, 0);
}

bool expr_is_windowed(const Expr *expr)
{
    if (expr->kind != EXPR_CALL) return false;
    if ((expr->call.function->flags & FUNCTION_ROWS) || keyed(expr, "over")) return true;
    for (int i = 0; i < expr->call.n; i++)
        if (expr_is_windowed(expr->call.args[i])) return true;
    return false;
}

bool expr_is_across(const Expr *expr)
{
    if (expr->kind != EXPR_CALL) return false;
    if (keyed(expr, "across")) return true;
    for (int i = 0; i < expr->call.n; i++)
        if (expr_is_across(expr->call.args[i])) return true;
    return false;
}

static bool is_name(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

bool expr_is_grouped(const Expr *expr, const char *const *names, int n, Err *err)
{
    if (expr->kind == EXPR_CONSTANT) return true;
    if (expr->kind == EXPR_COLUMN)
        return is_name(names, n, expr->column) || ERR_AT(err, expr->span, not_one_value, expr->column);
    const Function *function = expr->call.function;
    bool statistic = function_is_statistic(function) && expr->call.n == 1 && !expr->call.keyed;
    if (statistic && !function->across) return true;
    if (statistic || expr_is_windowed(expr) || expr_is_across(expr))
        return ERR_AT(err, expr->span, window_in_group, function->kind.name);
    for (int i = 0; i < expr->call.n; i++)
        if (!expr_is_grouped(expr->call.args[i], names, n, err)) return false;
    return true;
}

static int own_lead(const Expr *expr)
{
    const Function *function = expr->call.function;
    if (function->ahead) return (int)keyed(expr, function->ahead)->number; /* required, and checked */
    if (!(function->flags & FUNCTION_FILTERS) || function->shift < 0) return 0;
    if (expr->call.n < 2) return 1;
    const Expr *k = expr->call.args[1];
    bool known = k->kind == EXPR_CONSTANT && k->constant.type == VALUE_NUMBER;
    return known && k->constant.number < 1e9 ? (int)k->constant.number : 1000000000;
}

int expr_lead(const Expr *expr, const Frame *frame)
{
    if (expr->kind == EXPR_CONSTANT) return 0;
    if (expr->kind == EXPR_COLUMN) {
        int column = frame ? frame_find(frame, expr->column) : -1;
        return column < 0 ? 0 : frame->columns[column].lead;
    }
    int most = 0, own = own_lead(expr);
    for (int i = 0; i < expr->call.n; i++) {
        int lead = expr_lead(expr->call.args[i], frame);
        if (lead > most) most = lead;
    }
    return most > 1000000000 - own ? 1000000000 : most + own;
}

LeadTime expr_ahead(const Expr *expr, const Frame *frame)
{
    LeadTime most = { 0, 0 };
    if (expr->kind == EXPR_COLUMN) {
        int column = frame_find(frame, expr->column);
        if (column >= 0) most = frame->columns[column].ahead;
    }
    for (int i = 0; expr->kind == EXPR_CALL && i < expr->call.n; i++)
        most = ahead_longer(most, expr_ahead(expr->call.args[i], frame));
    return most;
}

bool expr_equal(const Expr *a, const Expr *b)
{
    Buf first = { 0 }, second = { 0 };
    expr_write(&first, a);
    expr_write(&second, b);
    bool equal = strcmp(buf_text(&first), buf_text(&second)) == 0;
    buf_free(&first);
    buf_free(&second);
    return equal;
}
