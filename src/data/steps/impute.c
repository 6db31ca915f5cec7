/* SPDX-License-Identifier: GPL-3.0-or-later */
/* impute: x missing := theta, from the training rows, and a 0/1 column that says where. With by= theta is the
 * group's own; the ways that look at other rows or columns are in impute_fill.c and impute_knn.c. */
#include <math.h>
#include <string.h>

#include "data/steps/impute.h"
#include "data/summary.h"

#define FLAG_SHARE 0.005 /* flags for columns with more missing than this, unless flag= says otherwise */

enum { MEAN, MEDIAN, MODE, CONSTANT, FFILL, KNN };

static const OptionSpec constant_options[] = {
    { .name = "value",
      .type = OPTION_ANY,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .help = "a number for numeric columns, a text for categories" },
};

static const OptionSpec ffill_options[] = {
    { .name = "gap",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "5",
      .min = 1,
      .max = 1e9,
      .help = "how many rows after the last value are filled" },
};

static const OptionSpec knn_options[] = {
    { .name = "k",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "5",
      .min = 1,
      .max = IMPUTE_NEAREST_MAX,
      .help = "how many training rows, nearest first" },
    { .name = "donors",
      .type = OPTION_INTEGER,
      .initial = "2000",
      .min = 1,
      .max = 100000,
      .help = "how many training rows are kept to choose from, evenly spaced" },
};

static const Kind methods[] = {
    [MEAN] = { .name = "mean", .help = "the mean of the training rows", .since = "1.0" },
    [MEDIAN] = { .name = "median", .help = "the median of the training rows", .since = "1.0" },
    [MODE] = { .name = "mode", .help = "the commonest value of the training rows", .since = "1.0" },
    [CONSTANT] = { .name = "constant",
                   .help = "the given value",
                   KIND_OPTIONS(constant_options),
                   .since = "1.0" },
    [FFILL] = { .name = "ffill",
                .help = "the last value of the same id, in time order",
                KIND_OPTIONS(ffill_options),
                .since = "1.0" },
    [KNN] = { .name = "knn",
              .help = "the mean of the nearest training rows",
              KIND_OPTIONS(knn_options),
              .since = "1.0" },
};

static const Kind *const method_items[] = { &methods[MEAN],     &methods[MEDIAN], &methods[MODE],
                                            &methods[CONSTANT], &methods[FFILL],  &methods[KNN] };
static const KindList method_kinds = { "method", method_items, 6 };

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "input columns; every input column where none is named" },
    { .name = "method",
      .type = OPTION_KIND,
      .initial = "median",
      .kinds = &method_kinds,
      .help = "mean, median, mode, constant(VALUE), ffill(gap=5) or knn(k=5); categories take the mode, a "
              "constant or ffill" },
    { .name = "flag",
      .type = OPTION_BOOL,
      .help = "a 0/1 column that says where: on for every column with missing values, off for none; "
              "else for those with more than 0.5%" },
    { .name = "by",
      .type = OPTION_COLUMN,
      .help = "mean, median, mode: of the rows with the same level of this category, or of the same time" },
};

static const Kind *method_of(const Options *opts)
{
    return option_kind(opts, "method");
}

static unsigned needs(const Options *opts, const char *time)
{
    if (method_of(opts) == &methods[FFILL]) return STEP_SERIES;
    const char *by = option_text(opts, "by");
    return by && time && strcmp(by, time) == 0 ? STEP_DATES : 0;
}

static const Value *constant_value(const Options *opts)
{
    const Kind *method = option_kind(opts, "method");
    if (!method || method != &methods[CONSTANT]) return NULL;
    return &option_get(option_kind_options(opts, "method"), "value")->value;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    const Value *constant = constant_value(opts);
    const char *by = option_text(opts, "by");
    if (by && strcmp(by, feature->name) == 0) return false;
    if (!constant) return true;
    return (constant->type == VALUE_NUMBER) == (feature->kind == FEATURE_NUMBER);
}

