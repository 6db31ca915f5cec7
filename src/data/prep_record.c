/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preps as records, the form in which model files keep them. What comes back is checked: the steps are
 * run on one row and must make the features that the record lists. */
#include <math.h>
#include <string.h>

#include "data/prepwork.h"
#include "data/rowprogram.h"
#include "data/special.h"
#include "data/stepstate.h"

enum { COUNT_MAX = 1000000 };

static const char *const type_words[] = {
    [COLUMN_NUMBER] = "number",     [COLUMN_INTEGER] = "integer", [COLUMN_TIME] = "time",
    [COLUMN_CATEGORY] = "category", [COLUMN_TEXT] = "text",       [COLUMN_BOOL] = "bool"
};

static Value number_or_missing(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

static Value text_list(Arena *arena, const char *const *texts, int n)
{
    Value list = value_list(arena, n);
    for (int i = 0; i < n; i++) list.list.items[i] = value_text(arena, texts[i]);
    return list;
}

static void set_text(Arena *arena, Record *record, const char *name, const char *text)
{
    if (text) record_text(arena, record, name, text);
}

/* ---- writing */

static Value input_record(Arena *arena, const SchemaColumn *column)
{
    Value value = value_record(arena);
    Record *record = value.record;
    record_text(arena, record, "name", column->name);
    record_text(arena, record, "type", type_words[column->type]);
    if (column->type == COLUMN_CATEGORY)
        record_set(arena, record, "levels", text_list(arena, column->levels, column->n_levels));
    record_set(arena, record, "low", number_or_missing(column->low));
    record_set(arena, record, "high", number_or_missing(column->high));
    record_set(arena, record, "had_missing", value_bool(column->had_missing));
    if (column->coded) record_set(arena, record, "coded", value_bool(true));
    Value specials = value_list(arena, column->n_specials);
    for (int k = 0; k < column->n_specials; k++) specials.list.items[k] = value_number(column->specials[k]);
    if (column->n_specials) record_set(arena, record, "specials", specials);
    return value;
}

static Value step_record(Arena *arena, const FittedStep *step)
{
    Value value = value_record(arena), state = { .type = VALUE_RECORD };
    state.record = (Record *)step->state;
    record_text(arena, value.record, "step", step->kind->kind.name);
    record_set(arena, value.record, "options", options_record(arena, step->options));
    record_set(arena, value.record, "state", value_copy(arena, state));
    return value;
}

static void write_target(Arena *arena, Record *record, const Prep *prep)
{
    if (!prep->target) return;
    char kind[2] = { prep->target_kind, 0 };
    Record *target = record_record(arena, record, "target");
    record_text(arena, target, "name", prep->target);
    record_text(arena, target, "kind", kind);
    record_set(arena, target, "levels", text_list(arena, prep->target_levels, prep->n_target_levels));
    record_set(arena, target, "mean", number_or_missing(prep->target_mean));
    if (prep->event) record_set(arena, target, "event", value_copy(arena, *prep->event));
    if (!prep->level_share) return;
    Value shares = value_list(arena, prep->n_target_levels);
    for (int k = 0; k < prep->n_target_levels; k++) shares.list.items[k] = value_number(prep->level_share[k]);
    record_set(arena, target, "shares", shares);
}

static void write_sample(Arena *arena, Record *record, const Prep *prep)
{
    const SampleRule *rule = &prep->sample;
    Record *sample = record_record(arena, record, "sample");
    record_text(arena, sample, "kind", sample_kind_name(rule->kind));
    record_number(arena, sample, "longest", (double)prep->longest);
    record_number(arena, sample, "length", (double)rule->length);
    record_number(arena, sample, "step", (double)rule->step);
    record_number(arena, sample, "horizon", (double)rule->horizon);
    record_set(arena, sample, "every", value_bool(rule->every));
    set_text(arena, sample, "parent", rule->parent);
    set_text(arena, sample, "node", rule->node);
}

Value prep_record(const Prep *prep, Arena *arena)
{
    Value value = value_record(arena);
    Record *record = value.record;
    Value inputs = value_list(arena, prep->n_inputs), steps = value_list(arena, prep->n_steps);
    for (int i = 0; i < prep->n_inputs; i++) inputs.list.items[i] = input_record(arena, &prep->inputs[i]);
    for (int i = 0; i < prep->n_steps; i++) steps.list.items[i] = step_record(arena, &prep->steps[i]);
    record_text(arena, record, "frame", prep->frame_name);
    record_set(arena, record, "inputs", inputs);
    if (prep->program) record_set(arena, record, "program", rowprogram_record(prep->program, arena));
    record_set(arena, record, "steps", steps);
    record_set(arena, record, "features", text_list(arena, prep->features, prep->n_features));
    record_set(arena, record, "from", text_list(arena, prep->feature_from, prep->n_features));
    write_target(arena, record, prep);
    set_text(arena, record, "id", prep->id);
    set_text(arena, record, "time", prep->time);
    set_text(arena, record, "weight", prep->weight);
    if (prep->sample.kind != SAMPLE_ROWS) write_sample(arena, record, prep);
    record_number(arena, record, "n_train", (double)prep->n_train);
    record_number(arena, record, "taint", prep->taint);
    set_text(arena, record, "data_hash", prep->data_hash);
    return value;
}

/* ---- reading */

static bool bad(const char *what, Err *err)
{
    return ERR(err, bad_prep, what);
}

/* A list of texts copied into the arena; absent counts as empty. */
static bool read_texts(const Record *record, const char *name, Arena *arena, const char *const **out, int *n)
{
    ValueList list = { 0 };
    if (record_get(record, name) && !state_list(record, name, VALUE_TEXT, &list)) return false;
    if (list.n > COUNT_MAX) return false;
    const char **texts = arena_take(arena, ((size_t)list.n + 1) * sizeof *texts);
    for (int i = 0; i < list.n; i++) texts[i] = arena_text(arena, list.items[i].text);
    *out = texts;
    *n = list.n;
    return true;
}

/* A text member copied into the arena; NULL where absent. */
static const char *read_text(const Record *record, const char *name, Arena *arena)
{
    const char *text;
    return state_text(record, name, &text) ? arena_text(arena, text) : NULL;
}

static bool read_type(const Record *record, ColumnType *type)
{
    const char *word;
    if (!state_text(record, "type", &word)) return false;
    for (int i = 0; i < (int)(sizeof type_words / sizeof *type_words); i++)
        if (strcmp(word, type_words[i]) == 0) {
            *type = (ColumnType)i;
            return *type != COLUMN_TIME && *type != COLUMN_TEXT;
        }
    return false;
}

static bool are_sorted(const char *const *texts, int n)
{
    for (int i = 1; i < n; i++)
        if (strcmp(texts[i - 1], texts[i]) >= 0) return false;
    return true;
}

/* Absent counts as none. */
static bool read_specials(const Record *record, Arena *arena, SchemaColumn *input)
{
    ValueList list;
    if (!record_get(record, "specials")) return true;
    if (!state_list(record, "specials", VALUE_NUMBER, &list) || list.n > SPECIALS_MAX) return false;
    int32_t *codes = arena_take(arena, SPECIALS_MAX * sizeof *codes);
    for (int k = 0; k < list.n; k++) {
        if (!special_fits(list.items[k].number)) return false;
        codes[k] = (int32_t)list.items[k].number;
    }
    input->specials = codes;
    input->n_specials = list.n;
    return true;
}

static bool read_input(const Record *record, Arena *arena, SchemaColumn *input)
{
    input->name = read_text(record, "name", arena);
    input->low = input->high = NAN;
    input->had_missing = state_bool(record, "had_missing");
    input->coded = state_bool(record, "coded");
    return input->name && read_type(record, &input->type) && state_number(record, "low", &input->low) &&
           state_number(record, "high", &input->high) && read_specials(record, arena, input) &&
           read_texts(record, "levels", arena, &input->levels, &input->n_levels) &&
           are_sorted(input->levels, input->n_levels);
}

static bool read_inputs(const Record *record, Prep *prep, Err *err)
{
    ValueList list;
    if (!state_list(record, "inputs", VALUE_RECORD, &list) || list.n < 1 || list.n > COUNT_MAX)
        return bad("its inputs", err);
    SchemaColumn *inputs = arena_take(prep->arena, (size_t)list.n * sizeof *inputs);
    for (int i = 0; i < list.n; i++)
        if (!read_input(list.items[i].record, prep->arena, &inputs[i])) return bad("an input column", err);
    prep->inputs = inputs;
    prep->n_inputs = list.n;
    return true;
}

static bool read_step(const Record *record, Arena *arena, FittedStep *step, Err *err)
{
    const char *name;
    const Value *options = record_get(record, "options"), *state = record_get(record, "state");
    if (!state_text(record, "step", &name) || !options || options->type != VALUE_RECORD || !state ||
        state->type != VALUE_RECORD)
        return bad("a step", err);
    const Kind *kind = kind_find(&step_kinds, name);
    if (!kind) return bad("a step of another version of fns", err);
    Options *bound = arena_take(arena, sizeof *bound), read;
    if (!options_from_record(kind, options->record, arena, &read, err)) return false;
    *bound = *options_copy(arena, &read);
    *step = (FittedStep){ (const StepKind *)kind, bound, value_copy(arena, *state).record };
    return true;
}

static bool read_steps(const Record *record, Prep *prep, Err *err)
{
    ValueList list;
    if (!state_list(record, "steps", VALUE_RECORD, &list) || list.n > COUNT_MAX) return bad("its steps", err);
    FittedStep *steps = arena_take(prep->arena, ((size_t)list.n + 1) * sizeof *steps);
    for (int i = 0; i < list.n; i++)
        if (!read_step(list.items[i].record, prep->arena, &steps[i], err)) return false;
    prep->steps = steps;
    prep->n_steps = list.n;
    return true;
}

static bool read_shares(const Record *target, Prep *prep)
{
    ValueList list;
    if (!record_get(target, "shares")) return prep->target_kind == 'n';
    if (!state_list(target, "shares", VALUE_NUMBER, &list) || list.n != prep->n_target_levels) return false;
    double *shares = arena_take(prep->arena, ((size_t)list.n + 1) * sizeof *shares);
    for (int k = 0; k < list.n; k++) shares[k] = list.items[k].number;
    prep->level_share = shares;
    return true;
}

static bool kind_fits(char kind, int n_levels)
{
    return (kind == 'n' && n_levels == 0) || (kind == 'b' && n_levels == 2) || (kind == 'c' && n_levels > 2);
}

static bool read_target(const Record *record, Prep *prep, Err *err)
{
    const Value *value = record_get(record, "target");
    if (!value) return true;
    if (value->type != VALUE_RECORD) return bad("its target", err);
    const Record *target = value->record;
    const char *kind;
    prep->target = read_text(target, "name", prep->arena);
    bool ok = prep->target && state_text(target, "kind", &kind) && strlen(kind) == 1 &&
              read_texts(target, "levels", prep->arena, &prep->target_levels, &prep->n_target_levels) &&
              kind_fits(kind[0], prep->n_target_levels) && state_number(target, "mean", &prep->target_mean);
    if (!ok) return bad("its target", err);
    prep->target_kind = kind[0];
    if (!read_shares(target, prep)) return bad("its target", err);
    const Value *event = record_get(target, "event");
    if (!event) return true;
    Value *kept = arena_take(prep->arena, sizeof *kept);
    *kept = value_copy(prep->arena, *event);
    prep->event = kept;
    return true;
}

/* One row through the steps: they must fit the inputs and make the features. */
static bool run_once(const Prep *prep, FeatureSet *set, Err *err)
{
    for (int i = 0; i < prep->n_inputs; i++) {
        const SchemaColumn *input = &prep->inputs[i];
        bool is_category = schema_is_category(input);
        Feature *feature = feature_add(set, input->name, input->name, schema_kind(input), err);
        if (!feature) return false;
        if (!is_category) feature->numbers[0] = 0;
        if (!is_category) continue;
        feature->levels = levels_new(input->levels, (uint32_t)input->n_levels);
        if (!feature->levels) return ERR(err, no_memory, "category levels");
    }
    if (!prep_run_steps(prep, set, NULL, err)) return false;
    bool same = set->n == prep->n_features && set->n > 0;
    for (int k = 0; same && k < set->n; k++)
        same = set->items[k].kind != FEATURE_CATEGORY && text_equal(set->items[k].name, prep->features[k]) &&
               text_equal(set->items[k].from, prep->feature_from[k]);
    return same || bad("its steps do not make its features", err);
}

static bool check_steps(Prep *prep, Err *err)
{
    FeatureSet set = { .arena = arena_new(), .n_rows = 1 };
    bool ok = run_once(prep, &set, err);
    uint8_t *flags = arena_take(prep->arena, (size_t)prep->n_features + 1);
    for (int k = 0; ok && k < set.n; k++) flags[k] = set.items[k].kind == FEATURE_FLAG;
    prep->feature_flags = flags;
    feature_set_free(&set);
    arena_free(set.arena);
    return ok;
}

static bool read_features(const Record *record, Prep *prep, Err *err)
{
    int n_from;
    bool ok = read_texts(record, "features", prep->arena, &prep->features, &prep->n_features) &&
              read_texts(record, "from", prep->arena, &prep->feature_from, &n_from) &&
              n_from == prep->n_features;
    return ok || bad("its features", err);
}

static bool read_count(const Record *record, const char *name, double least, long *out)
{
    double x;
    if (!state_number(record, name, &x) || !(x >= least && x < UINT32_MAX)) return false;
    *out = (long)x;
    return true;
}

/* Absent: a sample is a row. */
static bool read_sample(const Record *record, Prep *prep, Err *err)
{
    const Value *value = record_get(record, "sample");
    SampleRule *rule = &prep->sample;
    const char *kind;
    long steps;
    prep->longest = 1;
    if (!value) return true;
    const Record *sample = value->type == VALUE_RECORD ? value->record : NULL;
    if (!sample || !state_text(sample, "kind", &kind)) return bad("its sample rule", err);
    while (rule->kind <= SAMPLE_TREE && strcmp(sample_kind_name(rule->kind), kind) != 0) {
        if (rule->kind == SAMPLE_TREE) return bad("its sample rule", err);
        rule->kind++;
    }
    if (!read_count(sample, "longest", 1, &steps) || !read_count(sample, "length", 0, &rule->length) ||
        !read_count(sample, "step", 0, &rule->step) || !read_count(sample, "horizon", 0, &rule->horizon) ||
        (rule->kind == SAMPLE_WINDOW && rule->length != steps))
        return bad("its sample rule", err);
    const Value *every = record_get(sample, "every");
    prep->longest = (size_t)steps;
    rule->every = every && every->type == VALUE_BOOL && every->on;
    rule->parent = read_text(sample, "parent", prep->arena);
    rule->node = read_text(sample, "node", prep->arena);
    return rule->kind != SAMPLE_TREE || rule->parent || bad("its sample rule", err);
}

static bool read_rest(const Record *record, Prep *prep, Err *err)
{
    double n_train, taint;
    const char *name = read_text(record, "frame", prep->arena);
    prep->frame_name = name ? name : "";
    prep->id = read_text(record, "id", prep->arena);
    prep->time = read_text(record, "time", prep->arena);
    prep->weight = read_text(record, "weight", prep->arena);
    prep->data_hash = read_text(record, "data_hash", prep->arena);
    if (!state_number(record, "n_train", &n_train) || !(n_train >= 0 && n_train < 1e15) ||
        !state_number(record, "taint", &taint) || !(taint >= 0 && taint < 1024))
        return bad("its counts", err);
    if (!read_sample(record, prep, err)) return false;
    prep->n_train = (size_t)n_train;
    prep->taint = (unsigned)taint;
    const Value *program = record_get(record, "program");
    if (program) prep->program = rowprogram_from_record(program, err);
    return !program || prep->program;
}

Prep *prep_from_record(const Record *record, Err *err)
{
    Prep *prep = prep_blank();
    if (record && read_inputs(record, prep, err) && read_steps(record, prep, err) &&
        read_features(record, prep, err) && read_target(record, prep, err) && read_rest(record, prep, err) &&
        check_steps(prep, err)) {
        prep_count_levels(prep);
        return prep;
    }
    bad("it is empty", err); /* where nothing else was said */
    prep_unref(prep);
    return NULL;
}
