/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port between trainer and display, and jobs: pause, step, live learning rate, stop, cancel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/port.h"
#include "support/toynet.h"

static void test_mail_in_order(void **state)
{
    (void)state;
    Port *port = port_new(1, NULL);
    Mail mail;
    assert_false(port_take(port, &mail));
    for (int i = 0; i < PORT_MAIL; i++) assert_true(port_send(port, JOB_SET_LR, i));
    assert_false(port_send(port, JOB_SET_LR, 0));
    assert_true(port_has_mail(port));
    for (int i = 0; i < PORT_MAIL; i++) {
        assert_true(port_take(port, &mail));
        assert_true(mail.value == i);
    }
    assert_false(port_has_mail(port));
    port_free(port);
}

/* The ring is far too small, yet every epoch arrives, in order, and the end comes last. */
static void test_epochs_are_never_lost(void **state)
{
    (void)state;
    enum { EPOCHS = 1000 };
    Port *port = port_new(5, NULL);
    TrainEvent event = { 0 };
    for (int epoch = 5; epoch < 5 + EPOCHS; epoch++) {
        event = (TrainEvent){ .kind = EVENT_BATCH, .epoch = epoch };
        port_push(port, &event, 0, false);
        event = (TrainEvent){ .kind = EVENT_EPOCH, .epoch = epoch, .n_layers = 1 };
        event.row.epoch = epoch;
        port_push(port, &event, 0, false);
    }
    event = (TrainEvent){ .kind = EVENT_DONE, .epoch = 4 + EPOCHS };
    port_push(port, &event, 0, true);
    int expected = 5;
    bool done = false;
    while (port_next(port, &event)) {
        assert_false(done);
        if (event.kind == EVENT_EPOCH) assert_int_equal(event.row.epoch, expected++);
        done = event.kind == EVENT_DONE;
    }
    assert_int_equal(expected, 5 + EPOCHS);
    assert_true(done);
    port_free(port);
}

static Net *make_net(void)
{
    NetDef *def = toy_def("pd", 6);
    TOY_LAYER(def, "dense", "16", "relu");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return toy_net(def, 1);
}

static Job *start(const Net *net, long epochs)
{
    TrainConfig config = toy_config(epochs, 16);
    Err err = { 0 };
    Job *job = job_start_data(net, toy_data(320, 64, 6, 'b'), &config, NULL, &err);
    assert_non_null(job);
    return job;
}

static bool wait_for(Job *job, TrainEventKind kind, TrainEvent *event)
{
    for (int tries = 0; tries < 200; tries++) {
        while (job_next(job, event))
            if (event->kind == kind) return true;
        struct pollfd wake = { .fd = job_descriptor(job), .events = POLLIN };
        poll(&wake, 1, 100);
    }
    return false;
}

static void test_a_job_runs(void **state)
{
    (void)state;
    Net *net = make_net();
    Job *job = start(net, 50);
    JobInfo info = job_info(job);
    assert_int_equal(info.n_train, 320);
    assert_int_equal(info.first_epoch, 1);
    assert_int_equal(info.last_epoch, 50);
    assert_string_equal(info.monitor, "valid.loss");
    assert_true(info.memory > 0);
    TrainEvent event;
    int epochs = 0;
    for (bool done = false; !done;) {
        struct pollfd wake = { .fd = job_descriptor(job), .events = POLLIN };
        poll(&wake, 1, 1000);
        while (!done && job_next(job, &event)) {
            epochs += event.kind == EVENT_EPOCH;
            done = event.kind == EVENT_DONE;
        }
    }
    assert_int_equal(epochs, 50);
    Net *trained = job_finish(job, NULL), *plain = NULL;
    TrainConfig config = toy_config(50, 16);
    plain = net_train_data(net, toy_data(320, 64, 6, 'b'), &config, NULL, NULL, NULL);
    char a[9], b[9];
    net_hash(trained, a);
    net_hash(plain, b);
    assert_string_equal(a, b); /* a display changes no bit */
    net_unref(plain);
    net_unref(trained);
    net_unref(net);
}

static void test_pause_step_rate_stop(void **state)
{
    (void)state;
    Net *net = make_net();
    Job *job = start(net, 1000000);
    TrainEvent event;
    assert_true(job_send(job, JOB_PAUSE, 0));
    assert_true(wait_for(job, EVENT_PAUSED, &event));
    int epoch = event.epoch;
    long batch = event.batch;
    job_send(job, JOB_STEP_BATCH, 0);
    assert_true(wait_for(job, EVENT_PAUSED, &event));
    assert_true((event.epoch == epoch && event.batch == batch + 1) ||
                (event.epoch == epoch + 1 && event.batch <= 1));
    job_send(job, JOB_STEP_EPOCH, 0);
    assert_true(wait_for(job, EVENT_PAUSED, &event));
    assert_int_equal(event.batch, 0);
    job_send(job, JOB_SET_LR, 0.0007);
    job_send(job, JOB_STEP_BATCH, 0);
    assert_true(wait_for(job, EVENT_PAUSED, &event));
    assert_true(fabs(event.lr - 0.0007) < 1e-12);
    assert_true(job_running(job));
    job_send(job, JOB_STOP_LAST, 0);
    Net *trained = job_finish(job, NULL);
    assert_int_equal(trained->history->stop, STOP_USER_LAST);
    assert_int_equal(trained->history->n_changes, 1);
    assert_string_equal(trained->history->changes[0].key, "lr");
    net_unref(trained);
    net_unref(net);
}

static void test_cancel_gives_the_net_back(void **state)
{
    (void)state;
    Net *net = make_net();
    Job *job = start(net, 1000000);
    TrainEvent event;
    assert_true(wait_for(job, EVENT_EPOCH, &event));
    job_send(job, JOB_CANCEL, 0);
    Net *same = job_finish(job, NULL);
    char a[9], b[9];
    net_hash(net, a);
    net_hash(same, b);
    assert_string_equal(a, b);
    assert_int_equal(same->epoch, 0);
    assert_null(same->history);
    net_unref(same);
    net_unref(net);
}

static void test_stop_keeps_the_best(void **state)
{
    (void)state;
    Net *net = make_net();
    Job *job = start(net, 1000000);
    TrainEvent event;
    assert_true(wait_for(job, EVENT_EPOCH, &event));
    job_send(job, JOB_STOP_BEST, 0);
    Net *best = job_finish(job, NULL);
    assert_int_equal(best->history->stop, STOP_USER_BEST);
    assert_int_equal(best->epoch, best->history->best_epoch);
    net_unref(best);
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mail_in_order),
        cmocka_unit_test(test_epochs_are_never_lost),
        cmocka_unit_test(test_a_job_runs),
        cmocka_unit_test(test_pause_step_rate_stop),
        cmocka_unit_test(test_cancel_gives_the_net_back),
        cmocka_unit_test(test_stop_keeps_the_best),
    };
    return cmocka_run_group_tests_name("model_job", tests, NULL, NULL);
}
