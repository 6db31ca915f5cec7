/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame file keeps beside cells: event, sample rule, row program, recipes, provenance. */
#include <string.h>

#include "data/rowprogram.h"
#include "data/sample.h"
#include "data/sources/fnf.h"
#include "data/stepstate.h"

enum { LENGTH_MAX = 1000000 };

const char *const fnf_types[6] = {
    [COLUMN_NUMBER] = "number",     [COLUMN_INTEGER] = "integer", [COLUMN_TIME] = "time",
    [COLUMN_CATEGORY] = "category", [COLUMN_TEXT] = "text",       [COLUMN_BOOL] = "bool"
};
const char *const fnf_units[] = { [UNIT_YEAR] = "year",
                                  [UNIT_QUARTER] = "quarter",
                                  [UNIT_MONTH] = "month",
                                  [UNIT_DAY] = "day",
                                  [UNIT_SECOND] = "second" };
const int fnf_n_units = (int)(sizeof fnf_units / sizeof *fnf_units);

/* ---- to the index */

static Value recipe_record(const Recipe *recipe, Arena *arena)
{
    Value list = value_list(arena, recipe ? recipe->n : 0);
    for (int i = 0; i < list.list.n; i++) {
        list.list.items[i] = value_record(arena);
        Record *step = list.list.items[i].record;
        record_text(arena, step, "step", recipe->steps[i].kind->kind.name);
        record_set(arena, step, "options", options_record(arena, recipe->steps[i].options));
    }
    return list;
}

static void put_sample(const SampleRule *rule, Arena *arena, Record *record)
{
    Record *sample = record_record(arena, record, "sample");
    record_text(arena, sample, "kind", sample_kind_name(rule->kind));
    record_number(arena, sample, "length", (double)rule->length);
    record_number(arena, sample, "step", (double)rule->step);
    record_number(arena, sample, "horizon", (double)rule->horizon);
    record_set(arena, sample, "every", value_bool(rule->every));
    if (rule->parent) record_text(arena, sample, "parent", rule->parent);
    if (rule->node) record_text(arena, sample, "node", rule->node);
}

void fnf_put_state(const Frame *frame, Arena *arena, Record *record)
{
    record_text(arena, record, "origin", frame->origin);
    if (frame->hash) record_text(arena, record, "source_hash", frame->hash);
    record_number(arena, record, "taint", frame->taint);
    record_number(arena, record, "safer", frame->higher_is_safer);
    if (frame->event.type != VALUE_MISSING)
        record_set(arena, record, "event", value_copy(arena, frame->event));
    if (frame->sample.kind != SAMPLE_ROWS) put_sample(&frame->sample, arena, record);
    if (frame->program) record_set(arena, record, "program", rowprogram_record(frame->program, arena));
    record_set(arena, record, "recipe", recipe_record(frame->recipe, arena));
    Value named = value_list(arena, frame->n_named);
    for (int i = 0; i < frame->n_named; i++) {
        named.list.items[i] = value_record(arena);
        record_text(arena, named.list.items[i].record, "name", frame->named[i].name);
        record_set(arena, named.list.items[i].record, "recipe", recipe_record(frame->named[i].recipe, arena));
    }
    record_set(arena, record, "recipes", named);
}

/* ---- from the index */

static bool take_step(Recipe **recipe, const Record *record, Err *err)
{
    const char *name;
    const Value *given = record_get(record, "options");
    Options options;
    if (!state_text(record, "step", &name) || !given || given->type != VALUE_RECORD)
        return ERR(err, bad_prep, "a step");
    const Kind *kind = kind_find(&step_kinds, name);
    if (!kind) return ERR(err, bad_prep, "a step of another version of fns");
    Arena *arena = arena_new();
    bool ok = options_from_record(kind, given->record, arena, &options, err);
    if (ok) {
        Recipe *longer = recipe_with(*recipe, (const StepKind *)(const void *)kind, &options);
        recipe_unref(*recipe);
        *recipe = longer;
    }
    arena_free(arena);
    return ok;
}

