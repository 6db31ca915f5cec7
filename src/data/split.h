/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits: which part each physical row belongs to. */
#ifndef FNS_DATA_SPLIT_H
#define FNS_DATA_SPLIT_H

#include "data/frame.h"

#define PARTS_MAX 64

/* Part numbers are indexes into names; PART_NONE: in no part (purged, embargoed, left over). Names
 * begin with "train", "valid", "test"; further ones are the user's, or "fold1".. for folds. */
enum { PART_TRAIN, PART_VALID, PART_TEST, PART_NONE = 255 };

struct Split {
    atomic_int refs;
    int n_parts;
    char *names[PARTS_MAX];
    size_t n;      /* physical rows */
    uint8_t *part; /* a physical row */
    bool folds;    /* parts 3.. are folds: crossvalidate column(...) and `split folds=` */
    size_t purged;
    char *words; /* how it was made, as fns writes it: "train=60% valid=20% test=20% stratify=default" */
};

typedef struct SplitRange {
    const char *name;
    Value range; /* of the time role; a fraction means rows from the end, in order */
} SplitRange;

typedef struct SplitPlan {
    double train, valid, test; /* fractions; NaN where not given */
    bool given_train, given_valid, given_test;
    int order;            /* 0 by role (time if there is a time role), 1 time, 2 random */
    int stratify;         /* column or -1 */
    int group;            /* column or -1 */
    Value purge, embargo; /* rows (number) or durations; missing: none */
    bool overlap;         /* purge= says all: labels of the target's horizon may reach over a cut */
    const SplitRange *ranges;
    int n_ranges;
    int fold_column;            /* column that holds fold numbers, or -1 */
    const int32_t *fold_of_row; /* or a fold for each physical row (from a file), or NULL */
    int test_fold;              /* of the folds the one that becomes test, from 1; 0: none */
    uint64_t seed;
    const char *words; /* as written */
} SplitPlan;

/* A split of the frame's rows. Named ranges are taken out first; then fractions: counts are exact
 * (largest remainder), train gets what is left where it is not given, and fractions that sum to less
 * than 1 leave rows in no part. In time order a cut never divides equal times, and rows whose label
 * (purge, or the largest lead of a column) reaches into another part are in no part; embargo also takes
 * training rows that follow another part. A frame without a time role but with future columns is split in
 * row order. A stratify column's missing cells are a class of their own. Errors: bad fractions, an empty
 * part, a group or time column with missing values, forms that exclude each other.
 * Where samples are sequences or trees, whole ones are what is divided, at random unless order=time: all
 * rows of one are in the part of its target row. */
Split *split_make(const Frame *frame, const SplitPlan *plan, Notes *notes, Err *err);
/* The training rows that come after the first row of a part, by the time role; 0 without one. */
size_t split_training_after(const Frame *frame, const Split *split, int part);
/* Whether such a split divides whole sequences or trees. */
bool split_divides_samples(const Frame *frame, const SplitPlan *plan);
/* The taint that such a split brings: TAINT_SHUFFLED_TIME where a frame with a time role or a future
 * column is not split in its order, but for whole sequences and trees. The caller adds it to the frame
 * version that gets the split. */
unsigned split_taint(const Frame *frame, const SplitPlan *plan);
/* The training rows of a split as bits, 8 rows a byte, (n + 7) / 8 bytes; and a split that knows these alone.
 */
void split_training_bits(const Split *split, uint8_t *bits);
Split *split_from_training_bits(const uint8_t *bits, size_t n, Err *err);
/* A split as it was stored: part numbers of n rows (copied) and the names of the parts, the first three of
 * which are train, valid and test. NULL with an error bad_prep where that does not hold together. */
Split *split_restore(const uint8_t *part, size_t n, const char *const *names, int n_parts, const char *words,
                     Err *err);
/* How many physical rows each part has; [PART_NONE]: rows in no part. */
void split_count(const Split *split, size_t counts[256]);
Split *split_ref(Split *split);
void split_unref(Split *split);

/* The frame rows (not physical) of a part, "all" included; all rows when the frame has no split and
 * the name is "all" or "train". out: from mem_get, free with mem_free. Error `no_part` lists the parts. */
bool frame_part(const Frame *frame, const char *name, uint32_t **rows, size_t *n, Err *err);
/* A copy of the frame's split in which fold k (from 0) of n is valid and the rest train; the rows that
 * are test in the frame's split stay out. fold: one number for each frame row, -1 for none. */
Split *split_from_folds(const Frame *frame, const int32_t *fold, int k, Err *err);
/* k folds over the frame's rows that are not test: stratified by the target when it has levels. */
bool folds_make(const Frame *frame, int k, uint64_t seed, int32_t *fold, Err *err);

#endif
