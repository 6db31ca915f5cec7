/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `note NAME key="text"`: words for the report, kept with the model. */
#include <string.h>

#include "lang/bind.h"
#include "lang/papers.h"

enum { NOTE_MOST = 20000 };

/* The keys that the built-in template asks for; any other is as good. */
#define WORDS(key, help)                                                                                     \
    {                                                                                                        \
        key, OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, help                                                     \
    }

static const OptionSpec options[] = {
    { "name", OPTION_OBJECT, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net or a fitted model" },
    WORDS("owner", "who answers for the model"),
    WORDS("purpose", "what it is for, and what is decided by it"),
    WORDS("use", "who uses it, where, and what it must not be used for"),
    WORDS("data", "where the data come from, what period and whom they cover"),
    WORDS("target", "what counts as the event, and over which window"),
    WORDS("design", "why this kind of model, and what was tried before"),
    WORDS("assumptions", "what must hold for it to work"),
    WORDS("limits", "where it is weak, and what it does not know"),
    WORDS("monitoring", "what is watched in use, how often, and what happens beyond which bound"),
    WORDS("changes", "what changed since the last version"),
    WORDS("validation", "what the independent validation found"),
};

static bool set_note(const char *key, const Value *value, Span span, Record *notes, Arena *arena, Err *err)
{
    if (value->type != VALUE_MISSING && value->type != VALUE_TEXT)
        return ERR_AT(err, span, note_taken, key, value_type_name(value->type));
    if (value->type == VALUE_TEXT && strlen(value->text) > NOTE_MOST)
        return ERR_AT(err, span, note_long, INT(NOTE_MOST));
    record_set(arena, notes, key, *value);
    return true;
}

static Record *without_missing(const Record *notes, Arena *arena)
{
    Record *kept = value_record(arena).record;
    for (int i = 0; i < notes->n; i++)
        if (notes->members[i].value->type != VALUE_MISSING)
            record_set(arena, kept, notes->members[i].name, *notes->members[i].value);
    return kept;
}

static bool set_notes(const Call *call, Record *notes, int *n, Err *err)
{
    for (int i = 1; i < call->command->kind.n_options; i++) {
        const char *key = call->command->kind.options[i].name;
        const Option *option = &call->options.items[i];
        if (!option->given) continue;
        if (!set_note(key, &option->value, option->span, notes, call->arena, err)) return false;
        ++*n;
    }
    for (int i = 0; i < call->extra.n; i++, ++*n) {
        const Arg *arg = &call->extra.items[i];
        if (!set_note(arg->key, &arg->value, arg->span, notes, call->arena, err)) return false;
    }
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "name");
    Object *object = session_get(session, name);
    int n = 0;
    if (object->type != OBJECT_NET && object->type != OBJECT_MODEL)
        return ERR_AT(err, call_span(call, "name"), note_not_model, name, object_type_name(object));
    const Record *before = papers_notes(object);
    Record *notes = value_record(call->arena).record;
    for (int i = 0; before && i < before->n; i++)
        record_set(call->arena, notes, before->members[i].name, *before->members[i].value);
    if (!set_notes(call, notes, &n, err)) return false;
    if (!n) return ERR(err, note_nothing, arena_format(call->arena, "note %s purpose=\"...\"", name));
    notes = without_missing(notes, call->arena);
    Object *version = papers_with_notes(object, notes, call->arena);
    version->saved = false;
    result_line(result, "%s has %d %s", name, notes->n, count_noun(notes->n, "note", "notes"));
    session_set(session, name, version);
    return true;
}

const CommandKind command_note = {
    .kind = { .name = "note",
              .help = "keeps words for the report with a net or a fitted model",
              .more = "The keys below are those that the built-in template of `report` asks for; any other "
                      "key may be "
                      "written too, for a template that has {{note.KEY}}. A key written again replaces its "
                      "text, key=missing takes it back; an empty line begins a paragraph. Notes stay while "
                      "the model is trained "
                      "on, go into its .fnm file and come back from it; `show NAME` lists them, undo takes "
                      "them back.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=500\nsplit loans train=60% valid=40%\nfit logit "
                         "loans as lr\n"
                         "note lr purpose=\"accepts or refuses consumer loans\" owner=\"credit risk\"\n"
                         "note lr committee=\"seen in March\"\nshow lr",
              .since = "1" },
    .group = "Judging",
    .form = "note NAME purpose=\"text\" limits=\"text\" KEY=\"text\" ...",
    .flags = COMMAND_UNDO | COMMAND_EXTRA,
    .run = run,
};