static Recipe *take_recipe(const Record *record, const char *member, Err *err)
{
    ValueList steps;
    Recipe *recipe = recipe_new();
    bool ok = state_list(record, member, VALUE_RECORD, &steps) || ERR(err, bad_prep, "its recipe");
    for (int i = 0; ok && i < steps.n; i++) ok = take_step(&recipe, steps.items[i].record, err);
    if (ok) return recipe;
    recipe_unref(recipe);
    return NULL;
}

static bool take_recipes(Frame *frame, const Record *record, Err *err)
{
    ValueList named;
    const char *name;
    Recipe *recipe = take_recipe(record, "recipe", err);
    if (!recipe) return false;
    frame_set_recipe(frame, NULL, recipe);
    if (!state_list(record, "recipes", VALUE_RECORD, &named)) return ERR(err, bad_prep, "its recipes");
    for (int i = 0; i < named.n; i++) {
        if (!state_text(named.items[i].record, "name", &name)) return ERR(err, bad_prep, "a recipe's name");
        if (!(recipe = take_recipe(named.items[i].record, "recipe", err))) return false;
        frame_set_recipe(frame, name, recipe);
    }
    return true;
}

static bool take_count(const Record *record, const char *name, long *out)
{
    double x;
    if (!state_number(record, name, &x) || !(x >= 0 && x <= LENGTH_MAX)) return false;
    *out = (long)x;
    return true;
}

/* A column that the sample rule names; NULL where it names none. */
static bool take_column(const Frame *frame, const Record *record, const char *name, const char **out)
{
    *out = NULL;
    if (!record_get(record, name)) return true;
    return state_text(record, name, out) && frame_find(frame, *out) >= 0;
}

static bool take_sample(Frame *frame, const Record *record)
{
    const Value *value = record_get(record, "sample");
    const char *kind;
    SampleRule rule = { .kind = SAMPLE_ROWS };
    if (!value) return true;
    if (value->type != VALUE_RECORD || !state_text(value->record, "kind", &kind)) return false;
    while (strcmp(sample_kind_name(rule.kind), kind) != 0)
        if (rule.kind++ == SAMPLE_TREE) return false;
    rule.every = state_bool(value->record, "every");
    bool ok = take_count(value->record, "length", &rule.length) &&
              take_count(value->record, "step", &rule.step) &&
              take_count(value->record, "horizon", &rule.horizon) &&
              take_column(frame, value->record, "parent", &rule.parent) &&
              take_column(frame, value->record, "node", &rule.node);
    if (!ok || (rule.kind == SAMPLE_TREE && !rule.parent) || (rule.kind == SAMPLE_WINDOW && rule.length < 1))
        return false;
    frame_set_sample(frame, rule);
    return true;
}

static bool take_program(Frame *frame, const Record *record, Err *err)
{
    const Value *program = record_get(record, "program");
    if (program) frame->program = rowprogram_from_record(program, err);
    return !program || frame->program;
}

static bool take_facts(Frame *frame, const Record *record)
{
    double taint, safer;
    const char *origin;
    const Value *event = record_get(record, "event");
    if (!state_text(record, "origin", &origin) || !state_number(record, "taint", &taint) ||
        !state_number(record, "safer", &safer) || !(taint >= 0 && taint < 65536))
        return false;
    if (event && (event->type == VALUE_LIST || event->type == VALUE_RECORD)) return false;
    if (event) frame->event = value_copy(frame->arena, *event);
    frame->origin = arena_text(frame->arena, origin);
    frame->taint = (unsigned)taint;
    frame->higher_is_safer = safer == 1;
    return true;
}

bool fnf_take_state(Frame *frame, const Record *record, const char *path, Err *err)
{
    Err inner = { 0 };
    if (!take_facts(frame, record)) return ERR(err, bad_fnf, path, "what it says of the frame");
    if (!take_sample(frame, record)) return ERR(err, bad_fnf, path, "its sample rule");
    if (take_program(frame, record, &inner) && take_recipes(frame, record, &inner)) return true;
    return ERR(err, bad_fnf, path, inner.message);
}
