/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/looking/crosstab.h"
#include "data/looking/rowgroups.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "column", OPTION_COLUMN, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a column" },
    { "column2", OPTION_COLUMN, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "a second one, across" },
    { "order", OPTION_WORD, 0, "value", 0, 0, "value|count", NULL, "count: the most frequent first" },
    { "show", OPTION_WORD, 0, "count", 0, 0, "count|row|column|all", NULL,
      "of two columns: counts, or shares of a row, of a column, of all" },
};

enum { VALUES_MAX = 10000, ACROSS_MAX = 50 };

/* Rows whose target is known and the events among them, by group. */
typedef struct Rates {
    bool known;
    const char *event; /* "default = 1" */
    double *rows, *events;
} Rates;

static Rates find_rates(const Frame *frame, const RowGroups *groups, int column, Arena *arena)
{
    Rates rates = { 0 };
    TargetInfo target;
    Err ignored = { 0 };
    if (frame_role(frame, ROLE_TARGET) < 0 || !frame_target(frame, arena, &target, &ignored)) return rates;
    if (target.kind != 'b' || target.column == column) return rates;
    rates.known = true;
    rates.event = arena_format(arena, "%s=%s", frame->columns[target.column].name, target.levels[1]);
    rates.rows = arena_take(arena, ((size_t)groups->n + 1) * sizeof *rates.rows);
    rates.events = arena_take(arena, ((size_t)groups->n + 1) * sizeof *rates.events);
    for (size_t i = 0; i < frame->n_rows; i++) {
        double y = frame_target_value(frame, &target, i);
        if (isnan(y)) continue;
        rates.rows[groups->of_row[i]]++;
        rates.events[groups->of_row[i]] += y;
    }
    return rates;
}

/* Group numbers in the order in which they are shown. */
static uint32_t *shown_order(const RowGroups *groups, bool by_count, Arena *arena)
{
    uint32_t *order = arena_take(arena, ((size_t)groups->n + 1) * sizeof *order);
    for (uint32_t g = 0; g < groups->n; g++) {
        uint32_t at = g;
        for (; by_count && at > 0 && groups->counts[order[at - 1]] < groups->counts[g]; at--)
            order[at] = order[at - 1];
        order[at] = g;
    }
    return order;
}

static void show_one(const Call *call, const RowGroups *groups, int column, Result *result)
{
    Arena *arena = result->arena;
    const Frame *frame = call->frame;
    Rates rates = find_rates(frame, groups, column, arena);
    uint32_t *order = shown_order(groups, !strcmp(option_text(&call->options, "order"), "count"), arena);
    double n = (double)frame->n_rows, so_far = 0;
    Table *table = result_table(result, "values", NULL);
    table_column(arena, table, frame->columns[column].name, ALIGN_LEFT, 0);
    table_column(arena, table, "rows", ALIGN_RIGHT, 0);
    table_column(arena, table, "share", ALIGN_RIGHT, 3);
    table_column(arena, table, "so far", ALIGN_RIGHT, 3);
    if (rates.known) table_column(arena, table, rates.event, ALIGN_RIGHT, 3);
    for (uint32_t k = 0; k < groups->n; k++) {
        uint32_t g = order[k];
        Value *row = table_row(arena, table);
        Record *record = record_record(arena, result->record, groups->names[g]);
        double count = (double)groups->counts[g], rate = rates.known ? rates.events[g] / rates.rows[g] : NAN;
        so_far += count;
        row[0] = value_text(arena, groups->names[g]);
        row[1] = value_number(count);
        row[2] = value_number(count / n);
        row[3] = value_number(so_far / n);
        record_number(arena, record, "rows", count);
        record_number(arena, record, "share", count / n);
        if (!rates.known) continue;
        row[4] = value_number(rate);
        record_number(arena, record, "event_rate", rate);
    }
    result_line(result, "%s: %u %s in %zu %s", frame->columns[column].name, groups->n,
                count_noun(groups->n, "value", "values"), frame->n_rows, count_noun(n, "row", "rows"));
}

typedef struct Cross {
    RowGroups down, across;
    double *counts; /* (down.n, across.n) */
} Cross;

static double cell_share(const Cross *cross, const char *show, uint32_t r, uint32_t c)
{
    double count = cross->counts[r * cross->across.n + c], all = 0;
    if (!strcmp(show, "count")) return count;
    if (!strcmp(show, "row")) return count / (double)cross->down.counts[r];
    if (!strcmp(show, "column")) return count / (double)cross->across.counts[c];
    for (uint32_t g = 0; g < cross->down.n; g++) all += (double)cross->down.counts[g];
    return count / all;
}

