/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/findings.h"

#include <math.h>

#include "data/looking/coverage.h"
#include "data/looking/duplicates.h"
#include "data/looking/prices.h"

enum { OUTLIERS_SHOWN = 10 };

void findings_begin(Findings *findings, const Frame *frame, Result *result)
{
    *findings = (Findings){ frame, result, NULL, 0 };
}

void findings_add(Findings *findings, const char *finding, const char *column, double rows,
                  const char *detail)
{
    Arena *arena = findings->result->arena;
    if (!findings->table) {
        static const char *const names[] = { "finding", "column", "rows", "share", "detail" };
        findings->table = arena_take(arena, sizeof *findings->table);
        findings->table->name = "findings";
        for (int i = 0; i < 5; i++)
            table_column(arena, findings->table, names[i], i == 2 || i == 3 ? ALIGN_RIGHT : ALIGN_LEFT,
                         i == 3 ? 2 : 0);
    }
    Value *row = table_row(arena, findings->table);
    row[0] = value_text(arena, finding);
    if (column) row[1] = value_text(arena, column);
    if (!isnan(rows)) row[2] = value_number(rows);
    if (!isnan(rows)) row[3] = value_number(rows / (double)findings->frame->n_rows);
    if (detail) row[4] = value_text(arena, detail);
    findings->n++;
}

void findings_end(Findings *findings)
{
    Result *result = findings->result;
    record_number(result->arena, result->record, "findings", findings->n);
    if (!findings->table) {
        result_line(result, "findings: none");
        return;
    }
    Table *table = result_table(result, "findings", NULL);
    *table = *findings->table;
}

static void add_number(Findings *findings, const char *name, double value)
{
    record_number(findings->result->arena, findings->result->record, name, value);
}

static const char *at_row(const Findings *findings, const char *what, size_t row)
{
    return arena_format(findings->result->arena, "%s row %zu", what, frame_row_number(findings->frame, row));
}

static bool find_duplicates(Findings *findings, Err *err)
{
    size_t count, first;
    if (!duplicates_count(findings->frame, &count, &first, err)) return false;
    add_number(findings, "duplicates", (double)count);
    if (count)
        findings_add(findings, "equal rows", NULL, (double)count,
                     at_row(findings, "as an earlier one, first:", first));
    return true;
}

static const Column *time_column(const Findings *findings)
{
    return findings->frame->columns[frame_role(findings->frame, ROLE_TIME)].column;
}

/* "1 d", "1.5 h", "1 mo"; of whole numbers "1". */
static const char *span_text(const Findings *findings, int64_t span)
{
    static const struct {
        double least, ns; /* months, quarters and years are not equally long */
        const char *name;
    } units[] = { { 365 * 86400e9, 365.2425 * 86400e9, "y" },
                  { 89 * 86400e9, 91.3106 * 86400e9, "q" },
                  { 28 * 86400e9, 30.4369 * 86400e9, "mo" },
                  { 86400e9, 86400e9, "d" },
                  { 3600e9, 3600e9, "h" },
                  { 60e9, 60e9, "min" },
                  { 1e9, 1e9, "s" },
                  { 1e6, 1e6, "ms" },
                  { 1e3, 1e3, "us" },
                  { 1, 1, "ns" } };
    Arena *arena = findings->result->arena;
    double ns = (double)span;
    char text[40];
    if (time_column(findings)->type != COLUMN_TIME)
        return arena_format(arena, "%s", number_short(ns, 6, text));
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        double n = ns / units[u].ns;
        if (ns < units[u].least || (units[u].least != units[u].ns && fabs(n - round(n)) > 0.06)) continue;
        if (units[u].least != units[u].ns) n = round(n);
        return arena_format(arena, "%s %s", number_short(n, 3, text), units[u].name);
    }
    return "0";
}

static const char *time_text(const Findings *findings, int64_t time)
{
    const Column *column = time_column(findings);
    Buf text = { 0 };
    if (column->type == COLUMN_TIME)
        time_write(&text, time, column->unit);
    else
        buf_printf(&text, "%lld", (long long)time);
    const char *copy = arena_text(findings->result->arena, buf_text(&text));
    buf_free(&text);
    return copy;
}

