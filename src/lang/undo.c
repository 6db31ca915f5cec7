/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/undo.h"

#include <string.h>

#include "lang/write.h"

#define STEPS_MAX 1000
#define WORDS_MAX 60

static void step_free(UndoStep *step)
{
    names_free(&step->names);
    mem_free(step->words);
}

static void steps_clear(UndoStep *steps, int *n)
{
    for (int i = 0; i < *n; i++) step_free(&steps[i]);
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
    return (UndoStep){ names_copy(&session->names), session->settings, short_words(words) };
}

static void push(UndoStep **steps, int *n, int *capacity, UndoStep step)
{
    if (*n == STEPS_MAX) {
        step_free(&(*steps)[0]);
        memmove(*steps, *steps + 1, (size_t)(--*n) * sizeof **steps);
    }
    if (*n == *capacity) {
        int grown = *capacity ? 2 * *capacity : 32;
        UndoStep *copy = mem_own((size_t)grown * sizeof *copy);
        if (*n) memcpy(copy, *steps, (size_t)*n * sizeof *copy);
        mem_free(*steps);
        *steps = copy;
        *capacity = grown;
    }
    (*steps)[(*n)++] = step;
}

/* Bytes that only undo still holds, counted once an object. */
static double held_bytes(const Session *session)
{
    double total = 0;
    for (int i = 0; i < session->n_undo; i++) {
        const Names *names = &session->undo[i].names;
        const Names *next = i + 1 < session->n_undo ? &session->undo[i + 1].names : &session->names;
        for (int k = 0; k < names->n; k++)
            if (names_get(next, names->items[k].name) != names->items[k].object)
                total += (double)object_bytes(names->items[k].object);
    }
    return total;
}

static void keep_within_budget(Session *session)
{
    int dropped = 0;
    while (session->n_undo > 1 && held_bytes(session) > session->settings.undo_memory * 1e6) {
        step_free(&session->undo[0]);
        memmove(session->undo, session->undo + 1, (size_t)(--session->n_undo) * sizeof *session->undo);
        dropped++;
    }
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
    buf_free(&words);
    return step;
}

void undo_end(Session *session, UndoStep *step, bool ok)
{
    if (!ok) {
        names_free(&session->names);
        session->names = step->names;
        session->settings = step->settings;
        mem_free(step->words);
        mem_free(step);
        return;
    }
    if (session->grouped) {
        step_free(step);
        mem_free(step);
        return;
    }
    bool changed = !names_same(&step->names, &session->names) || !same_settings(&step->settings, &session->settings);
    if (changed && !session->undoing) {
        push(&session->undo, &session->n_undo, &session->undo_capacity, *step);
        steps_clear(session->redo, &session->n_redo);
        keep_within_budget(session);
    } else {
        step_free(step);
    }
    session->undoing = false;
    mem_free(step);
}

void undo_group(Session *session, const char *words)
{
    session->group_start = take_step(session, words);
    session->grouped = true;
}

void undo_ungroup(Session *session)
{
    UndoStep *step = mem_own(sizeof *step);
    *step = session->group_start;
    session->grouped = false;
    undo_end(session, step, true);
}

static bool move_step(Session *session, bool undo, Err *err)
{
    int *n = undo ? &session->n_undo : &session->n_redo;
    UndoStep *steps = undo ? session->undo : session->redo;
    if (!*n) return undo ? ERR(err, nothing_to_undo, NULL) : ERR(err, nothing_to_redo, NULL);
    UndoStep step = steps[--*n];
    UndoStep now = take_step(session, step.words);
    if (undo) push(&session->redo, &session->n_redo, &session->redo_capacity, now);
    else push(&session->undo, &session->n_undo, &session->undo_capacity, now);
    names_free(&session->names);
    session->names = step.names;
    session->settings = step.settings;
    mem_free(step.words);
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
    steps_clear(session->undo, &session->n_undo);
    steps_clear(session->redo, &session->n_redo);
    mem_free(session->undo);
    mem_free(session->redo);
}
