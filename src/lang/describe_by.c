/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/describe_by.h"

#include <math.h>
#include <string.h>

#include "data/looking/crosstab.h"
#include "data/looking/difference.h"
#include "data/looking/profile.h"
#include "data/looking/rowgroups.h"
#include "lang/bind.h"

enum { GROUPS_MAX = 20, LEVELS_SHOWN = 10, FIGURES = 5 };

typedef struct Look {
    const Frame *frame;
    Result *result;
    int by;
    RowGroups groups;
    uint32_t event;       /* of two groups the one that auc is of */
    uint32_t n_known;     /* groups without the one of missing cells */
    uint32_t *rows, **of; /* frame rows, group by group, and where each group begins */
    double *x, *spare;    /* (n_rows) */
    uint32_t *group;      /* (n_rows) of the values in x */
    Table *figures, *shares, *tests;
} Look;

static bool open_rows(Look *look, Err *err)
{
    size_t n = look->frame->n_rows, from = 0;
    Arena *arena = look->result->arena;
    look->rows = mem_get(n, sizeof *look->rows, err);
    look->x = mem_get(n, sizeof *look->x, err);
    look->spare = mem_get(n, sizeof *look->spare, err);
    look->group = mem_get(n, sizeof *look->group, err);
    if (!look->rows || !look->x || !look->spare || !look->group) return false;
    look->of = arena_take(arena, ((size_t)look->groups.n + 1) * sizeof *look->of);
    uint32_t **next = arena_take(arena, ((size_t)look->groups.n + 1) * sizeof *next);
    for (uint32_t g = 0; g < look->groups.n; g++) {
        look->of[g] = next[g] = look->rows + from;
        from += look->groups.counts[g];
    }
    for (size_t i = 0; i < n; i++) *next[look->groups.of_row[i]]++ = (uint32_t)i;
    return true;
}

static void close_look(Look *look)
{
    rowgroups_close(&look->groups);
    mem_free(look->rows);
    mem_free(look->x);
    mem_free(look->spare);
    mem_free(look->group);
}

/* ---- numbers and times */

static const char *by_name(const Look *look)
{
    return look->frame->columns[look->by].name;
}

/* Shown by show_table. */
static Table *new_table(const Look *look, const char *name, const char *title)
{
    Arena *arena = look->result->arena;
    Table *table = arena_take(arena, sizeof *table);
    *table = (Table){ .name = name, .title = title, .n_keys = 2 };
    return table;
}

static void show_table(const Look *look, const Table *table)
{
    if (table) *result_table(look->result, NULL, NULL) = *table;
}

static Table *figures_table(Look *look)
{
    static const char *const names[] = { "n", "missing", "mean", "sd", "min", "median", "max" };
    Arena *arena = look->result->arena;
    if (look->figures) return look->figures;
    Table *table = look->figures =
        new_table(look, "by", arena_format(arena, "numbers, by %s", by_name(look)));
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "group", ALIGN_LEFT, 0);
    for (int i = 0; i < 7; i++) table_column(arena, table, names[i], ALIGN_RIGHT, i < 2 ? 0 : 4);
    return table;
}

/* The row of a column and a group in the table and in $last. */
static Value *begin_row(Look *look, int c, uint32_t g, size_t n, Record **record)
{
    Arena *arena = look->result->arena;
    const char *name = look->frame->columns[c].name, *group = look->groups.names[g];
    double missing = (double)(look->groups.counts[g] - n);
    *record = record_record(arena, record_record(arena, look->result->record, name), group);
    record_number(arena, *record, "n", (double)n);
    record_number(arena, *record, "missing", missing);
    Value *row = table_row(arena, figures_table(look));
    row[0] = value_text(arena, name);
    row[1] = value_text(arena, group);
    row[2] = value_number((double)n);
    row[3] = value_number(missing);
    return row;
}

static void show_numbers(Look *look, int c)
{
    static const char *const names[FIGURES] = { "mean", "sd", "min", "median", "max" };
    for (uint32_t g = 0; g < look->groups.n; g++) {
        Profile profile;
        Record *record;
        profile_make(&profile, look->frame, c, look->of[g], look->groups.counts[g], look->x, look->spare);
        Value *row = begin_row(look, c, g, profile.n, &record);
        double figures[FIGURES] = { profile.mean, profile.sd, profile.low, profile.median, profile.high };
        for (int k = 0; k < FIGURES && profile.n; k++) {
            row[4 + k] = value_number(figures[k]);
            record_number(look->result->arena, record, names[k], figures[k]);
        }
    }
}

