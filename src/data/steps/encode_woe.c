/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode method=woe: the weight of evidence of the level (data/woe.c has the formula and its sign). Missing
 * cells are a bin of their own, rare levels (rare=) are pooled in one; what the training rows did not show
 * has the weight of the pooled ones, else 0: no evidence. */
#include <math.h>

#include "data/steps/encode.h"
#include "data/woe.h"

enum { MANY_LEVELS = 20 }; /* a level for fewer training rows than this is worth a note */

typedef struct WoeFit {
    WoeBin *bins; /* kept levels, then the pooled ones, then missing */
    int n;        /* kept levels */
} WoeFit;

static void pool_levels(const Feature *feature, const size_t *counts, double least, const WoeBin *by_code,
                        WoeFit *fit)
{
    int kept = 0;
    WoeBin *other = &fit->bins[fit->n], *missing = other + 1;
    for (uint32_t code = 1; code <= feature->levels->n; code++) {
        if (counts[code] == 0) continue;
        WoeBin *bin = (double)counts[code] >= least ? &fit->bins[kept++] : other;
        bin->good += by_code[code].good;
        bin->bad += by_code[code].bad;
    }
    *missing = by_code[0];
}

static void write_fit(const WoeFit *fit, bool pooled, Arena *arena, Record *fitted)
{
    Value values = value_list(arena, fit->n);
    double iv = woe_fill(fit->bins, fit->n + 2);
    for (int k = 0; k < fit->n; k++) values.list.items[k] = value_number(fit->bins[k].woe);
    record_set(arena, fitted, "woe", values);
    if (pooled) record_number(arena, fitted, "other", fit->bins[fit->n].woe);
    record_number(arena, fitted, "missing", fit->bins[fit->n + 1].woe);
    record_number(arena, fitted, "iv", iv);
}

bool encode_fit_woe(const Options *opts, const FeatureSet *set, const Feature *feature, const size_t *counts,
                    Arena *arena, Record *fitted, Notes *notes, Err *err)
{
    if (!woe_has_target(set, "encode", "method=woe", err)) return false;
    double rare = option_number(opts, "rare"), least = rare > 0 ? rare * (double)set->n_rows : 0;
    Value levels = encode_levels(feature, counts, least, arena);
    bool pooled = levels.list.n < encode_levels(feature, counts, 0, arena).list.n;
    WoeFit fit = { NULL, levels.list.n };
    WoeBin *by_code = mem_get((size_t)feature->levels->n + 1, sizeof *by_code, err);
    fit.bins = by_code ? mem_get((size_t)fit.n + 2, sizeof *fit.bins, err) : NULL;
    if (fit.bins) {
        woe_count(feature, set->rows, set->n_rows, by_code);
        pool_levels(feature, counts, least, by_code, &fit);
        record_set(arena, fitted, "levels", levels);
        write_fit(&fit, pooled, arena, fitted);
        if ((size_t)fit.n * MANY_LEVELS > set->n_rows)
            NOTE(notes, many_levels, "encode", feature->name, INT(fit.n), INT(set->n_rows));
    }
    mem_free(by_code);
    mem_free(fit.bins);
    return fit.bins != NULL;
}

bool encode_apply_woe(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err)
{
    double other = 0, missing;
    ValueList list;
    bool pooled = record_get(fitted, "other") != NULL;
    if (!state_list(fitted, "woe", VALUE_NUMBER, &list) || list.n != levels.n ||
        !state_number(fitted, "missing", &missing) || (pooled && !state_number(fitted, "other", &other)))
        return state_bad(&set->items[i], err);
    double *values = mem_get((size_t)list.n, sizeof *values, err);
    if (!values) return false;
    for (int k = 0; k < list.n; k++) values[k] = list.items[k].number;
    bool ok = encode_values(set, i, levels, values, other, missing, err);
    mem_free(values);
    return ok;
}
