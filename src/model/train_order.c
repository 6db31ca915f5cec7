/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows a batch has: so many of a shuffled epoch, or all rows of some of its dates. */
#include <stdlib.h>
#include <string.h>

#include "model/trainer.h"

static int compare_down(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static uint32_t date_size(const TrainPart *part, size_t g)
{
    return part->date_start[g + 1] - part->date_start[g];
}

/* Rows of the largest batch that so many dates can make. */
static size_t largest_batch(const TrainPart *part, size_t dates, uint32_t *sizes)
{
    size_t sum = 0;
    for (size_t g = 0; g < part->n_dates; g++) sizes[g] = date_size(part, g);
    qsort(sizes, part->n_dates, sizeof *sizes, compare_down);
    for (size_t g = 0; g < dates && g < part->n_dates; g++) sum += sizes[g];
    return sum;
}

bool trainer_make_order(Trainer *t, Err *err)
{
    const TrainPart *train = &t->data->train;
    t->order = mem_get(train->n, sizeof *t->order, err);
    if (!t->order) return false;
    if (t->config.dates <= 0) return true;
    if (!train->date_start) return ERR(err, no_dates, t->data->frame);
    t->date_order = mem_get(train->n_dates, sizeof *t->date_order, err);
    t->date_at = t->date_order ? mem_get(train->n_dates + 1, sizeof *t->date_at, err) : NULL;
    if (!t->date_at) return false;
    if ((size_t)t->config.dates > train->n_dates) t->config.dates = (long)train->n_dates;
    t->config.batch = (long)largest_batch(train, (size_t)t->config.dates, t->date_order);
    t->n_batches = (train->n_dates + (size_t)t->config.dates - 1) / (size_t)t->config.dates;
    return true;
}

/* The rows of the dates in the order of date_order. */
static void lay_out_dates(Trainer *t)
{
    const TrainPart *train = &t->data->train;
    uint32_t at = 0;
    for (size_t g = 0; g < train->n_dates; g++) {
        uint32_t date = t->date_order[g];
        t->date_at[g] = at;
        for (uint32_t i = 0; i < date_size(train, date); i++) t->order[at++] = train->date_start[date] + i;
    }
    t->date_at[train->n_dates] = at;
}

void trainer_keep_order(Trainer *t)
{
    size_t n = t->date_order ? t->data->train.n_dates : t->data->train.n;
    uint32_t *order = t->date_order ? t->date_order : t->order;
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    if (t->date_order) lay_out_dates(t);
}

void trainer_shuffle(Trainer *t)
{
    RngKey key = rng_key(t->config.seed, "shuffle", "");
    size_t n = t->date_order ? t->data->train.n_dates : t->data->train.n;
    rng_permutation(key, (uint64_t)t->epoch + 1, t->date_order ? t->date_order : t->order, n);
    if (t->date_order) lay_out_dates(t);
}

/* The first date of a batch. */
static size_t batch_date(const Trainer *t, size_t batch)
{
    size_t date = batch * (size_t)t->config.dates;
    return date < t->data->train.n_dates ? date : t->data->train.n_dates;
}

size_t trainer_batch_start(const Trainer *t, size_t batch)
{
    size_t row = batch * (size_t)t->config.batch;
    if (t->date_order) return t->date_at[batch_date(t, batch)];
    return row < t->data->train.n ? row : t->data->train.n;
}

const uint32_t *trainer_batch_dates(const Trainer *t, size_t *n)
{
    *n = 0;
    if (!t->date_order) return NULL;
    size_t date = batch_date(t, t->batch);
    *n = batch_date(t, t->batch + 1) - date;
    return t->date_at + date;
}
