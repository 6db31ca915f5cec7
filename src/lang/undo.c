/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/undo.h"

#include <string.h>

#include "lang/journal.h"
#include "lang/write.h"

#define STEPS_MAX 1000
#define WORDS_MAX 60

static void step_free(UndoStep *step)
{
    names_free(&step->names);
    names_free(&step->locals);
    mem_free(step->words);
}

static void steps_clear(Session *session, UndoStep *steps, int *n)
{
    for (int i = 0; i < *n; i++) {
        session->undo_bytes -= steps[i].bytes;
        step_free(&steps[i]);
    }
    *n = 0;
}

static char *short_words(const char *text)
{
    size_t n = strcspn(text, "\n");
    if (n > WORDS_MAX) n = WORDS_MAX;
    while (n && (text[n] & 0xC0) == 0x80) n--;
    char *words = mem_own(n + 1);
    memcpy(words, text, n);
    return words;
}

static UndoStep take_step(const Session *session, const char *words)
{
    return (UndoStep){ .names = names_copy(&session->names),
                       .settings = session->settings,
                       .words = short_words(words),
                       .journal = session->n_journal };
}

static void drop_oldest(Session *session, UndoStep *steps, int *n)
{
    session->undo_bytes -= steps[0].bytes;
    step_free(&steps[0]);
    memmove(steps, steps + 1, (size_t)(--*n) * sizeof *steps);
}

/* `next`: the names after the step; what differs from them only the step holds. */
static void push(Session *session, UndoStep **steps, int *n, int *capacity, UndoStep step, const Names *next)
{
    if (*n == STEPS_MAX) drop_oldest(session, *steps, n);
    if (*n == *capacity) {
        int grown = *capacity ? 2 * *capacity : 32;
        UndoStep *copy = mem_own((size_t)grown * sizeof *copy);
        if (*n) memcpy(copy, *steps, (size_t)*n * sizeof *copy);
        mem_free(*steps);
        *steps = copy;
        *capacity = grown;
    }
    step.bytes = names_bytes_beyond(&step.names, next);
    session->undo_bytes += step.bytes;
    (*steps)[(*n)++] = step;
}

static void push_undo(Session *session, UndoStep step)
{
    push(session, &session->undo, &session->n_undo, &session->undo_capacity, step, &session->names);
}

static void keep_within_budget(Session *session)
{
    int dropped = 0;
    for (; session->n_undo > 1 && session->undo_bytes > session->settings.undo_memory * 1e6; dropped++)
        drop_oldest(session, session->undo, &session->n_undo);
    if (!dropped || session->undo_dropped) return;
    session->undo_dropped = true;
    session->display->say(session->display, "the oldest undo steps are no longer kept (set undo_memory)");
}

static bool same_settings(const Settings *a, const Settings *b)
{
    return !memcmp(a, b, sizeof *a);
}

UndoStep *undo_begin(Session *session, const Node *statement)
{
    Buf words = { 0 };
    node_write(&words, statement);
    UndoStep *step = mem_own(sizeof *step);
    *step = take_step(session, buf_text(&words));
    if (session->scope) step->locals = names_copy(&session->scope->locals);
    buf_free(&words);
    return step;
}

static void go_back(Session *session, UndoStep *step)
{
    names_free(&session->names);
    session->names = step->names;
    session->settings = step->settings;
    if (session->scope) {
        names_free(&session->scope->locals);
        session->scope->locals = step->locals;
    }
    mem_free(step->words);
}

/* A step that changed nothing, or was undo itself, is none. */
static void keep_step(Session *session, UndoStep *step)
{
    bool changed =
        !names_same(&step->names, &session->names) || !same_settings(&step->settings, &session->settings);
    names_free(&step->locals);
    if (!changed || session->undoing) {
        step_free(step);
        return;
    }
    steps_clear(session, session->redo, &session->n_redo);
    push_undo(session, *step);
    keep_within_budget(session);
}

void undo_end(Session *session, UndoStep *step, bool ok)
{
    if (!ok) {
        go_back(session, step);
    } else if (session->grouped) {
        step_free(step);
    } else {
        keep_step(session, step);
        session->undoing = false;
    }
    mem_free(step);
}

void undo_group(Session *session, const char *words)
{
    session->group_start = take_step(session, words);
    session->group_start.entry = true;
    session->grouped = true;
}

void undo_ungroup(Session *session)
{
    session->group_start.journal_end = session->n_journal;
    session->grouped = false;
    keep_step(session, &session->group_start);
    session->undoing = false;
    session->group_start = (UndoStep){ 0 };
}

/* What the journal says of a step taken back (`undo`) or done again. */
static void journal_move(Session *session, UndoStep *step, bool undo)
{
    int end = session->n_journal;
    if (undo && session->grouped) journal_take_back(session, session->group_start.journal, end);
    if (step->entry && undo) {
        journal_take_back(session, step->journal, step->journal_end);
    } else if (step->entry) {
        journal_again(session, step->journal, step->journal_end);
        step->journal = end;
        step->journal_end = session->n_journal;
    } else if (session->nesting <= 1) {
        journal_word(session, undo ? "undo" : "redo");
    }
}

static bool move_step(Session *session, bool undo, Err *err)
{
    int *n = undo ? &session->n_undo : &session->n_redo;
    UndoStep *steps = undo ? session->undo : session->redo;
    if (!*n) return undo ? ERR(err, nothing_to_undo, NULL) : ERR(err, nothing_to_redo, NULL);
    UndoStep step = steps[--*n];
    session->undo_bytes -= step.bytes;
    journal_move(session, &step, undo);
    UndoStep now = take_step(session, step.words);
    now.entry = step.entry;
    now.journal = step.journal;
    now.journal_end = step.journal_end;
    names_free(&session->names);
    session->names = step.names;
    session->settings = step.settings;
    mem_free(step.words);
    if (undo)
        push(session, &session->redo, &session->n_redo, &session->redo_capacity, now, &session->names);
    else
        push_undo(session, now);
    session->undoing = true;
    return true;
}

bool session_undo(Session *session, Err *err)
{
    return move_step(session, true, err);
}

bool session_redo(Session *session, Err *err)
{
    return move_step(session, false, err);
}

void undo_free(Session *session)
{
    steps_clear(session, session->undo, &session->n_undo);
    steps_clear(session, session->redo, &session->n_redo);
    mem_free(session->undo);
    mem_free(session->redo);
}
