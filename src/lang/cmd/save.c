/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/file.h"
#include "data/source.h"
#include "data/writers/save_options.h"
#include "lang/bind.h"
#include "lang/journal.h"
#include "lang/papers.h"
#include "lang/result_file.h"
#include "lang/seen_frame.h"
#include "lang/session.h"
#include "store/modelfile.h"

static const OptionSpec options[] = {
    { "what", OPTION_ANY, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a frame, a net, a fitted model, `last` (what was shown last), a record, or `session`" },
    { "file", OPTION_FILE, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "where to: .csv .fnf .npy .jsonl .db for frames, .fnm for models, .csv .json .md .txt for "
      "results, .fns for the session" },
    SAVE_OPTIONS,
    SEEN_FRAME_OPTION,
};

static bool save_session(Session *session, const char *path, Err *err)
{
    FileWriter writer;
    if (!file_begin(&writer, path, err)) return false;
    journal_write(session, writer.stream);
    return file_commit(&writer, err);
}

static bool save_frame(Session *session, const Frame *frame, const char *name, const char *path,
                       const Call *call, Result *result, Err *err)
{
    Call of = *call, seen;
    of.frame = frame;
    of.frame_name = name;
    if (!seen_frame(session, &of, &seen, result, err)) return false;
    bool ok = frame_save(seen.frame, path, option_text(&call->options, "format"), &call->options,
                         &result->notes, &session->progress, err);
    frame_unref(seen.frame);
    return ok;
}

static bool save_model(const Session *session, const Object *object, const char *name, const char *path,
                       Err *err)
{
    Arena *arena = session->scratch;
    if (object->type == OBJECT_NET)
        return modelfile_save_net(object->net, papers_to_save(session, name, object, arena), path, err);
    if (object->type == OBJECT_MODEL)
        return modelfile_save_model(object->model, papers_to_save(session, name, object, arena), path, err);
    return ERR(err, wrong_type, name, object_type_name(object), "a frame, a net or a fitted model");
}

/* Models are known by the ending of their file when they are loaded. */
static bool check_ending(const Object *object, const char *path, Span span, Err *err)
{
    bool model = object && (object->type == OBJECT_NET || object->type == OBJECT_MODEL);
    if (model == modelfile_is(path)) return true;
    return ERR_AT(err, span, bad_value, "save",
                  model ? "a file name that ends in .fnm for a model"
                        : "another ending than .fnm, which is for models",
                  path);
}

/* ---- results */

/* Frames alone have formats to choose from. */
static bool refuse_options(const Call *call, const char *path, Err *err)
{
    static const char *const names[] = { "format", "table" };
    for (int i = 0; i < 2; i++)
        if (option_given(&call->options, names[i]))
            return ERR_AT(err, call_span(call, names[i]), option_not_for, names[i], "result");
    return result_check_file(path, err);
}

/* $last is saved as it was shown; any other record as a table of its members. */
static bool save_record(Session *session, const Value *value, const char *name, const char *path,
                        const Call *call, Err *err)
{
    const Result *shown =
        session->last_value && value_equal(value, session->last_value) ? session->last_result : NULL;
    Result *result = result_new(call->arena, "show");
    if (!shown) {
        Table *table = result_table(result, name, NULL);
        table_column(call->arena, table, "member", ALIGN_LEFT, 0);
        table_column(call->arena, table, "value", ALIGN_LEFT, 0);
        result_members(call->arena, table, value->record, "");
        result->record = value->record;
    }
    return refuse_options(call, path, err) &&
           result_save(shown ? shown : result, path, option_bool(&call->options, "guard"),
                       (int)session->settings.digits, err);
}

static bool save_value(Session *session, const Value *value, const char *name, const char *path,
                       const Call *call, Err *err)
{
    if (value && value->type == VALUE_RECORD) return save_record(session, value, name, path, call, err);
    if (value)
        return ERR(err, wrong_type, name, value_type_name(value->type),
                   "a frame, a net, a fitted model or a record");
    ERR(err, nothing_shown, name);
    return err_hint(err, "describe, evaluate, train and the like set it");
}

/* ---- the command */

static bool save_object(Session *session, Object *object, const char *name, const char *path,
                        const Call *call, Result *result, Err *err)
{
    if (seen_asked(call) && (!object || object->type != OBJECT_FRAME))
        return ERR_AT(err, call_span(call, "recipe"), excludes, "recipe=", "what is no frame");
    if (object && object->type == OBJECT_VALUE)
        return save_value(session, &object->held.value, name, path, call, err);
    if (!check_ending(object, path, call_span(call, "file"), err)) return false;
    bool ok = !object ? save_session(session, path, err)
              : object->type == OBJECT_FRAME
                  ? save_frame(session, object->frame, name, path, call, result, err)
                  : save_model(session, object, name, path, err);
    if (ok && object) object->saved = true;
    return ok;
}

/* A word is a name, `last` or `session`; a record is one that $name stands for. */
static bool save_what(Session *session, const char *path, const Call *call, Result *result, Err *err)
{
    const Value *what = &option_get(&call->options, "what")->value;
    if (what->type != VALUE_WORD && what->type != VALUE_TEXT)
        return save_value(session, what, "record", path, call, err);
    const char *name = what->text;
    if (!strcmp(name, "last")) return save_value(session, session->last_value, name, path, call, err);
    Object *object = session_get(session, name);
    if (object || !strcmp(name, "session"))
        return save_object(session, object, name, path, call, result, err);
    if (err) err->span = call_span(call, "what");
    return session_no_name(session, name, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *path = session_path(session, call->arena, option_text(&call->options, "file"));
    if (file_exists(path) && !call->replace && !call->force)
        return ERR_AT(err, call_span(call, "file"), file_is_there, path);
    if (!save_what(session, path, call, result, err)) {
        if (err && !err->span.source) err->span = call_span(call, "file");
        return false;
    }
    result_line(result, "saved %s", path);
    return true;
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)prefix;
    for (int i = 0; i < session->names.n; i++) add(context, session->names.items[i].name);
    add(context, "last");
    add(context, "session");
}

const CommandKind command_save = {
    .kind = { .name = "save",
              .help = "writes a frame, a net, a fitted model, a result or the session to a file",
              .more =
                  "The file is replaced whole or not at all; of a database, the table. A .fnf file keeps "
                  "the frame whole and is mapped when it is loaded; .csv and .jsonl keep names and values, "
                  ".npy numbers alone; with recipe=on the inputs of a net in place of the columns. `save "
                  "last` writes what the last verb that computes has shown: its "
                  "tables to .csv, all of it to .json, .md or .txt; any record ($last.valid, a variable) is"
                  " saved likewise, a member a row. A session is saved as a script that makes it again. "
                  "Aliases: store, export.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nsave toy \"toy.csv\" replace\nscale toy\nsave toy "
                         "\"seen.csv\" recipe=on replace\n"
                         "describe toy\nsave last \"described.md\" replace",
              .since = "1" },
    .group = "Reading and writing",
    .form = "save NAME|last|session \"file\" [options] [replace]",
    .flags = COMMAND_REPLACE | COMMAND_FORCE,
    .run = run,
    .complete = complete,
};
