/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `gains MODEL`: bands of the score from the worst down, with what each holds of the events. */
#include <math.h>

#include "lang/bind.h"
#include "lang/chart_file.h"
#include "lang/figures.h"
#include "lang/judge_edges.h"
#include "lang/plot_model.h"
#include "measures/bands.h"

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column" },
    JUDGE_OPTIONS,
    { "bins", OPTION_INTEGER, 0, "10", 2, BANDS_MAX, NULL, NULL, "bands of equal weight" },
    { "to", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL, "an SVG file for the gains curve" },
};

enum { COLUMNS = 10 };

static const char *const columns[COLUMNS] = { "band", "from",        "to",          "n",    "events",
                                              "rate", "cum. events", "cum. % rows", "lift", "KS" };
static const char *const members[COLUMNS] = { "band", "low",      "high", "n",    "events",
                                              "rate", "captured", "rows", "lift", "ks" };

static Table *begin_table(const Evaluation *evaluation, Result *result)
{
    Arena *arena = result->arena;
    const Judged *judged = &evaluation->judged;
    Table *table =
        result_table(result, "gains",
                     arena_format(arena, "gains of %s, %s of %s, event %s=%s: the worst band first",
                                  judged->models[0]->name, figures_part_words(arena, judged->part),
                                  judged->frame_name, judged->target, judged->levels[1]));
    for (int c = 0; c < COLUMNS; c++) table_column(arena, table, columns[c], ALIGN_RIGHT, 4);
    return table;
}

/* Bands from the highest scores down, with shares of what stands above. */
static void show_bands(const Evaluation *evaluation, const Band *bands, int n, Result *result)
{
    Arena *arena = result->arena;
    Table *table = begin_table(evaluation, result);
    Record *record = record_record(arena, result->record, "bands");
    double all = 0, events = 0, n_above = 0, events_above = 0;
    int shown = 0;
    for (int k = 0; k < n; k++) all += bands[k].n, events += bands[k].events;
    for (int k = n - 1; k >= 0; k--) {
        const Band *band = &bands[k];
        if (!(band->n > 0)) continue;
        n_above += band->n;
        events_above += band->events;
        double captured = events_above / events, others = (n_above - events_above) / (all - events);
        const double cells[COLUMNS] = {
            ++shown,          band->low,     band->high,
            band->n,          band->events,  band->events / band->n,
            captured,         n_above / all, events_above / n_above / (events / all),
            captured - others
        };
        Value *row = table_row(arena, table);
        Record *of_band = record_record(arena, record, arena_format(arena, "b%d", shown));
        for (int c = 0; c < COLUMNS; c++) {
            row[c] = figures_value(cells[c]);
            record_set(arena, of_band, members[c], row[c]);
        }
    }
    record_number(arena, result->record, "n", all);
    record_number(arena, result->record, "events", events);
    if (shown < n) result_line(result, "%d of %d bands hold rows: equal scores stay together", shown, n);
}

static bool gains(Session *session, const Call *call, Evaluation *evaluation, Result *result, Err *err)
{
    Judged *judged = &evaluation->judged;
    Band bands[BANDS_MAX];
    Chart *chart;
    int n = (int)option_integer(&call->options, "bins");
    if (!judge_open(session, call, option_list(&call->options, "model"), result, judged, err)) return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (judged->kind != 'b')
        return ERR(err, judge_events, "gains", judged->target,
                   judged->kind == 'n' ? "numbers" : "more levels");
    evaluation->choice.settings = judging_defaults;
    if (!evaluation_check_outputs(judged, err) || !evaluation_make(session, evaluation, -1, result, err))
        return false;
    Scored scored = evaluation_scored(evaluation, evaluation->groups, 0);
    edges_note(evaluation, &result->notes);
    if (!bands_by_mass(&scored, n, bands)) return ERR(err, gains_one_class, judged->part, judged->target);
    show_bands(evaluation, bands, n, result);
    return !option_given(&call->options, "to") || (plot_gains(evaluation, result, &chart, err) &&
                                                   chart_file_write(session, call, chart, result, err));
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Evaluation evaluation = { 0 };
    bool ok = gains(session, call, &evaluation, result, err);
    evaluation_free(&evaluation);
    return ok;
}

const CommandKind command_gains = {
    .kind = { .name = "gains",
              .help = "the gains table: what each band of the score holds of the events",
              .more = "Bands of equal weight from the highest scores down; equal scores stay together, so "
                      "that bands may "
                      "differ. cum. events is the share of all events in this band and those above "
                      "(capture), lift its "
                      "event rate together with those above over the rate of all, KS the share of events "
                      "less that of "
                      "the others. $last.bands.b1.rate, .captured, .lift, .ks, .low, .high. to= writes the "
                      "curve; "
                      "plot MODEL view=gains draws it.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=40%\n"
                         "fit logit loans as lr\ngains lr\nprint $last.bands.b1.lift digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "gains MODEL [part=] [on=] [bins=10] [to=\"file.svg\"] [replace] [if CONDITION]",
    .flags = COMMAND_IF | COMMAND_LAST | COMMAND_REPLACE,
    .run = run,
};
