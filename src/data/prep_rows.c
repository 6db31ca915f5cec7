/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that a preparation is fitted on, and their target. */
#include <math.h>

#include "data/order.h"
#include "data/prepfit.h"

bool prepfit_target(PrepFit *fit, bool needed, Err *err)
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
static bool keep_labelled_rows(PrepFit *fit, Err *err)
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

static bool keep_labelled_samples(PrepFit *fit, const Samples *samples, double *y, Err *err)
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
static bool fit_samples(PrepFit *fit, Err *err)
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

bool prepfit_rows(PrepFit *fit, Err *err)
{
    bool is_row = fit->prep->sample.kind == SAMPLE_ROWS;
    if (!fit->frame->split) NOTE(fit->notes, no_split_note, fit->prep->frame_name);
    if (!frame_part(fit->frame, "train", &fit->rows, &fit->n, err)) return false;
    if (!(is_row ? keep_labelled_rows(fit, err) : fit_samples(fit, err))) return false;
    fit->prep->n_train = fit->n_labelled;
    return true;
}

bool prepfit_statistics(PrepFit *fit, Err *err)
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
