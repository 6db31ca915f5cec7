/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/judge_edges.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "measures/delong.h"
#include "measures/scored.h"

enum { FEW = 10 };

static void note_classes(const Evaluation *evaluation, Notes *notes)
{
    const Judged *judged = &evaluation->judged;
    size_t events = 0;
    for (size_t i = 0; i < evaluation->n; i++) events += evaluation->y[i] > 0.5;
    if (evaluation->expected) return;
    if (events == 0 || events == evaluation->n) {
        NOTE(notes, judge_one_class, judged->part, judged->target, judged->levels[events > 0]);
        return;
    }
    if (events < FEW || evaluation->n - events < FEW)
        NOTE(notes, judge_few, judged->part, INT(events), INT(evaluation->n));
}

static bool is_constant(const Scored *scored)
{
    for (size_t i = 1; i < scored->n; i++)
        if (scored_event(scored, i) != scored_event(scored, 0)) return false;
    return scored->n > 1;
}

/* Of a score column, that its direction may be wrong; of a model, that it is surely below chance. */
static void note_direction(const Model *model, const Frame *frame, const Scored *scored, Notes *notes)
{
    double auc, error;
    char text[32];
    if (!delong_error(scored, &auc, &error) || auc >= 0.5) return;
    snprintf(text, sizeof text, "%.4f", auc);
    bool column = strcmp(model->kind->name, "score") == 0;
    const char *dot = strrchr(model->name, '.');
    if (column && dot && auc + 1.96 * error < 0.5) {
        char name[200];
        snprintf(name, sizeof name, "%.*s", (int)(dot - model->name), model->name);
        NOTE(notes, score_turned_round, model->name, text, name, dot + 1,
             frame->higher_is_safer ? "riskier" : "safer");
    } else if (auc + 1.96 * error < 0.5) {
        NOTE(notes, auc_below, model->name, text);
    }
}

void edges_note(const Evaluation *evaluation, Notes *notes)
{
    const Judged *judged = &evaluation->judged;
    if (judged->kind != 'b') return;
    note_classes(evaluation, notes);
    for (int m = 0; m < judged->n_models; m++) {
        Scored scored = evaluation_scored(evaluation, evaluation->groups, m);
        if (!scored_is_probability(&scored)) NOTE(notes, not_probability, judged->models[m]->name);
        if (is_constant(&scored)) NOTE(notes, scores_equal, judged->models[m]->name);
        note_direction(judged->models[m], judged->frame, &scored, notes);
    }
}
