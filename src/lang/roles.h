/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that give columns their roles: of `role`, and of `load`. */
#ifndef FNS_LANG_ROLES_H
#define FNS_LANG_ROLES_H

#include "data/frame.h"

#define ROLE_OPTIONS                                                                                             \
    { "target", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "what is to be predicted" },                  \
        { "event", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "the level of a two-level target that is the event" }, \
        { "id", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "who a row is about" },                       \
        { "time", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "when; splits are then in time order" },    \
        { "group", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "rows that must stay in one part" },       \
        { "weight", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "weight of a row" },                      \
        { "score", OPTION_COLUMN, OPTION_OFF, NULL, 0, 0, NULL, NULL, "a score that somebody else made" },       \
        { "higher", OPTION_WORD, 0, NULL, 0, 0, "riskier|safer", NULL, "which way that score runs" },            \
        { "protect",                                                                                             \
          OPTION_COLUMNS,                                                                                        \
          OPTION_LIST | OPTION_OFF,                                                                                 \
          NULL,                                                                                                  \
          0,                                                                                                     \
          0,                                                                                                     \
          NULL,                                                                                                  \
          NULL,                                                                                                  \
          "columns that are judged by, never used" },                                                            \
    {                                                                                                            \
        "hold", OPTION_COLUMNS, OPTION_LIST | OPTION_OFF, NULL, 0, 0, NULL, NULL, "columns that are kept and never used"      \
    }

/* Sets the roles that are given; *any tells whether there were any. Errors: no_column, with its span. */
bool roles_apply(Frame *frame, const Options *options, bool *any, Err *err);

#endif
