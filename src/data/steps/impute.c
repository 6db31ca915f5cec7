/* SPDX-License-Identifier: GPL-3.0-or-later */
/* impute: x missing := theta, from the training rows, and a 0/1 column that says where. With by= theta is the
 * group's own; the ways that look at other rows or columns are in impute_fill.c and impute_knn.c. */
#include "data/steps/impute.h"

#include <math.h>
#include <string.h>

#include "data/special.h"
#include "data/summary.h"

#define FLAG_SHARE 0.005 /* flags for columns with more missing than this, unless flag= says otherwise */

enum { MEAN, MEDIAN, MODE, CONSTANT, FFILL, KNN, EM };

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

static const OptionSpec em_options[] = {
    { .name = "iterations",
      .type = OPTION_INTEGER,
      .initial = "200",
      .min = 1,
      .max = 100000,
      .help = "at most so many" },
    { .name = "tolerance",
      .type = OPTION_NUMBER,
      .initial = "1e-6",
      .min = 0,
      .max = 1,
      .help = "the step of a scaled mean or covariance that ends it" },
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
    [EM] = { .name = "em",
             .help = "the expectation given the row's other columns, which are taken to be normal together",
             KIND_OPTIONS(em_options),
             .since = "1" },
};

static const Kind *const method_items[] = { &methods[MEAN],     &methods[MEDIAN], &methods[MODE],
                                            &methods[CONSTANT], &methods[FFILL],  &methods[KNN],
                                            &methods[EM] };
static const KindList method_kinds = { "method", method_items, 7 };

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "input columns; every input column where none is named" },
    { .name = "method",
      .type = OPTION_KIND,
      .initial = "median",
      .kinds = &method_kinds,
      .help =
          "mean, median, mode, constant(VALUE), ffill(gap=5), knn(k=5) or em; categories take the mode, a "
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

static bool wants_flag(const Options *opts, size_t missing, size_t n)
{
    if (option_given(opts, "flag") && !option_bool(opts, "flag")) return false;
    if (option_given(opts, "flag")) return missing > 0;
    return (double)missing > FLAG_SHARE * (double)n;
}

/* A flag for each special code that is frequent enough, and one for the other missing cells. */
static void choose_flags(const Options *opts, const Feature *feature, size_t n, Arena *arena, Record *fitted)
{
    int32_t codes[SPECIALS_MAX];
    int n_codes = 0, flagged = 0;
    size_t missing = count_missing(feature, n), counts[SPECIALS_MAX] = { 0 };
    if (feature->kind == FEATURE_NUMBER) special_collect(feature->numbers, n, codes, &n_codes);
    for (size_t i = 0; n_codes && i < n; i++) {
        int place = special_place(feature->numbers[i], codes, n_codes);
        if (place >= 0) counts[place]++;
    }
    Value list = value_list(arena, n_codes);
    for (int k = 0; k < n_codes; k++) {
        if (!wants_flag(opts, counts[k], n)) continue;
        list.list.items[flagged++] = value_number(codes[k]);
        missing -= counts[k];
    }
    list.list.n = flagged;
    if (flagged) record_set(arena, fitted, "special", list);
    if (wants_flag(opts, missing, n)) record_set(arena, fitted, "flag", value_bool(true));
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
    if (strcmp(method, "mean") == 0 || strcmp(method, "knn") == 0 || strcmp(method, "em") == 0)
        return summary_mean(values, n);
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

static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)time;
    (void)notes;
    return check_by(opts, err) || step_failed_at(opts, "by", err);
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    if (!check_by(opts, err)) return false;
    for (int k = 0; k < n; k++) {
        const Feature *feature = &train->items[selected[k]];
        Record *fitted = record_record(arena, state, feature->name);
        if (!fit_one(opts, train, selected[k], arena, fitted, err)) return false;
        choose_flags(opts, feature, train->n_rows, arena, fitted);
    }
    const Options *own = option_kind_options(opts, "method");
    if (method_of(opts) == &methods[KNN]) return impute_fit_knn(own, train, selected, n, arena, state, err);
    return method_of(opts) != &methods[EM] ||
           impute_fit_em(own, train, selected, n, arena, state, notes, err);
}

/* Those of the special codes, then the one of the other missing cells, which has the last place. */
static bool insert_flags(FeatureSet *set, int i, ValueList special, bool missing, Err *err)
{
    const char *name = set->items[i].name, *from = set->items[i].from;
    for (int k = 0; k < special.n + missing; k++) {
        char text[40] = "", *flag;
        if (k < special.n) number_text(special.items[k].number, text);
        flag = arena_format(set->arena, "%s=%s%s", name, k < special.n ? "special " : "missing", text);
        if (!feature_insert(set, i + 1 + k, flag, from, FEATURE_FLAG, err)) return false;
    }
    return true;
}

static void fill_flags(FeatureSet *set, int i, const int32_t *codes, int n_codes, bool missing)
{
    const Feature *feature = &set->items[i], *flags = feature + 1;
    for (size_t row = 0; row < set->n_rows; row++) {
        bool is_category = feature->kind == FEATURE_CATEGORY;
        double x = is_category ? 0 : feature->numbers[row];
        int place = is_category ? -1 : special_place(x, codes, n_codes);
        bool absent = is_category ? feature->codes[row] == 0 : x != x;
        if (place >= 0)
            flags[place].flags[row] = 1;
        else if (missing)
            flags[n_codes].flags[row] = absent;
    }
}

static bool flag_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    ValueList special = { 0 };
    int32_t codes[SPECIALS_MAX];
    bool missing = state_bool(fitted, "flag"), has = record_get(fitted, "special") != NULL;
    if (!has && !missing) return true;
    if (has && (!state_list(fitted, "special", VALUE_NUMBER, &special) || special.n > SPECIALS_MAX))
        return state_bad(&set->items[i], err);
    for (int k = 0; k < special.n; k++) {
        if (!special_fits(special.items[k].number)) return state_bad(&set->items[i], err);
        codes[k] = (int32_t)special.items[k].number;
    }
    if (!insert_flags(set, i, special, missing, err)) return false;
    fill_flags(set, i, codes, special.n, missing);
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
           (method_of(opts) != &methods[EM] || impute_em(state, set, err)) &&
           (method_of(opts) != &methods[KNN] ||
            impute_knn(option_kind_options(opts, "method"), state, set, err)) &&
           state_apply(state, set, fill_one, err);
}

const StepKind step_impute = {
    .kind = { .name = "impute",
              .help = "fill missing values with what the training rows say, and flag where",
              .more =
                  "Each missing cell becomes the column's mean, median, mode or a constant, found on "
                  "training rows only, or of the group or the date of the row (by=). ffill(gap=5) takes the "
                  "last value of the id, at most 5 rows back. knn(k=5): the mean of the 5 nearest training "
                  "rows, by the scaled columns that both have, d^2 p / p_observed (Troyanskaya 2001). em: "
                  "the expectation given the row's other columns under a multivariate normal distribution of "
                  "greatest likelihood (Dempster, Laird, Rubin 1977). NAME=missing is a 0/1 input that says "
                  "where, since what is missing is seldom missing at random; each code of `load special=` "
                  "has one of its own, `NAME=special -999`.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "impute loans method=median",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
