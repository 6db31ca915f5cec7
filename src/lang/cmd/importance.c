/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `importance MODEL`: how much worse a model judges when a column no longer belongs to its rows. Permutation
 * importance (Breiman 2001, Machine Learning 45:5; Fisher, Rudin, Dominici 2019, JMLR 20:177). */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "lang/bind.h"
#include "lang/connections.h"
#include "lang/figures.h"
#include "measures/metric.h"
#include "model/decision.h"
#include "model/explainer.h"
#include "numeric/rng.h"

enum { CHART_COLUMNS = 30, BLOCK_REALS = 1 << 18, BLOCK_LEAST = 64, FEW = 2 };

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net or a linear baseline" },
    JUDGE_OPTIONS,
    { "metric", OPTION_METRIC, 0, NULL, 0, 0, NULL, NULL,
      "what gets worse; auc of two levels, logloss of more, rmse of numbers otherwise" },
    { "repeats", OPTION_INTEGER, 0, "10", 2, 10000, NULL, NULL, "permutations of each column" },
    { "method", OPTION_WORD, 0, "permutation", 0, 0, "permutation|olden|garson", NULL,
      "olden and garson read the weights of a net with one hidden layer" },
};

typedef struct Permuting {
    Session *session;
    Judged judged; /* one model */
    Explainer *explainer;
    ModelInputs inputs;
    const Metric *metric;
    MetricSettings settings;
    int repeats;
    double *y, *w; /* (n) */
    double base;
    double *values; /* (columns, repeats): the loss by each permutation */
    double *mean, *low, *high, *sd;
    int *order;
} Permuting;

/* ---- rows and metric */

static const char *usual_metric(char kind)
{
    return kind == 'n' ? "rmse" : kind == 'b' ? "auc" : "logloss";
}

static bool find_metric(const Call *call, Permuting *run, Err *err)
{
    const char *name = option_text(&call->options, "metric");
    char kind = run->judged.kind;
    if (!name) name = usual_metric(kind);
    run->metric = metric_find(name);
    if (!run->metric) return metric_unknown(name, call_span(call, "metric"), err);
    run->settings = judging_defaults;
    run->settings.cutoff = model_threshold(run->judged.models[0]);
    return strchr(run->metric->targets, kind) || ERR_AT(err, call_span(call, "metric"), metric_target, name,
                                                        kind == 'n'   ? "numbers"
                                                        : kind == 'b' ? "two levels"
                                                                      : "more than two levels");
}

/* Rows with a target, its values and the weights. */
static bool read_rows(Permuting *run, Result *result, Err *err)
{
    Judged *judged = &run->judged;
    const Prep *prep = run->explainer->prep;
    size_t kept = 0;
    run->y = mem_get(judged->n, sizeof *run->y, err);
    run->w = run->y ? mem_get(judged->n, sizeof *run->w, err) : NULL;
    if (!run->w || !judge_targets(judged, run->y, err)) return false;
    for (size_t i = 0; i < judged->n; i++)
        if (!isnan(run->y[i])) {
            run->y[kept] = run->y[i];
            judged->rows[kept++] = judged->rows[i];
        }
    if (kept < judged->n) NOTE(&result->notes, rows_left_out, INT(judged->n - kept));
    judged->n = kept;
    if (kept == 0) return ERR(err, judge_no_rows, judged->frame_name);
    return prep_weights(prep, judged->frame, judged->rows, kept, run->w, err) &&
           inputs_read(judged->models[0], judged->frame, judged->rows, kept, &run->inputs, &result->notes,
                       err);
}

/* ---- scoring with one column permuted */

typedef struct Block {
    real *x;
    uint32_t *start, *end, *up;
    double *scores;  /* (n, outputs): of all samples */
    uint32_t *donor; /* (n): whose column each sample takes */
    size_t rows;     /* samples at a time */
} Block;

static size_t most_steps(const ModelInputs *inputs)
{
    return inputs->feed.start ? inputs->feed.steps : 1;
}

