/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/net_train.h"
#include "lang/protocol.h"
#include "model/search.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net; its definition is what counts" },
    { "protocol", OPTION_KIND, OPTION_POSITIONAL, NULL, 0, 0, NULL, &protocol_kinds,
      "how the rows are divided: kfold(5), or purged(5) where they have an order" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    { "seeds", OPTION_INTEGER, 0, "1", 1, 1000, NULL, NULL, "nets a fold, whose forecasts are averaged" },
    { "leak", OPTION_WORD, 0, NULL, 0, 0, "allow", NULL,
      "allow: folds at random over rows with a time role, or labels that overlap; marked as tainted" },
    TRAIN_OPTIONS,
};

/* What is reported one by one: the paths where rows are scored several times, else the folds. */
static bool has_paths(const CrossState *state)
{
    return state->n_paths > 1;
}

static int n_pieces(const CrossState *state)
{
    return has_paths(state) ? state->n_paths : state->k;
}

/* The mean score of a physical row over the seeds, and over the paths where path < 0. */
static void mean_score(const CrossState *state, size_t physical, int path, double *out)
{
    size_t width = (size_t)state->n_outputs, seeds = (size_t)state->n_seeds;
    size_t first = path < 0 ? 0 : (size_t)path * seeds;
    size_t n = path < 0 ? (size_t)state->n_paths * seeds : seeds;
    for (size_t j = 0; j < width; j++) {
        double sum = 0;
        for (size_t layer = first; layer < first + n; layer++)
            sum += state->scores[(layer * state->frame->n_physical + physical) * width + j];
        out[j] = sum / (double)n;
    }
}

/* Rows of one piece (below 0: of all) with target, weight and mean score. labels: (2, n_rows), targets and
 * weights. */
static bool piece_metric(const Frame *frame, const double *labels, const CrossState *state, int piece,
                         const Metric *metric, double *out, Err *err)
{
    size_t width = (size_t)state->n_outputs, n = 0;
    const double *weights = labels + frame->n_rows;
    double *y = mem_get(2 * frame->n_rows, sizeof *y, err), *w = y ? y + frame->n_rows : NULL;
    double *s = mem_get(frame->n_rows * width, sizeof *s, err);
    bool ok = y && s;
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        bool scored = !isnan(state->scores[physical * width]); /* rows that end no sample are not */
        bool inside = piece < 0 || has_paths(state) || state->fold[physical] == piece;
        if (state->fold[physical] < 0 || !inside || isnan(labels[i]) || !scored) continue;
        y[n] = labels[i];
        w[n] = weights[i];
        mean_score(state, physical, has_paths(state) ? piece : -1, s + n * width);
        n++;
    }
    Scored scored = {
        .n = n, .n_outputs = state->n_outputs, .target = y, .score = s, .weight = w, .reference = NAN
    };
    *out = ok && n ? metric->value(&scored) : NAN;
    mem_free(y);
    mem_free(s);
    return ok;
}

static const char *const defaults_b[] = { "auc", "ks", "brier", "logloss", NULL };
static const char *const defaults_c[] = { "accuracy", "logloss", NULL };
static const char *const defaults_n[] = { "r2", "mse", "mae", NULL };

/* Those of metrics=, else the usual ones of the target; what monitor= watches is no choice of figures. */
static int choose_metrics(const Call *call, const TrainConfig *config, char kind, const Metric **out)
{
    int n = 0;
    if (option_given(&call->options, "metrics"))
        for (int i = 0; i < option_list(&call->options, "metrics").n; i++) out[n++] = config->metrics[i];
    if (n) return n;
    const char *const *names = kind == 'b' ? defaults_b : kind == 'c' ? defaults_c : defaults_n;
    for (; *names; names++) out[n++] = metric_find(*names);
    return n;
}

typedef struct Summary {
    double mean, sd, pooled; /* over the pieces that have the figure; NaN: none has */
} Summary;

