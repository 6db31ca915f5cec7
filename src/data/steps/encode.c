/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode: categories to numbers, by the training rows.
 *   onehot     a 0/1 column a level; a column for missing where training rows have it, and with rare= one
 *              for the pooled rare levels. A level that training rows did not show gives 0 everywhere, or
 *              goes to the pooled ones: a column of its own would never be trained.
 *   ordinal    the level's place, from 1; a new level gets the training rows' mean place
 *   frequency  the level's share of the training rows; a new level has share 0
 *   target     the level's mean target (encode_target.c)
 *   woe        the level's weight of evidence (encode_woe.c)
 *   hash       2^bits columns, to which a hash sends the levels (encode_hash.c) */
#include <math.h>
#include <string.h>

#include "data/steps/encode.h"

enum { LEVELS_MAX = 100 };

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "categories; all of them where none is named" },
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "onehot",
      .words = "onehot|ordinal|frequency|target|woe|hash",
      .help = "a 0/1 column a level, the level's place, its share of the rows, its mean target, its "
              "weight of evidence, or columns that levels share by a hash" },
    { .name = "rare",
      .type = OPTION_FRACTION,
      .min = 0,
      .max = 1,
      .help = "onehot, woe: levels with a smaller share of the training rows are pooled" },
    { .name = "order",
      .type = OPTION_TEXT,
      .flags = OPTION_LIST,
      .help = "ordinal: the levels from the first to the last; by name where it is not given" },
    { .name = "smoothing",
      .type = OPTION_NUMBER,
      .initial = "10",
      .min = 0,
      .max = INFINITY,
      .help = "target: how many rows the mean of all counts for" },
    { .name = "folds",
      .type = OPTION_INTEGER,
      .initial = "5",
      .min = 2,
      .max = 100,
      .help = "target: training rows get the value that the other folds give" },
    { .name = "bits",
      .type = OPTION_INTEGER,
      .initial = "5",
      .min = 1,
      .max = 12,
      .help = "hash: 2^bits columns" },
    { .name = "signed",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "hash: on gives numbers -1, 0, 1, so that levels that meet in a column tend to cancel out; off "
              "gives 0 and 1" },
};

static unsigned needs(const Options *opts, const char *time)
{
    (void)time;
    const char *method = option_text(opts, "method");
    return strcmp(method, "target") == 0 || strcmp(method, "woe") == 0 ? STEP_TARGET : 0;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_CATEGORY;
}

static size_t *count_levels(const Feature *feature, size_t n, Err *err)
{
    size_t *counts = mem_get((size_t)feature->levels->n + 1, sizeof *counts, err);
    for (size_t i = 0; counts && i < n; i++)
        if (feature->codes[i] <= feature->levels->n) counts[feature->codes[i]]++;
    return counts;
}

Value encode_levels(const Feature *feature, const size_t *counts, double least, Arena *arena)
{
    int n = 0;
    for (uint32_t code = 1; code <= feature->levels->n; code++)
        n += counts[code] > 0 && (double)counts[code] >= least;
    Value list = value_list(arena, n);
    n = 0;
    for (uint32_t code = 1; code <= feature->levels->n; code++)
        if (counts[code] > 0 && (double)counts[code] >= least)
            list.list.items[n++] = value_text(arena, feature->levels->names[code - 1]);
    return list;
}

static bool too_many_levels(const Feature *feature, int n, Err *err)
{
    ERR(err, too_many_levels, feature->name, INT(n), INT(LEVELS_MAX));
    return err_hint(err, "pool rare levels with rare=1%%, use method=frequency, or drop the column");
}

static bool fit_onehot(const Options *opts, const Feature *feature, size_t n, const size_t *counts,
                       Arena *arena, Record *fitted, Err *err)
{
    double rare = option_number(opts, "rare");
    Value every = encode_levels(feature, counts, 0, arena), levels = every;
    if (rare > 0) levels = encode_levels(feature, counts, rare * (double)n, arena);
    if (levels.list.n > LEVELS_MAX) return too_many_levels(feature, levels.list.n, err);
    record_set(arena, fitted, "levels", levels);
    if (levels.list.n < every.list.n) record_set(arena, fitted, "other", value_bool(true));
    if (counts[0] > 0) record_set(arena, fitted, "missing", value_bool(true));
    return true;
}

static bool text_list(ValueList list, Arena *arena, Value *out, Err *err)
{
    *out = value_list(arena, list.n);
    for (int i = 0; i < list.n; i++) {
        const Value *item = &list.items[i];
        Buf text = { 0 };
        value_show(&text, item, 0);
        out->list.items[i] = value_text(arena, buf_text(&text));
        buf_free(&text);
        for (int k = 0; k < i; k++)
            if (strcmp(out->list.items[k].text, out->list.items[i].text) == 0)
                return ERR(err, bad_step, "encode", "order= names a level twice");
    }
    return true;
}

