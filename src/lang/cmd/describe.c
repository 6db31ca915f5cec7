/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "data/looking/rowgroups.h"
#include "lang/bind.h"
#include "lang/screening.h"
#include "lang/truth.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns; all otherwise" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "a column: means of the others for each of its values" },
    { "top", OPTION_INTEGER, 0, "12", 1, 1e6, NULL, NULL, "how many columns are shown against the target" },
};

enum { GROUPS_MAX = 20 };

/* "a 60%, b 25%, c 15%": the commonest levels. */
static const char *level_shares(const Frame *frame, int c, Arena *arena)
{
    const Column *column = frame->columns[c].column;
    uint32_t n_levels = column->levels->n;
    size_t *counts = arena_take(arena, ((size_t)n_levels + 1) * sizeof *counts);
    for (size_t i = 0; i < frame->n_rows; i++) counts[column->codes[frame_physical(frame, i)]]++;
    Buf text = { 0 };
    for (int shown = 0; shown < 3 && shown < (int)n_levels; shown++) {
        uint32_t best = 0;
        for (uint32_t k = 1; k <= n_levels; k++)
            if (counts[k] && (!best || counts[k] > counts[best])) best = k;
        if (!best) break;
        buf_printf(&text, "%s%s %.0f%%", shown ? ", " : "", column->levels->names[best - 1],
                   100.0 * (double)counts[best] / (double)frame->n_rows);
        counts[best] = 0;
    }
    if (n_levels > 3) buf_printf(&text, ", ... (%u levels)", n_levels);
    const char *copy = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return copy;
}

static void describe_numbers(const Profile *profile, Value *row, Record *record, Arena *arena)
{
    const char *names[] = { "mean", "sd", "min", "median", "max" };
    double values[] = { profile->mean, profile->sd, profile->low, profile->median, profile->high };
    if (!profile->n) return;
    for (int k = 0; k < 5; k++) {
        row[4 + k] = value_number(values[k]);
        record_number(arena, record, names[k], values[k]);
    }
    record_number(arena, record, "outliers", (double)profile->outliers);
}

static void describe_times(const Frame *frame, int c, Value *row)
{
    const Column *column = frame->columns[c].column;
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t i = 0; i < frame->n_rows; i++) {
        int64_t time = column->integers[frame_physical(frame, i)];
        if (time == INTEGER_MISSING) continue;
        if (time < low) low = time;
        if (time > high) high = time;
    }
    if (low > high) return;
    row[6] = value_time(low, column->unit);
    row[8] = value_time(high, column->unit);
}

static void describe_column(const Frame *frame, int c, Table *table, const Profile *profile, Result *result)
{
    Arena *arena = result->arena;
    const FrameColumn *column = &frame->columns[c];
    Record *record = record_record(arena, result->record, column->name);
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, column->name);
    row[1] = value_text(arena, column_type_name(column->column));
    row[2] = value_text(arena, role_name(column->role));
    row[3] = value_number((double)profile->missing);
    record_number(arena, record, "missing", (double)profile->missing);
    if (column_is_numeric(column->column)) describe_numbers(profile, row, record, arena);
    if (column->column->type == COLUMN_CATEGORY) row[9] = value_text(arena, level_shares(frame, c, arena));
    if (column->column->type == COLUMN_TIME) describe_times(frame, c, row);
}

static Table *begin_table(Result *result)
{
    static const char *const names[] = { "column", "type", "role",   "missing", "mean",
                                         "sd",     "min",  "median", "max",     "levels" };
    Table *table = result_table(result, "columns", NULL);
    for (int i = 0; i < 10; i++)
        table_column(result->arena, table, names[i], i >= 3 && i <= 8 ? ALIGN_RIGHT : ALIGN_LEFT,
                     i >= 4 && i <= 8 ? 4 : 0);
    return table;
}

/* "a 40%, b 35%, c 25%" of a target of several levels. */
static void describe_classes(const Frame *frame, const TargetInfo *target, Result *result)
{
    if (frame->columns[target->column].column->type != COLUMN_CATEGORY) return;
    result_line(result, "target %s: %d classes, %s", frame->columns[target->column].name, target->n_levels,
                level_shares(frame, target->column, result->arena));
}

/* The rate of the event, or what keeps the target from being one. */
static void describe_target(const Frame *frame, Result *result)
{
    Err ignored = { 0 };
    TargetInfo target;
    if (!frame_target(frame, result->arena, &target, &ignored)) {
        result_line(result, "target: %s", ignored.message);
        return;
    }
    if (target.kind == 'c') describe_classes(frame, &target, result);
    if (target.kind != 'b') return;
    size_t n = 0, events = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double y = frame_target_value(frame, &target, i);
        if (isnan(y)) continue;
        n++;
        events += y > 0.5;
    }
    double rate = n ? (double)events / (double)n : NAN;
    result_line(result, "target %s: %zu %s in %zu %s (%.1f%%)", frame->columns[target.column].name, events,
                count_noun((double)events, "event", "events"), n, count_noun((double)n, "row", "rows"),
                100 * rate);
    record_number(result->arena, result->record, "event_rate", rate);
}

