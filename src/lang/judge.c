/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/judge.h"

#include <math.h>
#include <string.h>

#include "data/split.h"
#include "data/suspicions.h"
#include "lang/bind.h"
#include "model/search.h"

static bool open_models(Session *session, ValueList names, Arena *arena, Judged *judged, Err *err)
{
    judged->models = arena_take(arena, (size_t)names.n * sizeof *judged->models);
    for (int i = 0; i < names.n; i++) {
        Model *model = session_model(session, names.items[i].text, err);
        if (!model) return false;
        judged->models[judged->n_models++] = model;
    }
    return true;
}

/* The one that is named, else the frame that the first model learned from or is a column of. */
static bool find_frame(Session *session, const Call *call, const char *name, const char *hint, Judged *judged,
                       Err *err)
{
    const Model *model = judged->models[0];
    judged->frame_name = name;
    if (!judged->frame_name && model->prep)
        judged->frame_name = arena_text(call->arena, model->prep->frame_name);
    if (!judged->frame_name) judged->frame_name = arena_text(call->arena, model->frame_name);
    Object *there = session_get(session, judged->frame_name);
    bool is_frame = there && there->type == OBJECT_FRAME;
    if (!is_frame && !name) {
        ERR(err, judge_no_frame, judged->frame_name, model->name);
        return err_hint(err, "%s", hint);
    }
    judged->frame = session_frame(session, judged->frame_name, err);
    return judged->frame != NULL;
}

static bool take_target(Judged *judged, const Model *model, Err *err)
{
    const Prep *prep = model->prep;
    if (!prep || !prep->target) return true;
    if (judged->target && (strcmp(judged->target, prep->target) || judged->kind != prep->target_kind))
        return ERR(err, models_differ, judged->models[0]->name, judged->target, model->name, prep->target);
    if (judged->target) return true;
    judged->target = prep->target;
    judged->kind = prep->target_kind;
    judged->levels = prep->target_levels;
    judged->n_levels = prep->n_target_levels;
    judged->reference = prep->target_mean;
    return true;
}

/* What the models predict; of score columns alone, the frame's target. */
static bool find_target(Judged *judged, Arena *arena, Err *err)
{
    for (int i = 0; i < judged->n_models; i++)
        if (!take_target(judged, judged->models[i], err)) return false;
    if (judged->target) return true;
    TargetInfo info;
    if (!frame_target(judged->frame, arena, &info, err)) return false;
    if (!info.kind) return true;
    judged->kind = info.kind;
    judged->target = arena_text(arena, judged->frame->columns[info.column].name);
    judged->levels = info.levels;
    judged->n_levels = info.n_levels;
    return true;
}

static bool keep_condition(Session *session, const Call *call, Judged *judged, Result *result, Err *err)
{
    uint8_t *keep;
    if (!call->condition) return true;
    if (!session_rows_if(session, judged->frame, call->condition, &keep, &result->notes, err)) return false;
    size_t kept = 0;
    for (size_t i = 0; i < judged->n; i++)
        if (keep[judged->rows[i]]) judged->rows[kept++] = judged->rows[i];
    judged->n = kept;
    mem_free(keep);
    return true;
}

/* Where a model's samples have several rows, their target rows are what is judged. */
static bool keep_targets(Judged *judged, Err *err)
{
    for (int i = 0; i < judged->n_models; i++) {
        const Prep *prep = judged->models[i]->prep;
        if (!prep || prep->sample.kind == SAMPLE_ROWS) continue;
        SampleBy by = prep_samples(prep);
        Samples *samples = samples_new(judged->frame, &by, judged->rows, judged->n, err);
        if (!samples) return false;
        judged->n = samples->n;
        memcpy(judged->rows, samples->target, samples->n * sizeof *judged->rows);
        samples_free(samples);
    }
    return true;
}

static bool find_rows(Session *session, const Call *call, Judged *judged, Result *result, Err *err)
{
    const Split *split = judged->frame->split;
    if (!judged->part) judged->part = split && !split->folds ? "valid" : "all";
    if (!session_part(session, judged->frame, judged->part, &judged->rows, &judged->n, result, err)) {
        if (err && !err->span.source) err->span = call_span(call, "part");
        return false;
    }
    return keep_condition(session, call, judged, result, err) && keep_targets(judged, err);
}

/* ---- what has to be said */

static bool same_data(const Prep *prep, const Frame *frame)
{
    if (prep->data_hash && frame->hash) return !strcmp(prep->data_hash, frame->hash);
    return prep->split && prep->split == frame->split;
}

/* How many of the rows the model learned from. */
static size_t count_learned(const Judged *judged, const Prep *prep)
{
    const Frame *frame = judged->frame;
    if (!prep || !same_data(prep, frame)) return 0;
    bool learned_all = prep->recipe || prep->n_train == frame->n_physical; /* fitted without a split */
    if (!prep->split) return learned_all ? judged->n : 0;
    size_t learned = 0;
    if (prep->split->n != frame->n_physical) return 0;
    for (size_t i = 0; i < judged->n; i++)
        learned += prep->split->part[frame_physical(frame, judged->rows[i])] == PART_TRAIN;
    return learned;
}