static int list_find(ValueList list, const char *text, int start)
{
    for (int k = 0, i = start; k < list.n; k++, i++) {
        if (i >= list.n) i = 0;
        if (strcmp(list.items[i].text, text) == 0) return i;
    }
    return -1;
}

static bool fit_ordinal(const Options *opts, const Feature *feature, const size_t *counts, Arena *arena,
                        Record *fitted, Err *err)
{
    Value levels = encode_levels(feature, counts, 0, arena);
    bool given = option_given(opts, "order");
    if (given && !text_list(option_list(opts, "order"), arena, &levels, err)) return false;
    double sum = 0, n = 0;
    for (uint32_t code = 1; code <= feature->levels->n; code++) {
        if (counts[code] == 0) continue;
        int place = list_find(levels.list, feature->levels->names[code - 1], 0);
        if (place < 0) {
            const char *level = feature->levels->names[code - 1];
            return step_column_failed(
                "encode", feature,
                arena_format(arena, "level '%s' of the training rows is left out by order=", level), err);
        }
        sum += (double)counts[code] * (place + 1);
        n += (double)counts[code];
    }
    if (n == 0) return feature_no_values("encode", feature, err);
    record_set(arena, fitted, "levels", levels);
    record_number(arena, fitted, "mean", sum / n);
    return true;
}

static bool fit_frequency(const Feature *feature, size_t n, const size_t *counts, Arena *arena,
                          Record *fitted)
{
    Value levels = encode_levels(feature, counts, 0, arena);
    Value shares = value_list(arena, levels.list.n);
    int k = 0;
    for (uint32_t code = 1; code <= feature->levels->n; code++)
        if (counts[code] > 0) shares.list.items[k++] = value_number((double)counts[code] / (double)n);
    record_set(arena, fitted, "levels", levels);
    record_set(arena, fitted, "shares", shares);
    record_number(arena, fitted, "missing", (double)counts[0] / (double)n);
    return true;
}

static bool fit_one(const Options *opts, const FeatureSet *set, int i, Arena *arena, Record *state,
                    Notes *notes, Err *err)
{
    const char *method = option_text(opts, "method");
    const Feature *feature = &set->items[i];
    size_t n = set->n_rows;
    size_t *counts = count_levels(feature, n, err);
    if (!counts) return false;
    Record *fitted = record_record(arena, state, feature->name);
    record_text(arena, fitted, "method", method);
    bool ok = true;
    if (strcmp(method, "ordinal") == 0)
        ok = fit_ordinal(opts, feature, counts, arena, fitted, err);
    else if (strcmp(method, "frequency") == 0)
        ok = fit_frequency(feature, n, counts, arena, fitted);
    else if (strcmp(method, "target") == 0)
        ok = encode_fit_target(opts, set, feature, counts, arena, fitted, notes, err);
    else if (strcmp(method, "hash") == 0)
        encode_fit_hash(opts, arena, fitted);
    else if (strcmp(method, "woe") == 0)
        ok = encode_fit_woe(opts, set, feature, counts, arena, fitted, notes, err);
    else
        ok = fit_onehot(opts, feature, n, counts, arena, fitted, err);
    mem_free(counts);
    return ok;
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    for (int k = 0; k < n; k++)
        if (!fit_one(opts, train, selected[k], arena, state, notes, err)) return false;
    return true;
}

/* Both are mostly in the same order, so the search goes on from where it was. */
int *encode_map(const Feature *feature, ValueList levels, Err *err)
{
    int *map = mem_get((size_t)feature->levels->n + 1, sizeof *map, err);
    if (!map) return NULL;
    map[0] = -1;
    int next = 0;
    for (uint32_t code = 1; code <= feature->levels->n; code++) {
        map[code] = list_find(levels, feature->levels->names[code - 1], next);
        if (map[code] >= 0) next = map[code] + 1;
    }
    return map;
}

/* Inserts the 0/1 columns behind the category at i: the levels, then other, then missing. */
static bool insert_flags(FeatureSet *set, int i, ValueList levels, bool other, bool missing, Err *err)
{
    const char *name = set->items[i].name, *from = set->items[i].from;
    int n = levels.n + other + missing;
    for (int k = 0; k < n; k++) {
        const char *level = k < levels.n             ? levels.items[k].text
                            : k == levels.n && other ? "other"
                                                     : "missing";
        char *flag = arena_format(set->arena, "%s=%s", name, level);
        if (!feature_insert(set, i + 1 + k, flag, from, FEATURE_FLAG, err)) return false;
    }
    return true;
}

