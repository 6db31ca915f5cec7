/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session itself: begin, end, evaluation for commands, counters. */
#include "lang/session.h"

#include <string.h>

#include "base/file.h"
#include "base/source.h"
#include "data/split.h"
#include "lang/eval.h"
#include "lang/journal.h"
#include "lang/kept.h"
#include "lang/settings.h"
#include "lang/undo.h"

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
    kept_free(session);
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

char *session_path(const Session *session, Arena *arena, const char *path)
{
    bool elsewhere = session->folder && strcmp(session->folder, ".");
    return file_join(arena, elsewhere ? session->folder : NULL, path);
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
