/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What describe, missing, tabulate, correlate and plot compute, against tests/reference/looking.txt (NumPy,
 * SciPy, scikit-learn) and small frames worked by hand. */
#include "data_frames.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>

#include "data/looking/correlation.h"
#include "data/looking/coverage.h"
#include "data/looking/crosstab.h"
#include "data/looking/difference.h"
#include "data/looking/duplicates.h"
#include "data/looking/mcar.h"
#include "data/looking/patterns.h"
#include "data/looking/prices.h"
#include "data/looking/profile.h"
#include "data/looking/rowgroups.h"
#include "data/looking/screen.h"
#include "data/looking/shape.h"

enum { N = 200, FIGURES = 16 };
#define DAY 86400000000000ll

static double x[N], y[N], z[N], event[N];

static void make_data(void)
{
    for (long i = 0; i < N; i++) {
        x[i] = (double)(i * 7919 % 211) / 10.0;
        y[i] = x[i] * 0.5 + (double)(i * 104729 % 97) / 5.0;
        z[i] = i % 7 ? (double)(i * 31 % 23) : NAN;
        event[i] = (double)(i * 13 % 29) + x[i] > 24;
    }
}

/* The figures of a line of looking.txt. */
static void expect_near(const char *name, const double *found, int n, double error)
{
    char path[4096], line[4096];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, sizeof path, "%.*s/../reference/looking.txt", slash ? (int)(slash - __FILE__) : 1,
             slash ? __FILE__ : ".");
    FILE *in = fopen(path, "r");
    size_t length = strlen(name);
    assert_non_null(in);
    while (fgets(line, sizeof line, in))
        if (!strncmp(line, name, length) && line[length] == ' ') break;
    fclose(in);
    char *at = line + length;
    for (int i = 0; i < n; i++) {
        double expected = strtod(at, &at);
        if (!(fabs(found[i] - expected) <= error * fmax(1, fabs(expected))))
            fail_msg("%s %d: %.17g, not %.17g", name, i, found[i], expected);
    }
    assert_int_equal(*at, '\n');
}

static void expect_figures(const char *name, const double *found, int n)
{
    expect_near(name, found, n, 1e-9);
}

static void expect_correlation(const char *name, const double *a, const double *b, CorrelationMethod method)
{
    double first[N], second[N];
    Variable one, other;
    Correlation found;
    memcpy(first, a, sizeof first);
    memcpy(second, b, sizeof second);
    assert_true(variable_make(&one, first, N, method, NULL));
    assert_true(variable_make(&other, second, N, method, NULL));
    assert_true(correlation_make(&found, &one, &other, method, NULL));
    expect_figures(name, (double[]){ found.r, found.p }, 2);
}

static void correlations(void **state)
{
    (void)state;
    expect_correlation("pearson", x, y, BY_PEARSON);
    expect_correlation("spearman", x, y, BY_SPEARMAN);
    expect_correlation("kendall", x, y, BY_KENDALL);
    expect_correlation("pearson_missing", x, z, BY_PEARSON);
    expect_correlation("spearman_missing", x, z, BY_SPEARMAN);
    expect_correlation("kendall_missing", x, z, BY_KENDALL);
    expect_correlation("kendall_ties", event, z, BY_KENDALL);
    double constant[] = { 3, 3, 3 }, other[] = { 1, 2, 4 };
    Variable a, b;
    Correlation found;
    assert_true(variable_make(&a, constant, 3, BY_PEARSON, NULL) &&
                variable_make(&b, other, 3, BY_PEARSON, NULL));
    assert_true(correlation_make(&found, &a, &b, BY_PEARSON, NULL));
    assert_true(isnan(found.r));
    assert_true(correlation_kendall(&found, constant, other, 3, NULL));
    assert_true(isnan(found.r) && isnan(found.p));
    assert_true(correlation_kendall(&found, (double[]){ 1, 2, 3, 4 }, (double[]){ 2, 1, 4, 3 }, 4, NULL));
    assert_true(fabs(found.r - 1.0 / 3) < 1e-15);
}

/* The rows of x whose group is below n_groups. */
static void expect_difference(const char *name, const double *values, const double *group_of,
                              uint32_t n_groups, Difference *found)
{
    double kept[N];
    uint32_t group[N];
    size_t n = 0;
    for (int i = 0; i < N; i++) {
        if (isnan(values[i])) continue;
        kept[n] = values[i];
        group[n++] = (uint32_t)group_of[i];
    }
    assert_true(difference_test(found, kept, group, n, n_groups, NULL));
    expect_figures(name, (double[]){ found->h, found->p }, 2);
}

