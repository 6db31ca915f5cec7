/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/deciding.h"

#include <math.h>
#include <string.h>

#include "lang/judge_edges.h"
#include "measures/scored.h"

bool decided(Session *session, const char *name, Arena *arena, Decision *out, Err *err)
{
    Model *model = session_model(session, name, err);
    if (!model) return false;
    const Decision *there = decision_copy(model->decision, arena);
    *out = there ? *there : decision_none;
    model_unref(model);
    return true;
}

static void take_raw(Judged *judged)
{
    Model *raw = model_with_decision(judged->models[0], judged->models[0]->name, NULL);
    model_unref(judged->models[0]);
    judged->models[0] = raw;
}

/* How many of the rows the model learned from: judge_open found it out. */
static bool check_learned(const Deciding *deciding, Err *err)
{
    const Judged *judged = &deciding->evaluation.judged;
    const Value *learned = record_get(deciding->result->record, "training_rows");
    if (!learned || !(learned->number > 0)) return true;
    ERR(err, decide_training, deciding->name, INT(learned->number), INT(judged->n), judged->frame_name,
        deciding->call->command->kind.name);
    return err_hint(err, "name rows that it did not learn from: part=valid, or on=FRAME");
}

bool deciding_open(Session *session, const Call *call, bool raw, bool learns, Result *result, Deciding *out,
                   Err *err)
{
    *out = (Deciding){ .session = session, .call = call, .result = result };
    Evaluation *evaluation = &out->evaluation;
    Judged *judged = &evaluation->judged;
    ValueList names = option_list(&call->options, "model");
    out->name = names.items[0].text;
    if (!decided(session, out->name, result->arena, &out->before, err) ||
        !judge_open(session, call, names, result, judged, err))
        return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (learns && !check_learned(out, err)) return false;
    if (raw) take_raw(judged);
    evaluation->choice.settings = judging_defaults;
    if (!evaluation_check_outputs(judged, err) || !evaluation_make(session, evaluation, -1, result, err))
        return false;
    edges_note(evaluation, &result->notes);
    record_number(result->arena, result->record, "n", (double)evaluation->n);
    return true;
}

void deciding_close(Deciding *deciding)
{
    evaluation_free(&deciding->evaluation);
}

Scored deciding_scored(const Deciding *deciding)
{
    return evaluation_scored(&deciding->evaluation, deciding->evaluation.groups, 0);
}

const Model *deciding_model(const Deciding *deciding)
{
    return deciding->evaluation.judged.models[0];
}

bool deciding_two_levels(const Deciding *deciding, Err *err)
{
    const Judged *judged = &deciding->evaluation.judged;
    return judged->kind == 'b' || ERR(err, judge_events, deciding->call->command->kind.name, judged->target,
                                      judged->kind == 'n' ? "numbers" : "more levels");
}

bool deciding_both(const Deciding *deciding, Err *err)
{
    const Evaluation *evaluation = &deciding->evaluation;
    const Judged *judged = &evaluation->judged;
    bool same = true;
    for (size_t i = 1; i < evaluation->n && same; i++) same = evaluation->y[i] == evaluation->y[0];
    int level = (int)evaluation->y[0];
    return !same || judged->kind == 'n' ||
           ERR(err, decide_one_class, judged->part, judged->target, judged->levels[level],
               deciding->call->command->kind.name);
}

bool deciding_probability(const Deciding *deciding, Err *err)
{
    Scored scored = deciding_scored(deciding);
    if (scored_is_probability(&scored)) return true;
    ERR(err, decide_probability, deciding->name, deciding->call->command->kind.name);
    return err_hint(err, "calibrate %s as NAME makes one of it", deciding->name);
}

/* ---- keeping */

static Object *decided_object(Session *session, const Object *there, const char *name, const char *as,
                              const Decision *decision, Err *err)
{
    if (there && there->type == OBJECT_NET) {
        Net *net = net_version(there->net);
        net_set_decision(net, decision);
        return object_net(net);
    }
    Model *model = session_model(session, name, err);
    if (!model) return NULL;
    Model *version = model_with_decision(model, as ? as : model->name, decision);
    model_unref(model);
    return object_model(version);
}

bool decide(Session *session, const Call *call, const char *name, const Decision *decision, Err *err)
{
    const Object *there = session_get(session, name);
    if (!there && !call->as) return ERR(err, decide_column, name);
    Object *object = decided_object(session, there, name, call->as, decision, err);
    if (!object) return false;
    if (call->as) return session_put(session, call->as, object, call->replace, err);
    session_set(session, name, object);
    return true;
}

bool deciding_keep(const Deciding *deciding, const Decision *decision, Err *err)
{
    return decide(deciding->session, deciding->call, deciding->name, decision, err);
}
