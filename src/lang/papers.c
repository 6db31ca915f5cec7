/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/papers.h"

#include "lang/lineage.h"

const NoteKey note_keys[] = {
    { "owner", "who answers for the model" },
    { "purpose", "what it is for, and what is decided by it" },
    { "use", "who uses it, where, and what it must not be used for" },
    { "data", "where the data come from, what period and whom they cover" },
    { "target", "what counts as the event, and over which window" },
    { "design", "why this kind of model, and what was tried before" },
    { "assumptions", "what must hold for it to work" },
    { "limits", "where it is weak, and what it does not know" },
    { "monitoring", "what is watched in use, how often, and what happens beyond which bound" },
    { "changes", "what changed since the last version" },
    { "validation", "what the independent validation found" },
};
const int n_note_keys = sizeof note_keys / sizeof *note_keys;

static const Record *paper(const Object *object, const char *name)
{
    const Value *value = object->papers ? record_get(object->papers, name) : NULL;
    return value && value->type == VALUE_RECORD ? value->record : NULL;
}

const Record *papers_notes(const Object *object)
{
    return paper(object, "notes");
}

const char *papers_note(const Object *object, const char *key)
{
    const Record *notes = papers_notes(object);
    const Value *note = notes ? record_get(notes, key) : NULL;
    return note && note->type == VALUE_TEXT ? note->text : NULL;
}

static Value of_record(const Record *record)
{
    return (Value){ .type = VALUE_RECORD, .record = (Record *)record };
}

static const Record *pack(const Record *notes, const Record *made, Arena *arena)
{
    Record *papers = value_record(arena).record;
    if (notes && notes->n) record_set(arena, papers, "notes", of_record(notes));
    if (made) record_set(arena, papers, "made", of_record(made));
    return papers->n ? papers : NULL;
}

Object *papers_with_notes(const Object *object, const Record *notes, Arena *arena)
{
    Object *version = object_again(object);
    object_set_papers(version, pack(notes, paper(object, "made"), arena));
    return version;
}

void papers_inherit(Object *object, const Object *before)
{
    if (object == before || object->papers || !before->papers || object->type != before->type) return;
    Arena *arena = arena_new();
    const Record *made = object_same_weights(object, before) ? paper(before, "made") : NULL;
    object_set_papers(object, pack(papers_notes(before), made, arena));
    arena_free(arena);
}

void papers_show(const Object *object, Result *result)
{
    const Record *notes = papers_notes(object);
    if (!notes || !notes->n) return;
    Table *table = result_table(result, "notes", "notes");
    table_column(result->arena, table, "key", ALIGN_LEFT, 0);
    table_column(result->arena, table, "text", ALIGN_PROSE, 0);
    result_members(result->arena, table, notes, "");
}

ModelPapers papers_to_save(const Session *session, const char *name, const Object *object, Arena *arena)
{
    const Record *made = paper(object, "made");
    if (!made) made = lineage_of(session, name, arena);
    return pack(papers_notes(object), made, arena);
}
