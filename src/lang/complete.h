/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can stand at the cursor: words for Tab, from the same tables that check the statements. */
#ifndef FNS_LANG_COMPLETE_H
#define FNS_LANG_COMPLETE_H

#include "lang/session.h"

typedef void CompleteAdd(void *context, const char *word, const char *help);

/* Calls `add` for each word that could take the place of text[*word_start .. cursor): verbs, layers in a net
 * block, options with their =, values by their type, names behind $, file names in quotes (with the closing
 * quote). Columns and names stand in backquotes where they need them. `help` is a line or NULL; both texts
 * last only for the call. A word may come twice. */
void complete_words(Session *session, const char *text, size_t cursor, CompleteAdd *add, void *context,
                    size_t *word_start);

#endif
