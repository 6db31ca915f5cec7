/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes: steps that learn from training rows. A recipe is a list of step definitions; fitting it on
 * the training rows of a frame makes a Prep (data/prep.h), which a model owns. */
#ifndef FNS_DATA_RECIPE_H
#define FNS_DATA_RECIPE_H

#include "data/frame.h"

/* The code of a level that the training rows did not show. */
#define FEATURE_UNSEEN UINT32_MAX

/* A working column while a recipe runs: numbers (NaN missing), category codes (0 missing,
 * FEATURE_UNSEEN a level unknown to the model; levels hold those of the training rows, sorted), or
 * flags: 0/1 made by a step (one-hot, missing flag), which later steps never touch. */
typedef enum FeatureKind {
    FEATURE_NUMBER,
    FEATURE_CATEGORY,
    FEATURE_FLAG,
    FEATURE_CODE /* a category that an embedding reads: no step touches it */
} FeatureKind;

typedef struct Feature {
    const char *name;
    const char *from; /* the frame column it came from */
    uint64_t key;     /* hash of the name */
    FeatureKind kind;
    union { /* n_rows of ... */
        double *numbers;
        uint32_t *codes;
        uint8_t *flags;
    };
    Levels *levels; /* of a category */
} Feature;

/* What steps may know of the rows of a feature set besides their features (data/steprows.h makes it). A
 * pointer is NULL where no step of the recipe asks for it. */
typedef struct StepRows {
    const char *time; /* name of the time role, or NULL */
    const double
        *weight; /* (n) of rows that are learned from: their weights, of which the mean is 1; NULL: all 1 */
    const double *target;      /* (n) of rows that are learned from: value, 0/1, level number; NaN missing */
    char target_kind;          /* as TargetInfo */
    const char *const *levels; /* names of the target's levels */
    int n_levels;
    uint32_t *draw;  /* (n): above 0 for a row that the model learned from, a number that its id (or, without
                      * one, the row) alone decides: modulo k its fold; 0: another row */
    uint32_t *order; /* (n): the rows by id, and by time within it */
    uint32_t *first; /* (n), by place in order: the place where the id of that row begins */
    uint32_t *date;  /* (n): a number from 0 for each time; rows without one share the last */
    uint32_t n_dates;
} StepRows;

typedef struct FeatureSet {
    Arena *arena; /* names, the array, the feature blocks' list */
    Feature *items;
    int n, capacity;
    size_t n_rows;
    const StepRows *rows; /* not owned; may be NULL */
} FeatureSet;

/* Adds a feature with storage of its own (freed by feature_set_free), at the end or at place i. A name
 * that is taken gets "_2", "_3", ... Pointers into items are invalid afterwards. */
Feature *feature_add(FeatureSet *set, const char *name, const char *from, FeatureKind kind, Err *err);
Feature *feature_insert(FeatureSet *set, int i, const char *name, const char *from, FeatureKind kind,
                        Err *err);
bool feature_remove(FeatureSet *set, int i);
void feature_set_free(FeatureSet *set);
int feature_find(const FeatureSet *set, const char *name);
/* As feature_find, but looks from place `start` on first: quick for names that come in order. */
int feature_find_from(const FeatureSet *set, const char *name, int start);

static inline double step_weight(const StepRows *rows, size_t i)
{
    return rows && rows->weight ? rows->weight[i] : 1;
}

/* What a step asks of the rows; weights come with targets, too; labels are targets of the rows learned from,
 * for a step that needs no draws. Series and dates make it read rows beside the one at hand (earlier ones of
 * its id, those of its time), so that it is applied to a frame as a whole. */
enum {
    STEP_TARGET = 1,
    STEP_SERIES = 2,
    STEP_DATES = 4,
    STEP_WEIGHT = 8,
    STEP_LABELS = 16,
    STEP_WHOLE = STEP_SERIES | STEP_DATES
};

typedef struct StepKind {
    Kind kind;
    unsigned (*needs)(const Options *options,
                      const char *time); /* time: the time role's column. NULL: nothing */
    /* Which features `all` (no column named) means; a named one that does not fit is an error. Flags
     * are never offered. */
    bool (*accepts)(const Options *options, const Feature *feature);
    /* Learns from training rows; `selected` are features in order. The state is a record (one member a
     * feature, usually), so that saving, printing, hashing and comparing are those of values. */
    bool (*fit)(const Options *options, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err);
    /* Applies a fitted state to any rows (set->rows NULL: nothing is known of them); counts unseen levels and
     * the like in notes. */
    bool (*apply)(const Options *options, const Record *state, FeatureSet *set, Notes *notes, Err *err);
    /* When it joins a recipe: what is worth knowing, or why it cannot be; time as in needs. NULL: nothing. */
    bool (*ask)(const Options *options, const char *time, Notes *notes, Err *err);
} StepKind;

/* For `ask`: an error without a place is at that option. */
static inline bool step_failed_at(const Options *options, const char *name, Err *err)
{
    if (err && !err->span.source) err->span = option_get(options, name)->span;
    return false;
}

static inline unsigned step_needs(const StepKind *kind, const Options *options, const char *time)
{
    return kind->needs ? kind->needs(options, time) : 0;
}

extern const KindList step_kinds; /* src/data/steps.def */

typedef struct StepDef {
    const StepKind *kind;
    const Options *options; /* the option named "columns" holds the selection */
} StepDef;

struct Recipe {
    atomic_int refs;
    Arena *arena;
    StepDef *steps;
    int n;
};

Recipe *recipe_new(void);
Recipe *recipe_ref(const Recipe *recipe);
void recipe_unref(const Recipe *recipe);
/* A copy with one more step; options are copied. */
Recipe *recipe_with(const Recipe *recipe, const StepKind *kind, const Options *options);
/* A copy whose steps name the column `to` where they named `from`; the recipe itself (one more reference)
 * where none does. */
Recipe *recipe_renamed(const Recipe *recipe, const char *from, const char *to);

#endif
