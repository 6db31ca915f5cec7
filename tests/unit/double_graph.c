/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of layers together, against central differences in the double library: blocks with every merge,
 * inside one another; recurrent layers stacked and in both directions; ways through convolution and pooling
 * that depend on the layers around them; worked in shares as threads would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/gradients.h"

typedef struct Combination {
    const char *net;
    bool codes, ragged;
} Combination;

static void check(const char *what, const Combination *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        gradients_text(items[i].net,
                       (GradientCase){ .what = what, .codes = items[i].codes, .ragged = items[i].ragged });
}
#define CHECK(what, items) check((what), (items), sizeof(items) / sizeof *(items))

static void test_blocks(void **state)
{
    (void)state;
    static const Combination items[] = {
        { .net = "input 3; dense 5 relu; residual; dense 5 relu; residual; dense 5; end; dense 5 tanh; end; "
                 "dense 1" },
        { .net = "input 3; dense 5 tanh; residual; dense 5; batchnorm; end; dense 1" },
        { .net = "input 3; dense 5 tanh; residual; dense 5; layernorm; dropout 30%; end; dense 1" },
        { .net = "input 6 2; residual; conv1d 2 tanh padding=same; end; globalpool; dense 1" },
        { .net = "input 6 2; conv1d 3; batchnorm; activation relu; residual; conv1d 3 relu kernel=2 "
                 "padding=causal; "
                 "conv1d 3 kernel=2 dilation=2 padding=causal; end; globalpool max; dense 1" },
        { .net = "input 5 3; residual; lstm 3 sequences=on; end; gru 2; dense 1", .ragged = true },
        { .net = "input 5; parallel; branch 2; dense 4 tanh; branch 3; dense 3 sigmoid; end; dense 1" },
        { .net =
              "input 6 2; parallel; branch; conv1d 3 relu; globalpool max; branch; lstm 2; branch; flatten; "
              "dense 2 tanh; end; dense 1" },
        { .net = "input 3 2; batchnorm; activation softplus; batchnorm" },
        { .net = "input 3 2; layernorm; activation softplus; layernorm" },
        { .net = "input 5; dense 12 relu; dropout 40%; dense 12 relu; dropout 20%; dense 1" },
        { .net = "input 2; embedding 3 levels=4; dense 4 tanh; dense 1", .codes = true },
        { .net = "input 5 1; embedding 3 levels=4; gru 3; dense 1", .codes = true, .ragged = true },
        { .net = "input 4 2; embedding 3 levels=4; residual; conv1d 6 tanh kernel=2 padding=causal; end; "
                 "globalpool; dense 1",
          .codes = true },
    };
    CHECK("blocks", items);
}

/* Every merge, with a branch that is empty, one that nests, and one whose result is read twice. */
static void test_merges(void **state)
{
    (void)state;
    char text[NETTEXT_LONGEST];
    for (int merge = 0; merge < MERGE_COUNT; merge++) {
        const char *word = merge_word((Merge)merge);
        snprintf(text, sizeof text,
                 "input 3; dense 4 tanh; parallel merge=%s; branch; dense 6 relu; dense 4 sigmoid; branch; "
                 "branch; "
                 "parallel merge=sum; branch; branch; dense 4; end; end; dense 2",
                 word);
        gradients_text(text, (GradientCase){ .what = "parallel", .options = word });
    }
}

/* In both directions: each kind, each merge, as a sequence or as its last state, with ragged samples. */
static void test_bidirectional(void **state)
{
    (void)state;
    static const char *const kinds[] = { "rnn 3", "lstm 3", "gru 3", "gru 3 reset=before" };
    char text[NETTEXT_LONGEST];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int merge = 0; merge < MERGE_COUNT; merge++)
            for (int way = 0; way < 4; way++) {
                snprintf(text, sizeof text,
                         "input 5 2; rnn 2 sequences=on; bidirectional merge=%s; %s%s; end; %sdense 1",
                         merge_word((Merge)merge), kinds[k], way & 1 ? " sequences=on" : "",
                         way & 1 ? "rnn 2; " : "");
                gradients_text(text, (GradientCase){ .what = "bidirectional",
                                                     .options = strstr(text, "merge"),
                                                     .ragged = way & 2,
                                                     .most = 20 });
            }
}

static void test_recurrent(void **state)
{
    (void)state;
    static const Combination items[] = {
        { .net = "input 1 3; rnn 4; dense 1" },
        { .net = "input 1 3; lstm 4; dense 1" },
        { .net = "input 1 3; gru 4; dense 1" },
        { .net = "input 1 3; gru 4 reset=before reverse=on; dense 1" },
        { .net = "input 5 2; lstm 3 sequences=on; lstm 3 sequences=on reverse=on; lstm 2; dense 1",
          .ragged = true },
        { .net = "input 5 2; gru 3 sequences=on; rnn 3 sequences=on; lstm 2 reverse=on; dense 1",
          .ragged = true },
        { .net = "input 5 2; gru 3 sequences=on", .ragged = true },
        { .net = "input 5 2; lstm 3 sequences=on; globalpool; dense 1", .ragged = true },
        { .net = "input 5 2; lstm 3 sequences=on; globalpool max; dense 1", .ragged = true },
        { .net = "input 8 2; conv1d 3 relu; maxpool 2; gru 3 sequences=on; flatten; dense 1" },
        { .net = "input 5 2; lstm 3 sequences=on; layernorm; gru 2; dense 1", .ragged = true },
    };
    CHECK("recurrent", items);
}

