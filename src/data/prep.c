/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preps: references, and fitting a recipe on training rows. */
#include "data/prep.h"

#include <math.h>
#include <string.h>

#include "data/order.h"
#include "data/prepselect.h"
#include "data/prepwork.h"
#include "data/rowprogram.h"
#include "data/steprows.h"

enum { SHOWN_COLUMNS = 8 };

Prep *prep_blank(void)
{
    Prep *prep = mem_own(sizeof *prep);
    atomic_init(&prep->refs, 1);
    prep->arena = arena_new();
    prep->target_mean = NAN;
    return prep;
}

Prep *prep_ref(const Prep *prep)
{
    Prep *shared = (Prep *)prep;
    if (shared) atomic_fetch_add(&shared->refs, 1);
    return shared;
}

void prep_unref(const Prep *prep)
{
    Prep *own = (Prep *)prep;
    if (!own || atomic_fetch_sub(&own->refs, 1) != 1) return;
    rowprogram_unref(own->program);
    split_unref((Split *)own->split);
    recipe_unref(own->recipe);
    arena_free(own->arena);
    mem_free(own);
}

/* ---- fitting */

typedef struct Fit {
    const Frame *frame;
    Prep *prep;
    Arena *arena; /* the prep's */
    TargetInfo target;
    uint32_t *rows; /* frame rows that train */
    size_t n;
    uint32_t *labelled; /* target rows of training samples, with a label; rows where a sample is a row */
    size_t n_labelled;
    int *columns; /* frame columns that enter */
    int n_columns;
    ValueList coded;
    FeatureSet set;
    StepRows step_rows; /* of the set */
    Notes *notes;
    Progress *progress;
} Fit;

static bool fit_target(Fit *fit, bool needed, Err *err)
{
    const Frame *frame = fit->frame;
    if (!frame_target(frame, fit->arena, &fit->target, err)) return false;
    if (fit->target.kind == 0 && needed) {
        ERR(err, no_target, fit->prep->frame_name);
        return err_hint(err, "write role %s target=COLUMN", fit->prep->frame_name);
    }
    if (fit->target.kind == 0) return true;
    fit->prep->target = arena_text(fit->arena, frame->columns[fit->target.column].name);
    fit->prep->target_kind = fit->target.kind;
    fit->prep->target_levels = fit->target.levels;
    fit->prep->n_target_levels = fit->target.n_levels;
    return true;
}

/* Of the training rows, those that have a target. */
static bool keep_labelled_rows(Fit *fit, Err *err)
{
    const Frame *frame = fit->frame;
    size_t kept = 0;
    for (size_t i = 0; i < fit->n; i++) {
        size_t physical = frame_physical(frame, fit->rows[i]);
        bool has_target =
            fit->target.kind == 0 || !column_is_missing(frame->columns[fit->target.column].column, physical);
        if (has_target) fit->rows[kept++] = fit->rows[i];
    }
    if (kept < fit->n) NOTE(fit->notes, rows_without_target, INT(fit->n - kept));
    fit->n = fit->n_labelled = kept;
    fit->labelled = fit->rows;
    return kept > 0 || ERR(err, no_training_rows, fit->prep->frame_name);
}

static bool keep_labelled_samples(Fit *fit, const Samples *samples, double *y, Err *err)
{
    const Prep *prep = fit->prep;
    SampleBy by = prep_samples(prep);
    SampleLabels lost = { 0 };
    size_t missing = 0;
    fit->labelled = mem_get(samples->n, sizeof *fit->labelled, err);
    if (!fit->labelled ||
        !sample_labels(fit->frame, &by, samples->target, samples->n, fit->labelled, &lost, err))
        return false;
    if (prep->target && !prep_target(prep, fit->frame, samples->target, samples->n, y, err)) return false;
    for (size_t i = 0; i < samples->n; i++) {
        missing += prep->target && isnan(y[i]);
        if (!prep->target || !isnan(y[i])) fit->labelled[fit->n_labelled++] = samples->target[i];
    }
    if (lost.purged) NOTE(fit->notes, samples_purged, INT(lost.purged));
    if (missing > lost.purged + lost.beyond)
        NOTE(fit->notes, rows_without_target, INT(missing - lost.purged - lost.beyond));
    return fit->n_labelled > 0 || ERR(err, no_samples, prep->frame_name, sample_kind_name(prep->sample.kind));
}

