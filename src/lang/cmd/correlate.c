/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/looking/correlation.h"
#include "data/looking/profile.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns of numbers; otherwise all inputs and the target" },
    { "method", OPTION_WORD, 0, "pearson", 0, 0, "pearson|spearman|kendall", NULL,
      "of values, of their ranks, or of the order of each pair of rows (tau-b)" },
    { "with", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "pairs with this column only, usually the target" },
    { "top", OPTION_INTEGER, 0, "20", 1, 1e6, NULL, NULL, "how many pairs" },
    { "view", OPTION_WORD, 0, "table", 0, 0, "table|heat", NULL, "the largest pairs, or all as a heat map" },
};

static const struct {
    const char *word, *letter, *title;
} methods[] = { [BY_PEARSON] = { "pearson", "r", "Pearson's r" },
                [BY_SPEARMAN] = { "spearman", "rho", "Spearman's rho" },
                [BY_KENDALL] = { "kendall", "tau", "Kendall's tau" } };

typedef struct Pair {
    int a, b; /* places among the columns */
    Correlation value;
} Pair;

typedef struct Work {
    const Frame *frame;
    const int *columns;
    int n, with; /* with: a place among the columns, -1: all pairs */
    CorrelationMethod method;
    double **x;
    Variable *variables;
    Pair *pairs;
    size_t n_pairs;
} Work;

/* Numbers of the rows; of a two-level target 0 and 1. */
static double *numbers_of(const Frame *frame, int c, Arena *arena, Err *err)
{
    TargetInfo target;
    Err ignored = { 0 };
    const FrameColumn *column = &frame->columns[c];
    bool levels = column->role == ROLE_TARGET && !column_is_numeric(column->column) &&
                  frame_target(frame, arena, &target, &ignored) && target.kind == 'b';
    if (!levels && !column_is_numeric(column->column)) {
        ERR(err, step_type, "correlate", column->name, column_type_name(column->column));
        return NULL;
    }
    double *x = mem_get(frame->n_rows, sizeof *x, err);
    for (size_t i = 0; x && i < frame->n_rows; i++)
        x[i] = levels ? frame_target_value(frame, &target, i)
                      : column_number(column->column, frame_physical(frame, i));
    return x;
}

/* The columns named, or every number that is an input or the target; then that of with=. */
static bool choose(const Call *call, Work *work, Err *err)
{
    ValueList selection = option_list(&call->options, "columns");
    Value all = value_list(call->arena, 1);
    int *found, n, with = -1;
    all.list.items[0] = value_word(call->arena, "all");
    if (!frame_select(call->frame, selection.n ? selection : all.list, false, call->arena, &found, &n, err)) {
        if (err && !err->span.source) err->span = call_span(call, "columns");
        return false;
    }
    if (option_given(&call->options, "with") &&
        !frame_column(call->frame, option_text(&call->options, "with"), &with, err))
        return false;
    int *columns = arena_take(call->arena, ((size_t)n + 2) * sizeof *columns);
    for (int i = 0; i < n; i++) {
        const FrameColumn *column = &call->frame->columns[found[i]];
        bool wanted = selection.n || (column_is_numeric(column->column) &&
                                      (column->role == ROLE_INPUT || column->role == ROLE_TARGET));
        if (wanted && found[i] != with) columns[work->n++] = found[i];
    }
    work->with = with < 0 ? -1 : work->n;
    if (with >= 0) columns[work->n++] = with;
    work->columns = columns;
    return true;
}

static bool prepare(Session *session, const Call *call, Work *work, Err *err)
{
    work->x = arena_take(call->arena, ((size_t)work->n + 1) * sizeof *work->x);
    work->variables = arena_take(call->arena, ((size_t)work->n + 1) * sizeof *work->variables);
    for (int k = 0; k < work->n; k++) {
        work->x[k] = numbers_of(work->frame, work->columns[k], call->arena, err);
        if (!work->x[k] ||
            !variable_make(&work->variables[k], work->x[k], work->frame->n_rows, work->method, err) ||
            !progress_poll(&session->progress, "correlate: columns", k, work->n, err))
            return false;
    }
    return true;
}

static bool correlate(Session *session, const Call *call, Work *work, Err *err)
{
    size_t all = (size_t)work->n * (size_t)work->n / 2 + 1;
    work->pairs = arena_take(call->arena, all * sizeof *work->pairs);
    for (int a = 0; a < work->n; a++)
        for (int b = a + 1; b < work->n; b++) {
            if (work->with >= 0 && b != work->with) continue;
            Pair *pair = &work->pairs[work->n_pairs++];
            *pair = (Pair){ .a = a, .b = b };
            if (!correlation_make(&pair->value, &work->variables[a], &work->variables[b], work->method,
                                  err) ||
                !progress_poll(&session->progress, "correlate: pairs", (double)work->n_pairs, (double)all,
                               err))
                return false;
        }
    return true;
}

