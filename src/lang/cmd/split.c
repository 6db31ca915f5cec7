/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/split.h"
#include "lang/bind.h"
#include "lang/fold_file.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "train", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "share (60%), or a range of the time role (..2021)" },
    { "valid", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "likewise" },
    { "test", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "likewise; beside folds= the name of one of them: test=fold2" },
    { "order", OPTION_WORD, 0, NULL, 0, 0, "time|random", NULL,
      "time where there is a time role, random otherwise" },
    { "stratify", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "a column whose shares every part keeps" },
    { "group", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "a column whose equal rows stay in one part" },
    { "purge", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "rows or a duration left out before a later part" },
    { "embargo", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "rows or a duration left out after a part" },
    { "folds", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,
      "folds from a column, or from a file with columns row and fold" },
    { "leak", OPTION_WORD, 0, NULL, 0, 0, "allow", NULL,
      "allow: a random split of rows with a time role, or purge=0 for labels that look ahead; marked as "
      "tainted" },
    { "seed", OPTION_INTEGER, 0, NULL, 0, 9007199254740992.0, NULL, NULL,
      "random seed; `set seed` otherwise" },
};

static bool column_option(const Call *call, const char *name, int *column, Err *err)
{
    *column = -1;
    if (!option_given(&call->options, name)) return true;
    if (frame_column(call->frame, option_text(&call->options, name), column, err)) return true;
    if (err) err->span = call_span(call, name);
    return false;
}

/* train=60% is a share; anything else is a range of the time role. */
static bool share_or_range(const Call *call, const char *name, double *share, bool *given, SplitPlan *plan,
                           SplitRange *ranges, Err *err)
{
    const Option *option = option_get(&call->options, name);
    *share = NAN;
    *given = option->given;
    if (!option->given) return true;
    if (option->value.type == VALUE_NUMBER && option->value.number >= 0 && option->value.number <= 1) {
        *share = option->value.number;
        return true;
    }
    if (option->value.type == VALUE_NUMBER && option->value.number < 1000)
        return ERR_AT(err, option->span, out_of_range, name,
                      "a share such as 60%, or a range of the time role", NUM(option->value.number));
    ranges[plan->n_ranges++] = (SplitRange){ name, option->value };
    *given = false;
    return true;
}

/* Beside folds=, test=fold2 names one of them. */
static bool test_fold(const Call *call, SplitPlan *plan)
{
    const Option *option = option_get(&call->options, "test");
    if (!option->given || !option_given(&call->options, "folds")) return false;
    if (option->value.type != VALUE_WORD && option->value.type != VALUE_TEXT) return false;
    if (strncmp(option->value.text, "fold", 4)) return false;
    char *end;
    long fold = strtol(option->value.text + 4, &end, 10);
    if (fold < 1 || fold > PARTS_MAX || *end) return false;
    plan->test_fold = (int)fold;
    return true;
}

static bool fill_plan(Session *session, const Call *call, SplitPlan *plan, SplitRange *ranges, Err *err)
{
    const Options *given = &call->options;
    if (!share_or_range(call, "train", &plan->train, &plan->given_train, plan, ranges, err) ||
        !share_or_range(call, "valid", &plan->valid, &plan->given_valid, plan, ranges, err) ||
        (!test_fold(call, plan) &&
         !share_or_range(call, "test", &plan->test, &plan->given_test, plan, ranges, err)))
        return false;
    for (int i = 0; i < call->extra.n; i++)
        ranges[plan->n_ranges++] = (SplitRange){ call->extra.items[i].key, call->extra.items[i].value };
    plan->ranges = ranges;
    const char *order = option_text(given, "order");
    plan->order = !order ? 0 : !strcmp(order, "time") ? 1 : 2;
    plan->purge = option_get(given, "purge")->value;
    plan->embargo = option_get(given, "embargo")->value;
    plan->overlap = option_given(given, "leak");
    plan->seed =
        (uint64_t)(option_given(given, "seed") ? option_number(given, "seed") : session->settings.seed);
    Buf words = { 0 };
    options_write(&words, given);
    plan->words = arena_text(call->arena, buf_text(&words));
    buf_free(&words);
    return column_option(call, "stratify", &plan->stratify, err) &&
           column_option(call, "group", &plan->group, err);
}

/* folds=column, or folds="file.csv". */
static bool fill_folds(Session *session, const Call *call, SplitPlan *plan, int32_t **folds, Err *err)
{
    const Option *option = option_get(&call->options, "folds");
    plan->fold_column = -1;
    if (!option->given) return true;
    const char *name =
        option->value.type == VALUE_WORD || option->value.type == VALUE_TEXT ? option->value.text : NULL;
    if (!name)
        return ERR_AT(err, option->span, bad_value, "folds", "a column or a file",
                      value_type_name(option->value.type));
    if (frame_find(call->frame, name) >= 0)
        plan->fold_column = frame_find(call->frame, name);
    else if (option->value.type == VALUE_WORD)
        return frame_column(call->frame, name, &plan->fold_column, err);
    else if (!fold_file_read(session_path(session, call->arena, name), call->frame->n_physical, folds,
                             &session->progress, err))
        return false;
    plan->fold_of_row = *folds;
    return true;
}

