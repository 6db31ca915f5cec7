/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns, level ranks, stable order, summaries. */
#include "data_frames.h"

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "data/order.h"
#include "data/summary.h"

static void test_cells(void **state)
{
    (void)state;
    Buf text = { 0 };
    Column *numbers = numbers_column((double[]){ 1.5, NAN, -3 }, 3);
    assert_int_equal(numbers->n_missing, 1);
    column_text(numbers, 0, &text);
    assert_string_equal(buf_text(&text), "1.5");
    column_text(numbers, 1, &text);
    assert_string_equal(buf_text(&text), "");
    Column *integers = integers_column(COLUMN_INTEGER, (int64_t[]){ 7, INTEGER_MISSING }, 2);
    assert_true(column_number(integers, 0) == 7 && isnan(column_number(integers, 1)));
    Column *texts = text_column((const char *const[]){ "abc", NULL, "信用" }, 3);
    assert_int_equal(texts->n_missing, 1);
    column_text(texts, 2, &text);
    assert_string_equal(buf_text(&text), "信用");
    assert_true(column_is_missing(texts, 1) && !column_is_missing(texts, 2));
    buf_free(&text);
    column_unref(numbers);
    column_unref(integers);
    column_unref(texts);
}

static void test_levels(void **state)
{
    (void)state;
    const char *names[] = { "pear", "apple", "fig" };
    Column *column = category_column(names, 3, (uint32_t[]){ 1, 2, 0, 3 }, 4);
    assert_int_equal(levels_find(column->levels, "fig"), 3);
    assert_int_equal(levels_find(column->levels, "nut"), 0);
    uint32_t *ranks = levels_ranks(column->levels, NULL);
    assert_int_equal(ranks[0], 3);
    assert_int_equal(ranks[1], 2);
    assert_int_equal(ranks[2], 0);
    mem_free(ranks);
    uint32_t rows[] = { 0, 1, 2, 3 }, classes[4], n;
    assert_true(rows_classes(column, rows, 4, classes, &n, NULL));
    assert_int_equal(n, 4);
    assert_int_equal(classes[1], 0);
    assert_int_equal(classes[2], 3); /* missing last */
    column_unref(column);
}

static int compare_tens(const void *context, uint32_t a, uint32_t b)
{
    (void)context;
    return (int)(a % 10) - (int)(b % 10);
}

static void test_order_is_stable(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n += 7) {
        uint32_t rows[200];
        for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)i;
        assert_true(rows_order(rows, n, compare_tens, NULL, NULL));
        for (size_t i = 1; i < n; i++) {
            int order = compare_tens(NULL, rows[i - 1], rows[i]);
            assert_true(order < 0 || (order == 0 && rows[i - 1] < rows[i]));
        }
    }
}

static void test_quantiles_are_those_of_gsl(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t n = 1; n < 60; n++)
        for (double p = 0; p <= 1; p += 0.05) {
            double x[60], sorted[60];
            for (size_t i = 0; i < n; i++) x[i] = floor(20 * test_random(&seed)) / 7;
            memcpy(sorted, x, sizeof sorted);
            gsl_sort(sorted, 1, n);
            double expected = gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
            assert_true(summary_quantile(x, n, p) == expected);
        }
    double four[] = { 4, 2, 1, 3 };
    assert_true(summary_quantile(four, 4, 0.25) == 1.75);
}

static void test_summaries(void **state)
{
    (void)state;
    double x[] = { 1, NAN, 2, 3, NAN, 4 }, y[6];
    size_t n = summary_compact(x, 6, y);
    assert_int_equal(n, 4);
    assert_true(summary_mean(y, n) == 2.5);
    assert_true(fabs(summary_sd(y, n, 2.5) - 1.2909944487358056) < 1e-15);
    double modes[] = { 5, 3, 3, 5, 1 };
    assert_true(summary_mode(modes, 5) == 3);
    double spread[] = { 1, 2, 3, 4, 100 };
    assert_true(fabs(summary_mad(spread, 5, 3) - 1.4826) < 1e-15);
    double same[] = { 3, 3, 3, 3, 8 };
    assert_true(fabs(summary_mad(same, 5, 3) - 1.253314) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),           cmocka_unit_test(test_levels),
        cmocka_unit_test(test_order_is_stable), cmocka_unit_test(test_quantiles_are_those_of_gsl),
        cmocka_unit_test(test_summaries),
    };
    return cmocka_run_group_tests_name("data_column", tests, NULL, NULL);
}
