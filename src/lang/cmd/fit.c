/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "finance/baseline.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "kind", OPTION_KIND, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, &baseline_kinds,
      "what to fit" },
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "what to fit it to" },
    { "columns", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "inputs; every input column otherwise" },
};

static const Record *terms_of(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_RECORD ? value->record : NULL;
}

enum { TERMS = 5 };

/* Coefficients, standard errors, their ratio, its p-value, variance inflation. */
static void show_terms(const Record *record, bool exact, Result *result)
{
    static const char *const members[TERMS] = { "coefficients", "errors", "ratios", "p", "vif" };
    const Record *columns[TERMS];
    for (int c = 0; c < TERMS; c++)
        if (!(columns[c] = terms_of(record, members[c]))) return;
    Table *table = result_table(result, "terms", NULL);
    table_column(result->arena, table, "input", ALIGN_LEFT, 0);
    table_column(result->arena, table, "coefficient", ALIGN_RIGHT, 5);
    table_column(result->arena, table, "std. error", ALIGN_RIGHT, 4);
    table_column(result->arena, table, exact ? "t" : "z", ALIGN_RIGHT, 3);
    table_column(result->arena, table, "p", ALIGN_RIGHT, 3);
    table_column(result->arena, table, "VIF", ALIGN_RIGHT, 3);
    for (int i = 0; i < columns[0]->n; i++) {
        Value *row = table_row(result->arena, table);
        row[0] = value_text(result->arena, columns[0]->members[i].name);
        for (int c = 0; c < TERMS; c++) row[c + 1] = *columns[c]->members[i].value;
    }
}

static void show_model(const Model *model, const char *frame_name, Result *result)
{
    Value learned = model->kind->record(model, result->arena);
    const Value *n = record_get(learned.record, "n");
    result_line(result, "%s: %s of %s on %.0f training rows of %s", model->name, model->kind->name,
                model->prep->target, n ? n->number : NAN, frame_name);
    show_terms(learned.record, model->prep->target_kind == 'n', result);
    for (int i = 0; i < learned.record->n; i++)
        record_set(result->arena, result->record, learned.record->members[i].name,
                   *learned.record->members[i].value);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const BaselineKind *kind = (const BaselineKind *)option_kind(&call->options, "kind");
    const char *name = option_text(&call->options, "frame");
    const Frame *frame = session_frame(session, name, err);
    Options kind_options;
    if (!frame || !bind_kind(call, "kind", &kind_options, err)) return false;
    Model *model = baseline_fit(kind, frame, name, option_list(&call->options, "columns"), &kind_options,
                                call->as, &result->notes, &session->progress, err);
    if (!model) return false;
    show_model(model, name, result);
    return session_put(session, call->as, object_model(model), call->replace, err);
}

const CommandKind command_fit = {
    .kind = { .name = "fit",
              .help = "fits a baseline that a net has to beat",
              .more =
                  "logit: logistic regression of two levels, l2= a ridge penalty (0). ols: least squares of "
                  "a "
                  "number. Both show coefficients, standard errors, p-values, and the variance inflation "
                  "factor 1 / (1 - R^2) of each input on the others: above 10 its coefficient says little. "
                  "naive: the mean or base rate, or (method=last) the last value known of a series. All go "
                  "through the frame's recipe, use its training rows only, and are judged like nets: "
                  "$last.coefficients.x1, .errors, .ratios, .p, .vif.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=20% "
                         "test=20%\nscale loans\n"
                         "fit logit loans as lr\nevaluate lr",
              .since = "1" },
    .group = "Training",
    .form = "fit logit|ols|naive FRAME [columns=] [l2=] [method=mean|last] as NAME",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_EXTRA | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
