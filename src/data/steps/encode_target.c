/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode method=target: the mean target of a level, drawn to the mean of all (Micci-Barreca 2001):
 *   (sum of the level's targets + s m) / (rows of the level + s),   s smoothing=, m the mean of all
 * where rows count by their weights, of which the mean is 1.
 * Rows that the model learns from get the value that the other folds give (folds=), so that no row sees its
 * own target; a level that these did not show, and one that no training row showed, gets the mean of all.
 * Targets 1 0 1 of a level, s = 1 and m = 0.5 give 0.625. */
#include <math.h>

#include "data/steps/encode.h"

enum { MANY_LEVELS = 20 }; /* a level for fewer training rows than this is worth a note */

#define NO_WEIGHT 1e-9 /* what rounding leaves where the rows of a fold are taken away */

/* Sums of one fold, or of all rows, by place: the levels in order, then missing, then all of them. */
typedef struct Sums {
    double *n, *y;
} Sums;

typedef struct TargetFit {
    const Feature *feature;
    const StepRows *rows;
    size_t n_rows;
    int n_levels, n_places, folds;
    int *map;
    double *cells; /* (folds + 1, 2, n_places): the last of all rows */
} TargetFit;

static Sums sums_of(const TargetFit *fit, int fold)
{
    double *n = fit->cells + (size_t)fold * 2 * (size_t)fit->n_places;
    return (Sums){ n, n + fit->n_places };
}

static void add_row(Sums sums, int place, int all, double y, double weight)
{
    sums.n[place] += weight;
    sums.n[all] += weight;
    sums.y[place] += weight * y;
    sums.y[all] += weight * y;
}

static void sum_rows(const TargetFit *fit)
{
    for (size_t i = 0; i < fit->n_rows; i++) {
        double y = fit->rows->target[i], weight = step_weight(fit->rows, i);
        int place = fit->feature->codes[i] == 0 ? fit->n_levels : encode_place(fit->feature, fit->map, i);
        if (y != y || place < 0) continue;
        int fold = fit->rows->draw ? (int)(fit->rows->draw[i] % (uint32_t)fit->folds) : 0;
        add_row(sums_of(fit, fold), place, fit->n_levels + 1, y, weight);
        add_row(sums_of(fit, fit->folds), place, fit->n_levels + 1, y, weight);
    }
}

/* Levels, missing, all: from the rows that are not in the fold (-1: from every row). */
static Value fold_values(const TargetFit *fit, int fold, double smoothing, Arena *arena)
{
    Value list = value_list(arena, fit->n_places);
    Sums every = sums_of(fit, fit->folds), own = sums_of(fit, fold < 0 ? 0 : fold);
    int all = fit->n_levels + 1;
    double take = fold < 0 ? 0 : 1, rows = every.n[all] - take * own.n[all];
    double mean = rows > NO_WEIGHT ? (every.y[all] - take * own.y[all]) / rows : every.y[all] / every.n[all];
    for (int k = 0; k < all; k++) {
        double n = every.n[k] - take * own.n[k], y = every.y[k] - take * own.y[k];
        list.list.items[k] = value_number(n > NO_WEIGHT ? (y + smoothing * mean) / (n + smoothing) : mean);
    }
    list.list.items[all] = value_number(mean);
    return list;
}

static void write_fit(const TargetFit *fit, double smoothing, Arena *arena, Record *fitted)
{
    Value folds = value_list(arena, fit->folds);
    for (int fold = 0; fold < fit->folds; fold++)
        folds.list.items[fold] = fold_values(fit, fold, smoothing, arena);
    record_set(arena, fitted, "values", fold_values(fit, -1, smoothing, arena));
    record_set(arena, fitted, "folds", folds);
}

static bool check_target(const FeatureSet *set, Err *err)
{
    const StepRows *rows = set->rows;
    if (rows && rows->target && (rows->target_kind == 'b' || rows->target_kind == 'n')) return true;
    ERR(err, step_target, "encode", "method=target");
    return err_hint(err, "write role FRAME target=COLUMN; a target of more than two levels has no mean");
}

bool encode_fit_target(const Options *opts, const FeatureSet *set, const Feature *feature,
                       const size_t *counts, Arena *arena, Record *fitted, Notes *notes, Err *err)
{
    if (!check_target(set, err)) return false;
    Value levels = encode_levels(feature, counts, 0, arena);
    TargetFit fit = {
        feature, set->rows, set->n_rows, levels.list.n, levels.list.n + 2, (int)option_integer(opts, "folds"),
        NULL,    NULL
    };
    fit.map = encode_map(feature, levels.list, err);
    fit.cells =
        fit.map ? mem_get(((size_t)fit.folds + 1) * 2 * (size_t)fit.n_places, sizeof(double), err) : NULL;
    bool ok = fit.cells != NULL;
    if (ok) {
        sum_rows(&fit);
        ok = sums_of(&fit, fit.folds).n[fit.n_levels + 1] > 0 || feature_no_values("encode", feature, err);
    }
    if (ok) {
        record_set(arena, fitted, "levels", levels);
        write_fit(&fit, option_number(opts, "smoothing"), arena, fitted);
        if ((size_t)fit.n_levels * MANY_LEVELS > set->n_rows)
            NOTE(notes, many_levels, "encode", feature->name, INT(fit.n_levels), INT(set->n_rows));
    }
    mem_free(fit.map);
    mem_free(fit.cells);
    return ok;
}

/* ---- applying */

static bool read_values(const Value *value, int n, double *out)
{
    if (value->type != VALUE_LIST || value->list.n != n) return false;
    for (int k = 0; k < n; k++) {
        if (value->list.items[k].type != VALUE_NUMBER) return false;
        out[k] = value->list.items[k].number;
    }
    return true;
}

/* (folds + 1, n): those of each fold, then those of all rows; from mem_get. */
static double *read_folds(const Record *fitted, const Feature *feature, int n, uint32_t *n_folds, Err *err)
{
    ValueList folds;
    const Value *all = record_get(fitted, "values");
    if (!state_list(fitted, "folds", VALUE_LIST, &folds) || folds.n < 1 || !all) {
        state_bad(feature, err);
        return NULL;
    }
    double *values = mem_get(((size_t)folds.n + 1) * (size_t)n, sizeof *values, err);
    bool ok = values != NULL;
    for (int k = 0; ok && k <= folds.n; k++) {
        ok = read_values(k < folds.n ? &folds.items[k] : all, n, values + (size_t)k * (size_t)n);
        if (!ok) state_bad(feature, err);
    }
    *n_folds = (uint32_t)folds.n;
    if (ok) return values;
    mem_free(values);
    return NULL;
}

bool encode_apply_target(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err)
{
    const Feature *feature = &set->items[i];
    const uint32_t *draw = set->rows ? set->rows->draw : NULL;
    uint32_t folds = 1;
    int n = levels.n + 2;
    double *values = read_folds(fitted, feature, n, &folds, err);
    double *x = values ? mem_get(set->n_rows, sizeof *x, err) : NULL;
    int *map = x ? encode_map(feature, levels, err) : NULL;
    for (size_t row = 0; map && row < set->n_rows; row++) {
        uint32_t fold = draw && draw[row] ? draw[row] % folds : folds;
        int place = feature->codes[row] == 0 ? levels.n : encode_place(feature, map, row);
        x[row] = values[fold * (size_t)n + (size_t)(place < 0 ? levels.n + 1 : place)];
    }
    mem_free(values);
    if (map)
        encode_become(set, i, x);
    else
        mem_free(x);
    mem_free(map);
    return map != NULL;
}