/* Ways through convolution and pooling that their defaults leave out. */
static void test_windows(void **state)
{
    (void)state;
    static const Combination items[] = {
        { .net = "input 3; dense 6 tanh; conv1d 4 relu kernel=3 padding=same; flatten; dense 1" },
        { .net = "input 8 2; conv1d 3 tanh kernel=2; conv1d 4 softmax kernel=2 stride=2; flatten; dense 1" },
        { .net = "input 8 2; conv1d 3 tanh kernel=2; conv1d 4 relu kernel=2 stride=3 padding=causal; "
                 "flatten; dense 1" },
        { .net = "input 8 2; conv1d 3 tanh kernel=2; conv1d 4 relu kernel=4 dilation=5 padding=same; "
                 "flatten; dense 1" },
        { .net =
              "input 7 6; conv2d 2 tanh kernel=2; conv2d 17 relu kernel=2,3 padding=same; flatten; dense 1" },
        { .net =
              "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 relu kernel=3,9 padding=same; flatten; dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 relu kernel=2,9 padding=same stride=2 "
                 "bias=off; flatten; "
                 "dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 tanh kernel=3,9 padding=same dilation=2,1; "
                 "flatten; "
                 "dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 relu kernel=1,9 dilation=9,3 padding=same; "
                 "flatten; "
                 "dense 1" },
        { .net =
              "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 tanh kernel=3,2 stride=2,1 padding=same; flatten; "
              "dense 1" },
        { .net =
              "input 7 6; conv2d 2 tanh kernel=2; conv2d 4 tanh kernel=2 dilation=20 padding=same; flatten; "
              "dense 1" },
        { .net = "input 8 2; conv1d 3 tanh kernel=2; maxpool 3 stride=1; flatten; dense 1" },
        { .net = "input 8 2; conv1d 3 tanh kernel=2; maxpool 7; flatten; dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; maxpool 3 2 stride=2,3; flatten; dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; maxpool 2 1 stride=3; flatten; dense 1" },
        { .net = "input 7 6; conv2d 2 tanh kernel=2; avgpool 2 3 stride=1,2; flatten; dense 1" },
        /* the gradient through relu of the layer before is part of the second layer's own */
        { .net = "input 12 2; conv1d 4 relu kernel=2; conv1d 4 tanh; flatten; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; conv1d 4 tanh stride=2; flatten; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; conv1d 4 tanh dilation=2; flatten; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; maxpool; flatten; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; avgpool; flatten; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; globalpool max; dense 1" },
        { .net = "input 12 2; conv1d 4 relu kernel=2; globalpool; dense 1" },
        /* ragged samples through strides and windows */
        { .net = "input 5 2; conv1d 3 relu kernel=2 padding=causal; maxpool 2; globalpool; dense 1",
          .ragged = true },
        { .net = "input 5 2; conv1d 3 tanh kernel=3 padding=same stride=2; gru 2; dense 1", .ragged = true },
    };
    CHECK("windows", items);
}

/* Behind max pooling most of dY is 0, and the gradients are sums over the rest. */
static void test_sparse_gradients(void **state)
{
    (void)state;
    static const char *const ways[] = { "linear kernel=2",
                                        "relu kernel=2",
                                        "tanh kernel=2 bias=off",
                                        "linear kernel=3,2 stride=1,2",
                                        "relu kernel=2 dilation=2,1",
                                        "linear kernel=2 padding=same" };
    char text[NETTEXT_LONGEST];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        snprintf(text, sizeof text,
                 "input 8 7 1; conv2d 8 %s kernel=2; conv2d 18 %s; maxpool 3 2; flatten; dense 3 softmax",
                 i % 2 ? "relu" : "tanh", ways[i]);
        Net *net = toy_net(net_text(text), 3);
        assert_non_null(net);
        assert_true(net->plan->layers[1].sparse_dout && !net->plan->layers[0].sparse_dout);
        net_unref(net);
        gradients_text(
            text,
            (GradientCase){ .what = "sparse", .options = ways[i], .loss = loss_find("cce"), .target = 'c' });
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_bidirectional), cmocka_unit_test(test_recurrent),
        cmocka_unit_test(test_windows),       cmocka_unit_test(test_sparse_gradients),
    };
    if (gradients_tabled()) printf("%-14s %-58s %6s %5s  %s\n", "kind", "net", "looked", "kinks", "worst");
    return cmocka_run_group_tests_name("double_graph", tests, NULL, NULL);
}