/* Inputs are learned from all training rows; targets from those that samples end with. */
static bool fit_samples(Fit *fit, Err *err)
{
    SampleBy by = prep_samples(fit->prep);
    Samples *all = samples_new(fit->frame, &by, NULL, fit->frame->n_rows, err);
    Samples *train = all ? samples_new(fit->frame, &by, fit->rows, fit->n, err) : NULL;
    double *y = train ? mem_get(train->n, sizeof *y, err) : NULL;
    bool ok = y && keep_labelled_samples(fit, train, y, err);
    if (ok) fit->prep->longest = all->longest;
    mem_free(y);
    samples_free(train);
    samples_free(all);
    return ok;
}

static bool fit_rows(Fit *fit, Err *err)
{
    bool is_row = fit->prep->sample.kind == SAMPLE_ROWS;
    if (!fit->frame->split) NOTE(fit->notes, no_split_note, fit->prep->frame_name);
    if (!frame_part(fit->frame, "train", &fit->rows, &fit->n, err)) return false;
    if (!(is_row ? keep_labelled_rows(fit, err) : fit_samples(fit, err))) return false;
    fit->prep->n_train = fit->n_labelled;
    return true;
}

static bool is_usable(Fit *fit, const FrameColumn *column)
{
    if (column->column->type == COLUMN_TEXT)
        NOTE(fit->notes, text_column_unused, column->name);
    else if (column->column->type == COLUMN_TIME)
        NOTE(fit->notes, time_column_unused, column->name, column_type_name(column->column));
    else
        return true;
    return false;
}

static bool fit_columns(Fit *fit, ValueList selection, Err *err)
{
    const Frame *frame = fit->frame;
    Value all = { .type = VALUE_WORD, .text = "all" };
    if (selection.n == 0) selection = (ValueList){ &all, 1 };
    int *columns, n;
    if (!frame_select(frame, selection, true, fit->arena, &columns, &n, err)) return false;
    for (int i = 0; i < n; i++)
        if (is_usable(fit, &frame->columns[columns[i]])) columns[fit->n_columns++] = columns[i];
    fit->columns = columns;
    if (fit->n_columns > 0) return true;
    ERR(err, no_inputs, fit->prep->frame_name);
    return err_hint(err, "describe %s shows types and roles", fit->prep->frame_name);
}

/* ---- the schema: what the training rows show of each input */

static bool fit_levels(const Fit *fit, const Column *column, SchemaColumn *schema, Err *err)
{
    size_t n = column->levels ? column->levels->n : 0;
    uint8_t *seen = mem_get(n + 1, 1, err);
    uint32_t *ranks = levels_ranks(column->levels, err), *by_rank = mem_get(n + 1, 4, err);
    bool ok = seen && ranks && by_rank;
    for (size_t i = 0; ok && i < fit->n; i++)
        seen[column->codes[frame_physical(fit->frame, fit->rows[i])]] = 1;
    int count = 0;
    for (uint32_t code = 1; ok && code <= n; code++) {
        by_rank[ranks[code]] = code;
        count += seen[code];
    }
    if (ok) {
        const char **levels = arena_take(fit->arena, ((size_t)count + 1) * sizeof *levels);
        for (size_t rank = 0; rank < n; rank++)
            if (seen[by_rank[rank]])
                levels[schema->n_levels++] = arena_text(fit->arena, column->levels->names[by_rank[rank] - 1]);
        schema->levels = levels;
        schema->had_missing = seen[0];
    }
    mem_free(seen);
    mem_free(ranks);
    mem_free(by_rank);
    return ok;
}

