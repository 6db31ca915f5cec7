/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winsorize: x := min(max(x, low), high), limits from the training rows (type 7 quantiles Q):
 *   quantile  Q(a), Q(1 - a)
 *   iqr       Q(1/4) - k IQR, Q(3/4) + k IQR (Tukey 1977)
 *   mad       median -+ z MAD / 0.6745 (Iglewicz and Hoaglin 1993); where the MAD is 0, z 1.253314 times the
 * mean absolute deviation hampel    of a series, without fitting: over the last `length` rows of the id up to
 * this one, x becomes their median where |x - median| > z 1.4826 MAD (with the same fallback). It never looks
 * ahead. Of 1 2 3 4 100: iqr's limits are -1 and 7, those of mad -2.189 and 8.189. */
#include <math.h>
#include <string.h>

#include "data/stepstate.h"
#include "data/summary.h"

enum { QUANTILE, IQR, MAD, HAMPEL, HAMPEL_LEAST = 3, HAMPEL_MOST = 1000 };

static const OptionSpec iqr_options[] = {
    { .name = "k",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL,
      .initial = "1.5",
      .min = 0,
      .max = INFINITY,
      .help = "how many interquartile ranges beyond the quartiles; 3 is far out" },
};

static const OptionSpec mad_options[] = {
    { .name = "z",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL,
      .initial = "3.5",
      .min = 0,
      .max = INFINITY,
      .help = "the largest modified z score" },
};

static const OptionSpec hampel_options[] = {
    { .name = "length",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "11",
      .min = HAMPEL_LEAST,
      .max = HAMPEL_MOST,
      .help = "rows of the window, this one the last" },
    { .name = "z",
      .type = OPTION_NUMBER,
      .initial = "3",
      .min = 0,
      .max = INFINITY,
      .help = "how many scaled median absolute deviations are borne" },
};

static const Kind methods[] = {
    [QUANTILE] = { .name = "quantile", .help = "two quantiles, at=", .since = "1.0" },
    [IQR] = { .name = "iqr", .help = "quartiles and their range", KIND_OPTIONS(iqr_options), .since = "1.0" },
    [MAD] = { .name = "mad",
              .help = "median and median absolute deviation",
              KIND_OPTIONS(mad_options),
              .since = "1.0" },
    [HAMPEL] = { .name = "hampel",
                 .help = "the median of the last rows of the id",
                 KIND_OPTIONS(hampel_options),
                 .since = "1.0" },
};

static const Kind *const method_items[] = { &methods[QUANTILE], &methods[IQR], &methods[MAD],
                                            &methods[HAMPEL] };
static const KindList method_kinds = { "method", method_items, 4 };

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "numeric input columns; all of them where none is named" },
    { .name = "at",
      .type = OPTION_RANGE,
      .initial = "1%..99%",
      .help = "quantile: the two, as 1%..99%; an open end clips one side only" },
    { .name = "method",
      .type = OPTION_KIND,
      .initial = "quantile",
      .kinds = &method_kinds,
      .help = "quantile, iqr(k=1.5), mad(z=3.5) or hampel(length=11, z=3)" },
    { .name = "flag",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "leave the values and add a 0/1 column that says where they are beyond" },
};

static const Kind *method_of(const Options *opts)
{
    return option_kind(opts, "method");
}

static unsigned needs(const Options *opts, const char *time)
{
    (void)time;
    return method_of(opts) == &methods[HAMPEL] ? STEP_SERIES : 0;
}

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

/* ---- fitting */

typedef struct Limits {
    const Kind *method;
    double from, to; /* quantiles */
    double width;    /* k or z */
} Limits;

static bool read_limits(const Options *opts, Limits *limits, Err *err)
{
    *limits = (Limits){ .method = method_of(opts) };
    if (limits->method == &methods[QUANTILE]) return read_range(opts, &limits->from, &limits->to, err);
    if (option_given(opts, "at")) return ERR(err, bad_step, "winsorize", "at= goes with method=quantile");
    limits->width =
        option_number(option_kind_options(opts, "method"), limits->method == &methods[IQR] ? "k" : "z");
    return true;
}

static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)time;
    (void)notes;
    Limits limits;
    return read_limits(opts, &limits, err) || step_failed_at(opts, "at", err);
}

static void find_limits(const Limits *limits, double *x, size_t n, double *low, double *high)
{
    if (limits->method == &methods[QUANTILE]) {
        *low = summary_quantile(x, n, limits->from);
        *high = summary_quantile(x, n, limits->to);
    } else if (limits->method == &methods[IQR]) {
        double q1 = summary_quantile(x, n, 0.25), q3 = summary_quantile(x, n, 0.75);
        *low = q1 - limits->width * (q3 - q1);
        *high = q3 + limits->width * (q3 - q1);
    } else {
        double median = summary_quantile(x, n, 0.5);
        for (size_t i = 0; i < n; i++) x[i] = fabs(x[i] - median);
        double mean = summary_mean(x, n), mad = summary_quantile(x, n, 0.5);
        double reach = limits->width * (mad > 0 ? mad / 0.6745 : 1.253314 * mean);
        *low = median - reach;
        *high = median + reach;
    }
}

