/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/drift.h"

#include <string.h>

#include "measures/cox.h"
#include "measures/delong.h"
#include "measures/scored.h"

/* ---- samples */

/* P(event), the prediction, or of several levels the number of the likeliest. */
static double score_of(const DriftSample *sample, size_t row)
{
    size_t width = (size_t)sample->judged.models[0]->n_outputs, best = 0;
    const double *scores = sample->scores + row * width;
    if (width <= 2) return scores[width - 1];
    for (size_t k = 1; k < width; k++)
        if (scores[k] > scores[best]) best = k;
    return isnan(scores[best]) ? NAN : (double)best + 1;
}

static bool has_target(const DriftSample *sample)
{
    const Prep *prep = sample->judged.models[0]->prep;
    if (!prep || !prep->target) return frame_role(sample->frame, ROLE_TARGET) >= 0;
    return frame_find(sample->frame, prep->target) >= 0;
}

static bool read_targets(const Drift *drift, DriftSample *sample, Err *err)
{
    const Judged *judged = &sample->judged;
    const Prep *prep = judged->models[0]->prep;
    if (!judged->kind) return true;
    if (!has_target(sample)) {
        NOTE(&drift->result->notes, drift_no_target, judged->frame_name, judged->target);
        return true;
    }
    if (!(sample->y = mem_get(judged->n, sizeof(double), err)) ||
        !(sample->w = mem_get(judged->n, sizeof(double), err)) || !judge_targets(judged, sample->y, err))
        return false;
    if (prep) return prep_weights(prep, judged->frame, judged->rows, judged->n, sample->w, err);
    for (size_t i = 0; i < judged->n; i++) sample->w[i] = 1;
    return true;
}

bool driftsample_open(const Drift *drift, DriftSample *sample, Err *err)
{
    const Judged *judged = &sample->judged;
    const Prep *prep = judged->models[0]->prep;
    sample->frame = prep ? prep_derive(prep, judged->frame, NULL, err) : frame_ref(judged->frame);
    if (!sample->frame || !read_targets(drift, sample, err) ||
        !judge_scores(drift->session, judged, 0, sample != &drift->reference, &sample->scores, drift->result,
                      err))
        return false;
    if (!(sample->score = mem_get(judged->n, sizeof(double), err))) return false;
    for (size_t i = 0; i < judged->n; i++) sample->score[i] = score_of(sample, i);
    return true;
}

void driftsample_close(DriftSample *sample)
{
    if (sample->frame) frame_unref(sample->frame);
    mem_free(sample->scores);
    mem_free(sample->score);
    mem_free(sample->y);
    mem_free(sample->w);
    mem_free(sample->order);
    judge_close(&sample->judged);
}

/* ---- columns */

/* The codes of another frame's levels among those of the reference; above them: unknown. */
static uint32_t *code_map(const Levels *from, const Levels *to, Err *err)
{
    uint32_t *map = mem_get((size_t)from->n + 1, sizeof *map, err);
    for (uint32_t code = 1; map && code <= from->n; code++) {
        map[code] = levels_find(to, from->names[code - 1]);
        if (!map[code]) map[code] = to->n + 1;
    }
    return map;
}

static bool read_codes(const DriftSample *sample, const Column *column, const Levels *levels, double *x,
                       Err *err)
{
    uint32_t *map = column->levels == levels ? NULL : code_map(column->levels, levels, err);
    if (!map && column->levels != levels) return false;
    for (size_t i = 0; i < sample->judged.n; i++) {
        uint32_t code = column->codes[frame_physical(sample->frame, sample->judged.rows[i])];
        x[i] = code == 0 ? (double)NAN : map ? map[code] : code;
    }
    mem_free(map);
    return true;
}

/* A column that is a category in the reference and something else here goes by its texts. */
static void read_texts(const DriftSample *sample, const Column *column, const Levels *levels, double *x)
{
    Buf text = { 0 };
    for (size_t i = 0; i < sample->judged.n; i++) {
        size_t row = frame_physical(sample->frame, sample->judged.rows[i]);
        x[i] = NAN;
        if (column_is_missing(column, row)) continue;
        buf_clear(&text);
        column_text(column, row, &text);
        uint32_t code = levels_find(levels, buf_text(&text));
        x[i] = code ? code : levels->n + 1;
    }
    buf_free(&text);
}

