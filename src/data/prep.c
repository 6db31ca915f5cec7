/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preps: references, and fitting a recipe step by step on training rows. */
#include "data/prep.h"

#include <math.h>

#include "data/prepfit.h"
#include "data/prepselect.h"
#include "data/rowprogram.h"

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

static bool load_features(PrepFit *fit, Err *err)
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

static bool fit_step(PrepFit *fit, const StepDef *step, FittedStep *fitted, Err *err)
{
    int *selected, n;
    Record *state = value_record(fit->arena).record;
    if (!prep_select(fit->frame, step, &fit->set, fit->arena, &selected, &n, err) ||
        !step->kind->fit(step->options, &fit->set, selected, n, fit->arena, state, fit->notes, err))
        return false;
    *fitted = (FittedStep){ step->kind, options_copy(fit->arena, step->options), state };
    return step->kind->apply(step->options, state, &fit->set, fit->notes, err);
}

static bool open_step_rows(PrepFit *fit, Err *err)
{
    const Recipe *recipe = fit->frame->recipe;
    unsigned needs = 0;
    for (int i = 0; recipe && i < recipe->n; i++)
        needs |= step_needs(recipe->steps[i].kind, recipe->steps[i].options, fit->prep->time);
    fit->set.rows = &fit->step_rows;
    return step_rows_learn(&fit->step_rows, fit->prep, fit->frame, &fit->target, fit->rows, fit->n, needs,
                           err);
}

static bool fit_steps(PrepFit *fit, Err *err)
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

/* ---- roles, origin */

static const char *role_text(const PrepFit *fit, Role role)
{
    int column = frame_role(fit->frame, role);
    return column < 0 ? NULL : arena_text(fit->arena, fit->frame->columns[column].name);
}

static void keep_origin(PrepFit *fit)
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

static void keep_roles(PrepFit *fit)
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
static bool fit_features(PrepFit *fit, ValueList columns, bool needs_target, Err *err)
{
    keep_roles(fit);
    return prepfit_target(fit, needs_target, err) && prepfit_rows(fit, err) &&
           prepfit_columns(fit, columns, err) && prepfit_schema(fit, err) && prepfit_coded(fit, err) &&
           load_features(fit, err) && fit_steps(fit, err);
}

static void fit_close(PrepFit *fit)
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
    PrepFit fit = { .frame = frame,
                    .prep = prep,
                    .arena = prep->arena,
                    .coded = coded,
                    .notes = notes,
                    .progress = progress };
    fit.set.arena = arena_new();
    bool ok = fit_features(&fit, columns, needs_target, err) && prepfit_name(&fit, err) &&
              prepfit_statistics(&fit, err);
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
    PrepFit fit = {
        .frame = frame, .prep = prep, .arena = prep->arena, .notes = notes, .progress = progress
    };
    fit.set.arena = arena_new();
    bool ok = fit_features(&fit, columns, true, err) && look(&fit.set, &fit.target, context, err);
    fit_close(&fit);
    prep_unref(prep);
    return ok;
}