static int largest_first(const void *a, const void *b)
{
    const Pair *x = a, *y = b;
    double p = isnan(x->value.r) ? -1 : fabs(x->value.r), q = isnan(y->value.r) ? -1 : fabs(y->value.r);
    if (p != q) return p < q ? 1 : -1;
    return x->a != y->a ? x->a - y->a : x->b - y->b;
}

static void show_table(const Call *call, const Work *work, Result *result)
{
    Arena *arena = result->arena;
    size_t top = (size_t)option_integer(&call->options, "top"),
           shown = work->n_pairs < top ? work->n_pairs : top;
    Table *table = result_table(result, "pairs", NULL);
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "with", ALIGN_LEFT, 0);
    table_column(arena, table, methods[work->method].letter, ALIGN_RIGHT, 4);
    table_column(arena, table, "p", ALIGN_RIGHT, 2);
    table_column(arena, table, "rows", ALIGN_RIGHT, 0);
    for (size_t i = 0; i < shown; i++) {
        const Pair *pair = &work->pairs[i];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, work->frame->columns[work->columns[pair->a]].name);
        row[1] = value_text(arena, work->frame->columns[work->columns[pair->b]].name);
        row[2] = value_number(pair->value.r);
        row[3] = value_number(pair->value.p);
        row[4] = value_number((double)pair->value.n);
    }
    if (shown < work->n_pairs) result_line(result, "%zu of %zu pairs; top= shows more", shown, work->n_pairs);
}

static void show_heat(const Work *work, Result *result)
{
    Arena *arena = result->arena;
    double *values = arena_take(arena, ((size_t)work->n * (size_t)work->n + 1) * sizeof *values);
    const char **names = arena_take(arena, ((size_t)work->n + 1) * sizeof *names);
    for (int k = 0; k < work->n; k++) {
        names[k] = work->frame->columns[work->columns[k]].name;
        values[k * work->n + k] = 1;
    }
    for (size_t i = 0; i < work->n_pairs; i++) {
        const Pair *pair = &work->pairs[i];
        values[pair->a * work->n + pair->b] = values[pair->b * work->n + pair->a] = pair->value.r;
    }
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart = (Chart){ .kind = CHART_HEAT,
                      .title = methods[work->method].title,
                      .values = values,
                      .rows = work->n,
                      .columns = work->n,
                      .y_low = NAN,
                      .y_high = 1,
                      .row_names = names,
                      .column_names = names };
    result_chart(result, chart, work->n + 2, 0);
}

/* $last.x1.x2 is a coefficient; against one column $last.x1. */
static void record_pairs(const Work *work, Result *result)
{
    for (size_t i = 0; i < work->n_pairs; i++) {
        const Pair *pair = &work->pairs[i];
        const char *a = work->frame->columns[work->columns[pair->a]].name;
        const char *b = work->frame->columns[work->columns[pair->b]].name;
        Record *record = work->with >= 0 ? result->record : record_record(result->arena, result->record, a);
        record_number(result->arena, record, work->with >= 0 ? a : b, pair->value.r);
    }
}

static void close_work(const Work *work)
{
    for (int k = 0; work->x && k < work->n; k++) mem_free(work->x[k]);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Work work = { .frame = call->frame };
    while (strcmp(methods[work.method].word, option_text(&call->options, "method"))) work.method++;
    if (!choose(call, &work, err)) return false;
    bool ok = prepare(session, call, &work, err) && correlate(session, call, &work, err);
    close_work(&work);
    if (!ok) return false;
    record_pairs(&work, result);
    bool heat = !strcmp(option_text(&call->options, "view"), "heat") && work.with < 0;
    if (heat) show_heat(&work, result);
    qsort(work.pairs, work.n_pairs, sizeof *work.pairs, largest_first);
    if (!heat) show_table(call, &work, result);
    return true;
}

const CommandKind command_correlate = {
    .kind = { .name = "correlate",
              .help = "correlations of columns, the largest first",
              .more = "Each pair over the rows where both are there. p is two-sided, of Student's t with n - "
                      "2 degrees "
                      "of freedom (of tau normal, with the variance under ties); it holds for rows that do "
                      "not depend on each other, which rows of a "
                      "series do. "
                      "A constant column has none. $last.x1.x2 (with=: $last.x1) is a coefficient.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\ncorrelate loans x1 x2 x3\n"
                         "correlate loans with=default method=spearman\ncorrelate loans view=heat\n"
                         "correlate loans x1 x2 macro method=kendall",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