static size_t count_missing(const Feature *feature, size_t n)
{
    size_t missing = 0;
    if (feature->kind == FEATURE_CATEGORY)
        for (size_t i = 0; i < n; i++) missing += feature->codes[i] == 0;
    else
        for (size_t i = 0; i < n; i++) missing += feature->numbers[i] != feature->numbers[i];
    return missing;
}

static bool wants_flag(const Options *opts, const Feature *feature, size_t n)
{
    if (option_given(opts, "flag") && !option_bool(opts, "flag")) return false;
    size_t missing = count_missing(feature, n);
    if (option_given(opts, "flag")) return missing > 0;
    return (double)missing > FLAG_SHARE * (double)n;
}

/* The commonest level (the first in order of several), or NULL. */
static const char *category_mode(const FeatureSet *set, const Feature *feature, Err *err)
{
    size_t *counts = mem_get((size_t)feature->levels->n + 1, sizeof *counts, err);
    if (!counts) return NULL;
    uint32_t mode = 0;
    for (size_t i = 0; i < set->n_rows; i++)
        if (feature->codes[i] <= feature->levels->n) counts[feature->codes[i]]++;
    for (uint32_t code = 1; code <= feature->levels->n; code++)
        if (counts[code] > 0 && (mode == 0 || counts[code] > counts[mode])) mode = code;
    mem_free(counts);
    if (mode) return feature->levels->names[mode - 1];
    feature_no_values("impute", feature, err);
    return NULL;
}

static bool fit_category(const Options *opts, const FeatureSet *set, int i, Arena *arena, Record *fitted,
                         Err *err)
{
    const Value *constant = constant_value(opts);
    const char *level = NULL;
    if (!constant)
        level = category_mode(set, &set->items[i], err);
    else if (constant->type == VALUE_TEXT || constant->type == VALUE_WORD)
        level = constant->text;
    else
        return ERR(err, bad_step, "impute", "constant(VALUE) takes a number or a text");
    if (!level) return false;
    record_text(arena, fitted, "level", level);
    return true;
}

double impute_value(const char *method, double *values, size_t n)
{
    if (strcmp(method, "mean") == 0 || strcmp(method, "knn") == 0) return summary_mean(values, n);
    if (strcmp(method, "mode") == 0) return summary_mode(values, n);
    return summary_quantile(values, n, 0.5);
}

static bool fit_number(const Options *opts, const FeatureSet *set, int i, Arena *arena, Record *fitted,
                       Err *err)
{
    const Value *constant = constant_value(opts);
    if (constant) {
        record_number(arena, fitted, "value", constant->number);
        return true;
    }
    size_t n;
    double *values = feature_values(set, i, &n, err);
    if (!values) return false;
    if (n > 0) record_number(arena, fitted, "value", impute_value(method_of(opts)->name, values, n));
    mem_free(values);
    return n > 0 || feature_no_values("impute", &set->items[i], err);
}

static bool fit_one(const Options *opts, const FeatureSet *train, int i, Arena *arena, Record *fitted,
                    Err *err)
{
    bool is_category = train->items[i].kind == FEATURE_CATEGORY;
    if (method_of(opts) == &methods[FFILL]) {
        record_number(arena, fitted, "gap", option_number(option_kind_options(opts, "method"), "gap"));
        return true;
    }
    bool ok = is_category ? fit_category(opts, train, i, arena, fitted, err)
                          : fit_number(opts, train, i, arena, fitted, err);
    return ok && (!option_given(opts, "by") ||
                  impute_fit_groups(opts, method_of(opts)->name, train, i, arena, fitted, err));
}

