/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/evaluation.h"

static const OptionSpec options[] = {
    { "models", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "nets, baselines, cross-validated sets, score columns FRAME.column" },
    JUDGE_OPTIONS,
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "figures for each value of this column too" },
    { "metrics", OPTION_METRIC, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "what to compute; by the target otherwise" },
    { "labels", OPTION_WORD, 0, "drawn", 0, 0, "drawn|expected", NULL,
      "expected: those of the truth of a simulated frame, without the luck of the draw" },
    { "ci", OPTION_ANY, 0, "off", 0, 0, NULL, NULL, "intervals: off" },
};

/* ---- which metrics */

static const char *target_words(char kind)
{
    return kind == 'n' ? "numbers" : kind == 'b' ? "two levels" : "more than two levels";
}

static bool add_metric(const Call *call, Evaluation *evaluation, const char *name, Err *err)
{
    const Metric *metric = metric_find(name);
    Span span = call_span(call, "metrics");
    if (!metric) return metric_unknown(name, span, err);
    if (!strchr(metric->targets, evaluation->judged.kind))
        return ERR_AT(err, span, metric_target, name, target_words(evaluation->judged.kind));
    if (evaluation->n_metrics == EVALUATION_METRICS)
        return ERR_AT(err, span, out_of_range, "metrics", "at most 16 names", "more");
    evaluation->metrics[evaluation->n_metrics++] = metric;
    return true;
}

static bool choose_metrics(const Call *call, Evaluation *evaluation, Err *err)
{
    ValueList names = option_list(&call->options, "metrics");
    for (int i = 0; i < names.n; i++)
        if (!add_metric(call, evaluation, names.items[i].text, err)) return false;
    for (int i = 0; names.n == 0 && i < metric_kinds.n; i++) {
        const Metric *metric = (const Metric *)metric_kinds.items[i];
        if (strchr(metric->targets, evaluation->judged.kind) && evaluation->n_metrics < EVALUATION_METRICS)
            evaluation->metrics[evaluation->n_metrics++] = metric;
    }
    return true;
}

/* ---- what can be judged */

static bool check_outputs(const Judged *judged, Err *err)
{
    int levels = judged->kind == 'n' ? 1 : judged->n_levels;
    for (int i = 0; i < judged->n_models; i++) {
        const Model *model = judged->models[i];
        bool fits = model->n_outputs == levels || (judged->kind == 'b' && model->n_outputs == 1);
        if (!fits)
            return ERR(err, judge_outputs, model->name, INT(model->n_outputs), judged->target, INT(levels));
    }
    return true;
}

static bool check_intervals(const Call *call, Err *err)
{
    const Option *ci = option_get(&call->options, "ci");
    bool off = ci->value.type == VALUE_MISSING || (ci->value.type == VALUE_BOOL && !ci->value.on) ||
               (ci->value.type == VALUE_WORD && !strcmp(ci->value.text, "off"));
    return off || ERR_AT(err, ci->span, no_intervals, "");
}

static bool find_by(const Call *call, const Judged *judged, int *by, Err *err)
{
    const char *name = option_text(&call->options, "by");
    *by = -1;
    if (!name || frame_column(judged->frame, name, by, err)) return true;
    if (err && !err->span.source) err->span = call_span(call, "by");
    return false;
}

static void note_scores(const Evaluation *evaluation, Result *result)
{
    const Judged *judged = &evaluation->judged;
    for (int m = 0; judged->kind == 'b' && m < judged->n_models; m++) {
        size_t width = (size_t)judged->models[m]->n_outputs, i = 0;
        const double *scores = evaluation->scores[m];
        while (i < evaluation->n && scores[i * width + width - 1] >= 0 && scores[i * width + width - 1] <= 1)
            i++;
        if (i < evaluation->n) NOTE(&result->notes, not_probability, judged->models[m]->name);
    }
}

/* ---- the table and the record */

static const char *naive_name(char kind)
{
    return kind == 'n' ? "training mean" : kind == 'b' ? "base rate" : "majority class";
}

static const char *part_words(Arena *arena, const char *part)
{
    if (!strcmp(part, "train")) return "training rows";
    if (!strcmp(part, "valid")) return "validation rows";
    if (!strcmp(part, "all")) return "all rows";
    return arena_format(arena, "%s rows", part);
}

