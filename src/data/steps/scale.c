/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale: z = (f(x) - center) / spread, from the training rows:
 *   standard  mean, standard deviation (divisor n - 1)
 *   minmax    least value, range: 0..1
 *   robust    median, 1.4826 times the median absolute deviation
 *   log       f(x) = sign(x) ln(1 + |x|), then as standard
 *   signedlog f(x) alone
 *   yeojohnson f(x) by the lambda of the greatest likelihood (yeojohnson.c), then as standard
 *   rankgauss z = the normal quantile of (r - 0.5) / n, r the mean rank of x among the n training values;
 * between two of these linear, beyond them as the outermost With by=TIME the mean, spread or ranks are those
 * of the rows of the same time, and nothing is learned. A column without spread becomes 0. 1 2 3 4 gives
 * -1.161895 for 1 with standard. */
#include <math.h>
#include <string.h>

#include "data/steps/groups.h"
#include "data/steps/rankgauss.h"
#include "data/steps/yeojohnson.h"
#include "data/stepstate.h"
#include "data/summary.h"

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "numeric input columns; all of them where none is named" },
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "standard",
      .words = "standard|minmax|robust|log|signedlog|yeojohnson|rankgauss",
      .help =
          "by mean and deviation, to 0..1, by median and absolute deviation, log first, log alone, a power "
          "that makes it most normal, or to normal quantiles by rank" },
    { .name = "by",
      .type = OPTION_COLUMN,
      .help = "the time column: each date is scaled by its own rows (a cross-section)" },
};

static unsigned needs(const Options *opts, const char *time)
{
    const char *by = option_text(opts, "by");
    return by && time && strcmp(by, time) == 0 ? STEP_DATES : 0;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

static double signed_log(double x)
{
    return copysign(log1p(fabs(x)), x);
}

static void find_scale(const char *method, double *values, size_t n, double *center, double *spread)
{
    if (strcmp(method, "minmax") == 0) {
        summary_range(values, n, center, spread);
        *spread -= *center;
    } else if (strcmp(method, "robust") == 0) {
        *center = summary_quantile(values, n, 0.5);
        *spread = summary_mad(values, n, *center);
    } else {
        double low, high;
        *center = summary_mean(values, n);
        *spread = summary_sd(values, n, *center);
        summary_range(values, n, &low, &high);
        if (low == high) *spread = 0; /* not what rounding left of it */
    }
}

static bool is_log(const char *method)
{
    return strcmp(method, "log") == 0 || strcmp(method, "signedlog") == 0;
}

static void take_logs(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] = signed_log(x[i]);
}

static bool take_powers(double *x, size_t n, double lambda)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        x[i] = yeojohnson(x[i], lambda);
        finite &= !isinf(x[i]);
    }
    return finite;
}

/* values become their powers. */
static bool fit_powers(const FeatureSet *train, int i, double *values, size_t n, Arena *arena, Record *fitted,
                       Err *err)
{
    if (n == 0) return true;
    double lambda = yeojohnson_fit(values, n);
    record_number(arena, fitted, "lambda", lambda);
    summary_compact(train->items[i].numbers, train->n_rows, values);
    if (take_powers(values, n, lambda)) return true;
    return step_column_failed("scale", &train->items[i],
                              "values are too large for a power: winsorize it first", err);
}

static bool fit_spread(const char *method, const Feature *feature, double *values, size_t n, Arena *arena,
                       Record *fitted, Notes *notes, Err *err)
{
    double center = 0, spread = strcmp(method, "signedlog") == 0;
    if (is_log(method)) take_logs(values, n);
    if (n > 0 && spread == 0) find_scale(method, values, n, &center, &spread);
    if (!isfinite(center) || !isfinite(spread))
        return step_column_failed("scale", feature, "values are too large: winsorize it first", err);
    if (n > 0 && !(spread > 0)) NOTE(notes, constant_column, "scale", feature->name);
    record_number(arena, fitted, "center", center);
    record_number(arena, fitted, "spread", spread);
    if (is_log(method)) record_set(arena, fitted, "log", value_bool(true));
    return true;
}

static bool fit_one(const char *method, const FeatureSet *train, int i, Arena *arena, Record *fitted,
                    Notes *notes, Err *err)
{
    size_t n;
    double *values = feature_values(train, i, &n, err);
    bool ok = values != NULL;
    if (ok && strcmp(method, "rankgauss") == 0)
        ok = n > 0 ? rankgauss_fit(values, n, arena, fitted, err)
                   : feature_no_values("scale", &train->items[i], err);
    else if (ok)
        ok = (strcmp(method, "yeojohnson") != 0 || fit_powers(train, i, values, n, arena, fitted, err)) &&
             fit_spread(method, &train->items[i], values, n, arena, fitted, notes, err);
    mem_free(values);
    return ok;
}

