/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/kept.h"

#include <string.h>

#include "lang/write.h"

static void forget(Session *session, int at)
{
    KeptResult *kept = &session->kept_results[at];
    object_unref((Object *)kept->object);
    arena_free(kept->arena);
    session->n_kept_results--;
    memmove(kept, kept + 1, (size_t)(session->n_kept_results - at) * sizeof *kept);
}

void kept_free(Session *session)
{
    while (session->n_kept_results) forget(session, session->n_kept_results - 1);
    mem_free(session->kept_results);
}

static bool is_of(const KeptResult *kept, const char *verb, const char *name)
{
    return !strcmp(kept->verb, verb) && !strcmp(kept->name, name);
}

/* Room for one more: the same statement goes, else the oldest of too many. Verbs that change the model say
 * one thing of it, the last. */
static void make_room(Session *session, const char *verb, const char *name, const char *statement, bool one)
{
    int n = 0, oldest = -1;
    for (int i = session->n_kept_results - 1; i >= 0; i--) {
        const KeptResult *kept = &session->kept_results[i];
        if (!is_of(kept, verb, name)) continue;
        if (one || !strcmp(kept->statement, statement)) {
            forget(session, i);
            oldest--;
            continue;
        }
        n++;
        oldest = i;
    }
    if (n >= KEPT_EACH) forget(session, oldest);
}

/* A copy with its charts, each at its place; what stands behind a chart stays there. */
static const Result *copy_result(Arena *arena, const Result *result)
{
    const Result *flat = result_copy(arena, result);
    Result *copy = result_new(arena, flat->verb);
    copy->record = flat->record;
    copy->notes = flat->notes;
    for (int i = 0, next = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_CHART)
            result_chart(copy, chart_copy(arena, item->chart), item->rows, item->columns);
        if (item->kind != ITEM_LINE && item->kind != ITEM_TABLE) continue;
        const ResultItem *of = &flat->items[next++];
        if (of->kind == ITEM_LINE) {
            result_line_ink(copy, of->ink, "%s", of->line);
        } else {
            Table *table = result_table(copy, of->table->name, of->table->title);
            *table = *of->table;
            table->behind_chart = item->table->behind_chart;
        }
    }
    return copy;
}

static void keep(Session *session, const Call *call, const char *name, const Result *result)
{
    Object *object = session_get(session, name);
    if (!object) return;
    Buf statement = { 0 };
    node_write(&statement, call->node);
    make_room(session, call->command->kind.name, name, buf_text(&statement),
              call->command->flags & COMMAND_UNDO);
    size_t n = (size_t)session->n_kept_results;
    KeptResult *all = mem_own((n + 1) * sizeof *all);
    if (n) memcpy(all, session->kept_results, n * sizeof *all);
    mem_free(session->kept_results);
    session->kept_results = all;
    Arena *arena = arena_new();
    all[session->n_kept_results++] = (KeptResult){ .verb = arena_text(arena, call->command->kind.name),
                                                   .name = arena_text(arena, name),
                                                   .statement = arena_text(arena, buf_text(&statement)),
                                                   .object = object_ref(object),
                                                   .arena = arena,
                                                   .result = copy_result(arena, result) };
    buf_free(&statement);
}

static bool is_word(const Value *value)
{
    return value->type == VALUE_WORD || value->type == VALUE_TEXT;
}

static void keep_named(Session *session, const Call *call, const Value *value, const Result *result)
{
    if (value->type == VALUE_LIST)
        for (int i = 0; i < value->list.n; i++) keep_named(session, call, &value->list.items[i], result);
    else if (is_word(value))
        keep(session, call, value->text, result);
}

static bool keeps(const CommandKind *command)
{
    if (!(command->flags & COMMAND_LAST)) return false;
    return !strcmp(command->group, "Judging") || !strcmp(command->group, "Looking inside") ||
           !strcmp(command->kind.name, "check");
}

void kept_add(Session *session, const Call *call, const Result *result)
{
    if (!keeps(call->command)) return;
    const char *subject = call->frame_name ? call->frame_name : call->model;
    if (subject) keep(session, call, subject, result);
    for (int i = 0; i < call->command->kind.n_options; i++) {
        const OptionSpec *spec = &call->command->kind.options[i];
        bool named = spec->type == OPTION_MODEL || spec->type == OPTION_NET || spec->type == OPTION_OBJECT;
        if (named && (spec->flags & OPTION_POSITIONAL) && call->options.items[i].given)
            keep_named(session, call, &call->options.items[i].value, result);
    }
}

static bool holds(const Session *session, const KeptResult *kept)
{
    const Object *now = session_get(session, kept->name);
    if (!now || now->type != kept->object->type) return false;
    if (now->type == OBJECT_FRAME) return now->frame->n_rows == kept->object->frame->n_rows;
    return object_same_weights(now, kept->object);
}

const KeptResult *kept_get(const Session *session, const char *verb, const char *name, int i)
{
    for (int k = 0; k < session->n_kept_results; k++) {
        const KeptResult *kept = &session->kept_results[k];
        if (is_of(kept, verb, name) && holds(session, kept) && i-- == 0) return kept;
    }
    return NULL;
}

int kept_outdated(const Session *session, const char *verb, const char *name)
{
    int n = 0;
    for (int k = 0; k < session->n_kept_results; k++) {
        const KeptResult *kept = &session->kept_results[k];
        n += is_of(kept, verb, name) && !holds(session, kept);
    }
    return n;
}