static void show_coverage(Findings *findings, const Coverage *coverage, const char *name)
{
    Buf line = { 0 };
    buf_printf(&line, "time %s: %s to %s", name, time_text(findings, coverage->from),
               time_text(findings, coverage->to));
    if (coverage->step) buf_printf(&line, ", usual step %s", span_text(findings, coverage->step));
    if (frame_role(findings->frame, ROLE_ID) >= 0)
        buf_printf(&line, "; %zu %s of %zu to %zu rows (median %zu)", coverage->n_ids,
                   count_noun((double)coverage->n_ids, "id", "ids"), coverage->least, coverage->most,
                   coverage->median);
    result_line(findings->result, "%s", buf_text(&line));
    buf_free(&line);
}

static bool find_gaps(Findings *findings, const Panel *panel, Err *err)
{
    const Frame *frame = findings->frame;
    Arena *arena = findings->result->arena;
    int time = frame_role(frame, ROLE_TIME);
    const char *name = frame->columns[time].name;
    Coverage coverage;
    if (frame->columns[time].column->type == COLUMN_NUMBER) return true; /* fractions have no usual step */
    if (!coverage_make(&coverage, frame, panel, err)) return false;
    add_number(findings, "gaps", (double)coverage.gaps);
    add_number(findings, "repeated_times", (double)coverage.repeated);
    if (!coverage.n_rows) return true;
    show_coverage(findings, &coverage, name);
    if (coverage.gaps) {
        int64_t after = frame->columns[time].column->integers[frame_physical(frame, coverage.after)];
        findings_add(findings, "gaps", name, (double)coverage.gaps,
                     arena_format(arena, "longest %s, after %s (row %zu)",
                                  span_text(findings, coverage.longest), time_text(findings, after),
                                  frame_row_number(frame, coverage.after)));
    }
    add_number(findings, "unordered_times", (double)coverage.unordered);
    if (coverage.unordered)
        findings_add(findings, "unordered", name, (double)coverage.unordered,
                     at_row(findings, "in their id a later time stands above, first:", coverage.early));
    if (coverage.repeated)
        findings_add(findings, "repeated times", name, (double)coverage.repeated,
                     frame_role(frame, ROLE_ID) < 0 ? "no id role: are they several series?"
                                                    : "within an id");
    return true;
}

static size_t find_impossible(Findings *findings, const PriceSet *set, bool series)
{
    const Frame *frame = findings->frame;
    Fault crossed, outside, flat, sign;
    size_t all = 0;
    int members = 0;
    prices_check_order(frame, set, &crossed, &outside, &flat);
    if (crossed.count)
        findings_add(findings, "high < low", frame->columns[set->columns[PRICE_HIGH]].name,
                     (double)crossed.count, at_row(findings, "first:", crossed.first));
    if (outside.count)
        findings_add(findings, "price outside", frame->columns[set->columns[PRICE_HIGH]].name,
                     (double)outside.count,
                     at_row(findings, "open or close beyond high or low, first:", outside.first));
    if (flat.count)
        findings_add(findings, "flat bar", frame->columns[set->columns[PRICE_CLOSE]].name, (double)flat.count,
                     at_row(findings, "open = high = low = close, first:", flat.first));
    all = crossed.count + outside.count;
    for (int k = 0; k < PRICE_KINDS; k++) members += set->columns[k] >= 0;
    for (int k = 0; k < PRICE_KINDS && (members > 1 || series); k++) {
        if (set->columns[k] < 0) continue;
        prices_check_sign(frame, set->columns[k], &sign);
        all += sign.count;
        if (sign.count)
            findings_add(findings, "price <= 0", frame->columns[set->columns[k]].name, (double)sign.count,
                         at_row(findings, "first:", sign.first));
    }
    return all;
}

static void find_in_series(Findings *findings, const Panel *panel, const PriceSet *set, size_t *n_stale,
                           size_t *n_jumps)
{
    static const PriceKind kinds[] = { PRICE_CLOSE, PRICE_ADJUSTED };
    for (int k = 0; k < 2; k++) {
        int column = set->columns[kinds[k]];
        size_t longest;
        Fault stale, jumps;
        if (column < 0) continue;
        const char *name = findings->frame->columns[column].name;
        prices_check_series(findings->frame, panel, column, &stale, &longest, &jumps);
        if (stale.count)
            findings_add(
                findings, "stale price", name, (double)stale.count,
                at_row(findings,
                       arena_format(findings->result->arena, "runs of %d equal and more, longest %zu from",
                                    STALE_RUN, longest),
                       stale.first));
        if (jumps.count)
            findings_add(findings, "price jump", name, (double)jumps.count,
                         at_row(findings, "|log return| > 0.4: a split? first:", jumps.first));
        *n_stale += stale.count;
        *n_jumps += jumps.count;
    }
}

