/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `drift MODEL`: how far score, inputs, calibration and ranking have moved from a reference sample. */
#include <string.h>

#include "lang/bind.h"
#include "lang/chart_file.h"
#include "lang/drift.h"
#include "lang/evaluation.h"

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "the new data; else what the model learned from" },
    { "part", OPTION_PART, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "rows of it: one part or several; valid where the frame is split, else all" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "day, week, month, quarter or year of the time column, or a column" },
    { "bins", OPTION_INTEGER, 0, "10", 2, BINS_MAX, NULL, NULL,
      "of numbers, of equal mass on the reference" },
    { "reference", OPTION_PART, 0, NULL, 0, 0, NULL, NULL,
      "rows of the model's frame that the others are compared with; train where it is split, else all" },
    { "to", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL, "an SVG file for the chart" },
};

static bool open_reference(Drift *drift, const char *part, Err *err)
{
    const Call *call = drift->call;
    Judged *judged = &drift->reference.judged;
    if (!judge_open_reference(drift->session, call, option_list(&call->options, "model"), part, drift->result,
                              judged, err))
        return false;
    if (judged->n == 0)
        return ERR_AT(err, call_span(call, "reference"), drift_no_reference, judged->frame_name,
                      judged->part);
    drift->model = judged->models[0];
    return (!judged->kind || evaluation_check_outputs(judged, err)) &&
           driftsample_open(drift, &drift->reference, err) && drift_begin(drift, err);
}

/* Rows that are compared with themselves. */
static bool note_overlap(const Drift *drift, const DriftSample *sample, Err *err)
{
    const Judged *reference = &drift->reference.judged, *judged = &sample->judged;
    size_t both = 0, n = reference->frame->n_physical;
    if (reference->frame != judged->frame) return true;
    uint8_t *is_there = mem_get(n, 1, err);
    if (!is_there) return false;
    for (size_t i = 0; i < reference->n; i++)
        is_there[frame_physical(reference->frame, reference->rows[i])] = 1;
    for (size_t i = 0; i < judged->n; i++) both += is_there[frame_physical(judged->frame, judged->rows[i])];
    mem_free(is_there);
    if (both) NOTE(&drift->result->notes, drift_itself, INT(both), INT(judged->n));
    return true;
}

static bool compare(Drift *drift, const char *part, bool several, Err *err)
{
    const Call *call = drift->call;
    DriftSample sample = { 0 };
    int from = drift->n_groups;
    bool ok = judge_open_part(drift->session, call, option_list(&call->options, "model"), part, drift->result,
                              &sample.judged, err);
    if (ok && sample.judged.n == 0) ok = ERR(err, drift_no_rows, sample.judged.frame_name);
    ok = ok && note_overlap(drift, &sample, err) && driftsample_open(drift, &sample, err) &&
         drift_divide(drift, &sample, several, err) && drift_measure(drift, &sample, from, err);
    driftsample_close(&sample);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    ValueList parts = option_list(&call->options, "part");
    Drift drift = { .session = session,
                    .call = call,
                    .result = result,
                    .wanted = (int)option_integer(&call->options, "bins"),
                    .by = option_text(&call->options, "by"),
                    .groups = arena_take(call->arena, DRIFT_GROUPS * sizeof(DriftGroup)) };
    Chart *chart = NULL;
    bool ok = open_reference(&drift, option_text(&call->options, "reference"), err);
    for (int i = 0; ok && i < (parts.n ? parts.n : 1); i++)
        ok = compare(&drift, parts.n ? parts.items[i].text : NULL, parts.n > 1, err);
    ok = ok && drift_show(&drift, &chart, err) &&
         (!option_given(&call->options, "to") || chart_file_write(session, call, chart, result, err));
    drift_end(&drift);
    return ok;
}

const CommandKind command_drift = {
    .kind = { .name = "drift",
              .help = "how far score, inputs, calibration and ranking moved from the training rows",
              .more =
                  "PSI of the score, CSI of every input column: sum over bins of (a - e) ln(a / e), e the "
                  "bin's share of the reference, a of the new rows. Bins are fixed on the reference: "
                  "of equal mass for numbers (equal values together), one for each level; missing cells and "
                  "levels that the reference "
                  "does not know are bins of their own. A bin that is empty on one side counts half a row "
                  "there, and a note says so. The usual thresholds 0.1 and 0.25 know nothing of the number "
                  "of rows: beside each figure stands the critical value chi^2(bins - 1, 95%) (1/n + 1/m) "
                  "of n and m rows (Yurdakul and Naranjo 2020); drift is `none shown` up to it, above it "
                  "small, moderate (0.1), large (0.25). A normal column that moves by d standard deviations "
                  "has PSI d^2 in fine bins.\n"
                  "Where the target is there: its mean beside that of the score, the intercept of the "
                  "calibration in the large (0 is right; ln 2 where the odds have doubled) with its z, and "
                  "the AUC with DeLong's 95% interval. by=month goes by the time column, empty months "
                  "included. In the shares rows count once each, in means and the AUC by their weights. Of "
                  "samples of several rows the columns are those of the target row.\n"
                  "$last.psi, .critical, .intercept, .auc, .csi.COLUMN of one group, $last.groups.NAME.psi "
                  "of several, $last.reference.auc, $last.above of $last.comparisons.",
              KIND_OPTIONS(options),
              .example = "simulate drift as loans rows=4000 months=24 shift=0.5 odds=2\n"
                         "split loans train=50% valid=25% test=25%\nscale loans\nfit logit loans as lr\n"
                         "drift lr by=quarter part=test\nprint $last.reference.n\n"
                         "drift lr\nprint $last.psi digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "drift MODEL [on=FRAME] [part=] [by=month|COLUMN] [bins=10] [reference=PART] [to=\"file.svg\"] "
            "[replace] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST | COMMAND_REPLACE,
    .run = run,
};
