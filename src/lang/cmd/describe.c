/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/parallel.h"
#include "lang/bind.h"
#include "lang/describe_by.h"
#include "lang/screening.h"
#include "lang/seen_frame.h"
#include "lang/truth.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns; all otherwise" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "a column: the others for each of its values, and whether they differ" },
    { "top", OPTION_INTEGER, 0, "12", 1, 1e6, NULL, NULL, "how many columns are shown against the target" },
    SEEN_FRAME_OPTION,
};

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
        result_line(result, "target: %s%s%s", ignored.message, *ignored.hint ? " " : "", ignored.hint);
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

/* Column profiles: thread k of a few takes every so many-th column, with room of its own. */
typedef struct Profiling {
    Session *session;
    const Frame *frame;
    const int *columns;
    int n, threads;
    Profile *profiles;
} Profiling;

static bool profile_share(void *context, size_t piece, bool first_thread, Err *err)
{
    Profiling *work = context;
    size_t n_rows = work->frame->n_rows;
    double *room = mem_stretch(NULL, 0, n_rows, sizeof *room, err);
    double *spare = room ? mem_stretch(NULL, 0, n_rows, sizeof *spare, err) : NULL;
    bool ok = spare != NULL;
    for (int i = (int)piece; ok && i < work->n; i += work->threads) {
        profile_make(&work->profiles[i], work->frame, work->columns[i], NULL, n_rows, room, spare);
        ok = !first_thread || progress_poll(&work->session->progress, "describe: columns", i, work->n, err);
    }
    mem_free(room);
    mem_free(spare);
    return ok;
}

static bool make_profiles(Session *session, const Frame *frame, const int *columns, int n, Profile *profiles,
                          Err *err)
{
    int threads = progress_threads(&session->progress);
    Profiling work = { session, frame, columns, n, threads < n || n < 1 ? threads : n, profiles };
    return parallel_for((size_t)work.threads, work.threads, profile_share, &work, err);
}

static bool describe_columns(Session *session, const Call *call, const int *columns, int n, bool whole,
                             Result *result, Err *err)
{
    const Frame *frame = call->frame;
    Profile *profiles = arena_take(call->arena, ((size_t)n + 1) * sizeof *profiles);
    Table *table = begin_table(result);
    Findings findings;
    if (!make_profiles(session, frame, columns, n, profiles, err)) return false;
    for (int i = 0; i < n; i++) describe_column(frame, columns[i], table, &profiles[i], result);
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

static bool describe(Session *session, const Call *call, Result *result, Err *err)
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
        if (!describe_by(session, call, by, columns, n, result, err)) return false;
        if (frame_role(frame, ROLE_TARGET) >= 0) describe_target(frame, result);
        truth_describe(frame, result);
        return true;
    }
    return describe_columns(session, call, columns, n, !selection.n, result, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Call seen;
    if (!seen_frame(session, call, &seen, result, err)) return false;
    bool ok = describe(session, &seen, result, err);
    frame_unref(seen.frame);
    return ok;
}

const CommandKind command_describe = {
    .kind = { .name = "describe",
              .help = "summarises a frame column by column",
              .more =
                  "sd is divided by n - 1; the median is a quantile of type 7. Raw columns, or with "
                  "recipe=on the inputs of a net, under their names in it.\n"
                  "Findings: rows equal to an earlier one in every column; constant columns; outliers by the "
                  "MAD "
                  "rule (not of columns with two values, nor of prices in a series); with a time role gaps "
                  "(steps above 1.5 times the "
                  "usual "
                  "one; of daily and finer data without weekends above 5 days) and times that an id has "
                  "twice, rows out of their order; of "
                  "columns called open, high, low, close, price, last, adj_close, alone or after PREFIX_, "
                  "impossible prices, bars whose four prices are equal and, in time order, runs of 5 equal "
                  "closes and |log return| > 0.4.\n"
                  "Against a two-level target: AUC of each column as a score, and IV = sum (%event - %other) "
                  "ln(%event / %other) over ten bins of equal mass or the levels, missing cells a bin of "
                  "their "
                  "own, 1/2 added to both counts of a bin that lacks one; `by chance` is (bins - 1) "
                  "(1/events + "
                  "1/others), what it would be without any relation. Training rows where the frame is "
                  "split.\n"
                  "by=: figures of each group; for numbers the test of Kruskal and Wallis by ranks, of two "
                  "groups auc "
                  "and ks too; for levels chi2 of independence. $last.x1.GROUP.mean, $last.x1.p.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\ndescribe loans\ndescribe loans x1 x2 "
                         "by=default\nscale loans\ndescribe loans recipe=on",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
