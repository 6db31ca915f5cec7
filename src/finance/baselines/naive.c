/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What costs nothing: the mean of the training rows, the shares of their levels, or the last value of the
 * target that a row knows, that of so many rows earlier as the target looks ahead (of an id, in time order).
 * A random walk's best forecast is its last value; Theil's U and R2 out of sample compare with it. */
#include <math.h>
#include <string.h>

#include "data/expr/expr.h"
#include "data/rowprogram.h"
#include "finance/baseline.h"

static const char HELD[] = "naive target"; /* a column that no frame of ours has */

typedef struct Naive {
    double n;
    bool last;
    double *mean; /* (n_outputs): the value, P(event) or P(level) */
} Naive;

static int outputs_of(const Prep *prep)
{
    return prep->target_kind == 'c' ? prep->n_target_levels : 1;
}

static Model *make_model(const Prep *prep, const char *name)
{
    Model *model = model_new(baseline_model_kind("naive"), name, prep, outputs_of(prep));
    Naive *naive = arena_take(model->arena, sizeof *naive);
    naive->mean = arena_take(model->arena, (size_t)model->n_outputs * sizeof *naive->mean);
    model->state = naive;
    return model;
}

static bool fit(const Prep *prep, const char *name, const BaselineRows *rows, const Options *options,
                Model **model, Notes *notes, Progress *progress, Err *err)
{
    (void)notes;
    if (!progress_poll(progress, "naive", 0, 1, err)) return false;
    *model = make_model(prep, name);
    Naive *naive = (*model)->state;
    double weight = 0;
    for (size_t i = 0; i < rows->n; i++) {
        double y = rows->y[i];
        naive->mean[prep->target_kind == 'c' ? (size_t)y : 0] +=
            prep->target_kind == 'c' ? rows->w[i] : rows->w[i] * y;
        weight += rows->w[i];
    }
    for (int k = 0; k < (*model)->n_outputs; k++) naive->mean[k] /= weight;
    naive->n = (double)rows->n;
    naive->last = !strcmp(option_text(options, "method"), "last");
    return true;
}

/* ---- the last value */

/* The frame with one column more, the target as a number in every row. */
static Frame *with_target(const Prep *prep, const Frame *frame, Err *err)
{
    Column *column = column_new(COLUMN_NUMBER, frame->n_physical, err);
    double *y = column ? mem_get(frame->n_rows, sizeof *y, err) : NULL;
    uint32_t *rows = y ? mem_get(frame->n_rows, sizeof *rows, err) : NULL;
    Frame *version = NULL;
    for (size_t i = 0; rows && i < frame->n_rows; i++) rows[i] = (uint32_t)i;
    if (rows && prep_target(prep, frame, rows, frame->n_rows, y, err)) {
        for (size_t i = 0; i < frame->n_physical; i++) column->numbers[i] = NAN;
        for (size_t i = 0; i < frame->n_rows; i++) column->numbers[frame_physical(frame, i)] = y[i];
        column_finish(column);
        version = frame_version(frame);
        if (!frame_put_column(version, HELD, column_ref(column), ROLE_HELD, true, err)) {
            column_unref(column);
            frame_unref(version);
            version = NULL;
        }
    }
    mem_free(rows);
    mem_free(y);
    if (column) column_unref(column);
    return version;
}

/* How many rows earlier the target is known. */
static bool find_lag(const Prep *prep, const Frame *frame, double *lag, Err *err)
{
    int column;
    if (!frame_column(frame, prep->target, &column, err)) return false;
    LeadTime ahead = frame->columns[column].ahead;
    if (ahead.months || ahead.ns) return ERR(err, naive_ahead, prep->target);
    double lead = (double)frame->columns[column].lead + (double)prep->sample.horizon;
    *lag = lead > 1 ? lead : 1;
    return true;
}

static bool lag_column(const Prep *prep, const Frame *frame, Notes *notes, Progress *progress, Column **out,
                       Err *err)
{
    double lag = 1;
    if (!find_lag(prep, frame, &lag, err)) return false;
    Frame *with = with_target(prep, frame, err);
    if (!with) return false;
    Arena *arena = arena_new();
    Value rows = value_number(lag);
    Expr *args[] = { expr_column(arena, HELD, (Span){ 0 }), expr_constant(arena, &rows, (Span){ 0 }, err) };
    Expr *call = expr_call(arena, expr_function_find("lag"), args, 2, NULL, (Span){ 0 }, err);
    bool ok = call && expr_eval(call, with, notes, progress, out, err);
    arena_free(arena);
    frame_unref(with);
    return ok;
}

