/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders, numbers of keys, quantiles and statistics of groups over random frames, beside slow and obvious
 * ways to the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/cellorder.h"
#include "data/expr/function.h"
#include "data/keys.h"
#include "data/order.h"
#include "data/summary.h"

enum { ROUNDS = 60, MOST = 400 };

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t n)
{
    return (size_t)(draw() % n);
}

static const char *const levels[] = { "pear", "apple", "fig", "", "plum" };

/* Cells of any type: few values or many, some missing. */
static Column *random_column(size_t n, ColumnType type, bool wide)
{
    Column *column = column_new(type, n, NULL);
    if (type == COLUMN_CATEGORY) column->levels = levels_new(levels, 5);
    for (size_t i = 0; i < n; i++) {
        bool missing = below(10) == 0;
        int64_t whole = wide ? (int64_t)draw() >> below(60) : (int64_t)below(7) - 3;
        double number = below(3) ? (double)whole : wide ? (double)whole * 1e-3 : -0.0;
        switch (type) {
        case COLUMN_NUMBER: column->numbers[i] = missing ? NAN : number; break;
        case COLUMN_CATEGORY: column->codes[i] = missing ? 0 : (uint32_t)below(5) + 1; break;
        case COLUMN_BOOL: column->bools[i] = missing ? BOOL_MISSING : (uint8_t)below(2); break;
        default: column->integers[i] = missing || whole == INT64_MIN ? INTEGER_MISSING : whole; break;
        }
    }
    column_finish(column);
    return column;
}

static Column *any_column(size_t n)
{
    static const ColumnType types[] = { COLUMN_NUMBER, COLUMN_INTEGER, COLUMN_TIME, COLUMN_CATEGORY,
                                        COLUMN_BOOL };
    return random_column(n, types[below(5)], below(2));
}

typedef struct Slow {
    const Column *columns[2];
    uint32_t *ranks[2];
    const uint32_t *rows;
} Slow;

static int slow_compare(const Slow *slow, uint32_t a, uint32_t b)
{
    int difference = 0;
    for (int k = 0; k < 2 && !difference; k++)
        if (slow->columns[k])
            difference = cells_compare(slow->columns[k], slow->ranks[k], slow->rows[a], slow->rows[b]);
    return difference;
}

static void test_rows_by_cells(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = 1 + below(MOST);
        Slow slow = { { any_column(n), below(2) ? any_column(n) : NULL }, { NULL, NULL }, NULL };
        uint32_t rows[MOST], places[MOST];
        bool sorted = below(4) == 0;
        for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)(sorted ? i : below(n));
        slow.rows = rows;
        for (int k = 0; k < 2; k++)
            if (slow.columns[k] && slow.columns[k]->type == COLUMN_CATEGORY)
                slow.ranks[k] = levels_ranks(slow.columns[k]->levels, NULL);
        assert_true(rows_by_cells(slow.columns, rows, n, places, NULL));
        uint8_t seen[MOST] = { 0 };
        seen[places[0]] = 1;
        for (size_t i = 1; i < n; i++) {
            int order = slow_compare(&slow, places[i - 1], places[i]);
            assert_true(order < 0 || (order == 0 && places[i - 1] < places[i]));
            seen[places[i]] = 1;
        }
        for (size_t i = 0; i < n; i++) assert_int_equal(seen[i], 1);
        for (int k = 0; k < 2; k++) {
            column_unref((Column *)slow.columns[k]);
            mem_free(slow.ranks[k]);
        }
    }
}

static void test_classes_and_runs(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = 1 + below(MOST);
        Column *column = any_column(n);
        uint32_t *ranks = column->type == COLUMN_CATEGORY ? levels_ranks(column->levels, NULL) : NULL;
        uint32_t rows[MOST], classes[MOST], first[MOST], n_classes, most = 0;
        for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)below(n);
        assert_true(rows_classes(column, rows, n, classes, &n_classes, NULL));
        assert_true(cell_runs(column, rows, n, first, NULL));
        for (size_t i = 0; i < n; i++) {
            if (classes[i] > most) most = classes[i];
            for (size_t j = 0; j < n; j++) {
                int order = cells_compare(column, ranks, rows[i], rows[j]);
                assert_int_equal((order > 0) - (order < 0),
                                 (classes[i] > classes[j]) - (classes[i] < classes[j]));
            }
            bool same = i > 0 && classes[i] == classes[i - 1];
            assert_int_equal(first[i], same ? first[i - 1] : i);
        }
        assert_int_equal(n_classes, most + 1);
        mem_free(ranks);
        column_unref(column);
    }
}

static void test_run_at_a_place(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = 1 + below(MOST), place = below(n);
        Column *column = any_column(n);
        const Column *columns[] = { column, NULL };
        uint32_t rows[MOST], places[MOST];
        uint64_t words[MOST], least, most;
        CellWords cells;
        CellRun run;
        for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)below(n);
        assert_true(cellwords_open(&cells, column, NULL));
        cells_ends(&cells, rows, n, &least, &most);
        assert_true(cells_run_at(&cells, rows, n, least, most, place, &run, NULL));
        cellwords_fill(&cells, rows, 0, n, words);
        assert_true(rows_by_cells(columns, rows, n, places, NULL));
        assert_true(run.begin <= place && place < run.end);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(words[places[i]] == run.word, i >= run.begin && i < run.end);
        cellwords_close(&cells);
        column_unref(column);
    }
}

