/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One training step: gather a batch, forward, loss, backward, clip, step. Nothing is allocated. Threads
 * share the rows of the batch on the way through, and the weights after it: the same bits for any number. */
#include "model/trainer.h"

#include <math.h>
#include <string.h>

#include "base/progress.h"
#include "numeric/vec.h"

static void gather(const Trainer *t, int part, size_t from, size_t to)
{
    const TrainPart *train = &t->data->train;
    const uint32_t *order = t->order + t->batch_from;
    for (size_t i = from; i < to; i++) {
        feed_put(&t->feed, t->work, i, order[i]);
        t->batch_y[i] = train->y[order[i]];
        if (t->batch_w) t->batch_w[i] = train->weight[order[i]];
        if (t->augmenter) trainer_augment(t, part, i, order[i]);
    }
}

static void forward_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    size_t from = share_begin(t->batch_rows, part, parts), to = share_begin(t->batch_rows, part + 1, parts);
    if (t->stage == 0) gather(t, part, from, to);
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
    work_backward_stage(t->work, t->stage, share_begin(t->batch_rows, part, parts),
                        share_begin(t->batch_rows, part + 1, parts), t->state->steps);
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

static void join_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_join(t->work, t->batch_rows, part, parts);
}

static void set_gradients(Trainer *t, Team *team)
{
    team_run(team, gradient_phase, t);
    if (t->work->by_halves) team_run(team, join_phase, t);
}

/* Sum of weight times loss over the batch; sets the gradient by the outputs, and what the batch weighs. */
static double batch_loss(Trainer *t)
{
    t->batch_mass = (double)t->batch_rows;
    LossBatch batch = { .n = t->batch_rows,
                        .n_outputs = t->n_outputs,
                        .out = t->work->out,
                        .target = t->batch_y,
                        .other = t->batch_other,
                        .share = t->batch_share,
                        .weight = t->batch_w,
                        .scale = (real)(1 / (double)t->batch_rows),
                        .alpha = t->alpha,
                        .settings = t->loss_settings,
                        .smoothing = (real)t->config.label_smoothing,
                        .starts = t->batch_dates,
                        .n_starts = t->n_batch_dates,
                        .mass = &t->batch_mass,
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
        size_t from = share_begin(segment->n, part, parts), at = segment->offset + from;
        OptimStep step = { .w = t->params->values + at,
                           .g = t->gradients + at,
                           .n = share_begin(segment->n, part + 1, parts) - from,
                           .lr = t->current_lr,
                           .decay = segment->decays ? t->decay : 0,
                           .t = t->state->t,
                           .settings = t->optimizer_settings };
        for (int k = 0; k < t->optimizer->n_slots; k++)
            step.slots[k] = t->state->slots + (size_t)k * all + at;
        t->optimizer->step(&step);
    }
}

static void refresh_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    work_transpose(t->work, part, parts);
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
    const uint32_t *order = t->order + t->batch_from;
    const real *labels = t->batch_label ? t->batch_label : t->batch_y;
    trainer_scores(t, prediction, t->batch_rows, t->train_score + t->train_seen * t->n_scores);
    for (size_t i = 0; i < t->batch_rows; i++) {
        t->train_target[t->train_seen + i] = (double)labels[i];
        if (t->train_weight) t->train_weight[t->train_seen + i] = train->row_weight[order[i]];
    }
    t->train_seen += t->batch_rows;
}

static void count_loss(Trainer *t, double loss)
{
    double divisor = loss_divisor(t->loss, t->batch_w, t->batch_rows);
    t->batch_loss = divisor > 0 ? loss / divisor : 0;
    t->state->loss_sum += t->loss->joint ? t->batch_loss * t->batch_mass : loss;
    t->state->weight_sum += t->loss->joint ? t->batch_mass : divisor;
}

/* In the middle of the batches of the coming step, which end before `end`. */
static void set_rate(Trainer *t, size_t end)
{
    double middle = (double)(t->batch + end) / 2;
    SchedulePoint point = { .epoch = t->epoch - t->first_epoch + middle / (double)t->n_batches,
                            .epochs = t->last_epoch - t->first_epoch,
                            .settings = t->schedule_settings,
                            .state = t->schedule_state };
    t->current_lr = t->lr * t->schedule->factor(&point);
}

static void set_rows(Trainer *t)
{
    t->batch_from = trainer_batch_start(t, t->batch);
    t->batch_rows = trainer_batch_start(t, t->batch + 1) - t->batch_from;
    t->batch_dates = trainer_batch_dates(t, &t->n_batch_dates);
}

/* The team that a step is made with; NULL: alone. */
static Team *team_now(Trainer *t)
{
    Team *team = t->team && pace_together(&t->pace) ? t->team : NULL;
    t->work->alone = !team;
    return team;
}

double trainer_pass(Trainer *t, bool gradients)
{
    Team *team = team_now(t);
    double began = t->team ? clock_seconds() : 0;
    set_rows(t);
    forward(t, team);
    double loss = batch_loss(t);
    if (!gradients) return loss;
    backward(t, team);
    set_gradients(t, team);
    if (t->team) pace_took(&t->pace, clock_seconds() - began);
    return loss;
}

/* The gradients of the coming batch. */
static bool batch_with(Trainer *t, Team *team)
{
    set_rows(t);
    forward(t, team);
    double loss = batch_loss(t);
    if (!isfinite((float)loss)) return false; /* beyond float32 the gradients are lost too */
    count_loss(t, loss);
    if (t->train_score) trainer_remember(t);
    backward(t, team);
    set_gradients(t, team);
    t->state->steps++;
    t->batch++;
    return true;
}

static bool gradients_with(Trainer *t, Team *team, size_t end)
{
    if (!t->summed) return batch_with(t, team);
    for (size_t first = t->batch; t->batch < end;) {
        bool begins = t->batch == first;
        if (!batch_with(t, team)) return false;
        trainer_add_gradients(t, begins, team);
    }
    trainer_take_gradients(t);
    return true;
}

static bool step_with(Trainer *t, Team *team)
{
    size_t end = trainer_group_end(t);
    set_rate(t, end);
    if (!gradients_with(t, team, end)) return false;
    add_l2(t);
    if (t->config.clip > 0) clip(t);
    t->state->t++;
    team_run(team, step_phase, t);
    team_run(team, refresh_phase, t);
    trainer_average(t, false, team);
    return true;
}

bool trainer_step(Trainer *t)
{
    if (!t->team) return step_with(t, NULL);
    double began = clock_seconds();
    if (!step_with(t, team_now(t))) return false;
    pace_took(&t->pace, clock_seconds() - began);
    return true;
}
