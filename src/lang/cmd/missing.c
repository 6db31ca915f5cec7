/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/looking/mcar.h"
#include "data/looking/patterns.h"
#include "data/looking/profile.h"
#include "data/looking/rowgroups.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns; all otherwise" },
    { "by", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL,
      "a column: shares for each of its values; else those of a target with few levels" },
    { "top", OPTION_INTEGER, 0, "10", 1, 100000, NULL, NULL, "how many patterns" },
    { "view", OPTION_WORD, 0, "table", 0, 0, "table|map", NULL, "map: where in the frame cells are missing" },
    { "mcar", OPTION_BOOL, 0, NULL, 0, 0, NULL, NULL,
      "Little's test; without it where the frame is not too large for it" },
};

enum { GROUPS_MAX = 20, MAP_BLOCKS = 60, TARGET_LEVELS_MAX = 10 };

typedef struct Sparse {
    int column;
    size_t missing;
} Sparse;

typedef struct Look {
    const Frame *frame;
    Sparse *sparse; /* columns with missing cells, most first */
    int n_sparse, n_columns;
    int by; /* -1: none */
    RowGroups groups;
} Look;

static size_t count_missing(const Frame *frame, int c)
{
    const Column *column = frame->columns[c].column;
    size_t n = 0;
    if (!column->n_missing || !frame->index) return column->n_missing;
    for (size_t i = 0; i < frame->n_rows; i++) n += column_is_missing(column, frame_physical(frame, i));
    return n;
}

static int most_first(const void *a, const void *b)
{
    const Sparse *x = a, *y = b;
    if (x->missing != y->missing) return x->missing < y->missing ? 1 : -1;
    return x->column - y->column;
}

static void find_sparse(Look *look, const int *columns, int n, Arena *arena)
{
    look->sparse = arena_take(arena, ((size_t)n + 1) * sizeof *look->sparse);
    look->n_columns = n;
    for (int i = 0; i < n; i++) {
        size_t missing = count_missing(look->frame, columns[i]);
        if (missing) look->sparse[look->n_sparse++] = (Sparse){ columns[i], missing };
    }
    qsort(look->sparse, (size_t)look->n_sparse, sizeof *look->sparse, most_first);
}

/* The column of by=; without one a target of few values. */
static bool find_groups(const Call *call, Look *look, Err *err)
{
    const Option *by = option_get(&call->options, "by");
    look->by = -1;
    if (by->given && by->value.type != VALUE_BOOL && by->value.type != VALUE_MISSING) {
        if (!frame_column(look->frame, option_text(&call->options, "by"), &look->by, err) ||
            !rowgroups_open(&look->groups, look->frame, look->by, GROUPS_MAX, call->arena, err)) {
            if (err) err->span = call_span(call, "by");
            return false;
        }
        return true;
    }
    Err ignored = { 0 };
    int target = frame_role(look->frame, ROLE_TARGET);
    if (by->given || target < 0) return true;
    if (rowgroups_open(&look->groups, look->frame, target, TARGET_LEVELS_MAX, call->arena, &ignored))
        look->by = target;
    else
        rowgroups_close(&look->groups);
    return true;
}

static void share_by_group(const Look *look, int c, double *shares)
{
    const Column *column = look->frame->columns[c].column;
    for (uint32_t g = 0; g < look->groups.n; g++) shares[g] = 0;
    for (size_t i = 0; i < look->frame->n_rows; i++)
        shares[look->groups.of_row[i]] += column_is_missing(column, frame_physical(look->frame, i));
    for (uint32_t g = 0; g < look->groups.n; g++) shares[g] /= (double)look->groups.counts[g];
}

static void show_columns(const Look *look, Result *result)
{
    Arena *arena = result->arena;
    Table *table = result_table(result, "columns", NULL);
    double shares[GROUPS_MAX + 1];
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "missing", ALIGN_RIGHT, 0);
    table_column(arena, table, "share", ALIGN_RIGHT, 3);
    for (uint32_t g = 0; look->by >= 0 && g < look->groups.n; g++)
        table_column(arena, table,
                     arena_format(arena, "%s=%s", look->frame->columns[look->by].name, look->groups.names[g]),
                     ALIGN_RIGHT, 3);
    for (int k = 0; k < look->n_sparse; k++) {
        const Sparse *sparse = &look->sparse[k];
        const char *name = look->frame->columns[sparse->column].name;
        double share = (double)sparse->missing / (double)look->frame->n_rows;
        Record *record = record_record(arena, result->record, name);
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, name);
        row[1] = value_number((double)sparse->missing);
        row[2] = value_number(share);
        record_number(arena, record, "missing", (double)sparse->missing);
        record_number(arena, record, "share", share);
        if (look->by < 0) continue;
        share_by_group(look, sparse->column, shares);
        for (uint32_t g = 0; g < look->groups.n; g++) row[3 + g] = value_number(shares[g]);
    }
}

