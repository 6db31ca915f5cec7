/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bin: a number becomes a category of intervals, b_k <= x < b_k+1 (data/binning.c), by breaks that are
 * written or that the training rows give. 1 20 35 60 at breaks 20, 60 are <20 [20,60) [20,60) >=60. Special
 * values have a level of their own; missing cells stay missing, which `encode` gives a place of its own. */
#include <math.h>
#include <string.h>

#include "data/binning.h"
#include "data/special.h"
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
      .help =
          "values that stand for something else, as -7: each is a level of its own; those of `load special=` "
          "are without it" },
};

static unsigned needs(const Options *opts, const char *time)
{
    (void)time;
    if (option_given(opts, "breaks") || strcmp(option_text(opts, "method"), "width") == 0) return 0;
    return strcmp(option_text(opts, "method"), "monotone") == 0 ? STEP_TARGET : STEP_WEIGHT;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

/* Special values: those of special=, and the codes that the column's numbers remember. */
typedef struct Specials {
    double values[2 * SPECIALS_MAX];
    int n;
} Specials;

static bool is_special(const Specials *special, double x, int *place)
{
    double value = special_is(x) ? special_code(x) : x;
    for (int k = 0; k < special->n; k++)
        if (special->values[k] == value) {
            *place = k;
            return true;
        }
    return false;
}

/* ---- fitting */

static bool find_specials(const Options *opts, const FeatureSet *set, const Feature *feature, Specials *out,
                          Err *err)
{
    ValueList list = option_list(opts, "special");
    int32_t codes[SPECIALS_MAX];
    int n = 0, place;
    *out = (Specials){ .n = 0 };
    if (list.n > SPECIALS_MAX) return ERR(err, bad_step, "bin", "special= takes at most 32 numbers");
    for (int k = 0; k < list.n; k++) out->values[out->n++] = list.items[k].number;
    special_collect(feature->numbers, set->n_rows, codes, &n);
    for (int k = 0; k < n; k++)
        if (!is_special(out, codes[k], &place)) out->values[out->n++] = codes[k];
    return true;
}

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

static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)time;
    (void)notes;
    double breaks[BINS_MAX];
    int n;
    if (!breaks_by_hand(opts, breaks, &n, err)) return step_failed_at(opts, "breaks", err);
    if (option_list(opts, "special").n <= SPECIALS_MAX) return true;
    ERR(err, bad_step, "bin", "special= takes at most 32 numbers");
    return step_failed_at(opts, "special", err);
}

/* The values that are neither missing nor special, and count; where `by_target`, those with one. */
static size_t collect(const FeatureSet *set, const Feature *feature, const Specials *special, bool by_target,
                      BinValue *out)
{
    size_t n = 0;
    int place;
    for (size_t i = 0; i < set->n_rows; i++) {
        BinValue value = { feature->numbers[i], 0, step_weight(set->rows, i) };
        if (value.x != value.x || is_special(special, value.x, &place) || !(value.w > 0)) continue;
        if (by_target) value.y = set->rows->target[i];
        if (value.y == value.y) out[n++] = value;
    }
    return n;
}

static bool breaks_learned(const Options *opts, const FeatureSet *set, const Feature *feature,
                           const Specials *special, double *breaks, int *n, Err *err)
{
    const char *method = option_text(opts, "method");
    bool monotone = strcmp(method, "monotone") == 0;
    int bins = (int)option_integer(opts, "bins");
    if (monotone && !woe_has_target(set, "bin", "method=monotone", err)) return false;
    BinValue *values = mem_get(set->n_rows + 1, sizeof *values, err);
    if (!values) return false;
    size_t count = collect(set, feature, special, monotone, values);
    if (count == 0)
        *n = 0;
    else if (monotone)
        *n = bins_monotone(values, count, bins, option_number(opts, "least"), breaks);
    else if (strcmp(method, "width") == 0)
        *n = bins_by_width(values, count, bins, breaks);
    else
        *n = bins_by_quantile(values, count, bins, breaks);
    mem_free(values);
    return true;
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

static void write_fit(const Specials *special, const double *breaks, int n, Arena *arena, Record *fitted)
{
    Value list = value_list(arena, n), codes = value_list(arena, special->n);
    Value levels = value_list(arena, n + 1 + special->n);
    for (int k = 0; k < n; k++) list.list.items[k] = value_number(breaks[k]);
    for (int k = 0; k <= n; k++) levels.list.items[k] = value_text(arena, bin_name(arena, breaks, n, k));
    for (int k = 0; k < special->n; k++) {
        char text[40];
        codes.list.items[k] = value_number(special->values[k]);
        number_text(special->values[k], text);
        levels.list.items[n + 1 + k] = value_text(arena, arena_format(arena, "special %s", text));
    }
    record_set(arena, fitted, "breaks", list);
    if (special->n) record_set(arena, fitted, "special", codes);
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
        Specials special;
        bool ok = find_specials(opts, train, feature, &special, err) &&
                  (option_given(opts, "breaks")
                       ? breaks_by_hand(opts, breaks, &n_breaks, err)
                       : breaks_learned(opts, train, feature, &special, breaks, &n_breaks, err));
        if (!ok) return false;
        write_fit(&special, breaks, n_breaks, arena, record_record(arena, state, feature->name));
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

static void find_codes(const double *x, size_t n, const double *breaks, int n_breaks, const Specials *special,
                       uint32_t *codes)
{
    int place;
    for (size_t i = 0; i < n; i++) {
        if (is_special(special, x[i], &place))
            codes[i] = (uint32_t)(n_breaks + 2 + place);
        else if (x[i] != x[i])
            codes[i] = 0;
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

/* Absent: none. */
static bool read_specials(const Record *fitted, Specials *out)
{
    ValueList list = { 0 };
    *out = (Specials){ .n = 0 };
    if (record_get(fitted, "special") && !state_list(fitted, "special", VALUE_NUMBER, &list)) return false;
    if (list.n > 2 * SPECIALS_MAX) return false;
    for (int k = 0; k < list.n; k++) out->values[out->n++] = list.items[k].number;
    return true;
}

static bool apply_one(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    Feature *feature = &set->items[i];
    ValueList list, names;
    Specials special;
    double breaks[BINS_MAX];
    if (feature->kind != FEATURE_NUMBER || !state_list(fitted, "breaks", VALUE_NUMBER, &list) ||
        list.n >= BINS_MAX || !read_breaks(list, breaks) ||
        !state_list(fitted, "levels", VALUE_TEXT, &names) || !read_specials(fitted, &special) ||
        names.n != list.n + 1 + special.n)
        return state_bad(feature, err);
    uint32_t *codes = mem_get(set->n_rows, sizeof *codes, err);
    Levels *levels = codes ? make_levels(names, err) : NULL;
    if (!levels) {
        mem_free(codes);
        return false;
    }
    find_codes(feature->numbers, set->n_rows, breaks, list.n, &special, codes);
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
                  "monotone: 20 quantile bins, of which neighbours are pooled until the share of events "
                  "rises or falls all the way (pool adjacent violators, Ayer and others 1955), no bin is "
                  "smaller than least= and there are at most bins=. Quantiles and shares are those of the "
                  "weights where there is a weight role (type 7 with equal ones). Special values, written "
                  "here or at load, are levels of their own, `special -7`. What comes out is a category: "
                  "encode it, by method=woe for a scorecard.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500 seed=1\n"
                         "bin loans numeric method=monotone\n"
                         "encode loans method=woe",
              .since = "1.0" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
