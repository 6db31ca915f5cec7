/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/protocol.h"

#include <math.h>
#include <string.h>

#include "data/order.h"
#include "data/sample.h"
#include "lang/bind.h"

static const OptionSpec kfold_options[] = {
    { "k", OPTION_INTEGER, OPTION_POSITIONAL, "5", 2, 100, NULL, NULL, "how many folds" },
};
static const OptionSpec column_options[] = {
    { "column", OPTION_TEXT, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the column that holds each row's fold" },
};
static const Kind kfold_kind = { .name = "kfold",
                                 .help = "k folds at random, stratified by the target when it has levels",
                                 KIND_OPTIONS(kfold_options),
                                 .since = "1" };
static const Kind column_kind = {
    .name = "column", .help = "folds given by a column", KIND_OPTIONS(column_options), .since = "1"
};
static const OptionSpec purged_options[] = {
    { "k", OPTION_INTEGER, OPTION_POSITIONAL, "10", 2, 100, NULL, NULL, "how many blocks of time" },
    { "embargo", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "rows or a duration after a block, from which nothing trains" },
    { "purge", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "rows or a duration that a label lives, where that is more than its lead" },
    { "end", OPTION_TEXT, 0, NULL, 0, 0, NULL, NULL, "the column that holds when each label ends" },
};
static const OptionSpec cpcv_options[] = {
    { "groups", OPTION_INTEGER, OPTION_POSITIONAL, "6", 3, 40, NULL, NULL, "how many blocks of time" },
    { "test", OPTION_INTEGER, OPTION_POSITIONAL, "2", 1, 39, NULL, NULL,
      "how many of them are judged at a time, by what trains on the others" },
    { "embargo", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "rows or a duration after a block, from which nothing trains" },
    { "purge", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "rows or a duration that a label lives, where that is more than its lead" },
    { "end", OPTION_TEXT, 0, NULL, 0, 0, NULL, NULL, "the column that holds when each label ends" },
};
static const OptionSpec walk_options[] = {
    { "train", OPTION_ANY, OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "how much trains: different times (750), or a duration (3y)" },
    { "test", OPTION_ANY, OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "how much each step forecasts; also how far the next one moves on" },
    { "valid", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "how much before the test block validates" },
    { "gap", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "what is left out before them, where that is more than the label's horizon" },
    { "expanding", OPTION_BOOL, 0, "off", 0, 0, NULL, NULL, "on: training begins with the first row" },
    { "purge", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "rows or a duration that a label lives, where that is more than its lead" },
    { "end", OPTION_TEXT, 0, NULL, 0, 0, NULL, NULL, "the column that holds when each label ends" },
};
static const Kind purged_kind = {
    .name = "purged",
    .help = "k blocks of time; training rows whose labels reach into the block, or follow it within the "
            "embargo, are left out",
    KIND_OPTIONS(purged_options),
    .since = "1"
};
static const Kind walk_kind = { .name = "walkforward",
                                .help =
                                    "trains on what came before, forecasts the block that follows, moves on",
                                KIND_OPTIONS(walk_options),
                                .since = "1" };
static const Kind cpcv_kind = { .name = "cpcv",
                                .help = "every choice of so many blocks of time is judged by what trains on "
                                        "the others: several forecasts of each row, as paths",
                                KIND_OPTIONS(cpcv_options),
                                .since = "1" };
static const Kind *const protocols[] = { &kfold_kind, &column_kind, &purged_kind, &walk_kind, &cpcv_kind };
const KindList protocol_kinds = { "protocol", protocols, 5 };

/* Folds of a column: its distinct values in ascending order. */
static bool column_folds(const Frame *frame, const char *name, int32_t *fold, int *k, Err *err)
{
    int c;
    if (!frame_column(frame, name, &c, err)) return false;
    double seen[1000];
    *k = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double value = column_number(frame->columns[c].column, frame_physical(frame, i));
        if (frame->columns[c].column->type == COLUMN_CATEGORY)
            value = frame->columns[c].column->codes[frame_physical(frame, i)]
                        ? (double)frame->columns[c].column->codes[frame_physical(frame, i)]
                        : (double)NAN;
        fold[i] = FOLD_NONE;
        if (isnan(value) || !folds_hold(frame, i)) continue;
        int at = 0;
        while (at < *k && seen[at] < value) at++;
        if (at < *k && seen[at] == value) continue;
        if (*k == 1000) return ERR(err, too_many_groups, name, "1000");
        memmove(seen + at + 1, seen + at, (size_t)(*k - at) * sizeof *seen);
        seen[at] = value;
        (*k)++;
    }
    if (*k < 2) return ERR(err, bad_folds, name, "it needs at least two different values");
    for (size_t i = 0; i < frame->n_rows; i++) {
        const Column *column = frame->columns[c].column;
        size_t physical = frame_physical(frame, i);
        double value =
            column->type == COLUMN_CATEGORY ? column->codes[physical] : column_number(column, physical);
        for (int f = 0; f < *k && folds_hold(frame, i); f++)
            if (seen[f] == value) fold[i] = f;
    }
    return true;
}