static void fit_range(const Fit *fit, const Column *column, SchemaColumn *schema)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < fit->n; i++) {
        double x = column_number(column, frame_physical(fit->frame, fit->rows[i]));
        if (x != x) schema->had_missing = true;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    schema->low = low <= high ? low : NAN;
    schema->high = low <= high ? high : NAN;
}

static bool fit_schema(Fit *fit, Err *err)
{
    SchemaColumn *inputs = arena_take(fit->arena, (size_t)fit->n_columns * sizeof *inputs);
    for (int i = 0; i < fit->n_columns; i++) {
        const FrameColumn *column = &fit->frame->columns[fit->columns[i]];
        inputs[i] = (SchemaColumn){ .name = arena_text(fit->arena, column->name),
                                    .type = column->column->type,
                                    .unit = column->column->unit,
                                    .low = NAN,
                                    .high = NAN };
        if (column->column->type != COLUMN_CATEGORY)
            fit_range(fit, column->column, &inputs[i]);
        else if (!fit_levels(fit, column->column, &inputs[i], err))
            return false;
    }
    fit->prep->inputs = inputs;
    fit->prep->n_inputs = fit->n_columns;
    return true;
}

/* Categories that enter as codes. */
static bool fit_coded(Fit *fit, Err *err)
{
    int *columns, n;
    SchemaColumn *inputs = (SchemaColumn *)fit->prep->inputs;
    if (!frame_select(fit->frame, fit->coded, true, fit->arena, &columns, &n, err)) return false;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < fit->n_columns; i++)
            if (fit->columns[i] == columns[k]) inputs[i].coded = schema_is_category(&inputs[i]);
    return true;
}

static bool load_features(Fit *fit, Err *err)
{
    fit->set.n_rows = fit->n;
    for (int i = 0; i < fit->n_columns; i++) {
        RawColumn raw = { 0 };
        const Column *column = fit->frame->columns[fit->columns[i]].column;
        bool ok = progress_poll(fit->progress, "recipe", i, fit->n_columns, err) &&
                  raw_open(&raw, &fit->prep->inputs[i], column, err) &&
                  raw_read(&raw, fit->frame, fit->rows, 0, &fit->set, NULL, err);
        raw_close(&raw);
        if (!ok) return false;
    }
    return true;
}

/* ---- steps */

static bool fit_step(Fit *fit, const StepDef *step, FittedStep *fitted, Err *err)
{
    int *selected, n;
    Record *state = value_record(fit->arena).record;
    if (!prep_select(fit->frame, step, &fit->set, fit->arena, &selected, &n, err) ||
        !step->kind->fit(step->options, &fit->set, selected, n, fit->arena, state, fit->notes, err))
        return false;
    *fitted = (FittedStep){ step->kind, options_copy(fit->arena, step->options), state };
    return step->kind->apply(step->options, state, &fit->set, fit->notes, err);
}

static bool open_step_rows(Fit *fit, Err *err)
{
    const Recipe *recipe = fit->frame->recipe;
    unsigned needs = 0;
    for (int i = 0; recipe && i < recipe->n; i++)
        needs |= step_needs(recipe->steps[i].kind, recipe->steps[i].options, fit->prep->time);
    fit->set.rows = &fit->step_rows;
    return step_rows_learn(&fit->step_rows, fit->prep, fit->frame, &fit->target, fit->rows, fit->n, needs,
                           err);
}

static bool fit_steps(Fit *fit, Err *err)
{
    const Recipe *recipe = fit->frame->recipe;
    int n = recipe ? recipe->n : 0;
    if (!open_step_rows(fit, err)) return false;
    FittedStep *steps = arena_take(fit->arena, ((size_t)n + 1) * sizeof *steps);
    for (int i = 0; i < n; i++)
        if (!progress_poll(fit->progress, "recipe", i, n, err) ||
            !fit_step(fit, &recipe->steps[i], &steps[i], err))
            return false;
    fit->prep->steps = steps;
    fit->prep->n_steps = n;
    return true;
}