static Table *start_table(const Evaluation *evaluation, const char *by, Result *result)
{
    const Judged *judged = &evaluation->judged;
    Arena *arena = result->arena;
    Table *table = result_table(result, "figures",
                                arena_format(arena, "%s of %s, target %s%s", part_words(arena, judged->part),
                                             judged->frame_name, judged->target,
                                             evaluation->expected ? ", expected labels" : ""));
    if (by) table_column(arena, table, by, ALIGN_LEFT, 0);
    table_column(arena, table, "model", ALIGN_LEFT, 0);
    table_column(arena, table, "n", ALIGN_RIGHT, 0);
    for (int i = 0; i < evaluation->n_metrics; i++)
        table_column(arena, table, evaluation->metrics[i]->kind.name, ALIGN_RIGHT,
                     evaluation->metrics[i]->digits);
    return table;
}

static Value figure_value(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

static void set_figures(const Evaluation *evaluation, const double *figures, Record *record, Arena *arena)
{
    for (int i = 0; i < evaluation->n_metrics; i++)
        record_set(arena, record, evaluation->metrics[i]->kind.name, figure_value(figures[i]));
}

/* A row of the table. */
static void add_row(const Evaluation *evaluation, const Group *group, bool by, const char *name,
                    const double *figures, Table *table, Arena *arena)
{
    Value *row = table_row(arena, table);
    if (by) *row++ = value_text(arena, group->name);
    *row++ = value_text(arena, name);
    *row++ = value_number((double)group->n);
    for (int i = 0; i < evaluation->n_metrics; i++) *row++ = figure_value(figures[i]);
}

/* Where a name's figures go: $last.pd, $last.loans.points of a score column, and of a group
 * $last.pd.groups.north. */
static Record *place_of(Result *result, const char *name, const Group *group, bool is_group)
{
    const char *dot = strchr(name, '.');
    Record *record = result->record;
    if (dot)
        record = record_record(result->arena, record, arena_copy(result->arena, name, (size_t)(dot - name)));
    record = record_record(result->arena, record, dot ? dot + 1 : name);
    if (!is_group) return record;
    return record_record(result->arena, record_record(result->arena, record, "groups"), group->name);
}

/* A row of the table under `shown`, the same figures in the record under `name`. */
static void put(const Evaluation *evaluation, const Group *group, bool by, const char *shown,
                const char *name, const double *figures, Table *table, Result *result)
{
    bool is_group = group != evaluation->groups;
    Record *place = place_of(result, name, group, is_group);
    add_row(evaluation, group, by, shown, figures, table, result->arena);
    record_number(result->arena, place, "n", (double)group->n);
    set_figures(evaluation, figures, place, result->arena);
}

static void put_group(const Evaluation *evaluation, const Group *group, bool by, Table *table, Result *result)
{
    const Judged *judged = &evaluation->judged;
    double figures[EVALUATION_METRICS];
    bool known = false;
    for (int m = 0; m < judged->n_models; m++) {
        for (int i = 0; i < evaluation->n_metrics; i++)
            figures[i] = evaluation_figure(evaluation, group, m, i);
        put(evaluation, group, by, judged->models[m]->name, judged->models[m]->name, figures, table, result);
    }
    for (int i = 0; i < evaluation->n_metrics; i++) figures[i] = evaluation_naive(evaluation, group, i);
    put(evaluation, group, by, naive_name(judged->kind), "naive", figures, table, result);
    for (int i = 0; i < evaluation->n_metrics; i++) {
        figures[i] = evaluation_attainable(evaluation, group, i);
        known |= !isnan(figures[i]);
    }
    if (known) put(evaluation, group, by, "attainable", "attainable", figures, table, result);
}

/* One model: its figures also stand at the top of the record and under the part's name. */
static void put_single(const Evaluation *evaluation, Result *result)
{
    double figures[EVALUATION_METRICS];
    if (evaluation->judged.n_models != 1) return;
    for (int i = 0; i < evaluation->n_metrics; i++)
        figures[i] = evaluation_figure(evaluation, evaluation->groups, 0, i);
    set_figures(evaluation, figures, result->record, result->arena);
    Record *part = record_record(result->arena, result->record, evaluation->judged.part);
    record_number(result->arena, part, "n", (double)evaluation->n);
    set_figures(evaluation, figures, part, result->arena);
}

/* ---- several outputs for one number: what share of the targets lies at or below each */

static double share_below(const Evaluation *evaluation, const double *details, size_t width, size_t k)
{
    double below = 0, all = 0;
    for (size_t i = 0; i < evaluation->n; i++) {
        all += evaluation->w[i];
        if (evaluation->y[i] <= details[i * width + k]) below += evaluation->w[i];
    }
    return all > 0 ? below / all : NAN;
}

static void put_outputs(const Evaluation *evaluation, const Model *model, const double *details, Table *table,
                        Result *result)
{
    size_t width = (size_t)model->n_columns;
    Record *place = place_of(result, model->name, evaluation->groups, false);
    for (size_t k = 0; k < width; k++) {
        if (isnan(model->shares[k])) continue;
        double share = share_below(evaluation, details, width, k);
        Value *row = table_row(result->arena, table);
        row[0] = value_text(result->arena, model->name);
        row[1] = value_text(result->arena, model->columns[k]);
        row[2] = value_number(model->shares[k]);
        row[3] = figure_value(share);
        record_set(result->arena, place, model->columns[k], figure_value(share));
    }
}

static bool show_outputs(Session *session, const Evaluation *evaluation, Result *result, Err *err)
{
    const Judged *judged = &evaluation->judged;
    Table *table = NULL;
    for (int m = 0; m < judged->n_models; m++) {
        double *details;
        if (!judge_details(session, judged, m, &details, err)) return false;
        if (!details) continue;
        if (!table) {
            table = result_table(result, "outputs", "share of the targets at or below each output");
            table_column(result->arena, table, "model", ALIGN_LEFT, 0);
            table_column(result->arena, table, "output", ALIGN_LEFT, 0);
            table_column(result->arena, table, "expected", ALIGN_RIGHT, 4);
            table_column(result->arena, table, "share", ALIGN_RIGHT, 4);
        }
        put_outputs(evaluation, judged->models[m], details, table, result);
        mem_free(details);
    }
    return true;
}

static void show(const Evaluation *evaluation, const char *by, Result *result)
{
    Table *table = start_table(evaluation, by, result);
    record_text(result->arena, result->record, "target", evaluation->judged.target);
    record_number(result->arena, result->record, "n", (double)evaluation->n);
    for (int g = 1; g < evaluation->n_groups; g++)
        put_group(evaluation, &evaluation->groups[g], by, table, result);
    put_group(evaluation, &evaluation->groups[0], by, table, result);
    put_single(evaluation, result);
    note_scores(evaluation, result);
}

static bool evaluate(Session *session, const Call *call, Evaluation *evaluation, Result *result, Err *err)
{
    Judged *judged = &evaluation->judged;
    int by;
    evaluation->expected = !strcmp(option_text(&call->options, "labels"), "expected");
    if (!judge_open(session, call, option_list(&call->options, "models"), result, judged, err)) return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (!check_outputs(judged, err) || !choose_metrics(call, evaluation, err) ||
        !find_by(call, judged, &by, err) || !evaluation_make(session, evaluation, by, result, err))
        return false;
    show(evaluation, option_text(&call->options, "by"), result);
    return evaluation->judged.kind != 'n' || show_outputs(session, evaluation, result, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Evaluation evaluation = { 0 };
    if (!check_intervals(call, err)) return false;
    bool ok = evaluate(session, call, &evaluation, result, err);
    evaluation_free(&evaluation);
    return ok;
}

const CommandKind command_evaluate = {
    .kind = { .name = "evaluate",
              .help = "judges models on the same rows, beside the constant prediction",
              .more = "Events are level 1 and score higher; thresholds are 0.5; log-loss is natural, clipped "
                      "at 1e-15. "
                      "Where a simulated frame knows the truth, the row `attainable` is the best that any "
                      "score can "
                      "expect on these rows, by the truth's own expectation of the labels; labels=expected "
                      "judges the models by the same. Of several outputs for one number (loss=pinball, "
                      "gaussian) the metrics see "
                      "the forecast, and a second table what share of the targets lies at or below each: "
                      "$last.NET.q05. The row of the constant prediction is $last.naive. "
                      "Each opening "
                      "of the test rows is counted. $last holds a record for each "
                      "model, and for a single one its figures: $last.auc, $last.test.auc.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=20% "
                         "test=20%\nscale loans\n"
                         "fit logit loans as lr\nevaluate lr metrics=auc,ks,brier\nprint $last.auc digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "evaluate MODEL ... [part=] [on=] [by=] [metrics=] [labels=] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST,
    .run = run,
};