/* A part of one's own whose name is nearly that of a usual one. */
static void tell_likeness(const Call *call, Notes *notes)
{
    static const char *const usual[] = { "train", "valid", "test" };
    for (int i = 0; i < call->extra.n; i++) {
        const char *near = text_nearest(call->extra.items[i].key, usual, 3);
        if (near) NOTE(notes, part_like, call->extra.items[i].key, near);
    }
}

/* Parts by ranges whose training rows follow the rows judged: refused for valid and test unless leak=allow; a
 * named part may judge the past. */
static bool judge_order(const Call *call, const SplitPlan *plan, const Split *split, Notes *notes, Err *err)
{
    bool shares_alone = plan->n_ranges == 0 || split->folds;
    if (shares_alone || plan->order == 2 || split_divides_samples(call->frame, plan)) return true;
    for (int p = PART_VALID; p < split->n_parts; p++) {
        size_t after = split_training_after(call->frame, split, p);
        const char *name = split->names[p];
        if (!after) continue;
        if (p > PART_TEST) {
            NOTE(notes, judges_past, name, INT(after));
            continue;
        }
        const char *at = option_given(&call->options, name) ? name : "train";
        if (!option_given(&call->options, "leak"))
            return ERR_AT(err, call_span(call, at), split_backward, call->frame_name, INT(after), name);
    }
    return true;
}

/* Whole sequences and trees that have times, divided by shares at random. */
static void tell_samples(const Call *call, const SplitPlan *plan, Notes *notes)
{
    bool shares = plan->given_train || plan->given_valid || plan->given_test;
    bool timed = frame_role(call->frame, ROLE_TIME) >= 0;
    if (plan->order == 0 && shares && timed && split_divides_samples(call->frame, plan))
        NOTE(notes, samples_by_chance, call->frame->sample.kind == SAMPLE_TREE ? "trees" : "sequences");
}

static void report(const Call *call, const Frame *frame, Result *result)
{
    size_t counts[256], none;
    split_count(frame->split, counts);
    none = counts[PART_NONE] - (frame->n_physical - frame->n_rows);
    Buf line = { 0 };
    for (int k = 0; k < frame->split->n_parts; k++) {
        if (!counts[k]) continue;
        buf_printf(&line, "%s%zu %s", line.length ? ", " : "", counts[k], frame->split->names[k]);
        record_number(call->arena, result->record, frame->split->names[k], (double)counts[k]);
    }
    if (counts[PART_TRAIN] == frame->n_rows) buf_puts(&line, ", none to judge by: valid=20% test=20%");
    if (none) buf_printf(&line, ", %zu in no part", none);
    if (frame->split->purged) buf_printf(&line, " (%zu purged)", frame->split->purged);
    result_line(result, "%s: %s", call->frame_name, buf_text(&line));
    buf_free(&line);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    SplitPlan plan = { 0 };
    SplitRange *ranges = arena_take(call->arena, (size_t)(call->extra.n + 3) * sizeof *ranges);
    int32_t *folds = NULL;
    if (!fill_plan(session, call, &plan, ranges, err) || !fill_folds(session, call, &plan, &folds, err))
        return false;
    bool mixes_time =
        plan.order == 2 && frame_role(call->frame, ROLE_TIME) >= 0 && split_taint(call->frame, &plan);
    if (mixes_time && !option_given(&call->options, "leak")) {
        mem_free(folds);
        return ERR_AT(err, call_span(call, "order"), shuffled_time, call->frame_name);
    }
    Split *split = split_make(call->frame, &plan, &result->notes, err);
    mem_free(folds);
    if (!split) return false;
    if (!judge_order(call, &plan, split, &result->notes, err)) {
        split_unref(split);
        return false;
    }
    tell_likeness(call, &result->notes);
    tell_samples(call, &plan, &result->notes);
    Frame *frame = frame_version(call->frame);
    split_unref(frame->split);
    frame->split = split;
    frame->taint |= split_taint(frame, &plan) | (plan.overlap ? TAINT_LEAK_ALLOWED : TAINT_NONE);
    frame_hold_folds(frame, plan.fold_column, &result->notes);
    report(call, frame, result);
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_split = {
    .kind = { .name = "split",
              .help = "says which rows train, which validate, which test",
              .more =
                  "A frame with a time role is split in time order. NAME=RANGE takes a named part out first "
                  "(oot=2022-07..). Sequences and trees are divided whole, at random unless order=time. "
                  "Steps of the recipe learn from the training rows only, anew when the split changes.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nsplit loans train=60% valid=20% test=20% "
                         "stratify=default",
              .since = "1" },
    .group = "Data",
    .form = "split FRAME train=60% valid=20% test=20% [stratify=] [group=] [NAME=RANGE ...] [folds=]",
    .flags = COMMAND_FRAME | COMMAND_EXTRA | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
