/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of a session: what may be replaced, what they hold, and the lookups of commands. */
#include <string.h>

#include "base/source.h"
#include "lang/papers.h"
#include "lang/session.h"
#include "lang/write.h"
#include "model/score_column.h"

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
    const Object *before = names_get(&session->names, name);
    if (before) papers_inherit(object, before);
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