static bool read_column(const DriftSample *sample, const char *name, const Levels *levels, double *x,
                        Err *err)
{
    int number;
    if (!frame_column(sample->frame, name, &number, err)) return false;
    const Column *column = sample->frame->columns[number].column;
    if (levels && column->type == COLUMN_CATEGORY) return read_codes(sample, column, levels, x, err);
    if (levels) {
        read_texts(sample, column, levels, x);
        return true;
    }
    for (size_t i = 0; i < sample->judged.n; i++)
        x[i] = column_number(column, frame_physical(sample->frame, sample->judged.rows[i]));
    return true;
}

/* ---- calibration and ranking */

typedef struct Known {
    double *y, *w, *scores;
    size_t n;
} Known;

/* The rows of a group that have a target and a score. */
static bool known_make(const DriftSample *sample, const DriftGroup *group, const uint32_t *order,
                       Known *known, Err *err)
{
    size_t width = (size_t)sample->judged.models[0]->n_outputs;
    if (!(known->y = mem_get(group->n, sizeof(double), err)) ||
        !(known->w = mem_get(group->n, sizeof(double), err)) ||
        !(known->scores = mem_get(group->n, width * sizeof(double), err)))
        return false;
    for (size_t i = 0; i < group->n; i++) {
        size_t row = order ? order[group->from + i] : i;
        if (isnan(sample->y[row]) || isnan(sample->score[row])) continue;
        memcpy(known->scores + known->n * width, sample->scores + row * width, width * sizeof(double));
        known->y[known->n] = sample->y[row];
        known->w[known->n++] = sample->w[row];
    }
    return true;
}

static double event_score(const Scored *scored, size_t row)
{
    return scored_event(scored, row);
}

static void judge_known(const Scored *scored, char kind, DriftGroup *group)
{
    Cox cox;
    Interval interval;
    const Metric *auc = metric_find("auc");
    if (kind != 'c') {
        group->observed = scored_base_rate(scored);
        bool is_mean = kind == 'n' || scored_is_probability(scored); /* points are on a scale of their own */
        group->predicted = is_mean ? scored_mean(scored, event_score) : (double)NAN;
    }
    if (kind == 'n') return;
    group->auc = auc->value(scored);
    if (kind != 'b') return;
    if (cox_fit(scored, &cox)) {
        group->intercept = fabs(cox.large) < 1e-6 * cox.large_error ? 0 : cox.large; /* solved: 0 */
        group->error = cox.large_error;
    }
    if (!delong_interval(scored, 0.95, &interval)) return;
    group->auc_low = interval.low;
    group->auc_high = interval.high;
}

/* order NULL: the sample's own. */
static bool judge_group(const DriftSample *sample, const uint32_t *order, DriftGroup *group, Err *err)
{
    Known known = { 0 };
    group->observed = group->predicted = group->intercept = group->error = NAN;
    group->auc = group->auc_low = group->auc_high = NAN;
    if (!sample->y) return true;
    bool ok = known_make(sample, group, order, &known, err);
    Scored scored = { .n = known.n,
                      .n_outputs = sample->judged.models[0]->n_outputs,
                      .target = known.y,
                      .score = known.scores,
                      .weight = known.w,
                      .reference = sample->judged.reference };
    if (ok && known.n) judge_known(&scored, sample->judged.kind, group);
    mem_free(known.y);
    mem_free(known.w);
    mem_free(known.scores);
    return ok;
}

/* ---- the reference */

static void note_texts(const Drift *drift, const Buf *names, int n)
{
    if (n) result_line_ink(drift->result, INK_DIM, "texts are not compared: %s", buf_text(names));
}

static void add_column(Drift *drift, const char *name, Buf *texts, int *n_texts)
{
    int number = frame_find(drift->reference.frame, name);
    if (number < 0) return;
    const Column *column = drift->reference.frame->columns[number].column;
    if (column->type == COLUMN_TEXT) {
        buf_printf(texts, "%s%s", (*n_texts)++ ? ", " : "", name);
        return;
    }
    drift->names[drift->n_columns] = arena_text(drift->result->arena, name);
    drift->levels[drift->n_columns++] = column->type == COLUMN_CATEGORY ? column->levels : NULL;
}