static void show_cells(const Call *call, const Cross *cross, int column, int column2, Result *result)
{
    Arena *arena = result->arena;
    const char *show = option_text(&call->options, "show");
    int digits = strcmp(show, "count") ? 3 : 0;
    const FrameColumn *columns = call->frame->columns;
    uint32_t *order =
        shown_order(&cross->down, !strcmp(option_text(&call->options, "order"), "count"), arena);
    Table *table = result_table(result, "cells",
                                arena_format(arena, "%s down, %s across%s%s", columns[column].name,
                                             columns[column2].name, digits ? ": shares of " : "",
                                             !digits                   ? ""
                                             : !strcmp(show, "row")    ? "a row"
                                             : !strcmp(show, "column") ? "a column"
                                                                       : "all"));
    table_column(arena, table, columns[column].name, ALIGN_LEFT, 0);
    for (uint32_t c = 0; c < cross->across.n; c++)
        table_column(arena, table, cross->across.names[c], ALIGN_RIGHT, digits);
    table_column(arena, table, "all", ALIGN_RIGHT, 0);
    for (uint32_t k = 0; k < cross->down.n; k++) {
        uint32_t r = order[k];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, cross->down.names[r]);
        for (uint32_t c = 0; c < cross->across.n; c++)
            row[1 + c] = value_number(cell_share(cross, show, r, c));
        row[1 + cross->across.n] = value_number((double)cross->down.counts[r]);
    }
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, "all");
    for (uint32_t c = 0; c < cross->across.n; c++) row[1 + c] = value_number((double)cross->across.counts[c]);
    row[1 + cross->across.n] = value_number((double)call->frame->n_rows);
}

/* Missing cells are shown and take no part in the test. */
static Independence test_cells(const Cross *cross, Arena *arena)
{
    size_t rows = cross->down.n - (cross->down.has_missing ? 1 : 0);
    size_t columns = cross->across.n - (cross->across.has_missing ? 1 : 0);
    double *counts = arena_take(arena, (rows * columns + 1) * sizeof *counts);
    for (size_t r = 0; r < rows; r++)
        memcpy(counts + r * columns, cross->counts + r * cross->across.n, columns * sizeof *counts);
    return crosstab_test(counts, rows, columns);
}

static bool show_two(const Call *call, Cross *cross, int column, int column2, Result *result, Err *err)
{
    Arena *arena = result->arena;
    const Frame *frame = call->frame;
    char chi2[40], p[40], v[40];
    if (!rowgroups_open(&cross->across, frame, column2, ACROSS_MAX, arena, err)) return false;
    size_t cells = (size_t)cross->down.n * cross->across.n;
    cross->counts = arena_take(arena, (cells + 1) * sizeof *cross->counts);
    for (size_t i = 0; i < frame->n_rows; i++)
        cross->counts[(size_t)cross->down.of_row[i] * cross->across.n + cross->across.of_row[i]]++;
    show_cells(call, cross, column, column2, result);
    Independence test = test_cells(cross, arena);
    if (isnan(test.chi2)) return true;
    result_line(result, "chi2 %s with %d df, p %s, Cramer's V %s", number_short(test.chi2, 4, chi2), test.df,
                test.p < 1e-300 ? "< 1e-300" : number_short(test.p, 2, p), number_short(test.cramer_v, 3, v));
    if (5 * test.few > test.cells)
        result_line(result, "%d of %d cells expect fewer than 5 rows: p is rough", test.few, test.cells);
    record_number(arena, result->record, "chi2", test.chi2);
    record_number(arena, result->record, "df", test.df);
    record_number(arena, result->record, "p", test.p);
    record_number(arena, result->record, "cramer_v", test.cramer_v);
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session;
    Cross cross = { 0 };
    int column, column2;
    bool two = option_given(&call->options, "column2");
    if (!frame_column(call->frame, option_text(&call->options, "column"), &column, err)) return false;
    if (two && !frame_column(call->frame, option_text(&call->options, "column2"), &column2, err))
        return false;
    bool ok = rowgroups_open(&cross.down, call->frame, column, VALUES_MAX, result->arena, err);
    if (ok && two) ok = show_two(call, &cross, column, column2, result, err);
    if (ok && !two) show_one(call, &cross.down, column, result);
    if (!ok && err && err->code == CODE_too_many_groups)
        err_hint(err, "plot %s shows numbers", call->frame_name);
    rowgroups_close(&cross.down);
    rowgroups_close(&cross.across);
    return ok;
}

const CommandKind command_tabulate = {
    .kind = { .name = "tabulate",
              .help = "counts the values of a column, or of two against each other",
              .more = "With one column also the rate of the event of a two-level target. With two: Pearson's "
                      "chi2 "
                      "test of independence without a correction for continuity, and Cramer's V; missing "
                      "cells are "
                      "shown and take no part in it.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nderive loans big = x1 > 1\ntabulate loans big\n"
                         "tabulate loans big default show=row",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