static void differences(void **state)
{
    (void)state;
    double thirds[N];
    Difference found;
    for (int i = 0; i < N; i++) thirds[i] = i * 13 % 3;
    expect_difference("kruskal", y, thirds, 3, &found);
    assert_int_equal(found.df, 2);
    assert_true(isnan(found.auc) && isnan(found.ks));
    expect_difference("kruskal_ties", z, event, 2, &found);
    expect_figures("ks_two", (double[]){ found.ks, found.auc }, 2);
    assert_true(difference_test(&found, (double[]){ 1, 2, 3, 4, 5, 6 }, (uint32_t[]){ 0, 0, 0, 1, 1, 1 }, 6,
                                2, NULL));
    assert_true(fabs(found.h - 27.0 / 7) < 1e-12 && found.auc == 1 && found.ks == 1);
    assert_true(difference_test(&found, (double[]){ 1, 1 }, (uint32_t[]){ 0, 1 }, 2, 2, NULL));
    assert_true(isnan(found.p) && found.auc == 0.5 && found.ks == 0);
    assert_true(difference_test(&found, (double[]){ 1, 2 }, (uint32_t[]){ 1, 1 }, 2, 2, NULL));
    assert_true(isnan(found.p) && isnan(found.auc));
}

static void expect_mcar(const char *name, const double *const *columns, int n)
{
    Mcar found;
    assert_true(mcar_test(&found, columns, N, n, NULL, NULL));
    assert_false(found.dependent || found.unsettled);
    expect_near(name, (double[]){ found.chi2, found.df, found.p }, 3, 1e-6);
}

static void missing_by_chance(void **state)
{
    (void)state;
    double first[N], high[N], twice[N];
    Mcar found;
    for (int i = 0; i < N; i++) {
        first[i] = i % 5 == 3 ? NAN : x[i];
        high[i] = x[i] > 15 ? NAN : y[i];
        twice[i] = 2 * y[i];
    }
    expect_mcar("little", (const double *[]){ first, y, z }, 3);
    expect_mcar("little_not", (const double *[]){ first, high, z }, 3);
    assert_true(mcar_test(&found, (const double *[]){ first, y, twice }, N, 3, NULL, NULL));
    assert_true(found.dependent && isnan(found.p));
    assert_true(mcar_test(&found, (const double *[]){ x, y }, N, 2, NULL, NULL));
    assert_true(isnan(found.p) && found.patterns == 1);
}

static Frame *one_column(const double *values, size_t n)
{
    return frame_new((const char *[]){ "x" }, (Column *[]){ numbers_column(values, n) }, 1, n, "made");
}

static Screening screened(const double *values)
{
    Frame *frame = one_column(values, N);
    uint32_t rows[N];
    Screening found;
    for (uint32_t i = 0; i < N; i++) rows[i] = i;
    assert_true(screen_column(&found, frame, 0, rows, event, N, NULL));
    frame_unref(frame);
    return found;
}

static void single_columns(void **state)
{
    (void)state;
    Screening of_x = screened(x), of_z = screened(z);
    expect_figures("auc_x", &of_x.auc, 1);
    expect_figures("auc_z", &of_z.auc, 1);
    expect_figures("iv_x", &of_x.iv, 1);
    expect_figures("iv_z", &of_z.iv, 1);
    double events[] = { 10, 30 }, others[] = { 40, 20 };
    assert_true(fabs(screen_iv(events, others, 2) - 0.7466) < 5e-5);
    assert_true(isnan(screen_iv((double[]){ 1, 2 }, (double[]){ 0, 0 }, 2)));
    assert_true(isfinite(screen_iv((double[]){ 5, 0 }, (double[]){ 5, 5 }, 2)));
}

static void tables(void **state)
{
    (void)state;
    double counts[] = { 10, 20, 30, 40, 20, 5, 7, 9, 11 };
    Independence test = crosstab_test(counts, 3, 3);
    expect_figures("chi2", (double[]){ test.chi2, test.p, test.df, test.cramer_v }, 4);
    double one_row[] = { 3, 4, 0, 0 };
    assert_true(isnan(crosstab_test(one_row, 2, 2).chi2));
    assert_int_equal(test.few, 0);
}

