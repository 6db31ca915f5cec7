/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `explain MODEL row=|id=`: what each column of one row adds to the model's answer, and the least change that
 * would turn the decision. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/explaining.h"
#include "lang/figures.h"
#include "lang/flip.h"

enum { CHART_COLUMNS = 20, NAMED_ROWS = 8 };

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net or a linear baseline" },
    { "row", OPTION_NUMBER, 0, NULL, 0, 0, NULL, NULL, "the row, by its number in the file or simulation" },
    { "id", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "the row, by its id" },
    JUDGE_OPTIONS,
    EXPLAIN_OPTIONS("64"),
    FLIP_OPTIONS,
};

/* ---- which row */

static bool no_row(const Call *call, const Judged *judged, double number, const char *part, Err *err)
{
    Span span = call_span(call, "row");
    uint32_t row;
    if (!judged_find_row(judged->frame, NULL, judged->frame->n_rows, number, &row)) {
        ERR_AT(err, span, no_row, judged->frame_name, NUM(number));
        return err_hint(err, "%s has %zu rows", judged->frame_name, judged->frame->n_rows);
    }
    if (part && strcmp(part, "all"))
        return ERR_AT(err, span, row_elsewhere, NUM(number), judged->frame_name, part);
    const Prep *prep = judged->models[0]->prep;
    return ERR_AT(err, span, row_no_sample, NUM(number), judged->frame_name,
                  prep ? sample_kind_name(prep->sample.kind) : "row", judged->models[0]->name);
}

static const char *row_numbers(const Judged *judged, const uint32_t *rows, size_t n, Arena *arena)
{
    Buf text = { 0 };
    for (size_t i = 0; i < n && i < NAMED_ROWS; i++)
        buf_printf(&text, "%s%zu", i ? ", " : "", frame_row_number(judged->frame, rows[i]));
    if (n > NAMED_ROWS) buf_puts(&text, ", ...");
    const char *numbers = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return numbers;
}

static int id_column(const Judged *judged)
{
    const Prep *prep = judged->models[0]->prep;
    int column = frame_role(judged->frame, ROLE_ID);
    return column < 0 && prep && prep->id ? frame_find(judged->frame, prep->id) : column;
}

/* The judged rows with that id; the array is from the arena. */
static size_t rows_of_id(const Judged *judged, const Column *ids, const char *wanted, Arena *arena,
                         uint32_t **out)
{
    size_t n = 0;
    Buf text = { 0 };
    *out = arena_take(arena, judged->n * sizeof **out + 1);
    for (size_t i = 0; i < judged->n; i++) {
        buf_clear(&text);
        column_text(ids, frame_physical(judged->frame, judged->rows[i]), &text);
        if (text_equal(buf_text(&text), wanted)) (*out)[n++] = judged->rows[i];
    }
    buf_free(&text);
    return n;
}

static bool find_by_id(const Call *call, const Judged *judged, uint32_t *row, Err *err)
{
    const Option *option = option_get(&call->options, "id");
    int column = id_column(judged);
    if (column < 0) return ERR_AT(err, option->span, explain_no_id, judged->frame_name);
    const FrameColumn *ids = &judged->frame->columns[column];
    Buf text = { 0 };
    uint32_t *rows;
    value_show(&text, &option->value, 0);
    size_t n = rows_of_id(judged, ids->column, buf_text(&text), call->arena, &rows);
    if (n == 0) ERR_AT(err, option->span, no_id_row, judged->frame_name, ids->name, buf_text(&text));
    if (n > 1)
        ERR_AT(err, option->span, id_rows, judged->frame_name, INT(n), ids->name, buf_text(&text),
               row_numbers(judged, rows, n, call->arena));
    buf_free(&text);
    *row = rows[0];
    return n == 1;
}

