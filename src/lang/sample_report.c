/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/sample_report.h"

static void report(const Call *call, const SampleRule *rule, const SampleCounts *samples, Result *result)
{
    Record *record = result->record;
    const char *what = rule->kind == SAMPLE_WINDOW ? "windows"
                       : rule->kind == SAMPLE_TREE ? "trees"
                                                   : "sequences";
    if (rule->kind == SAMPLE_WINDOW)
        result_line(result, "%s: %zu windows of %ld rows", call->frame_name, samples->n, rule->length);
    else
        result_line(result, "%s: %zu %s, the longest of %zu rows%s", call->frame_name, samples->n, what,
                    samples->longest, rule->every ? ", one up to each row" : "");
    if (samples->n_short)
        result_line(result, "%zu rows have fewer rows of their id behind them and end no window",
                    samples->n_short);
    record_text(call->arena, record, "rule", sample_kind_name(rule->kind));
    record_number(call->arena, record, "samples", (double)samples->n);
    record_number(call->arena, record, "longest", (double)samples->longest);
    record_number(call->arena, record, "short", (double)samples->n_short);
}

static bool count_samples(const Call *call, const Frame *frame, Result *result, Err *err)
{
    SampleCounts samples;
    if (!samples_count(frame, &samples, err)) return false;
    bool some = samples.n > 0;
    if (some) report(call, &frame->sample, &samples, result);
    return some || ERR(err, sample_none, call->frame_name, sample_kind_name(frame->sample.kind));
}

bool sample_rule_set(Session *session, const Call *call, SampleRule rule, const char *const *held, int n,
                     Result *result, Err *err)
{
    Frame *frame = frame_version(call->frame);
    bool ok = true;
    for (int i = 0; i < n && ok; i++) ok = !held[i] || frame_set_role(frame, held[i], ROLE_HELD, err);
    frame_set_sample(frame, rule);
    if (ok && count_samples(call, frame, result, err)) {
        session_set(session, call->frame_name, object_frame(frame));
        return true;
    }
    frame_unref(frame);
    return false;
}
