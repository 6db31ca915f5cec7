/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands before the cursor of an unfinished text: the open blocks, the statement so far, the open
 * brackets, the word that is begun. For completion; pure. */
#ifndef FNS_LANG_STANDING_H
#define FNS_LANG_STANDING_H

#include "lang/ast.h"

enum { STANDING_OPERANDS = 16, STANDING_KEYS = 64, STANDING_BRACKETS = 16, STANDING_BLOCKS = 64 };

typedef struct StandingBracket {
    char sign;          /* ( [ { */
    const char *callee; /* the word that touches a (, or NULL */
    const char *key;    /* of the value that is asked inside, or NULL */
    int n_positional;   /* arguments before the cursor */
} StandingBracket;

typedef struct StandingBlock {
    const char *word;  /* net, with, if, ... */
    const char *frame; /* of with and recipe */
} StandingBlock;

typedef struct StandingKey {
    const char *name, *value; /* value: its first word, or NULL */
} StandingKey;

typedef struct Standing {
    const char *prefix; /* the begun word as written; empty: none */
    size_t word_start;
    bool silent;                             /* in a comment, a number, after a sign: nothing completes */
    char quote;                              /* the prefix is in a string: its quote; else 0 */
    bool variable;                           /* the prefix is a path behind $: "last.test.k" */
    const char *verb;                        /* as written; NULL: the cursor is where a statement begins */
    const char *operands[STANDING_OPERANDS]; /* words, or NULL for other values */
    int n_operands;
    StandingKey keys[STANDING_KEYS];
    int n_keys;
    bool asks_value; /* the last key has no value yet, or a comma asks for one more */
    bool after_as, has_as, replace, force, in_condition;
    StandingBracket brackets[STANDING_BRACKETS]; /* from the outside */
    int n_brackets;
    StandingBlock blocks[STANDING_BLOCKS]; /* from the outside */
    int n_blocks;
} Standing;

/* The first `cursor` bytes of text; memory from the arena. */
void standing_find(Arena *arena, const char *text, size_t cursor, Standing *out);
bool standing_in_net(const Standing *standing);
/* The frame of the innermost `with` or `recipe ... as`, or NULL. */
const char *standing_frame(const Standing *standing);

#endif
