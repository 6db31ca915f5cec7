/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/suspicions.h"
#include "lang/bind.h"
#include "lang/nulltest.h"

static const OptionSpec options[] = {
    { "object", OPTION_OBJECT, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "a frame or a model" },
    { "for", OPTION_WORD, 0, "leaks", 0, 0, "leaks|truncate|shuffle|noise", NULL,
      "leaks: what the data show; truncate: whether columns look ahead; shuffle, noise: what training finds "
      "where there is nothing" },
    { "rounds", OPTION_INTEGER, 0, "20", 3, 1000, NULL, NULL,
      "of shuffle and noise: how often it trains anew" },
    { "cuts", OPTION_INTEGER, 0, "8", 1, 1000, NULL, NULL, "of truncate: how many random cuts" },
    { "seed", OPTION_INTEGER, 0, NULL, 0, 9007199254740992.0, NULL, NULL, "`set seed` otherwise" },
};

static uint64_t seed_of(const Session *session, const Call *call)
{
    bool given = option_given(&call->options, "seed");
    return (uint64_t)(given ? option_number(&call->options, "seed") : session->settings.seed);
}

/* ---- findings */

static const char *place_of(const Session *session, const char *made)
{
    bool typed = made && !strncmp(made, "prompt:", 7);
    return !made || (typed && !session->prompt) ? "" : made;
}

static void show_findings(Session *session, const Suspicions *suspicions, const char *name, const char *clean,
                          Result *result)
{
    Arena *arena = result->arena;
    Table *table = suspicions->n ? result_table(result, "findings", NULL) : NULL;
    if (table) {
        table_column(arena, table, "column", ALIGN_LEFT, 0);
        table_column(arena, table, "made at", ALIGN_LEFT, 0);
        table_column(arena, table, "finding", ALIGN_LEFT, 0);
        table_column(arena, table, "figure", ALIGN_RIGHT, 4);
    }
    for (int i = 0; i < suspicions->n; i++) {
        const Suspicion *finding = &suspicions->items[i];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, finding->column ? finding->column : "");
        row[1] = value_text(arena, place_of(session, finding->made));
        row[2] = value_text(arena, finding->what);
        row[3] = isnan(finding->figure) ? value_missing() : value_number(finding->figure);
    }
    for (int i = 0; i < suspicions->n; i++)
        result_line(result, "%s%s%s", suspicions->items[i].column ? suspicions->items[i].column : "",
                    suspicions->items[i].column ? ": " : "", suspicions->items[i].remedy);
    record_number(arena, result->record, "leaks", suspicions->leaks);
    record_number(arena, result->record, "warnings", suspicions->n - suspicions->leaks);
    record_set(arena, result->record, "passed", value_bool(suspicions->leaks == 0));
    if (suspicions->leaks)
        result_line_ink(result, INK_BAD, "%s: %d leak%s", name, suspicions->leaks,
                        suspicions->leaks == 1 ? "" : "s");
    else
        result_line(result, "%s: %s", name, clean);
}

/* The frame that a name means: itself, or what a model learned from. */
static const Frame *frame_of(Session *session, const char *name, unsigned *taint, Err *err)
{
    const Object *object = session_get(session, name);
    const Prep *prep = NULL;
    *taint = TAINT_NONE;
    if (object && object->type == OBJECT_NET) {
        prep = object->net->prep;
        *taint = object->net->taint;
    } else if (object && object->type == OBJECT_MODEL) {
        prep = object->model->prep;
        *taint = object->model->taint;
    } else {
        return session_frame(session, name, err);
    }
    if (prep && prep->frame_name) return session_frame(session, prep->frame_name, err);
    ERR(err, untrained, name);
    return NULL;
}

static bool check_leaks(Session *session, const char *name, Result *result, Err *err)
{
    unsigned taint;
    Suspicions suspicions = { .arena = result->arena };
    const Frame *frame = frame_of(session, name, &taint, err);
    if (!frame || !leaks_find(frame, &suspicions, &session->progress, err)) return false;
    if (taint & ~frame->taint)
        suspicions_add(&suspicions, frame, -1, true, NAN, "tainted",
                       taint_words(taint & ~frame->taint, result->arena));
    if (session->test_openings > 1)
        suspicions_add(&suspicions, frame, -1, false, session->test_openings,
                       "times that test rows were opened",
                       "what was chosen by a look at them is no longer out of sample");
    show_findings(session, &suspicions, name, "no leak was found", result);
    return true;
}

