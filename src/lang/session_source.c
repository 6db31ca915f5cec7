/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading, checking and running sources: what was typed, scripts, what they include. */
#include <string.h>

#include "base/file.h"
#include "base/source.h"
#include "lang/check.h"
#include "lang/journal.h"
#include "lang/parse.h"
#include "lang/run.h"
#include "lang/session.h"
#include "lang/undo.h"

#define SCRIPT_BYTES_MAX  ((size_t)64 << 20)
#define INCLUDE_DEPTH_MAX 50

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

void session_keep_source(Session *session, Source *source)
{
    keep_source(session, source);
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
    session->top = statement;
    bool ok = run_statement(session, statement, err);
    session->top = NULL;
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
