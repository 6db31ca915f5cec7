/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/session.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/split.h"
#include "lang/check.h"
#include "lang/eval.h"
#include "lang/journal.h"
#include "lang/parse.h"
#include "lang/run.h"
#include "lang/settings.h"
#include "lang/undo.h"
#include "lang/write.h"
#include "model/score_column.h"

#define SCRIPT_BYTES_MAX  ((size_t)64 << 20)
#define INCLUDE_DEPTH_MAX 50

Session *session_new(Display *display, atomic_int *stop)
{
    Session *session = mem_own(sizeof *session);
    session->scratch = arena_new();
    session->kept = arena_new();
    session->settings = settings_initial();
    session->display = display;
    session->stop = stop;
    session->progress.stop = stop;
    return session;
}

void session_free(Session *session)
{
    undo_free(session);
    names_free(&session->names);
    for (int i = 0; i < session->n_readings; i++) source_free(session->readings[i].source);
    mem_free(session->readings);
    mem_free(session->trials);
    journal_free(session);
    if (session->last_arena) arena_free(session->last_arena);
    arena_free(session->scratch);
    arena_free(session->kept);
    mem_free(session);
}

/* ---- sources */

static Reading *keep_source(Session *session, Source *source)
{
    if (session->n_readings == session->readings_capacity) {
        int capacity = session->readings_capacity ? 2 * session->readings_capacity : 16;
        Reading *readings = mem_own((size_t)capacity * sizeof *readings);
        if (session->n_readings)
            memcpy(readings, session->readings, (size_t)session->n_readings * sizeof *readings);
        mem_free(session->readings);
        session->readings = readings;
        session->readings_capacity = capacity;
    }
    Reading *reading = &session->readings[session->n_readings++];
    *reading = (Reading){ source, NULL };
    return reading;
}

static bool is_def(void *context, const char *name)
{
    Object *object = session_get(context, name);
    return object && object->type == OBJECT_DEF;
}

static const Node *parse(Session *session, Source *source, Err *err)
{
    Reading *reading = keep_source(session, source);
    ParseState state = { .is_def = is_def,
                         .context = session,
                         .included = session->checking && source->included_from };
    bool typed = session->prompt && !source->included_from; /* files take whole words only */
    const Vocabulary *vocabulary = typed ? vocabulary_prompt() : vocabulary_full();
    return reading->tree = parse_source(source, vocabulary, &state, err, NULL);
}

static bool run_top(Session *session, const Node *statement, Err *err)
{
    if (session->depth > 0) return run_statement(session, statement, err);
    session->kept_failure = false;
    bool ok = run_statement(session, statement, err);
    journal_statement(session, statement, ok);
    return ok;
}

static bool run_tree(Session *session, const Node *tree, const char *folder, Err *err)
{
    const char *outer = session->folder;
    int loops = session->loops;
    bool ok = true;
    session->folder = folder;
    session->loops = 0;
    for (int i = 0; ok && i < tree->items.n && !session->quit && session->flow == FLOW_NEXT; i++)
        ok = run_top(session, tree->items.items[i], err);
    session->flow = FLOW_NEXT;
    session->loops = loops;
    session->folder = outer;
    return ok;
}

bool session_run(Session *session, Source *source, bool entry, Err *err)
{
    const Node *tree = parse(session, source, err);
    if (!tree) return false;
    if (entry) undo_group(session, source->text);
    bool ok = run_tree(session, tree, source->folder, err);
    if (entry) undo_ungroup(session);
    return ok;
}

bool session_check(Session *session, Source *source, Err *err)
{
    const Node *tree = parse(session, source, err);
    const char *outer = session->folder;
    session->folder = source->folder;
    bool ok = tree && check_statements(session, &tree->items, err);
    session->folder = outer;
    return ok;
}

