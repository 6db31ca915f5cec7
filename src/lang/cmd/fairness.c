/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `fairness MODEL`: what a cut-off does to the groups of protected columns. */
#include <gsl/gsl_cdf.h>

#include "lang/bind.h"
#include "lang/fairness.h"
#include "lang/flip.h"

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column" },
    JUDGE_OPTIONS,
    { "by", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns whose groups are compared; those with the role protect otherwise" },
    { "cutoff", OPTION_NUMBER, 0, NULL, 0, 0, NULL, NULL,
      "approved below this score; what `threshold` stored otherwise, else 0.5" },
    { "reference", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "the group that others are compared with; the largest otherwise" },
    BANDS_OPTION,
    { "level", OPTION_FRACTION, OPTION_OPEN_MIN | OPTION_OPEN_MAX, "95%", 0, 1, NULL, NULL,
      "what intervals cover" },
};

static bool judge_column(Fairness *fairness, int column, Err *err)
{
    Grouping grouping = { .column = &fairness->evaluation.judged.frame->columns[column] };
    bool ok = grouping_make(fairness->call, &fairness->evaluation, &grouping, err);
    FairPart *parts = ok ? arena_take(fairness->call->arena, (size_t)grouping.n * sizeof *parts + 1) : NULL;
    ok = ok && fairness_fill(fairness, &grouping, parts, err);
    if (ok) fairness_show(fairness, &grouping, parts);
    mem_free(grouping.group);
    return ok;
}

static bool find_columns(const Fairness *fairness, int **out, int *n, Err *err)
{
    const Judged *judged = &fairness->evaluation.judged;
    const Frame *frame = judged->frame;
    ValueList by = option_list(&fairness->call->options, "by");
    *n = 0;
    if (by.n) {
        if (frame_select(frame, by, false, fairness->call->arena, out, n, err)) return true;
        if (err && !err->span.source) err->span = call_span(fairness->call, "by");
        return false;
    }
    *out = arena_take(fairness->call->arena, (size_t)frame->n_columns * sizeof **out + 1);
    for (int c = 0; c < frame->n_columns; c++)
        if (frame->columns[c].role == ROLE_PROTECTED) (*out)[(*n)++] = c;
    return *n > 0 || ERR(err, fair_no_column, judged->frame_name);
}

static bool open_rows(Session *session, Fairness *fairness, Err *err)
{
    const Call *call = fairness->call;
    Evaluation *evaluation = &fairness->evaluation;
    Judged *judged = &evaluation->judged;
    if (!judge_open(session, call, option_list(&call->options, "model"), fairness->result, judged, err))
        return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (judged->kind != 'b')
        return ERR(err, judge_events, "fairness", judged->target,
                   judged->kind == 'n' ? "numbers" : "more levels");
    evaluation->choice.settings = judging_defaults;
    return evaluation_check_outputs(judged, err) &&
           evaluation_make(session, evaluation, -1, fairness->result, err);
}

static bool compare(Fairness *fairness, Err *err)
{
    const Call *call = fairness->call;
    Result *result = fairness->result;
    int *columns, n;
    fairness->cutoff = judged_cutoff(call, fairness->evaluation.judged.models[0]);
    fairness->z = gsl_cdf_ugaussian_Pinv((1 + option_number(&call->options, "level")) / 2);
    if (!find_columns(fairness, &columns, &n, err)) return false;
    fairness_begin(fairness);
    for (int c = 0; c < n; c++)
        if (!judge_column(fairness, columns[c], err)) return false;
    const Option *reference = option_get(&call->options, "reference");
    if (reference->given && !fairness->found_reference) {
        Buf text = { 0 };
        value_show(&text, &reference->value, 0);
        ERR_AT(err, reference->span, fair_reference, buf_text(&text));
        buf_free(&text);
        return false;
    }
    record_number(result->arena, result->record, "cutoff", fairness->cutoff);
    record_number(result->arena, result->record, "n", (double)fairness->evaluation.n);
    if (fairness->marked) NOTE(&result->notes, fair_small, INT(FAIR_FEW_ROWS), INT(FAIR_FEW_EVENTS));
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Fairness fairness = { .call = call, .result = result };
    bool ok = open_rows(session, &fairness, err) && compare(&fairness, err);
    evaluation_free(&fairness.evaluation);
    return ok;
}

const CommandKind command_fairness = {
    .kind = { .name = "fairness",
              .help = "what a cut-off does to the groups of protected columns",
              .more =
                  "Approved is a score below the cut-off. AIR, the adverse impact ratio, is the approval "
                  "rate "
                  "of a group over that of the reference group, with the interval of Katz and others (1978); "
                  "below 4/5 it is taken as evidence of adverse impact (29 CFR 1607.4 D). TPR is the share "
                  "of "
                  "the events that are declined, FPR that of the others; their differences are those to the "
                  "reference. Where approval is the good outcome, equal opportunity (Hardt, Price, Srebro "
                  "2016) asks that the FPR difference be 0. Event rate beside mean score is the calibration "
                  "of the group. Numbers with more than 10 values are put in quartiles, or bands= (an end "
                  "belongs to the band below it). Protected columns are those of role protect=, which no "
                  "model reads.\n"
                  "$last.COLUMN.air (the least), $last.groups.COLUMN.GROUP.approved, .air, .air_low, "
                  ".event_rate, .score, .tpr, .fpr, .tpr_difference, .fpr_difference, .auc.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=2000\nderive loans sex = ifelse(x5 > 0, \"f\", \"m\") "
                  "age = round(45 + 10 * x6)\nrole loans protect=sex,age\n"
                  "split loans train=60% valid=40%\nfit logit loans as lr\n"
                  "fairness lr cutoff=10% bands=35,50\nprint $last.sex.air digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "fairness MODEL [cutoff=] [by=COLUMN,..] [reference=GROUP] [bands=] [level=95%] [part=] [on=] "
            "[if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST,
    .run = run,
};
