/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of cut-offs: what each of them says, catches and costs. */
#include <math.h>

#include "lang/figures.h"
#include "lang/threshold.h"

static Table *begin_table(const Choosing *choosing)
{
    static const char *const columns[] = { "cut-off", "said events", "TP",        "FP", "FN",           "TN",
                                           "recall",  "specificity", "precision", "F1", "cost of a row" };
    Arena *arena = choosing->deciding.result->arena;
    const Judged *judged = &choosing->deciding.evaluation.judged;
    Table *table = result_table(choosing->deciding.result, "cuts",
                                arena_format(arena, "cut-offs of %s, %s of %s, event %s=%s",
                                             choosing->deciding.name, figures_part_words(arena, judged->part),
                                             judged->frame_name, judged->target, judged->levels[1]));
    table_column(arena, table, "rule", ALIGN_LEFT, 0);
    for (int c = 0; c < (choosing->asked.has_costs ? 11 : 10); c++)
        table_column(arena, table, columns[c], ALIGN_RIGHT, 4);
    return table;
}

/* The cells of the cut that a score makes, and the score that makes it. */
static void add_cut(const Choosing *choosing, Table *table, const char *label, const char *member, double at,
                    const Cutoff *cut)
{
    static const char *const members[] = { "cutoff", "said",        "tp",        "fp", "fn",  "tn",
                                           "recall", "specificity", "precision", "f1", "cost" };
    Arena *arena = choosing->deciding.result->arena;
    const Cells *c = &cut->cells;
    double n = c->tp + c->fp + c->fn + c->tn;
    const double values[] = { at,
                              (c->tp + c->fp) / n,
                              c->tp,
                              c->fp,
                              c->fn,
                              c->tn,
                              cells_recall(c),
                              cells_specificity(c),
                              cells_precision(c),
                              cells_f1(c),
                              cut->cost / n };
    Value *row = table_row(arena, table);
    Record *record = record_record(arena, choosing->deciding.result->record, member);
    row[0] = value_text(arena, label);
    for (int k = 0; k < table->n_columns - 1; k++) {
        row[k + 1] = figures_value(values[k]);
        record_set(arena, record, members[k], row[k + 1]);
    }
}

static void add_rule(const Choosing *choosing, Table *table, CutoffRule rule, const char *name)
{
    size_t best = cutoff_best(rule, choosing->asked.number, choosing->cuts, choosing->n_cuts);
    add_cut(choosing, table, name, name, choosing->cuts[best].score, &choosing->cuts[best]);
}

static void add_score(const Choosing *choosing, Table *table, double at, const char *label,
                      const char *member)
{
    size_t place = cutoff_at(choosing->cuts, choosing->n_cuts, at);
    add_cut(choosing, table, label, member, at, &choosing->cuts[place]);
}

void threshold_show_cuts(const Choosing *choosing, double chosen, bool probability, bool both)
{
    Table *table = begin_table(choosing);
    double bayes = choosing->asked.has_costs && probability ? cutoff_bayes(&choosing->asked.costs) : NAN;
    add_score(choosing, table, chosen, choosing->asked.words, "chosen");
    if (!isnan(bayes)) add_score(choosing, table, bayes, "Bayes", "bayes");
    if (probability) add_score(choosing, table, 0.5, "0.5", "half");
    if (both && (choosing->asked.given || choosing->asked.rule != CUTOFF_KS))
        add_rule(choosing, table, CUTOFF_KS, "ks");
    if (both && (choosing->asked.given || choosing->asked.rule != CUTOFF_F1))
        add_rule(choosing, table, CUTOFF_F1, "f1");
    if (isnan(bayes)) return;
    char at[40];
    result_line(choosing->deciding.result,
                "Bayes' cut-off for these costs is %s, where probabilities hold: threshold %s %s takes it",
                number_short(bayes, 4, at), choosing->deciding.name, number_short(bayes, 6, (char[40]){ 0 }));
}
