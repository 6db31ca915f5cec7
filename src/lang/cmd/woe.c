/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `woe FRAME [column ...]`: weight of evidence by bin or level, and information value, on the training rows.
 */
#include "data/woe.h"

#include "data/prep.h"
#include "lang/command.h"
#include "lang/session.h"
#include "lang/woe_recipe.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "input columns; all of them, by information value alone, where none is named" },
};

typedef struct Shown {
    const Call *call;
    Result *result;
    bool named; /* columns were named: show their bins */
} Shown;

/* Bins of one category from its counts; bins[0] is that of the missing cells. */
static double fill_bins(const FeatureSet *set, const Feature *feature, WoeBin *bins)
{
    woe_count(feature, set->rows, set->n_rows, bins);
    return woe_fill(bins, (int)feature->levels->n + 1);
}

static Table *bin_table(const Shown *shown, const Feature *feature)
{
    Arena *arena = shown->call->arena;
    const char *name = arena_text(arena, feature->name);
    Table *table = result_table(shown->result, name, name);
    table_column(arena, table, "bin", ALIGN_LEFT, 0);
    table_column(arena, table, "rows", ALIGN_RIGHT, 0);
    table_column(arena, table, "good", ALIGN_RIGHT, 0);
    table_column(arena, table, "bad", ALIGN_RIGHT, 0);
    table_column(arena, table, "bad rate", ALIGN_RIGHT, 4);
    table_column(arena, table, "WoE", ALIGN_RIGHT, 4);
    table_column(arena, table, "IV", ALIGN_RIGHT, 4);
    return table;
}

static void add_bin(const Shown *shown, Table *table, const char *name, const WoeBin *bin)
{
    double n = bin->good + bin->bad;
    if (n == 0) return;
    Value *row = table_row(shown->call->arena, table);
    row[0] = value_text(shown->call->arena, name);
    row[1] = value_number(n);
    row[2] = value_number(bin->good);
    row[3] = value_number(bin->bad);
    row[4] = value_number(bin->bad / n);
    row[5] = value_number(bin->woe);
    row[6] = value_number(bin->iv);
}

static void show_bins(const Shown *shown, const Feature *feature, const WoeBin *bins, double iv)
{
    Table *table = bin_table(shown, feature);
    for (uint32_t code = 1; code <= feature->levels->n; code++)
        add_bin(shown, table, feature->levels->names[code - 1], &bins[code]);
    add_bin(shown, table, "missing", &bins[0]);
    char text[40];
    result_line(shown->result, "%s: IV %s", feature->name, number_short(iv, 4, text));
}

static Table *iv_table(const Shown *shown)
{
    Arena *arena = shown->call->arena;
    Table *table = result_table(shown->result, "iv", "information value");
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "bins", ALIGN_RIGHT, 0);
    table_column(arena, table, "IV", ALIGN_RIGHT, 4);
    return table;
}

static void add_iv(const Shown *shown, Table *table, const Feature *feature, const WoeBin *bins, double iv)
{
    int n = 0;
    for (uint32_t code = 0; code <= feature->levels->n; code++) n += bins[code].good + bins[code].bad > 0;
    Value *row = table_row(shown->call->arena, table);
    row[0] = value_text(shown->call->arena, feature->name);
    row[1] = value_number(n);
    row[2] = value_number(iv);
}

static bool show_all(const FeatureSet *set, const TargetInfo *target, void *context, Err *err)
{
    const Shown *shown = context;
    if (target->kind != 'b' || !woe_has_target(set, "woe", "a weight of evidence", err))
        return woe_has_target(set, "woe", "a weight of evidence", err);
    const char *name = shown->call->frame->columns[target->column].name;
    result_line(shown->result,
                "WoE = ln(share of the good / share of the bad): above 0 is safer; bad is %s=%s", name,
                target->levels[1]);
    Table *table = shown->named ? NULL : iv_table(shown);
    Record *ivs = record_record(shown->result->arena, shown->result->record, "iv");
    for (int i = 0; i < set->n; i++) {
        const Feature *feature = &set->items[i];
        if (feature->kind != FEATURE_CATEGORY) continue;
        WoeBin *bins = mem_get((size_t)feature->levels->n + 1, sizeof *bins, err);
        if (!bins) return false;
        double iv = fill_bins(set, feature, bins);
        if (shown->named)
            show_bins(shown, feature, bins, iv);
        else
            add_iv(shown, table, feature, bins, iv);
        record_number(shown->result->arena, ivs, feature->name, iv);
        mem_free(bins);
    }
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Recipe *recipe = woe_recipe_bins(call->frame->recipe, false, call->arena, err);
    if (!recipe) return false;
    Frame *frame = frame_version(call->frame);
    frame_set_recipe(frame, NULL, recipe);
    ValueList columns = option_list(&call->options, "columns");
    Shown shown = { call, result, columns.n > 0 };
    bool ok = prep_look(frame, call->frame_name, columns, show_all, &shown, &result->notes,
                        &session->progress, err);
    frame_unref(frame);
    return ok;
}

const CommandKind command_woe = {
    .kind = { .name = "woe",
              .help = "weight of evidence by bin, and information value, on the training rows",
              .more =
                  "WoE = ln(share of the rows without the event / share of those with it); IV = sum of the "
                  "differences of the shares times WoE (Siddiqi 2006): below 0.02 no use, above 0.5 too "
                  "good. Numbers are cut by the frame's own bin steps, else monotonically; missing cells and "
                  "each special value of `load special=` are bins. A bin without good or bad rows counts "
                  "half of one. With a weight role rows count by their weights, scaled to a mean of 1.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000 seed=1\nwoe loans x1",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
