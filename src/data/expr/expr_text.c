/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions as fns writes them, with the fewest parentheses. */
#include <string.h>

#include "data/expr/function.h"

enum {
    PRECEDENCE_NOT = 3,
    PRECEDENCE_COMPARE = 4,
    PRECEDENCE_RANGE = 5,
    PRECEDENCE_NEG = 8,
    PRECEDENCE_ATOM = 10
};

static void write_at(Buf *out, const Expr *expr, int least);

static void write_column(Buf *out, const char *name)
{
    Value word = { .type = VALUE_WORD, .text = name };
    if (strchr(name, '.'))
        buf_printf(out, "`%s`", name);
    else
        value_write(out, &word);
}

static int constant_precedence(const Value *value)
{
    if (value->type == VALUE_NUMBER) return value->number < 0 ? PRECEDENCE_NEG : PRECEDENCE_ATOM;
    if (value->type == VALUE_RANGE) return PRECEDENCE_RANGE;
    if (value->type != VALUE_DURATION) return PRECEDENCE_ATOM;
    bool sum = value->duration.months && value->duration.ns;
    return sum                                                    ? PRECEDENCE_RANGE + 1
           : value->duration.months < 0 || value->duration.ns < 0 ? PRECEDENCE_NEG
                                                                  : PRECEDENCE_ATOM;
}

static int precedence(const Expr *expr)
{
    if (expr->kind == EXPR_CONSTANT) return constant_precedence(&expr->constant);
    if (expr->kind == EXPR_COLUMN || !expr->call.function->precedence) return PRECEDENCE_ATOM;
    return expr->call.function->precedence;
}

static void write_function(Buf *out, const Expr *expr)
{
    const Record *keyed = expr->call.keyed;
    buf_printf(out, "%s(", expr->call.function->kind.name);
    for (int i = 0; i < expr->call.n; i++) {
        if (i) buf_puts(out, ", ");
        write_at(out, expr->call.args[i], 0);
    }
    for (int i = 0; keyed && i < keyed->n; i++) {
        const Value *value = keyed->members[i].value;
        buf_printf(out, "%s%s=", i || expr->call.n ? ", " : "", keyed->members[i].name);
        if (value->type == VALUE_TEXT)
            write_column(out, value->text);
        else
            value_write(out, value);
    }
    buf_putc(out, ')');
}

/* Comparisons do not chain and ^ binds to the right; the other operators bind to the left. */
static void write_binary(Buf *out, const Expr *expr)
{
    const Function *function = expr->call.function;
    int own = function->precedence;
    bool right = strcmp(function->kind.name, "^") == 0;
    write_at(out, expr->call.args[0], right || own == PRECEDENCE_COMPARE ? own + 1 : own);
    buf_printf(out, " %s ", function->kind.name);
    write_at(out, expr->call.args[1], right ? PRECEDENCE_NEG : own + 1);
}

static void write_call(Buf *out, const Expr *expr)
{
    const Function *function = expr->call.function;
    if (!function->precedence)
        write_function(out, expr);
    else if (expr->call.n == 2)
        write_binary(out, expr);
    else {
        buf_puts(out, function->precedence == PRECEDENCE_NOT ? "not " : "-");
        write_at(out, expr->call.args[0], function->precedence);
    }
}

static void write_at(Buf *out, const Expr *expr, int least)
{
    bool parentheses = precedence(expr) < least;
    if (parentheses) buf_putc(out, '(');
    if (expr->kind == EXPR_CONSTANT)
        value_write(out, &expr->constant);
    else if (expr->kind == EXPR_COLUMN)
        write_column(out, expr->column);
    else
        write_call(out, expr);
    if (parentheses) buf_putc(out, ')');
}

void expr_write(Buf *out, const Expr *expr)
{
    write_at(out, expr, 0);
}