/* What the model reads; of a score column the inputs of its frame. */
static void find_columns(Drift *drift)
{
    const Prep *prep = drift->model->prep;
    const Frame *frame = drift->reference.frame;
    size_t most = prep ? (size_t)prep->n_inputs : (size_t)frame->n_columns;
    Buf texts = { 0 };
    int n_texts = 0;
    drift->names = arena_take(drift->result->arena, (most + 1) * sizeof *drift->names);
    drift->levels = arena_take(drift->result->arena, (most + 1) * sizeof *drift->levels);
    drift->columns = arena_take(drift->result->arena, (most + 1) * sizeof *drift->columns);
    for (int c = 0; c < (int)most; c++) {
        if (prep)
            add_column(drift, prep->inputs[c].name, &texts, &n_texts);
        else if (frame->columns[c].role == ROLE_INPUT)
            add_column(drift, frame->columns[c].name, &texts, &n_texts);
    }
    note_texts(drift, &texts, n_texts);
    buf_free(&texts);
}

static bool fit_columns(Drift *drift, Err *err)
{
    const DriftSample *reference = &drift->reference;
    size_t n = reference->judged.n;
    double *x = mem_get(n, sizeof *x, err);
    bool ok = x != NULL;
    for (int c = 0; ok && c < drift->n_columns; c++) {
        const Levels *levels = drift->levels[c];
        ok = read_column(reference, drift->names[c], levels, x, err) &&
             driftbins_fit(&drift->columns[c], x, n, levels ? levels->n : 0, drift->wanted, err);
    }
    mem_free(x);
    return ok;
}

bool drift_begin(Drift *drift, Err *err)
{
    const DriftSample *reference = &drift->reference;
    size_t n = reference->judged.n, outputs = (size_t)drift->model->n_outputs;
    find_columns(drift);
    drift->base = (DriftGroup){ .name = "reference", .n = n };
    return driftbins_fit(&drift->score, reference->score, n, outputs > 2 ? outputs : 0, drift->wanted, err) &&
           fit_columns(drift, err) && judge_group(reference, NULL, &drift->base, err);
}

void drift_end(Drift *drift)
{
    driftbins_free(&drift->score);
    for (int c = 0; c < drift->n_columns; c++) driftbins_free(&drift->columns[c]);
    driftsample_close(&drift->reference);
}

/* ---- the others */

static bool compare_group(const Drift *drift, const DriftSample *sample, const DriftBins *bins,
                          const double *x, const DriftGroup *group, DriftFigure *out, Err *err)
{
    double *here = mem_get(group->n, sizeof *here, err);
    if (!here) return false;
    for (size_t i = 0; i < group->n; i++) here[i] = x[sample->order[group->from + i]];
    bool ok = driftbins_compare(bins, here, group->n, out, err);
    mem_free(here);
    return ok && progress_poll(&drift->session->progress, "drift", 0, 1, err);
}

static bool measure_column(Drift *drift, const DriftSample *sample, int c, int from, double *x, Err *err)
{
    bool ok = read_column(sample, drift->names[c], drift->levels[c], x, err);
    for (int g = from; ok && g < drift->n_groups; g++) {
        DriftGroup *group = &drift->groups[g];
        ok = compare_group(drift, sample, &drift->columns[c], x, group, &group->columns[c], err);
        drift->halved += ok ? group->columns[c].halved : 0;
    }
    return ok;
}

bool drift_measure(Drift *drift, DriftSample *sample, int from, Err *err)
{
    double *x = mem_get(sample->judged.n, sizeof *x, err);
    bool ok = x != NULL;
    drift->has_target |= sample->y != NULL;
    for (int g = from; ok && g < drift->n_groups; g++) {
        DriftGroup *group = &drift->groups[g];
        group->columns =
            arena_take(drift->result->arena, ((size_t)drift->n_columns + 1) * sizeof *group->columns);
        ok = compare_group(drift, sample, &drift->score, sample->score, group, &group->score, err) &&
             judge_group(sample, sample->order, group, err);
        drift->halved += ok ? group->score.halved : 0;
    }
    for (int c = 0; ok && c < drift->n_columns; c++) ok = measure_column(drift, sample, c, from, x, err);
    mem_free(x);
    return ok;
}
