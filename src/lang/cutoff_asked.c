/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/cutoff_asked.h"

#include <math.h>
#include <string.h>

#include "lang/bind.h"

static bool bad_rule(const Call *call, Err *err)
{
    return ERR_AT(err, call_span(call, "rule"), threshold_rule, NULL);
}

static const char *const cells[CUTOFF_CELLS] = { "fn", "fp", "tp", "tn" };

static double *cost_place(CutoffCosts *costs, int cell)
{
    double *places[CUTOFF_CELLS] = { &costs->fn, &costs->fp, &costs->tp, &costs->tn };
    return places[cell];
}

static bool read_cost(CutoffAsked *asked, const Arg *arg)
{
    for (int cell = 0; arg->key && cell < CUTOFF_CELLS; cell++) {
        if (strcmp(arg->key, cells[cell])) continue;
        bool column = arg->value.type == VALUE_WORD || arg->value.type == VALUE_TEXT;
        if (column) asked->columns[cell] = arg->value.text;
        if (arg->value.type == VALUE_NUMBER) *cost_place(&asked->costs, cell) = arg->value.number;
        return column || (arg->value.type == VALUE_NUMBER && isfinite(arg->value.number));
    }
    return false;
}

static bool read_costs(CutoffAsked *asked, const Call *call, const Args *args, Err *err)
{
    bool given[CUTOFF_CELLS] = { false };
    for (int i = 0; args && i < args->n; i++) {
        if (!read_cost(asked, &args->items[i])) return ERR_AT(err, args->items[i].span, threshold_cost, NULL);
        for (int cell = 0; cell < CUTOFF_CELLS; cell++)
            given[cell] |= !strcmp(args->items[i].key, cells[cell]);
    }
    if (!given[0] || !given[1]) return ERR_AT(err, call_span(call, "rule"), threshold_cost, NULL);
    bool amounts = false;
    for (int cell = 0; cell < CUTOFF_CELLS; cell++) amounts |= asked->columns[cell] != NULL;
    const CutoffCosts *costs = &asked->costs;
    if (!amounts && !(costs->fn > costs->tp && costs->fp > costs->tn))
        return ERR_AT(err, call_span(call, "rule"), threshold_order, NULL);
    asked->rule = CUTOFF_COST;
    asked->has_costs = true;
    return true;
}

static bool read_rate(CutoffAsked *asked, const Call *call, const Args *args, Err *err)
{
    const Value *value = args && args->n == 1 && !args->items[0].key ? &args->items[0].value : NULL;
    if (!value || value->type != VALUE_NUMBER || !(value->number > 0 && value->number < 1))
        return bad_rule(call, err);
    asked->rule = CUTOFF_RATE;
    asked->number = value->number;
    return true;
}

static bool read_word(CutoffAsked *asked, const Call *call, const char *word, Err *err)
{
    static const char *const rules[] = { "ks", "youden", "f1" };
    for (int i = 0; i < 3; i++)
        if (!strcmp(word, rules[i])) {
            asked->rule = (CutoffRule)(CUTOFF_KS + i);
            return true;
        }
    return bad_rule(call, err);
}

bool cutoff_read(const Call *call, CutoffAsked *asked, Err *err)
{
    const Value *value = &option_get(&call->options, "rule")->value;
    Buf words = { 0 };
    value_write(&words, value);
    asked->words = arena_text(call->arena, buf_text(&words));
    buf_free(&words);
    switch (value->type) {
    case VALUE_NUMBER:
        asked->given = true;
        asked->number = value->number;
        return isfinite(value->number) || bad_rule(call, err);
    case VALUE_WORD: return read_word(asked, call, value->text, err);
    case VALUE_KIND:
        if (!strcmp(value->kind.name, "cost")) return read_costs(asked, call, value->kind.args, err);
        if (!strcmp(value->kind.name, "rate")) return read_rate(asked, call, value->kind.args, err);
        return bad_rule(call, err);
    default: return bad_rule(call, err);
    }
}

/* ---- amounts by row */

static bool read_amounts(CutoffAsked *asked, int cell, const Evaluation *evaluation, Err *err)
{
    const Frame *frame = evaluation->judged.frame;
    const char *name = asked->columns[cell];
    size_t missing = 0;
    int at;
    if (!name) return true;
    if (!frame_column(frame, name, &at, err)) return false;
    const Column *column = frame->columns[at].column;
    if (column->type != COLUMN_NUMBER && column->type != COLUMN_INTEGER)
        return ERR(err, score_not_number, name, column_type_name(column));
    double *amounts = asked->amounts[cell] = mem_get(evaluation->n, sizeof *amounts, err);
    for (size_t i = 0; amounts && i < evaluation->n; i++) {
        amounts[i] = column_number(column, frame_physical(frame, evaluation->judged.rows[i]));
        missing += isnan(amounts[i]);
    }
    if (missing) return ERR(err, threshold_amount, name, INT(missing));
    return amounts != NULL;
}

bool cutoff_amounts(CutoffAsked *asked, const Evaluation *evaluation, Err *err)
{
    for (int cell = 0; cell < CUTOFF_CELLS; cell++)
        if (!read_amounts(asked, cell, evaluation, err)) return false;
    asked->costs.fn_amount = asked->amounts[0];
    asked->costs.fp_amount = asked->amounts[1];
    asked->costs.tp_amount = asked->amounts[2];
    asked->costs.tn_amount = asked->amounts[3];
    return true;
}

void cutoff_forget(CutoffAsked *asked)
{
    for (int cell = 0; cell < CUTOFF_CELLS; cell++) mem_free(asked->amounts[cell]);
}