/* ---- what comes out must be numbers without missing values */

static size_t count_missing(const Fit *fit, const Feature *feature)
{
    size_t missing = 0;
    if (feature->kind != FEATURE_NUMBER) return 0;
    for (size_t i = 0; i < fit->n; i++) missing += feature->numbers[i] != feature->numbers[i];
    return missing;
}

static bool check_encoded(const Fit *fit, Err *err)
{
    int n = 0;
    for (int i = 0; i < fit->set.n; i++) {
        const Feature *feature = &fit->set.items[i];
        if (feature->kind != FEATURE_CATEGORY) continue;
        if (n == 0)
            ERR(err, not_encoded, feature->name);
        else if (n < SHOWN_COLUMNS)
            err_detail(err, "column '%s' too", feature->name);
        n++;
    }
    if (n > SHOWN_COLUMNS) err_detail(err, "and %d more", n - SHOWN_COLUMNS);
    return n == 0 || err_hint(err, "write encode %s", fit->prep->frame_name);
}

static bool check_missing(const Fit *fit, Err *err)
{
    int n = 0;
    for (int i = 0; i < fit->set.n; i++) {
        const Feature *feature = &fit->set.items[i];
        size_t missing = count_missing(fit, feature);
        if (missing == 0) continue;
        if (n == 0)
            ERR(err, has_missing, feature->name, INT(missing), INT(fit->n));
        else if (n < SHOWN_COLUMNS)
            err_detail(err, "column '%s' in %zu", feature->name, missing);
        n++;
    }
    if (n > SHOWN_COLUMNS) err_detail(err, "and %d more columns", n - SHOWN_COLUMNS);
    return n == 0 || err_hint(err, "write impute %s", fit->prep->frame_name);
}

static bool name_features(Fit *fit, Err *err)
{
    int n = fit->set.n;
    if (!check_encoded(fit, err) || !check_missing(fit, err)) return false;
    if (n == 0) return ERR(err, no_inputs, fit->prep->frame_name);
    const char **names = arena_take(fit->arena, (size_t)n * sizeof *names);
    const char **from = arena_take(fit->arena, (size_t)n * sizeof *from);
    for (int i = 0; i < n; i++) {
        names[i] = arena_text(fit->arena, fit->set.items[i].name);
        from[i] = arena_text(fit->arena, fit->set.items[i].from);
    }
    fit->prep->features = names;
    fit->prep->feature_from = from;
    fit->prep->n_features = n;
    return true;
}

/* ---- target statistics, roles, origin */

static bool fit_target_statistics(Fit *fit, Err *err)
{
    Prep *prep = fit->prep;
    if (fit->target.kind == 0) return true;
    size_t n = fit->n_labelled;
    double *y = mem_get(n, sizeof *y, err);
    if (!y) return false;
    bool ok = prep_target(prep, fit->frame, fit->labelled, n, y, err);
    double sum = 0;
    for (size_t i = 0; ok && i < n; i++) sum += y[i];
    if (ok && prep->target_kind != 'c') prep->target_mean = sum / (double)n;
    if (ok && prep->target_kind != 'n') {
        double *share = arena_take(fit->arena, (size_t)prep->n_target_levels * sizeof *share);
        for (size_t i = 0; i < n; i++) share[(size_t)y[i]] += 1;
        for (int k = 0; k < prep->n_target_levels; k++) share[k] /= (double)n;
        prep->level_share = share;
    }
    mem_free(y);
    return ok;
}

static const char *role_text(const Fit *fit, Role role)
{
    int column = frame_role(fit->frame, role);
    return column < 0 ? NULL : arena_text(fit->arena, fit->frame->columns[column].name);
}

