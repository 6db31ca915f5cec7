/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections of a report about the model itself: facts, notes, definition, training, provenance, conventions.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "data/suspicions.h"
#include "lang/figures.h"
#include "lang/lineage.h"
#include "lang/papers.h"
#include "lang/report_sections.h"
#include "lang/train_report.h"
#include "model/decision.h"
#include "numeric/gemm.h"

#include "config.h"

enum { LEARNED_COLUMNS = 8 };

static const Net *net_of(const Report *report)
{
    return report->object->type == OBJECT_NET ? report->object->net : NULL;
}

static unsigned taint_of(const Report *report)
{
    const Net *net = net_of(report);
    return net ? net->taint : report->object->model->taint;
}

/* ---- words within a line */

const char *report_name(const Report *report)
{
    return report->name;
}

const char *report_kind(const Report *report)
{
    return object_type_name(report->object);
}

const char *report_date(const Report *report)
{
    Buf text = { 0 };
    time_write(&text, (int64_t)time(NULL) / 86400 * 86400 * 1000000000, UNIT_DAY);
    const char *date = arena_text(report->arena, buf_text(&text));
    buf_free(&text);
    return date;
}

const char *report_version(const Report *report)
{
    (void)report;
    return PACKAGE_VERSION;
}

const char *report_hash(const Report *report)
{
    char hash[9] = "";
    if (net_of(report)) net_hash(net_of(report), hash);
    return arena_text(report->arena, hash);
}

/* ---- tables of facts */

void report_facts(Report *report, const char *rest, Result *out)
{
    (void)rest;
    Arena *arena = report->arena;
    const Prep *prep = report->prep;
    const Net *net = net_of(report);
    const Decision *decision = net ? net->decision : report->object->model->decision;
    const char *taint = taint_words(taint_of(report), arena);
    Table *table = report_facts_begin(out, "facts");
    report_fact(out, table, "model",
                net ? arena_format(arena, "%s, a net of %zu parameters", report->name, net->params->n_weights)
                    : arena_format(arena, "%s, a %s", report->name, report_kind(report)));
    report_fact(out, table, "says",
                prep->target_kind == 'n'
                    ? arena_format(arena, "%s, a number", prep->target)
                    : arena_format(arena, "the probability of %s = %s", prep->target,
                                   prep->target_kind == 'b' ? prep->target_levels[1] : "each level"));
    report_fact(out, table, "learned from",
                arena_format(arena, "%zu training rows of %s (%s)", prep->n_train, prep->frame_name,
                             report->frame && report->frame->origin ? report->frame->origin
                                                                    : "origin not in this session"));
    if (net)
        report_fact(out, table, "weights",
                    arena_format(arena, "%s, at epoch %d", report_hash(report), net->epoch));
    Buf decided = { 0 };
    if (decision) decision_write(&decided, decision);
    report_fact(out, table, "decided on its scores", buf_text(&decided));
    buf_free(&decided);
    report_fact(out, table, "owner", papers_note(report->object, "owner"));
    report_fact(out, table, "rules set aside", taint_of(report) ? taint : "none");
    report_fact(out, table, "report",
                arena_format(arena, "%s, fns %s", report_date(report), PACKAGE_VERSION));
}

/* ---- notes */

void report_note(Report *report, const char *key, Result *out)
{
    const char *note = papers_note(report->object, key);
    if (note)
        result_line_ink(out, INK_KEY, "%s", note);
    else
        report_gap(report, out, arena_format(report->arena, "nobody has written \"%s\"", key),
                   arena_format(report->arena, "note %s %s=\"...\"", report->name, key));
}

static bool asked_for(const char *key)
{
    for (int i = 0; i < n_note_keys; i++)
        if (!strcmp(note_keys[i].key, key)) return true;
    return false;
}

void report_notes(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Record *notes = papers_notes(report->object);
    int n = 0;
    for (int i = 0; notes && i < notes->n; i++) {
        if (asked_for(notes->members[i].name)) continue;
        if (!papers_note(report->object, notes->members[i].name)) continue;
        result_line_ink(out, INK_KEY, "%s: %s", notes->members[i].name,
                        papers_note(report->object, notes->members[i].name));
        n++;
    }
    if (!n) result_line_ink(out, INK_DIM, "no further notes");
}

