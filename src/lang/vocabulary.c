/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of verbs, layers and neighbours' words. */
#include "lang/vocabulary.h"

#include <string.h>

static const VerbShape verbs[] = {
#define VERB(name, takes, options, expressions) { #name, TAKES_##takes, options, expressions },
#define ALIAS(alias, name)
#include "lang/verbs.def"
#undef VERB
#undef ALIAS
};

static const struct {
    const char *alias, *name;
} aliases[] = {
#define VERB(name, takes, options, expressions)
#define ALIAS(alias, name) { #alias, #name },
#include "lang/verbs.def"
#undef VERB
#undef ALIAS
};

static const char *const layers[] = {
#define WORD(name) #name,
#include "lang/layers.def"
#undef WORD
};

static const struct {
    const char *word, *line;
} neighbours[] = {
#define NEIGHBOUR(word, line) { #word, line },
#include "lang/neighbours.def"
#undef NEIGHBOUR
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

size_t verb_count(void)
{
    return COUNT(verbs);
}

const VerbShape *verb_at(size_t i)
{
    return &verbs[i];
}

size_t layer_count(void)
{
    return COUNT(layers);
}

const char *layer_at(size_t i)
{
    return layers[i];
}

const VerbShape *verb_find(const char *name)
{
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (strcmp(aliases[i].alias, name) == 0) name = aliases[i].name;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
    return NULL;
}

const char *neighbour_hint(const char *word)
{
    for (size_t i = 0; i < COUNT(neighbours); i++)
        if (strcmp(neighbours[i].word, word) == 0) return neighbours[i].line;
    return NULL;
}

static const VerbShape *whole_verb(void *context, const char *name)
{
    (void)context;
    return verb_find(name);
}

static const char *whole_layer(void *context, const char *name)
{
    (void)context;
    for (size_t i = 0; i < COUNT(layers); i++)
        if (strcmp(layers[i], name) == 0) return layers[i];
    return NULL;
}

/* Verbs that lose something: they are written out. */
static bool needs_whole_word(const char *name)
{
    return strcmp(name, "forget") == 0 || strcmp(name, "quit") == 0 || strcmp(name, "undo") == 0;
}

/* The only verb that begins with `name`, or NULL; those that need their whole word count. */
static const VerbShape *verb_by_prefix(const char *name)
{
    const VerbShape *found = NULL;
    size_t n = strlen(name);
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strncmp(verbs[i].name, name, n) != 0) continue;
        if (found != NULL) return NULL;
        found = &verbs[i];
    }
    return found == NULL || needs_whole_word(found->name) ? NULL : found;
}

static const VerbShape *prompt_verb(void *context, const char *name)
{
    const VerbShape *shape = whole_verb(context, name);
    return shape != NULL ? shape : verb_by_prefix(name);
}

const Vocabulary *vocabulary_full(void)
{
    static const Vocabulary full = { whole_verb, whole_layer, NULL };
    return &full;
}

const Vocabulary *vocabulary_prompt(void)
{
    static const Vocabulary prompt = { prompt_verb, whole_layer, NULL };
    return &prompt;
}
