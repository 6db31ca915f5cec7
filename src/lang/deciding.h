/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calibrate, threshold, grade and scorecard share: judged rows of one model, and a new version of it
 * with what is decided on its scores. */
#ifndef FNS_LANG_DECIDING_H
#define FNS_LANG_DECIDING_H

#include "lang/evaluation.h"
#include "model/decision.h"

typedef struct Deciding {
    Session *session;
    const Call *call;
    Result *result;
    const char *name;      /* of the model */
    Decision before;       /* what was decided on its scores */
    Evaluation evaluation; /* of the one model */
} Deciding;

/* Opens the rows that part=, on= and the suffix if select, and scores them: before any calibration where
 * `raw`. `learns`: refuses rows that the model learned from. deciding_close after it, also after an error. */
bool deciding_open(Session *session, const Call *call, bool raw, bool learns, Result *result, Deciding *out,
                   Err *err);
void deciding_close(Deciding *deciding);
Scored deciding_scored(const Deciding *deciding);
const Model *deciding_model(const Deciding *deciding);

/* Errors where the target is not one of two levels (judge_events), where rows show one level alone
 * (decide_one_class), where a score is no probability (decide_probability). */
bool deciding_two_levels(const Deciding *deciding, Err *err);
bool deciding_both(const Deciding *deciding, Err *err);
bool deciding_probability(const Deciding *deciding, Err *err);

/* The model with another decision, under its name or that of `as`. */
bool deciding_keep(const Deciding *deciding, const Decision *decision, Err *err);
bool decide(Session *session, const Call *call, const char *name, const Decision *decision, Err *err);
/* What is decided on a model's scores by now. */
bool decided(Session *session, const char *name, Arena *arena, Decision *out, Err *err);

#endif
