/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scoring: outputs of a plan for rows of inputs, in tiles of a fixed size, so that a row's bits depend on
 * that row alone. */
#ifndef FNS_MODEL_SCORE_H
#define FNS_MODEL_SCORE_H

#include "model/feed.h"

typedef struct Scorer Scorer;

/* How many of so many rows a scorer has room for at a time. */
size_t scorer_rows(const Plan *plan, size_t rows);
/* bare: outputs before the last activation (logits). rows: as many as a call will have, or more. */
Scorer *scorer_new(const Plan *plan, bool bare, size_t rows, Err *err);
void scorer_free(Scorer *scorer);
/* out (n, n_outputs) of x (n, in). */
void scorer_run(Scorer *scorer, const Params *params, const real *x, size_t n, real *out);
/* Of the samples from .. from + n - 1 of a feed. scorer_open before the first such call. */
bool scorer_open(Scorer *scorer, const Feed *feed, Err *err);
void scorer_run_feed(Scorer *scorer, const Params *params, const Feed *feed, size_t from, size_t n,
                     real *out);

/* As net_forward, of all n samples of a feed. */
bool net_forward_feed(const Net *net, const Feed *feed, size_t n, real *out, int threads, Progress *progress,
                      Err *err);

#endif