static void profiles(void **state)
{
    (void)state;
    double spiky[N], flags[N], values[N], spare[N];
    Profile profile;
    for (int i = 0; i < N; i++) {
        spiky[i] = i % 37 ? y[i] : 9 * y[i];
        flags[i] = i % 20 == 0;
    }
    Frame *plain = one_column(y, N), *wild = one_column(spiky, N), *two = one_column(flags, N);
    profile_make(&profile, plain, 0, NULL, N, values, spare);
    expect_figures("profile",
                   (double[]){ profile.mean, profile.sd, profile.low, profile.median, profile.high }, 5);
    profile_make(&profile, wild, 0, NULL, N, values, spare);
    expect_figures("outliers", (double[]){ (double)profile.outliers }, 1);
    profile_make(&profile, two, 0, NULL, N, values, spare);
    assert_int_equal(profile.outliers, 0);
    profile_make(&profile, plain, 0, (uint32_t[]){ 3 }, 1, values, spare);
    assert_true(profile.mean == y[3] && isnan(profile.sd));
    frame_unref(plain);
    frame_unref(wild);
    frame_unref(two);
}

static void quantiles_of_many(void **state)
{
    (void)state;
    enum { MANY = 100003 };
    static const double at[] = { 0, 0.01, 0.25, 0.5, 0.99, 1 };
    double *large = mem_own(MANY * sizeof *large), *spare = mem_own(MANY * sizeof *spare), found[6];
    for (long i = 0; i < MANY; i++) large[i] = pow((double)(i * 7919 % MANY), 1.5);
    for (int k = 0; k < 6; k++) found[k] = profile_quantile(large, MANY, at[k], spare);
    expect_figures("quantiles", found, 6);
    for (long i = 0; i < MANY; i++) large[i] = (double)(i % 3) - 1;
    assert_true(profile_quantile(large, MANY, 0.5, spare) == 0);
    assert_true(profile_quantile(large, MANY, 0.1, spare) == -1);
    mem_free(large);
    mem_free(spare);
}

static void shapes(void **state)
{
    (void)state;
    double spare[N], counts[FIGURES] = { 0 }, r[6];
    Histogram bins = histogram_fit(y, N, 0, spare);
    expect_figures("fd", (double[]){ bins.n_bins, bins.low, bins.low + bins.n_bins * bins.width }, 3);
    for (int i = 0; i < N; i++) counts[histogram_bin(&bins, y[i])]++;
    expect_figures("fd_counts", counts, bins.n_bins);
    Box box = box_fit(y, N, spare);
    expect_figures(
        "box", (double[]){ box.low, box.whisker_low, box.q1, box.median, box.q3, box.whisker_high, box.high },
        7);
    assert_int_equal(autocorrelation(y, N, 5, r), N);
    expect_figures("acf", r, 6);
    double same[] = { 2, 2, 2 }, whole[] = { 0, 1, 1, 3 };
    assert_int_equal(histogram_fit(same, 3, 0, spare).n_bins, 1);
    bins = histogram_fit(whole, 4, 0, spare);
    assert_int_equal(bins.n_bins, 4);
    assert_int_equal(histogram_bin(&bins, 3), 3);
}

/* A curve keeps its extremes and its gap; points that share a cell are kept once. */
static void fewer_points(void **state)
{
    (void)state;
    enum { LONG = 10000 };
    double *a = mem_own(LONG * sizeof *a), *b = mem_own(LONG * sizeof *b), most = 0;
    bool gap = false;
    for (int i = 0; i < LONG; i++) a[i] = i, b[i] = sin(i * 0.01);
    b[4321] = 9;
    b[777] = NAN;
    size_t n = curve_thin(a, b, LONG, 100);
    assert_true(n <= 500);
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, b[i]);
        gap = gap || isnan(b[i]);
        assert_true(i == 0 || a[i] > a[i - 1]);
    }
    assert_true(most == 9 && gap && a[0] == 0 && a[n - 1] == LONG - 1);
    double px[] = { 0, 0.001, 1, 0 }, py[] = { 0, 0, 1, 1 };
    unsigned char seen[100] = { 0 };
    assert_int_equal(points_thin(px, py, 4, 10, 10, seen), 3);
    mem_free(a);
    mem_free(b);
}

static void equal_rows(void **state)
{
    (void)state;
    const char *levels[] = { "a", "b" };
    const char *names[] = { "x", "c", "t" };
    Column *columns[] = { numbers_column((double[]){ 1, NAN, 1, NAN, -0.0, 0.0 }, 6),
                          category_column(levels, 2, (uint32_t[]){ 1, 0, 1, 0, 2, 2 }, 6),
                          text_column((const char *const[]){ "u", "v", "w", "v", "z", "z" }, 6) };
    Frame *frame = frame_new(names, columns, 3, 6, "made");
    size_t count, first;
    assert_true(duplicates_count(frame, &count, &first, NULL));
    assert_int_equal(count, 2);
    assert_int_equal(first, 3);
    frame_unref(frame);
}