static void note_learned(const Judged *judged, Result *result)
{
    size_t most = 0;
    for (int i = 0; i < judged->n_models; i++) {
        const Model *model = judged->models[i];
        if (model_cross_state(model)) continue; /* its forecasts of these rows are out of sample */
        size_t learned = count_learned(judged, model->prep);
        if (learned) NOTE(&result->notes, rows_trained_on, INT(learned), INT(judged->n), model->name);
        most = learned > most ? learned : most;
    }
    record_number(result->arena, result->record, "training_rows", (double)most);
}

static void note_taint(const char *name, unsigned taint, Result *result)
{
    if (taint) NOTE(&result->notes, result_tainted, name, taint_words(taint, result->arena));
}

static void note_taints(const Judged *judged, Result *result)
{
    unsigned all = judged->frame->taint;
    note_taint(judged->frame_name, judged->frame->taint, result);
    for (int i = 0; i < judged->n_models; i++) {
        const Model *model = judged->models[i];
        note_taint(model->name, model->taint & ~judged->frame->taint, result);
        all |= model->taint;
    }
    record_set(result->arena, result->record, "tainted", value_bool(all != TAINT_NONE));
}

bool judge_open(Session *session, const Call *call, ValueList names, Result *result, Judged *out, Err *err)
{
    return judge_open_part(session, call, names, option_text(&call->options, "part"), result, out, err);
}

bool judge_open_part(Session *session, const Call *call, ValueList names, const char *part, Result *result,
                     Judged *out, Err *err)
{
    *out = (Judged){ .reference = NAN, .part = part };
    if (!open_models(session, names, call->arena, out, err) ||
        !find_frame(session, call, option_text(&call->options, "on"), "name the data: on=FRAME", out, err) ||
        !find_target(out, call->arena, err) || !find_rows(session, call, out, result, err))
        return false;
    record_text(result->arena, result->record, "frame", out->frame_name);
    record_text(result->arena, result->record, "part", out->part);
    note_learned(out, result);
    note_taints(out, result);
    return true;
}

bool judge_open_reference(Session *session, const Call *call, ValueList names, const char *part,
                          Result *result, Judged *out, Err *err)
{
    *out = (Judged){ .reference = NAN };
    if (!open_models(session, names, call->arena, out, err) ||
        !find_frame(session, call, NULL, "load it under this name: other rows are compared with it", out,
                    err) ||
        !find_target(out, call->arena, err))
        return false;
    const Split *split = out->frame->split;
    out->part = part ? part : split && !split->folds ? "train" : "all";
    if (session_part(session, out->frame, out->part, &out->rows, &out->n, result, err))
        return keep_targets(out, err);
    if (err && !err->span.source) err->span = call_span(call, "reference");
    return false;
}

void judge_close(Judged *judged)
{
    for (int i = 0; i < judged->n_models; i++) model_unref(judged->models[i]);
    mem_free(judged->rows);
    judged->n_models = 0;
    judged->rows = NULL;
}

static void note_report(const char *name, const PrepReport *report, Notes *notes)
{
    if (report->unseen_levels) NOTE(notes, levels_unseen, name, INT(report->unseen_levels));
    if (report->out_of_range) NOTE(notes, cells_outside, name, INT(report->out_of_range));
    if (report->missing) NOTE(notes, cells_missing, name, INT(report->missing));
}

bool judge_scores(Session *session, const Judged *judged, int model, bool counts, double **out,
                  Result *result, Err *err)
{
    const Model *scorer = judged->models[model];
    PrepReport report = { 0 };
    *out = mem_get(judged->n, (size_t)scorer->n_outputs * sizeof **out, err);
    if (!*out) return false;
    if (!model_score(scorer, judged->frame, judged->rows, judged->n, *out, &report, &result->notes,
                     &session->progress, err)) {
        mem_free(*out);
        *out = NULL;
        return false;
    }
    if (counts) note_report(scorer->name, &report, &result->notes);
    return true;
}

bool judge_details(Session *session, const Judged *judged, int model, double **out, Err *err)
{
    const Model *scorer = judged->models[model];
    *out = NULL;
    if (scorer->n_columns == 0) return true;
    *out = mem_get(judged->n, (size_t)scorer->n_columns * sizeof **out, err);
    if (*out &&
        scorer->kind->details(scorer, judged->frame, judged->rows, judged->n, *out, &session->progress, err))
        return true;
    mem_free(*out);
    *out = NULL;
    return false;
}

bool judge_targets(const Judged *judged, double *y, Err *err)
{
    for (int i = 0; i < judged->n_models; i++) {
        const Prep *prep = judged->models[i]->prep;
        if (prep && prep->target) return prep_target(prep, judged->frame, judged->rows, judged->n, y, err);
    }
    TargetInfo info;
    Arena *arena = arena_new();
    bool ok = frame_target(judged->frame, arena, &info, err);
    for (size_t i = 0; ok && i < judged->n; i++)
        y[i] = frame_target_value(judged->frame, &info, judged->rows[i]);
    arena_free(arena);
    return ok;
}