/* Numbers in order of appearance, of words that few or many others lie between. */
static void test_key_numbers(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2 * ROUNDS; round++) {
        size_t n = 1 + below(MOST);
        int n_keys = 1 + (int)below(3);
        uint64_t words[3][MOST], others[3][MOST], spread = below(2) ? 5 : 1 + (draw() >> below(64));
        uint32_t number[MOST], found[MOST], next = 0;
        for (int k = 0; k < n_keys; k++)
            for (size_t i = 0; i < n; i++) {
                words[k][i] = below(12) ? 1000 + draw() % spread : KEY_MISSING;
                others[k][i] = below(3) ? words[k][below(n)] : below(2) ? draw() : KEY_MISSING;
            }
        const uint64_t *own[] = { words[0], words[1], words[2] },
                       *their[] = { others[0], others[1], others[2] };
        KeyIndex index;
        assert_true(key_index_build(&index, own, n_keys, n, number, NULL, NULL));
        assert_true(key_index_find(&index, their, n, found, NULL, NULL));
        for (size_t i = 0; i < n; i++) {
            uint32_t same = KEY_NONE, match = KEY_NONE;
            for (size_t j = 0; j < n; j++) {
                bool equal = true, meets = true;
                for (int k = 0; k < n_keys; k++) {
                    equal = equal && words[k][i] == words[k][j];
                    meets = meets && others[k][i] == words[k][j];
                }
                if (equal && j < i) same = number[j];
                if (meets && match == KEY_NONE) match = number[j];
            }
            assert_int_equal(number[i], same == KEY_NONE ? next++ : same);
            assert_int_equal(found[i], match);
        }
        assert_int_equal(index.n, next);
        key_index_free(&index);
    }
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double slow_quantile(double *sorted, size_t n, double p)
{
    double h = p * (double)(n - 1);
    size_t k = (size_t)h;
    double fraction = h - (double)k;
    return k + 1 < n ? (1 - fraction) * sorted[k] + fraction * sorted[k + 1] : sorted[k];
}

/* Few values that are taken often, and numbers of every magnitude. */
static void test_quantiles(void **unused)
{
    (void)unused;
    enum { N = 70001 };
    double *x = malloc(N * sizeof *x), *copy = malloc(N * sizeof *x), *spare = malloc(N * sizeof *x);
    static const double at[] = { 0, 0.01, 0.25, 0.5, 0.75, 0.999, 1 };
    for (int kind = 0; kind < 4; kind++)
        for (size_t n = kind % 2 ? N : 501; n; n = n > 1 ? n / 70 : 0) {
            for (size_t i = 0; i < n; i++)
                x[i] = kind < 2 ? (double)below(9) - 4 : ldexp((double)(int64_t)draw(), (int)below(40) - 80);
            memcpy(copy, x, n * sizeof *x);
            qsort(copy, n, sizeof *copy, compare_numbers);
            for (size_t k = 0; k < sizeof at / sizeof *at; k++)
                assert_true(summary_quantile_kept(x, n, at[k], spare) == slow_quantile(copy, n, at[k]));
            double center = copy[n / 2];
            double apart = summary_median_apart(x, n, center, spare);
            double low, high;
            summary_range(x, n, &low, &high);
            assert_true(low == copy[0] && high == copy[n - 1]);
            assert_true(summary_quantile(x, n, 0.3) == slow_quantile(copy, n, 0.3));
            for (size_t i = 0; i < n; i++) copy[i] = fabs(copy[i] - center);
            qsort(copy, n, sizeof *copy, compare_numbers);
            assert_true(apart == slow_quantile(copy, n, 0.5));
        }
    free(x);
    free(copy);
    free(spare);
}

/* Row by row to the bits that the rows of a group put together give. */
static void test_group_statistics(void **unused)
{
    (void)unused;
    static const char *const names[] = { "mean", "sum", "min", "max", "count" };
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = 1 + below(MOST);
        uint32_t of_row[MOST], n_groups = 1 + (uint32_t)below(6);
        Column *x = random_column(n, COLUMN_NUMBER, below(2));
        const char *column_names[] = { "x" };
        column_ref(x);
        Frame *frame = frame_new(column_names, &x, 1, n, "random");
        for (size_t i = 0; i < n; i++) of_row[i] = (uint32_t)below(n_groups);
        ExprGroups groups = { .of_row = of_row, .n = n_groups };
        Arena *arena = arena_new();
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            const Function *function = expr_function_find(names[k]);
            Expr *arg = expr_column(arena, "x", (Span){ 0 });
            Expr *call = expr_call(arena, function, &arg, 1, NULL, (Span){ 0 }, NULL);
            Column *out = expr_group_column(call, frame, &groups);
            assert_non_null(out);
            for (uint32_t g = 0; g < n_groups; g++) {
                double values[MOST], scratch[MOST];
                size_t present = 0;
                for (size_t i = 0; i < n; i++)
                    if (of_row[i] == g && !isnan(x->numbers[i])) values[present++] = x->numbers[i];
                bool any = present || (function->flags & FUNCTION_PRESENT);
                double wanted = any ? function->window(values, present, scratch) : NAN;
                assert_true(wanted == out->numbers[g] || (isnan(wanted) && isnan(out->numbers[g])));
            }
            column_unref(out);
        }
        expr_groups_close(&groups);
        arena_free(arena);
        column_unref(x);
        frame_unref(frame);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_by_cells),  cmocka_unit_test(test_classes_and_runs),
        cmocka_unit_test(test_run_at_a_place), cmocka_unit_test(test_key_numbers),
        cmocka_unit_test(test_quantiles),      cmocka_unit_test(test_group_statistics),
    };
    return cmocka_run_group_tests_name("data_order", tests, NULL, NULL);
}
