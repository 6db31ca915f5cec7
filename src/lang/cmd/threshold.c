/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `threshold MODEL RULE`: from which score on the event is said, chosen on rows that the model did not learn
 * from, and stored in it. */
#include <math.h>

#include "lang/bind.h"
#include "lang/figures.h"
#include "lang/threshold.h"
#include "measures/scored.h"

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column (with `as`)" },
    { "rule", OPTION_ANY, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "cost(fn=5, fp=1), ks, youden, f1, rate(10%), a number, or off" },
    JUDGE_OPTIONS,
    { "to", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL, "an SVG file for the curve" },
};

static bool check_choice(const Choosing *choosing, bool probability, Err *err)
{
    char text[40];
    const Evaluation *evaluation = &choosing->deciding.evaluation;
    const Scored scored = deciding_scored(&choosing->deciding);
    if (choosing->asked.given && probability && !(choosing->asked.number >= 0 && choosing->asked.number <= 1))
        return ERR_AT(err, call_span(choosing->deciding.call, "rule"), out_of_range,
                      "the cut-off of a probability", "from 0 to 1",
                      number_short(choosing->asked.number, 4, text));
    if (choosing->asked.given) return true;
    bool equal = true;
    for (size_t i = 1; i < evaluation->n && equal; i++)
        equal = scored_event(&scored, i) == scored_event(&scored, 0);
    if (equal) return ERR(err, decide_equal, choosing->deciding.name);
    return choosing->asked.rule == CUTOFF_RATE || deciding_both(&choosing->deciding, err);
}

static bool make_curve(Choosing *choosing, Err *err)
{
    Scored scored = deciding_scored(&choosing->deciding);
    choosing->cuts = mem_get(scored.n + 1, sizeof *choosing->cuts, err);
    if (!choosing->cuts) return false;
    choosing->n_cuts =
        cutoff_curve(&scored, choosing->asked.has_costs ? &choosing->asked.costs : NULL, choosing->cuts);
    return choosing->n_cuts > 0 || ERR(err, judge_no_rows, choosing->deciding.evaluation.judged.frame_name);
}

static bool keep_cutoff(Choosing *choosing, double chosen, Err *err)
{
    Deciding *deciding = &choosing->deciding;
    Decision after = deciding->before;
    char text[40];
    after.cutoff = chosen;
    after.rule = choosing->asked.words;
    record_number(deciding->result->arena, deciding->result->record, "cutoff", chosen);
    result_line(deciding->result, "%s says the event from %s on (%s)",
                deciding->call->as ? deciding->call->as : deciding->name, number_short(chosen, 6, text),
                choosing->asked.words);
    return deciding_keep(deciding, &after, err);
}

static bool choose(Choosing *choosing, Err *err)
{
    Deciding *deciding = &choosing->deciding;
    if (!deciding_two_levels(deciding, err)) return false;
    Scored scored = deciding_scored(deciding);
    bool probability = scored_is_probability(&scored);
    if (!cutoff_amounts(&choosing->asked, &deciding->evaluation, err) ||
        !check_choice(choosing, probability, err) || !make_curve(choosing, err))
        return false;
    size_t best = choosing->asked.given ? 0
                                        : cutoff_best(choosing->asked.rule, choosing->asked.number,
                                                      choosing->cuts, choosing->n_cuts);
    double chosen = choosing->asked.given ? choosing->asked.number : choosing->cuts[best].score;
    if (!choosing->asked.given && (best == 0 || best + 1 == choosing->n_cuts))
        NOTE(&deciding->result->notes, threshold_end, deciding->name, best ? "every row" : "no row");
    bool both = deciding_both(deciding, NULL);
    threshold_show_cuts(choosing, chosen, probability, both);
    return threshold_show_curve(choosing, chosen, err) && keep_cutoff(choosing, chosen, err);
}

static bool take_off(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "model");
    Decision decision;
    if (!decided(session, name, result->arena, &decision, err)) return false;
    decision.cutoff = NAN;
    decision.rule = NULL;
    result_line(result, "%s has no cut-off of its own", name);
    return decide(session, call, name, &decision, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Choosing choosing = { .asked = { .number = NAN } };
    const Value *rule = &option_get(&call->options, "rule")->value;
    if (rule->type == VALUE_BOOL && !rule->on) return take_off(session, call, result, err);
    if (!cutoff_read(call, &choosing.asked, err)) return false;
    bool ok = deciding_open(session, call, false, !choosing.asked.given, result, &choosing.deciding, err) &&
              choose(&choosing, err);
    cutoff_forget(&choosing.asked);
    mem_free(choosing.cuts);
    deciding_close(&choosing.deciding);
    return ok;
}

const CommandKind command_threshold = {
    .kind = { .name = "threshold",
              .help = "chooses from which score on the event is said, and keeps it in the model",
              .more = "cost(fn=5, fp=1): the least cost of a missed event and a false alarm on these "
                      "rows; tp= and tn= where what is right costs, or earns, below 0, too; a column in "
                      "the place of a number is an amount by row (fn=loan). Beside it stands the cut-off "
                      "that is right for probabilities, (fp - tn) / (fp - tn + fn - tp) (Elkan 2001). ks: "
                      "the widest gap between the classes; youden: recall + specificity - 1; f1; "
                      "rate(10%): the share of the rows that are said to be events; a number is taken as "
                      "it is; off takes it away. Cuts are at scores of these rows, which the model did "
                      "not learn from (part=valid); the event is said from the cut-off on. predict and "
                      "evaluate use it until cutoff= or cost= says otherwise.\n"
                      "$last.cutoff, .chosen.cost, .bayes.cutoff, .bayes.cost, .half, .ks, .f1, .curve.x, "
                      ".curve.y; to= writes the curve.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=40%\n"
                         "fit logit loans as lr\nthreshold lr cost(fn=5, fp=1)\nprint $last.bayes.cutoff "
                         "digits=3\n"
                         "threshold lr ks\nevaluate lr metrics=recall,precision",
              .since = "1" },
    .group = "Judging",
    .form = "threshold MODEL cost(fn=5, fp=1)|ks|youden|f1|rate(10%)|NUMBER|off [part=] [on=] [as NAME] "
            "[to=\"file.svg\"] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_AS | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
