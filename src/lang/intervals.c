/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/intervals.h"

#include <math.h>

#include "measures/bootstrap.h"

/* ---- resampling the metrics that need it */

typedef struct Draws {
    BootstrapPlan plan;
    const Metric *metrics[CHOICE_METRICS];
    int places[CHOICE_METRICS]; /* of each in the evaluation's list */
    Scored *models;
    double *values; /* (n_models, n_metrics, draws) */
} Draws;

static void draws_close(Draws *draws)
{
    mem_free(draws->models);
    mem_free(draws->values);
}

static double *draws_of(const Draws *draws, int model, int i)
{
    size_t at = (size_t)model * (size_t)draws->plan.n_metrics + (size_t)i;
    return draws->values + at * (size_t)draws->plan.draws;
}

/* metrics and places are set by the caller. */
static bool draws_make(Session *session, const Evaluation *evaluation, const Group *group, int n_metrics,
                       Draws *draws, Err *err)
{
    size_t n_models = (size_t)evaluation->judged.n_models;
    draws->plan = (BootstrapPlan){ .n_models = (int)n_models,
                                   .metrics = draws->metrics,
                                   .n_metrics = n_metrics,
                                   .kind = evaluation->judged.kind,
                                   .draws = choice_draws(&evaluation->choice, group->n),
                                   .seed = (uint64_t)session->settings.seed,
                                   .progress = &session->progress };
    if (!(draws->models = mem_get(n_models, sizeof *draws->models, err))) return false;
    for (size_t m = 0; m < n_models; m++) draws->models[m] = evaluation_scored(evaluation, group, (int)m);
    draws->plan.models = draws->models;
    draws->values = mem_get(n_models * (size_t)n_metrics * (size_t)draws->plan.draws, sizeof(double), err);
    return draws->values && bootstrap_run(&draws->plan, draws->values, err);
}

/* ---- figures */

/* A closed interval, where the choice takes it. */
static bool close_figure(const Evaluation *evaluation, const Group *group, int model, int i, Figure *figure)
{
    const Metric *metric = evaluation->choice.metrics[i];
    if (evaluation->choice.ci == CI_BOOT || !metric->interval) return false;
    Scored scored = evaluation_scored(evaluation, group, model);
    if (!metric->interval(&scored, evaluation->choice.level, &figure->interval)) return false;
    figure->by = metric->interval_name;
    return true;
}

/* Figures and closed intervals; returns how many metrics are left to resample. */
static int close_figures(const Evaluation *evaluation, const Group *group, Figure *out, Draws *draws)
{
    const Choice *choice = &evaluation->choice;
    int left = 0;
    for (int i = 0; i < choice->n_metrics; i++) {
        bool closed = true;
        for (int m = 0; m < evaluation->judged.n_models; m++) {
            Figure *figure = &out[m * choice->n_metrics + i];
            *figure = (Figure){ evaluation_figure(evaluation, group, m, i), { NAN, NAN }, NULL };
            if (choice->ci == CI_OFF || choice->metrics[i]->is_test || isnan(figure->value)) continue;
            closed = close_figure(evaluation, group, m, i, figure) && closed;
        }
        if (closed || choice->ci == CI_CLOSED) continue;
        draws->places[left] = i;
        draws->metrics[left++] = choice->metrics[i];
    }
    return left;
}

static void take_draws(const Evaluation *evaluation, const Draws *draws, Figure *out)
{
    for (int m = 0; m < evaluation->judged.n_models; m++)
        for (int k = 0; k < draws->plan.n_metrics; k++) {
            Figure *figure = &out[m * evaluation->choice.n_metrics + draws->places[k]];
            if (figure->by || isnan(figure->value)) continue;
            if (bootstrap_interval(draws_of(draws, m, k), (size_t)draws->plan.draws, evaluation->choice.level,
                                   &figure->interval))
                figure->by = "bootstrap";
        }
}

bool intervals_of_group(Session *session, const Evaluation *evaluation, const Group *group, Figure *out,
                        Err *err)
{
    Draws draws = { 0 };
    int left = close_figures(evaluation, group, out, &draws);
    if (!left) return true;
    bool ok = draws_make(session, evaluation, group, left, &draws, err);
    if (ok) take_draws(evaluation, &draws, out);
    draws_close(&draws);
    return ok;
}

/* ---- pairs */

static bool pair(const Evaluation *evaluation, int m, int i, Compared *out)
{
    const Metric *metric = evaluation->choice.metrics[i];
    const Group *all = evaluation->groups;
    *out = (Compared){ 0 };
    if (!metric->pair || evaluation->choice.ci == CI_BOOT) return false;
    Scored a = evaluation_scored(evaluation, all, 0), b = evaluation_scored(evaluation, all, m);
    if (!metric->pair(&a, &b, evaluation->choice.level, &out->difference)) return false;
    out->test = metric->pair_name;
    return true;
}

static void take_difference(const Evaluation *evaluation, const Draws *draws, int m, int k, Compared *out)
{
    int i = draws->places[k];
    size_t n = (size_t)draws->plan.draws;
    double *before = draws_of(draws, 0, k), *after = draws_of(draws, m, k);
    out->difference.value = evaluation_figure(evaluation, evaluation->groups, m, i) -
                            evaluation_figure(evaluation, evaluation->groups, 0, i);
    for (size_t d = 0; d < n; d++) after[d] -= before[d];
    out->difference.p = bootstrap_p(after, n);
    if (!isnan(out->difference.value) &&
        bootstrap_interval(after, n, evaluation->choice.level, &out->difference.interval))
        out->test = "bootstrap";
}

bool intervals_of_pairs(Session *session, const Evaluation *evaluation, Compared *out, Err *err)
{
    const Choice *choice = &evaluation->choice;
    int n_metrics = choice->n_metrics, left = 0;
    Draws draws = { 0 };
    for (int i = 0; i < n_metrics; i++) {
        bool closed = true;
        for (int m = 1; m < evaluation->judged.n_models; m++)
            closed = pair(evaluation, m, i, &out[(m - 1) * n_metrics + i]) && closed;
        if (closed || choice->metrics[i]->is_test || choice->ci == CI_CLOSED || choice->ci == CI_OFF)
            continue;
        draws.places[left] = i;
        draws.metrics[left++] = choice->metrics[i];
    }
    bool ok = !left || draws_make(session, evaluation, evaluation->groups, left, &draws, err);
    for (int m = 1; ok && left && m < evaluation->judged.n_models; m++)
        for (int k = 0; k < left; k++) {
            Compared *compared = &out[(m - 1) * n_metrics + draws.places[k]];
            if (!compared->test) take_difference(evaluation, &draws, m, k, compared);
        }
    draws_close(&draws);
    return ok;
}
