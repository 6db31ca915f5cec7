/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preparation while it is fitted on training rows; shared by the files that do so. Each fills its part of
 * the prep, in the order in which they stand here. */
#ifndef FNS_DATA_PREPFIT_H
#define FNS_DATA_PREPFIT_H

#include "data/prepwork.h"
#include "data/steprows.h"

typedef struct PrepFit {
    const Frame *frame;
    Prep *prep;
    Arena *arena; /* the prep's */
    TargetInfo target;
    uint32_t *rows; /* frame rows that train */
    size_t n;
    uint32_t *labelled; /* target rows of training samples, with a label; rows where a sample is a row */
    size_t n_labelled;
    int *columns; /* frame columns that enter */
    int n_columns;
    ValueList coded;
    FeatureSet set;     /* the features of the training rows */
    StepRows step_rows; /* of the set */
    Notes *notes;
    Progress *progress;
} PrepFit;

/* The target and its levels. Errors: no_target where it is needed, those of frame_target. */
bool prepfit_target(PrepFit *fit, bool needed, Err *err);
/* The rows that train, and those that the targets are learned from; notes what has no target. Errors:
 * no_training_rows, no_samples. */
bool prepfit_rows(PrepFit *fit, Err *err);
/* The frame columns that enter; notes those that cannot. Errors: no_inputs. */
bool prepfit_columns(PrepFit *fit, ValueList selection, Err *err);
/* What the training rows show of each input: levels, range, special values. */
bool prepfit_schema(PrepFit *fit, Err *err);
/* Marks categories that enter as codes. */
bool prepfit_coded(PrepFit *fit, Err *err);
/* The names of what the last step leaves, which must be numbers without missing values. Errors: not_encoded,
 * has_missing, no_inputs. */
bool prepfit_name(PrepFit *fit, Err *err);
/* Mean and shares of the target. */
bool prepfit_statistics(PrepFit *fit, Err *err);

#endif
