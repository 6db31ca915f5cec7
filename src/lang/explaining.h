/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `explain` and `predict reasons=` share: which method, against what reference, on which scale. */
#ifndef FNS_LANG_EXPLAINING_H
#define FNS_LANG_EXPLAINING_H

#include "lang/judge.h"
#include "model/explainer.h"

typedef struct Explaining {
    Explainer *explainer;
    ExplainHow how;
    const char *reference; /* in words: "the mean of the 600 training rows of loans" */
    const char *scale;     /* "log-odds of default=1", "score" */
    const char *method;    /* in words */
} Explaining;

#define EXPLAIN_OPTIONS(orders)                                                                              \
    { "method",                                                                                              \
      OPTION_WORD,                                                                                           \
      0,                                                                                                     \
      "shapley",                                                                                             \
      0,                                                                                                     \
      0,                                                                                                     \
      "shapley|gradients",                                                                                   \
      NULL,                                                                                                  \
      "Shapley values, or gradients integrated on the line from the reference" },                            \
        { "reference", OPTION_ANY, 0,                                                                        \
          "mean",      0,          0,                                                                        \
          NULL,        NULL,       "mean of the training rows, zero (all inputs 0), row(NUMBER)" },          \
        { "scale",       OPTION_WORD, 0,                                                                     \
          NULL,          0,           0,                                                                     \
          "logit|score", NULL,        "logit (log-odds) where the model has them, score" },                  \
        { "level", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "of several levels: whose score" },                \
    {                                                                                                        \
        "permutations", OPTION_INTEGER, 0, orders, 2, 100000, NULL, NULL,                                    \
            "pairs of orders that sampled Shapley values are the mean over"                                  \
    }

/* By the options of the call, of model 0. best: the level where level= is not given, from 0; -1: then it is
 * an error. explaining_close after it, also after an error. */
bool explaining_open(Session *session, const Call *call, const Judged *judged, int best, Explaining *out,
                     Err *err);
void explaining_close(Explaining *explaining);

/* The frame row that has this number among rows; false: none has. */
bool judged_find_row(const Frame *frame, const uint32_t *rows, size_t n, double number, uint32_t *row);

#endif