static void find_prices(Findings *findings, const Panel *panel)
{
    PriceSet sets[PRICE_SETS_MAX];
    int n = prices_find(findings->frame, sets);
    bool series = frame_role(findings->frame, ROLE_TIME) >= 0;
    size_t impossible = 0, stale = 0, jumps = 0;
    if (!n) return;
    for (int s = 0; s < n; s++) {
        impossible += find_impossible(findings, &sets[s], series);
        if (series) find_in_series(findings, panel, &sets[s], &stale, &jumps);
    }
    add_number(findings, "impossible_prices", (double)impossible);
    add_number(findings, "stale_prices", (double)stale);
    add_number(findings, "price_jumps", (double)jumps);
}

bool findings_of_rows(Session *session, Findings *findings, Err *err)
{
    Panel panel = { 0 };
    bool ok = progress_poll(&session->progress, "describe: equal rows", 0, 1, err) &&
              find_duplicates(findings, err);
    bool series = frame_role(findings->frame, ROLE_TIME) >= 0;
    if (ok && series) {
        ok = progress_poll(&session->progress, "describe: times", 0, 1, err) &&
             panel_open(&panel, findings->frame, &(SampleBy){ 0 }, err) && find_gaps(findings, &panel, err);
    }
    if (ok) find_prices(findings, &panel);
    panel_close(&panel);
    return ok;
}

/* ---- columns */

static void find_rare(Findings *findings)
{
    const Value *rate = record_get(findings->result->record, "event_rate");
    if (!rate || isnan(rate->number) || (rate->number >= 0.05 && rate->number <= 0.95)) return;
    int target = frame_role(findings->frame, ROLE_TARGET);
    findings_add(
        findings, "rare class", findings->frame->columns[target].name, NAN,
        arena_format(findings->result->arena, "event rate %.2f%%: accuracy says little", 100 * rate->number));
}

static void find_constant(Findings *findings, const int *columns, int n, const Profile *profiles)
{
    for (int i = 0; i < n && findings->frame->n_rows > 1; i++) {
        const FrameColumn *column = &findings->frame->columns[columns[i]];
        if (profiles[i].missing == findings->frame->n_rows)
            findings_add(findings, "all missing", column->name, NAN, NULL);
        else if (column_is_numeric(column->column) && profiles[i].low == profiles[i].high)
            findings_add(findings, "constant", column->name, NAN, NULL);
    }
}

/* The level of a price wanders: in a series a value far from the median is no outlier. */
static bool is_price(const Findings *findings, int column)
{
    PriceSet sets[PRICE_SETS_MAX];
    int n = frame_role(findings->frame, ROLE_TIME) < 0 ? 0 : prices_find(findings->frame, sets);
    for (int s = 0; s < n; s++)
        for (int k = 0; k < PRICE_KINDS; k++)
            if (sets[s].columns[k] == column) return true;
    return false;
}

/* The place with the most outliers that is not taken; -1: none. Ids, times and groups are no measurements. */
static int most_outliers(const Findings *findings, const int *columns, int n, const Profile *profiles,
                         const bool *taken)
{
    int most = -1;
    for (int i = 0; i < n; i++) {
        Role role = findings->frame->columns[columns[i]].role;
        if (taken[i] || role == ROLE_ID || role == ROLE_TIME || role == ROLE_GROUP) continue;
        if (is_price(findings, columns[i])) continue;
        if (profiles[i].outliers && (most < 0 || profiles[i].outliers > profiles[most].outliers)) most = i;
    }
    return most;
}

static void find_outliers(Findings *findings, const int *columns, int n, const Profile *profiles)
{
    Arena *arena = findings->result->arena;
    bool *taken = arena_take(arena, (size_t)n + 1);
    int found = 0, most;
    for (; (most = most_outliers(findings, columns, n, profiles, taken)) >= 0; found++) {
        taken[most] = true;
        if (found < OUTLIERS_SHOWN)
            findings_add(findings, "outliers", findings->frame->columns[columns[most]].name,
                         (double)profiles[most].outliers, found ? NULL : "|0.6745 (x - median) / MAD| > 3.5");
    }
    if (found > OUTLIERS_SHOWN)
        findings_add(findings, "outliers", NULL, NAN,
                     arena_format(arena, "fewer in %d further %s", found - OUTLIERS_SHOWN,
                                  count_noun(found - OUTLIERS_SHOWN, "column", "columns")));
}

void findings_of_columns(Findings *findings, const int *columns, int n, const Profile *profiles)
{
    find_rare(findings);
    find_constant(findings, columns, n, profiles);
    find_outliers(findings, columns, n, profiles);
}
