/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/remake.h"

#include <string.h>

#include "base/file.h"
#include "base/source.h"

struct Remake {
    Display display; /* first: the inner session holds a pointer to it */
    Session *outer, *session;
    Arena *arena;
    const char *name, *path;
    Value files;
};

/* A file that a verb writes beside what it decides is left out. */
static void write_nothing(Call *call)
{
    const Kind *kind = &call->command->kind;
    for (int i = 0; i < kind->n_options; i++)
        if (kind->options[i].type == OPTION_FILE && !strcmp(kind->options[i].name, "to")) {
            call->options.items[i].given = false;
            call->options.items[i].value = value_missing();
        }
}

bool remake_runs(Call *call)
{
    const CommandKind *command = call->command;
    bool state = command->flags & (COMMAND_UNDO | COMMAND_RUNS | COMMAND_LAST);
    if (!state) return !strcmp(command->kind.name, "set");
    write_nothing(call);
    return strcmp(command->kind.name, "reproduce") != 0;
}

/* ---- a display that shows nothing but training */

static void show(Display *display, const Result *result)
{
    (void)display, (void)result;
}

static void warn(Display *display, const Err *err)
{
    (void)display, (void)err;
}

static void say(Display *display, const char *text)
{
    (void)display, (void)text;
}

static void watch(Display *display, Session *session, Job *job, bool shown)
{
    Session *outer = ((Remake *)(void *)display)->outer;
    (void)session;
    outer->display->watch(outer->display, outer, job, shown && !outer->quiet);
}

static bool view_weights(Display *display, const Net *net, const char *layer, const char *view)
{
    (void)display, (void)net, (void)layer, (void)view;
    return true;
}

static bool wait_for(Display *display, const char *text)
{
    (void)display, (void)text;
    return true;
}

static const Display silent = {
    .show = show, .warn = warn, .say = say, .watch = watch, .view_weights = view_weights, .wait = wait_for
};

/* ---- files that were moved */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *find_file(const Remake *remake, const char *path)
{
    Arena *arena = remake->arena;
    const char *slash = strrchr(remake->path, '/');
    const char *folder =
        slash ? arena_copy(arena, remake->path, (size_t)(slash - remake->path) + 1) : arena_text(arena, "");
    const char *places[] = { path, arena_format(arena, "%s%s", folder, base_name(path)), base_name(path) };
    for (int i = 0; i < 3; i++)
        if (file_exists(places[i])) return places[i];
    return path;
}

static void note_file(Remake *remake, const char *path)
{
    Value files = value_list(remake->arena, remake->files.list.n + 1);
    for (int i = 0; i < remake->files.list.n; i++) files.list.items[i] = remake->files.list.items[i];
    files.list.items[files.list.n - 1] = value_text(remake->arena, path);
    remake->files = files;
}

/* Absolute file names between double quotes, each where it is now. */
static void write_line(Remake *remake, Buf *out, const char *line)
{
    for (const char *at = line; *at;) {
        const char *end = *at == '"' && at[1] == '/' ? strchr(at + 1, '"') : NULL;
        if (!end) {
            buf_putc(out, *at++);
            continue;
        }
        const char *path = find_file(remake, arena_copy(remake->arena, at + 1, (size_t)(end - at) - 1));
        if (file_exists(path)) note_file(remake, path);
        buf_printf(out, "\"%s\"", path);
        at = end + 1;
    }
    buf_putc(out, '\n');
}

/* ---- running */

static bool run_script(Remake *remake, const Value *script, Err *err)
{
    Buf text = { 0 };
    Err problem = { 0 };
    for (int i = 0; i < script->list.n; i++)
        if (script->list.items[i].type == VALUE_TEXT) write_line(remake, &text, script->list.items[i].text);
    Source *source = source_new(remake->path, NULL, buf_text(&text), text.length, &problem);
    buf_free(&text);
    if (source && session_run(remake->session, source, false, &problem)) return true;
    if (problem.code == CODE_interrupted || problem.code == CODE_no_memory) {
        if (err) *err = problem;
        if (err) err->span = (Span){ 0 };
        return false;
    }
    ERR(err, made_again_failed, remake->path, problem.message);
    return problem.span.source
               ? err_detail(err, "  it says: %s", span_text(problem.span, remake->session->scratch))
               : false;
}

/* $args of the script that it was. */
static void take_args(Remake *remake, const Value *args)
{
    Session *session = remake->session;
    const int most = sizeof session->args / sizeof *session->args;
    for (int i = 0; args && args->type == VALUE_LIST && i < args->list.n && i < most; i++) {
        const Value *arg = &args->list.items[i];
        session->args[session->n_args++] =
            arena_text(remake->arena, arg->type == VALUE_TEXT ? arg->text : "");
    }
}

Remake *remake_run(Session *session, const Record *made, const char *path, Err *err)
{
    const Value *name = record_get(made, "name"), *script = record_get(made, "script");
    if (!name || name->type != VALUE_TEXT || !script || script->type != VALUE_LIST) {
        ERR(err, bad_model, path, "its statements do not hold together");
        return NULL;
    }
    Remake *remake = mem_own(sizeof *remake);
    remake->display = silent;
    remake->outer = session;
    remake->arena = arena_new();
    remake->name = arena_text(remake->arena, name->text);
    remake->path = path;
    remake->files = value_list(remake->arena, 0);
    remake->session = session_new(&remake->display, session->stop);
    remake->session->settings.threads = session->settings.threads;
    remake->session->progress = session->progress;
    remake->session->remaking = true;
    take_args(remake, record_get(made, "args"));
    if (run_script(remake, script, err)) {
        if (remake_object(remake)) return remake;
        ERR(err, made_again_failed, path, "its statements make nothing of its name");
    }
    remake_free(remake);
    return NULL;
}

const Object *remake_object(const Remake *remake)
{
    const Object *object = session_get(remake->session, remake->name);
    bool model = object && (object->type == OBJECT_NET || object->type == OBJECT_MODEL);
    return model ? object : NULL;
}

ValueList remake_files(const Remake *remake)
{
    return remake->files.list;
}

void remake_free(Remake *remake)
{
    if (!remake) return;
    session_free(remake->session);
    arena_free(remake->arena);
    mem_free(remake);
}
