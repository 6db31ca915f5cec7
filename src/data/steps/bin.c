/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bin: a number becomes a category of intervals, b_k <= x < b_k+1 (data/binning.c), by breaks that are
 * written or that the training rows give. 1 20 35 60 at breaks 20, 60 are <20 [20,60) [20,60) >=60. Special
 * values have a level of their own; missing cells stay missing, which `encode` gives a place of its own. */
#include <math.h>
#include <string.h>

#include "data/binning.h"
#include "data/stepstate.h"
#include "data/woe.h"

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "numeric input columns; all of them where none is named" },
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "quantile",
      .words = "quantile|width|monotone",
      .help = "equal counts, equal widths, or a share of events that rises or falls from bin to bin" },
    { .name = "bins",
      .type = OPTION_INTEGER,
      .initial = "10",
      .min = 1,
      .max = BINS_MAX,
      .help = "at most so many" },
    { .name = "breaks",
      .type = OPTION_NUMBER,
      .flags = OPTION_LIST,
      .help = "the lower ends of the second and later bins, by hand" },
    { .name = "least",
      .type = OPTION_FRACTION,
      .initial = "0.05",
      .min = 0,
      .max = 0.5,
      .help = "monotone: the least share of the training rows in a bin" },
    { .name = "special",
      .type = OPTION_NUMBER,
      .flags = OPTION_LIST,
      .help = "values that stand for something else, as -7: each is a level of its own" },
};

static unsigned needs(const Options *opts, const char *time)
{
    (void)time;
    bool by_target = !option_given(opts, "breaks") && strcmp(option_text(opts, "method"), "monotone") == 0;
    return by_target ? STEP_TARGET : 0;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

static bool is_special(ValueList special, double x, int *place)
{
    for (int k = 0; k < special.n; k++)
        if (special.items[k].number == x) {
            *place = k;
            return true;
        }
    return false;
}

/* ---- fitting */

static bool breaks_by_hand(const Options *opts, double *breaks, int *n, Err *err)
{
    ValueList list = option_list(opts, "breaks");
    if (list.n >= BINS_MAX) return ERR(err, bad_step, "bin", "breaks= takes at most 99 numbers");
    for (int k = 0; k < list.n; k++) {
        breaks[k] = list.items[k].number;
        if (k > 0 && !(breaks[k] > breaks[k - 1])) return ERR(err, bad_step, "bin", "breaks= must rise");
    }
    *n = list.n;
    return true;
}

/* The values that are neither missing nor special, and their targets: those with one where `y` is asked for.
 */
static size_t collect(const FeatureSet *set, const Feature *feature, ValueList special, double *x, double *y)
{
    size_t n = 0;
    int place;
    for (size_t i = 0; i < set->n_rows; i++) {
        double value = feature->numbers[i];
        if (value != value || is_special(special, value, &place)) continue;
        if (y && set->rows->target[i] != set->rows->target[i]) continue;
        if (y) y[n] = set->rows->target[i];
        x[n++] = value;
    }
    return n;
}

static bool breaks_learned(const Options *opts, const FeatureSet *set, const Feature *feature, double *breaks,
                           int *n, Err *err)
{
    const char *method = option_text(opts, "method");
    bool monotone = strcmp(method, "monotone") == 0;
    int bins = (int)option_integer(opts, "bins");
    if (monotone && !woe_has_target(set, "bin", "method=monotone", err)) return false;
    double *x = mem_get(set->n_rows + 1, 2 * sizeof *x, err), *y = x ? x + set->n_rows + 1 : NULL;
    if (!x) return false;
    size_t count = collect(set, feature, option_list(opts, "special"), x, monotone ? y : NULL);
    if (count == 0)
        *n = 0;
    else if (monotone)
        *n = bins_monotone(x, y, count, bins, option_number(opts, "least"), breaks, err);
    else if (strcmp(method, "width") == 0)
        *n = bins_by_width(x, count, bins, breaks);
    else
        *n = bins_by_quantile(x, count, bins, breaks);
    mem_free(x);
    return *n >= 0;
}

/* Breaks as short as they can be told apart. */
static void write_break(const double *breaks, int n, int k, char *out)
{
    char before[40], after[40];
    for (int digits = 4; digits < 16; digits++) {
        number_short(breaks[k], digits, out);
        bool differs = (k == 0 || strcmp(out, number_short(breaks[k - 1], digits, before)) != 0) &&
                       (k + 1 >= n || strcmp(out, number_short(breaks[k + 1], digits, after)) != 0);
        if (differs) return;
    }
    number_text(breaks[k], out);
}

static const char *bin_name(Arena *arena, const double *breaks, int n, int bin)
{
    char low[40], high[40];
    if (n == 0) return "any";
    if (bin > 0) write_break(breaks, n, bin - 1, low);
    if (bin < n) write_break(breaks, n, bin, high);
    if (bin == 0) return arena_format(arena, "<%s", high);
    return bin == n ? arena_format(arena, ">=%s", low) : arena_format(arena, "[%s,%s)", low, high);
}

static void write_fit(ValueList special, const double *breaks, int n, Arena *arena, Record *fitted)
{
    Value list = value_list(arena, n), codes = value_list(arena, special.n);
    Value levels = value_list(arena, n + 1 + special.n);
    for (int k = 0; k < n; k++) list.list.items[k] = value_number(breaks[k]);
    for (int k = 0; k <= n; k++) levels.list.items[k] = value_text(arena, bin_name(arena, breaks, n, k));
    for (int k = 0; k < special.n; k++) {
        char text[40];
        codes.list.items[k] = value_number(special.items[k].number);
        number_text(special.items[k].number, text);
        levels.list.items[n + 1 + k] = value_text(arena, arena_format(arena, "is %s", text));
    }
    record_set(arena, fitted, "breaks", list);
    if (special.n) record_set(arena, fitted, "special", codes);
    record_set(arena, fitted, "levels", levels);
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    (void)notes;
    for (int k = 0; k < n; k++) {
        const Feature *feature = &train->items[selected[k]];
        double breaks[BINS_MAX];
        int n_breaks = 0;
        bool ok = option_given(opts, "breaks") ? breaks_by_hand(opts, breaks, &n_breaks, err)
                                               : breaks_learned(opts, train, feature, breaks, &n_breaks, err);
        if (!ok) return false;
        write_fit(option_list(opts, "special"), breaks, n_breaks, arena,
                  record_record(arena, state, feature->name));
    }
    return true;
}

/* ---- applying */

static Levels *make_levels(ValueList list, Err *err)
{
    const char **names = mem_get((size_t)list.n, sizeof *names, err);
    if (!names) return NULL;
    for (int k = 0; k < list.n; k++) names[k] = list.items[k].text;
    Levels *levels = levels_new(names, (uint32_t)list.n);
    mem_free(names);
    if (!levels) ERR(err, no_memory, "category levels");
    return levels;
}

static void find_codes(const double *x, size_t n, const double *breaks, int n_breaks, ValueList special,
                       uint32_t *codes)
{
    int place;
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i])
            codes[i] = 0;
        else if (is_special(special, x[i], &place))
            codes[i] = (uint32_t)(n_breaks + 2 + place);
        else
            codes[i] = (uint32_t)bin_find(breaks, n_breaks, x[i]) + 1;
    }
}

