/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attention, upsampling, reshaping, noise, spatial dropout and truncated back-propagation in the double
 * library: gradients against central differences (truncated ones: against chains that were cut by hand) and
 * the vectors of tests/reference/sequence.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/gradients.h"
#include "support/sequence.h"

static void check(const char *text, bool ragged)
{
    gradients_text(text, (GradientCase){ .what = "sequence", .ragged = ragged, .most = 60 });
}

static void test_attention(void **state)
{
    (void)state;
    static const char *const nets[] = {
        "input 5 3; attention 4 heads=%d mask=%s positions=%s; globalpool; dense 1",
        "input 5 2; conv1d 6 tanh kernel=1; attention 4 heads=%d mask=%s positions=%s; conv1d 2 tanh "
        "kernel=1; flatten; dense 1",
        "input 5 4; residual; layernorm; attention 4 heads=%d mask=%s positions=%s; end; rnn 2; dense 1",
    };
    static const char *const masks[] = { "none", "causal" }, *const positions[] = { "none", "sinusoidal",
                                                                                    "learned" };
    char text[NETTEXT_LONGEST];
    for (int i = 0; i < 3 * 3 * 2 * 3; i++) {
        snprintf(text, sizeof text, nets[i % 3], 1 << i / 3 % 3, masks[i / 9 % 2], positions[i / 18]);
        check(text, false);
        check(text, true);
    }
}

/* More steps than one block of rows. */
static void test_long_attention(void **state)
{
    (void)state;
    check("input 130 2; attention 4 heads=2; globalpool; dense 1", false);
    check("input 130 2; attention 4 heads=2 mask=causal positions=learned; globalpool; dense 1", false);
    check("input 65 2; attention 2 heads=1 mask=causal; globalpool; dense 1", true);
    check("input 1 2; attention 4 heads=2; flatten; dense 1", false);
}

static void test_others(void **state)
{
    (void)state;
    static const char *const nets[] = {
        "input 4 2; conv1d 3 tanh kernel=1; upsample 3; conv1d 2 kernel=2; flatten; dense 1",
        "input 4 2; conv1d 3 tanh kernel=1; upsample 3 method=linear; conv1d 2 kernel=2; flatten; dense 1",
        "input 3 4 2; conv2d 3 tanh kernel=1; upsample 2 3; conv2d 2 kernel=2; flatten; dense 1",
        "input 3 4 2; conv2d 3 tanh kernel=1; upsample 3 2 method=linear; conv2d 2 kernel=2; flatten; dense "
        "1",
        "input 6; dense 12 tanh; reshape 4 3; conv1d 2 kernel=2; reshape 3 2 1; flatten; dense 1",
        "input 6 2; rnn 4 sequences=on; reshape 3 8; gru 2; dense 1",
        "input 6 2; rnn 4 sequences=on; reshape 12 2; gru 2; dense 1",
        "input 6 2; rnn 4 sequences=on; noise 0.3; rnn 2; dense 1",
        "input 6 2; rnn 4 sequences=on; dropout 40% spatial=on; rnn 2; dense 1",
        "input 4 4 1; conv2d 5 tanh kernel=2; dropout 40% spatial=on; flatten; dense 1",
    };
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        check(nets[i], false);
        if (strncmp(nets[i], "input 6;", 8) != 0) check(nets[i], true);
    }
}

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(sequence_check_all(__FILE__), 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attention),
        cmocka_unit_test(test_long_attention),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests_name("double_attention", tests, NULL, NULL);
}
