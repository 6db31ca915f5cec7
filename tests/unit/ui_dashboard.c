/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dashboard at every size, and training as lines. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ui/dashboard.h"
#include "ui/lines.h"

static const char *const metrics[] = { "auc" };
static const int places[] = { 0 };
static const JobInfo info = { .net = "pd",
                              .frame = "credit",
                              .n_train = 600,
                              .n_valid = 200,
                              .n_parameters = 1000,
                              .memory = 41e6,
                              .metrics = metrics,
                              .metric_place = places,
                              .n_metrics = 1,
                              .monitor = "valid.loss",
                              .threads = 2,
                              .seed = 2026,
                              .first_epoch = 1,
                              .last_epoch = 60,
                              .patience = 8 };

static TrainEvent epoch_event(int epoch)
{
    TrainEvent event = { .kind = EVENT_EPOCH,
                         .epoch = epoch,
                         .epochs = 60,
                         .batches = 19,
                         .row = { .epoch = epoch,
                                  .train_loss = 0.2 + 0.6 / epoch,
                                  .valid_loss = 0.24 + 0.6 / epoch,
                                  .lr = 6e-4 },
                         .best_epoch = epoch,
                         .best_value = 0.24 + 0.6 / epoch,
                         .patience_left = 8,
                         .lr = 6e-4,
                         .rows_per_second = 81000,
                         .n_layers = 3 };
    event.row.valid[0] = 0.75;
    for (int i = 0; i < 3; i++) {
        snprintf(event.layers[i].name, sizeof event.layers[i].name, "dense%d", i + 1);
        event.layers[i].weight_norm = 5.91;
        event.layers[i].gradient_norm = 0.021;
        event.layers[i].update_ratio = 8e-4;
        event.layers[i].dead_share = i ? NAN : 0.03;
        event.layers[i].saturated_share = NAN;
    }
    return event;
}

/* After `epochs` epochs, at 23 s. */
static Training *trained(int epochs)
{
    static Training training;
    if (training.batch_x) training_end(&training);
    training_begin(&training, &info, 0);
    for (int epoch = 1; epoch <= epochs; epoch++) {
        TrainEvent event = epoch_event(epoch);
        training_take(&training, &event);
    }
    return &training;
}

static char *drawn(const Training *training, int rows, int columns, DashboardLook look)
{
    static Buf out;
    Arena *arena = arena_new();
    Grid grid = grid_new(arena, rows, columns);
    buf_clear(&out);
    look.now = 23;
    dashboard_draw(&grid, training, &look);
    grid_write(&out, &grid);
    arena_free(arena);
    return out.text ? out.text : "";
}

static void standard_size(void **state)
{
    (void)state;
    char *text = drawn(trained(23), 24, 80, (DashboardLook){ .marks = MARKS_ASCII });
    assert_string_equal(text,
                        " pd - credit   epoch 23/60   ####........   eta 00:37   lr 6.0e-04\n"
                        "   |o                                               train         0.2261 loss\n"
                        "0.8+#                                               smooth        0.4253\n"
                        "   |*o                                              valid         0.2661 loss\n"
                        "   | #                                              best          0.2661 @23\n"
                        "   | #                                              auc           0.7500 valid\n"
                        "0.6+ #                                              patience         0/8\n"
                        "   | *o                                             batch          19/19\n"
                        "   |  #                                             rows/s           81k\n"
                        "   |  *o                                            threads            2\n"
                        "   |   *o                                           memory         41 MB\n"
                        "0.4+    *o\n"
                        "   |     *##oooo\n"
                        "   |        ****##oooooooooooooooooooooo\n"
                        "   |              **********************##### valid\n"
                        "0.2+                                          train\n"
                        "   +----------------+------------------+-----\n"
                        "                   10                 20      epoch\n"
                        " layer         |w|    |g|  upd/w  dead  sat\n"
                        " dense1       5.91  0.021  8e-04    3%    -\n"
                        " dense2       5.91  0.021  8e-04     -    -\n"
                        " dense3       5.91  0.021  8e-04     -    -\n"
                        "\n"
                        " [space] pause  [s]tep  [<][>] lr  [l]og  [e]ma  [x] stop  [q] hide  [?] keys\n");
}

static void wide_size(void **state)
{
    (void)state;
    char *text = drawn(trained(23), 40, 120, (DashboardLook){ .marks = MARKS_BRAILLE });
    assert_non_null(
        strstr(text, "pd · credit   600 train / 200 valid   epoch 23/60   ▮▮▮▮▯▯▯▯▯▯▯▯   eta 00:37"));
    assert_non_null(strstr(text, "layer         |w|    |g|  upd/w  dead  sat"));
    assert_non_null(strstr(text, "[?] keys"));
}

static void small_sizes(void **state)
{
    (void)state;
    char *text = drawn(trained(23), 5, 20, (DashboardLook){ .marks = MARKS_ASCII });
    assert_memory_equal(text, "pd  epoch 23/60  tra\n", 21);
    text = drawn(trained(0), 1, 60, (DashboardLook){ .marks = MARKS_ASCII });
    assert_string_equal(text, "pd  epoch 1/60\n");
}

