/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Static types: matching signatures, and saying what does not fit. */
#include <string.h>

#include "data/expr/expr_plan.h"

char type_letter(ExprType type)
{
    return "mnbxtdlr"[type];
}

ExprType letter_type(char letter)
{
    return (ExprType)(strchr("mnbxtdlr", letter) - "mnbxtdlr");
}

const char *type_phrase(ExprType type)
{
    static const char *const phrases[] = { "missing", "a number",   "on/off", "a text",
                                           "a time",  "a duration", "a list", "a range" };
    return phrases[type];
}

bool value_as_year(const Value *value, Value *time)
{
    int64_t ns;
    if (value->type != VALUE_NUMBER || value->unit || !(value->number >= 1000 && value->number <= 9999) ||
        value->number != (double)(int)value->number || !time_make((int)value->number, 1, 1, 0, 0, 0, &ns))
        return false;
    *time = value_time(ns, UNIT_YEAR);
    return true;
}

static bool is_year(const PlanNode *node)
{
    Value ignored;
    return node->expr->kind == EXPR_CONSTANT && value_as_year(&node->expr->constant, &ignored);
}

/* 2: the type itself, 1: after a conversion, 0: no. */
static int fits(const PlanNode *node, char letter, bool compares)
{
    char own = type_letter(node->type);
    if (own == letter || own == 'm') return 2;
    if (own == 'b' && letter == 'n') return 1;
    return compares && letter == 't' && own == 'n' && is_year(node) ? 1 : 0;
}

/* Walks one overload; *score is the number of exact fits. */
static bool match_one(const char *signature, PlanNode *const *children, int n, bool compares, char *want,
                      int *score)
{
    int i = 0;
    *score = 0;
    for (; *signature && *signature != '>'; signature++) {
        if (*signature == '?') {
            if (i == n) break;
            continue;
        }
        bool repeats = signature[1] == '*';
        int count = 0;
        for (; i < n && (count == 0 || repeats); i++, count++) {
            int fit = fits(children[i], *signature, compares);
            if (!fit) return false;
            want[i] = *signature;
            *score += fit;
        }
        if (count == 0) return false;
        if (repeats) signature++;
    }
    return i == n;
}

bool signature_match(const char *signatures, PlanNode *const *children, int n, bool compares, char *want,
                     char *result)
{
    int best = -1, best_score = -1;
    for (int at = 0; signatures[at];) {
        int score;
        if (match_one(signatures + at, children, n, compares, want, &score) && score > best_score) {
            best = at;
            best_score = score;
        }
        at += (int)strcspn(signatures + at, " ");
        if (signatures[at]) at++;
    }
    if (best < 0) return false;
    match_one(signatures + best, children, n, compares, want, &best_score);
    *result = strchr(signatures + best, '>')[1];
    return true;
}

const char *operand_text(const Expr *expr, char out[64])
{
    Buf text = { 0 }, cut = { 0 };
    expr_write(&text, expr);
    bool long_text = text_width(buf_text(&text)) > 40;
    if (long_text) buf_cell(&cut, buf_text(&text), 40);
    const char *shown = buf_text(long_text ? &cut : &text);
    size_t n = strlen(shown) < 63 ? strlen(shown) : 63, bad;
    memcpy(out, shown, n);
    if (!utf8_valid(out, n, &bad)) n = bad;
    out[n] = '\0';
    buf_free(&text);
    buf_free(&cut);
    return out;
}

/* "a number or a text": what overloads that fit before argument i take there. */
static void describe_wanted(const char *signatures, int i, Buf *out)
{
    char seen[8] = "";
    int n = 0;
    for (const char *s = signatures; *s; s += strcspn(s, " "), s += *s == ' ') {
        int at = -1;
        char letter = 0;
        for (const char *c = s; *c != '>' && at < i; c++)
            if (*c == '*')
                at = i;
            else if (*c != '?')
                letter = *c, at++;
        if (at == i && letter && !strchr(seen, letter)) seen[n++] = letter;
    }
    for (int k = 0; k < n; k++) {
        buf_puts(out, k == 0 ? "" : k == n - 1 ? " or " : ", ");
        buf_puts(out, type_phrase(letter_type(seen[k])));
    }
}

static bool operand_error(const Expr *expr, const char *signatures, PlanNode *const *children, int i,
                          Err *err)
{
    Buf wanted = { 0 };
    char text[64];
    describe_wanted(signatures, i, &wanted);
    ERR_AT(err, expr->call.args[i]->span, bad_operand, expr->call.function->kind.name, buf_text(&wanted),
           operand_text(expr->call.args[i], text), type_phrase(children[i]->type));
    buf_free(&wanted);
    return false;
}

/* The first argument with which no overload goes on. */
static int first_misfit(const char *signatures, PlanNode *const *children, int n)
{
    int best = 0;
    for (const char *s = signatures; *s; s += strcspn(s, " "), s += *s == ' ') {
        int i = 0;
        for (const char *c = s; *c != '>' && i < n; c++) {
            if (*c == '?') continue;
            if (*c == '*') {
                while (i < n && fits(children[i], c[-1], false)) i++;
                break;
            }
            if (!fits(children[i], *c, false)) break;
            i++;
        }
        if (i > best) best = i;
    }
    return best < n ? best : n - 1;
}

bool signature_error(const Expr *expr, const char *signatures, PlanNode *const *children, Err *err)
{
    const Function *function = expr->call.function;
    if (!function->verb || expr->call.n != 2)
        return operand_error(expr, signatures, children, first_misfit(signatures, children, expr->call.n),
                             err);
    char left[64], right[64];
    ERR_AT(err, expr->span, bad_operands, operand_text(expr->call.args[0], left),
           type_phrase(children[0]->type), operand_text(expr->call.args[1], right),
           type_phrase(children[1]->type), function->verb);
    ExprType a = children[0]->type, b = children[1]->type;
    if (a == EXPR_TEXT && b == EXPR_TEXT)
        err_hint(err, "texts compare with == != in");
    else if (a == EXPR_DURATION && b == EXPR_NUMBER)
        err_hint(err, "a duration is written with its unit: 30d");
    else if (a == EXPR_TEXT && b == EXPR_NUMBER)
        err_hint(err, "number(%s) makes it a number", left);
    return false;
}
