/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One training step: gather a batch, forward, loss, backward, clip, step. Nothing is allocated. Threads
 * share the rows of the batch on the way through, and the weights after it: the same bits for any number. */
#include "model/trainer.h"

#include <math.h>
#include <string.h>

#include "base/progress.h"
#include "numeric/vec.h"

enum { TRIAL = 4, TRIAL_EVERY = 2000 };

static size_t share(size_t n, int part, int parts)
{
    return n * (size_t)part / (size_t)parts;
}

static void gather(const Trainer *t, size_t from, size_t to)
{
    const TrainPart *train = &t->data->train;
    const uint32_t *order = t->order + t->batch * (size_t)t->config.batch;
    for (size_t i = from; i < to; i++) {
        feed_put(&t->feed, t->work, i, order[i]);
        t->batch_y[i] = train->y[order[i]];
        if (t->batch_w) t->batch_w[i] = train->weight[order[i]];
    }
}

static void forward_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    size_t from = share(t->batch_rows, part, parts), to = share(t->batch_rows, part + 1, parts);
    if (t->stage == 0) gather(t, from, to);
    work_forward_stage(t->work, t->stage, from, to, t->state->steps);
}

static void sums_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_sums(t->work, t->stage, t->batch_rows, part, parts);
}

static void backward_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_backward_stage(t->work, t->stage, share(t->batch_rows, part, parts),
                        share(t->batch_rows, part + 1, parts), t->state->steps);
}

static void back_sums_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_back_sums(t->work, t->stage, t->batch_rows, part, parts);
}

static void forward(Trainer *t, Team *team)
{
    for (t->stage = 0; t->stage < work_stages(t->work); t->stage++) {
        if (t->stage > 0) team_run(team, sums_phase, t);
        team_run(team, forward_phase, t);
    }
}

static void backward(Trainer *t, Team *team)
{
    for (t->stage = work_stages(t->work) - 1; t->stage >= 0; t->stage--) {
        team_run(team, backward_phase, t);
        if (t->stage > 0) team_run(team, back_sums_phase, t);
    }
}

static void gradient_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_gradients(t->work, t->batch_rows, part, parts);
}

/* Sum of weight times loss over the batch; sets the gradient by the outputs. */
static double batch_loss(const Trainer *t)
{
    LossBatch batch = { .n = t->batch_rows,
                        .n_outputs = t->n_outputs,
                        .out = t->work->out,
                        .target = t->batch_y,
                        .weight = t->batch_w,
                        .scale = (real)(1 / (double)t->batch_rows),
                        .alpha = t->alpha,
                        .settings = t->loss_settings,
                        .smoothing = (real)t->config.label_smoothing,
                        .gradient = t->work->dout,
                        .prediction = t->prediction };
    return t->loss->value(&batch);
}

static void step_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    size_t all = t->params->n_weights;
    for (int i = 0; i < t->n_segments; i++) {
        const Segment *segment = &t->segments[i];
        size_t from = share(segment->n, part, parts), at = segment->offset + from;
        OptimStep step = { .w = t->params->values + at,
                           .g = t->gradients + at,
                           .n = share(segment->n, part + 1, parts) - from,
                           .lr = t->current_lr,
                           .decay = segment->decays ? t->decay : 0,
                           .t = t->state->t,
                           .settings = t->optimizer_settings };
        for (int k = 0; k < t->optimizer->n_slots; k++)
            step.slots[k] = t->state->slots + (size_t)k * all + at;
        t->optimizer->step(&step);
    }
}

static void add_l2(const Trainer *t)
{
    for (int i = 0; i < t->n_segments; i++) {
        const Segment *segment = &t->segments[i];
        if (segment->l2 > 0)
            vec_axpy(t->gradients + segment->offset, (real)segment->l2, t->params->values + segment->offset,
                     segment->n);
    }
}

