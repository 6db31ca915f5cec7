/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learning rate finder: a copy of the net trains with a rate that rises by a constant factor. */
#include <math.h>

#include "model/probe.h"
#include "model/trainer.h"

#define KEEP  0.9 /* of the smooth loss, a step */
#define WORSE 4.0

/* One batch; at the end of the data, the next epoch's order. */
static bool step(Trainer *t)
{
    if (t->batch == t->n_batches) {
        t->batch = 0;
        t->epoch++;
        trainer_shuffle(t);
    }
    t->train_seen = 0;
    return trainer_step(t);
}

static bool raise(Trainer *t, double from, double to, int steps, RateFind *find, Progress *progress, Err *err)
{
    double least = INFINITY, mean = 0;
    trainer_shuffle(t);
    for (int k = 0; k < steps; k++) {
        if (!progress_poll(progress, "lrfind", k, steps, err)) return false;
        t->lr = from * pow(to / from, steps > 1 ? (double)k / (steps - 1) : 0);
        if (!step(t)) break;
        mean = KEEP * mean + (1 - KEEP) * t->batch_loss;
        double smooth = mean / (1 - pow(KEEP, k + 1));
        find->lr[k] = t->lr;
        find->loss[k] = t->batch_loss;
        find->smooth[k] = smooth;
        find->n = k + 1;
        least = fmin(least, smooth);
        if (k > 5 && smooth > WORSE * least) break;
    }
    return true;
}

/* Where the smooth loss falls fastest by the logarithm of the rate, up to its least. */
static double suggest(const RateFind *find)
{
    double steepest = 0, best = NAN;
    int least = 0, half = find->n / 20 > 2 ? find->n / 20 : 2;
    for (int k = 1; k < find->n; k++)
        if (find->smooth[k] < find->smooth[least]) least = k;
    for (int k = 2 * half; k + half < find->n && k <= least; k++) { /* the first batches are too few to say */
        double slope = find->smooth[k + half] - find->smooth[k - half];
        if (slope < steepest) steepest = slope, best = find->lr[k];
    }
    return best;
}

bool net_lrfind(const Net *net, const Frame *frame, const TrainConfig *config, double from, double to,
                int steps, RateFind *find, Notes *notes, Progress *progress, Err *err)
{
    TrainConfig own = *config;
    *find = (RateFind){ .suggestion = NAN };
    own.schedule = NULL;
    own.schedule_options = NULL;
    own.n_metrics = 0;
    own.epochs = 1;
    TrainData *data = traindata_from_frame(net, frame, own.dates > 0, notes, err);
    Trainer *t = data ? trainer_new(net, data, &own, notes, err) : NULL;
    find->lr = t ? mem_get(3 * (size_t)steps, sizeof(double), err) : NULL;
    if (find->lr) {
        find->loss = find->lr + steps;
        find->smooth = find->loss + steps;
    }
    bool done = find->lr && !t->optimizer->minimiser && raise(t, from, to, steps, find, progress, err);
    if (t && t->optimizer->minimiser) ERR(err, no_rate, t->optimizer->kind.name);
    if (done) find->suggestion = suggest(find);
    trainer_free(t);
    return done;
}
