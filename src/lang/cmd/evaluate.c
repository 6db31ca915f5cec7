/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/confusion.h"
#include "lang/figures.h"
#include "lang/judge_edges.h"

static const OptionSpec options[] = {
    { "models", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "nets, baselines, cross-validated sets, score columns FRAME.column" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "the data; else what the model learned from" },
    { "part", OPTION_PART, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "rows: train, valid, test, all, named parts; valid where the frame is split, else all" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "figures for each value of this column too" },
    CHOICE_OPTIONS,
    { "confusion", OPTION_BOOL, 0, NULL, 0, 0, NULL, NULL,
      "what is said of what is; shown where the target has several levels, or a cut-off is given" },
    { "labels", OPTION_WORD, 0, "drawn", 0, 0, "drawn|expected", NULL,
      "expected: those of the truth of a simulated frame, without the luck of the draw" },
};

static bool find_by(const Call *call, const Judged *judged, int *by, Err *err)
{
    const char *name = option_text(&call->options, "by");
    *by = -1;
    if (!name || frame_column(judged->frame, name, by, err)) return true;
    if (err && !err->span.source) err->span = call_span(call, "by");
    return false;
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
    Record *place = figures_place(result, model->name);
    for (size_t k = 0; k < width; k++) {
        if (isnan(model->shares[k])) continue;
        double share = share_below(evaluation, details, width, k);
        Value *row = table_row(result->arena, table);
        row[0] = value_text(result->arena, model->name);
        row[1] = value_text(result->arena, model->columns[k]);
        row[2] = value_number(model->shares[k]);
        row[3] = figures_value(share);
        record_set(result->arena, place, model->columns[k], figures_value(share));
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

/* ---- parts */

static bool show_confusion(const Call *call, const Evaluation *evaluation)
{
    const Option *given = option_get(&call->options, "confusion");
    if (given->given) return given->value.on;
    return evaluation->judged.kind == 'c' || evaluation->choice.cutoff_given;
}

/* Which cut-offs that `threshold` stored the figures were made with. */
static void say_cutoffs(const Evaluation *evaluation, Result *result)
{
    const Choice *choice = &evaluation->choice;
    bool depend = false;
    for (int i = 0; i < choice->n_metrics; i++) depend |= (choice->metrics[i]->sets & METRIC_CUTOFF) != 0;
    if (!depend || choice->cutoff_given || evaluation->judged.kind != 'b') return;
    for (int m = 0; m < evaluation->judged.n_models; m++) {
        const Model *model = evaluation->judged.models[m];
        char text[40];
        if (isnan(model_threshold(model))) continue;
        result_line(result, "%s: cut-off %s, stored by threshold", model->name,
                    number_short(model_threshold(model), 4, text));
    }
}

static bool show_part(const Call *call, const Evaluation *evaluation, Figures *figures, Err *err)
{
    Result *result = figures->result;
    const Judged *judged = &evaluation->judged;
    if (figures->n_parts == 1) record_number(result->arena, result->record, "n", (double)evaluation->n);
    if (!figures_add(figures, evaluation, err)) return false;
    if (judged->kind != 'n' && show_confusion(call, evaluation) && !confusion_add(figures, evaluation, err))
        return false;
    say_cutoffs(evaluation, result);
    edges_note(evaluation, &result->notes);
    return judged->kind != 'n' || show_outputs(figures->session, evaluation, result, err);
}

static bool evaluate(const Call *call, const char *part, Evaluation *evaluation, Figures *figures, Err *err)
{
    Judged *judged = &evaluation->judged;
    Result *result = figures->result;
    int by;
    evaluation->expected = !strcmp(option_text(&call->options, "labels"), "expected");
    if (!judge_open_part(figures->session, call, option_list(&call->options, "models"), part, result, judged,
                         err))
        return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    return evaluation_check_outputs(judged, err) &&
           choice_read(call, judged->kind, CI_OFF, &evaluation->choice, err) &&
           find_by(call, judged, &by, err) &&
           evaluation_make(figures->session, evaluation, by, result, err) &&
           show_part(call, evaluation, figures, err);
}

static void note_trials(Session *session, Result *result)
{
    record_number(result->arena, result->record, "trials", session->n_trials);
    if (session->n_trials > 1) NOTE(&result->notes, judge_trials, INT(session->n_trials));
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    ValueList parts = option_list(&call->options, "part");
    Figures figures = { .session = session,
                        .result = result,
                        .by = option_text(&call->options, "by"),
                        .n_parts = parts.n ? parts.n : 1 };
    bool ok = true;
    for (int i = 0; ok && i < figures.n_parts; i++) {
        Evaluation evaluation = { 0 };
        ok = evaluate(call, parts.n ? parts.items[i].text : NULL, &evaluation, &figures, err);
        if (ok) record_text(result->arena, result->record, "target", evaluation.judged.target);
        evaluation_free(&evaluation);
    }
    note_trials(session, result);
    return ok;
}

const CommandKind command_evaluate = {
    .kind = { .name = "evaluate",
              .help = "judges models on the same rows, beside the constant prediction",
              .more =
                  "Events are level 1 and score higher. metrics= takes names (help metrics) or the sets "
                  "ranking, "
                  "probability, cutoff, all. cutoff= decides what is said to be an event; cost={fn=5, fp=1} "
                  "sets it "
                  "to fp / (fp + fn). part= takes several parts, by= a column: one table over all of them.\n"
                  "ci=on adds 95% confidence intervals: DeLong's of auc and gini, Wilson's of rates, Wald's "
                  "of the "
                  "calibration "
                  "slope, and of all others resampled rows, within classes (1000 draws; 200 above 100,000 "
                  "rows), "
                  "whose bits do not depend on the threads. ci=boot(1000) resamples for all, ci=delong "
                  "leaves out "
                  "what has no closed interval. Two models and more are tested in pairs on the same rows: "
                  "auc and "
                  "gini by DeLong, accuracy by McNemar; compare tests every metric.\n"
                  "Where a simulated frame knows the truth, the row `attainable` is the best that any score "
                  "can "
                  "expect on these rows, by the truth's own expectation of the labels; labels=expected "
                  "judges the "
                  "models by the same. Of several outputs for one number (loss=pinball, gaussian) the "
                  "metrics see "
                  "the forecast, and a second table what share of the targets lies at or below each: "
                  "$last.NET.q05. "
                  "The row of the constant prediction is $last.naive. Each opening of the test rows is "
                  "counted.\n"
                  "$last holds a record for each model: $last.pd.auc, $last.pd.test.auc, "
                  "$last.pd.ci.auc.low, "
                  "$last.pd.groups.north.auc, $last.tests.lr.auc.p; of a single model also $last.auc, "
                  "$last.test.auc, $last.ci.auc.low. With several parts those with the part's name alone.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=20% "
                         "test=20%\nscale loans\n"
                         "fit logit loans as lr\nevaluate lr metrics=auc,ks,brier\nprint $last.auc digits=3\n"
                         "evaluate lr part=train,valid metrics=auc,ks,slope ci=boot(200)\n"
                         "evaluate lr metrics=cost,recall cost={fn=5, fp=1}",
              .since = "1" },
    .group = "Judging",
    .form =
        "evaluate MODEL ... [part=] [on=] [by=] [metrics=] [ci=] [cutoff=|cost=] [labels=] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST,
    .run = run,
};