static double gradient_norm(const Trainer *t)
{
    double sum = 0;
    for (int i = 0; i < t->n_segments; i++)
        sum += vec_sum_squares(t->gradients + t->segments[i].offset, t->segments[i].n);
    return sqrt(sum);
}

static void clip(Trainer *t)
{
    double norm = gradient_norm(t), limit = t->config.clip;
    if (!(norm > limit)) return;
    for (int i = 0; i < t->n_segments; i++)
        vec_scale(t->gradients + t->segments[i].offset, (real)(limit / norm), t->segments[i].n);
}

void trainer_remember(Trainer *t)
{
    const real *prediction = t->loss->fused ? t->prediction : t->work->out;
    const TrainPart *train = &t->data->train;
    const uint32_t *order = t->order + t->batch * (size_t)t->config.batch;
    trainer_scores(t, prediction, t->batch_rows, t->train_score + t->train_seen * t->n_scores);
    for (size_t i = 0; i < t->batch_rows; i++) {
        t->train_target[t->train_seen + i] = (double)t->batch_y[i];
        if (t->train_weight) t->train_weight[t->train_seen + i] = train->row_weight[order[i]];
    }
    t->train_seen += t->batch_rows;
}

static void count_loss(Trainer *t, double loss)
{
    double weight = t->batch_w ? vec_sum(t->batch_w, t->batch_rows) : (double)t->batch_rows;
    t->state->loss_sum += loss;
    t->state->weight_sum += weight;
    t->batch_loss = weight > 0 ? loss / weight : 0;
}

static void set_rate(Trainer *t)
{
    SchedulePoint point = { .epoch =
                                t->epoch - t->first_epoch + ((double)t->batch + 0.5) / (double)t->n_batches,
                            .epochs = t->last_epoch - t->first_epoch,
                            .settings = t->schedule_settings,
                            .state = t->schedule_state };
    t->current_lr = t->lr * t->schedule->factor(&point);
}

static void set_rows(Trainer *t)
{
    size_t rows = t->data->train.n - t->batch * (size_t)t->config.batch;
    t->batch_rows = rows < (size_t)t->config.batch ? rows : (size_t)t->config.batch;
}

double trainer_pass(Trainer *t, bool gradients)
{
    set_rows(t);
    forward(t, t->team);
    double loss = batch_loss(t);
    if (!gradients) return loss;
    backward(t, t->team);
    team_run(t->team, gradient_phase, t);
    return loss;
}

static bool step_with(Trainer *t, Team *team)
{
    set_rows(t);
    forward(t, team);
    double loss = batch_loss(t);
    if (!isfinite((float)loss)) return false; /* beyond float32 the gradients are lost too */
    count_loss(t, loss);
    if (t->train_score) trainer_remember(t);
    backward(t, team);
    team_run(team, gradient_phase, t);
    add_l2(t);
    if (t->config.clip > 0) clip(t);
    set_rate(t);
    t->state->t++;
    team_run(team, step_phase, t);
    work_transpose(t->work);
    t->state->steps++;
    t->batch++;
    return true;
}

/* A busy neighbour can make two threads slower than one: TRIAL batches alone, TRIAL together, then the
 * faster way until the next trial. */
bool trainer_step(Trainer *t)
{
    unsigned batch = t->trial.batches;
    if (!t->team) return step_with(t, NULL);
    bool tries = batch < 2 * TRIAL, together = tries ? batch >= TRIAL : t->trial.together;
    double began = tries ? clock_seconds() : 0;
    if (!step_with(t, together ? t->team : NULL)) return false;
    if (tries) {
        double took = clock_seconds() - began, *best = &t->trial.best[together];
        if (batch % TRIAL == 0 || took < *best) *best = took;
        t->trial.together = t->trial.best[1] < t->trial.best[0];
    }
    t->trial.batches = batch + 1 < TRIAL_EVERY ? batch + 1 : 0;
    return true;
}
