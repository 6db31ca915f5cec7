/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a loss is not finite: which value was the first, which row and input lie behind it, what the likely
 * cause is; and the way back to the last good epoch. */
#include "model/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vec.h"

#define LARGE_INPUT 100.0 /* scaled inputs stay far below this */
#define LARGE_SHARE 100.0 /* times the median */

typedef struct Culprit {
    size_t row, input; /* of the training part */
    double value;
} Culprit;

static const char *input_name(const Trainer *t, size_t j, char out[32])
{
    if (t->data->features) return t->data->features[j % t->feed.width];
    snprintf(out, 32, "x%zu", j + 1);
    return out;
}

static size_t train_row(const Trainer *t, size_t row_in_batch)
{
    return t->order[t->batch_from + row_in_batch];
}

/* Takes row's largest input (or the first that is not finite) where it beats the worst so far. */
static void look_at_row(const Trainer *t, size_t row, Culprit *worst)
{
    for (size_t j = 0; j < t->data->n_features && isfinite(worst->value); j++) {
        const real *x = feed_value(&t->feed, row, j);
        if (x && !(fabs((double)*x) <= fabs(worst->value))) *worst = (Culprit){ row, j, (double)*x };
    }
}

/* Rows from .. to of the batch; all training rows where from = to: weights went bad in an earlier batch. */
static Culprit largest_input(const Trainer *t, size_t from, size_t to)
{
    Culprit worst = { train_row(t, from < t->batch_rows ? from : 0), 0, 0 };
    for (size_t i = from; i < to; i++) look_at_row(t, train_row(t, i), &worst);
    for (size_t i = 0; from == to && i < t->data->train.n; i++) look_at_row(t, i, &worst);
    return worst;
}

/* The first layer with a weight, or an output of this batch, that is not finite; writes "dense1 unit 9".
 * from, to: rows of the batch that it showed in; none for a weight. */
static void find_first(const Trainer *t, char *where, size_t size, size_t *from, size_t *to)
{
    for (int i = 0; i < t->plan->n_layers; i++) {
        const LayerPlan *layer = &t->plan->layers[i];
        size_t units = t->work->out_size[i], n = t->batch_rows * units;
        size_t bad = vec_first_bad(t->params->values + layer->weights, layer->n_weights);
        *from = *to = 0;
        if (bad == layer->n_weights) {
            bad = vec_first_bad(t->work->runs[i].out, n);
            if (bad == n) continue;
            *from = bad / units;
            *to = *from + 1;
        }
        snprintf(where, size, "%s unit %zu", layer->def->name, bad % units + 1);
        return;
    }
    snprintf(where, size, "the loss");
    *from = 0;
    *to = t->batch_rows;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median size and largest size of an input over the training rows. */
static bool input_sizes(const Trainer *t, size_t input, double *median, double *largest)
{
    const TrainPart *train = &t->data->train;
    double *sizes = mem_get(train->n, sizeof *sizes, NULL);
    if (!sizes) return false;
    for (size_t i = 0; i < train->n; i++) {
        const real *x = feed_value(&t->feed, i, input);
        sizes[i] = x ? fabs((double)*x) : 0;
    }
    qsort(sizes, train->n, sizeof *sizes, compare);
    *median = sizes[train->n / 2];
    *largest = sizes[train->n - 1];
    mem_free(sizes);
    return true;
}

static void say_cause(const Trainer *t, const Culprit *culprit, Err *err)
{
    char name[32], ratio[40];
    double median, largest;
    const char *input = input_name(t, culprit->input, name);
    if (input_sizes(t, culprit->input, &median, &largest) && largest > LARGE_INPUT) {
        if (median > 0 && largest > LARGE_SHARE * median)
            err_detail(err,
                       "  likely: %s is not scaled (its largest value is %s times its median); try "
                       "winsorize, scale",
                       input, number_short(largest / median, 2, ratio));
        else
            err_detail(err, "  likely: %s is not scaled (its largest value is %s); try scale", input,
                       number_short(largest, 2, ratio));
        return;
    }
    err_detail(err, "  likely: the learning rate is too high (lr %s); try lr=%s, clip=1",
               number_short(t->current_lr, 2, (char[40]){ 0 }), number_short(t->lr / 10, 2, ratio));
}

static void say_value(const Trainer *t, const char *where, const Culprit *culprit, Err *err)
{
    char name[32], value[40];
    err_detail(err, "  first bad value: %s; input '%s' = %s (%s, row %zu of the file)", where,
               input_name(t, culprit->input, name), number_short(culprit->value, 2, value), t->data->frame,
               trainpart_row(&t->data->train, culprit->row));
}

void trainer_diagnose(Trainer *t, Err *err)
{
    char where[128];
    size_t from, to, batch = t->batch < t->n_batches ? t->batch + 1 : t->n_batches;
    if (t->batch == t->n_batches) t->batch--;
    ERR(err, not_finite, INT(t->epoch + 1), INT(batch));
    find_first(t, where, sizeof where, &from, &to);
    Culprit culprit = largest_input(t, from, to);
    say_value(t, where, &culprit, err);
    say_cause(t, &culprit, err);
    if (t->good_epoch > 0)
        err_kept(err, "%s is back at epoch %d", t->net->def->name, t->good_epoch);
    else
        err_kept(err, "%s is back at its first weights", t->net->def->name);
}

void trainer_back(Trainer *t)
{
    trainer_put(t, t->good, t->good_state);
    t->epoch = t->good_epoch;
    t->batch = 0;
    history_cut(t->history, t->epoch);
}
