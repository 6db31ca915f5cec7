/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections of a report about how well the model does: what the report computes itself, and what judging verbs
 * found in this session. */
#include <string.h>

#include "lang/kept.h"
#include "lang/report_sections.h"

static const char *on(const Report *report)
{
    return arena_format(report->arena, "on=%s", report_quote(report->arena, report->frame_name));
}

static bool can_judge(Report *report, Result *out)
{
    if (report->frame) return true;
    result_line_ink(out, INK_ADVICE, "not computed: the data are not in this session");
    return false;
}

/* ---- the main figures: a row for each part and model */

static const struct {
    char kind; /* of the target */
    const char *metric, *head;
} key_figures[] = {
    { 'b', "auc", "AUC" },          { 'b', "gini", "Gini" },        { 'b', "ks", "KS" },
    { 'b', "brier", "Brier" },      { 'b', "logloss", "log-loss" }, { 'n', "r2", "R2" },
    { 'n', "rmse", "RMSE" },        { 'n', "mae", "MAE" },          { 'c', "accuracy", "accuracy" },
    { 'c', "logloss", "log-loss" }, { 'c', "auc", "AUC" },
};
enum { N_KEY = sizeof key_figures / sizeof *key_figures };

/* record.a.b of "a.b"; NULL: there is none. */
static const Value *member(const Record *record, const char *path, Arena *arena)
{
    const Value *value = NULL;
    for (const char *at = path; record;) {
        size_t n = strcspn(at, ".");
        value = record_get(record, arena_copy(arena, at, n));
        if (!value || !at[n]) return value;
        record = value->type == VALUE_RECORD ? value->record : NULL;
        at += n + 1;
    }
    return NULL;
}

static Value figure(const Report *report, const Record *record, const char *model, const char *part,
                    const char *what)
{
    Arena *arena = report->arena;
    const char *place = report->n_parts > 1 ? arena_format(arena, "%s.%s", model, part) : model;
    const Value *value = member(record, arena_format(arena, "%s.%s", place, what), arena);
    return value ? *value : value_missing();
}

static Value interval(const Report *report, const Record *record, const char *model, const char *part,
                      const char *metric)
{
    Arena *arena = report->arena;
    char low[40], high[40];
    Value from = figure(report, record, model, part, arena_format(arena, "ci.%s.low", metric)),
          to = figure(report, record, model, part, arena_format(arena, "ci.%s.high", metric));
    if (from.type != VALUE_NUMBER || to.type != VALUE_NUMBER) return value_missing();
    return value_text(arena, arena_format(arena, "%s to %s", number_short(from.number, 4, low),
                                          number_short(to.number, 4, high)));
}

static void key_row(const Report *report, const Record *record, const char *model, const char *part,
                    Table *table)
{
    int c = 0;
    Value *row = table_row(report->arena, table);
    row[c++] = value_text(report->arena, part);
    row[c++] = value_text(report->arena, model);
    for (int i = 0, first = 1; i < N_KEY; i++) {
        if (key_figures[i].kind != report->prep->target_kind) continue;
        row[c++] = figure(report, record, model, part, key_figures[i].metric);
        if (first) row[c++] = interval(report, record, model, part, key_figures[i].metric);
        first = 0;
    }
}

static void key_table(const Report *report, const Record *record, Result *out)
{
    Table *table = result_table(out, "key", NULL);
    table_column(out->arena, table, "rows", ALIGN_LEFT, 0);
    table_column(out->arena, table, "model", ALIGN_LEFT, 0);
    for (int i = 0, first = 1; i < N_KEY; i++) {
        if (key_figures[i].kind != report->prep->target_kind) continue;
        table_column(out->arena, table, key_figures[i].head, ALIGN_RIGHT, 4);
        if (first && report->prep->target_kind == 'b')
            table_column(out->arena, table, "95% interval", ALIGN_RIGHT, 0);
        else if (first)
            table_column(out->arena, table, " ", ALIGN_RIGHT, 0);
        first = 0;
    }
    for (int p = 0; p < report->n_parts; p++)
        for (int m = 0; m < report->n_names; m++)
            key_row(report, record, report->names[m], report->parts[p], table);
}

void report_key_figures(Report *report, const char *rest, Result *out)
{
    (void)rest;
    Buf metrics = { 0 };
    if (!can_judge(report, out)) return;
    for (int i = 0; i < N_KEY; i++)
        if (key_figures[i].kind == report->prep->target_kind)
            buf_printf(&metrics, "%s%s", metrics.length ? "," : "", key_figures[i].metric);
    const Result *result =
        report_compute(report, out, "evaluate %s %s part=%s metrics=%s ci=delong", report->models, on(report),
                       report_parts(report), buf_text(&metrics));
    buf_free(&metrics);
    if (result) key_table(report, result->record, out);
}

