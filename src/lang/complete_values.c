/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for the values of options, by their type. */
#include <string.h>

#include "data/split.h"
#include "lang/completing.h"
#include "measures/metric.h"

void offer(Completing *completing, const char *word, const char *help)
{
    const char *prefix = completing->standing.prefix;
    if (!strncmp(word, prefix, strlen(prefix))) completing->add(completing->context, word, help);
}

void offer_name(Completing *completing, const char *name, const char *help)
{
    Buf word = { 0 };
    if (*completing->standing.prefix == '`')
        buf_printf(&word, "`%s`", name);
    else
        word_write(&word, name);
    offer(completing, buf_text(&word), help);
    if (*buf_text(&word) == '`' && *completing->standing.prefix != '`' && *completing->standing.prefix &&
        !strncmp(name, completing->standing.prefix, strlen(completing->standing.prefix)))
        completing->add(completing->context, buf_text(&word), help);
    buf_free(&word);
}

static void offer_words(Completing *completing, const char *words, const char *help)
{
    while (*words) {
        size_t n = strcspn(words, "|");
        offer(completing, arena_copy(completing->arena, words, n), help);
        words += n + (words[n] == '|');
    }
}

/* A kind; once it is written whole, also its bracket where it has options. */
static void offer_kinds(Completing *completing, const KindList *kinds)
{
    for (int i = 0; kinds && i < kinds->n; i++) {
        const Kind *kind = kinds->items[i];
        offer(completing, kind->name, kind->help);
        if (kind->n_options && !strcmp(kind->name, completing->standing.prefix))
            offer(completing, arena_format(completing->arena, "%s(", kind->name), "with its options");
    }
}

void offer_columns(Completing *completing, const Frame *frame)
{
    for (int i = 0; frame && i < frame->n_columns; i++) {
        const FrameColumn *column = &frame->columns[i];
        const char *type = column_type_name(column->column);
        offer_name(completing, column->name,
                   column->role == ROLE_INPUT
                       ? type
                       : arena_format(completing->arena, "%s, %s", type, role_name(column->role)));
    }
}

/* FRAME.column, once the frame and its dot are written. */
static void offer_scores(Completing *completing)
{
    const char *prefix = completing->standing.prefix, *dot = strchr(prefix, '.');
    const Object *object =
        dot ? session_get(completing->session, arena_copy(completing->arena, prefix, (size_t)(dot - prefix)))
            : NULL;
    if (!object || object->type != OBJECT_FRAME) return;
    for (int i = 0; i < object->frame->n_columns; i++) {
        Buf word = { 0 };
        buf_add(&word, prefix, (size_t)(dot + 1 - prefix));
        word_write(&word, object->frame->columns[i].name);
        offer(completing, buf_text(&word), column_type_name(object->frame->columns[i].column));
        buf_free(&word);
    }
}

static bool fits(OptionType type, ObjectType object)
{
    switch (type) {
    case OPTION_FRAME: return object == OBJECT_FRAME;
    case OPTION_NET: return object == OBJECT_NET;
    case OPTION_MODEL: return object == OBJECT_NET || object == OBJECT_MODEL;
    default: return true;
    }
}

static void offer_objects(Completing *completing, OptionType type)
{
    const Names *names = &completing->session->names;
    for (int i = 0; i < names->n; i++)
        if (fits(type, names->items[i].object->type))
            offer_name(completing, names->items[i].name, object_type_name(names->items[i].object));
    if (type == OPTION_MODEL) offer_scores(completing);
}

static void offer_layers(Completing *completing)
{
    const Net *net = completing->net;
    for (int i = 0; net && i < net->def->n_layers; i++)
        offer_name(completing, net->def->layers[i].name, net->def->layers[i].kind->kind.help);
}

static void offer_parts(Completing *completing)
{
    offer(completing, "train", "training rows");
    offer(completing, "valid", "validation rows");
    offer(completing, "test", "test rows; each opening is counted");
    offer(completing, "all", "all rows");
    const Split *split = completing->frame ? completing->frame->split : NULL;
    for (int i = PART_TEST + 1; split && i < split->n_parts; i++)
        offer_name(completing, split->names[i], "named part");
}

static void offer_metrics(Completing *completing, bool list)
{
    static const char *const parts[] = { "valid", "train" };
    for (int i = 0; i < metric_kinds.n; i++)
        offer(completing, metric_kinds.items[i]->name, metric_kinds.items[i]->help);
    for (int p = 0; !list && p < 2; p++) {
        offer(completing, arena_format(completing->arena, "%s.loss", parts[p]), "the loss");
        for (int i = 0; i < metric_kinds.n; i++)
            offer(completing, arena_format(completing->arena, "%s.%s", parts[p], metric_kinds.items[i]->name),
                  metric_kinds.items[i]->help);
    }
}

void offer_values(Completing *completing, const OptionSpec *spec)
{
    if (spec->flags & OPTION_OFF) offer(completing, "off", "none");
    if (spec->words) offer_words(completing, spec->words, NULL);
    switch (spec->type) {
    case OPTION_BOOL: offer_words(completing, "on|off", NULL); break;
    case OPTION_INTEGER:
    case OPTION_KIND:
        if (spec->kinds) offer_kinds(completing, spec->kinds);
        break;
    case OPTION_FRAME:
    case OPTION_NET:
    case OPTION_MODEL:
    case OPTION_OBJECT: offer_objects(completing, spec->type); break;
    case OPTION_COLUMNS:
        offer(completing, "all", "every column");
        offer(completing, "numeric", "every numeric column");
        offer(completing, "category", "every category");
        offer_columns(completing, completing->frame);
        break;
    case OPTION_COLUMN: offer_columns(completing, completing->frame); break;
    case OPTION_LAYER: offer_layers(completing); break;
    case OPTION_PART: offer_parts(completing); break;
    case OPTION_METRIC: offer_metrics(completing, spec->flags & OPTION_LIST); break;
    case OPTION_FILE: offer(completing, "\"", "a file name in quotes"); break;
    default: break;
    }
}