static const char *pattern_text(const Look *look, const Pattern *pattern, Arena *arena)
{
    Buf text = { 0 };
    for (int k = 0; k < look->n_sparse; k++)
        if (pattern_has(pattern, k))
            buf_printf(&text, "%s%s", text.length ? ", " : "",
                       look->frame->columns[look->sparse[k].column].name);
    const char *copy = arena_text(arena, text.length ? buf_text(&text) : "(nothing)");
    buf_free(&text);
    return copy;
}

static size_t complete_rows(const Look *look, const Patterns *patterns)
{
    for (size_t p = 0; p < patterns->n; p++) {
        bool any = false;
        for (int k = 0; k < look->n_sparse; k++) any = any || pattern_has(&patterns->items[p], k);
        if (!any) return patterns->items[p].rows;
    }
    return 0;
}

static bool show_patterns(const Call *call, const Look *look, Result *result, Err *err)
{
    Arena *arena = result->arena;
    Patterns patterns;
    int *columns = arena_take(arena, ((size_t)look->n_sparse + 1) * sizeof *columns);
    double n_rows = (double)look->frame->n_rows;
    size_t top = (size_t)option_integer(&call->options, "top");
    for (int k = 0; k < look->n_sparse; k++) columns[k] = look->sparse[k].column;
    if (!patterns_find(&patterns, look->frame, columns, look->n_sparse, arena, err)) return false;
    size_t complete = complete_rows(look, &patterns), shown = patterns.n < top ? patterns.n : top;
    Table *table = result_table(result, "patterns", "missing together");
    table_column(arena, table, "rows", ALIGN_RIGHT, 0);
    table_column(arena, table, "share", ALIGN_RIGHT, 3);
    table_column(arena, table, "columns", ALIGN_LEFT, 0);
    for (size_t p = 0; p < shown; p++) {
        Value *row = table_row(arena, table);
        row[0] = value_number((double)patterns.items[p].rows);
        row[1] = value_number((double)patterns.items[p].rows / n_rows);
        row[2] = value_text(arena, pattern_text(look, &patterns.items[p], arena));
    }
    record_number(arena, result->record, "complete", (double)complete);
    record_number(arena, result->record, "patterns", (double)patterns.n);
    result_line(result, "%zu of %zu rows are complete (%.1f%%); %zu %s%s", complete, look->frame->n_rows,
                100 * (double)complete / n_rows, patterns.n,
                count_noun((double)patterns.n, "pattern", "patterns"),
                shown < patterns.n ? ", top= shows more" : "");
    if (patterns.full) result_line(result, "%zu rows have further patterns", patterns.left_out);
    return true;
}

/* ---- Little's test */

/* Above it the test waits to be asked for: operations of an iteration, of which there may be hundreds. */
#define OPERATIONS_UNASKED 2e7

/* Columns of numbers that measure something and are not missing altogether. */
static int measured(const Look *look, const int *columns, int n, int *out)
{
    int count = 0;
    for (int i = 0; i < n; i++) {
        const FrameColumn *column = &look->frame->columns[columns[i]];
        bool keyed = column->role == ROLE_ID || column->role == ROLE_TIME || column->role == ROLE_GROUP ||
                     column->role == ROLE_WEIGHT;
        if (keyed || !column_is_numeric(column->column)) continue;
        if (count_missing(look->frame, columns[i]) < look->frame->n_rows) out[count++] = columns[i];
    }
    return count;
}

static void show_mcar(const Mcar *test, int n, Result *result)
{
    Record *record = record_record(result->arena, result->record, "mcar");
    char p[40];
    if (test->dependent) {
        result_line(result, "Little's test: not for these %d columns, which depend on each other", n);
        return;
    }
    if (isnan(test->p)) return;
    record_number(result->arena, record, "chi2", test->chi2);
    record_number(result->arena, record, "df", test->df);
    record_number(result->arena, record, "p", test->p);
    result_line(result, "Little's test of %d columns of numbers: chi2 %.4g, %d df, p %s: %s", n, test->chi2,
                test->df, number_short(test->p, 2, p),
                test->p < 0.05 ? "not missing completely at random"
                               : "missing completely at random is not ruled out");
    if (test->unsettled)
        result_line(result, "its estimates (EM) still moved after %d iterations", test->iterations);
}

static bool run_mcar(Session *session, const Look *look, const int *columns, int n, bool asked,
                     Result *result, Err *err)
{
    size_t n_rows = look->frame->n_rows;
    double *block = mem_get(n_rows * (size_t)n, sizeof *block, err), operations = 0;
    const double **x = arena_take(result->arena, (size_t)n * sizeof *x);
    for (int k = 0; block && k < n; k++) {
        double *cells = block + n_rows * (size_t)k;
        for (size_t i = 0; i < n_rows; i++)
            cells[i] = column_number(look->frame->columns[columns[k]].column, frame_physical(look->frame, i));
        x[k] = cells;
    }
    Mcar test;
    bool ok = block && mcar_cost(&operations, x, n_rows, n, err);
    if (ok && !asked && operations > OPERATIONS_UNASKED)
        result_line(result, "Little's test is left out: many patterns of %d columns; mcar=on", n);
    else if (ok && (ok = mcar_test(&test, x, n_rows, n, &session->progress, err)))
        show_mcar(&test, n, result);
    mem_free(block);
    return ok;
}