static void put_last(const Model *model, double last, double *out)
{
    for (int k = 0; k < model->n_outputs; k++)
        out[k] = model->n_outputs == 1 ? last : isnan(last) ? (double)NAN : (double)k == last;
}

static bool score_last(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                       Notes *notes, Progress *progress, Err *err)
{
    const Prep *prep = model->prep;
    const Frame *derived = rowprogram_apply(prep->program, frame, &prep->target, 1, notes, progress, err);
    Column *lagged = NULL;
    bool ok = derived && lag_column(prep, derived, notes, progress, &lagged, err);
    for (size_t i = 0; ok && i < n; i++) {
        size_t row = frame_physical(derived, rows ? rows[i] : i);
        put_last(model, column_number(lagged, row), out + i * (size_t)model->n_outputs);
    }
    if (lagged) column_unref(lagged);
    if (derived) frame_unref(derived);
    return ok;
}

static bool score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                  PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const Naive *naive = model->state;
    (void)report;
    if (!progress_poll(progress, "naive", 0, 1, err)) return false;
    if (naive->last) return score_last(model, frame, rows, n, out, notes, progress, err);
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * (size_t)model->n_outputs, naive->mean, (size_t)model->n_outputs * sizeof *out);
    return true;
}

/* ---- records */

static Value record(const Model *model, Arena *arena)
{
    const Naive *naive = model->state;
    Value value = value_record(arena), means = value_list(arena, model->n_outputs);
    for (int k = 0; k < model->n_outputs; k++) means.list.items[k] = value_number(naive->mean[k]);
    record_number(arena, value.record, "n", naive->n);
    record_text(arena, value.record, "method", naive->last ? "last" : "mean");
    record_set(arena, value.record, "mean", model->n_outputs == 1 ? means.list.items[0] : means);
    return value;
}

static bool restore_means(const Value *value, int n, double *means)
{
    if (!value) return false;
    const Value *items = value->type == VALUE_LIST ? value->list.items : value;
    if (n != (value->type == VALUE_LIST ? value->list.n : 1)) return false;
    for (int k = 0; k < n; k++) {
        if (items[k].type != VALUE_NUMBER || !isfinite(items[k].number)) return false;
        means[k] = items[k].number;
    }
    return true;
}

static bool restore(Model *model, const Record *from, Err *err)
{
    const Value *n = record_get(from, "n"), *method = record_get(from, "method");
    if (!model->prep) return ERR(err, bad_model_part, "naive", "recipe");
    model->n_outputs = outputs_of(model->prep);
    Naive *naive = arena_take(model->arena, sizeof *naive);
    naive->mean = arena_take(model->arena, ((size_t)model->n_outputs + 1) * sizeof *naive->mean);
    if (!restore_means(record_get(from, "mean"), model->n_outputs, naive->mean))
        return ERR(err, bad_model_part, "naive", "mean");
    naive->n = n && n->type == VALUE_NUMBER ? n->number : NAN;
    naive->last = method && method->type == VALUE_TEXT && !strcmp(method->text, "last");
    model->state = naive;
    return true;
}

static void free_state(Model *model)
{
    model->state = NULL; /* in the model's arena */
}

static const ModelKind naive_model = {
    .name = "naive",
    .since = "1",
    .score = score,
    .record = record,
    .restore = restore,
    .free_state = free_state,
};

static const OptionSpec options[] = {
    { "method", OPTION_WORD, 0, "mean", 0, 0, "mean|last", NULL,
      "mean: that of the training rows; last: the last value that the row knows, of its id" },
};

const BaselineKind baseline_naive = {
    .kind = { .name = "naive",
              .help = "what costs nothing: the base rate, or the last value",
              .more = "method=mean: the mean of the training rows, of levels their shares. method=last: the "
                      "target of the row before (of the same id, in time order), of as many rows before as "
                      "the target looks ahead; a row without one is left out by the judging verbs. What does "
                      "not beat it has learned nothing.",
              KIND_OPTIONS(options),
              .example = "simulate ar as series rows=2000 phi=0.9\nsplit series train=60% valid=40%\n"
                         "fit naive series method=last as walk\nevaluate walk",
              .since = "1" },
    .targets = "nbc",
    .model = &naive_model,
    .fit = fit,
};
