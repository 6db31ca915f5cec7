/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line of advice: each trouble is named, health is silent, the text fits 78 columns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ui/advice.h"

enum { EPOCHS = 12 };

static EpochRow rows[EPOCHS];
static Training training;

/* Twelve epochs in which both losses fall, and three layers in good health. */
static void healthy(void)
{
    training = (Training){ .rows = rows, .n_rows = EPOCHS };
    for (int i = 0; i < EPOCHS; i++)
        rows[i] =
            (EpochRow){ .epoch = i + 1, .train_loss = 1.0 / (i + 1), .valid_loss = 0.1 + 1.0 / (i + 1) };
    training.panel.n_layers = 3;
    for (int i = 0; i < 3; i++) {
        __typeof__(training.panel.layers[0]) *layer = &training.panel.layers[i];
        strcpy(layer->name, i == 0 ? "a_layer_with_a_long_name" + 1 : i == 1 ? "dense2" : "output");
        layer->weight_norm = 5;
        layer->gradient_norm = 0.1;
        layer->update_ratio = 1e-3;
        layer->dead_share = layer->saturated_share = NAN;
    }
}

static const char *advice(void)
{
    static char text[400];
    Buf out = { 0 };
    bool any = advice_write(&out, &training);
    assert_int_equal(any, out.length > 0);
    assert_true(text_width(buf_text(&out)) <= 78);
    strcpy(text, buf_text(&out));
    buf_free(&out);
    return text;
}

static void health_is_silent(void **state)
{
    (void)state;
    healthy();
    assert_string_equal(advice(), "");
    training = (Training){ 0 };
    assert_string_equal(advice(), "");
}

static void dead_units(void **state)
{
    (void)state;
    healthy();
    training.panel.layers[0].dead_share = 0.49;
    assert_string_equal(advice(), "");
    training.panel.layers[0].dead_share = 0.75;
    assert_non_null(strstr(advice(), "75% of _layer_with_a_lo is dead"));
}

static void saturation(void **state)
{
    (void)state;
    healthy();
    training.panel.layers[2].saturated_share = 1; /* of the output: that is certainty */
    assert_string_equal(advice(), "");
    training.panel.layers[1].saturated_share = 0.6;
    assert_non_null(strstr(advice(), "60% of dense2 is saturated"));
}

static void exploding_and_vanishing(void **state)
{
    (void)state;
    healthy();
    training.panel.layers[0].gradient_norm = 1e-7;
    assert_non_null(strstr(advice(), "vanish"));
    training.panel.layers[1].gradient_norm = 1e5;
    assert_non_null(strstr(advice(), "gradients explode (dense2"));
    training.panel.layers[1].gradient_norm = INFINITY;
    assert_non_null(strstr(advice(), "explode"));
}

static void overfitting(void **state)
{
    (void)state;
    healthy();
    for (int i = 6; i < EPOCHS; i++) rows[i].valid_loss = rows[5].valid_loss + 0.001 * i;
    assert_non_null(strstr(advice(), "overfitting since epoch 6"));
    training.n_rows = 9; /* three epochs are not yet a habit */
    assert_string_equal(advice(), "");
    training.n_rows = EPOCHS;
    for (int i = 0; i < EPOCHS; i++) rows[i].valid_loss = NAN;
    assert_string_equal(advice(), "");
}

static void learning_rate(void **state)
{
    (void)state;
    healthy();
    for (int i = 0; i < 3; i++) training.panel.layers[i].update_ratio = 1e-6;
    assert_non_null(strstr(advice(), "too low"));
    training.panel.layers[1].update_ratio = 0.2;
    assert_non_null(strstr(advice(), "20% of its weights"));
    healthy();
    rows[EPOCHS - 1].train_loss = 0.2;
    assert_non_null(strstr(advice(), "train loss rises"));
    assert_non_null(strstr(advice(), "press <"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_is_silent), cmocka_unit_test(dead_units),
        cmocka_unit_test(saturation),       cmocka_unit_test(exploding_and_vanishing),
        cmocka_unit_test(overfitting),      cmocka_unit_test(learning_rate),
    };
    return cmocka_run_group_tests_name("ui_advice", tests, NULL, NULL);
}