static char *folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return arena_text(arena, ".");
    return arena_copy(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static bool same_span(Span a, Span b)
{
    return a.source == b.source && a.start == b.start && a.end == b.end;
}

/* The same text, included by the same statement before. */
static const Reading *read_before(const Session *session, const char *path, const char *text, size_t length,
                                  Span where)
{
    for (int i = session->n_readings - 1; i >= 0; i--) {
        const Reading *reading = &session->readings[i];
        const Source *source = reading->source;
        if (reading->tree && source->length == length && same_span(source->include_span, where) &&
            !strcmp(source->name, path) && !memcmp(source->text, text, length))
            return reading;
    }
    return NULL;
}

/* A file's source; where it was included before with the same text, the old one with its tree. */
static Source *read_source(Session *session, const char *path, Span where, const Node **tree, Err *err)
{
    size_t length;
    char *text = file_read(path, SCRIPT_BYTES_MAX, &length, err);
    if (!text) return NULL;
    const Reading *before = where.source ? read_before(session, path, text, length, where) : NULL;
    ArenaMark mark = arena_mark(session->scratch);
    Source *source =
        before ? before->source : source_new(path, folder_of(session->scratch, path), text, length, err);
    arena_rewind(session->scratch, mark);
    mem_free(text);
    *tree = before ? before->tree : NULL;
    if (!source || before) return source;
    source->included_from = where.source;
    source->include_span = where;
    return source;
}

bool session_include(Session *session, const char *path, Span where, Err *err)
{
    const Node *tree;
    if (session->depth >= INCLUDE_DEPTH_MAX) return ERR(err, too_deep_calls, INT(INCLUDE_DEPTH_MAX));
    Source *source = read_source(session, path, where, &tree, err);
    if (!source) return false;
    if (!tree) tree = parse(session, source, err);
    if (!tree) return false;
    const char *with = session->with_frame, *recipe = session->with_recipe;
    session->with_frame = session->with_recipe = NULL;
    session->depth++;
    bool ok = run_tree(session, tree, source->folder, err);
    session->depth--;
    session->with_frame = with;
    session->with_recipe = recipe;
    return ok;
}

const Node *session_read(Session *session, const char *path, Span where, Err *err)
{
    const Node *tree;
    Source *source = read_source(session, path, where, &tree, err);
    return !source ? NULL : tree ? tree : parse(session, source, err);
}

bool session_run_file(Session *session, const char *path, Err *err)
{
    const Node *tree;
    Source *source = read_source(session, path, (Span){ 0 }, &tree, err);
    if (!source) return false;
    return session->checking ? session_check(session, source, err) : session_run(session, source, false, err);
}

char *session_path(const Session *session, Arena *arena, const char *path)
{
    bool elsewhere = session->folder && strcmp(session->folder, ".");
    return file_join(arena, elsewhere ? session->folder : NULL, path);
}

/* ---- names */

Object *session_get(const Session *session, const char *name)
{
    for (const Scope *scope = session->scope; scope; scope = scope->up) {
        Object *local = names_get(&scope->locals, name);
        if (local) return local;
        break; /* a def sees its own names and the session's, not its caller's */
    }
    return names_get(&session->names, name);
}

bool session_no_name(const Session *session, const char *name, Err *err)
{
    ERR(err, no_name, name);
    return names_suggest(&session->names, name, err);
}

static bool same_text(const Node *a, const Node *b)
{
    Buf x = { 0 }, y = { 0 };
    node_write(&x, a);
    node_write(&y, b);
    bool same = !strcmp(buf_text(&x), buf_text(&y));
    buf_free(&x);
    buf_free(&y);
    return same;
}

/* b, just made, is what a was when it was made. */
static bool same_object(const Object *a, const Object *b)
{
    if (a->type != b->type) return false;
    switch (a->type) {
    case OBJECT_VALUE: return value_equal(&a->held.value, &b->held.value);
    case OBJECT_NET:
        return netdef_equal(a->net->def, b->net->def) && a->net->seed == b->net->seed && !net_started(b->net);
    case OBJECT_DEF: return same_text(a->def, b->def);
    default: return false;
    }
}

/* Untrained nets, values and what is in a file can be made again: replacing them loses nothing. */
static bool is_precious(const Object *object)
{
    if (object->saved || object->type == OBJECT_VALUE || object->type == OBJECT_DEF) return false;
    return object->type != OBJECT_NET || net_started(object->net);
}

static bool has_new_column(const Frame *frame)
{
    for (int i = 0; i < frame->n_columns; i++)
        if (!frame->columns[i].made) return true;
    return false;
}

/* Columns that no statement has made yet are made by the one that runs. */
static void date_columns(const Session *session, Frame *version)
{
    Place place = span_place(session->statement);
    const char *made = arena_format(version->arena, "%s:%d", session->statement.source->name, place.line);
    for (int i = 0; i < version->n_columns; i++)
        if (!version->columns[i].made) version->columns[i].made = made;
}

/* A frame knows its name, for messages, and where its columns were made; another name for the same version is
 * a version of its own. */
static void name_frame(const Session *session, Object *object, const char *name)
{
    if (object->type != OBJECT_FRAME) return;
    const Frame *frame = object->frame;
    bool dates = session->statement.source && has_new_column(frame);
    if (!dates && frame->name && !strcmp(frame->name, name)) return;
    Frame *version = frame_version(frame);
    version->name = arena_text(version->arena, name);
    if (dates) date_columns(session, version);
    frame_unref(frame);
    object->frame = version;
}

/* The names that fns sets itself. */
static bool is_taken(const char *name)
{
    return !strcmp(name, "last") || !strcmp(name, "err") || !strcmp(name, "args");
}

bool session_put(Session *session, const char *name, Object *object, bool replace, Err *err)
{
    if (is_taken(name)) {
        object_unref(object);
        return ERR(err, name_is_taken, name);
    }
    Object *there = names_get(&session->names, name);
    if (there && same_object(there, object)) {
        object_unref(object);
        return true;
    }
    if (there && is_precious(there) && !replace) {
        object_unref(object);
        return ERR(err, exists, name, object_type_name(there));
    }
    name_frame(session, object, name);
    names_set(&session->names, name, object);
    return true;
}

void session_set(Session *session, const char *name, Object *object)
{
    name_frame(session, object, name);
    names_set(&session->names, name, object);
}

bool session_let(Session *session, const char *name, Value value, Err *err)
{
    if (is_taken(name)) return ERR(err, name_is_taken, name);
    Names *names = session->scope ? &session->scope->locals : &session->names;
    Object *there = names_get(names, name);
    if (there && there->type != OBJECT_VALUE) return ERR(err, holds_more, name, object_type_name(there));
    names_set(names, name, object_value(value));
    return true;
}

bool session_forget(Session *session, const char *name, Err *err)
{
    return names_remove(&session->names, name) || session_no_name(session, name, err);
}

static const Object *of_type(const Session *session, const char *name, ObjectType type, const char *noun,
                             Err *err)
{
    const Object *object = session_get(session, name);
    if (!object) {
        session_no_name(session, name, err);
        return NULL;
    }
    if (object->type == type) return object;
    ERR(err, wrong_type, name, object_type_name(object), noun);
    return NULL;
}

const Frame *session_frame(const Session *session, const char *name, Err *err)
{
    const Object *object = of_type(session, name, OBJECT_FRAME, "a frame", err);
    return object ? object->frame : NULL;
}

const Net *session_net(const Session *session, const char *name, Err *err)
{
    const Object *object = of_type(session, name, OBJECT_NET, "a net", err);
    return object ? object->net : NULL;
}

/* FRAME.column: a score that somebody else made. */
static Model *score_column(Session *session, const char *name, Err *err)
{
    const char *dot = strchr(name, '.');
    if (!dot) {
        session_no_name(session, name, err);
        return NULL;
    }
    const Frame *frame =
        session_frame(session, arena_copy(session->scratch, name, (size_t)(dot - name)), err);
    return frame ? model_of_column(frame, dot + 1, name, err) : NULL;
}

Model *session_model(Session *session, const char *name, Err *err)
{
    const Object *object = session_get(session, name);
    if (!object) return score_column(session, name, err);
    if (object->type == OBJECT_MODEL) return model_ref((Model *)object->model);
    if (object->type != OBJECT_NET) {
        ERR(err, wrong_type, name, object_type_name(object), "a model");
        return NULL;
    }
    if (!object->net->prep || !object->net->params) {
        ERR(err, untrained, name);
        return NULL;
    }
    return model_of_net(object->net, name, (int)session->settings.threads);
}

/* ---- evaluation for commands */

bool session_value(Session *session, const Node *expression, Value *out, Err *err)
{
    return eval_value(session, expression, out, err);
}

bool session_row_expression(Session *session, const Frame *frame, const Node *expression, Expr **out,
                            Err *err)
{
    ExprType type;
    return eval_row(session, expression, out, err) && expr_type(*out, frame, &type, err);
}

bool session_rows_if(Session *session, const Frame *frame, const Node *condition, uint8_t **keep,
                     Notes *notes, Err *err)
{
    Expr *expr;
    size_t n_missing = 0;
    if (!session_row_expression(session, frame, condition, &expr, err)) return false;
    uint8_t *flags = mem_get(frame->n_rows, 1, err);
    if (!flags) return false;
    if (!expr_eval_condition(expr, frame, flags, &n_missing, notes, &session->progress, err)) {
        mem_free(flags);
        return false;
    }
    if (n_missing) NOTE(notes, condition_missing, INT(n_missing));
    *keep = flags;
    return true;
}

bool session_part(Session *session, const Frame *frame, const char *part, uint32_t **rows, size_t *n,
                  Result *result, Err *err)
{
    if (!frame_part(frame, part, rows, n, err)) return false;
    if (frame->split && !strcmp(part, "test")) {
        session->test_openings++;
        NOTE(&result->notes, test_opened, INT(session->test_openings));
        record_number(result->arena, result->record, "test_openings", session->test_openings);
    }
    return true;
}

bool session_keep(Session *session, const Err *problem, Err *err)
{
    session->keep_changes = true;
    if (err) *err = *problem;
    return false;
}

bool session_stopped(Session *session, Err *err)
{
    if (!session->stop || !atomic_load(session->stop)) return true;
    if (session->prompt) return true; /* what follows in the entry or its files does not run */
    session->keep_changes = true;
    return ERR(err, interrupted, NULL);
}

/* ---- counters */

void session_count_trial(Session *session, const char *verb, const char *words, const char *metric,
                         double value)
{
    if (session->n_trials == session->trials_capacity) {
        int capacity = session->trials_capacity ? 2 * session->trials_capacity : 32;
        Trial *trials = mem_own((size_t)capacity * sizeof *trials);
        if (session->n_trials) memcpy(trials, session->trials, (size_t)session->n_trials * sizeof *trials);
        mem_free(session->trials);
        session->trials = trials;
        session->trials_capacity = capacity;
    }
    session->trials[session->n_trials++] =
        (Trial){ arena_text(session->kept, verb), arena_text(session->kept, words),
                 arena_text(session->kept, metric), value };
}
