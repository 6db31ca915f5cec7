/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares schedules with tests/reference/schedules.txt, made with torch.optim.lr_scheduler, to 1e-9:
 * `schedule TEXT`, then `epochs` (of the run), `at` (points of it) and `factor` with N values each; of one
 * that observes also `observed`, a value after each epoch before the next point. */
#ifndef FNS_TESTS_SCHEDULES_H
#define FNS_TESTS_SCHEDULES_H

#include "support/reference.h"

typedef struct ScheduleCase {
    char text[64];
    Tensor epochs, at, factor, observed;
} ScheduleCase;

static inline bool schedules_next(FILE *in, ScheduleCase *c)
{
    int observes;
    if (fscanf(in, " schedule %63s %d", c->text, &observes) != 2) return false;
    reference_tensor(in, "epochs", &c->epochs);
    reference_tensor(in, "at", &c->at);
    reference_tensor(in, "factor", &c->factor);
    c->observed.n = 0;
    if (observes) reference_tensor(in, "observed", &c->observed);
    return true;
}

static inline void schedules_check(const ScheduleCase *c)
{
    Arena *arena = arena_new();
    TrainConfig config = toy_config(1, 1);
    toy_kind(&config, arena, &schedule_kinds, c->text);
    const ScheduleKind *kind = (const ScheduleKind *)config.schedule;
    double settings[SCHEDULE_SETTINGS] = { 0 }, state[SCHEDULE_STATE] = { 0 }, worst = 0;
    kind_settings(config.schedule, config.schedule_options, settings, SCHEDULE_SETTINGS);
    assert_true(c->observed.n == 0 || kind->observe);
    for (int i = 0; i < c->at.n; i++) {
        SchedulePoint point = { c->at.values[i], c->epochs.values[0], settings, state };
        double factor = kind->factor(&point), error = fabs(factor - c->factor.values[i]);
        if (!(error < 1e-9))
            fail_msg("%s at %g: %.12g, not %.12g", c->text, point.epoch, factor, c->factor.values[i]);
        worst = fmax(worst, error);
        if (i < c->observed.n) kind->observe(settings, state, c->observed.values[i]);
    }
    if (getenv("FNS_TABLE")) printf("%-14s %-40s %.1e over %d points\n", "PyTorch", c->text, worst, c->at.n);
    arena_free(arena);
}

static inline int schedules_check_all(const char *test_file)
{
    static ScheduleCase c;
    FILE *in = reference_open(test_file, "schedules.txt");
    int n = 0;
    assert_non_null(in);
    for (; schedules_next(in, &c); n++) schedules_check(&c);
    assert_true(feof(in));
    fclose(in);
    return n;
}

#endif
