/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitted states of recipe steps. */
#include "data/stepstate.h"

#include <math.h>

#include "data/summary.h"

bool state_number(const Record *state, const char *name, double *out)
{
    const Value *value = record_get(state, name);
    if (!value || (value->type != VALUE_NUMBER && value->type != VALUE_MISSING)) return false;
    *out = value->type == VALUE_NUMBER ? value->number : NAN;
    return true;
}

bool state_text(const Record *state, const char *name, const char **out)
{
    const Value *value = record_get(state, name);
    if (!value || value->type != VALUE_TEXT) return false;
    *out = value->text;
    return true;
}

bool state_list(const Record *state, const char *name, ValueType type, ValueList *out)
{
    const Value *value = record_get(state, name);
    if (!value || value->type != VALUE_LIST) return false;
    for (int i = 0; i < value->list.n; i++)
        if (value->list.items[i].type != type) return false;
    *out = value->list;
    return true;
}

bool state_bool(const Record *state, const char *name)
{
    const Value *value = record_get(state, name);
    return value && value->type == VALUE_BOOL && value->on;
}

Value state_numbers(const double *x, int n, Arena *arena)
{
    Value list = value_list(arena, n);
    for (int i = 0; i < n; i++) list.list.items[i] = value_number(x[i]);
    return list;
}

bool state_bad(const Feature *feature, Err *err)
{
    return ERR(err, bad_prep, feature->name);
}

bool state_apply(const Record *state, FeatureSet *set, StateApply one, Err *err)
{
    int i = 0;
    for (int k = 0; k < state->n; k++) {
        const Member *member = &state->members[k];
        i = feature_find_from(set, member->name, i < set->n ? i : 0);
        if (i < 0 || member->value->type != VALUE_RECORD) return ERR(err, bad_prep, member->name);
        if (!one(member->value->record, set, i, err)) return false;
    }
    return true;
}

double *feature_values(const FeatureSet *set, int i, size_t *n, Err *err)
{
    double *values = mem_stretch(NULL, 0, set->n_rows + 1, sizeof *values, err);
    if (values) *n = summary_compact(set->items[i].numbers, set->n_rows, values);
    return values;
}

bool step_column_failed(const char *step, const Feature *feature, const char *why, Err *err)
{
    Buf text = { 0 };
    buf_printf(&text, "column '%s': its %s", feature->name, why);
    ERR(err, bad_step, step, buf_text(&text));
    buf_free(&text);
    return false;
}

bool feature_no_values(const char *step, const Feature *feature, Err *err)
{
    ERR(err, no_values, step, feature->name);
    return err_hint(err, "drop the column: drop FRAME %s", feature->from);
}
