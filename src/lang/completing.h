/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside completion: what is asked, and the sources of words. */
#ifndef FNS_LANG_COMPLETING_H
#define FNS_LANG_COMPLETING_H

#include "lang/complete.h"
#include "lang/standing.h"

typedef struct Completing {
    Session *session;
    Arena *arena;
    Standing standing;
    CompleteAdd *add;
    void *context;
    const CommandKind *command; /* NULL: a layer, a def, a block */
    const Kind *kind;           /* the table of the verb or layer, or NULL */
    const Frame *frame;         /* of the statement, or NULL */
    const Net *net;             /* likewise */
} Completing;

/* Gives the word to the caller if it continues the prefix. */
void offer(Completing *completing, const char *word, const char *help);
void offer_name(Completing *completing, const char *name,
                const char *help); /* in backquotes where it needs them */

/* Values that a row of a table takes. */
void offer_values(Completing *completing, const OptionSpec *spec);
void offer_columns(Completing *completing, const Frame *frame);
/* Files and folders in the folder that the prefix names; sets word_start behind its last slash. */
void offer_files(Completing *completing);
/* Names and members behind $; sets word_start behind the last dot. */
void offer_variables(Completing *completing);

#endif
