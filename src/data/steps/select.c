/* SPDX-License-Identifier: GPL-3.0-or-later */
/* select: fewer inputs, by the training rows.
 *   variance     keeps columns whose variance (divisor n - 1) is over above= (0), or the top= largest
 *   correlation  leaves out a column whose correlation with an earlier one that stays is over above= (0.95)
 * in size; of pairs of rows that have both iv           keeps columns whose information value is over above=
 * (0.02), or the top= largest pca          principal components in the place of the columns (select_pca.c) */
#include "data/steps/select.h"

#include <math.h>
#include <string.h>

#include "data/binning.h"
#include "data/special.h"
#include "data/summary.h"
#include "data/woe.h"

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "input columns; every one that the method can judge where none is named" },
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "variance",
      .words = "variance|correlation|iv|pca",
      .help = "by spread, by likeness to an earlier column, by information value, or principal components" },
    { .name = "top", .type = OPTION_INTEGER, .min = 1, .max = 1e6, .help = "how many stay, or components" },
    { .name = "above",
      .type = OPTION_NUMBER,
      .min = 0,
      .max = INFINITY,
      .help = "the limit: 0 for variance, 0.95 for correlation and for the components' share, 0.02 for iv" },
};

static bool is_method(const Options *opts, const char *method)
{
    return strcmp(option_text(opts, "method"), method) == 0;
}

static unsigned needs(const Options *opts, const char *time)
{
    (void)time;
    return is_method(opts, "iv") ? STEP_TARGET : 0;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    return feature->kind == FEATURE_NUMBER || (feature->kind == FEATURE_CATEGORY && is_method(opts, "iv"));
}

/* ---- information value */

enum { IV_BINS = 10 };

/* Monotone bins, then one for missing cells, then one for each special code. */
static double number_iv(const FeatureSet *set, const Feature *feature, BinValue *values)
{
    double breaks[BINS_MAX];
    WoeBin bins[IV_BINS + 1 + SPECIALS_MAX] = { 0 };
    int32_t codes[SPECIALS_MAX];
    int n_codes = 0;
    size_t n = 0;
    special_collect(feature->numbers, set->n_rows, codes, &n_codes);
    for (size_t i = 0; i < set->n_rows; i++) {
        BinValue value = { feature->numbers[i], set->rows->target[i], step_weight(set->rows, i) };
        if (value.x == value.x && value.y == value.y && value.w > 0) values[n++] = value;
    }
    int n_breaks = n ? bins_monotone(values, n, IV_BINS, 0.05, breaks) : 0;
    for (size_t i = 0; i < set->n_rows; i++) {
        double x = feature->numbers[i];
        if (set->rows->target[i] != set->rows->target[i]) continue;
        int bin = x != x ? IV_BINS + 1 + special_place(x, codes, n_codes) : bin_find(breaks, n_breaks, x);
        woe_add(&bins[bin], set->rows, i);
    }
    return woe_fill(bins, IV_BINS + 1 + n_codes);
}

double select_iv(const FeatureSet *set, const Feature *feature, Err *err)
{
    double iv = NAN;
    if (feature->kind == FEATURE_CATEGORY) {
        WoeBin *bins = mem_get((size_t)feature->levels->n + 1, sizeof *bins, err);
        if (!bins) return NAN;
        woe_count(feature, set->rows, set->n_rows, bins);
        iv = woe_fill(bins, (int)feature->levels->n + 1);
        mem_free(bins);
        return iv;
    }
    BinValue *values = mem_get(set->n_rows + 1, sizeof *values, err);
    if (values) iv = number_iv(set, feature, values);
    mem_free(values);
    return iv;
}

/* ---- fitting filters */

static double variance(const FeatureSet *set, int i, Err *err)
{
    size_t n;
    double *values = feature_values(set, i, &n, err);
    if (!values) return NAN;
    double sd = n ? summary_sd(values, n, summary_mean(values, n)) : 0;
    double low = 0, high = 0;
    if (n) summary_range(values, n, &low, &high);
    mem_free(values);
    return low == high ? 0 : isfinite(sd * sd) ? sd * sd : 1e300; /* not what rounding left of a constant */
}

/* Pearson's, of the rows that have both; 0 where one does not vary. */
static double correlation(const double *x, const double *y, size_t rows)
{
    double n = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < rows; i++) {
        if (x[i] != x[i] || y[i] != y[i]) continue;
        n += 1;
        double dx = x[i] - mean_x, dy = y[i] - mean_y;
        mean_x += dx / n;
        mean_y += dy / n;
        xx += dx * (x[i] - mean_x);
        yy += dy * (y[i] - mean_y);
        xy += dx * (y[i] - mean_y);
    }
    double r = xy / (sqrt(xx) * sqrt(yy));
    return xx > 0 && yy > 0 && isfinite(r) ? r : 0;
}

