/* SPDX-License-Identifier: GPL-3.0-or-later */
/* impute by=: the mean, median or mode of the row's group. impute method=ffill: last observation carried
 * forward, only within the id and only from earlier rows; 1 . . . with gap=2 becomes 1 1 1 and a missing one.
 */
#include <math.h>
#include <string.h>

#include "data/steps/groups.h"
#include "data/steps/impute.h"

/* ---- groups */

static int find_by(const FeatureSet *set, const char *by, Err *err)
{
    int i = feature_find(set, by);
    if (i >= 0 && set->items[i].kind == FEATURE_CATEGORY) return i;
    ERR(err, bad_step, "impute", "by= takes the time column, or a category among the inputs");
    err_hint(err, "'%s' is %s; impute before encode", by, i < 0 ? "no input" : "no category now");
    return -1;
}

/* The values of a group as the state keeps them; that of all rows where it has none. */
static Value group_value(const Groups *groups, uint32_t g, const char *method, const Feature *feature,
                         const Record *fitted, Arena *arena)
{
    bool is_category = feature->kind == FEATURE_CATEGORY;
    double *values = groups->values + groups->start[g];
    size_t n = groups->start[g + 1] - groups->start[g];
    if (n == 0) return value_copy(arena, *record_get(fitted, is_category ? "level" : "value"));
    if (!is_category) return value_number(impute_value(method, values, n));
    return value_text(arena, feature->levels->names[(uint32_t)impute_value("mode", values, n) - 1]);
}

/* by->codes[row] is the group, so that group 0 is that of the rows without a level, which is not kept. */
static bool fit_levels(const char *method, const FeatureSet *train, int i, const Feature *by, Arena *arena,
                       Record *fitted, Err *err)
{
    Groups groups;
    uint32_t n = by->levels->n;
    double *x = feature_as_numbers(train, i, err);
    bool ok = x && groups_open(&groups, x, by->codes, train->n_rows, n + 1, err);
    mem_free(x);
    if (!ok) return false;
    Value levels = value_list(arena, (int)n), values = value_list(arena, (int)n);
    for (uint32_t g = 1; g <= n; g++) {
        levels.list.items[g - 1] = value_text(arena, by->levels->names[g - 1]);
        values.list.items[g - 1] = group_value(&groups, g, method, &train->items[i], fitted, arena);
    }
    groups_close(&groups);
    record_set(arena, fitted, "levels", levels);
    record_set(arena, fitted, "values", values);
    return true;
}

bool impute_fit_groups(const Options *opts, const char *method, const FeatureSet *train, int i, Arena *arena,
                       Record *fitted, Err *err)
{
    const char *by = option_text(opts, "by");
    bool by_date = train->rows && train->rows->time && strcmp(train->rows->time, by) == 0;
    record_text(arena, fitted, "by", by);
    if (by_date) {
        record_text(arena, fitted, "each", method);
        return true;
    }
    int place = find_by(train, by, err);
    return place >= 0 && fit_levels(method, train, i, &train->items[place], arena, fitted, err);
}

/* What the rows of each group get: numbers, or codes of the feature's levels; NaN for nothing. from mem_get.
 */
static double *read_levels(const Record *fitted, Feature *feature, const Feature *by, Err *err)
{
    ValueList levels, values;
    bool is_category = feature->kind == FEATURE_CATEGORY;
    double *out = mem_get((size_t)by->levels->n + 1, sizeof *out, err);
    bool ok = out && state_list(fitted, "levels", VALUE_TEXT, &levels) &&
              state_list(fitted, "values", is_category ? VALUE_TEXT : VALUE_NUMBER, &values) &&
              levels.n == values.n;
    for (uint32_t code = 0; ok && code <= by->levels->n; code++) out[code] = NAN;
    for (int k = 0; ok && k < levels.n; k++) {
        uint32_t code = levels_find(by->levels, levels.items[k].text);
        if (!code) continue;
        out[code] = is_category ? impute_code(feature, values.items[k].text, err) : values.items[k].number;
        ok = !is_category || out[code] > 0;
    }
    if (ok) return out;
    state_bad(feature, err);
    mem_free(out);
    return NULL;
}

static double *read_dates(const char *method, const FeatureSet *set, int i, Err *err)
{
    Groups groups;
    const StepRows *rows = set->rows;
    double *x = feature_as_numbers(set, i, err);
    double *out = x ? mem_get((size_t)rows->n_dates + 1, sizeof *out, err) : NULL;
    bool ok = out && groups_open(&groups, x, rows->date, set->n_rows, rows->n_dates, err);
    const char *how = set->items[i].kind == FEATURE_CATEGORY ? "mode" : method;
    for (uint32_t g = 0; ok && g < rows->n_dates; g++) {
        size_t n = groups.start[g + 1] - groups.start[g];
        out[g] = n ? impute_value(how, groups.values + groups.start[g], n) : NAN;
    }
    if (ok) groups_close(&groups);
    mem_free(x);
    if (ok) return out;
    mem_free(out);
    return NULL;
}

static void fill(Feature *feature, size_t n_rows, const uint32_t *of, uint32_t n_groups, const double *values)
{
    for (size_t row = 0; row < n_rows; row++) {
        double value = of[row] < n_groups ? values[of[row]] : NAN;
        if (value != value) continue;
        if (feature->kind == FEATURE_CATEGORY && feature->codes[row] == 0)
            feature->codes[row] = (uint32_t)value;
        if (feature->kind == FEATURE_NUMBER && feature->numbers[row] != feature->numbers[row])
            feature->numbers[row] = value;
    }
}

bool impute_groups(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const char *by, *each;
    Feature *feature = &set->items[i];
    if (!state_text(fitted, "by", &by)) return state_bad(feature, err);
    if (state_text(fitted, "each", &each)) {
        if (!set->rows || !set->rows->date) return true;
        double *values = read_dates(each, set, i, err);
        if (values) fill(feature, set->n_rows, set->rows->date, set->rows->n_dates, values);
        mem_free(values);
        return values != NULL;
    }
    int place = feature_find(set, by);
    if (place < 0 || set->items[place].kind != FEATURE_CATEGORY) return state_bad(feature, err);
    const Feature *group = &set->items[place];
    double *values = read_levels(fitted, feature, group, err);
    if (values) fill(feature, set->n_rows, group->codes, group->levels->n + 1, values);
    mem_free(values);
    return values != NULL;
}

/* ---- forward */

static bool is_missing(const Feature *feature, size_t row)
{
    return feature->kind == FEATURE_CATEGORY ? feature->codes[row] == 0
                                             : feature->numbers[row] != feature->numbers[row];
}

static void copy_cell(Feature *feature, size_t from, size_t to)
{
    if (feature->kind == FEATURE_CATEGORY)
        feature->codes[to] = feature->codes[from];
    else
        feature->numbers[to] = feature->numbers[from];
}

bool impute_forward(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    double gap;
    Feature *feature = &set->items[i];
    bool fits = feature->kind == FEATURE_NUMBER || feature->kind == FEATURE_CATEGORY;
    if (!fits || !state_number(fitted, "gap", &gap) || !(gap >= 1)) return state_bad(feature, err);
    const StepRows *rows = set->rows;
    size_t last = set->n_rows; /* the place of the last value of this id; n_rows: none yet */
    for (size_t k = 0; rows && rows->order && k < set->n_rows; k++) {
        size_t row = rows->order[k];
        if (rows->first[k] == k) last = set->n_rows;
        if (!is_missing(feature, row))
            last = k;
        else if (last < k && (double)(k - last) <= gap)
            copy_cell(feature, rows->order[last], row);
    }
    return true;
}
