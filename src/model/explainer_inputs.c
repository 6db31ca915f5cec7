/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inputs of rows or of samples of several rows, as a model reads them. */
#include <string.h>

#include "model/explainer.h"

/* Linear predictors read single rows, whatever the frame's samples are. */
static bool reads_rows(const Model *model)
{
    return model->prep->sample.kind == SAMPLE_ROWS || !model_net(model);
}

static bool read_rows(const Model *model, const Frame *frame, const uint32_t *rows, size_t n,
                      ModelInputs *out, Notes *notes, Err *err)
{
    size_t width = (size_t)model->prep->n_features;
    out->n = n;
    out->row = mem_get(n, sizeof *out->row, err);
    out->x = out->row ? mem_get(n, width * sizeof(real), err) : NULL;
    if (!out->x) return false;
    memcpy(out->row, rows, n * sizeof *rows);
    out->feed = feed_rows(out->x, width);
    return prep_apply(model->prep, frame, rows, n, out->x, NULL, notes, err);
}

static bool read_samples(const Model *model, const Frame *frame, const uint32_t *rows, size_t n,
                         ModelInputs *out, Notes *notes, Err *err)
{
    const Prep *prep = model->prep;
    size_t width = (size_t)prep->n_features, steps = shape_size(model_net(model)->plan->in) / width, n_cut;
    SampleBy by = prep_samples(prep);
    Samples *samples = out->samples = samples_new(frame, &by, rows, n, err);
    out->row = samples ? mem_get(samples->n, sizeof *out->row, err) : NULL;
    out->x = out->row ? mem_get(samples->n_order, width * sizeof(real), err) : NULL;
    if (!out->x) return false;
    out->n = samples->n;
    memcpy(out->row, samples->target, samples->n * sizeof *out->row);
    return prep_apply(prep, frame, samples->order, samples->n_order, out->x, NULL, notes, err) &&
           feed_samples(samples, frame, out->x, width, steps, &out->feed, &n_cut, err);
}

bool inputs_read(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, ModelInputs *out,
                 Notes *notes, Err *err)
{
    *out = (ModelInputs){ 0 };
    bool done = reads_rows(model) ? read_rows(model, frame, rows, n, out, notes, err)
                                  : read_samples(model, frame, rows, n, out, notes, err);
    out->number = done ? mem_get(out->n, sizeof *out->number, err) : NULL;
    for (size_t i = 0; out->number && i < out->n; i++) out->number[i] = frame_row_number(frame, out->row[i]);
    return out->number != NULL;
}

void inputs_free(ModelInputs *inputs)
{
    samples_free(inputs->samples);
    mem_free(inputs->x);
    mem_free(inputs->row);
    mem_free(inputs->number);
    *inputs = (ModelInputs){ 0 };
}

size_t inputs_steps(const ModelInputs *inputs, size_t sample)
{
    const Feed *feed = &inputs->feed;
    return feed->start ? feed->end[sample] - feed->start[sample] : 1;
}

const real *inputs_of(const ModelInputs *inputs, size_t sample)
{
    const Feed *feed = &inputs->feed;
    return feed->x + (feed->start ? feed->start[sample] : sample) * feed->width;
}