void report_gaps(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (!report->n_gaps) {
        result_line(out, "Every section is filled.");
        return;
    }
    Table *table = result_table(out, "gaps", arena_format(report->arena, "open: %d", report->n_gaps));
    table_column(report->arena, table, "missing", ALIGN_LEFT, 0);
    table_column(report->arena, table, "what fills it", ALIGN_LEFT, 0);
    for (int i = 0; i < report->n_gaps; i++) {
        const char *at = strstr(report->gaps[i], ": ");
        Value *row = table_row(report->arena, table);
        row[0] = value_text(report->arena,
                            arena_copy(report->arena, report->gaps[i], (size_t)(at - report->gaps[i])));
        row[1] = value_text(report->arena, at + 2);
    }
}

/* ---- definition */

static void net_definition(Report *report, const Net *net, Result *out)
{
    Buf text = { 0 };
    netdef_write(&text, net->def);
    result_line(out, "%s", buf_text(&text));
    buf_free(&text);
    const Result *summary =
        report_compute(report, out, "summary %s", report_quote(report->arena, report->name));
    report_take(out, summary, TAKE_TABLES);
    result_line(out, "%zu parameters; the first weights follow from seed %.0f.", net->params->n_weights,
                (double)net->seed);
}

/* Single values of what a baseline learned. */
static void learned_values(const Record *learned, Result *out)
{
    Table *table = report_facts_begin(out, "figures");
    for (int i = 0; i < learned->n; i++) {
        const Value *value = learned->members[i].value;
        if (value->type == VALUE_LIST || value->type == VALUE_RECORD || value->type == VALUE_MISSING)
            continue;
        Value *row = table_row(out->arena, table);
        row[0] = value_text(out->arena, learned->members[i].name);
        row[1] = *value;
    }
}

/* Records of it with the same members, side by side: coefficients, errors, p-values of each input. */
static void learned_table(const Record *learned, Result *out)
{
    const Record *of[LEARNED_COLUMNS];
    const char *names[LEARNED_COLUMNS];
    int n = 0;
    for (int i = 0; i < learned->n && n < LEARNED_COLUMNS; i++) {
        const Value *value = learned->members[i].value;
        if (value->type != VALUE_RECORD || !value->record->n ||
            value->record->members[0].value->type == VALUE_RECORD)
            continue;
        names[n] = learned->members[i].name;
        of[n++] = value->record;
    }
    if (!n) return;
    Table *table = result_table(out, "learned", "what it learned");
    table_column(out->arena, table, "of", ALIGN_LEFT, 0);
    for (int k = 0; k < n; k++) table_column(out->arena, table, names[k], ALIGN_RIGHT, 4);
    for (int r = 0; r < of[0]->n; r++) {
        Value *row = table_row(out->arena, table);
        row[0] = value_text(out->arena, of[0]->members[r].name);
        for (int k = 0; k < n; k++) {
            const Value *cell = record_get(of[k], of[0]->members[r].name);
            if (cell) row[1 + k] = *cell;
        }
    }
}

void report_definition(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (net_of(report)) {
        net_definition(report, net_of(report), out);
        return;
    }
    const Model *model = report->object->model;
    Value learned = model->kind->record(model, report->arena);
    result_line(out, "A fitted %s of %d inputs.", model->kind->name, report->prep->n_features);
    if (learned.type != VALUE_RECORD) return;
    learned_values(learned.record, out);
    learned_table(learned.record, out);
}

/* ---- training */

static void list_changes(const History *history, Result *out)
{
    for (int i = 0; i < history->n_changes; i++)
        result_line(out, "By hand, at epoch %d, batch %d: %s = %g.", history->changes[i].epoch,
                    history->changes[i].batch, history->changes[i].key, history->changes[i].value);
}

void report_training(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Net *net = net_of(report);
    Arena *arena = report->arena;
    if (!net) {
        result_line(out, "Fitted at once on %zu training rows; there is no course of training to show.",
                    report->prep->n_train);
        return;
    }
    const History *history = net->history;
    char time[40];
    if (!history || !history->n) {
        result_line_ink(out, INK_ADVICE, "the history of its training is not kept");
        return;
    }
    Table *table = report_facts_begin(out, "training");
    report_fact(out, table, "statement",
                arena_format(arena, "train %s", net->trained_words ? net->trained_words : ""));
    report_fact(out, table, "minimised", net->loss_name);
    report_fact(out, table, "epochs",
                arena_format(arena, "%d, kept: epoch %d", history->rows[history->n - 1].epoch, net->epoch));
    if (history->best_epoch)
        report_fact(out, table, "best epoch",
                    arena_format(arena, "%d by %s", history->best_epoch,
                                 history->monitor ? history->monitor : "loss"));
    report_fact(out, table, "stopped", stop_reason_text(history->stop));
    report_fact(out, table, "time", arena_format(arena, "%s s", number_short(history->seconds, 3, time)));
    report_fact(out, table, "weights", report_hash(report));
    list_changes(history, out);
    if (history->n < 2) return;
    Chart *chart = train_report_chart(arena, history, 1);
    chart->title = "loss of each epoch";
    result_chart(out, chart, 1, 0);
}

