/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folds in time order: purged and embargoed k-fold, walk-forward, and the purge of folds that a column gives.
 * What trains beside each fold is said row by row, since it is not simply the rest. */
#ifndef FNS_DATA_FOLDPLAN_H
#define FNS_DATA_FOLDPLAN_H

#include "data/labeltimes.h"
#include "data/split.h"

#define FOLD_NONE   (-1) /* in no fold, and no net sees it: test rows */
#define FOLD_TRAINS (-2) /* in no fold, but it trains */

typedef struct FoldPlan {
    int k;
    int n_paths;   /* how often each row is scored; 0: once */
    int32_t *fold; /* (n_paths, n_rows): the fold that scores it, from 0; FOLD_NONE, FOLD_TRAINS */
    uint8_t *part; /* (k, n_rows): PART_TRAIN, PART_VALID, PART_NONE of each row beside each fold. NULL: the
                      rows of all other folds train */
    size_t purged; /* training rows, over all folds */
} FoldPlan;

typedef struct WalkRule {
    Value train, valid, test, gap; /* rows of time (different times), or durations; missing: none */
    bool expanding;                /* training rows from the first one on, not the last `train` */
} WalkRule;

/* inner: training looks at validation rows, which are the last seventh of the fold's training rows where the
 * rule sets none aside, and the fold's own rows belong to no part; else they are its validation rows.
 * Training rows whose labels reach into the fold, and validation rows', are purged. Test rows and named parts
 * of the frame's split stay out. Errors: bad_split, empty_part (a fold without rows), those of
 * labeltimes_make. foldplan_free after them, also after an error. */
bool foldplan_purged(const Frame *frame, int k, const LabelRule *rule, bool inner, FoldPlan *out, Err *err);
bool foldplan_walk(const Frame *frame, const WalkRule *walk, const LabelRule *rule, bool inner, FoldPlan *out,
                   Err *err);
/* Combinatorial purged cross-validation (Lopez de Prado 2018, chapter 12): blocks of time, of which each
 * choice of `test` is judged once by what trains on the others: k = C(blocks, test) folds, in lexicographic
 * order. They make n_paths = test / blocks k forecasts of each row; path j takes of each block the j-th fold
 * that judges it. */
bool foldplan_cpcv(const Frame *frame, int blocks, int test, const LabelRule *rule, bool inner, FoldPlan *out,
                   Err *err);
/* Fills part of a plan whose folds are given. */
bool foldplan_purge(const Frame *frame, const LabelRule *rule, bool inner, FoldPlan *plan, Err *err);
void foldplan_free(FoldPlan *plan);
/* A copy of the frame's split with the parts (n_rows) of one fold; test rows and named parts stay. */
Split *split_from_parts(const Frame *frame, const uint8_t *part, Err *err);
/* Whether a frame row may be in a fold: it trains or validates, or the frame is not split. */
bool folds_hold(const Frame *frame, size_t row);

#endif