static bool read_breaks(ValueList list, double *breaks)
{
    for (int k = 0; k < list.n; k++) {
        breaks[k] = list.items[k].number;
        if (k > 0 && !(breaks[k] > breaks[k - 1])) return false;
    }
    return true;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    Feature *feature = &set->items[i];
    ValueList list, names, special = { 0 };
    double breaks[BINS_MAX];
    bool has_special = record_get(fitted, "special") != NULL;
    if (feature->kind != FEATURE_NUMBER || !state_list(fitted, "breaks", VALUE_NUMBER, &list) ||
        list.n >= BINS_MAX || !read_breaks(list, breaks) ||
        !state_list(fitted, "levels", VALUE_TEXT, &names) ||
        (has_special && !state_list(fitted, "special", VALUE_NUMBER, &special)) ||
        names.n != list.n + 1 + special.n)
        return state_bad(feature, err);
    uint32_t *codes = mem_get(set->n_rows, sizeof *codes, err);
    Levels *levels = codes ? make_levels(names, err) : NULL;
    if (!levels) {
        mem_free(codes);
        return false;
    }
    find_codes(feature->numbers, set->n_rows, breaks, list.n, special, codes);
    mem_free(feature->numbers);
    feature->kind = FEATURE_CATEGORY;
    feature->codes = codes;
    feature->levels = levels;
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts;
    (void)notes;
    return state_apply(state, set, apply_one, err);
}

const StepKind step_bin = {
    .kind = { .name = "bin",
              .help = "turn numbers into intervals, by hand or by the training rows",
              .more =
                  "breaks=20,60 makes <20, [20,60) and >=60. quantile, width: bins of equal count or width.\n"
                  "monotone: 20 quantile bins, of which neighbours are pooled until the share of events\n"
                  "rises or falls all the way (pool adjacent violators, Ayer and others 1955), no bin is\n"
                  "smaller than least= and there are at most bins=. What comes out is a category: encode\n"
                  "it, by method=woe for a scorecard.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "bin loans numeric method=monotone\n"
                         "encode loans method=woe",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
};
