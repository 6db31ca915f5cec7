/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a model: a template whose placeholders are filled from the model, its frame, its notes, the
 * session's journal, and what judging verbs found. Every placeholder gives a Result; a renderer makes HTML or
 * Markdown of it. */
#ifndef FNS_LANG_REPORT_H
#define FNS_LANG_REPORT_H

#include "lang/render.h"
#include "lang/session.h"

enum { REPORT_PARTS = 24, REPORT_GAPS = 64, REPORT_MODELS = 16, REPORT_COMPUTED = 64 };

typedef struct Computed {
    const char *statement;
    const Result *result; /* NULL: it failed with `problem` */
    const char *problem;
} Computed;

typedef struct Report {
    Session *session;
    Arena *arena;
    const char *name; /* of the model */
    const Object *object;
    const Prep *prep;
    const char *frame_name; /* that it is judged on; NULL: not in this session */
    const Frame *frame;
    const char *parts[REPORT_PARTS]; /* rows that it is judged on */
    int n_parts;
    const char *part;                 /* rows of charts */
    const char *models;               /* itself and those beside it, as statements write them */
    const char *against;              /* those beside it, or "" */
    const char *names[REPORT_MODELS]; /* it, and those */
    int n_names;
    bool html;
    RenderStyle style;
    Computed computed[REPORT_COMPUTED]; /* by statements of the report itself */
    int n_computed;
    Err stopped;                   /* an interruption, or no memory: nothing is written */
    const char *gaps[REPORT_GAPS]; /* what nobody wrote or computed */
    int n_gaps;
    Source *sources[REPORT_COMPUTED]; /* of these, which results may quote; freed by report_close */
    int n_sources;
} Report;

/* ---- placeholders (report_fields.c) */

typedef struct ReportField {
    const char *name; /* one that ends in . takes what follows it: note.purpose */
    const char *help;
    void (*fill)(Report *report, const char *rest, Result *out);
    const char *(*text)(const Report *report); /* instead: a word or two within a line */
} ReportField;

extern const ReportField report_fields[];
extern const int n_report_fields;
/* NULL: there is none. *rest: what follows the point. */
const ReportField *report_field(const char *name, const char **rest);

/* ---- what sections share (report_work.c) */

/* Runs a statement that only looks, once a report; its result, or NULL and a line that says why not. */
const Result *report_compute(Report *report, Result *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void report_close(Report *report);
/* A table of two columns without heads, and a row of it; no row where the value is NULL or empty. */
Table *report_facts_begin(Result *out, const char *name);
void report_fact(Result *out, Table *table, const char *what, const char *value);
typedef enum Take { TAKE_ALL, TAKE_CHARTS, TAKE_TABLES } Take;
/* Adds items of another result; it may be NULL. */
void report_take(Result *out, const Result *from, Take take);
/* Says that a section is empty and what to write, and lists it. */
void report_gap(Report *report, Result *out, const char *what, const char *remedy);
/* "train,valid" */
const char *report_parts(const Report *report);
const char *report_quote(Arena *arena, const char *name); /* a name as statements write it */

/* ---- templates (report_template.c) */

/* Checks a template: every placeholder is known and closed. The error has the span within `source`. */
bool report_template_check(const Source *source, Err *err);
/* Fills it. */
void report_template_fill(Report *report, const char *template, Buf *out);
/* The built-in ones, by lines. */
const char *report_builtin(bool html, Arena *arena);

/* ---- rendering (report_render.c) */

void report_escape(Buf *out, const char *text, bool html);
void report_render(Buf *out, const Result *result, const Report *report);

#endif