static void every_size(void **state)
{
    (void)state;
    for (int epochs = 0; epochs < 24; epochs += 1 + 11 * (epochs > 1)) {
        Training *training = trained(epochs);
        for (int rows = 1; rows <= 100; rows += rows < 30 ? 1 : 14)
            for (int columns = 1; columns <= 300; columns += columns < 124 ? 1 : 44) {
                DashboardLook look = { .marks = (Marks)(columns % 3),
                                       .log_y = rows % 2,
                                       .smooth = rows % 3 == 0,
                                       .keys_shown = rows % 7 == 0 };
                assert_true(strlen(drawn(training, rows, columns, look)) >= (size_t)rows);
            }
    }
}

static void keys_and_states(void **state)
{
    (void)state;
    Training *training = trained(3);
    char *text = drawn(training, 24, 80, (DashboardLook){ .keys_shown = true });
    assert_non_null(strstr(text, "learning rate x 0.7, x 1.4"));
    training->paused = true;
    text = drawn(training, 24, 80, (DashboardLook){ .typed = "0.00" });
    assert_non_null(strstr(text, "paused"));
    assert_non_null(strstr(text, "[space] go on"));
    assert_non_null(strstr(text, "learning rate: 0.00_"));
}

static void long_names_stay_inside(void **state)
{
    (void)state;
    Training *training = trained(2);
    training->info.net = "信用风险信用风险信用风险信用风险信用风险信用风险信用风险";
    training->info.frame = "a_frame_with_a_name_of_more_than_one_hundred_and_twenty_characters";
    for (int columns = 40; columns < 140; columns++) {
        char *line = drawn(training, 24, columns, (DashboardLook){ 0 });
        for (char *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = 0;
            assert_true(text_width(line) <= columns);
        }
    }
}

static void batches_are_thinned(void **state)
{
    (void)state;
    Training *training = trained(0);
    for (long k = 1; k <= 20000; k++) {
        TrainEvent event = {
            .kind = EVENT_BATCH, .epoch = 1, .batch = k, .batches = 20000, .batch_loss = 1, .lr = 1
        };
        training_take(training, &event);
    }
    assert_in_range(training->n_batches, 1000, 4096);
    assert_true(training->batch_x[0] < training->batch_x[training->n_batches - 1]);
    assert_true(fabs(training->smooth - 1) < 1e-9);
}

/* How many lines a run of 60 epochs writes when each takes `seconds`. */
static int count_lines(double seconds, bool plain, Buf *out)
{
    Training *training = trained(0);
    Lines lines = { 0 };
    int n = 0;
    for (int epoch = 1; epoch <= 60; epoch++) {
        TrainEvent event = epoch_event(epoch);
        training_take(training, &event);
        training->done = epoch == 60;
        if (!lines_due(&lines, training, epoch * seconds)) continue;
        lines_write(out, &lines, training, plain, epoch * seconds);
        n++;
    }
    return n;
}

static void lines_are_rare(void **state)
{
    (void)state;
    Buf out = { 0 };
    assert_int_equal(count_lines(0.001, false, &out), 2);
    assert_int_equal(count_lines(20, false, &out), 11); /* per 10% */
    assert_int_equal(count_lines(1, false, &out), 7);   /* per 10 s */
    assert_null(strchr(out.text, '\033'));
    assert_memory_equal(out.text,
                        "epoch=1 train_loss=0.8 valid_loss=0.84 valid_auc=0.75 lr=0.0006 seconds=0.0\n", 76);
    buf_clear(&out);
    count_lines(0.001, true, &out);
    assert_memory_equal(
        out.text, "Epoch 1 of 60. Train loss 0.8. Valid loss 0.84, the best so far. Patience 0 of 8.\n", 82);
    buf_free(&out);
}

static void status_line_is_rewritten(void **state)
{
    (void)state;
    Buf out = { 0 };
    int shown = 0;
    lines_rewrite(&out, "abcdef", 5, &shown);
    assert_int_equal(shown, 4);
    buf_clear(&out);
    lines_rewrite(&out, "ab", 5, &shown);
    assert_string_equal(buf_text(&out), "\rab  \rab");
    buf_clear(&out);
    lines_rewrite(&out, "", 5, &shown);
    assert_string_equal(buf_text(&out), "\r    \r");
    assert_int_equal(shown, 0);
    buf_free(&out);
}

static int leave(void **state)
{
    (void)state;
    training_end(trained(0));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_size),
        cmocka_unit_test(wide_size),
        cmocka_unit_test(small_sizes),
        cmocka_unit_test(every_size),
        cmocka_unit_test(keys_and_states),
        cmocka_unit_test(long_names_stay_inside),
        cmocka_unit_test(batches_are_thinned),
        cmocka_unit_test(lines_are_rare),
        cmocka_unit_test(status_line_is_rewritten),
    };
    return cmocka_run_group_tests_name("ui_dashboard", tests, NULL, leave);
}