static bool describe_columns(Session *session, const Call *call, const int *columns, int n, bool whole,
                             Result *result, Err *err)
{
    const Frame *frame = call->frame;
    Profile *profiles = arena_take(call->arena, ((size_t)n + 1) * sizeof *profiles);
    Table *table = begin_table(result);
    Findings findings;
    double *x = mem_get(frame->n_rows, sizeof *x, err), *spare = mem_get(frame->n_rows, sizeof *spare, err);
    bool ok = x && spare;
    for (int i = 0; ok && i < n; i++) {
        profile_make(&profiles[i], frame, columns[i], NULL, frame->n_rows, x, spare);
        describe_column(frame, columns[i], table, &profiles[i], result);
        ok = progress_poll(&session->progress, "describe: columns", i, n, err);
    }
    mem_free(x);
    mem_free(spare);
    if (!ok) return false;
    findings_begin(&findings, frame, result);
    if (frame_role(frame, ROLE_TARGET) >= 0) describe_target(frame, result);
    truth_describe(frame, result);
    if (whole && !findings_of_rows(session, &findings, err)) return false;
    findings_of_columns(&findings, columns, n, profiles);
    if (!screening_show(session, frame, columns, n, (int)option_integer(&call->options, "top"), &findings,
                        result, err))
        return false;
    findings_end(&findings);
    return true;
}

/* ---- by= */

/* Means of a column in each group. */
static void group_means(const Frame *frame, int c, const RowGroups *groups, double *means, size_t *counts)
{
    const Column *column = frame->columns[c].column;
    for (uint32_t g = 0; g < groups->n; g++) means[g] = 0, counts[g] = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x = column_number(column, frame_physical(frame, i));
        if (isnan(x)) continue;
        means[groups->of_row[i]] += x;
        counts[groups->of_row[i]]++;
    }
    for (uint32_t g = 0; g < groups->n; g++) means[g] /= (double)counts[g];
}

static void show_group_means(const Frame *frame, const RowGroups *groups, int c, Table *table, Result *result)
{
    Arena *arena = result->arena;
    double means[GROUPS_MAX + 1];
    size_t counts[GROUPS_MAX + 1];
    Record *record = record_record(arena, result->record, frame->columns[c].name);
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, frame->columns[c].name);
    group_means(frame, c, groups, means, counts);
    for (uint32_t g = 0; g < groups->n; g++) {
        if (!counts[g]) continue;
        row[g + 1] = value_number(means[g]);
        record_number(arena, record, groups->names[g], means[g]);
    }
}

static bool describe_by(const Call *call, int by, const int *columns, int n_columns, Result *result, Err *err)
{
    const Frame *frame = call->frame;
    RowGroups groups;
    if (!rowgroups_open(&groups, frame, by, GROUPS_MAX, call->arena, err)) {
        if (err) err->span = call_span(call, "by");
        rowgroups_close(&groups);
        return false;
    }
    Table *table =
        result_table(result, "by", arena_format(call->arena, "means by %s", frame->columns[by].name));
    table_column(call->arena, table, "column", ALIGN_LEFT, 0);
    for (uint32_t g = 0; g < groups.n; g++) table_column(call->arena, table, groups.names[g], ALIGN_RIGHT, 4);
    Value *sizes = table_row(call->arena, table);
    sizes[0] = value_text(call->arena, "(rows)");
    for (uint32_t g = 0; g < groups.n; g++) sizes[g + 1] = value_number((double)groups.counts[g]);
    for (int k = 0; k < n_columns; k++)
        if (columns[k] != by && column_is_numeric(frame->columns[columns[k]].column))
            show_group_means(frame, &groups, columns[k], table, result);
    rowgroups_close(&groups);
    if (frame_role(frame, ROLE_TARGET) >= 0) describe_target(frame, result);
    truth_describe(frame, result);
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const Frame *frame = call->frame;
    ValueList selection = option_list(&call->options, "columns");
    Value all = value_list(call->arena, 1);
    all.list.items[0] = value_word(call->arena, "all");
    int *columns, n, by;
    if (!frame_select(frame, selection.n ? selection : all.list, false, call->arena, &columns, &n, err)) {
        if (err && !err->span.source) err->span = call_span(call, "columns");
        return false;
    }
    result_line(result, "%s: %zu %s, %d %s, from %s", call->frame_name, frame->n_rows,
                count_noun((double)frame->n_rows, "row", "rows"), frame->n_columns,
                count_noun(frame->n_columns, "column", "columns"), frame->origin);
    record_number(call->arena, result->record, "rows", (double)frame->n_rows);
    if (option_given(&call->options, "by")) {
        if (!frame_column(frame, option_text(&call->options, "by"), &by, err)) {
            if (err) err->span = call_span(call, "by");
            return false;
        }
        return describe_by(call, by, columns, n, result, err);
    }
    return describe_columns(session, call, columns, n, !selection.n, result, err);
}

const CommandKind command_describe = {
    .kind = { .name = "describe",
              .help = "summarises a frame column by column",
              .more =
                  "sd is divided by n - 1; the median is a quantile of type 7. Raw columns: what a net sees "
                  "is "
                  "shown by `recipe FRAME`.\n"
                  "Findings: rows equal to an earlier one in every column; constant columns; outliers by the "
                  "MAD "
                  "rule (not of columns with two values, nor of prices in a series); with a time role gaps "
                  "(steps above 1.5 times the "
                  "usual "
                  "one; of daily and finer data without weekends above 5 days) and times that an id has "
                  "twice; of "
                  "columns called open, high, low, close, price, last, adj_close, alone or after PREFIX_, "
                  "impossible prices and, in time order, runs of 5 equal closes and |log return| > 0.4.\n"
                  "Against a two-level target: AUC of each column as a score, and IV = sum (%event - %other) "
                  "ln(%event / %other) over ten bins of equal mass or the levels, missing cells a bin of "
                  "their "
                  "own, 1/2 added to both counts of a bin that lacks one; `by chance` is (bins - 1) "
                  "(1/events + "
                  "1/others), what it would be without any relation. Training rows where the frame is split.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=1000\ndescribe loans\ndescribe loans x1 x2 by=default",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