static bool open_block(Block *block, const Permuting *run, Err *err)
{
    const ModelInputs *inputs = &run->inputs;
    size_t size = most_steps(inputs) * inputs->feed.width, rows = BLOCK_REALS / (size + 1);
    rows = rows < BLOCK_LEAST ? BLOCK_LEAST : rows;
    block->rows = rows > inputs->n ? inputs->n : rows;
    size_t outputs = (size_t)run->judged.models[0]->n_outputs;
    return (block->x = mem_get(block->rows, size * sizeof(real), err)) &&
           (block->start = mem_get(block->rows, sizeof *block->start, err)) &&
           (block->end = mem_get(block->rows, sizeof *block->end, err)) &&
           (block->up = mem_get(block->rows, most_steps(inputs) * sizeof *block->up, err)) &&
           (block->scores = mem_get(inputs->n, outputs * sizeof *block->scores, err)) &&
           (block->donor = mem_get(inputs->n, sizeof *block->donor, err));
}

static void close_block(Block *block)
{
    mem_free(block->x);
    mem_free(block->start);
    mem_free(block->end);
    mem_free(block->up);
    mem_free(block->scores);
    mem_free(block->donor);
}

/* Column g of one sample becomes that of another, step by step from their ends; a shorter one's first step
 * goes on. */
static void take_column(const Permuting *run, int g, size_t sample, size_t donor, real *x)
{
    const ModelInputs *inputs = &run->inputs;
    size_t width = inputs->feed.width, steps = inputs_steps(inputs, sample),
           has = inputs_steps(inputs, donor);
    const real *from = inputs_of(inputs, donor);
    memcpy(x, inputs_of(inputs, sample), steps * width * sizeof *x);
    for (size_t s = 0; g >= 0 && s < steps; s++) {
        size_t at = s + has > steps ? s + has - steps : 0;
        for (size_t j = 0; j < width; j++)
            if (run->explainer->group[j] == g) x[s * width + j] = from[at * width + j];
    }
}

static Feed fill_block(const Permuting *run, int g, Block *block, size_t from, size_t n)
{
    const ModelInputs *inputs = &run->inputs;
    size_t width = inputs->feed.width, at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t steps = inputs_steps(inputs, from + i);
        take_column(run, g, from + i, g < 0 ? from + i : block->donor[from + i], block->x + at * width);
        if (inputs->feed.up)
            memcpy(block->up + at, inputs->feed.up + inputs->feed.start[from + i], steps * sizeof *block->up);
        block->start[i] = (uint32_t)at;
        block->end[i] = (uint32_t)(at += steps);
    }
    Feed feed = inputs->feed;
    feed.x = block->x;
    if (!feed.start) return feed;
    feed.start = block->start;
    feed.end = block->end;
    if (feed.up) feed.up = block->up;
    return feed;
}

/* The metric with column g permuted; g < 0: with none. */
static bool judge(const Permuting *run, int g, Block *block, double *out, Err *err)
{
    const Model *model = run->judged.models[0];
    size_t outputs = (size_t)model->n_outputs, n = run->inputs.n;
    for (size_t from = 0, count; from < n; from += count) {
        count = n - from < block->rows ? n - from : block->rows;
        Feed feed = fill_block(run, g, block, from, count);
        if (!model->kind->score_feed(model, &feed, count, block->scores + from * outputs, NULL, err))
            return false;
    }
    decision_calibrate(model->decision, block->scores, n, outputs);
    Scored scored = { .n = n,
                      .n_outputs = model->n_outputs,
                      .target = run->y,
                      .score = block->scores,
                      .weight = run->w,
                      .reference = run->judged.reference,
                      .settings = &run->settings };
    *out = run->metric->value(&scored);
    return true;
}