typedef struct Judged {
    double *measure; /* of each selected feature */
    int *with;       /* correlation: the earlier feature, by place among the selected ones; -1: none */
    bool *kept;
} Judged;

static bool measure(const Options *opts, const FeatureSet *set, const int *selected, int n, Judged *judged,
                    Err *err)
{
    bool by_iv = is_method(opts, "iv");
    if (by_iv && !woe_has_target(set, "select", "method=iv", err)) return false;
    for (int k = 0; k < n; k++) {
        judged->measure[k] =
            by_iv ? select_iv(set, &set->items[selected[k]], err) : variance(set, selected[k], err);
        if (judged->measure[k] != judged->measure[k]) return false;
    }
    return true;
}

/* Which feature is the place-th largest does not matter: equal ones are kept in order. */
static void keep_top(const Options *opts, int n, Judged *judged)
{
    double above = is_method(opts, "iv") ? 0.02 : 0, top = option_number(opts, "top");
    if (option_given(opts, "above")) above = option_number(opts, "above");
    for (int k = 0; k < n; k++) {
        int before = 0;
        for (int j = 0; j < n; j++)
            before += judged->measure[j] > judged->measure[k] ||
                      (judged->measure[j] == judged->measure[k] && j < k);
        bool limited = option_given(opts, "above") || top != top;
        judged->kept[k] = (!limited || judged->measure[k] > above) && (top != top || before < top);
    }
}

static void keep_unlike(const Options *opts, const FeatureSet *set, const int *selected, int n,
                        Judged *judged)
{
    double above = option_given(opts, "above") ? option_number(opts, "above") : 0.95;
    for (int k = 0; k < n; k++) {
        judged->with[k] = -1;
        for (int j = 0; j < k; j++) {
            if (!judged->kept[j]) continue;
            double r =
                correlation(set->items[selected[k]].numbers, set->items[selected[j]].numbers, set->n_rows);
            if (judged->with[k] >= 0 && fabs(r) <= fabs(judged->measure[k])) continue;
            judged->measure[k] = r;
            judged->with[k] = j;
        }
        judged->kept[k] = judged->with[k] < 0 || fabs(judged->measure[k]) <= above;
    }
}

static void write_filter(const Options *opts, const FeatureSet *set, const int *selected, int n,
                         const Judged *judged, Arena *arena, Record *state, Notes *notes)
{
    int kept = 0;
    for (int k = 0; k < n; k++) {
        Record *fitted = record_record(arena, state, set->items[selected[k]].name);
        record_number(arena, fitted, option_text(opts, "method"), judged->measure[k]);
        if (is_method(opts, "correlation") && judged->with[k] >= 0)
            record_text(arena, fitted, "with", set->items[selected[judged->with[k]]].name);
        record_set(arena, fitted, "kept", value_bool(judged->kept[k]));
        kept += judged->kept[k];
    }
    if (kept < n) NOTE(notes, columns_selected, INT(kept), INT(n));
}

static bool fit_filter(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                       Record *state, Notes *notes, Err *err)
{
    size_t size = (size_t)n + 1;
    Judged judged = { arena_take(arena, size * sizeof(double)), arena_take(arena, size * sizeof(int)),
                      arena_take(arena, size * sizeof(bool)) };
    if (is_method(opts, "correlation"))
        keep_unlike(opts, train, selected, n, &judged);
    else if (measure(opts, train, selected, n, &judged, err))
        keep_top(opts, n, &judged);
    else
        return false;
    write_filter(opts, train, selected, n, &judged, arena, state, notes);
    return true;
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    double top = option_number(opts, "top"), above = option_number(opts, "above");
    if (is_method(opts, "correlation") && top == top)
        return ERR(err, bad_step, "select", "method=correlation takes above=, not top=");
    if (is_method(opts, "pca"))
        return select_fit_pca(train, selected, n, top, above == above ? above : 0.95, arena, state, err);
    return fit_filter(opts, train, selected, n, arena, state, notes, err);
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const Value *kept = record_get(fitted, "kept");
    if (!kept || kept->type != VALUE_BOOL) return state_bad(&set->items[i], err);
    return kept->on || feature_remove(set, i);
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)notes;
    if (is_method(opts, "pca")) return select_apply_pca(state, set, err);
    return state_apply(state, set, apply_one, err);
}

const StepKind step_select = {
    .kind = { .name = "select",
              .help = "keep the inputs that matter, by the training rows",
              .more =
                  "variance: those that vary, or the top= most. correlation: leaves out a column that is "
                  "correlated over above=0.95 with an earlier one. iv: those with an information value over "
                  "0.02 (Siddiqi 2006), numbers in monotone bins; weights count. pca: principal components "
                  "pc1, pc2, ... in the place of the columns, top= of them or so many that they hold "
                  "above=95% of the variance; scale before it. The largest loading of each is positive.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "scale loans\n"
                         "select loans method=pca top=3",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