void report_performance(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (!can_judge(report, out)) return;
    report_take(out,
                report_compute(report, out, "evaluate %s %s part=%s ci=on", report->models, on(report),
                               report_parts(report)),
                TAKE_ALL);
    if (!*report->against)
        report_gap(report, out, "no other model stands beside it",
                   arena_format(report->arena, "report %s against=NAME", report->name));
}

static bool of_events(Report *report, Result *out)
{
    if (!can_judge(report, out)) return false;
    if (report->prep->target_kind == 'b') return true;
    result_line_ink(out, INK_DIM, "defined for a target of two levels");
    return false;
}

void report_calibration(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (!of_events(report, out)) return;
    report_take(out,
                report_compute(report, out, "evaluate %s %s part=%s metrics=probability", report->models,
                               on(report), report_parts(report)),
                TAKE_TABLES);
    report_take(out,
                report_compute(report, out, "plot %s %s part=%s view=reliability",
                               report_quote(report->arena, report->name), on(report),
                               report_quote(report->arena, report->part)),
                TAKE_TABLES);
}

void report_gains_table(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (!of_events(report, out)) return;
    report_take(out,
                report_compute(report, out, "gains %s %s part=%s", report_quote(report->arena, report->name),
                               on(report), report_quote(report->arena, report->part)),
                TAKE_ALL);
}

/* ---- charts */

static const struct {
    const char *view;
    bool several; /* models in one picture */
} views[] = { { "roc", true }, { "pr", true },          { "gains", true },
              { "ks", false }, { "reliability", true }, { "density", false } };

bool report_chart_known(const char *view)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (!strcmp(views[i].view, view)) return true;
    return false;
}

void report_chart(Report *report, const char *view, Result *out)
{
    size_t v = 0;
    while (strcmp(views[v].view, view)) v++;
    if (!of_events(report, out)) return;
    const char *models = views[v].several ? report->models : report_quote(report->arena, report->name);
    report_take(out,
                report_compute(report, out, "plot %s %s part=%s view=%s", models, on(report),
                               report_quote(report->arena, report->part), view),
                TAKE_CHARTS);
}

/* ---- what was found in this session */

/* Verbs whose results may stand in a report, those of the language that this program lacks among them. */
bool report_verb_known(const char *verb)
{
    static const char *const verbs[] = { "evaluate",  "compare", "gains",    "calibrate", "threshold",
                                         "scorecard", "grade",   "fairness", "drift",     "importance",
                                         "explain",   "weights", "check",    "predict",   "backtest",
                                         "var",       "plot",    "reproduce" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(verbs[i], verb)) return true;
    return false;
}

static void show_kept(const KeptResult *kept, Result *out)
{
    result_line_ink(out, INK_DIM, "> %s", kept->statement);
    report_take(out, kept->result, TAKE_ALL);
}

/* Of `check` the report itself looks for leaks. */
static bool is_shown(const KeptResult *kept)
{
    const Value *what = record_get(kept->result->record, "for");
    return strcmp(kept->verb, "check") || !what || strcmp(what->text, "leaks");
}

static int show_all(Report *report, const char *verb, const char *name, Result *out)
{
    const KeptResult *kept;
    int n = 0;
    for (; name && (kept = kept_get(report->session, verb, name, n)); n++)
        if (is_shown(kept)) show_kept(kept, out);
    return n;
}

/* What guidance asks of every model; the other verbs are there for those that need them. */
static bool is_asked_for(const char *verb)
{
    static const char *const verbs[] = { "calibrate", "threshold", "fairness", "drift", "importance" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(verbs[i], verb)) return true;
    return false;
}

void report_kept(Report *report, const char *verb, Result *out)
{
    int n = show_all(report, verb, report->name, out) + show_all(report, verb, report->frame_name, out);
    if (n || !strcmp(verb, "check")) return;
    const char *what = kept_outdated(report->session, verb, report->name)
                           ? arena_format(report->arena, "%s was computed before the weights changed", verb)
                           : arena_format(report->arena, "%s was not computed in this session", verb);
    const char *remedy = arena_format(report->arena, "%s %s", verb, report->name);
    if (is_asked_for(verb))
        report_gap(report, out, what, remedy);
    else
        result_line_ink(out, INK_DIM, "%s: %s", what, remedy);
}
