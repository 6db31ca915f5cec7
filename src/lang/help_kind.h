/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One kind as help shows it: what it is, its form, its options, an example that runs. */
#ifndef FNS_LANG_HELP_KIND_H
#define FNS_LANG_HELP_KIND_H

#include "base/str.h"
#include "lang/command.h"

/* How it is written: "scale FRAME [columns ...] [method=]"; in the arena. command: of a verb, else NULL. */
const char *help_form(Arena *arena, const Kind *kind, const CommandKind *command);
/* What an option takes: "a whole number", "adam, sgd, ..." */
void help_takes(Buf *out, const OptionSpec *spec);
/* noun: "verb", "layer", ...; form: from help_form, or lines of its own. */
void help_kind(Result *result, const Kind *kind, const char *noun, const char *form);

#endif
