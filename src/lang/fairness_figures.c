/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a group: how many are approved, what is caught and refused, how it ranks. */
#include <math.h>

#include "lang/bind.h"
#include "lang/fairness.h"

static double event_score(const Fairness *fairness, size_t i)
{
    size_t width = (size_t)fairness->evaluation.judged.models[0]->n_outputs;
    return fairness->evaluation.scores[0][i * width + width - 1];
}

static void add_row(const Fairness *fairness, FairPart *part, size_t i)
{
    double w = fairness->evaluation.w[i], score = event_score(fairness, i);
    bool event = fairness->evaluation.y[i] > 0.5, declined = score >= fairness->cutoff;
    part->rows++;
    part->events_seen += event;
    part->n += w;
    part->events += event ? w : 0;
    part->score += w * score;
    part->approved += declined ? 0 : w;
    part->caught += event && declined ? w : 0;
    part->refused += !event && declined ? w : 0;
}

static bool find_auc(const Fairness *fairness, const Grouping *grouping, uint32_t g, FairPart *part, Err *err)
{
    size_t n = 0;
    double *room = mem_get(part->rows, 3 * sizeof *room, err);
    if (!room) return false;
    double *y = room, *score = room + part->rows, *w = room + 2 * part->rows;
    for (size_t i = 0; i < fairness->evaluation.n; i++) {
        if (grouping->group[i] != g) continue;
        y[n] = fairness->evaluation.y[i];
        w[n] = fairness->evaluation.w[i];
        score[n++] = event_score(fairness, i);
    }
    Scored scored = { .n = n, .n_outputs = 1, .target = y, .score = score, .weight = w, .reference = NAN };
    part->auc = metric_find("auc")->value(&scored);
    mem_free(room);
    return true;
}

bool fairness_fill(const Fairness *fairness, const Grouping *grouping, FairPart *parts, Err *err)
{
    for (size_t i = 0; i < fairness->evaluation.n; i++) add_row(fairness, &parts[grouping->group[i]], i);
    for (uint32_t g = 0; g < grouping->n; g++) {
        parts[g].name = grouping->names[g];
        if (parts[g].rows && !find_auc(fairness, grouping, g, &parts[g], err)) return false;
    }
    return true;
}

double fairness_approval(const FairPart *part)
{
    return part->approved / part->n;
}

double fairness_true_rate(const FairPart *part)
{
    return part->caught / part->events;
}

double fairness_false_rate(const FairPart *part)
{
    return part->refused / (part->n - part->events);
}

/* exp(ln ratio +- z s), s^2 = (1 - p) / (n p) of both groups (Katz and others 1978, Biometrics 34:469). */
Interval fairness_ratio(const FairPart *part, const FairPart *reference, double z)
{
    double p = fairness_approval(part), q = fairness_approval(reference);
    double s = sqrt((1 - p) / (p * (double)part->rows) + (1 - q) / (q * (double)reference->rows));
    if (!(s > 0) || !isfinite(s)) return (Interval){ NAN, NAN };
    return (Interval){ p / q * exp(-z * s), p / q * exp(z * s) };
}
