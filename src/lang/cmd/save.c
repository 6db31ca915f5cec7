/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/file.h"
#include "data/source.h"
#include "data/writers/save_options.h"
#include "lang/bind.h"
#include "lang/journal.h"
#include "lang/session.h"
#include "store/modelfile.h"

static const OptionSpec options[] = {
    { "what", OPTION_TEXT, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a frame, a net, a fitted model, or `session`" },
    { "file", OPTION_FILE, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "where to: .csv .fnf .npy .jsonl .db for frames, .fnm for models, .fns for the session" },
    SAVE_OPTIONS,
};

static bool save_session(Session *session, const char *path, Err *err)
{
    FileWriter writer;
    if (!file_begin(&writer, path, err)) return false;
    journal_write(session, writer.stream);
    return file_commit(&writer, err);
}

static bool save_frame(Session *session, const Frame *frame, const char *path, const Call *call,
                       Result *result, Err *err)
{
    return frame_save(frame, path, option_text(&call->options, "format"), &call->options, &result->notes,
                      &session->progress, err);
}

static bool save_model(const Object *object, const char *name, const char *path, Err *err)
{
    if (object->type == OBJECT_NET) return modelfile_save_net(object->net, path, err);
    if (object->type == OBJECT_MODEL) return modelfile_save_model(object->model, path, err);
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

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *what = option_text(&call->options, "what");
    const char *path = session_path(session, call->arena, option_text(&call->options, "file"));
    if (file_exists(path) && !call->replace && !call->force)
        return ERR_AT(err, call_span(call, "file"), file_is_there, path);
    Object *object = session_get(session, what);
    if (!object && strcmp(what, "session")) {
        if (err) err->span = call_span(call, "what");
        return session_no_name(session, what, err);
    }
    if (!check_ending(object, path, call_span(call, "file"), err)) return false;
    bool frame = object && object->type == OBJECT_FRAME;
    bool ok = frame    ? save_frame(session, object->frame, path, call, result, err)
              : object ? save_model(object, what, path, err)
                       : save_session(session, path, err);
    if (!ok) {
        if (err && !err->span.source) err->span = call_span(call, "file");
        return false;
    }
    if (object) object->saved = true;
    result_line(result, "saved %s", path);
    return true;
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)prefix;
    for (int i = 0; i < session->names.n; i++) add(context, session->names.items[i].name);
    add(context, "session");
}

const CommandKind command_save = {
    .kind = { .name = "save",
              .help = "writes a frame, a net, a fitted model or the session to a file",
              .more =
                  "The file is replaced whole or not at all; of a database, the table. A .fnf file keeps the "
                  "frame whole and is mapped when it is loaded; .csv and .jsonl keep names and values, .npy "
                  "numbers alone. A session is saved as a script that makes it again. Aliases: store, "
                  "export.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nsave toy \"toy.csv\" replace",
              .since = "1" },
    .group = "Reading and writing",
    .form = "save NAME|session \"file\" [options] [replace]",
    .flags = COMMAND_REPLACE | COMMAND_FORCE,
    .run = run,
    .complete = complete,
};
