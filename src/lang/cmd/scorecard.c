/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `scorecard MODEL|FRAME`: points for probabilities; of a logit on weights of evidence by column and bin. */
#include "finance/scorecard.h"

#include <math.h>
#include <string.h>

#include "data/woe.h"
#include "finance/baseline.h"
#include "lang/bind.h"
#include "lang/deciding.h"
#include "lang/figures.h"
#include "lang/forecast.h"
#include "lang/woe_recipe.h"
#include "measures/scored.h"

static const OptionSpec options[] = {
    { "model", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a model, or a frame: bins, weights of evidence and a logit are then fitted to it" },
    { "points", OPTION_NUMBER, 0, "600", 0, 0, NULL, NULL, "at the odds" },
    { "odds", OPTION_NUMBER, OPTION_OPEN_MIN, "19", 0, 1e12, NULL, NULL, "good to bad, at the points" },
    { "pdo", OPTION_NUMBER, OPTION_OPEN_MIN, "50", 0, 1e6, NULL, NULL, "points that double the odds" },
    { "columns", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "of a frame: its columns; every input column otherwise" },
    JUDGE_OPTIONS,
};

enum { SCALE_STEPS = 4 };

static PointScale scale_of(const Call *call)
{
    return (PointScale){ option_number(&call->options, "points"), option_number(&call->options, "odds"),
                         option_number(&call->options, "pdo") };
}

/* ---- the scale */

static void show_scale(Result *result, const PointScale *scale)
{
    Arena *arena = result->arena;
    char a[40], b[40];
    record_number(arena, result->record, "offset", points_offset(scale));
    record_number(arena, result->record, "factor", points_factor(scale));
    result_line(result, "points = %s - %s ln(p / (1 - p)), p the probability of the event: higher is safer",
                number_short(points_offset(scale), 6, a), number_short(points_factor(scale), 6, b));
    Table *table = result_table(result, "scale", NULL);
    table_column(arena, table, "points", ALIGN_RIGHT, 6);
    table_column(arena, table, "good to one bad", ALIGN_RIGHT, 4);
    table_column(arena, table, "probability", ALIGN_RIGHT, 4);
    for (int k = -SCALE_STEPS; k <= SCALE_STEPS; k += 2) {
        double points = scale->points + k * scale->pdo, p = points_probability(scale, points);
        Value *row = table_row(arena, table);
        row[0] = value_number(points);
        row[1] = value_number((1 - p) / p);
        row[2] = value_number(p);
    }
}

/* ---- the card */

typedef struct Shown {
    const Card *card;
    Result *result;
    Table *table;
    WoeBin **bins; /* of each column of the card, by its bins; NULL: the rows are not here */
} Shown;

/* Counts of the training rows for a column of the card, from the category that its bins were. */
static bool count_column(const FeatureSet *set, const CardColumn *column, WoeBin *out, Err *err)
{
    int at = feature_find(set, column->name);
    if (at < 0 || set->items[at].kind != FEATURE_CATEGORY) return true;
    const Feature *feature = &set->items[at];
    WoeBin *bins = mem_get((size_t)feature->levels->n + 1, sizeof *bins, err);
    if (!bins) return false;
    woe_count(feature, set->rows, set->n_rows, bins);
    for (uint32_t code = 0; code <= feature->levels->n; code++) {
        const char *level = code ? feature->levels->names[code - 1] : "missing";
        int k = 0;
        while (k < column->n && strcmp(column->bins[k].level, level)) k++;
        for (int other = 0; k == column->n && other < column->n; other++)
            if (!strcmp(column->bins[other].level, "other")) k = other;
        if (k == column->n) continue;
        out[k].good += bins[code].good;
        out[k].bad += bins[code].bad;
    }
    mem_free(bins);
    return true;
}

static bool count_bins(const FeatureSet *set, const TargetInfo *target, void *context, Err *err)
{
    Shown *shown = context;
    Arena *arena = shown->result->arena;
    (void)target;
    shown->bins = arena_take(arena, (size_t)shown->card->n * sizeof *shown->bins);
    for (int j = 0; j < shown->card->n; j++) {
        const CardColumn *column = &shown->card->columns[j];
        shown->bins[j] = arena_take(arena, (size_t)column->n * sizeof **shown->bins);
        if (!count_column(set, column, shown->bins[j], err)) return false;
    }
    return true;
}

/* On the rows that the model learned from, where they are here. */
static bool look(Session *session, const Model *model, Shown *shown, Err *err)
{
    const Prep *prep = model->prep;
    const Object *there = session_get(session, prep->frame_name);
    const Frame *frame = there && there->type == OBJECT_FRAME ? there->frame : NULL;
    bool same = frame && prep->recipe && prep->split == frame->split && prep->data_hash && frame->hash &&
                !strcmp(prep->data_hash, frame->hash);
    if (!same) return true;
    Frame *binned = frame_version(frame);
    frame_set_recipe(binned, NULL, woe_recipe_before(prep->recipe));
    bool ok = prep_look(binned, prep->frame_name, (ValueList){ 0 }, count_bins, shown, NULL,
                        &session->progress, err);
    frame_unref(binned);
    return ok;
}

static void begin_card(Shown *shown, const char *name)
{
    static const char *const columns[] = { "rows", "bad", "bad rate", "WoE", "points" };
    Arena *arena = shown->result->arena;
    shown->table = result_table(shown->result, "card", arena_format(arena, "scorecard of %s", name));
    table_column(arena, shown->table, "column", ALIGN_LEFT, 0);
    table_column(arena, shown->table, "bin", ALIGN_LEFT, 0);
    for (int c = 0; c < 5; c++) table_column(arena, shown->table, columns[c], ALIGN_RIGHT, c < 4 ? 4 : 0);
}

static void show_bin(const Shown *shown, int j, int k)
{
    Arena *arena = shown->result->arena;
    const CardColumn *column = &shown->card->columns[j];
    const CardBin *bin = &column->bins[k];
    const WoeBin *count = shown->bins ? &shown->bins[j][k] : NULL;
    double n = count ? count->good + count->bad : NAN;
    Record *points = record_record(arena, record_record(arena, shown->result->record, "card"), column->name);
    record_number(arena, points, bin->level, bin->points);
    if (n == 0 && bin->woe == 0) return; /* a bin that no row is in */
    Value *row = table_row(arena, shown->table);
    row[0] = value_text(arena, column->name);
    row[1] = value_text(arena, bin->level);
    row[2] = figures_value(n);
    row[3] = figures_value(count ? count->bad : NAN);
    row[4] = figures_value(count ? count->bad / n : NAN);
    row[5] = value_number(bin->woe);
    row[6] = value_number(round(bin->points));
}

static void show_ivs(const Shown *shown)
{
    Arena *arena = shown->result->arena;
    Table *table = result_table(shown->result, "columns", NULL);
    Record *ivs = record_record(arena, shown->result->record, "iv");
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "coefficient", ALIGN_RIGHT, 4);
    table_column(arena, table, "IV", ALIGN_RIGHT, 4);
    for (int j = 0; j < shown->card->n; j++) {
        const CardColumn *column = &shown->card->columns[j];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, column->name);
        row[1] = value_number(column->coefficient);
        row[2] = figures_value(column->iv);
        record_set(arena, ivs, column->name, row[2]);
    }
}

