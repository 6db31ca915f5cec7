/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random streams: the published vectors of Philox, and what streams and permutations promise. */
#include "numeric/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Random123's kat_vectors, "philox4x32 10". */
static const struct {
    uint32_t counter[4], key[2], out[4];
} known[] = {
    { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
};

static void philox_gives_the_published_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        RngKey key = { { known[i].key[0], known[i].key[1] } };
        uint32_t out[4];
        rng_block(key, known[i].counter, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static bool same_key(RngKey a, RngKey b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void keys_differ_by_seed_purpose_and_name(void **state)
{
    (void)state;
    RngKey key = rng_key(7, "init", "dense1");
    assert_true(same_key(key, rng_key(7, "init", "dense1")));
    assert_false(same_key(key, rng_key(8, "init", "dense1")));
    assert_false(same_key(key, rng_key(7 + (1ull << 32), "init", "dense1")));
    assert_false(same_key(key, rng_key(7, "dropout", "dense1")));
    assert_false(same_key(key, rng_key(7, "init", "dense2")));
    assert_false(same_key(rng_key(7, "ab", "c"), rng_key(7, "a", "bc")));
    assert_false(same_key(rng_key(7, "twelve bytes", "x"), rng_key(7, "twelve byte", "sx")));
    assert_false(same_key(rng_key(7, "a purpose longer than a block", ""),
                          rng_key(7, "a purpose longer than a blocK", "")));
    assert_false(same_key(rng_key(7, "x", ""), rng_key(7, "", "x")));
}

/* First weights and shuffles are the same on every machine: this value may never change. */
static void a_key_stays_what_it_is(void **state)
{
    (void)state;
    RngKey key = rng_key(1, "init", "dense1");
    assert_int_equal(key.key[0], 0xb37c84ec);
    assert_int_equal(key.key[1], 0xcb830cf2);
}

static void a_stream_is_its_blocks(void **state)
{
    (void)state;
    RngKey key = rng_key(3, "simulate", "d1");
    gsl_rng *rng = rng_stream(key, 5ull << 32 | 9);
    assert_non_null(rng);
    for (uint32_t block = 0; block < 3; block++) {
        uint32_t counter[4] = { block, 0, 9, 5 }, words[4];
        rng_block(key, counter, words);
        for (int i = 0; i < 4; i++) assert_int_equal(gsl_rng_get(rng), words[i]);
    }
    gsl_rng_free(rng);
}

static void distributions_draw_from_it(void **state)
{
    (void)state;
    enum { N = 200000 };
    gsl_rng *rng = rng_stream(rng_key(11, "simulate", ""), 0);
    double sum = 0, squares = 0, uniform = 0;
    for (int i = 0; i < N; i++) {
        double x = gsl_ran_gaussian_ziggurat(rng, 1), u = gsl_rng_uniform(rng);
        assert_true(u >= 0 && u < 1);
        sum += x;
        squares += x * x;
        uniform += u;
    }
    assert_true(fabs(sum / N) < 5 / sqrt(N));
    assert_true(fabs(squares / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(uniform / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
    gsl_rng_free(rng);
}

static void a_permutation_holds_every_index_once(void **state)
{
    (void)state;
    RngKey key = rng_key(1, "shuffle", "");
    for (size_t n = 0; n < 200; n++) {
        uint32_t *out = malloc(n * sizeof *out + 1);
        bool *seen = calloc(n + 1, 1);
        rng_permutation(key, n, out, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(out[i] < n && !seen[out[i]]);
            seen[out[i]] = true;
        }
        free(out);
        free(seen);
    }
}

static void permutations_are_uniform_and_differ_by_epoch(void **state)
{
    (void)state;
    enum { N = 60000 };
    RngKey key = rng_key(1, "shuffle", "");
    int counts[6] = { 0 };
    for (uint64_t epoch = 0; epoch < N; epoch++) {
        uint32_t out[3];
        rng_permutation(key, epoch, out, 3);
        counts[out[0] * 2 + (out[1] > out[2])]++;
    }
    double chi_square = 0;
    for (int i = 0; i < 6; i++) chi_square += pow(counts[i] - N / 6.0, 2) / (N / 6.0);
    assert_true(chi_square < 20.5); /* 0.999 quantile, 5 degrees of freedom */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_words),
        cmocka_unit_test(keys_differ_by_seed_purpose_and_name),
        cmocka_unit_test(a_key_stays_what_it_is),
        cmocka_unit_test(a_stream_is_its_blocks),
        cmocka_unit_test(distributions_draw_from_it),
        cmocka_unit_test(a_permutation_holds_every_index_once),
        cmocka_unit_test(permutations_are_uniform_and_differ_by_epoch),
    };
    return cmocka_run_group_tests_name("numeric_rng", tests, NULL, NULL);
}