static void groups(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    double values[] = { 3, NAN, 1, 3, 2 };
    Frame *frame = one_column(values, 5);
    RowGroups found;
    Err err = { 0 };
    assert_true(rowgroups_open(&found, frame, 0, 3, arena, NULL));
    assert_int_equal(found.n, 4);
    assert_true(found.has_missing);
    assert_string_equal(found.names[0], "1");
    assert_string_equal(found.names[3], "missing");
    assert_int_equal(found.of_row[0], 2);
    assert_int_equal(found.counts[2], 2);
    rowgroups_close(&found);
    assert_false(rowgroups_open(&found, frame, 0, 2, arena, &err));
    assert_int_equal(err.code, CODE_too_many_groups);
    rowgroups_close(&found);
    frame_unref(frame);
    arena_free(arena);
}

static void missing_together(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const char *names[] = { "a", "b" };
    Column *columns[] = { numbers_column((double[]){ NAN, 1, NAN, 1, 1 }, 5),
                          numbers_column((double[]){ NAN, 1, NAN, NAN, 1 }, 5) };
    Frame *frame = frame_new(names, columns, 2, 5, "made");
    Patterns found;
    assert_true(patterns_find(&found, frame, (int[]){ 0, 1 }, 2, arena, NULL));
    assert_int_equal(found.n, 3);
    assert_int_equal(found.items[0].rows, 2);
    assert_true(pattern_has(&found.items[0], 0) && pattern_has(&found.items[0], 1));
    assert_int_equal(found.items[2].rows, 1);
    assert_true(!pattern_has(&found.items[2], 0) && pattern_has(&found.items[2], 1));
    frame_unref(frame);
    arena_free(arena);
}

/* Weekdays from Monday 2024-01-01 on, without those of one week; one day twice. */
static Frame *daily(Column *close)
{
    enum { ROWS = 30 };
    int64_t times[ROWS], start;
    assert_true(time_make(2024, 1, 1, 0, 0, 0, &start));
    int day = 0;
    for (int i = 0; i < ROWS; i++) {
        while (day % 7 >= 5 || day / 7 == 3) day++;
        times[i] = start + day * DAY;
        if (i != 11) day++;
    }
    Column *time = integers_column(COLUMN_TIME, times, ROWS);
    time->unit = UNIT_DAY;
    Frame *frame =
        frame_new((const char *[]){ "date", "Close" }, (Column *[]){ time, close }, 2, ROWS, "made");
    assert_true(frame_set_role(frame, "date", ROLE_TIME, NULL));
    return frame;
}

static void series(void **state)
{
    (void)state;
    double prices[30];
    for (int i = 0; i < 30; i++) prices[i] = i >= 5 && i < 12 ? 105 : 100 + i;
    prices[20] = 50;
    Frame *frame = daily(numbers_column(prices, 30));
    Panel panel;
    Coverage coverage;
    PriceSet sets[PRICE_SETS_MAX];
    Fault stale, jumps, sign;
    size_t longest;
    assert_true(panel_open(&panel, frame, &(SampleBy){ 0 }, NULL));
    assert_true(coverage_make(&coverage, frame, &panel, NULL));
    assert_true(coverage.step == DAY);
    assert_int_equal(coverage.gaps, 1);
    assert_true(coverage.longest == 10 * DAY);
    assert_int_equal(coverage.repeated, 1);
    assert_int_equal(prices_find(frame, sets), 1);
    assert_int_equal(sets[0].columns[PRICE_CLOSE], 1);
    prices_check_series(frame, &panel, 1, &stale, &longest, &jumps);
    assert_int_equal(longest, 7);
    assert_int_equal(stale.count, 7);
    assert_int_equal(stale.first, 5);
    assert_int_equal(jumps.count, 2);
    prices_check_sign(frame, 1, &sign);
    assert_int_equal(sign.count, 0);
    panel_close(&panel);
    frame_unref(frame);
}

/* Times further apart than their difference fits. */
static void far_times(void **state)
{
    (void)state;
    int64_t times[] = { INT64_MIN + 1, -DAY, 0, INT64_MAX };
    Frame *frame = frame_new((const char *[]){ "t" },
                             (Column *[]){ integers_column(COLUMN_INTEGER, times, 4) }, 1, 4, "made");
    Panel panel;
    Coverage coverage;
    assert_true(frame_set_role(frame, "t", ROLE_TIME, NULL));
    assert_true(panel_open(&panel, frame, &(SampleBy){ 0 }, NULL));
    assert_true(coverage_make(&coverage, frame, &panel, NULL));
    assert_true(coverage.step > 0 && coverage.longest <= INT64_MAX / 2);
    panel_close(&panel);
    frame_unref(frame);
}