static bool permute_piece(void *context, size_t piece, bool first_thread, Err *err)
{
    Permuting *run = context;
    int g = (int)(piece / (size_t)run->repeats);
    size_t r = piece % (size_t)run->repeats, n = (size_t)(run->explainer->n_columns * run->repeats);
    Block block = { 0 };
    double value = NAN;
    if (first_thread && !progress_poll(&run->session->progress, "permuting", (double)piece, (double)n, err))
        return false;
    bool ok = open_block(&block, run, err);
    if (ok) {
        RngKey key = rng_key((uint64_t)run->session->settings.seed, "importance", run->explainer->columns[g]);
        rng_permutation(key, r, block.donor, run->inputs.n);
        ok = judge(run, g, &block, &value, err);
    }
    run->values[piece] = metric_badness(run->metric, value) - metric_badness(run->metric, run->base);
    close_block(&block);
    return ok;
}

static bool find_base(Permuting *run, Err *err)
{
    Block block = { 0 };
    bool ok = open_block(&block, run, err) && judge(run, -1, &block, &run->base, err);
    close_block(&block);
    return ok && (!isnan(run->base) || ERR(err, importance_undefined, run->metric->kind.name));
}

/* ---- what is shown */

static void summarize(Permuting *run, Arena *arena)
{
    int n = run->explainer->n_columns, repeats = run->repeats;
    double t = gsl_cdf_tdist_Pinv(0.975, repeats - 1),
           *room = arena_take(arena, 4 * (size_t)n * sizeof *room + 1);
    run->mean = room;
    run->low = room + n;
    run->high = room + 2 * n;
    run->sd = room + 3 * n;
    run->order = arena_take(arena, (size_t)n * sizeof *run->order + 1);
    for (int g = 0; g < n; g++) {
        const double *x = run->values + (size_t)(g * repeats);
        double sum = 0, squares = 0;
        for (int r = 0; r < repeats; r++) sum += x[r];
        for (int r = 0; r < repeats; r++) squares += (x[r] - sum / repeats) * (x[r] - sum / repeats);
        run->mean[g] = sum / repeats;
        run->sd[g] = sqrt(squares / (repeats - 1));
        run->low[g] = run->mean[g] - t * run->sd[g] / sqrt(repeats);
        run->high[g] = run->mean[g] + t * run->sd[g] / sqrt(repeats);
        int at = g;
        for (; at > 0 && run->mean[g] > run->mean[run->order[at - 1]]; at--)
            run->order[at] = run->order[at - 1];
        run->order[at] = g;
    }
}

static void show_chart(const Permuting *run, Result *result)
{
    Arena *arena = result->arena;
    int n = run->explainer->n_columns < CHART_COLUMNS ? run->explainer->n_columns : CHART_COLUMNS;
    double *values = arena_take(arena, (size_t)n * sizeof *values + 1);
    const char **names = arena_take(arena, (size_t)n * sizeof *names + 1);
    for (int i = 0; i < n; i++) {
        values[i] = run->mean[run->order[i]];
        names[i] = arena_text(arena, run->explainer->columns[run->order[i]]);
    }
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart = (Chart){ .kind = CHART_BARS,
                      .title = arena_format(arena, "how much worse %s gets without each column (%s)",
                                            run->metric->kind.name, run->judged.models[0]->name),
                      .values = values,
                      .rows = n,
                      .columns = 1,
                      .row_names = names,
                      .y_low = NAN,
                      .y_high = NAN };
    result_chart(result, chart, n + 1, 0);
}

static void show_table(const Permuting *run, Result *result)
{
    Arena *arena = result->arena;
    Record *means = record_record(arena, result->record, "importance"),
           *lows = record_record(arena, result->record, "low"),
           *highs = record_record(arena, result->record, "high");
    Table *table = result_table(result, "columns", NULL);
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "worse by", ALIGN_RIGHT, 4);
    table_column(arena, table, "low", ALIGN_RIGHT, 4);
    table_column(arena, table, "high", ALIGN_RIGHT, 4);
    table_column(arena, table, "sd", ALIGN_RIGHT, 3);
    for (int i = 0; i < run->explainer->n_columns; i++) {
        int g = run->order[i];
        const char *name = run->explainer->columns[g];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, name);
        row[1] = figures_value(run->mean[g]);
        row[2] = figures_value(run->low[g]);
        row[3] = figures_value(run->high[g]);
        row[4] = figures_value(run->sd[g]);
        record_set(arena, means, name, row[1]);
        record_set(arena, lows, name, row[2]);
        record_set(arena, highs, name, row[3]);
    }
}

