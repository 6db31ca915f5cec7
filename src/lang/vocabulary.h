/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parser asks about words: which are verbs, which are layers, and what a verb takes. */
#ifndef FNS_LANG_VOCABULARY_H
#define FNS_LANG_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

typedef enum VerbTakes {
    TAKES_ARGUMENTS, /* operands and options */
    TAKES_WORDS,     /* every word is an operand: help, why */
    TAKES_VALUES,    /* operands are expressions in the value context: print assert return */
    TAKES_LET,       /* only NAME = expression, value context */
    TAKES_NEWS,      /* each KEY is a new name = expression in the row context, no options: derive */
    TAKES_MIXED      /* as TAKES_NEWS, but the keys in `options` are options: group aggregate */
} VerbTakes;

typedef struct VerbShape {
    const char *name; /* the verb itself, also where an alias or a prefix was asked for */
    VerbTakes takes;
    const char *options;     /* TAKES_MIXED: names of options, "by every" */
    const char *expressions; /* options whose value is an expression in the row context, "signal";
                                or NULL */
} VerbShape;

typedef struct Vocabulary {
    /* NULL: no such verb; what it returns lives as long as the vocabulary */
    const VerbShape *(*verb)(void *context, const char *name);
    const char *(*layer)(void *context, const char *name); /* its own name, or NULL */
    void *context;
} Vocabulary;

/* All verbs and layers of fns with their aliases, whole words only (files). */
const Vocabulary *vocabulary_full(void);
/* The same, where a unique prefix of a verb is accepted, save for forget, quit and undo (the
 * prompt). */
const Vocabulary *vocabulary_prompt(void);

/* The row of a verb by its own name or an alias; NULL: none. For iteration: 0 <= i < verb_count().
 */
const VerbShape *verb_find(const char *name);
size_t verb_count(void);
const VerbShape *verb_at(size_t i);
size_t layer_count(void);
const char *layer_at(size_t i);

/* What people who know another program may have meant by a word, as a statement of fns, or NULL. */
const char *neighbour_hint(const char *word);

#endif
