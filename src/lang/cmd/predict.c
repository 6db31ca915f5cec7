/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "data/source.h"
#include "lang/bind.h"
#include "lang/forecast.h"
#include "model/decision.h"
#include "lang/reasons.h"

enum { SHOWN_ROWS = 10 };

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column" },
    JUDGE_OPTIONS,
    { "to", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL, "a CSV file to write" },
    { "points", OPTION_BOOL, 0, NULL, 0, 0, NULL, NULL,
      "a column of points; where scorecard gave the model a scale, else 600 at 19 to 1, 50 to double" },
    REASON_OPTIONS,
};

static void show_head(const Frame *forecast, Result *result, const Call *call)
{
    uint32_t rows[SHOWN_ROWS];
    size_t n = forecast->n_rows < SHOWN_ROWS ? forecast->n_rows : SHOWN_ROWS;
    for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)i;
    Table *table = result_table(result, "predictions", NULL);
    for (int c = 0; c < forecast->n_columns; c++) {
        ColumnType type = forecast->columns[c].column->type;
        bool right = type == COLUMN_NUMBER || type == COLUMN_INTEGER;
        table_column(call->arena, table, forecast->columns[c].name, right ? ALIGN_RIGHT : ALIGN_LEFT,
                     type == COLUMN_NUMBER ? 5 : 0);
    }
    for (size_t i = 0; i < n; i++) {
        Value *row = table_row(call->arena, table);
        for (int c = 0; c < forecast->n_columns; c++)
            row[c] = column_value(forecast->columns[c].column, rows[i], call->arena);
    }
    if (n < forecast->n_rows)
        result_line(result, "%zu of %zu rows; `as NAME` keeps them, to=\"file.csv\" writes them", n,
                    forecast->n_rows);
}

static bool write_file(Session *session, const Call *call, const Frame *forecast, Result *result, Err *err)
{
    const char *to = option_text(&call->options, "to");
    if (!to) return true;
    const char *path = session_path(session, call->arena, to);
    if (file_exists(path) && !call->replace) return ERR_AT(err, call_span(call, "to"), file_is_there, to);
    if (!frame_save_csv(forecast, path, err)) return false;
    record_text(result->arena, result->record, "file", to);
    result_line(result, "%s: %zu %s", to, forecast->n_rows,
                count_noun((double)forecast->n_rows, "row", "rows"));
    return true;
}

/* The name first: it may be refused, and a file cannot be taken back. */
static bool deliver(Session *session, const Call *call, const Frame *forecast, Result *result, Err *err)
{
    record_number(result->arena, result->record, "n", (double)forecast->n_rows);
    if (call->as) {
        if (!session_put(session, call->as, object_frame(frame_ref(forecast)), call->replace, err))
            return false;
        result_line(result, "%s: %zu %s, %d columns", call->as, forecast->n_rows,
                    count_noun((double)forecast->n_rows, "row", "rows"), forecast->n_columns);
    }
    if (!write_file(session, call, forecast, result, err)) return false;
    if (!call->as && !option_given(&call->options, "to")) show_head(forecast, result, call);
    return true;
}

/* The scale of points that the forecast is to show. */
static void choose_points(const Call *call, Judged *judged)
{
    Model *model = judged->models[0];
    Decision decision = model->decision ? *model->decision : decision_none;
    bool wanted = option_bool(&call->options, "points");
    if (!option_given(&call->options, "points") || wanted == (decision.points != NULL)) return;
    decision.points = wanted ? &points_usual : NULL;
    judged->models[0] = model_with_decision(model, model->name, &decision);
    model_unref(model);
}

static bool predict(Session *session, const Call *call, Judged *judged, Result *result, Err *err)
{
    double *scores, *details = NULL;
    if (!judge_open(session, call, option_list(&call->options, "model"), result, judged, err) ||
        !judge_scores(session, judged, 0, true, &scores, result, err))
        return false;
    choose_points(call, judged);
    Frame *forecast = judge_details(session, judged, 0, &details, err)
                          ? forecast_frame(judged, scores, details, err)
                          : NULL;
    mem_free(details);
    mem_free(scores);
    bool ok = forecast && reasons_add(session, call, judged, forecast, result, err) &&
              deliver(session, call, forecast, result, err);
    frame_unref(forecast);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Judged judged = { 0 };
    bool ok = predict(session, call, &judged, result, err);
    judge_close(&judged);
    return ok;
}

const CommandKind command_predict = {
    .kind = { .name = "predict",
              .help = "scores rows: one row out for one in, in their order",
              .more =
                  "Columns: row (its number in the file or simulation), id, time and target where there are, "
                  "score (P(event) or a number) or score_LEVEL, and pred, the level (the event from the "
                  "cut-off "
                  "of `threshold` on, else from 0.5); of loss=pinball q05, q50, .., of loss=gaussian mean "
                  "and "
                  "sd; points after `scorecard`, grade after `grade`. Raw rows may hold their columns in any "
                  "order; levels that the training rows did not show are counted.\n"
                  "reasons=4 adds the columns that raise the score most above the reference (explain), only "
                  "those that raise it, as reason1, reason1_by (how much), ...; texts= puts words in their "
                  "place, and a column without a text is an error. method=gradients is quicker where a net "
                  "reads many columns.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=20% "
                         "test=20%\nscale loans\n"
                         "fit logit loans as lr\npredict lr part=all as scored\nhead scored 3\npredict lr "
                         "reasons=3 as told\n"
                         "head told 3",
              .since = "1" },
    .group = "Judging",
    .form = "predict MODEL [on=FRAME] [part=] [as NAME] [to=\"file.csv\"] [reasons=4 texts=\"file.csv\"] "
            "[replace] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_AS | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
