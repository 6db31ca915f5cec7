/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training over all rows at once: a minimiser of GSL works on double copies of the weights; objective and
 * gradient are summed in double, batch by batch. An epoch is one iteration. */
#include <gsl/gsl_blas.h>
#include <math.h>
#include <string.h>

#include "model/trainer.h"
#include "numeric/vec.h"

struct FullBatch {
    gsl_multimin_fdfminimizer *minimiser;
    gsl_multimin_function_fdf function;
    gsl_vector *x;
};

/* ---- between the blocks of weights and the minimiser's vector */

static size_t count_trained(const Trainer *t)
{
    size_t n = 0;
    for (int i = 0; i < t->n_segments; i++) n += t->segments[i].n;
    return n;
}

static void put_weights(Trainer *t, const gsl_vector *x)
{
    size_t at = 0;
    for (int i = 0; i < t->n_segments; i++) {
        real *w = t->params->values + t->segments[i].offset;
        for (size_t k = 0; k < t->segments[i].n; k++) w[k] = (real)gsl_vector_get(x, at++);
    }
    work_transpose(t->work, 0, 1);
}

static void get_weights(const Trainer *t, gsl_vector *x)
{
    size_t at = 0;
    for (int i = 0; i < t->n_segments; i++) {
        const real *w = t->params->values + t->segments[i].offset;
        for (size_t k = 0; k < t->segments[i].n; k++) gsl_vector_set(x, at++, (double)w[k]);
    }
}

/* gradient += share * t->gradients */
static void add_gradient(const Trainer *t, gsl_vector *gradient, double share)
{
    size_t at = 0;
    for (int i = 0; i < t->n_segments; i++) {
        const real *g = t->gradients + t->segments[i].offset;
        for (size_t k = 0; k < t->segments[i].n; k++, at++)
            gsl_vector_set(gradient, at, gsl_vector_get(gradient, at) + share * (double)g[k]);
    }
}

/* Half of l2 times the squared weights, and its gradient. */
static double add_penalty(const Trainer *t, const gsl_vector *x, gsl_vector *gradient)
{
    size_t at = 0;
    double sum = 0;
    for (int i = 0; i < t->n_segments; i++)
        for (size_t k = 0; k < t->segments[i].n; k++, at++) {
            double w = gsl_vector_get(x, at), l2 = t->segments[i].l2;
            sum += l2 / 2 * w * w;
            if (gradient) gsl_vector_set(gradient, at, gsl_vector_get(gradient, at) + l2 * w);
        }
    return sum;
}

/* ---- the objective: mean loss of all training rows, with the penalty */

static double objective(const gsl_vector *x, Trainer *t, gsl_vector *gradient)
{
    double n = (double)t->data->train.n, sum = 0;
    uint64_t steps = t->state->steps;
    put_weights(t, x);
    if (gradient) gsl_vector_set_zero(gradient);
    for (t->batch = 0; t->batch < t->n_batches; t->batch++) {
        t->state->steps = t->batch; /* the same dropout masks each time */
        sum += trainer_pass(t, gradient != NULL);
        if (gradient) add_gradient(t, gradient, (double)t->batch_rows / n);
    }
    t->state->steps = steps;
    return sum / n + add_penalty(t, x, gradient);
}

static double value_at(const gsl_vector *x, void *trainer)
{
    return objective(x, trainer, NULL);
}

static void gradient_at(const gsl_vector *x, void *trainer, gsl_vector *gradient)
{
    objective(x, trainer, gradient);
}

static void both_at(const gsl_vector *x, void *trainer, double *value, gsl_vector *gradient)
{
    *value = objective(x, trainer, gradient);
}

/* ---- iterations */

void trainer_full_free(FullBatch *full)
{
    if (!full) return;
    if (full->minimiser) gsl_multimin_fdfminimizer_free(full->minimiser);
    if (full->x) gsl_vector_free(full->x);
    mem_free(full);
}

static bool begin(Trainer *t, Err *err)
{
    size_t n = count_trained(t);
    FullBatch *full = t->full = mem_own(sizeof *full);
    full->function = (gsl_multimin_function_fdf){ value_at, gradient_at, both_at, n, t };
    full->x = n ? gsl_vector_alloc(n) : NULL;
    if (full->x)
        full->minimiser = gsl_multimin_fdfminimizer_alloc(t->optimizer->minimiser(t->optimizer_settings), n);
    if (!full->minimiser) return ERR(err, no_memory, "the minimiser");
    get_weights(t, full->x);
    gsl_multimin_fdfminimizer_set(full->minimiser, &full->function, full->x, t->lr, t->optimizer_settings[0]);
    return true;
}

/* Predictions of all rows under the new weights, for the metrics. */
static void look_again(Trainer *t)
{
    t->train_seen = 0;
    for (t->batch = 0; t->train_score && t->batch < t->n_batches; t->batch++) {
        trainer_pass(t, false);
        trainer_remember(t);
    }
    t->batch = t->n_batches;
}

FullStep trainer_full_step(Trainer *t, Err *err)
{
    trainer_keep_order(t);
    if (!t->full && !begin(t, err)) return FULL_FAILED;
    gsl_multimin_fdfminimizer *m = t->full->minimiser;
    if (!isfinite(m->f)) return FULL_NOT_FINITE;
    int status = gsl_multimin_fdfminimizer_iterate(m);
    if (status == GSL_ENOPROG) { /* its memory may mislead it: once more, straight down */
        gsl_multimin_fdfminimizer_restart(m);
        status = gsl_multimin_fdfminimizer_iterate(m);
    }
    put_weights(t, m->x);
    if (!isfinite(m->f)) return FULL_NOT_FINITE;
    t->current_lr = t->lr;
    t->state->t++;
    t->state->steps++;
    t->state->loss_sum = m->f - add_penalty(t, m->x, NULL);
    t->state->weight_sum = 1;
    t->batch_loss = t->state->loss_sum;
    look_again(t);
    bool flat = gsl_blas_dnrm2(m->gradient) <= 1e-7 * fmax(1, gsl_blas_dnrm2(m->x));
    return status || flat ? FULL_CONVERGED : FULL_STEPPED;
}
