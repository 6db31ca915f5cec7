/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Prep is what turns raw rows into network inputs: schema, row program, fitted recipe, target. Made
 * from the training rows of a frame; owned by models; stored in the model file. */
#ifndef FNS_DATA_PREP_H
#define FNS_DATA_PREP_H

#include "data/recipe.h"
#include "data/sample.h"
#include "data/split.h"
#include "numeric/real.h"

typedef struct SchemaColumn {
    const char *name;
    ColumnType type;
    TimeUnit unit;
    const char *const *levels; /* CATEGORY: those of the training rows, sorted */
    int n_levels;
    double low, high;        /* range over the training rows, of numbers; NaN where all are missing */
    bool had_missing;        /* among the training rows */
    const int32_t *specials; /* the special codes of a number among them, rising (data/special.h) */
    int n_specials;
    bool coded; /* a category that enters as its code: level + 1, 0 where missing or unseen */
} SchemaColumn;

typedef struct FittedStep {
    const StepKind *kind;
    const Options *options;
    const Record *state;
} FittedStep;

typedef struct Prep {
    atomic_int refs;
    Arena *arena;
    const char *frame_name;
    const SchemaColumn *inputs; /* the input columns the model needs, after the row program */
    int n_inputs;
    RowProgram *program; /* what makes them from raw columns; may be NULL */
    const FittedStep *steps;
    int n_steps;
    const char *const *features;     /* names of the network's inputs, in order */
    const char *const *feature_from; /* the frame column each came from */
    int n_features;
    const int
        *feature_levels; /* of each feature: how many levels its codes count, 0: a number; NULL: none has */
    const uint8_t *feature_flags; /* of each feature: 1 where a step made it as a flag */
    const char *target;           /* NULL: none */
    char target_kind;             /* as TargetInfo */
    const char *const *target_levels;
    int n_target_levels;
    const char *id, *time, *weight; /* role columns, or NULL */
    SampleRule sample;              /* what a sample is; n_features are those of one of its rows */
    size_t longest; /* most rows of a sample: of windows their length, else of the longest in the frame */
    const Value *event;
    size_t n_train;
    double target_mean;        /* over the training rows, of 'n' and 'b' */
    const double *level_share; /* of 'b' and 'c': share of each level among the training rows */
    unsigned taint;
    const char *data_hash; /* of the frame */
    const Split
        *split; /* the split it was fitted under (for "rows it learned from"); may be NULL after load */
    const Recipe *recipe; /* the definition it came from; may be NULL after load */
} Prep;

/* Fits the frame's recipe on its training rows (all rows when the frame is not split, with a note).
 * `columns`: the selection of `input FRAME columns=` (n = 0: every input column). Errors name the column
 * and say what to write: a category that is not encoded, missing values that are not imputed, no input
 * column, no training row. needs_target false: a frame without target is accepted. */
Prep *prep_fit(const Frame *frame, const char *frame_name, ValueList columns, bool needs_target, Notes *notes,
               Progress *progress, Err *err);
/* The same, but categories among `coded` columns are left alone by the recipe and enter as codes. */
Prep *prep_fit_coded(const Frame *frame, const char *frame_name, ValueList columns, ValueList coded,
                     bool needs_target, Notes *notes, Progress *progress, Err *err);
/* Shows `look` the features that the frame's training rows have behind its recipe; their targets are in
 * set->rows where a step asks for them. The frame needs a target. */
typedef bool (*PrepLook)(const FeatureSet *set, const TargetInfo *target, void *context, Err *err);
bool prep_look(const Frame *frame, const char *frame_name, ValueList columns, PrepLook look, void *context,
               Notes *notes, Progress *progress, Err *err);
Prep *prep_ref(const Prep *prep);
void prep_unref(const Prep *prep);

/* What applying met: cells counted over all calls (it only adds), noted by the caller. missing: cells of
 * columns without missing values among the training rows. */
typedef struct PrepReport {
    size_t unseen_levels, out_of_range, missing;
} PrepReport;

/* The frame with the columns that the prep's row program makes: itself where it has them, else a new
 * version. A reference of its own. Worth calling once before many calls of prep_apply on a raw frame. */
Frame *prep_derive(const Prep *prep, const Frame *frame, Notes *notes, Err *err);

/* Network inputs (n, n_features) of frame rows `rows` (NULL: all). The frame may be raw (columns in any
 * order, extra ones ignored; the row program makes derived ones) or already hold them. Missing columns
 * are one error that lists them all. */
bool prep_apply(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, real *x,
                PrepReport *report, Notes *notes, Err *err);
/* How many of n rows a caller of prep_apply should ask for at a time: `most`, but all of them where a step
 * reads other rows of the frame, so that each call goes through the whole of it. */
size_t prep_block(const Prep *prep, size_t most, size_t n);
/* The rule by which the model makes samples of a frame. */
static inline SampleBy prep_samples(const Prep *prep)
{
    return (SampleBy){ prep->sample, prep->id, prep->time };
}
/* The target of the samples with those target rows (n): value, 0/1, level number; NaN where missing, or
 * where a horizon leaves the id or the part. False, with an error, when the frame has no such column. */
bool prep_target(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *y, Err *err);
/* Frame row weights (weight role), 1 where there is none. */
bool prep_weights(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *w, Err *err);

/* The form in which the model file keeps it. */
Value prep_record(const Prep *prep, Arena *arena);
Prep *prep_from_record(const Record *record, Err *err);

#endif