/* An integer counts time: a gap is a gap, whatever its size in days; a jump is seen across a missing price;
 * rows out of order are counted. */
static void whole_times(void **state)
{
    (void)state;
    enum { ROWS = 8 };
    int64_t times[ROWS] = { 1, 2, 3, 5, 4, 9, 10, 11 };
    double prices[ROWS] = { 10, 11, NAN, 12, 30, 12, 0, 13 };
    Frame *frame =
        frame_new((const char *[]){ "t", "price" },
                  (Column *[]){ integers_column(COLUMN_INTEGER, times, ROWS), numbers_column(prices, ROWS) },
                  2, ROWS, "made");
    Panel panel;
    Coverage coverage;
    Fault stale, jumps;
    size_t longest;
    assert_true(frame_set_role(frame, "t", ROLE_TIME, NULL));
    assert_true(panel_open(&panel, frame, &(SampleBy){ 0 }, NULL));
    assert_true(coverage_make(&coverage, frame, &panel, NULL));
    assert_true(coverage.step == 1 && coverage.gaps == 1 && coverage.longest == 4 && coverage.after == 3);
    assert_int_equal(coverage.unordered, 1);
    assert_int_equal(coverage.early, 4);
    prices_check_series(frame, &panel, 1, &stale, &longest, &jumps);
    assert_int_equal(jumps.count, 2); /* 11 -> 30 over the missing one, 30 -> 12; not 12 -> 13 over 0 */
    panel_close(&panel);
    frame_unref(frame);
}

static void impossible_prices(void **state)
{
    (void)state;
    const char *names[] = { "spx_open", "spx_high", "spx_low", "spx_close", "slow" };
    Column *columns[] = { numbers_column((double[]){ 1, 2, 3, 0 }, 4),
                          numbers_column((double[]){ 2, 1, 4, 1 }, 4),
                          numbers_column((double[]){ 1, 2, 2, 0 }, 4),
                          numbers_column((double[]){ 2, 2, 5, 1 }, 4),
                          numbers_column((double[]){ 1, 1, 1, 1 }, 4) };
    Frame *frame = frame_new(names, columns, 5, 4, "made");
    PriceSet sets[PRICE_SETS_MAX];
    Fault crossed, outside, flat, sign;
    assert_int_equal(prices_find(frame, sets), 1);
    prices_check_order(frame, &sets[0], &crossed, &outside, &flat);
    assert_int_equal(crossed.count, 1);
    assert_int_equal(crossed.first, 1);
    assert_int_equal(outside.count, 1);
    assert_int_equal(outside.first, 2);
    assert_int_equal(flat.count, 0);
    prices_check_sign(frame, 2, &sign);
    assert_int_equal(sign.count, 1);
    frame_unref(frame);
    Column *same[] = { numbers_column((double[]){ 5, 6, NAN }, 3), numbers_column((double[]){ 5, 6, 7 }, 3),
                       numbers_column((double[]){ 5, 5, 7 }, 3), numbers_column((double[]){ 5, 6, 7 }, 3) };
    frame = frame_new((const char *[]){ "open", "high", "low", "close" }, same, 4, 3, "made");
    assert_int_equal(prices_find(frame, sets), 1);
    prices_check_order(frame, &sets[0], &crossed, &outside, &flat);
    assert_true(crossed.count == 0 && outside.count == 0 && flat.count == 1 && flat.first == 0);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlations),
        cmocka_unit_test(differences),
        cmocka_unit_test(missing_by_chance),
        cmocka_unit_test(single_columns),
        cmocka_unit_test(tables),
        cmocka_unit_test(profiles),
        cmocka_unit_test(quantiles_of_many),
        cmocka_unit_test(shapes),
        cmocka_unit_test(fewer_points),
        cmocka_unit_test(equal_rows),
        cmocka_unit_test(groups),
        cmocka_unit_test(missing_together),
        cmocka_unit_test(series),
        cmocka_unit_test(whole_times),
        cmocka_unit_test(far_times),
        cmocka_unit_test(impossible_prices),
    };
    make_data();
    gsl_set_error_handler_off();
    return cmocka_run_group_tests_name("data_looking", tests, NULL, NULL);
}
