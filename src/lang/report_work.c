/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sections of a report share: running the verbs that compute, and saying what is missing. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/source.h"
#include "lang/bind.h"
#include "lang/parse.h"
#include "lang/report.h"

const char *report_quote(Arena *arena, const char *name)
{
    Buf out = { 0 };
    for (const char *at = name; *at;) {
        size_t n = strcspn(at, ".");
        buf_printf(&out, "`%.*s`", (int)n, at);
        at += n;
        if (*at) buf_putc(&out, *at++);
    }
    const char *text = arena_text(arena, buf_text(&out));
    buf_free(&out);
    return text;
}

const char *report_parts(const Report *report)
{
    Buf out = { 0 };
    for (int i = 0; i < report->n_parts; i++)
        buf_printf(&out, "%s%s", i ? "," : "", report_quote(report->arena, report->parts[i]));
    const char *text = arena_text(report->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static const Result *run_command(Session *session, const Node *node, Err *err)
{
    Call call;
    if (node->type != NODE_COMMAND || !bind_call(session, node, &call, err)) return NULL;
    Result *result = result_new(session->scratch, call.command->kind.name);
    return call.command->run(session, &call, result, err) ? result : NULL;
}

static const Result *run_statement_text(Report *report, const char *statement, Err *err)
{
    Session *session = report->session;
    Source *source = source_new("report", NULL, statement, strlen(statement), err);
    if (!source) return NULL;
    report->sources[report->n_sources++] = source;
    Span outer = session->statement;
    const Node *tree = parse_source(source, vocabulary_full(), NULL, err, NULL);
    const Result *result = tree && tree->items.n ? run_command(session, tree->items.items[0], err) : NULL;
    session->statement = outer;
    session->keep_changes = false;
    return result;
}

void report_close(Report *report)
{
    for (int i = 0; i < report->n_sources; i++) source_free(report->sources[i]);
}

static const Computed *find_computed(const Report *report, const char *statement)
{
    for (int i = 0; i < report->n_computed; i++)
        if (!strcmp(report->computed[i].statement, statement)) return &report->computed[i];
    return NULL;
}

/* There are fewer statements than places: each is one of a fixed set of sections. */
static const Computed *compute(Report *report, const char *statement)
{
    const Computed *known = find_computed(report, statement);
    if (known) return known;
    Err problem = { 0 };
    const Result *result = report->stopped.code ? NULL : run_statement_text(report, statement, &problem);
    if (problem.code == CODE_interrupted || problem.code == CODE_no_memory) report->stopped = problem;
    Computed *computed = &report->computed[report->n_computed++];
    *computed = (Computed){ statement, result, arena_text(report->arena, problem.message) };
    return computed;
}

const Result *report_compute(Report *report, Result *out, const char *format, ...)
{
    char statement[4000];
    va_list args;
    va_start(args, format);
    vsnprintf(statement, sizeof statement, format, args);
    va_end(args);
    const Computed *computed = compute(report, arena_text(report->arena, statement));
    if (!computed->result) result_line_ink(out, INK_ADVICE, "not available: %s", computed->problem);
    return computed->result;
}

static void take_note(Notes *notes, const char *text)
{
    const char **texts = arena_take(notes->arena, ((size_t)notes->n + 1) * sizeof *texts);
    for (int i = 0; i < notes->n; i++) {
        if (!strcmp(notes->texts[i], text)) return;
        texts[i] = notes->texts[i];
    }
    texts[notes->n] = text;
    notes->texts = texts;
    notes->capacity = ++notes->n;
}

void report_take(Result *out, const Result *from, Take take)
{
    if (!from) return;
    for (int i = 0; i < from->n_items; i++) {
        const ResultItem *item = &from->items[i];
        bool chart = item->kind == ITEM_CHART, table = item->kind == ITEM_TABLE;
        if ((take == TAKE_CHARTS && !chart) || (take == TAKE_TABLES && !table)) continue;
        if (take == TAKE_TABLES && item->table->behind_chart) continue;
        if (chart) result_chart(out, item->chart, 0, 0);
        if (table) {
            Table *copy = result_table(out, item->table->name, item->table->title);
            *copy = *item->table;
        }
        if (item->kind == ITEM_LINE) result_line_ink(out, item->ink, "%s", item->line);
        if (item->kind == ITEM_GRID) result_grid(out, item->grid);
    }
    for (int i = 0; take != TAKE_CHARTS && i < from->notes.n; i++)
        take_note(&out->notes, from->notes.texts[i]);
}

void report_gap(Report *report, Result *out, const char *what, const char *remedy)
{
    result_line_ink(out, INK_ADVICE, "%s: %s", what, remedy);
    if (report->n_gaps < REPORT_GAPS)
        report->gaps[report->n_gaps++] = arena_format(report->arena, "%s: %s", what, remedy);
}

Table *report_facts_begin(Result *out, const char *name)
{
    Table *table = result_table(out, name, NULL);
    table_column(out->arena, table, "", ALIGN_LEFT, 0);
    table_column(out->arena, table, " ", ALIGN_LEFT, 0);
    return table;
}

void report_fact(Result *out, Table *table, const char *what, const char *value)
{
    if (!value || !*value) return;
    Value *row = table_row(out->arena, table);
    row[0] = value_text(out->arena, what);
    row[1] = value_text(out->arena, value);
}
