/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Triple barriers: which is touched first, and when. */
#ifndef FNS_DATA_EXPR_BARRIER_H
#define FNS_DATA_EXPR_BARRIER_H

#include "data/expr/function.h"

/* What becomes of a row's label: which barrier decides it (1, -1, 0) and after how many rows: at the first
 * one touched, else at the horizon. Not known where the rows end before, or a price on the way is missing;
 * life is then how far the label is known to live. */
typedef struct Touch {
    double label, life;
    bool known;
} Touch;
typedef void (*TakeTouch)(void *context, size_t row, Touch touch);
/* Of the prices of an id in time order, for each row at which a label begins. given: options horizon, up,
 * down, span, vertical. */
void barrier_touches(const double *x, size_t n, const Options *given, TakeTouch take, void *context);

#define BARRIER_OPTIONS                                                                                      \
    { "horizon",                                                                                             \
      OPTION_INTEGER,                                                                                        \
      OPTION_REQUIRED,                                                                                       \
      NULL,                                                                                                  \
      1,                                                                                                     \
      100000,                                                                                                \
      NULL,                                                                                                  \
      NULL,                                                                                                  \
      "rows after which the vertical barrier stands, as in horizon=10" },                                    \
        { "up", OPTION_NUMBER, 0, "1", 0, 1e6, NULL, NULL, "the upper barrier in sigmas; 0: none" },         \
        { "down", OPTION_NUMBER, 0, "1", 0, 1e6, NULL, NULL, "the lower barrier in sigmas; 0: none" },       \
        { "span", OPTION_NUMBER, 0, "100", 1, 1e6, NULL, NULL, "of the weights of sigma, in rows" },         \
        { "vertical",  OPTION_WORD, 0,                                                                       \
          "zero",      0,           0,                                                                       \
          "zero|sign", NULL,        "the label where neither barrier is touched: 0, or the sign of the return" },

#endif