/* A coefficient above 0 turns a column's points round. */
static void note_signs(const Shown *shown, const char *name)
{
    Buf columns = { 0 };
    for (int j = 0; j < shown->card->n; j++)
        if (shown->card->columns[j].coefficient > 0)
            buf_printf(&columns, "%s%s", columns.length ? ", " : "", shown->card->columns[j].name);
    if (columns.length) NOTE(&shown->result->notes, scorecard_sign, name, buf_text(&columns));
    buf_free(&columns);
}

static bool show_card(Session *session, const Model *model, const char *name, const PointScale *scale,
                      Result *result, Err *err)
{
    Card card;
    char a[40], b[40], c[40];
    if (!scorecard_make(model, scale, result->arena, &card)) {
        NOTE(&result->notes, scorecard_plain, name);
        return true;
    }
    Shown shown = { .card = &card, .result = result };
    if (!look(session, model, &shown, err)) return false;
    result_line(result, "WoE = ln(share of the good / share of the bad): above 0 is safer; bad is %s=%s",
                model->prep->target, model->prep->target_levels[1]);
    begin_card(&shown, name);
    for (int j = 0; j < card.n; j++)
        for (int k = 0; k < card.columns[j].n; k++) show_bin(&shown, j, k);
    result_line(
        result, "the intercept is spread evenly: %s points a column; sums of points run from %s to %s",
        number_short(card.base, 4, a), number_short(card.lowest, 4, b), number_short(card.highest, 4, c));
    record_number(result->arena, result->record, "base", card.base);
    show_ivs(&shown);
    note_signs(&shown, name);
    if (model->decision && model->decision->calibration) NOTE(&result->notes, scorecard_moved, name);
    return true;
}

/* ---- of a model */

static Frame *points_frame(const Judged *judged, const double *scores, const char *name, Result *result,
                           Err *err)
{
    const Model *model = judged->models[0];
    size_t width = (size_t)model->n_outputs, clipped = 0;
    for (size_t i = 0; i < judged->n; i++) {
        double p = scores[i * width + width - 1];
        if (!isnan(p) && !(p >= 0 && p <= 1)) {
            ERR(err, decide_probability, name, "scorecard");
            err_hint(err, "calibrate %s as NAME makes one of it", name);
            return NULL;
        }
        clipped += p == 0 || p == 1;
    }
    if (clipped) NOTE(&result->notes, scorecard_clipped, name, INT(clipped));
    return forecast_frame(judged, scores, NULL, err);
}