/* What is judged becomes that one row. */
static bool choose_row(const Call *call, Judged *judged, const char *part, Err *err)
{
    const Option *number = option_get(&call->options, "row"), *id = option_get(&call->options, "id");
    uint32_t row = 0;
    if (number->given == id->given) return ERR_AT(err, call->span, explain_which, judged->frame_name);
    if (id->given && !find_by_id(call, judged, &row, err)) return false;
    if (number->given && !judged_find_row(judged->frame, judged->rows, judged->n, number->value.number, &row))
        return no_row(call, judged, number->value.number, part, err);
    judged->rows[0] = row;
    judged->n = 1;
    return true;
}

/* ---- what is shown */

typedef struct Shown {
    const Call *call;
    const Judged *judged;
    const Explaining *explaining;
    const Explained *explained; /* of one row */
    const double *scores;       /* (n_outputs) as the model gives them */
    int *order;                 /* columns by size */
    Result *result;
} Shown;

static void sort_columns(Shown *shown)
{
    const double *parts = shown->explained->parts;
    int n = shown->explaining->explainer->n_columns;
    shown->order = arena_take(shown->call->arena, (size_t)n * sizeof *shown->order + 1);
    for (int g = 0; g < n; g++) {
        int at = g;
        for (; at > 0 && fabs(parts[g]) > fabs(parts[shown->order[at - 1]]); at--)
            shown->order[at] = shown->order[at - 1];
        shown->order[at] = g;
    }
}

/* "-1.672 (probability 0.158)" of log-odds, else the number alone. */
static const char *answer_words(const Shown *shown, double answer)
{
    char text[40], score[40];
    number_short(answer, 5, text);
    if (!shown->explaining->explainer->link) return arena_text(shown->call->arena, text);
    return arena_format(shown->call->arena, "%s (probability %s)", text,
                        number_short(1 / (1 + exp(-answer)), 4, score));
}

static void show_head(const Shown *shown)
{
    const Judged *judged = shown->judged;
    const Explaining *explaining = shown->explaining;
    result_line(shown->result, "%s, row %zu of %s: %s: %s", judged->models[0]->name,
                frame_row_number(judged->frame, judged->rows[0]), judged->frame_name, explaining->scale,
                answer_words(shown, shown->explained->score[0]));
    result_line(shown->result, "reference, %s: %s", explaining->reference,
                answer_words(shown, shown->explained->reference[0]));
}

static void show_chart(const Shown *shown)
{
    const Explainer *explainer = shown->explaining->explainer;
    Arena *arena = shown->result->arena;
    int n = explainer->n_columns < CHART_COLUMNS ? explainer->n_columns : CHART_COLUMNS;
    double *values = arena_take(arena, (size_t)n * sizeof *values + 1);
    const char **names = arena_take(arena, (size_t)n * sizeof *names + 1);
    for (int i = 0; i < n; i++) {
        values[i] = shown->explained->parts[shown->order[i]];
        names[i] = arena_text(arena, explainer->columns[shown->order[i]]);
    }
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart =
        (Chart){ .kind = CHART_BARS,
                 .title = arena_format(arena, "what each column adds to the %s", shown->explaining->scale),
                 .values = values,
                 .rows = n,
                 .columns = 1,
                 .row_names = names,
                 .y_low = NAN,
                 .y_high = NAN };
    result_chart(shown->result, chart, n + 1, 0);
}

static Value own_value(const Shown *shown, const Frame *derived, const char *name)
{
    int c = frame_find(derived, name);
    if (c < 0) return value_missing();
    return column_value(derived->columns[c].column, frame_physical(derived, shown->judged->rows[0]),
                        shown->result->arena);
}

