/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of baselines, and the rows that they are fitted on. */
#include "finance/baseline.h"

#include <math.h>
#include <string.h>

#include "data/augment.h"
#include "data/balance.h"

#define BASELINE(name) extern const BaselineKind baseline_##name;
#include "finance/baselines.def"
#undef BASELINE

static const Kind *const baselines[] = {
#define BASELINE(name) &baseline_##name.kind,
#include "finance/baselines.def"
#undef BASELINE
};

const KindList baseline_kinds = { "baseline", baselines, (int)(sizeof baselines / sizeof *baselines) };

const ModelKind *baseline_model_kind(const char *name)
{
    const BaselineKind *kind = (const BaselineKind *)kind_find(&baseline_kinds, name);
    return kind ? kind->model : NULL;
}

static bool check_target(const BaselineKind *kind, const Prep *prep, Err *err)
{
    if (strchr(kind->targets, prep->target_kind)) return true;
    const char *what = prep->target_kind == 'n'   ? "a number"
                       : prep->target_kind == 'b' ? "two levels"
                                                  : "more than two levels";
    return ERR(err, baseline_target, kind->kind.name, prep->target, what);
}

/* The training rows with a target and a weight above 0, in order. */
static bool select_rows(const Prep *prep, const Frame *frame, uint32_t **rows, size_t *n, double *y,
                        double *w, Err *err)
{
    if (!prep_target(prep, frame, *rows, *n, y, err) || !prep_weights(prep, frame, *rows, *n, w, err))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        if (isnan(y[i]) || !(w[i] > 0)) continue;
        (*rows)[kept] = (*rows)[i];
        y[kept] = y[i];
        w[kept++] = w[i];
    }
    *n = kept;
    return kept > 0 || ERR(err, no_training_rows, prep->frame_name);
}

typedef struct FitWork {
    uint32_t *rows;
    double *y, *w;
    real *x;
    size_t n;
} FitWork;

static bool fill_work(const Prep *prep, const Frame *frame, FitWork *work, Notes *notes, Err *err)
{
    size_t width = (size_t)prep->n_features;
    if (!frame_part(frame, frame->split ? "train" : "all", &work->rows, &work->n, err) ||
        !(work->y = mem_get(work->n, sizeof *work->y, err)) ||
        !(work->w = mem_get(work->n, sizeof *work->w, err)) ||
        !select_rows(prep, frame, &work->rows, &work->n, work->y, work->w, err))
        return false;
    PrepReport report = { 0 };
    work->x = mem_get(work->n, width * sizeof *work->x, err);
    return work->x && prep_apply(prep, frame, work->rows, work->n, work->x, &report, notes, err);
}

Model *baseline_fit(const BaselineKind *kind, const Frame *frame, const char *frame_name, ValueList columns,
                    const Options *options, const char *name, Notes *notes, Progress *progress, Err *err)
{
    Prep *prep = prep_fit(frame, frame_name, columns, true, notes, progress, err);
    if (!prep) return NULL;
    FitWork work = { 0 };
    Model *model = NULL;
    if (prep_balances(prep)) NOTE(notes, balance_baseline, name);
    if (prep_augments(prep)) NOTE(notes, augment_baseline, name);
    if (check_target(kind, prep, err) && fill_work(prep, frame, &work, notes, err)) {
        BaselineRows rows = { work.n, prep->n_features, work.x, work.y, work.w };
        if (kind->fit(prep, name, &rows, options, &model, notes, progress, err)) model->taint |= prep->taint;
    }
    mem_free(work.rows);
    mem_free(work.y);
    mem_free(work.w);
    mem_free(work.x);
    prep_unref(prep);
    return model;
}