/* The rows with their points, as a frame. */
static bool keep_points(Session *session, const Call *call, const char *name, const Decision *decision,
                        Result *result, Err *err)
{
    Judged judged = { 0 };
    ValueList names = value_list(call->arena, 1).list;
    double *scores = NULL;
    Frame *frame = NULL;
    names.items[0] = value_word(call->arena, name);
    if (judge_open(session, call, names, result, &judged, err)) {
        Model *pointed = model_with_decision(judged.models[0], judged.models[0]->name, decision);
        model_unref(judged.models[0]);
        judged.models[0] = pointed;
        if (judged.kind != 'b')
            ERR(err, judge_events, "scorecard", judged.target,
                judged.kind == 'n' ? "numbers" : "more levels");
        else if (judge_scores(session, &judged, 0, true, &scores, result, err))
            frame = points_frame(&judged, scores, name, result, err);
    }
    mem_free(scores);
    judge_close(&judged);
    if (!frame) return false;
    result_line(result, "%s: %zu %s, %d columns", call->as, frame->n_rows,
                count_noun((double)frame->n_rows, "row", "rows"), frame->n_columns);
    return session_put(session, call->as, object_frame(frame), call->replace, err);
}

static bool check_target(const Model *model, const char *name, Err *err)
{
    const Prep *prep = model->prep;
    (void)name;
    return !prep || prep->target_kind == 'b' ||
           ERR(err, judge_events, "scorecard", prep->target ? prep->target : "",
               prep->target_kind == 'n' ? "numbers" : "more levels");
}

/* A model in the session remembers the scale; a column of a frame has nowhere to. */
static bool keep_scale(Session *session, const char *name, const Decision *decision, Err *err)
{
    Call plain = { .as = NULL };
    return !session_get(session, name) || decide(session, &plain, name, decision, err);
}

static bool of_model(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = call->model;
    PointScale scale = scale_of(call);
    Decision decision;
    Model *model = session_model(session, name, err);
    bool ok =
        model && check_target(model, name, err) && decided(session, name, result->arena, &decision, err);
    if (ok) {
        decision.points = &scale;
        show_scale(result, &scale);
        ok = show_card(session, model, name, &scale, result, err) &&
             (!call->as || keep_points(session, call, name, &decision, result, err)) &&
             keep_scale(session, name, &decision, err);
    }
    model_unref(model);
    return ok;
}

/* ---- of a frame */

static Model *fit_frame(Session *session, const Call *call, Result *result, Err *err)
{
    const BaselineKind *kind = (const BaselineKind *)kind_find(&baseline_kinds, "logit");
    Options none;
    Recipe *recipe = woe_recipe_bins(call->frame->recipe, true, call->arena, err);
    if (!recipe) return NULL;
    Frame *frame = frame_version(call->frame);
    frame_set_recipe(frame, NULL, recipe);
    Model *model = NULL;
    if (options_bind(&kind->kind, &(Args){ 0 }, call->arena, call->span, &none, err))
        model = baseline_fit(kind, frame, call->frame_name, option_list(&call->options, "columns"), &none,
                             call->as ? call->as : call->frame_name, &result->notes, &session->progress, err);
    frame_unref(frame);
    return model;
}

static bool of_frame(Session *session, const Call *call, Result *result, Err *err)
{
    PointScale scale = scale_of(call);
    Decision decision = decision_none;
    Model *model = fit_frame(session, call, result, err);
    if (!model) return false;
    decision.points = &scale;
    Model *pointed = model_with_decision(model, model->name, &decision);
    model_unref(model);
    show_scale(result, &scale);
    bool ok = show_card(session, pointed, pointed->name, &scale, result, err);
    if (ok && call->as) return session_put(session, call->as, object_model(pointed), call->replace, err);
    if (ok) result_line_ink(result, INK_DIM, "`as NAME` keeps the logit behind it as a model");
    model_unref(pointed);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    return call->model ? of_model(session, call, result, err) : of_frame(session, call, result, err);
}

const CommandKind command_scorecard = {
    .kind = { .name = "scorecard",
              .help = "points for probabilities, by column and bin where the model is a scorecard",
              .more = "points = A - B ln(p / (1 - p)), B = pdo / ln 2, A = points - B ln(odds): 600 at 19 "
                      "good to one bad, 50 more double the odds. Of a logit on weights of evidence (bin, "
                      "encode method=woe) a bin of column j has (A - B b_0) / k - B b_j WoE points of k "
                      "columns (Siddiqi 2006): shown as whole numbers, $last.card.COLUMN.BIN exact; those "
                      "of a row add up to its points. WoE = ln(share of the good / share of the bad).\n"
                      "The model keeps the scale: predict gives a column points. `scorecard MODEL as "
                      "NAME` makes a frame of rows with points. `scorecard FRAME as NAME` takes the "
                      "frame's own bin steps, bins other numbers monotonically, encodes, fits a logit and "
                      "keeps it as a model.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000 seed=1\nsplit loans train=60% valid=40%\n"
                         "scorecard loans as card\nevaluate card metrics=auc,slope\n"
                         "scorecard card points=660 odds=72 pdo=40\npredict card as scored\nhead scored 3",
              .since = "1" },
    .group = "Judging",
    .form = "scorecard MODEL|FRAME [points=600] [odds=19] [pdo=50] [columns=] [part=] [on=] [as NAME] "
            "[replace]",
    .flags = COMMAND_FRAME | COMMAND_MODEL | COMMAND_AS | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