static void show_table(const Shown *shown, const Frame *derived)
{
    const Explainer *explainer = shown->explaining->explainer;
    bool sampled =
        !shown->explaining->how.gradients && !explainer_is_exact(explainer, &shown->explaining->how);
    Arena *arena = shown->result->arena;
    Record *parts = record_record(arena, shown->result->record, "parts"),
           *errors = sampled ? record_record(arena, shown->result->record, "errors") : NULL;
    Table *table = result_table(shown->result, "contributions", arena_text(arena, shown->explaining->method));
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "value", ALIGN_RIGHT, 5);
    table_column(arena, table, "adds", ALIGN_RIGHT, 4);
    if (sampled) table_column(arena, table, "std. error", ALIGN_RIGHT, 2);
    for (int i = 0; i < explainer->n_columns; i++) {
        int g = shown->order[i];
        const char *name = explainer->columns[g];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, name);
        row[1] = own_value(shown, derived, name);
        row[2] = figures_value(shown->explained->parts[g]);
        record_set(arena, parts, name, row[2]);
        if (!sampled) continue;
        row[3] = figures_value(shown->explained->errors[g]);
        record_set(arena, errors, name, row[3]);
    }
}

static void show_sum(const Shown *shown)
{
    const Explainer *explainer = shown->explaining->explainer;
    Record *record = shown->result->record;
    Arena *arena = shown->result->arena;
    double sum = 0, score = shown->explained->score[0], reference = shown->explained->reference[0];
    char text[3][40];
    for (int g = 0; g < explainer->n_columns; g++) sum += shown->explained->parts[g];
    double remainder = score - reference - sum;
    record_number(arena, record, "answer", score);
    record_number(arena, record, "reference", reference);
    record_number(arena, record, "sum", sum);
    record_number(arena, record, "remainder", remainder);
    number_short(sum, 5, text[0]);
    number_short(score - reference, 5, text[1]);
    number_short(remainder, 2, text[2]);
    bool approximate =
        shown->explaining->how.gradients && !explainer_is_exact(explainer, &shown->explaining->how);
    if (approximate)
        result_line(shown->result, "sum %s of %s, remainder %s", text[0], text[1], text[2]);
    else
        result_line(shown->result, "sum %s, the answer less that of the reference", text[0]);
}

/* The score as the model gives it; where that is not the logistic of what was explained, it is calibrated. */
static void show_score(const Shown *shown)
{
    const Explainer *explainer = shown->explaining->explainer;
    const Model *model = explainer->model;
    double score = shown->scores[model->n_outputs > 1 ? explainer->output : 0];
    record_number(shown->result->arena, shown->result->record, "score", score);
    if (!explainer->link) return;
    double raw = 1 / (1 + exp(-shown->explained->score[0]));
    if (fabs(raw - score) <= 1e-4) return;
    char text[40];
    result_line(shown->result, "calibrated score: %s", number_short(score, 4, text));
    NOTE(&shown->result->notes, explain_calibrated, model->name);
}

static bool show(Shown *shown, Err *err)
{
    Frame *derived = prep_derive(shown->explaining->explainer->prep, shown->judged->frame, NULL, err);
    if (!derived) return false;
    sort_columns(shown);
    show_head(shown);
    show_chart(shown);
    show_table(shown, derived);
    show_sum(shown);
    show_score(shown);
    frame_unref(derived);
    return true;
}

/* ---- the verb */

/* The most probable of several levels. */
static int best_level(const Judged *judged, const double *scores)
{
    int best = 0;
    for (int k = 1; k < judged->models[0]->n_outputs; k++)
        if (scores[k] > scores[best]) best = k;
    return best;
}

static bool contribute(Session *session, Shown *shown, Explaining *explaining, Err *err)
{
    const Judged *judged = shown->judged;
    size_t n = (size_t)explaining->explainer->n_columns;
    double score, reference;
    Explained explained = { arena_take(shown->call->arena, n * sizeof(double) + 1),
                            arena_take(shown->call->arena, n * sizeof(double) + 1), &score, &reference };
    ModelInputs inputs;
    shown->explaining = explaining;
    shown->explained = &explained;
    bool ok =
        inputs_read(judged->models[0], judged->frame, judged->rows, 1, &inputs, &shown->result->notes, err) &&
        explainer_run(explaining->explainer, &inputs, &explaining->how, &session->progress, &explained,
                      err) &&
        show(shown, err);
    inputs_free(&inputs);
    return ok;
}