/* ---- trials */

void report_trials(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Session *session = report->session;
    result_line(
        out,
        "This session trained %d %s to judge and compare; the rows of the test part were opened %d %s, "
        "this report included. The best of many trials looks better than it is.",
        session->n_trials, count_noun(session->n_trials, "model", "models"), session->test_openings,
        count_noun(session->test_openings, "time", "times"));
    report_take(out, report_compute(report, out, "trials"), TAKE_TABLES);
}

/* ---- provenance */

static const Record *made_of(const Report *report)
{
    ModelPapers papers = papers_to_save(report->session, report->name, report->object, report->arena);
    const Value *made = papers ? record_get(papers, "made") : NULL;
    return made ? made->record : NULL;
}

void report_provenance(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Net *net = net_of(report);
    Arena *arena = report->arena;
    Table *table = report_facts_begin(out, "provenance");
    report_fact(out, table, "fns", PACKAGE_VERSION);
    report_fact(out, table, "products", blas_describe());
    report_fact(out, table, "own kernel", gemm_instruction_set());
    if (net) report_fact(out, table, "seed", arena_format(arena, "%.0f", (double)net->seed));
    report_fact(out, table, "data hash (XXH3-128)", report->prep->data_hash);
    report_fact(out, table, "weights hash (SHA-256)", report_hash(report));
    result_line(
        out,
        "The same program, OpenBLAS kernel, script and data give the same bits, whatever the number of "
        "threads. save %s \"file.fnm\" keeps all of this in the model file, and reproduce "
        "\"file.fnm\" trains it again and compares.",
        report->name);
}

void report_script(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Record *made = made_of(report);
    const Value *script = made ? record_get(made, "script") : NULL;
    if (!script) {
        result_line_ink(out, INK_ADVICE, "the statements that made it are not in this session");
        return;
    }
    Buf text = { 0 };
    for (int i = 0; i < script->list.n; i++)
        if (script->list.items[i].type == VALUE_TEXT) buf_printf(&text, "%s\n", script->list.items[i].text);
    result_line(out, "%s", buf_text(&text));
    buf_free(&text);
}

/* ---- conventions */

void report_conventions(Report *report, const char *rest, Result *out)
{
    (void)rest;
    static const char *const words[][2] = {
        { "event", "level 1 of the target; scores rise with its probability" },
        { "AUC", "equal scores count half; interval by DeLong" },
        { "Gini", "2 AUC - 1" },
        { "KS", "the largest distance of the two distributions, at distinct scores" },
        { "Brier",
          "mean squared error of the probability; its decomposition into reliability, resolution and "
          "uncertainty has a remainder, which is shown" },
        { "intervals", "95% unless said; resampled within classes where there is no closed one" },
        { "paired tests", "AUC and Gini by DeLong, accuracy by McNemar, on the same rows" },
        { "reliability", "10 bands of equal width; ECE by width, ecemass by equal weight" },
        { "cut-off", "the event is said from it on; chosen on rows that the model did not learn from, at "
                     "the costs that stand beside it; without one 0.5" },
        { "gains", "10 bands of equal weight, the highest scores first; equal scores stay together" },
        { "WoE", "ln of the share of the others over the share of the events; higher is safer" },
        { "PSI", "sum of (a - e) ln(a / e) over bins fixed on the training rows; above 0.1 moderate, above "
                 "0.25 large, beside the critical value of so many rows" },
        { "learned", "everything that is learned from data is learned from training rows alone" },
        { "missing", "stays missing until a step of the recipe fills it" },
        { "test", "test rows are opened when somebody asks for them, and each opening is counted" },
    };
    Arena *arena = report->arena;
    Table *table = report_facts_begin(out, "conventions");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        report_fact(out, table, words[i][0], words[i][1]);
    report_fact(out, table, "trials and openings",
                arena_format(arena, "%d %s, the test rows opened %d %s", report->session->n_trials,
                             count_noun(report->session->n_trials, "trial", "trials"),
                             report->session->test_openings,
                             count_noun(report->session->test_openings, "time", "times")));
    if (report->prep->sample.horizon)
        report_fact(out, table, "horizon", arena_format(arena, "%ld rows", report->prep->sample.horizon));
}