static void keep_origin(Fit *fit)
{
    const Frame *frame = fit->frame;
    Prep *prep = fit->prep;
    if (frame->event.type != VALUE_MISSING) {
        Value *event = arena_take(fit->arena, sizeof *event);
        *event = value_copy(fit->arena, frame->event);
        prep->event = event;
    }
    prep->program = rowprogram_ref(frame->program);
    prep->taint = frame->taint;
    prep->data_hash = frame->hash ? arena_text(fit->arena, frame->hash) : NULL;
    prep->split = split_ref(frame->split);
    prep->recipe = recipe_ref(frame->recipe);
}

static void keep_roles(Fit *fit)
{
    Prep *prep = fit->prep;
    const SampleRule *rule = &fit->frame->sample;
    prep->id = role_text(fit, ROLE_ID);
    prep->time = role_text(fit, ROLE_TIME);
    prep->weight = role_text(fit, ROLE_WEIGHT);
    prep->sample = *rule;
    prep->sample.parent = rule->parent ? arena_text(fit->arena, rule->parent) : NULL;
    prep->sample.node = rule->node ? arena_text(fit->arena, rule->node) : NULL;
    prep->longest = 1;
}

/* The training rows' features behind the last step. */
static bool fit_features(Fit *fit, ValueList columns, bool needs_target, Err *err)
{
    keep_roles(fit);
    return fit_target(fit, needs_target, err) && fit_rows(fit, err) && fit_columns(fit, columns, err) &&
           fit_schema(fit, err) && fit_coded(fit, err) && load_features(fit, err) && fit_steps(fit, err);
}

static void fit_close(Fit *fit)
{
    feature_set_free(&fit->set);
    arena_free(fit->set.arena);
    step_rows_close(&fit->step_rows);
    if (fit->labelled != fit->rows) mem_free(fit->labelled);
    mem_free(fit->rows);
}

Prep *prep_fit(const Frame *frame, const char *frame_name, ValueList columns, bool needs_target, Notes *notes,
               Progress *progress, Err *err)
{
    return prep_fit_coded(frame, frame_name, columns, (ValueList){ 0 }, needs_target, notes, progress, err);
}

void prep_count_levels(Prep *prep)
{
    int *levels = arena_take(prep->arena, (size_t)prep->n_features * sizeof *levels + 1), coded = 0;
    for (int i = 0; i < prep->n_inputs; i++) {
        if (!prep->inputs[i].coded) continue;
        coded++;
        for (int k = 0; k < prep->n_features; k++)
            if (text_equal(prep->feature_from[k], prep->inputs[i].name)) levels[k] = prep->inputs[i].n_levels;
    }
    prep->feature_levels = coded ? levels : NULL;
}

Prep *prep_fit_coded(const Frame *frame, const char *frame_name, ValueList columns, ValueList coded,
                     bool needs_target, Notes *notes, Progress *progress, Err *err)
{
    Prep *prep = prep_blank();
    prep->frame_name = arena_text(prep->arena, frame_name ? frame_name : frame_label(frame));
    Fit fit = { .frame = frame,
                .prep = prep,
                .arena = prep->arena,
                .coded = coded,
                .notes = notes,
                .progress = progress };
    fit.set.arena = arena_new();
    bool ok = fit_features(&fit, columns, needs_target, err) && name_features(&fit, err) &&
              fit_target_statistics(&fit, err);
    if (ok) {
        keep_origin(&fit);
        prep_count_levels(prep);
    }
    fit_close(&fit);
    if (ok) return prep;
    prep_unref(prep);
    return NULL;
}

bool prep_look(const Frame *frame, const char *frame_name, ValueList columns, PrepLook look, void *context,
               Notes *notes, Progress *progress, Err *err)
{
    Prep *prep = prep_blank();
    prep->frame_name = arena_text(prep->arena, frame_name ? frame_name : frame_label(frame));
    Fit fit = { .frame = frame, .prep = prep, .arena = prep->arena, .notes = notes, .progress = progress };
    fit.set.arena = arena_new();
    bool ok = fit_features(&fit, columns, true, err) && look(&fit.set, &fit.target, context, err);
    fit_close(&fit);
    prep_unref(prep);
    return ok;
}