/* Folds that `split ... folds=` made: the parts behind train, valid and test. */
static bool has_split_folds(const Frame *frame)
{
    return frame->split && frame->split->folds && frame->split->n_parts >= 5;
}

static void split_folds(const Frame *frame, int32_t *fold, int *k)
{
    *k = frame->split->n_parts - 3;
    for (size_t i = 0; i < frame->n_rows; i++) {
        uint8_t part = frame->split->part[frame_physical(frame, i)];
        fold[i] = part >= 3 && part < frame->split->n_parts ? part - 3 : FOLD_NONE;
    }
}

int protocol_column(const Call *call, const Frame *frame)
{
    const Option *protocol = option_get(&call->options, "protocol");
    return protocol->kind == &column_kind ? frame_find(frame, option_text(protocol->options, "column")) : -1;
}

static bool leak_allowed(const Call *call)
{
    return option_given(&call->options, "leak");
}

/* Whether each fold is a block of time: its last row before the first of the next. */
static bool folds_are_blocks(const Frame *frame, const FoldPlan *folds)
{
    enum { FOLDS_MAX = 1000 };
    size_t first[FOLDS_MAX], last[FOLDS_MAX];
    const Column *time = frame->columns[frame_role(frame, ROLE_TIME)].column;
    for (int k = 0; k < folds->k; k++) first[k] = last[k] = SIZE_MAX;
    for (size_t i = 0; i < frame->n_rows; i++) {
        int32_t k = folds->fold[i];
        size_t row = frame_physical(frame, i);
        if (k < 0 || k >= folds->k || column_is_missing(time, row)) continue;
        if (first[k] == SIZE_MAX || cells_compare(time, NULL, row, first[k]) < 0) first[k] = row;
        if (last[k] == SIZE_MAX || cells_compare(time, NULL, last[k], row) < 0) last[k] = row;
    }
    for (int a = 0; a < folds->k; a++)
        for (int b = 0; b < a; b++) {
            if (first[a] == SIZE_MAX || first[b] == SIZE_MAX) continue;
            bool apart = cells_compare(time, NULL, last[a], first[b]) < 0 ||
                         cells_compare(time, NULL, last[b], first[a]) < 0;
            if (!apart) return false;
        }
    return true;
}

/* Given folds of rows with a time role: blocks of it, as purged() makes them, or leak=allow. */
static bool refuses_mixture(const Call *call, const Frame *frame, const FoldPlan *folds, Err *err)
{
    bool timed = frame_role(frame, ROLE_TIME) >= 0 && !sample_is_whole(&frame->sample);
    if (!timed || leak_allowed(call) || folds_are_blocks(frame, folds)) return true;
    return ERR_AT(err, call_span(call, "protocol"), mixed_folds, frame_label(frame));
}

/* How long labels live, of the kinds that say it. */
static LabelRule label_rule(const Call *call, const Options *given)
{
    return (LabelRule){ .purge = given ? option_get(given, "purge")->value : value_missing(),
                        .embargo = value_missing(),
                        .end = given ? option_text(given, "end") : NULL,
                        .overlap = leak_allowed(call) };
}

