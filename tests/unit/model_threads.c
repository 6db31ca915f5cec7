/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share a batch: the same bits for any number of them in every kind of net, and a pace that
 * takes the faster way, forgives an interruption and comes back to a team whose neighbour has gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { ROWS = 130, BATCH = 43, STEPS = 64, WIDTH = 8 };

static void add_dense(NetDef *def)
{
    TOY_LAYER(def, "flatten", NULL);
    TOY_LAYER(def, "dense", "100", "tanh");
}
static void add_lstm(NetDef *def)
{
    TOY_LAYER(def, "lstm", "20", "sequences=on");
    TOY_LAYER(def, "lstm", "17");
}
static void add_gru(NetDef *def)
{
    TOY_LAYER(def, "gru", "18", "sequences=on");
    TOY_LAYER(def, "gru", "16", "reset=before");
}
static void add_rnn(NetDef *def)
{
    TOY_LAYER(def, "rnn", "30");
}
static void add_conv(NetDef *def)
{
    TOY_LAYER(def, "conv1d", "16", "relu", "kernel=3", "padding=same");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "conv1d", "32", "relu", "kernel=3");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "batchnorm", NULL);
    TOY_LAYER(def, "conv1d", "8", "tanh", "kernel=3");
    TOY_LAYER(def, "flatten", NULL);
}
static void (*const families[])(NetDef *) = { add_dense, add_lstm, add_gru, add_rnn, add_conv };
enum { FAMILIES = sizeof families / sizeof *families };

static Net *family_net(int family)
{
    NetDef *def = netdef_new("shared");
    def->input_shape = (Shape){ 2, { STEPS, WIDTH } };
    families[family](def);
    TOY_LAYER(def, "dense", "1", "sigmoid");
    Net *net = toy_net(def, 3);
    assert_non_null(net);
    return net;
}

/* The trained weights; the batches are 43, 43, 43 and 1 rows. */
static Params *trained(const Net *net, int threads)
{
    Err err = { 0 };
    TrainConfig config = toy_config(3, BATCH);
    config.threads = threads;
    Trainer *t = trainer_new(net, toy_data(ROWS, 0, STEPS * WIDTH, 'b'), &config, NULL, &err);
    assert_non_null(t);
    if (threads > 1 && !t->team) t->team = team_new(threads);
    t->pace = (Pace){ .together = threads > 1, .rest = 5 };
    trainer_run(t, &err);
    assert_int_equal(err.code, 0);
    Params *params = params_ref(t->params);
    trainer_free(t);
    return params;
}

static void same_bits_for_any_number(void **state)
{
    (void)state;
    for (int family = 0; family < FAMILIES; family++) {
        Net *net = family_net(family);
        size_t size = (net->plan->n_weights + net->plan->n_stats) * sizeof(real);
        Params *alone = trained(net, 1);
        for (int threads = 2; threads <= 4; threads++) {
            Params *shared = trained(net, threads);
            assert_memory_equal(shared->values, alone->values, size);
            params_unref(shared);
        }
        params_unref(alone);
        net_unref(net);
    }
}

/* ---- the pace */

static double costs[2]; /* of a step alone and together */

/* How many of n steps are made together. */
static int walk(Pace *pace, int n)
{
    int together = 0;
    for (int i = 0; i < n; i++) {
        bool way = pace_together(pace);
        together += way;
        pace_took(pace, costs[way]);
    }
    return together;
}

static void pace_takes_the_faster_way(void **state)
{
    (void)state;
    Pace pace = pace_begin();
    costs[0] = 2, costs[1] = 1.1;
    assert_true(walk(&pace, 1000) > 950);
    pace = pace_begin();
    costs[1] = 2.3;
    assert_true(walk(&pace, 1000) < 30);
}

static void pace_forgives_an_interruption(void **state)
{
    (void)state;
    Pace pace = pace_begin();
    costs[0] = 2, costs[1] = 1.1;
    walk(&pace, 100);
    pace_took(&pace, 400);
    assert_true(walk(&pace, 100) > 90);
}

static void pace_follows_a_neighbour(void **state)
{
    (void)state;
    Pace pace = pace_begin();
    costs[0] = 2, costs[1] = 1.1;
    walk(&pace, 5000);
    costs[1] = 30;
    assert_true(walk(&pace, 5000) < 60);
    costs[1] = 1.1;
    assert_true(walk(&pace, 5000) > 3500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_for_any_number),
        cmocka_unit_test(pace_takes_the_faster_way),
        cmocka_unit_test(pace_forgives_an_interruption),
        cmocka_unit_test(pace_follows_a_neighbour),
    };
    return cmocka_run_group_tests_name("model_threads", tests, NULL, NULL);
}
