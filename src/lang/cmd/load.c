/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/source.h"
#include "data/sources/load_options.h"
#include "lang/bind.h"
#include "lang/roles.h"
#include "lang/session.h"
#include "store/modelfile.h"

static const OptionSpec options[] = {
    { "from", OPTION_FILE, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a data file, a pattern (\"prices/*.csv\": the rows of all of them), a model file (.fnm), or \"-\" for "
      "standard input" },
    LOAD_OPTIONS,
    ROLE_OPTIONS,
};

/* like=MODEL: readers get the types of the model's columns as a record. */
static bool resolve_like(Session *session, const Call *call, Err *err)
{
    Option *like = (Option *)option_get(&call->options, "like");
    if (!like->given || like->value.type == VALUE_RECORD) return true;
    if (like->value.type != VALUE_WORD && like->value.type != VALUE_TEXT)
        return ERR_AT(err, like->span, bad_value, "like", "a model", value_type_name(like->value.type));
    Model *model = session_model(session, like->value.text, err);
    if (!model) return false;
    Value types = value_record(call->arena);
    for (int i = 0; model->prep && i < model->prep->n_inputs; i++) {
        const SchemaColumn *column = &model->prep->inputs[i];
        Column shape = { .type = column->type, .unit = column->unit };
        record_text(call->arena, types.record, column->name, column_type_name(&shape));
    }
    model_unref(model);
    like->value = types;
    return true;
}

/* labels= names a file as the operand does. */
static void resolve_labels(Session *session, const Call *call)
{
    Option *labels = (Option *)option_get(&call->options, "labels");
    const char *path = option_text(&call->options, "labels");
    if (path) labels->value = value_text(call->arena, session_path(session, call->arena, path));
}

static void report_missing(const Call *call, const LoadReport *report, Result *result)
{
    if (!report->n_missing) return;
    Table *table = result_table(result, "missing", "read as missing");
    table_column(call->arena, table, "column", ALIGN_LEFT, 0);
    table_column(call->arena, table, "code", ALIGN_LEFT, 0);
    table_column(call->arena, table, "rows", ALIGN_RIGHT, 0);
    for (int i = 0; i < report->n_missing; i++) {
        Value *row = table_row(call->arena, table);
        const char *code = report->missing[i].code;
        row[0] = value_text(call->arena, report->missing[i].column);
        row[1] = value_text(call->arena, *code ? code : "(empty)");
        row[2] = value_number((double)report->missing[i].count);
    }
}

/* Of a pattern: which rows came from where, as messages count them. */
static void report_files(const Call *call, const LoadReport *report, Result *result)
{
    size_t first = 1;
    if (!report->n_files) return;
    Table *table = result_table(result, "files", "read from");
    table_column(call->arena, table, "file", ALIGN_LEFT, 0);
    table_column(call->arena, table, "rows", ALIGN_RIGHT, 0);
    table_column(call->arena, table, "first", ALIGN_RIGHT, 0);
    table_column(call->arena, table, "last", ALIGN_RIGHT, 0);
    for (int i = 0; i < report->n_files; i++) {
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, report->files[i].path);
        row[1] = value_number((double)report->files[i].n_rows);
        row[2] = value_number((double)first);
        first += report->files[i].n_rows;
        row[3] = value_number((double)(first - 1));
    }
    record_number(call->arena, result->record, "files", report->n_files);
}

/* "csv, separator ";"" or "sqlite, table loans" */
static const char *describe_format(const Call *call, const LoadReport *report)
{
    if (report->table) return arena_format(call->arena, "%s, table %s", report->format, report->table);
    if (!report->separator) return report->format;
    const char *quote = strlen(report->separator) == 1 ? "\"" : "";
    return arena_format(call->arena, "%s, separator %s%s%s", report->format, quote, report->separator, quote);
}

static void report_load(const Call *call, const Frame *frame, const LoadReport *report, Result *result)
{
    char size[40];
    result_line(result, "%s: %zu %s, %d %s from %s (%s, %s)", call->as, frame->n_rows,
                count_noun((double)frame->n_rows, "row", "rows"), frame->n_columns,
                count_noun(frame->n_columns, "column", "columns"), frame->origin,
                describe_format(call, report), bytes_text(report->bytes, size));
    record_number(call->arena, result->record, "rows", (double)frame->n_rows);
    record_number(call->arena, result->record, "columns", frame->n_columns);
    record_number(call->arena, result->record, "skipped", (double)report->skipped);
    record_text(call->arena, result->record, "format", report->format);
    if (report->skipped)
        result_line(result, "%zu %s could not be read: skipped", report->skipped,
                    count_noun((double)report->skipped, "row", "rows"));
    report_files(call, report, result);
    report_missing(call, report, result);
}

static bool load_model(Session *session, const Call *call, const char *path, Result *result, Err *err)
{
    Net *net = NULL;
    Model *model = NULL;
    if (!modelfile_load(path, call->as, &net, &model, err)) {
        if (err && !err->span.source) err->span = call_span(call, "from");
        return false;
    }
    Object *object = net ? object_net(net) : object_model(model);
    const Record *metadata;
    object->saved = true;
    if (modelfile_metadata(path, call->arena, &metadata, NULL))
        object_set_papers(object, modelfile_papers(metadata, call->arena));
    result_line(result, "%s: a %s from %s", call->as, object_type_name(object), path);
    return session_put(session, call->as, object, call->replace, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *given = option_text(&call->options, "from");
    const char *path = strcmp(given, "-") ? session_path(session, call->arena, given) : given;
    if (modelfile_is(path)) return load_model(session, call, path, result, err);
    if (!resolve_like(session, call, err)) return false;
    resolve_labels(session, call);
    LoadReport report = { .arena = call->arena };
    Frame *frame = frame_load(path, option_text(&call->options, "format"), &call->options, &report,
                              &result->notes, &session->progress, err);
    if (!frame) {
        if (err && !err->span.source) err->span = call_span(call, "from");
        return false;
    }
    bool any;
    if (!roles_apply(frame, &call->options, &any, err)) {
        frame_unref(frame);
        return false;
    }
    report_load(call, frame, &report, result);
    Object *object = object_frame(frame);
    object->saved = true;
    return session_put(session, call->as, object, call->replace, err);
}

const CommandKind command_load = {
    .kind = { .name = "load",
              .help = "reads a data file or a model file",
              .more =
                  "Formats: csv, arff, jsonl (also a JSON array of objects), trees, sqlite (table= or "
                  "query=), npy, fnf (what `save` wrote), dta, sav and sas7bdat (Stata, SPSS, SAS), idx "
                  "(images, labels=). Types, separator and header are found by themselves; text is UTF-8, "
                  "UTF-16 by its mark, or what encoding= says. What "
                  "was read as missing is listed by column and code. Dates: 2008-06-30, 30.6.2008, "
                  "30JUN2008, 2008-06, Jun-08, 2008Q2, Q2 2008, with or without a time; whether 3/4/2008 is"
                  " in March or in April is said by another date, by even spacing (which is noted) or by "
                  "dates=, never guessed. Times of the day alone are seconds. A pattern reads several files"
                  " with the same columns: types are decided over all of them, file=ticker makes a column "
                  "of their names, and rows are counted on from file to file. An option that the format has"
                  " no use for is an error. Alias: open.",
              KIND_OPTIONS(options),
              .example =
                  "simulate moons as toy rows=100\nsave toy \"toy.csv\"\nload \"toy.csv\" as again target=y",
              .since = "1" },
    .group = "Reading and writing",
    .form = "load \"file\"|\"*.csv\"|\"-\" as NAME [options] [what `role` takes]",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