static void write_hampel(const Options *opts, Arena *arena, Record *fitted)
{
    const Options *own = option_kind_options(opts, "method");
    record_number(arena, fitted, "length", option_number(own, "length"));
    record_number(arena, fitted, "z", option_number(own, "z"));
}

static bool fit_one(const Limits *limits, const FeatureSet *train, int i, Arena *arena, Record *fitted,
                    Err *err)
{
    size_t n;
    double *values = feature_values(train, i, &n, err), low = -INFINITY, high = INFINITY;
    if (!values) return false;
    if (n > 0) find_limits(limits, values, n, &low, &high);
    mem_free(values);
    if (n == 0) return true;
    if (!isfinite(low) || !isfinite(high))
        return step_column_failed("winsorize", &train->items[i], "values are too large for their range", err);
    record_number(arena, fitted, "low", low);
    record_number(arena, fitted, "high", high);
    return true;
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    (void)notes;
    Limits limits;
    if (!read_limits(opts, &limits, err)) return false;
    for (int k = 0; k < n; k++) {
        Record *fitted = record_record(arena, state, train->items[selected[k]].name);
        if (limits.method == &methods[HAMPEL])
            write_hampel(opts, arena, fitted);
        else if (!fit_one(&limits, train, selected[k], arena, fitted, err))
            return false;
        if (option_bool(opts, "flag")) record_set(arena, fitted, "flag", value_bool(true));
    }
    return true;
}

/* ---- applying: `to` gets what each row becomes */

static void clip_rows(const double *x, size_t n, double low, double high, double *to)
{
    for (size_t row = 0; row < n; row++) {
        double value = x[row] < low ? low : x[row];
        to[row] = value > high ? high : value;
    }
}

/* The median of the window that ends at place k, where its own value lies too far from that; else the value.
 */
static double hampel_value(const FeatureSet *set, const double *x, size_t k, size_t length, double z)
{
    double window[HAMPEL_MOST], own = x[set->rows->order[k]];
    size_t from = set->rows->first[k], n = 0;
    if (k + 1 - from > length) from = k + 1 - length;
    for (size_t i = from; i <= k; i++) {
        double value = x[set->rows->order[i]];
        if (value == value) window[n++] = value;
    }
    if (own != own || n < HAMPEL_LEAST) return own;
    double median = summary_quantile(window, n, 0.5);
    return fabs(own - median) > z * summary_mad(window, n, median) ? median : own;
}

static bool become(const Record *fitted, const FeatureSet *set, int i, double *to, Err *err)
{
    const Feature *feature = &set->items[i];
    double low, high, length, z;
    memcpy(to, feature->numbers, set->n_rows * sizeof *to);
    if (fitted->n == 0 || (fitted->n == 1 && state_bool(fitted, "flag")))
        return true; /* no value to learn from */
    if (!record_get(fitted, "length")) {
        if (!state_number(fitted, "low", &low) || !state_number(fitted, "high", &high))
            return state_bad(feature, err);
        clip_rows(feature->numbers, set->n_rows, low, high, to);
        return true;
    }
    if (!state_number(fitted, "length", &length) || !(length >= HAMPEL_LEAST && length <= HAMPEL_MOST) ||
        !state_number(fitted, "z", &z))
        return state_bad(feature, err);
    for (size_t k = 0; set->rows && set->rows->order && k < set->n_rows; k++)
        to[set->rows->order[k]] = hampel_value(set, feature->numbers, k, (size_t)length, z);
    return true;
}

static bool add_flag(FeatureSet *set, int i, const double *to, Err *err)
{
    char *name = arena_format(set->arena, "%s=outlier", set->items[i].name);
    Feature *flag = feature_insert(set, i + 1, name, set->items[i].from, FEATURE_FLAG, err);
    if (!flag) return false;
    const double *x = set->items[i].numbers;
    for (size_t row = 0; row < set->n_rows; row++) flag->flags[row] = x[row] == x[row] && x[row] != to[row];
    return true;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    if (set->items[i].kind != FEATURE_NUMBER) return state_bad(&set->items[i], err);
    double *to = mem_get(set->n_rows, sizeof *to, err);
    bool ok = to && become(fitted, set, i, to, err);
    if (ok && state_bool(fitted, "flag"))
        ok = add_flag(set, i, to, err);
    else if (ok)
        memcpy(set->items[i].numbers, to, set->n_rows * sizeof *to);
    mem_free(to);
    return ok;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts;
    (void)notes;
    return state_apply(state, set, apply_one, err);
}

const StepKind step_winsorize = {
    .kind = { .name = "winsorize",
              .help = "clip outliers of numeric inputs to limits of the training rows",
              .more =
                  "Values beyond the limits become the limits, in training and in every later row; missing "
                  "values stay missing. iqr: quartiles -+ k IQR (Tukey 1977). mad: median -+ z MAD / 0.6745 "
                  "(Iglewicz and Hoaglin 1993). hampel is for series: the median of the last rows of the id "
                  "takes the place of a value more than z 1.4826 MAD away; it never looks ahead. Crashes are "
                  "the signal of a risk model: flag=on keeps them and says where they are.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "winsorize loans at=1%..99%",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