static bool check_by(const Options *opts, const char *time, Err *err)
{
    const char *by = option_text(opts, "by");
    if (by && strcmp(option_text(opts, "method"), "yeojohnson") == 0)
        return ERR(err, bad_step, "scale", "by= does not go with method=yeojohnson");
    if (!by || (time && strcmp(by, time) == 0)) return true;
    ERR(err, bad_step, "scale", "by= takes the time column");
    if (!time) return err_hint(err, "write role FRAME time=COLUMN");
    return err_hint(err, "the time column is '%s'", time);
}

/* The time role may follow the step. */
static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)notes;
    const char *by = option_text(opts, "by");
    return check_by(opts, time ? time : by, err) || step_failed_at(opts, "by", err);
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    const char *method = option_text(opts, "method");
    if (!check_by(opts, train->rows ? train->rows->time : NULL, err)) return false;
    for (int k = 0; k < n; k++) {
        Record *fitted = record_record(arena, state, train->items[selected[k]].name);
        if (option_given(opts, "by"))
            record_text(arena, fitted, "each", method);
        else if (!fit_one(method, train, selected[k], arena, fitted, notes, err))
            return false;
    }
    return true;
}

/* ---- applying */

static void scale_rows(double *x, size_t n, double center, double spread)
{
    if (spread > 0)
        for (size_t row = 0; row < n; row++) x[row] = (x[row] - center) / spread;
    else
        for (size_t row = 0; row < n; row++) x[row] = x[row] != x[row] ? x[row] : 0;
}

/* The values of each date in the place of its rows: scaled among themselves. */
static bool scale_group(const char *method, double *values, size_t n, double *scratch, Err *err)
{
    double center = 0, spread = 0;
    if (n == 0) return true;
    if (strcmp(method, "rankgauss") == 0) return rankgauss_ranks(values, n, err);
    if (is_log(method)) take_logs(values, n);
    if (strcmp(method, "signedlog") == 0) return true;
    memcpy(scratch, values, n * sizeof *scratch);
    find_scale(method, scratch, n, &center, &spread);
    scale_rows(values, n, center, spread);
    return true;
}

static void put_back(const Groups *groups, const uint32_t *of, double *x, size_t n_rows, size_t *next)
{
    for (uint32_t g = 0; g < groups->n; g++) next[g] = groups->start[g];
    for (size_t row = 0; row < n_rows; row++)
        if (x[row] == x[row]) x[row] = groups->values[next[of[row]]++];
}

static bool scale_dates(const char *method, FeatureSet *set, int i, Err *err)
{
    Groups groups;
    const StepRows *rows = set->rows;
    if (!rows || !rows->date) return true;
    double *x = set->items[i].numbers, *scratch = mem_get(set->n_rows, sizeof *scratch, err);
    size_t *next = scratch ? mem_get(rows->n_dates, sizeof *next, err) : NULL;
    bool ok = next && groups_open(&groups, x, rows->date, set->n_rows, rows->n_dates, err), opened = ok;
    for (uint32_t g = 0; ok && g < rows->n_dates; g++)
        ok = scale_group(method, groups.values + groups.start[g], groups.start[g + 1] - groups.start[g],
                         scratch, err);
    if (ok) put_back(&groups, rows->date, x, set->n_rows, next);
    if (opened) groups_close(&groups);
    mem_free(next);
    mem_free(scratch);
    return ok;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const Feature *feature = &set->items[i];
    double center, spread, lambda;
    const char *each;
    if (feature->kind != FEATURE_NUMBER) return state_bad(feature, err);
    if (state_text(fitted, "each", &each)) return scale_dates(each, set, i, err);
    if (record_get(fitted, "ranks")) return rankgauss_apply(fitted, set, i, err);
    if (!state_number(fitted, "center", &center) || !state_number(fitted, "spread", &spread))
        return state_bad(feature, err);
    if (state_bool(fitted, "log")) take_logs(feature->numbers, set->n_rows);
    if (state_number(fitted, "lambda", &lambda) && lambda == lambda)
        take_powers(feature->numbers, set->n_rows, lambda);
    scale_rows(feature->numbers, set->n_rows, center, spread);
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts;
    (void)notes;
    return state_apply(state, set, apply_one, err);
}

const StepKind step_scale = {
    .kind = { .name = "scale",
              .help = "bring numeric inputs to a common scale, by the training rows",
              .more =
                  "standard: (x - mean) / sd (divisor n - 1). minmax: to 0..1. robust: (x - median) / "
                  "(1.4826 MAD). log: sign(x) ln(1 + |x|), then standard; signedlog: that alone. rankgauss: "
                  "the normal quantile of (rank - 0.5) / n among the training rows, linear between them.\n"
                  "yeojohnson: the power (Yeo and Johnson 2000) whose lambda makes the training rows most "
                  "normal, then standard. by=DATE scales each date by its own rows. One-hot columns and "
                  "missing flags are left as they are; a constant column becomes 0.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "scale loans method=standard",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
