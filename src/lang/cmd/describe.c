/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/summary.h"
#include "lang/bind.h"
#include "lang/session.h"
#include "measures/metric.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns; all otherwise" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "a column: means of the others for each of its values" },
};

#define GROUPS_MAX 20

/* Values of the frame's rows of a column, without missing ones; from mem_get. */
static double *column_values(const Frame *frame, int c, const uint32_t *group, uint32_t wanted, size_t *n,
                             Err *err)
{
    const Column *column = frame->columns[c].column;
    double *x = mem_get(frame->n_rows, sizeof *x, err);
    *n = 0;
    if (!x) return NULL;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double value = column_number(column, frame_physical(frame, i));
        if (!isnan(value) && (!group || group[i] == wanted)) x[(*n)++] = value;
    }
    return x;
}

static size_t count_missing(const Frame *frame, int c)
{
    size_t n = 0;
    for (size_t i = 0; i < frame->n_rows; i++)
        n += column_is_missing(frame->columns[c].column, frame_physical(frame, i));
    return n;
}

static bool is_number(const Column *column)
{
    return column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER || column->type == COLUMN_BOOL;
}

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

static bool describe_numbers(const Frame *frame, int c, Value *row, Record *record, Arena *arena, Err *err)
{
    size_t n;
    double *x = column_values(frame, c, NULL, 0, &n, err);
    if (!x) return false;
    if (n) {
        double mean = summary_mean(x, n), sd = summary_sd(x, n, mean), low, high;
        summary_range(x, n, &low, &high);
        double median = summary_quantile(x, n, 0.5);
        const char *names[] = { "mean", "sd", "min", "median", "max" };
        double values[] = { mean, sd, low, median, high };
        for (int k = 0; k < 5; k++) {
            row[4 + k] = value_number(values[k]);
            record_number(arena, record, names[k], values[k]);
        }
    }
    mem_free(x);
    return true;
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

static bool describe_column(const Frame *frame, int c, Table *table, Result *result, Err *err)
{
    Arena *arena = result->arena;
    const FrameColumn *column = &frame->columns[c];
    Record *record = record_record(arena, result->record, column->name);
    Value *row = table_row(arena, table);
    size_t missing = count_missing(frame, c);
    row[0] = value_text(arena, column->name);
    row[1] = value_text(arena, column_type_name(column->column));
    row[2] = value_text(arena, role_name(column->role));
    row[3] = value_number((double)missing);
    record_number(arena, record, "missing", (double)missing);
    if (is_number(column->column)) return describe_numbers(frame, c, row, record, arena, err);
    if (column->column->type == COLUMN_CATEGORY) row[9] = value_text(arena, level_shares(frame, c, arena));
    if (column->column->type == COLUMN_TIME) describe_times(frame, c, row);
    return true;
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

/* The rate of the event, or the mean of the target; and how much of it can be known at all. */
static void describe_target(const Frame *frame, Result *result)
{
    Err ignored = { 0 };
    TargetInfo target;
    if (!frame_target(frame, result->arena, &target, &ignored)) {
        result_line(result, "target: %s", ignored.message);
        return;
    }
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

static void describe_truth(const Frame *frame, Result *result)
{
    const Metric *auc = metric_find("auc");
    if (!frame->truth || !auc) return;
    double *p = mem_get(frame->n_rows, sizeof *p, NULL);
    if (!p) return;
    for (size_t i = 0; i < frame->n_rows; i++) p[i] = column_number(frame->truth, frame_physical(frame, i));
    double attainable = metric_attainable(auc, p, frame->n_rows);
    mem_free(p);
    if (isnan(attainable)) return;
    result_line(result, "attainable auc on these rows: %.4f (the truth is known)", attainable);
    record_number(result->arena, result->record, "attainable_auc", attainable);
}

/* ---- by= */

typedef struct Groups {
    uint32_t *of_row; /* group number, or UINT32_MAX */
    const char *names[GROUPS_MAX];
    uint32_t n;
} Groups;

static bool find_groups(const Frame *frame, int by, Arena *arena, Groups *out, Err *err)
{
    out->of_row = mem_get(frame->n_rows, sizeof *out->of_row, err);
    if (!out->of_row) return false;
    Buf text = { 0 };
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        buf_clear(&text);
        if (column_is_missing(frame->columns[by].column, physical))
            buf_puts(&text, "missing");
        else
            column_text(frame->columns[by].column, physical, &text);
        uint32_t g = 0;
        while (g < out->n && strcmp(out->names[g], buf_text(&text))) g++;
        if (g == GROUPS_MAX) {
            buf_free(&text);
            mem_free(out->of_row);
            return ERR(err, too_many_groups, frame->columns[by].name, INT(GROUPS_MAX));
        }
        if (g == out->n) out->names[out->n++] = arena_text(arena, buf_text(&text));
        out->of_row[i] = g;
    }
    buf_free(&text);
    return true;
}

static bool describe_by(const Call *call, int by, const int *columns, int n_columns, Result *result, Err *err)
{
    const Frame *frame = call->frame;
    Groups groups = { 0 };
    if (!find_groups(frame, by, call->arena, &groups, err)) return false;
    Table *table =
        result_table(result, "by", arena_format(call->arena, "means by %s", frame->columns[by].name));
    table_column(call->arena, table, "column", ALIGN_LEFT, 0);
    for (uint32_t g = 0; g < groups.n; g++) table_column(call->arena, table, groups.names[g], ALIGN_RIGHT, 4);
    Value *sizes = table_row(call->arena, table);
    sizes[0] = value_text(call->arena, "(rows)");
    for (uint32_t g = 0; g < groups.n; g++) {
        size_t count = 0;
        for (size_t i = 0; i < frame->n_rows; i++) count += groups.of_row[i] == g;
        sizes[g + 1] = value_number((double)count);
    }
    bool ok = true;
    for (int k = 0; ok && k < n_columns; k++) {
        if (columns[k] == by || !is_number(frame->columns[columns[k]].column)) continue;
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, frame->columns[columns[k]].name);
        for (uint32_t g = 0; ok && g < groups.n; g++) {
            size_t n;
            double *x = column_values(frame, columns[k], groups.of_row, g, &n, err);
            ok = x != NULL;
            if (ok && n) row[g + 1] = value_number(summary_mean(x, n));
            mem_free(x);
        }
    }
    mem_free(groups.of_row);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session;
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
        if (!describe_by(call, by, columns, n, result, err)) return false;
    } else {
        Table *table = begin_table(result);
        for (int i = 0; i < n; i++)
            if (!describe_column(frame, columns[i], table, result, err)) return false;
    }
    if (frame_role(frame, ROLE_TARGET) >= 0) describe_target(frame, result);
    describe_truth(frame, result);
    return true;
}

const CommandKind command_describe = {
    .kind = { .name = "describe",
              .help = "summarises a frame column by column",
              .more = "sd is divided by n - 1; the median is a quantile of type 7. Raw columns: what a net "
                      "sees is shown by "
                      "`recipe FRAME`.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=1000\ndescribe loans\ndescribe loans x1 x2 by=default",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