static void show_times(Look *look, int c)
{
    const Column *column = look->frame->columns[c].column;
    for (uint32_t g = 0; g < look->groups.n; g++) {
        int64_t low = INT64_MAX, high = INT64_MIN;
        size_t n = 0;
        Record *record;
        for (size_t i = 0; i < look->groups.counts[g]; i++) {
            int64_t time = column->integers[frame_physical(look->frame, look->of[g][i])];
            if (time == INTEGER_MISSING) continue;
            if (time < low) low = time;
            if (time > high) high = time;
            n++;
        }
        Value *row = begin_row(look, c, g, n, &record);
        if (!n) continue;
        row[6] = value_time(low, column->unit);
        row[8] = value_time(high, column->unit);
        record_set(look->result->arena, record, "min", row[6]);
        record_set(look->result->arena, record, "max", row[8]);
    }
}

/* ---- levels */

static Table *shares_table(Look *look)
{
    Arena *arena = look->result->arena;
    if (look->shares) return look->shares;
    Table *table = look->shares =
        new_table(look, "levels", arena_format(arena, "shares of levels, by %s", by_name(look)));
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "level", ALIGN_LEFT, 0);
    for (uint32_t g = 0; g < look->groups.n; g++)
        table_column(arena, table, look->groups.names[g], ALIGN_RIGHT, 3);
    table_column(arena, table, "all", ALIGN_RIGHT, 3);
    return table;
}

/* counts (levels + 1, groups): of code 0 the missing cells. */
static double *count_levels(const Look *look, const Column *column)
{
    uint32_t n_groups = look->groups.n;
    size_t cells = ((size_t)column->levels->n + 1) * n_groups;
    double *counts = arena_take(look->result->arena, cells * sizeof *counts);
    for (size_t i = 0; i < look->frame->n_rows; i++)
        counts[column->codes[frame_physical(look->frame, i)] * n_groups + look->groups.of_row[i]]++;
    return counts;
}

static double sum_of(const double *x, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += x[i];
    return sum;
}

static void show_level(Look *look, int c, const char *level, const double *counts)
{
    Arena *arena = look->result->arena;
    const char *name = look->frame->columns[c].name;
    Record *of_column = record_record(arena, look->result->record, name);
    Value *row = table_row(arena, shares_table(look));
    row[0] = value_text(arena, name);
    row[1] = value_text(arena, level);
    for (uint32_t g = 0; g < look->groups.n; g++) {
        double share = counts[g] / (double)look->groups.counts[g];
        row[2 + g] = value_number(share);
        record_number(arena, record_record(arena, of_column, look->groups.names[g]), level, share);
    }
    row[2 + look->groups.n] = value_number(sum_of(counts, look->groups.n) / (double)look->frame->n_rows);
}

/* The most frequent levels, the others together, missing cells. */
static void show_levels(Look *look, int c, const double *counts)
{
    const Levels *levels = look->frame->columns[c].column->levels;
    uint32_t n_groups = look->groups.n, left = 0;
    Arena *arena = look->result->arena;
    bool *taken = arena_take(arena, ((size_t)levels->n + 1) * sizeof *taken);
    double *others = arena_take(arena, ((size_t)n_groups + 1) * sizeof *others);
    for (int shown = 0; shown < LEVELS_SHOWN; shown++) {
        uint32_t best = 0;
        for (uint32_t k = 1; k <= levels->n; k++)
            if (!taken[k] && (!best || sum_of(counts + k * n_groups, n_groups) >
                                           sum_of(counts + best * n_groups, n_groups)))
                best = k;
        if (!best || !(sum_of(counts + best * n_groups, n_groups) > 0)) break;
        taken[best] = true;
        show_level(look, c, levels->names[best - 1], counts + best * n_groups);
    }
    for (uint32_t k = 1; k <= levels->n; k++) {
        if (taken[k] || !(sum_of(counts + k * n_groups, n_groups) > 0)) continue;
        left++;
        for (uint32_t g = 0; g < n_groups; g++) others[g] += counts[k * n_groups + g];
    }
    if (left) show_level(look, c, arena_format(arena, "(%u others)", left), others);
    if (sum_of(counts, n_groups) > 0) show_level(look, c, "missing", counts);
}

/* ---- tests */

static Table *tests_table(Look *look)
{
    static const char *const names[] = { "column", "test", "value", "df", "p", "auc", "ks" };
    static const int digits[] = { 0, 0, 4, 0, 2, 4, 4 };
    Arena *arena = look->result->arena;
    if (look->tests) return look->tests;
    Table *table = look->tests = new_table(look, "differences", "do the groups differ?");
    table->n_keys = 1;
    for (int i = 0; i < (look->n_known == 2 ? 7 : 5); i++)
        table_column(arena, table, names[i], i < 2 ? ALIGN_LEFT : ALIGN_RIGHT, digits[i]);
    return table;
}

static Value *begin_test(Look *look, int c, const char *test, double value, int df, double p)
{
    Arena *arena = look->result->arena;
    Record *record = record_record(arena, look->result->record, look->frame->columns[c].name);
    Value *row = table_row(arena, tests_table(look));
    row[0] = value_text(arena, look->frame->columns[c].name);
    row[1] = value_text(arena, test);
    row[2] = value_number(value);
    row[3] = value_number(df);
    row[4] = value_number(p);
    record_number(arena, record, "p", p);
    return row;
}

