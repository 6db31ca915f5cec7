/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report MODEL "file.html"`: the document of a model, from a template. */
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/source.h"
#include "lang/bind.h"
#include "lang/report.h"

enum { TEMPLATE_MOST = 4 << 20 };

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a trained net, or a fitted model" },
    { "file", OPTION_FILE, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "where to: .html or .md" },
    { "template", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL,
      "a file with placeholders; show: the built-in one, as a start for your own" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "the data; else what the model learned from" },
    { "part", OPTION_PART, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "rows that it also looks at: test; all others but test it looks at anyway" },
    { "against", OPTION_MODEL, OPTION_LIST, NULL, 0, 0, NULL, NULL, "models to stand beside it" },
};

/* ---- what it is about */

static bool find_model(const Call *call, Report *report, Err *err)
{
    const Object *object = report->object;
    Span span = call_span(call, "model");
    if (!object) return ERR_AT(err, span, report_score, report->name);
    if (object->type != OBJECT_NET && object->type != OBJECT_MODEL)
        return ERR_AT(err, span, wrong_type, report->name, object_type_name(object),
                      "a net or a fitted model");
    report->prep = object->type == OBJECT_NET ? object->net->prep : object->model->prep;
    if (object->type == OBJECT_NET && (!report->prep || !object->net->params))
        return ERR_AT(err, span, untrained, report->name);
    if (report->prep && report->prep->target) return true;
    return ERR_AT(err, span, report_score, report->name);
}

static void find_frame(const Call *call, Report *report)
{
    const char *on = option_text(&call->options, "on");
    report->frame_name = on ? on : report->prep->frame_name;
    const Object *object = report->frame_name ? session_get(report->session, report->frame_name) : NULL;
    report->frame = object && object->type == OBJECT_FRAME ? object->frame : NULL;
}

static void add_part(Report *report, const char *part)
{
    for (int i = 0; i < report->n_parts; i++)
        if (!strcmp(report->parts[i], part)) return;
    if (report->n_parts < REPORT_PARTS) report->parts[report->n_parts++] = part;
}

/* All parts that have rows but test; test where it is asked for. Charts are of the last of part=, else of the
 * validation rows. */
static void find_parts(const Call *call, Report *report)
{
    const Split *split = report->frame ? report->frame->split : NULL;
    ValueList given = option_list(&call->options, "part");
    size_t counts[256] = { 0 };
    if (split) split_count(split, counts);
    for (int k = 0; split && k < split->n_parts && !split->folds; k++)
        if (k != PART_TEST && counts[k]) add_part(report, split->names[k]);
    if (!report->n_parts) add_part(report, "all");
    report->part = split && counts[PART_VALID] ? split->names[PART_VALID] : report->parts[0];
    for (int i = 0; i < given.n; i++) {
        add_part(report, given.items[i].text);
        report->part = given.items[i].text;
    }
}

static void find_others(const Call *call, Report *report)
{
    ValueList others = option_list(&call->options, "against");
    Buf names = { 0 };
    report->names[report->n_names++] = report->name;
    for (int i = 0; i < others.n && report->n_names < REPORT_MODELS; i++) {
        if (!strcmp(others.items[i].text, report->name)) continue;
        report->names[report->n_names++] = others.items[i].text;
        buf_printf(&names, " %s", report_quote(report->arena, others.items[i].text));
    }
    report->against = arena_text(report->arena, buf_text(&names));
    report->models =
        arena_format(report->arena, "%s%s", report_quote(report->arena, report->name), report->against);
    buf_free(&names);
}

/* ---- templates and files */

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n > m && !strcasecmp(path + n - m, ending);
}

static bool check_file(const Call *call, const char *given, const char *path, bool *html, Err *err)
{
    if (!given) return ERR(err, report_file, NULL);
    *html = ends_in(path, ".html") || ends_in(path, ".htm");
    if (!*html && !ends_in(path, ".md")) return ERR_AT(err, call_span(call, "file"), report_ending, given);
    if (!file_exists(path) || call->replace) return true;
    return ERR_AT(err, call_span(call, "file"), file_is_there, given);
}

static bool write_file(const Call *call, const char *path, Buf *text, Err *err)
{
    FileWriter writer;
    bool ok = file_begin(&writer, path, err) && file_end(&writer, file_put(&writer, text, err), err);
    if (!ok && err && !err->span.source) err->span = call_span(call, "file");
    return ok;
}

static bool show_template(Session *session, const Call *call, Result *result, Err *err)
{
    const char *file = option_text(&call->options, "file");
    bool html = true;
    if (!file) {
        result_line(result, "%s", report_builtin(true, call->arena));
        return true;
    }
    const char *path = session_path(session, call->arena, file);
    Buf text = { 0 };
    if (!check_file(call, file, path, &html, err)) return false;
    buf_puts(&text, report_builtin(html, call->arena));
    bool ok = write_file(call, path, &text, err);
    buf_free(&text);
    if (ok) result_line(result, "%s is written: the built-in template", file);
    return ok;
}

/* The bank's own, checked; or the built-in one. */
static bool read_template(Session *session, const Call *call, bool html, const char **out, Err *err)
{
    const char *given = option_text(&call->options, "template");
    size_t length;
    *out = report_builtin(html, call->arena);
    if (!given) return true;
    const char *path = session_path(session, call->arena, given);
    char *text = file_read(path, TEMPLATE_MOST, &length, err);
    Source *source = text ? source_new(given, NULL, text, length, err) : NULL;
    mem_free(text);
    if (!source) {
        if (err && !err->span.source) err->span = call_span(call, "template");
        return false;
    }
    session_keep_source(session, source);
    *out = source->text;
    return report_template_check(source, err);
}

/* ---- the command */

static bool make(Session *session, const Call *call, const char *file, Result *result, Err *err)
{
    Report report = {
        .session = session,
        .arena = call->arena,
        .name = option_text(&call->options, "model"),
        .style = { .unicode = true, .marks = MARKS_BRAILLE, .digits = (int)session->settings.digits }
    };
    const char *path = session_path(session, call->arena, file ? file : ""), *template;
    report.object = session_get(session, report.name);
    if (!find_model(call, &report, err) || !check_file(call, file, path, &report.html, err) ||
        !read_template(session, call, report.html, &template, err))
        return false;
    find_frame(call, &report);
    find_parts(call, &report);
    find_others(call, &report);
    int openings = session->test_openings;
    Buf text = { 0 };
    report_template_fill(&report, template, &text);
    if (session->test_openings > openings) session->test_openings = openings + 1;
    report_close(&report);
    bool ok = report.stopped.code == CODE_none;
    if (!ok && err) *err = report.stopped;
    if (!ok && err) err->span = call->span;
    ok = ok && write_file(call, path, &text, err);
    buf_free(&text);
    if (!ok) return false;
    result_line(result, "%s is written", file);
    if (report.n_gaps)
        result_line(result, "%d %s empty; the report lists what fills them", report.n_gaps,
                    report.n_gaps == 1 ? "place is" : "places are");
    if (session->test_openings > openings) NOTE(&result->notes, test_opened, INT(session->test_openings));
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *template = option_text(&call->options, "template");
    if (template && !strcmp(template, "show")) return show_template(session, call, result, err);
    return make(session, call, option_text(&call->options, "file"), result, err);
}

const CommandKind command_report = {
    .kind = { .name = "report",
              .help = "writes the document of a model: one HTML file with its charts, or Markdown",
              .more =
                  "The built-in template follows the order of supervisory guidance on model risk: purpose, "
                  "data, target, design, preparation, definition, training, performance beside other models, "
                  "discrimination, calibration, stability, fairness, explanation, decisions, limits, trials, "
                  "reproduction, sign-off. Words come from `note`, figures on every part but test are "
                  "computed with intervals, and what judging verbs found in this session on the model as it "
                  "is now (calibrate, threshold, grade, fairness, drift, importance, ...) stands in its "
                  "section. What nobody wrote or computed is said, with the statement that does it. "
                  "part=test "
                  "opens the test rows, which is counted once.\n"
                  "template=\"bank.html\" is your own: text with placeholders in double braces, {{name}}, "
                  "{{performance}}, {{chart.roc}}, {{note.KEY}}, {{result.VERB}}; `report MODEL "
                  "\"bank.html\" "
                  "template=show` writes the built-in one as a start. The others: kind date version hash "
                  "frame target facts key gaps notes data columns missing event split leaks taint recipe "
                  "inputs definition training calibration gains trials provenance script conventions, and "
                  "chart. pr gains ks reliability density. The HTML file holds its charts and style, loads "
                  "nothing, and prints on A4.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=600\nsplit loans train=60% valid=40%\nfit logit "
                         "loans as lr\n"
                         "note lr purpose=\"accepts or refuses consumer loans\"\n"
                         "report lr \"lr.html\" replace\nreport lr \"lr.md\" replace",
              .since = "1" },
    .group = "Judging",
    .form =
        "report MODEL \"file.html\"|\"file.md\" [against=MODEL,...] [part=test] [on=] [template=] [replace]",
    .flags = COMMAND_REPLACE,
    .run = run,
};
