/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balancing against the numbers that tests/reference/balance.py made with imbalanced-learn and scikit-learn.
 */
#include "data_frames.h"

#include <stdlib.h>

#include "data/balance.h"
#include "model/prior.h"

enum { K = 5, MOST = 1024 };

typedef struct Numbers {
    double x[MOST];
    size_t n;
} Numbers;

static void read_numbers(Numbers *out, const char *name)
{
    char path[4096], *end, *line = NULL, *rest;
    size_t size = 0;
    snprintf(path, sizeof path, "%s", __FILE__);
    assert_non_null(end = strstr(path, "unit/data_balance.c"));
    snprintf(end, sizeof path - (size_t)(end - path), "reference/balance.txt");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    out->n = 0;
    while (getline(&line, &size, file) > 0) {
        char *word = strtok_r(line, " \n", &rest);
        if (!word || strcmp(word, name) != 0) continue;
        while ((word = strtok_r(NULL, " \n", &rest)) && out->n < MOST) out->x[out->n++] = strtod(word, NULL);
    }
    free(line);
    fclose(file);
    if (out->n == 0) fail_msg("no numbers '%s'", name);
}

static void expect(double got, double expected, const char *what, size_t i)
{
    if (!(fabs(got - expected) <= 1e-6 * (1 + fabs(expected))))
        fail_msg("%s %zu: %.9g, not %.9g", what, i, got, expected);
}

/* ---- the rows of the reference */

typedef struct Bench {
    BalanceSpace space;
    real x[MOST];
    int32_t level[MOST];
    uint32_t own[MOST]; /* of class 1 */
    size_t n, n_own;
} Bench;

static void bench_open(Bench *bench, const char *name, size_t width, const char *const *from)
{
    Numbers x, y;
    read_numbers(&x, name);
    read_numbers(&y, "y");
    bench->n = y.n;
    bench->n_own = 0;
    assert_int_equal(x.n, y.n * width);
    for (size_t i = 0; i < x.n; i++) bench->x[i] = (real)x.x[i];
    for (size_t i = 0; i < y.n; i++) {
        bench->level[i] = (int32_t)y.x[i];
        if (y.x[i] == 1) bench->own[bench->n_own++] = (uint32_t)i;
    }
    assert_true(balance_space_open(&bench->space, bench->x, y.n, width, from, NULL, NULL));
    assert_true(balance_space_weigh(&bench->space, bench->own, bench->n_own, NULL));
}

static void expect_near(const Bench *bench, const char *name)
{
    Numbers near;
    read_numbers(&near, name);
    assert_int_equal(near.n, bench->n_own * K);
    for (size_t i = 0; i < bench->n_own; i++) {
        uint32_t found[K];
        assert_int_equal(balance_nearest(&bench->space, bench->own[i], bench->own, bench->n_own, K, found),
                         K);
        for (size_t j = 0; j < K; j++) expect(found[j], near.x[i * K + j], name, i * K + j);
    }
}

static void test_smote(void **state)
{
    (void)state;
    static Bench bench;
    Numbers begin, end, u, made;
    bench_open(&bench, "x", 3, NULL);
    assert_int_equal(bench.space.n_numbers, 3);
    expect_near(&bench, "smote_near");
    read_numbers(&begin, "smote_begin");
    read_numbers(&end, "smote_end");
    read_numbers(&u, "smote_u");
    read_numbers(&made, "smote_made");
    for (size_t i = 0; i < begin.n; i++) {
        real row[3];
        balance_mix(&bench.space, (size_t)begin.x[i], (size_t)end.x[i], u.x[i], NULL, 0, row);
        for (size_t j = 0; j < 3; j++) expect((double)row[j], made.x[i * 3 + j], "smote", i);
    }
    balance_space_close(&bench.space);
}

static void test_adasyn(void **state)
{
    (void)state;
    static Bench bench;
    Numbers r, total, g;
    double shares[MOST];
    uint32_t counts[MOST];
    bench_open(&bench, "x", 3, NULL);
    read_numbers(&r, "adasyn_r");
    read_numbers(&total, "adasyn_total");
    read_numbers(&g, "adasyn_g");
    assert_int_equal(r.n, bench.n_own);
    for (size_t i = 0; i < bench.n_own; i++) {
        uint32_t near[K];
        int others = 0;
        balance_nearest(&bench.space, bench.own[i], NULL, bench.n, K, near);
        for (int j = 0; j < K; j++) others += bench.level[near[j]] != 1;
        shares[i] = others / (double)K;
        expect(shares[i], r.x[i], "r", i);
    }
    assert_true(balance_shares(shares, r.n, (size_t)total.x[0], counts));
    for (size_t i = 0; i < g.n; i++) expect(counts[i], g.x[i], "g", i);
    memset(shares, 0, sizeof shares);
    assert_false(balance_shares(shares, r.n, 10, counts));
    balance_space_close(&bench.space);
}

static void expect_gone(const Bench *bench, const char *levels, const char *name)
{
    Numbers y, gone;
    int32_t level[MOST];
    uint8_t marked[MOST] = { 0 };
    read_numbers(&y, levels);
    read_numbers(&gone, name);
    for (size_t i = 0; i < y.n; i++) level[i] = (int32_t)y.x[i];
    assert_true(balance_links(&bench->space, level, 3, marked, NULL));
    size_t at = 0;
    for (size_t i = 0; i < bench->n; i++) {
        if (!marked[i]) continue;
        if (at == gone.n) fail_msg("%s: row %zu is marked too", name, i);
        expect((double)i, gone.x[at++], name, i);
    }
    assert_int_equal(at, gone.n);
}