static bool check_truncation(Session *session, const Call *call, const char *name, Result *result, Err *err)
{
    unsigned taint;
    int tested, cuts = (int)option_integer(&call->options, "cuts");
    Suspicions suspicions = { .arena = result->arena };
    const Frame *frame = frame_of(session, name, &taint, err);
    if (!frame || !truncation_find(frame, cuts, seed_of(session, call), &tested, &suspicions, &result->notes,
                                   &session->progress, err))
        return false;
    record_number(result->arena, result->record, "tested", tested);
    const char *clean =
        tested ? arena_format(result->arena, "%d columns, %d cuts: none changes when later rows are cut off",
                              tested, cuts)
               : "no derived column and no recipe to test";
    show_findings(session, &suspicions, name, clean, result);
    return true;
}

/* ---- training where there is nothing */

static void show_test(const NullTest *test, const char *what, Result *result)
{
    Arena *arena = result->arena;
    Record *record = result->record;
    double low = test->chance - 4 * test->sd, high = test->chance + 4 * test->sd;
    Value values = value_list(arena, test->rounds);
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < test->rounds; i++) {
        values.list.items[i] = value_number(test->values[i]);
        least = fmin(least, test->values[i]);
        most = fmax(most, test->values[i]);
    }
    result_line(result, "%s, %d times on %s: %s %.4f on average, %.4f to %.4f", test->judge, test->rounds,
                what, test->metric, test->mean, least, most);
    if (test->block > 1)
        result_line(result,
                    "in blocks of %zu rows in order of time, so that what neighbours share stays shared",
                    test->block);
    result_line(result, "chance: %.4f to %.4f (four standard deviations, %zu rows); as it is: %.4f", low,
                high, test->n, test->own);
    if (test->passed)
        result_line(result, "passed: it finds nothing where there is nothing");
    else
        result_line_ink(result, INK_BAD, "leak: it finds something where there is nothing (%d of %d outside)",
                        test->outside, test->rounds);
    record_text(arena, record, "metric", test->metric);
    record_number(arena, record, "mean", test->mean);
    record_number(arena, record, "low", low);
    record_number(arena, record, "high", high);
    record_number(arena, record, "sd", test->sd);
    record_number(arena, record, "own", test->own);
    record_number(arena, record, "outside", test->outside);
    record_set(arena, record, "values", values);
    record_set(arena, record, "passed", value_bool(test->passed));
}

static bool check_nothing(Session *session, const Call *call, const char *name, bool noise, Result *result,
                          Err *err)
{
    NullTest test;
    if (!nulltest_run(session, name, noise, (int)option_integer(&call->options, "rounds"),
                      seed_of(session, call), result->arena, &test, err))
        return false;
    show_test(&test, noise ? "permuted inputs" : "permuted targets", result);
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "object"), *what = option_text(&call->options, "for");
    if (!name) name = session->with_frame;
    if (!name) return ERR(err, missing_argument, "check", "a frame or a model");
    record_text(result->arena, result->record, "for", what);
    if (!strcmp(what, "leaks")) return check_leaks(session, name, result, err);
    if (!strcmp(what, "truncate")) return check_truncation(session, call, name, result, err);
    return check_nothing(session, call, name, !strcmp(what, "noise"), result, err);
}

const CommandKind command_check = {
    .kind = { .name = "check",
              .help = "looks for leaks: what the data show, columns that look ahead, training on nothing",
              .more =
                  "leaks: an input that alone orders the target (AUC above 0.95, |correlation| above 0.98), "
                  "or is derived from the target of its own row, levels that say it, ids, groups, dates, "
                  "labels and duplicates across the split, "
                  "leak=allow, test rows opened more than once; with the line that made the column. "
                  "truncate: derived columns and the recipe are made again without the rows after random "
                  "cuts; what changes looks ahead. shuffle: the model is trained anew on permuted targets, "
                  "noise: on permuted inputs; on rows it did not learn from its metric must stay within "
                  "four standard deviations of chance. A frame is judged by a logit or by least squares. "
                  "Test rows are never looked at. $last.passed is on or off.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=400\nsplit loans train=60% valid=20% test=20%\nderive loans "
                  "fee = default * 12 + x1 / 100\ncheck loans\ndrop loans fee\ncheck loans for=shuffle "
                  "rounds=5",
              .since = "1" },
    .group = "Data",
    .form = "check FRAME|MODEL [for=leaks|truncate|shuffle|noise] [rounds=] [cuts=]",
    .flags = COMMAND_LAST,
    .run = run,
};
