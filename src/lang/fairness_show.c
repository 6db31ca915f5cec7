/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of groups and its place in $last. */
#include <math.h>

#include "lang/bind.h"
#include "lang/fairness.h"
#include "lang/figures.h"

enum { COLUMNS = 14 };
static const struct {
    const char *title, *member;
    int digits;
} shown[COLUMNS] = {
    { "column", NULL, 0 },
    { "group", NULL, 0 },
    { "n", "n", 0 },
    { "event rate", "event_rate", 4 },
    { "mean score", "score", 4 },
    { "approved", "approved", 4 },
    { "AIR", "air", 4 },
    { "low", "air_low", 4 },
    { "high", "air_high", 4 },
    { "four-fifths", NULL, 0 },
    { "TPR diff.", "tpr_difference", 3 },
    { "FPR diff.", "fpr_difference", 3 },
    { "AUC", "auc", 4 },
    { "few", NULL, 0 },
};

void fairness_begin(Fairness *fairness)
{
    Arena *arena = fairness->result->arena;
    const Judged *judged = &fairness->evaluation.judged;
    char text[40];
    fairness->table = result_table(
        fairness->result, "groups",
        arena_format(arena, "%s, %s of %s: approved where P(%s=%s) is below %s", judged->models[0]->name,
                     figures_part_words(arena, judged->part), judged->frame_name, judged->target,
                     judged->levels[1], number_short(fairness->cutoff, 4, text)));
    for (int c = 0; c < COLUMNS; c++) {
        bool left = c < 2 || c == 9 || c == COLUMNS - 1;
        table_column(arena, fairness->table, shown[c].title, left ? ALIGN_LEFT : ALIGN_RIGHT,
                     shown[c].digits);
    }
}

static bool is_few(const FairPart *part)
{
    return part->rows < FAIR_FEW_ROWS || part->events_seen < FAIR_FEW_EVENTS ||
           part->rows - part->events_seen < FAIR_FEW_EVENTS;
}

static void show_part(Fairness *fairness, const Grouping *grouping, const FairPart *part,
                      const FairPart *reference, Record *of_column)
{
    Arena *arena = fairness->result->arena;
    Value *row = table_row(arena, fairness->table);
    bool own = part == reference;
    double ratio = fairness_approval(part) / fairness_approval(reference);
    Interval interval = own ? (Interval){ NAN, NAN } : fairness_ratio(part, reference, fairness->z);
    const double figures[COLUMNS] = { [2] = (double)part->rows,
                                      [3] = part->events / part->n,
                                      [4] = part->score / part->n,
                                      [5] = fairness_approval(part),
                                      [6] = ratio,
                                      [7] = interval.low,
                                      [8] = interval.high,
                                      [10] = fairness_true_rate(part) - fairness_true_rate(reference),
                                      [11] = fairness_false_rate(part) - fairness_false_rate(reference),
                                      [12] = part->auc };
    Record *record = record_record(arena, of_column, part->name);
    row[0] = value_text(arena, grouping->column->name);
    row[1] = value_text(arena, part->name);
    for (int c = 0; c < COLUMNS; c++) {
        if (!shown[c].member) continue;
        row[c] = figures_value(figures[c]);
        record_set(arena, record, shown[c].member, row[c]);
    }
    row[9] = value_text(arena, own ? "reference" : ratio < 0.8 ? "below" : "");
    row[COLUMNS - 1] = value_text(arena, is_few(part) ? "*" : "");
    record_set(arena, record, "tpr", figures_value(fairness_true_rate(part)));
    record_set(arena, record, "fpr", figures_value(fairness_false_rate(part)));
    fairness->marked |= is_few(part);
}

/* reference=, where the column has such a group; else the largest. */
static const FairPart *find_reference(Fairness *fairness, const FairPart *parts, uint32_t n)
{
    const Option *option = option_get(&fairness->call->options, "reference");
    const FairPart *largest = parts;
    Buf text = { 0 };
    if (option->given) value_show(&text, &option->value, 0);
    for (uint32_t g = 0; g < n; g++) {
        if (parts[g].rows > largest->rows) largest = &parts[g];
    }
    for (uint32_t g = 0; g < n; g++)
        if (option->given && parts[g].rows && text_equal(parts[g].name, buf_text(&text))) {
            largest = &parts[g];
            fairness->found_reference = true;
        }
    buf_free(&text);
    return largest;
}

void fairness_show(Fairness *fairness, const Grouping *grouping, const FairPart *parts)
{
    Arena *arena = fairness->result->arena;
    Record *record = record_record(arena, record_record(arena, fairness->result->record, "groups"),
                                   grouping->column->name),
           *summary = record_record(arena, fairness->result->record, grouping->column->name);
    const FairPart *reference = find_reference(fairness, parts, grouping->n);
    double least = INFINITY;
    for (uint32_t g = 0; g < grouping->n; g++) {
        if (!parts[g].rows) continue;
        show_part(fairness, grouping, &parts[g], reference, record);
        least = fmin(least, fairness_approval(&parts[g]) / fairness_approval(reference));
    }
    record_text(arena, summary, "reference", reference->name);
    record_set(arena, summary, "air", figures_value(least));
}