static bool apply_onehot(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err)
{
    bool other = state_bool(fitted, "other"), missing = state_bool(fitted, "missing");
    if (!insert_flags(set, i, levels, other, missing, err)) return false;
    const Feature *feature = &set->items[i], *flags = feature + 1;
    int *map = encode_map(feature, levels, err);
    if (!map) return false;
    for (size_t row = 0; row < set->n_rows; row++) {
        int place = encode_place(feature, map, row);
        if (feature->codes[row] == 0)
            place = missing ? levels.n + other : -1;
        else if (place < 0 && other)
            place = levels.n;
        if (place >= 0) flags[place].flags[row] = 1;
    }
    mem_free(map);
    return feature_remove(set, i);
}

void encode_become(FeatureSet *set, int i, double *x)
{
    Feature *feature = &set->items[i];
    mem_free(feature->codes);
    levels_unref(feature->levels);
    feature->levels = NULL;
    feature->kind = FEATURE_NUMBER;
    feature->numbers = x;
}

bool encode_values(FeatureSet *set, int i, ValueList levels, const double *values, double unseen,
                   double missing, Err *err)
{
    double *x = mem_get(set->n_rows, sizeof *x, err);
    int *map = x ? encode_map(&set->items[i], levels, err) : NULL;
    if (!map) {
        mem_free(x);
        return false;
    }
    const Feature *feature = &set->items[i];
    for (size_t row = 0; row < set->n_rows; row++) {
        int place = encode_place(feature, map, row);
        x[row] = feature->codes[row] == 0 ? missing : place < 0 ? unseen : values[place];
    }
    mem_free(map);
    encode_become(set, i, x);
    return true;
}

static bool apply_ordinal(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err)
{
    double mean;
    if (!state_number(fitted, "mean", &mean)) return state_bad(&set->items[i], err);
    double *places = mem_get((size_t)levels.n, sizeof *places, err);
    if (!places) return false;
    for (int k = 0; k < levels.n; k++) places[k] = k + 1;
    bool ok = encode_values(set, i, levels, places, mean, NAN, err);
    mem_free(places);
    return ok;
}

static bool apply_frequency(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err)
{
    double missing;
    ValueList list;
    if (!state_number(fitted, "missing", &missing) || !state_list(fitted, "shares", VALUE_NUMBER, &list) ||
        list.n != levels.n)
        return state_bad(&set->items[i], err);
    double *shares = mem_get((size_t)list.n, sizeof *shares, err);
    if (!shares) return false;
    for (int k = 0; k < list.n; k++) shares[k] = list.items[k].number;
    bool ok = encode_values(set, i, levels, shares, 0, missing, err);
    mem_free(shares);
    return ok;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    const char *method;
    ValueList levels;
    if (set->items[i].kind != FEATURE_CATEGORY || !state_text(fitted, "method", &method))
        return state_bad(&set->items[i], err);
    if (strcmp(method, "hash") == 0) return encode_apply_hash(fitted, set, i, err);
    if (!state_list(fitted, "levels", VALUE_TEXT, &levels)) return state_bad(&set->items[i], err);
    if (strcmp(method, "ordinal") == 0) return apply_ordinal(fitted, set, i, levels, err);
    if (strcmp(method, "frequency") == 0) return apply_frequency(fitted, set, i, levels, err);
    if (strcmp(method, "target") == 0) return encode_apply_target(fitted, set, i, levels, err);
    if (strcmp(method, "woe") == 0) return encode_apply_woe(fitted, set, i, levels, err);
    return apply_onehot(fitted, set, i, levels, err);
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts;
    (void)notes;
    return state_apply(state, set, apply_one, err);
}

const StepKind step_encode = {
    .kind = { .name = "encode",
              .help = "turn categories into numbers, by the training rows",
              .more =
                  "onehot: NAME=LEVEL is 1 where the level is met; NAME=missing is there when training rows "
                  "have missing cells, NAME=other with rare=. A level that no training row showed gives 0 in "
                  "every column (or 1 in NAME=other) and is counted. Over 100 levels are refused. ordinal: "
                  "the place 1, 2, ... (order= or by name); frequency: the share of the training rows. "
                  "target: (sum of its targets + s m) / (rows + s), m the mean of all, s smoothing=; "
                  "training rows get what the other folds give. woe: ln(share of the rows without the event "
                  "/ share of those with it); `woe FRAME` shows it. With a weight role target and woe count "
                  "rows by their weights, scaled to a mean of 1. hash: for columns with very many levels: a "
                  "hash of NAME=LEVEL says which of the 2^bits columns NAME=#1, NAME=#2, ... gets the 1.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "encode loans method=onehot",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