static bool walk_folds(const Call *call, const Frame *frame, const Options *given, bool inner, FoldPlan *out,
                       Err *err)
{
    WalkRule walk = { .train = option_get(given, "train")->value,
                      .test = option_get(given, "test")->value,
                      .valid = option_get(given, "valid")->value,
                      .gap = option_get(given, "gap")->value,
                      .expanding = option_bool(given, "expanding") };
    LabelRule labels = label_rule(call, given);
    return foldplan_walk(frame, &walk, &labels, inner, out, err);
}

static bool purged_folds(const Call *call, const Frame *frame, const Options *given, bool inner,
                         FoldPlan *out, Err *err)
{
    LabelRule labels = label_rule(call, given);
    if (given) labels.embargo = option_get(given, "embargo")->value;
    return foldplan_purged(frame, given ? (int)option_integer(given, "k") : 5, &labels, inner, out, err);
}

static bool cpcv_folds(const Call *call, const Frame *frame, const Options *given, bool inner, FoldPlan *out,
                       Err *err)
{
    LabelRule labels = label_rule(call, given);
    labels.embargo = option_get(given, "embargo")->value;
    return foldplan_cpcv(frame, (int)option_integer(given, "groups"), (int)option_integer(given, "test"),
                         &labels, inner, out, err);
}

/* The folds of a column, of a file or at random. Labels that look ahead are purged; random folds of rows that
 * have an order need leak=allow. */
static bool free_folds(const Call *call, const Frame *frame, uint64_t seed, bool inner, FoldPlan *out,
                       Err *err)
{
    const Option *protocol = option_get(&call->options, "protocol");
    out->fold = mem_get(frame->n_rows, sizeof *out->fold, err);
    if (!out->fold) return false;
    if (protocol->kind == &kfold_kind || (!protocol->kind && !has_split_folds(frame))) {
        out->k = protocol->options ? (int)option_integer(protocol->options, "k") : 5;
        return folds_make(frame, out->k, seed, out->fold, err);
    }
    if (protocol->kind)
        if (!column_folds(frame, option_text(protocol->options, "column"), out->fold, &out->k, err))
            return false;
    if (!protocol->kind) split_folds(frame, out->fold, &out->k);
    if (!refuses_mixture(call, frame, out, err)) return false;
    LabelRule labels = label_rule(call, NULL);
    bool purges = frame_horizon(frame) > 0 && !leak_allowed(call) && !sample_is_whole(&frame->sample);
    return !purges || foldplan_purge(frame, &labels, inner, out, err);
}

static bool refuses_chance(const Call *call, const Frame *frame, unsigned *taint, Err *err)
{
    bool ordered = frame_is_ordered(frame) && !sample_is_whole(&frame->sample);
    if (!ordered) return true;
    *taint |= TAINT_SHUFFLED_TIME;
    if (leak_allowed(call)) return true;
    return ERR_AT(err, call_span(call, "protocol"), shuffled_folds, frame_label(frame));
}

bool protocol_folds(const Call *call, const Frame *frame, uint64_t seed, bool inner, FoldPlan *out,
                    unsigned *taint, Err *err)
{
    const Option *protocol = option_get(&call->options, "protocol");
    const Kind *kind = protocol->kind;
    bool whole = sample_is_whole(&frame->sample), ok;
    bool ordered = !kind && !has_split_folds(frame) && frame_is_ordered(frame) && !whole;
    *taint = leak_allowed(call) ? TAINT_LEAK_ALLOWED : TAINT_NONE;
    if (kind == &walk_kind)
        ok = walk_folds(call, frame, protocol->options, inner, out, err);
    else if (kind == &cpcv_kind)
        ok = cpcv_folds(call, frame, protocol->options, inner, out, err);
    else if (kind == &purged_kind || ordered)
        ok = purged_folds(call, frame, protocol->options, inner, out, err);
    else
        ok = (kind != &kfold_kind || refuses_chance(call, frame, taint, err)) &&
             free_folds(call, frame, seed, inner, out, err);
    if (!ok && err && !err->span.source) err->span = call_span(call, "protocol");
    return ok;
}
