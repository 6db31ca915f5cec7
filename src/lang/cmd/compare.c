/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `compare A B ...`: figures of models side by side on the same rows, and what they differ by. */
#include <math.h>

#include "lang/bind.h"
#include "lang/judge_edges.h"
#include "lang/pairs_table.h"

static const OptionSpec options[] = {
    { "models", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "two or more: nets, baselines, cross-validated sets, score columns FRAME.column" },
    JUDGE_OPTIONS,
    CHOICE_OPTIONS,
};

static Table *begin_table(const Evaluation *evaluation, Result *result)
{
    static const char *const columns[] = { "difference", "low", "high", "p" };
    const Judged *judged = &evaluation->judged;
    Arena *arena = result->arena;
    Table *table = result_table(result, "comparison",
                                arena_format(arena, "%s of %s, target %s, %zu rows",
                                             figures_part_words(arena, judged->part), judged->frame_name,
                                             judged->target, evaluation->n));
    table_column(arena, table, "metric", ALIGN_LEFT, 0);
    table_column(arena, table, judged->models[0]->name, ALIGN_RIGHT, 4);
    table_column(arena, table, "against", ALIGN_LEFT, 0);
    table_column(arena, table, "value", ALIGN_RIGHT, 4);
    for (int c = 0; c < 4; c++) table_column(arena, table, columns[c], ALIGN_RIGHT, c < 3 ? 4 : 3);
    table_column(arena, table, "test", ALIGN_LEFT, 0);
    return table;
}

static void add_row(const Evaluation *evaluation, int m, int i, const Compared *compared, Table *table,
                    Result *result)
{
    Arena *arena = result->arena;
    const char *metric = evaluation->choice.metrics[i]->kind.name, *name = evaluation->judged.models[m]->name;
    double first = evaluation_figure(evaluation, evaluation->groups, 0, i);
    double value = evaluation_figure(evaluation, evaluation->groups, m, i);
    Value *cell = table_row(arena, table);
    cell[0] = value_text(arena, metric);
    cell[1] = figures_value(first);
    cell[2] = value_text(arena, name);
    cell[3] = figures_value(value);
    cell[4] = figures_value(value - first);
    record_set(arena, figures_place(result, evaluation->judged.models[0]->name), metric, cell[1]);
    record_set(arena, figures_place(result, name), metric, cell[3]);
    if (!compared->test) return;
    cell[5] = figures_value(compared->difference.interval.low);
    cell[6] = figures_value(compared->difference.interval.high);
    cell[7] = figures_value(compared->difference.p);
    cell[8] = value_text(arena, compared->test);
    pairs_record(arena, record_record(arena, figures_place(result, name), "against"), metric, compared);
}

static bool show(Session *session, const Evaluation *evaluation, Result *result, Err *err)
{
    int n_models = evaluation->judged.n_models, n_metrics = evaluation->choice.n_metrics;
    Compared *pairs = arena_take(result->arena, (size_t)(n_models * n_metrics + 1) * sizeof *pairs);
    if (!intervals_of_pairs(session, evaluation, pairs, err)) return false;
    Table *table = begin_table(evaluation, result);
    for (int i = 0; i < n_metrics; i++)
        for (int m = 1; m < n_models; m++)
            add_row(evaluation, m, i, &pairs[(m - 1) * n_metrics + i], table, result);
    edges_note(evaluation, &result->notes);
    return true;
}

static bool compare(Session *session, const Call *call, Evaluation *evaluation, Result *result, Err *err)
{
    ValueList names = option_list(&call->options, "models");
    Judged *judged = &evaluation->judged;
    if (names.n < 2) return ERR(err, judge_two, NULL);
    if (!judge_open(session, call, names, result, judged, err)) return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (!evaluation_check_outputs(judged, err) ||
        !choice_read(call, judged->kind, CI_ON, &evaluation->choice, err) ||
        !evaluation_make(session, evaluation, -1, result, err))
        return false;
    record_number(result->arena, result->record, "n", (double)evaluation->n);
    record_number(result->arena, result->record, "trials", session->n_trials);
    if (session->n_trials > 1) NOTE(&result->notes, judge_trials, INT(session->n_trials));
    return show(session, evaluation, result, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Evaluation evaluation = { 0 };
    bool ok = compare(session, call, &evaluation, result, err);
    evaluation_free(&evaluation);
    return ok;
}

const CommandKind command_compare = {
    .kind = { .name = "compare",
              .help = "figures of models side by side on the same rows, with their differences",
              .more = "Every further model against the first; difference is value less that of the first. "
                      "auc and gini "
                      "by the paired test of DeLong and others (1988), accuracy by McNemar's exact test "
                      "(1947), all other "
                      "figures by resampling the rows of both alike (within classes): percentile interval, "
                      "and p twice "
                      "the smaller tail of the draws. p values are not adjusted for several models.\n"
                      "$last.two.auc, $last.two.against.auc.difference, .low, .high, .p, .test.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=40%\n"
                         "fit logit loans as lr\nfit logit loans as two columns=x1,x2\n"
                         "compare lr two ci=boot(200)\nprint $last.two.against.auc.p digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "compare MODEL MODEL ... [part=] [on=] [metrics=] [ci=] [cutoff=|cost=] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST,
    .run = run,
};