static bool explain_row(Session *session, Shown *shown, Err *err)
{
    Explaining explaining;
    int best = shown->judged->kind == 'c' ? best_level(shown->judged, shown->scores) : -1;
    bool ok = explaining_open(session, shown->call, shown->judged, best, &explaining, err) &&
              contribute(session, shown, &explaining, err);
    explaining_close(&explaining);
    return ok && (!option_bool(&shown->call->options, "flip") ||
                  flip_show(session, shown->call, shown->judged, shown->result, err));
}

static bool explain(Session *session, const Call *call, Judged *judged, Result *result, Err *err)
{
    const char *part = option_text(&call->options, "part");
    /* Of all rows that are looked through, nothing is to be said. */
    Result *aside = part ? result : result_new(call->arena, result->verb);
    double *scores = NULL;
    if (!judge_open_part(session, call, option_list(&call->options, "model"), part ? part : "all", aside,
                         judged, err) ||
        !choose_row(call, judged, part, err) || !judge_scores(session, judged, 0, true, &scores, result, err))
        return false;
    record_text(result->arena, result->record, "frame", judged->frame_name);
    record_number(result->arena, result->record, "row",
                  (double)frame_row_number(judged->frame, judged->rows[0]));
    Shown shown = { .call = call, .judged = judged, .scores = scores, .result = result };
    bool ok = explain_row(session, &shown, err);
    mem_free(scores);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Judged judged = { 0 };
    bool ok = explain(session, call, &judged, result, err);
    judge_close(&judged);
    return ok;
}

const CommandKind command_explain = {
    .kind = { .name = "explain",
              .help = "what each column of a row adds to the model's answer, and what would turn it",
              .more =
                  "The parts sum to f(row) - f(reference); all inputs that the recipe makes of a column "
                  "count "
                  "as that column. f is the log-odds where the model has them (a calibration or prior "
                  "correction moves no part of those), else the score.\n"
                  "method=shapley: the mean gain, over all orders in which the columns can take the row's "
                  "values, of the step of that column (Shapley 1953). Up to 10 columns all coalitions are "
                  "counted; more are sampled, each order also backwards (Castro, Gomez, Tejada 2009), with "
                  "standard errors. A linear model's parts are exact: coefficient times (input - "
                  "reference).\n"
                  "method=gradients: (x - r) times the mean gradient on the line from r to x (Sundararajan, "
                  "Taly, Yan 2017), by Gauss-Legendre points; what they miss is printed as remainder.\n"
                  "flip=on looks for the least change of one column, then of two, that takes the score over "
                  "the cut-off: numbers along the quantiles of the training rows (of all where on= is not "
                  "split), in units of their interquartile range, a change of level counting 1. keep= names "
                  "columns that cannot "
                  "change; protected ones never do.\n"
                  "$last.parts.COLUMN, .errors.COLUMN, .answer, .reference, .sum, .remainder, .score, "
                  ".flip.found, .flip.size, .flip.score, .flip.changes.COLUMN.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nsplit loans train=60% valid=40%\nscale loans\n"
                         "fit logit loans as lr\nexplain lr row=17\nprint $last.sum digits=3\n"
                         "explain lr row=17 scale=score reference=row(3) permutations=20\n"
                         "explain lr row=17 flip=on cutoff=20% keep=x1",
              .since = "1" },
    .group = "Looking inside",
    .form = "explain MODEL row=NUMBER|id=VALUE [method=shapley|gradients] [reference=mean|zero|row(N)] "
            "[scale=logit|score] [level=] [permutations=64] [flip=on cutoff= keep=] [on=] [part=]",
    .flags = COMMAND_LAST,
    .run = run,
};
