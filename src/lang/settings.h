/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings: one row each in settings.def. */
#ifndef FNS_LANG_SETTINGS_H
#define FNS_LANG_SETTINGS_H

#include "lang/session.h"

Settings settings_initial(void);
/* The option table behind `set`: every setting with its type, range and help. */
extern const Kind settings_kind;
Value settings_get(const Settings *settings, const char *name);
/* Checks against the table; texts are kept in the arena. */
bool settings_put(Settings *settings, Arena *kept, const char *name, Value value, Span span, Err *err);

#endif
