/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/feed.h"

#include <string.h>

bool feed_samples(Samples *samples, const Frame *frame, const real *x, size_t width, size_t steps, Feed *out,
                  size_t *n_cut, Err *err)
{
    bool ragged = false;
    *n_cut = 0;
    for (size_t k = 0; k < samples->n; k++) {
        size_t length = samples->end[k] - samples->start[k];
        ragged |= length != steps;
        if (length <= steps) continue;
        if (samples->up)
            return ERR(err, tree_too_large, INT(frame_row_number(frame, samples->target[k])), INT(length),
                       INT(steps));
        samples->start[k] = samples->end[k] - (uint32_t)steps;
        ++*n_cut;
    }
    *out = (Feed){ .x = x,
                   .width = width,
                   .steps = steps,
                   .start = samples->start,
                   .end = samples->end,
                   .up = samples->up,
                   .ragged = ragged };
    return true;
}

bool feed_open(const Feed *feed, Workspace *work, Err *err)
{
    return workspace_ragged(work, feed->ragged || feed->up, feed->up ? feed->steps : 0, err);
}

static void put_links(const Feed *feed, Workspace *work, size_t at, size_t start, size_t length)
{
    uint32_t *up = work->up + at * feed->steps;
    memcpy(up, feed->up + start, length * sizeof *up);
    memset(up + length, 0, (feed->steps - length) * sizeof *up);
    up[length - 1] = 0; /* whatever stands above the root of a subtree is not of this sample */
}

void feed_put(const Feed *feed, Workspace *work, size_t at, size_t sample)
{
    size_t size = feed->steps * feed->width;
    real *in = work->in + at * size;
    if (!feed->start) {
        memcpy(in, feed->x + sample * size, size * sizeof *in);
        return;
    }
    size_t start = feed->start[sample], length = feed->end[sample] - start;
    memcpy(in, feed->x + start * feed->width, length * feed->width * sizeof *in);
    memset(in + length * feed->width, 0, (feed->steps - length) * feed->width * sizeof *in);
    workspace_length(work, at, length);
    if (feed->up && work->up) put_links(feed, work, at, start, length);
}

const real *feed_value(const Feed *feed, size_t sample, size_t j)
{
    if (!feed->start) return feed->x + sample * feed->steps * feed->width + j;
    size_t start = feed->start[sample], length = feed->end[sample] - start;
    return j < length * feed->width ? feed->x + start * feed->width + j : NULL;
}

static size_t count_without(const Feed *feed, size_t n, const uint32_t *mask)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += mask[feed->end[i] - feed->start[i]] == 0;
    return count;
}

const LayerPlan *feed_too_short(const Feed *feed, size_t n, const Plan *plan, size_t *count)
{
    *count = 0;
    for (int i = 0; feed->start && feed->ragged && i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        if (layer->mask_out >= 0) *count = count_without(feed, n, plan->masks[layer->mask_out]);
        if (*count) return layer;
    }
    return NULL;
}
