/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons of a whole file: for each row the columns that raise its answer most above the reference's. */
#ifndef FNS_LANG_REASONS_H
#define FNS_LANG_REASONS_H

#include "lang/explaining.h"

enum { REASONS_MAX = 20 };

#define REASON_OPTIONS                                                                                       \
    { "reasons",                                                                                             \
      OPTION_INTEGER,                                                                                        \
      0,                                                                                                     \
      NULL,                                                                                                  \
      1,                                                                                                     \
      REASONS_MAX,                                                                                           \
      NULL,                                                                                                  \
      NULL,                                                                                                  \
      "so many columns that raise the score most, as reason1, reason1_by, ..." },                            \
        { "texts",                                                                                           \
          OPTION_FILE,                                                                                       \
          0,                                                                                                 \
          NULL,                                                                                              \
          0,                                                                                                 \
          0,                                                                                                 \
          NULL,                                                                                              \
          NULL,                                                                                              \
          "with reasons: a CSV file with the columns column and text, a line for each column" },             \
        EXPLAIN_OPTIONS("16")

/* Adds the columns that reasons= asks for to a forecast of the judged rows that is not yet published; nothing
 * without it. Errors: reasons_needed, texts_columns, texts_missing, those of explaining. */
bool reasons_add(Session *session, const Call *call, const Judged *judged, Frame *forecast, Result *result,
                 Err *err);

#endif