static void test_tomek(void **state)
{
    (void)state;
    static Bench bench;
    bench_open(&bench, "x", 3, NULL);
    expect_gone(&bench, "tomek_level", "tomek_gone");
    expect_gone(&bench, "three_level", "three_gone");
    balance_space_close(&bench.space);
}

/* Numbers, a category of three levels, a flag: the category is one unit, the flag another. */
static void test_nominal(void **state)
{
    (void)state;
    static Bench bench;
    static const char *const from[] = { "a", "b", "c", "purpose", "purpose", "purpose", "a" };
    Numbers penalty, mode;
    bench_open(&bench, "nc_x", 7, from);
    read_numbers(&penalty, "nc_penalty");
    read_numbers(&mode, "nc_mode");
    assert_int_equal(bench.space.n_units, 2);
    expect(bench.space.penalty, penalty.x[0], "penalty", 0);
    expect_near(&bench, "nc_near");
    for (size_t i = 0; i < bench.n_own; i++) {
        uint32_t near[K];
        real row[7];
        balance_nearest(&bench.space, bench.own[i], bench.own, bench.n_own, K, near);
        balance_mix(&bench.space, bench.own[i], near[0], 0.5, near, K, row);
        for (size_t j = 0; j < 4; j++) expect((double)row[3 + j], mode.x[i * 4 + j], "mode", i);
        expect((double)row[0], (double)(bench.x[bench.own[i] * 7] + bench.x[near[0] * 7]) / 2, "number", i);
    }
    balance_space_close(&bench.space);
}

/* Of equally frequent levels a row keeps its own; where that is not among them it gets the nearest's. */
static void test_nominal_ties(void **state)
{
    (void)state;
    static const char *const from[] = { "c", "c", "c" };
    const real x[] = { 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1 };
    const uint32_t near[] = { 0, 1, 2, 3, 4 };
    BalanceSpace space;
    real row[3];
    assert_true(balance_space_open(&space, x, 7, 3, from, NULL, NULL));
    assert_int_equal(space.n_units, 1);
    balance_mix(&space, 5, 0, 0.5, near, K, row);
    assert_true(row[0] == 0 && row[1] == 1 && row[2] == 0);
    balance_mix(&space, 6, 0, 0.5, near, K, row);
    assert_true(row[0] == 1 && row[1] == 0 && row[2] == 0);
    balance_space_close(&space);
}

/* ---- the prior correction */

static void test_prior_of_two(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Numbers p, shares, corrected;
    read_numbers(&p, "prior_p");
    read_numbers(&shares, "prior_shares");
    read_numbers(&corrected, "prior_corrected");
    const Prior *prior = prior_new(shares.x, shares.x + 2, 2, true, arena);
    const Prior *raw = prior_new(shares.x, shares.x + 2, 2, false, arena);
    for (size_t i = 0; i < p.n; i++) {
        double one = p.x[i], kept = p.x[i];
        real logit = (real)log(one / (1 - one)), scaled = (real)one;
        prior_correct_row(prior, &one, 1);
        prior_correct_row(raw, &kept, 1);
        prior_correct(prior, &logit, 1, 1, true);
        prior_correct(prior, &scaled, 1, 1, false);
        expect(one, corrected.x[i], "p", i);
        expect(1 / (1 + exp(-(double)logit)), corrected.x[i], "logit", i);
        expect((double)scaled, corrected.x[i], "real p", i);
        assert_true(kept == p.x[i]);
    }
    assert_null(prior_new(shares.x, shares.x, 2, true, arena));
    arena_free(arena);
}

static void test_prior_of_three(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Numbers q, shares, corrected;
    read_numbers(&q, "prior_q");
    read_numbers(&shares, "prior_q_shares");
    read_numbers(&corrected, "prior_q_corrected");
    const Prior *made = prior_new(shares.x, shares.x + 3, 3, true, arena);
    Value record = prior_record(made, arena);
    const Prior *prior = prior_from_record(record.record, arena);
    for (size_t i = 0; i < q.n; i += 3) {
        double p[3] = { q.x[i], q.x[i + 1], q.x[i + 2] }, sum = 0;
        real logit[3];
        for (size_t c = 0; c < 3; c++) logit[c] = (real)log(p[c]);
        prior_correct_row(prior, p, 3);
        prior_correct(prior, logit, 1, 3, true);
        for (size_t c = 0; c < 3; c++) sum += exp((double)logit[c]);
        for (size_t c = 0; c < 3; c++) {
            expect(p[c], corrected.x[i + c], "q", i + c);
            expect(exp((double)logit[c]) / sum, corrected.x[i + c], "softmax", i + c);
        }
    }
    record_text(arena, record.record, "corrects", "?");
    assert_null(prior_from_record(record.record, arena));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smote),          cmocka_unit_test(test_adasyn),
        cmocka_unit_test(test_tomek),          cmocka_unit_test(test_nominal),
        cmocka_unit_test(test_nominal_ties),   cmocka_unit_test(test_prior_of_two),
        cmocka_unit_test(test_prior_of_three),
    };
    return cmocka_run_group_tests_name("data_balance", tests, NULL, NULL);
}
