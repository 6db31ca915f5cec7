/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help from the tables: verbs, layers, steps, optimizers, metrics, settings, error codes. */
#ifndef FNS_LANG_HELP_H
#define FNS_LANG_HELP_H

#include "lang/result.h"
#include "lang/session.h"

/* The overview (topic NULL), a group, a verb, a kind, a list ("layers", "metrics"), or what mentions the word
 * (apropos). Error `no_topic` with a suggestion. */
bool help_topic(Result *result, const char *topic, Err *err);
/* The words that list kinds: "layers", "metrics", ...; NULL from the end on. */
const char *help_list_word(int i);
/* The manual page of a verb as troff text, in the arena. */
bool help_manual(const char *verb, Arena *arena, const char **out, Err *err);

#endif