static bool check_by(const Options *opts, Err *err)
{
    const Kind *method = method_of(opts);
    bool grouped = method == &methods[MEAN] || method == &methods[MEDIAN] || method == &methods[MODE];
    return grouped || !option_given(opts, "by") ||
           ERR(err, bad_step, "impute", "by= goes with method=mean, median or mode");
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    (void)notes;
    if (!check_by(opts, err)) return false;
    for (int k = 0; k < n; k++) {
        const Feature *feature = &train->items[selected[k]];
        Record *fitted = record_record(arena, state, feature->name);
        if (!fit_one(opts, train, selected[k], arena, fitted, err)) return false;
        if (wants_flag(opts, feature, train->n_rows)) record_set(arena, fitted, "flag", value_bool(true));
    }
    return method_of(opts) != &methods[KNN] ||
           impute_fit_knn(option_kind_options(opts, "method"), train, selected, n, arena, state, err);
}

static bool add_flag(FeatureSet *set, int i, Err *err)
{
    char *name = arena_format(set->arena, "%s=missing", set->items[i].name);
    Feature *flag = feature_insert(set, i + 1, name, set->items[i].from, FEATURE_FLAG, err);
    if (!flag) return false;
    const Feature *feature = &set->items[i];
    for (size_t row = 0; row < set->n_rows; row++)
        flag->flags[row] = feature->kind == FEATURE_CATEGORY ? feature->codes[row] == 0
                                                             : feature->numbers[row] != feature->numbers[row];
    return true;
}

uint32_t impute_code(Feature *feature, const char *level, Err *err)
{
    uint32_t code = levels_find(feature->levels, level);
    if (code) return code;
    uint32_t n = feature->levels->n;
    const char **names = mem_get((size_t)n + 1, sizeof *names, err);
    if (!names) return 0;
    for (uint32_t k = 0; k < n; k++) names[k] = feature->levels->names[k];
    names[n] = level;
    Levels *levels = levels_new(names, n + 1);
    mem_free(names);
    if (!levels) {
        ERR(err, no_memory, "category levels");
        return 0;
    }
    levels_unref(feature->levels);
    feature->levels = levels;
    return n + 1;
}

static bool fill_category(Feature *feature, size_t n, const char *level, Err *err)
{
    uint32_t code = impute_code(feature, level, err);
    if (!code) return false;
    for (size_t i = 0; i < n; i++)
        if (feature->codes[i] == 0) feature->codes[i] = code;
    return true;
}

static bool flag_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    return !state_bool(fitted, "flag") || add_flag(set, i, err);
}

static bool fill_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    double value;
    const char *level;
    if (record_get(fitted, "gap")) return impute_forward(fitted, set, i, err);
    if (record_get(fitted, "by") && !impute_groups(fitted, set, i, err)) return false;
    Feature *feature = &set->items[i];
    if (feature->kind == FEATURE_CATEGORY) {
        if (!state_text(fitted, "level", &level)) return state_bad(feature, err);
        return fill_category(feature, set->n_rows, level, err);
    }
    if (feature->kind != FEATURE_NUMBER || !state_number(fitted, "value", &value))
        return state_bad(feature, err);
    double *x = feature->numbers;
    for (size_t row = 0; row < set->n_rows; row++) x[row] = x[row] != x[row] ? value : x[row];
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)notes;
    return state_apply(state, set, flag_one, err) &&
           (method_of(opts) != &methods[KNN] ||
            impute_knn(option_kind_options(opts, "method"), state, set, err)) &&
           state_apply(state, set, fill_one, err);
}

const StepKind step_impute = {
    .kind = { .name = "impute",
              .help = "fill missing values with what the training rows say, and flag where",
              .more = "Each missing cell becomes the column's mean, median, mode or a constant, found on\n"
                      "training rows only, or of the group or the date of the row (by=). ffill(gap=5) takes\n"
                      "the last value of the id, at most 5 rows back. knn(k=5): the mean of the 5 nearest\n"
                      "training rows, by the scaled columns that both have, d^2 p / p_observed (Troyanskaya\n"
                      "2001). NAME=missing is a 0/1 input that says where, since what is missing is seldom\n"
                      "missing at random.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "impute loans method=median",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
