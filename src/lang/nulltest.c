/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/nulltest.h"

#include <math.h>
#include <string.h>

#include "data/foldplan.h"
#include "data/surrogate.h"
#include "finance/baseline.h"
#include "lang/bind.h"
#include "lang/net_train.h"
#include "lang/parse.h"
#include "model/search.h"

/* What is trained again and again. */
typedef struct Judge {
    Session *session;
    const char *name, *frame_name;
    const Frame *frame;
    const Net *net;           /* a net, or NULL */
    const CrossState *cross;  /* a cross-validated set, or NULL */
    const BaselineKind *kind; /* else a baseline ... */
    const Options *kind_options;
    TrainConfig config;
    Source *source; /* of the training words */
    uint32_t *rows; /* that are judged */
    size_t n;
} Judge;

/* ---- how it was trained */

/* "train m epochs=5" as a checked call, in the session's scratch arena. */
static bool read_config(Judge *judge, const char *verb, const char *words, const char *end, Err *err)
{
    Call call;
    const char *text = arena_format(judge->session->scratch, "%s %s%s", verb, words, end);
    judge->source = source_new("check", NULL, text, strlen(text), err);
    const Node *tree = judge->source ? parse_source(judge->source, vocabulary_full(), NULL, err, NULL) : NULL;
    return tree && tree->items.n == 1 && bind_call(judge->session, tree->items.items[0], &call, err) &&
           train_config(judge->session, &call, &call.options, &judge->config, err);
}

static bool take_net(Judge *judge, const Net *net, Arena *arena, Err *err)
{
    const char *words = net->trained_words ? net->trained_words : judge->name;
    judge->net = net;
    if (!train_frame(judge->session, net, net->prep ? net->prep->frame_name : NULL, &judge->frame_name,
                     &judge->frame, err))
        return false;
    judge->frame_name = arena_text(arena, judge->frame_name);
    return read_config(judge, "train", words, "", err);
}

static bool take_cross(Judge *judge, const CrossState *cross, Err *err)
{
    judge->cross = cross;
    judge->frame = cross->frame;
    judge->frame_name = cross->plan.frame_name;
    return read_config(judge, "crossvalidate", cross->plan.config.words, " as checked", err);
}

static bool take_baseline(Judge *judge, const char *kind, const char *frame_name, Arena *arena, Err *err)
{
    Args none = { 0 };
    Options *options = arena_take(arena, sizeof *options);
    judge->frame_name = arena_text(arena, frame_name);
    judge->frame = session_frame(judge->session, frame_name, err);
    judge->kind = (const BaselineKind *)kind_find(&baseline_kinds, kind);
    judge->kind_options = options;
    if (!judge->frame) return false;
    if (!judge->kind) return ERR(err, check_no_judge, judge->name);
    return options_bind(&judge->kind->kind, &none, arena, (Span){ 0 }, options, err);
}

static bool take_frame(Judge *judge, Arena *arena, Err *err)
{
    TargetInfo target;
    const Frame *frame = session_frame(judge->session, judge->name, err);
    if (!frame || !frame_target(frame, arena, &target, err)) return false;
    if (!target.kind) return ERR(err, no_target, judge->name);
    if (target.kind == 'c') return ERR(err, check_no_judge, judge->name);
    return take_baseline(judge, target.kind == 'b' ? "logit" : "ols", judge->name, arena, err);
}

static bool take_model(Judge *judge, const Model *model, Arena *arena, Err *err)
{
    const CrossState *cross = model_cross_state(model);
    if (cross) return take_cross(judge, cross, err);
    if (!model->prep) return ERR(err, check_no_judge, judge->name);
    return take_baseline(judge, model->kind->name, model->prep->frame_name, arena, err);
}

/* ---- the rows judged: those it does not learn from, but not the test rows */

static bool take_rows(Judge *judge, Err *err)
{
    const Frame *frame = judge->frame;
    if (!judge->cross) {
        if (frame->split && frame_part(frame, "valid", &judge->rows, &judge->n, NULL)) return true;
        return ERR(err, check_no_rows, judge->frame_name);
    }
    judge->rows = mem_get(frame->n_rows, sizeof *judge->rows, err);
    for (size_t i = 0; judge->rows && i < frame->n_rows; i++)
        if (judge->cross->plan.fold[i] >= 0) judge->rows[judge->n++] = (uint32_t)i;
    return judge->rows != NULL;
}

static bool open_judge(Judge *judge, const char *name, Arena *arena, NullTest *out, Err *err)
{
    const Object *object = session_get(judge->session, name);
    bool ok = false;
    if (!object) return session_no_name(judge->session, name, err);
    if (object->type == OBJECT_NET)
        ok = take_net(judge, object->net, arena, err);
    else if (object->type == OBJECT_MODEL)
        ok = take_model(judge, object->model, arena, err);
    else if (object->type == OBJECT_FRAME)
        ok = take_frame(judge, arena, err);
    else
        ERR(err, wrong_type, name, object_type_name(object), "a frame or a model");
    out->judge = judge->net     ? arena_format(arena, "net %s", name)
                 : judge->cross ? arena_format(arena, "crossvalidation %s", name)
                 : judge->kind  ? judge->kind->kind.name
                                : name;
    return ok && take_rows(judge, err);
}

/* ---- once */

