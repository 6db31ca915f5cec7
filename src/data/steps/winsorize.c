/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winsorize: x := min(max(x, q_a), q_b), with q the quantiles (type 7) of the training rows. */
#include <math.h>

#include "data/stepstate.h"
#include "data/summary.h"

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "numeric input columns; all of them where none is named" },
    { .name = "at",
      .type = OPTION_RANGE,
      .initial = "1%..99%",
      .help = "the two quantiles, as 1%..99%; an open end clips one side only" },
};

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

/* An end of the range: a fraction, or `open` where it is not given. */
static bool read_end(const Value *end, double open, double *out)
{
    *out = open;
    if (!end) return true;
    *out = end->type == VALUE_NUMBER ? end->number : NAN;
    return *out >= 0 && *out <= 1;
}

static bool read_range(const Options *opts, double *low, double *high, Err *err)
{
    const Value *at = &option_get(opts, "at")->value;
    bool ok = at->type == VALUE_RANGE && read_end(at->range.from, 0, low) &&
              read_end(at->range.to, 1, high) && *low < *high;
    return ok || ERR(err, bad_step, "winsorize", "at= takes two rising quantiles, as 1%..99%");
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    (void)notes;
    double low = 0, high = 1;
    if (!read_range(opts, &low, &high, err)) return false;
    for (int k = 0; k < n; k++) {
        size_t n_values;
        double *values = feature_values(train, selected[k], &n_values, err);
        if (!values) return false;
        if (n_values > 0) {
            Record *fitted = record_record(arena, state, train->items[selected[k]].name);
            record_number(arena, fitted, "low", summary_quantile(values, n_values, low));
            record_number(arena, fitted, "high", summary_quantile(values, n_values, high));
        }
        mem_free(values);
    }
    return true;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const Feature *feature = &set->items[i];
    double low, high;
    if (feature->kind != FEATURE_NUMBER || !state_number(fitted, "low", &low) ||
        !state_number(fitted, "high", &high))
        return state_bad(feature, err);
    double *x = feature->numbers;
    for (size_t row = 0; row < set->n_rows; row++) {
        double value = x[row] < low ? low : x[row];
        x[row] = value > high ? high : value;
    }
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts;
    (void)notes;
    return state_apply(state, set, apply_one, err);
}

const StepKind step_winsorize = {
    .kind = { .name = "winsorize",
              .help = "clip numeric inputs to quantiles of the training rows",
              .more = "Values beyond the quantiles become the quantiles, in training and in every later\n"
                      "row. Missing values stay missing.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "winsorize loans at=1%..99%",
              .since = "1.0" },
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