static bool test_numbers(Look *look, int c, Err *err)
{
    const Column *column = look->frame->columns[c].column;
    Arena *arena = look->result->arena;
    Difference found;
    size_t n = 0;
    for (size_t i = 0; i < look->frame->n_rows; i++) {
        double value = column_number(column, frame_physical(look->frame, i));
        if (isnan(value) || look->groups.of_row[i] >= look->n_known) continue;
        look->x[n] = value;
        look->group[n++] = look->groups.of_row[i];
    }
    if (!difference_test(&found, look->x, look->group, n, look->n_known, err)) return false;
    if (isnan(found.p)) return true;
    Value *row = begin_test(look, c, "ranks", found.h, found.df, found.p);
    if (isnan(found.auc)) return true;
    if (look->event == 0) found.auc = 1 - found.auc;
    Record *record = record_record(arena, look->result->record, look->frame->columns[c].name);
    row[5] = value_number(found.auc);
    row[6] = value_number(found.ks);
    record_number(arena, record, "auc", found.auc);
    record_number(arena, record, "ks", found.ks);
    return true;
}

/* Of the levels that are there: without missing cells. */
static void test_levels(Look *look, int c, const double *counts)
{
    const Levels *levels = look->frame->columns[c].column->levels;
    size_t n = levels->n, across = look->n_known;
    double *known = arena_take(look->result->arena, (n * across + 1) * sizeof *known);
    for (size_t k = 0; k < n; k++)
        memcpy(known + k * across, counts + (k + 1) * look->groups.n, across * sizeof *known);
    Independence found = crosstab_test(known, n, across);
    if (!isnan(found.p)) begin_test(look, c, "chi2", found.chi2, found.df, found.p);
}

/* ---- all */

static bool describe_column(Look *look, int c, Err *err)
{
    const Column *column = look->frame->columns[c].column;
    if (column->type == COLUMN_TIME) show_times(look, c);
    if (column->type == COLUMN_CATEGORY) {
        const double *counts = count_levels(look, column);
        show_levels(look, c, counts);
        test_levels(look, c, counts);
    }
    if (!column_is_numeric(column)) return true;
    show_numbers(look, c);
    return test_numbers(look, c, err);
}

static void show_groups(const Look *look)
{
    Buf line = { 0 };
    const Frame *frame = look->frame;
    buf_printf(&line, "by %s:", by_name(look));
    for (uint32_t g = 0; g < look->groups.n; g++)
        buf_printf(&line, "%s %s %zu (%.1f%%)", g ? "," : "", look->groups.names[g], look->groups.counts[g],
                   100 * (double)look->groups.counts[g] / (double)frame->n_rows);
    result_line(look->result, "%s", buf_text(&line));
    buf_free(&line);
}

static void show_tests(Look *look)
{
    if (!look->tests) return;
    show_table(look, look->tests);
    if (look->n_known == 2)
        result_line(look->result,
                    "ranks: Kruskal and Wallis; auc: P(a value of %s=%s is above one of %s=%s), ties by half",
                    by_name(look), look->groups.names[look->event], by_name(look),
                    look->groups.names[!look->event]);
    else
        result_line(look->result, "ranks: Kruskal and Wallis; chi2: independence of the levels");
}

/* The second group; of the target the event, which may come first. */
static uint32_t find_event(const Look *look)
{
    TargetInfo target;
    Err ignored = { 0 };
    bool known = frame_role(look->frame, ROLE_TARGET) == look->by &&
                 frame_target(look->frame, look->result->arena, &target, &ignored) && target.kind == 'b';
    return !known || strcmp(look->groups.names[0], target.levels[1]) != 0;
}

static bool look_at(Session *session, const Call *call, Look *look, const int *columns, int n, Err *err)
{
    if (!rowgroups_open(&look->groups, look->frame, look->by, GROUPS_MAX, call->arena, err)) {
        if (err) err->span = call_span(call, "by");
        return false;
    }
    look->n_known = look->groups.n - look->groups.has_missing;
    look->event = look->n_known == 2 ? find_event(look) : 1;
    if (!open_rows(look, err)) return false;
    show_groups(look);
    for (int i = 0; i < n; i++) {
        if (columns[i] == look->by) continue;
        if (!progress_poll(&session->progress, "describe: columns", i, n, err) ||
            !describe_column(look, columns[i], err))
            return false;
    }
    show_table(look, look->figures);
    show_table(look, look->shares);
    show_tests(look);
    return true;
}

bool describe_by(Session *session, const Call *call, int by, const int *columns, int n, Result *result,
                 Err *err)
{
    Look look = { .frame = call->frame, .result = result, .by = by };
    bool ok = look_at(session, call, &look, columns, n, err);
    close_look(&look);
    return ok;
}