static Model *train_once(const Judge *judge, const Frame *frame, Notes *notes, Err *err)
{
    Session *session = judge->session;
    Model *model = NULL;
    if (judge->cross) {
        CrossPlan plan = judge->cross->plan;
        plan.config = judge->config;
        plan.frame = frame;
        return crossvalidate_run(&plan, notes, &session->progress, err);
    }
    if (judge->kind)
        return baseline_fit(judge->kind, frame, judge->frame_name, (ValueList){ 0 }, judge->kind_options,
                            judge->name, notes, &session->progress, err);
    Net *fresh = net_new(judge->net->def, judge->net->seed);
    Net *ready = train_prepare(session, fresh, judge->frame_name, frame, false, notes, err);
    Net *trained = ready ? net_train(ready, frame, &judge->config, notes, &session->progress, err) : NULL;
    if (trained && !(err && err->code))
        model = model_of_net(trained, judge->name, (int)session->settings.threads);
    if (trained) net_unref(trained);
    if (ready) net_unref(ready);
    net_unref(fresh);
    return model;
}

/* The commonest level of a target, as an event of its own. */
static int commonest(const double *y, size_t n, int levels)
{
    size_t best = 0, counts[256] = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i]) && y[i] >= 0 && y[i] < 256) counts[(int)y[i]]++;
    for (int k = 1; k < levels && k < 256; k++)
        if (counts[k] > counts[best]) best = (size_t)k;
    return (int)best;
}

/* Keeps the rows that have a target and a score; returns how many. */
static size_t pair_up(const Model *model, double *y, const double *scores, double *s, size_t n)
{
    char kind = model->prep->target_kind;
    int width = model->n_outputs, level = kind == 'c' ? commonest(y, n, width) : 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        double score = scores[i * (size_t)width + (size_t)level];
        if (isnan(y[i]) || isnan(score)) continue;
        s[kept] = score;
        y[kept++] = kind == 'c' ? y[i] == level : y[i];
    }
    return kept;
}

static double correlation(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

/* The metric of n pairs; chance and its standard deviation: sqrt((n + 1) / (12 n1 n0)) of an AUC,
 * 1 / sqrt(n) of a correlation, where blocks move together those of as many fewer rows. */
static double measure(bool classes, const double *y, const double *s, size_t n, NullTest *out)
{
    double events = 0, scale = sqrt((double)out->block);
    for (size_t i = 0; i < n; i++) events += y[i];
    out->n = n;
    out->chance = classes ? 0.5 : 0;
    out->sd = scale *
              (classes ? sqrt(((double)n + 1) / (12 * events * ((double)n - events))) : 1 / sqrt((double)n));
    if (!classes) return correlation(s, y, n);
    Scored scored = { .n = n, .n_outputs = 1, .target = y, .score = s, .reference = NAN };
    return metric_find("auc")->value(&scored);
}

static bool judge_model(const Judge *judge, const Model *model, const Frame *frame, double *value,
                        NullTest *out, Err *err)
{
    size_t n = judge->n;
    double *y = mem_get(n, 2 * sizeof *y, err);
    double *scores = y ? mem_get(n, (size_t)model->n_outputs * sizeof *scores, err) : NULL;
    bool ok = scores && prep_target(model->prep, frame, judge->rows, n, y, err) &&
              model_score(model, frame, judge->rows, n, scores, NULL, NULL, &judge->session->progress, err);
    bool classes = ok && model->prep->target_kind != 'n';
    size_t pairs = ok ? pair_up(model, y, scores, y + n, n) : 0;
    if (ok) *value = measure(classes, y, y + n, pairs, out);
    if (ok) out->metric = classes ? "auc" : "correlation";
    if (ok && (pairs < 10 || !isfinite(*value) || !isfinite(out->sd)))
        ok = ERR(err, check_no_rows, judge->frame_name);
    mem_free(scores);
    mem_free(y);
    return ok;
}

static bool one_round(const Judge *judge, bool noise, uint64_t seed, int round, NullTest *out, Err *err)
{
    Progress *progress = &judge->session->progress;
    Frame *frame = noise ? surrogate_noise(judge->frame, seed, round, NULL, progress, err)
                         : surrogate_shuffled(judge->frame, seed, round, NULL, progress, err);
    Model *model = frame ? train_once(judge, frame, NULL, err) : NULL;
    bool ok = model && judge_model(judge, model, frame, &out->values[round], out, err);
    model_unref(model);
    frame_unref(frame);
    return ok;
}

static bool judge_itself(const Judge *judge, NullTest *out, Err *err)
{
    out->own = NAN;
    Model *model = train_once(judge, judge->frame, NULL, err);
    bool ok = model && judge_model(judge, model, judge->frame, &out->own, out, err);
    model_unref(model);
    return ok;
}

static void decide(NullTest *out)
{
    for (int i = 0; i < out->rounds; i++) {
        out->mean += out->values[i] / out->rounds;
        out->outside += fabs(out->values[i] - out->chance) > 4 * out->sd;
    }
    out->passed = out->outside == 0 && out->mean - out->chance <= 4 * out->sd / sqrt(out->rounds);
}

bool nulltest_run(Session *session, const char *name, bool noise, int rounds, uint64_t seed, Arena *arena,
                  NullTest *out, Err *err)
{
    Judge judge = { .session = session, .name = name };
    *out = (NullTest){ .rounds = rounds, .values = arena_take(arena, (size_t)rounds * sizeof(double)) };
    bool ok = open_judge(&judge, name, arena, out, err);
    if (ok) out->block = surrogate_block(judge.frame);
    ok = ok && judge_itself(&judge, out, err);
    for (int i = 0; ok && i < rounds; i++)
        ok = progress_poll(&session->progress, "check", i, rounds, err) &&
             one_round(&judge, noise, seed, i, out, err);
    if (ok) decide(out);
    mem_free(judge.rows);
    source_free(judge.source);
    return ok;
}
