/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale: z = (f(x) - center) / spread, from the training rows:
 *   standard  mean, standard deviation (divisor n - 1)
 *   minmax    least value, range: 0..1
 *   robust    median, 1.4826 times the median absolute deviation
 *   log       f(x) = sign(x) ln(1 + |x|), then as standard
 * A column without spread becomes 0. 1 2 3 4 gives -1.161895 for 1 with standard. */
#include <math.h>
#include <string.h>

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
      .words = "standard|minmax|robust|log",
      .help = "by mean and deviation, to 0..1, by median and absolute deviation, or log first" },
};

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

static bool fit_one(const char *method, const FeatureSet *train, int i, Arena *arena, Record *state,
                    Notes *notes, Err *err)
{
    const char *name = train->items[i].name;
    size_t n;
    double *values = feature_values(train, i, &n, err);
    if (!values) return false;
    bool is_log = strcmp(method, "log") == 0;
    for (size_t k = 0; is_log && k < n; k++) values[k] = signed_log(values[k]);
    double center = 0, spread = 0;
    if (n > 0) find_scale(method, values, n, &center, &spread);
    mem_free(values);
    if (!isfinite(center) || !isfinite(spread))
        return ERR(err, bad_step, "scale", "the column's values are too large: winsorize it first");
    if (n > 0 && !(spread > 0)) NOTE(notes, constant_column, "scale", name);
    Record *fitted = record_record(arena, state, name);
    record_number(arena, fitted, "center", center);
    record_number(arena, fitted, "spread", spread);
    if (is_log) record_set(arena, fitted, "log", value_bool(true));
    return true;
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    const char *method = option_text(opts, "method");
    for (int k = 0; k < n; k++)
        if (!fit_one(method, train, selected[k], arena, state, notes, err)) return false;
    return true;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const Feature *feature = &set->items[i];
    double center, spread;
    if (feature->kind != FEATURE_NUMBER || !state_number(fitted, "center", &center) ||
        !state_number(fitted, "spread", &spread))
        return state_bad(feature, err);
    double *x = feature->numbers;
    if (state_bool(fitted, "log"))
        for (size_t row = 0; row < set->n_rows; row++) x[row] = signed_log(x[row]);
    if (spread > 0)
        for (size_t row = 0; row < set->n_rows; row++) x[row] = (x[row] - center) / spread;
    else
        for (size_t row = 0; row < set->n_rows; row++) x[row] = x[row] != x[row] ? x[row] : 0;
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
              .more = "standard: (x - mean) / sd (divisor n - 1). minmax: to 0..1. robust: (x - median) /\n"
                      "(1.4826 MAD). log: sign(x) ln(1 + |x|), then standard. One-hot columns and missing\n"
                      "flags are left as they are; a constant column becomes 0.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "scale loans method=standard",
              .since = "1.0" },
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