static bool summarise(const Frame *frame, const double *labels, const CrossState *state, const Metric *metric,
                      double *pieces, Summary *out, Err *err)
{
    double sum = 0, squares = 0;
    int n = 0;
    for (int f = 0; f < n_pieces(state); f++) {
        if (!piece_metric(frame, labels, state, f, metric, &pieces[f], err)) return false;
        if (!isfinite(pieces[f])) continue;
        sum += pieces[f];
        n++;
    }
    out->mean = n ? sum / n : (double)NAN;
    for (int f = 0; f < n_pieces(state); f++)
        if (isfinite(pieces[f])) squares += (pieces[f] - out->mean) * (pieces[f] - out->mean);
    out->sd = n > 1 ? sqrt(squares / (n - 1)) : (double)NAN;
    return piece_metric(frame, labels, state, -1, metric, &out->pooled, err);
}

static Value figure(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

/* A row a piece, then mean, deviation and the figure of all rows together; a column a metric. */
static void add_rows(const CrossState *state, Table *table, Arena *arena)
{
    const char *words[] = { "mean", "sd", has_paths(state) ? "of the mean" : "pooled" };
    int n = n_pieces(state);
    for (int i = 0; i < n + 3; i++)
        *table_row(arena, table) = value_text(arena, i < n ? arena_format(arena, "%d", i + 1) : words[i - n]);
}

static Value *cell(const Table *table, int row, int column)
{
    return &table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
}

static bool metric_column(const Frame *frame, const double *labels, const CrossState *state,
                          const Metric *metric, Table *table, int column, Result *result, Err *err)
{
    Arena *arena = result->arena;
    const char *name = metric->kind.name;
    int n = n_pieces(state);
    double *pieces = arena_take(arena, (size_t)n * sizeof *pieces);
    Summary summary;
    if (!summarise(frame, labels, state, metric, pieces, &summary, err)) return false;
    for (int f = 0; f < n; f++) *cell(table, f, column) = figure(pieces[f]);
    *cell(table, n, column) = figure(summary.mean);
    *cell(table, n + 1, column) = figure(summary.sd);
    *cell(table, n + 2, column) = figure(summary.pooled);
    record_set(arena, result->record, name, figure(summary.mean));
    record_set(arena, record_record(arena, result->record, "sd"), name, figure(summary.sd));
    record_set(arena, record_record(arena, result->record, "pooled"), name, figure(summary.pooled));
    return true;
}

static bool report(const Call *call, const Frame *frame, const TrainConfig *config, const Model *model,
                   Result *result, Err *err)
{
    const CrossState *state = model_cross_state(model);
    Arena *arena = result->arena;
    const Metric *metrics[HISTORY_METRICS + 8];
    double *labels = mem_get(2 * frame->n_rows, sizeof *labels, err);
    if (!labels || !prep_target(model->prep, frame, NULL, frame->n_rows, labels, err) ||
        !prep_weights(model->prep, frame, NULL, frame->n_rows, labels + frame->n_rows, err)) {
        mem_free(labels);
        return false;
    }
    int n = choose_metrics(call, config, model->prep->target_kind, metrics);
    Table *table = result_table(result, has_paths(state) ? "paths" : "folds", NULL);
    table_column(arena, table, has_paths(state) ? "path" : "fold", ALIGN_RIGHT, 0);
    for (int i = 0; i < n; i++)
        table_column(arena, table, metrics[i]->kind.name, ALIGN_RIGHT, metrics[i]->digits);
    add_rows(state, table, arena);
    bool ok = true;
    for (int i = 0; i < n && ok; i++)
        ok = metric_column(frame, labels, state, metrics[i], table, 1 + i, result, err);
    mem_free(labels);
    if (!ok) return false;
    result_line(result,
                "each row is scored by nets that did not see it; the recipe was fitted anew in every fold");
    return true;
}

static bool run_folds(Session *session, const Call *call, const CrossPlan *plan, Result *result, Err *err)
{
    Model *model = crossvalidate_run(plan, &result->notes, &session->progress, err);
    if (!model) return false;
    if (!report(call, plan->frame, &plan->config, model, result, err)) {
        model_unref(model);
        return false;
    }
    for (int i = 0; i < result->record->n && i < 1; i++)
        if (result->record->members[i].value->type == VALUE_NUMBER)
            session_count_trial(session, "crossvalidate", plan->config.words, result->record->members[i].name,
                                result->record->members[i].value->number);
    return session_put(session, call->as, object_model(model), call->replace, err);
}

static void tell_folds(const FoldPlan *folds, const Frame *frame, Result *result)
{
    size_t tests = 0;
    for (size_t i = 0; i < frame->n_rows; i++) tests += folds->fold[i] >= 0;
    record_number(result->arena, result->record, "folds", folds->k);
    record_number(result->arena, result->record, "rows", (double)tests);
    if (folds->n_paths > 1) {
        record_number(result->arena, result->record, "paths", folds->n_paths);
        result_line(result,
                    "%d choices of blocks give %d paths: each row has %d forecasts, and the model their mean",
                    folds->k, folds->n_paths, folds->n_paths);
    }
    record_number(result->arena, result->record, "purged", (double)folds->purged);
    if (folds->purged)
        result_line(result,
                    "%zu training rows were purged over %d folds: their labels reach into the rows judged",
                    folds->purged, folds->k);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const Net *net = session_net(session, option_text(&call->options, "net"), err);
    CrossPlan plan = { .def = net->def, .name = call->as, .threads = (int)session->settings.threads };
    if (!train_config(session, call, &call->options, &plan.config, err) ||
        !train_frame(session, net, option_text(&call->options, "on"), &plan.frame_name, &plan.frame, err))
        return false;
    plan.n_seeds = (int)option_integer(&call->options, "seeds");
    uint64_t *seeds = arena_take(call->arena, (size_t)plan.n_seeds * sizeof *seeds);
    for (int i = 0; i < plan.n_seeds; i++) seeds[i] = plan.config.seed + (uint64_t)i;
    plan.seeds = seeds;
    FoldPlan folds = { 0 };
    bool ok = protocol_folds(call, plan.frame, plan.config.seed, crossvalidate_looks(&plan.config), &folds,
                             &plan.taint, err);
    plan.fold = folds.fold;
    plan.part = folds.part;
    plan.k = folds.k;
    plan.n_paths = folds.n_paths;
    Frame *held = frame_version(plan.frame);
    frame_hold_folds(held, protocol_column(call, held), &result->notes);
    plan.frame = held;
    ok = ok && run_folds(session, call, &plan, result, err);
    if (ok) tell_folds(&folds, held, result);
    frame_unref(held);
    foldplan_free(&folds);
    return ok;
}

const CommandKind command_crossvalidate = {
    .kind = { .name = "crossvalidate",
              .help = "trains a net on all folds but one, for each fold, and scores the rows it did not see",
              .more =
                  "Makes a MODEL whose forecasts of the frame's rows are out of sample. kfold(5): at random, "
                  "in whole groups where there is a group role. purged(10, embargo=5) and "
                  "walkforward(train=750, valid=60, test=250): in time order; the label of a row lives from "
                  "it to its largest lead (purge=, or the column of end=), and training rows whose labels "
                  "meet those of the block judged are left out; kfold is refused there. cpcv(groups=6, "
                  "test=2): of 6 "
                  "blocks each choice of 2 is judged by what trains on the others, purged in the same way, "
                  "so that "
                  "each row has C(5, 1) forecasts, one a path (Lopez de Prado 2018, chapter 12); the table "
                  "has a "
                  "row a path, the model forecasts their mean. column(NAME), or "
                  "the folds of `split FRAME folds=`. Test rows and named parts stay out. Where patience or "
                  "keep=best need validation rows, a seventh of the training rows of the fold serves (in "
                  "time order: the last).",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nnet m\n  input toy\n  dense 8 tanh\n  dense 1 "
                         "sigmoid\nend\n"
                         "crossvalidate m kfold(3) epochs=3 as cv",
              .since = "1" },
    .group = "Training",
    .form = "crossvalidate NET [kfold(5)|purged(10, embargo=5)|walkforward(train=, test=)|cpcv(6, test=2)|"
            "column(NAME)] [seeds=] "
            "[what train takes] as NAME",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