static void show(Permuting *run, Result *result)
{
    char text[40];
    const Judged *judged = &run->judged;
    summarize(run, result->arena);
    record_number(result->arena, result->record, "baseline", run->base);
    record_number(result->arena, result->record, "n", (double)run->inputs.n);
    record_text(result->arena, result->record, "metric", run->metric->kind.name);
    result_line(result, "%s of %s, %s of %s (%zu): %s; 95%% intervals over %d permutations of each column",
                run->metric->kind.name, judged->models[0]->name,
                figures_part_words(result->arena, judged->part), judged->frame_name, run->inputs.n,
                number_short(run->base, 4, text), run->repeats);
    show_chart(run, result);
    show_table(run, result);
    if (run->explainer->n_columns >= FEW) NOTE(&result->notes, importance_correlated, judged->frame_name);
}

static bool permute(const Call *call, Permuting *run, Result *result, Err *err)
{
    Session *session = run->session;
    if (!judge_open(session, call, option_list(&call->options, "model"), result, &run->judged, err))
        return false;
    if (!run->judged.kind) return ERR(err, no_target, run->judged.frame_name);
    run->repeats = (int)option_integer(&call->options, "repeats");
    run->explainer = explainer_new(run->judged.models[0], 0, false, err);
    if (!run->explainer || !find_metric(call, run, err) || !read_rows(run, result, err) ||
        !find_base(run, err))
        return false;
    size_t pieces = (size_t)(run->explainer->n_columns * run->repeats);
    run->values = mem_get(pieces, sizeof *run->values, err);
    if (!run->values || !parallel_for(pieces, progress_threads(&session->progress), permute_piece, run, err))
        return false;
    show(run, result);
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *method = option_text(&call->options, "method");
    if (strcmp(method, "permutation"))
        return connections_show(session, call, text_equal(method, "garson"), result, err);
    Permuting permuting = { .session = session };
    bool ok = permute(call, &permuting, result, err);
    inputs_free(&permuting.inputs);
    explainer_free(permuting.explainer);
    mem_free(permuting.y);
    mem_free(permuting.w);
    mem_free(permuting.values);
    judge_close(&permuting.judged);
    return ok;
}

const CommandKind command_importance = {
    .kind = { .name = "importance",
              .help = "how much worse a model judges when a column no longer belongs to its rows",
              .more =
                  "Permutation importance (Breiman 2001; Fisher, Rudin, Dominici 2019): the metric of the "
                  "rows "
                  "less the metric with one column shuffled among them (all inputs that the recipe makes of "
                  "it together; of windows, sequences and trees the whole column of one sample goes to "
                  "another), with the 95% t interval over the repeats. Above 0 the model needs the column. "
                  "Validation rows where the frame is split: on training rows a model also needs what it "
                  "learned by heart. The intervals are of the shuffling alone, not of the rows.\n"
                  "method=olden: sum over hidden units of the products of weights from input to output "
                  "(Olden "
                  "and Jackson 2002, Ecological Modelling 154:135). method=garson: shares of their sizes "
                  "(Garson 1991, AI Expert 6:46). Both read the weights of one hidden layer and look at no "
                  "row, so inputs have to be scaled alike.\n"
                  "$last.baseline, $last.importance.COLUMN, .low.COLUMN, .high.COLUMN.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nsplit loans train=60% valid=40%\nscale loans\n"
                         "fit logit loans as lr\nimportance lr repeats=5\nprint $last.baseline digits=3\n"
                         "importance lr metric=brier repeats=3 part=train",
              .since = "1" },
    .group = "Looking inside",
    .form = "importance MODEL [metric=] [repeats=10] [part=] [on=] [method=permutation|olden|garson] "
            "[if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST,
    .run = run,
};
