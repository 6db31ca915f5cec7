/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/truth.h"

#include <math.h>

#include "data/sample.h"
#include "measures/metric.h"

/* Target and truth of the rows that have both. */
typedef struct Known {
    double *y, *truth;
    size_t n;
} Known;

/* Rows that are the target of no sample, the steps of a sequence but its last, are passed over. */
static bool gather(const Frame *frame, const TargetInfo *target, Known *known)
{
    SampleBy by = frame_samples(frame);
    Samples *samples = NULL;
    bool rows =
        frame->sample.kind == SAMPLE_ROWS || !(samples = samples_new(frame, &by, NULL, frame->n_rows, NULL));
    size_t n = rows ? frame->n_rows : samples->n;
    known->y = mem_get(n, sizeof *known->y, NULL);
    known->truth = mem_get(n, sizeof *known->truth, NULL);
    for (size_t i = 0; known->y && known->truth && i < n; i++) {
        size_t row = rows ? i : samples->target[i];
        double y = frame_target_value(frame, target, row), truth = frame_truth_value(frame, target, row);
        if (isnan(y) || isnan(truth)) continue;
        known->y[known->n] = y;
        known->truth[known->n++] = truth;
    }
    samples_free(samples);
    return known->n > 0;
}

static void show(const Known *known, char kind, Result *result)
{
    static const char *const of_events[] = { "auc", "ks", "brier", "logloss", NULL };
    static const char *const of_numbers[] = { "r2", NULL };
    Scored best = {
        .n = known->n, .n_outputs = 1, .target = known->y, .score = known->truth, .reference = NAN
    };
    Record *record = record_record(result->arena, result->record, "attainable");
    Buf line = { 0 };
    for (const char *const *name = kind == 'b' ? of_events : of_numbers; *name; name++) {
        double figure = metric_attainable(metric_find(*name), kind, &best);
        if (isnan(figure)) continue;
        buf_printf(&line, "%s %s %.4f", line.length ? "," : "", *name, figure);
        record_number(result->arena, record, *name, figure);
    }
    if (line.length)
        result_line(result, "attainable on these rows, since the truth is known:%s", buf_text(&line));
    buf_free(&line);
}

void truth_describe(const Frame *frame, Result *result)
{
    TargetInfo target;
    Known known = { 0 };
    if (!frame->truth || !frame_target(frame, result->arena, &target, NULL) || !target.kind) return;
    if (gather(frame, &target, &known)) show(&known, target.kind, result);
    mem_free(known.y);
    mem_free(known.truth);
}