static bool try_mcar(Session *session, const Call *call, const Look *look, const int *columns, int n,
                     Result *result, Err *err)
{
    bool asked = option_given(&call->options, "mcar"), on = asked && option_bool(&call->options, "mcar");
    int *found = arena_take(call->arena, ((size_t)n + 1) * sizeof *found), with = 0;
    if (asked && !on) return true;
    int count = measured(look, columns, n, found);
    for (int i = 0; i < count; i++) with += count_missing(look->frame, found[i]) > 0;
    if (count < 2 || !with) return true;
    if (count > MCAR_COLUMNS_MAX || (!on && (double)look->frame->n_rows * count * count > 2e9)) {
        result_line(result, "Little's test is left out: %d columns of numbers%s", count,
                    count > MCAR_COLUMNS_MAX ? "; name at most 64" : "; mcar=on");
        return true;
    }
    return run_mcar(session, look, found, count, on, result, err);
}

/* Share of missing cells: a line a column, blocks of rows from left to right. */
static void show_map(const Look *look, Result *result)
{
    Arena *arena = result->arena;
    const Frame *frame = look->frame;
    int blocks = frame->n_rows < MAP_BLOCKS ? (int)frame->n_rows : MAP_BLOCKS;
    double *values = arena_take(arena, (size_t)look->n_sparse * (size_t)blocks * sizeof *values);
    const char **names = arena_take(arena, (size_t)look->n_sparse * sizeof *names);
    for (int k = 0; k < look->n_sparse; k++) {
        const Column *column = frame->columns[look->sparse[k].column].column;
        names[k] = frame->columns[look->sparse[k].column].name;
        for (int b = 0; b < blocks; b++) {
            size_t from = frame->n_rows * (size_t)b / (size_t)blocks;
            size_t to = frame->n_rows * ((size_t)b + 1) / (size_t)blocks, missing = 0;
            for (size_t i = from; i < to; i++) missing += column_is_missing(column, frame_physical(frame, i));
            values[k * blocks + b] = (double)missing / (double)(to - from);
        }
    }
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart = (Chart){ .kind = CHART_HEAT,
                      .title = arena_format(arena, "share missing, rows 1 to %zu from left to right",
                                            frame->n_rows),
                      .values = values,
                      .rows = look->n_sparse,
                      .columns = blocks,
                      .y_low = NAN,
                      .y_high = 1,
                      .row_names = names };
    result_chart(result, chart, look->n_sparse + 3, 0);
}

static bool look_at(Session *session, const Call *call, Look *look, Result *result, Err *err)
{
    ValueList selection = option_list(&call->options, "columns");
    Value all = value_list(call->arena, 1);
    all.list.items[0] = value_word(call->arena, "all");
    int *columns, n;
    if (!frame_select(look->frame, selection.n ? selection : all.list, false, call->arena, &columns, &n,
                      err)) {
        if (err && !err->span.source) err->span = call_span(call, "columns");
        return false;
    }
    find_sparse(look, columns, n, call->arena);
    record_number(call->arena, result->record, "rows", (double)look->frame->n_rows);
    record_number(call->arena, result->record, "columns", look->n_sparse);
    result_line(result, "%s: cells are missing in %d of %d %s", call->frame_name, look->n_sparse, n,
                count_noun(n, "column", "columns"));
    if (!look->n_sparse) {
        record_number(call->arena, result->record, "complete", (double)look->frame->n_rows);
        return true;
    }
    if (!strcmp(option_text(&call->options, "view"), "map")) {
        show_map(look, result);
        return true;
    }
    if (!find_groups(call, look, err)) return false;
    show_columns(look, result);
    return show_patterns(call, look, result, err) && try_mcar(session, call, look, columns, n, result, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Look look = { .frame = call->frame };
    bool ok = look_at(session, call, &look, result, err);
    rowgroups_close(&look.groups);
    return ok;
}

const CommandKind command_missing = {
    .kind = { .name = "missing",
              .help = "shows where cells are missing: by column, by class, and together",
              .more =
                  "Shares are of all rows, or of the rows of a class. A share that differs between the "
                  "classes "
                  "of the target says that the absence itself tells something: impute with flags.\n"
                  "Little's test (1988) asks whether the means of the rows differ by what is missing in "
                  "them, with mean and "
                  "covariance by EM (divisor n), of the columns of numbers that are no id, time, group or "
                  "weight; "
                  "a small p: not missing completely at random, so that dropping rows biases. "
                  "$last.mcar.p.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nderive loans x1 = ifelse(x2 > -1, x1, missing) "
                         "replace\n"
                         "derive loans x3 = ifelse(x1 > 0, x3, missing) replace\nmissing loans\nmissing "
                         "loans x1 x3 by=off\n"
                         "missing loans view=map",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
