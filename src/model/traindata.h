/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a net trains on, as plain arrays: made from a frame, or by tests. */
#ifndef FNS_MODEL_TRAINDATA_H
#define FNS_MODEL_TRAINDATA_H

#include "data/augment.h"
#include "model/feed.h"
#include "model/train.h"

/* Samples with a target; `rows` below are their target rows. */
typedef struct TrainPart {
    size_t n;
    real *x;               /* (n, n_features); NULL: samples are runs of the data's shared rows */
    uint32_t *start, *end; /* (n): as in Feed; NULL: sample i is row i of x */
    real *y;               /* (n): value, 0/1, level number from 0 */
    real *weight;          /* (n): of row and class, mean 1 over training rows; NULL: all 1 */
    double *row_weight;    /* (n): of the frame's weight column, for metrics; NULL: all 1 */
    uint32_t *row_numbers; /* (n): of the file, from 1; NULL: i + 1 */
    uint32_t *date_start;  /* (n_dates + 1): rows in order of time, those of date g from here on; NULL: in any
                              order */
    size_t n_dates;
} TrainPart;

typedef struct TrainData {
    Arena *arena;
    size_t n_features;           /* inputs of a sample */
    const char *const *features; /* names; NULL: x1 ..; of a sample of several rows they repeat */
    Samples *samples;            /* NULL: a sample is a row */
    real *shared;                /* inputs of the rows that samples read */
    Feed feed;                   /* over them; its ranges are those of all samples */
    const char *frame, *target;
    char target_kind; /* as TargetInfo */
    int n_levels;
    const char *const *levels; /* names, or NULL */
    double target_mean;
    TrainPart train, valid;
    double
        *mass_before; /* (n_levels): weights of the training rows' classes before `balance`; NULL: as now */
    bool raw;         /* probabilities are not to be corrected */
    SampleKind sample;
    const AugmentLine *augments; /* n_augments: what becomes of training samples in a batch */
    int n_augments;
    const uint8_t *numbers;     /* of each feature: no flag, no code; NULL: all are numbers */
    const double *class_factor; /* (n_levels): what traindata_weigh multiplied in; NULL: nothing */
} TrainData;

TrainData *traindata_new(void);
void traindata_free(TrainData *data);
/* Does the balance steps of the preparation to the training part; what was there is gone, also after an
 * error. Notes what each class had and has. `seed` where a step names none. (traindata_balance.c) */
bool traindata_balance(TrainData *data, const Prep *prep, uint64_t seed, Notes *notes, Err *err);
/* Sums of weights of each class of the training part (n_levels, from the data's arena); by_class: with what
 * traindata_weigh multiplied in. */
double *traindata_mass(const TrainData *data, bool by_class);
/* Inputs and targets of the parts train and valid of a frame, by the net's preparation. Notes rows without
 * a target. by_date: in order of time, with the dates. Errors: those of prep_apply, `no_training_rows`,
 * `no_dates`. */
TrainData *traindata_from_frame(const Net *net, const Frame *frame, bool by_date, Notes *notes, Err *err);
/* Sorts n rows of a frame by time: order (n) are their places; fills the dates of the part. (traindates.c) */
bool traindata_dates(TrainPart *part, const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n,
                     uint32_t *order, Err *err);
/* Copies n rows into a part: x (n, n_features), y (n), weight (n) or NULL. */
bool traindata_set(TrainData *data, TrainPart *part, const real *x, const real *y, const real *weight,
                   size_t n, Err *err);
/* Multiplies class weights into the training part and scales its weights to mean 1 (the validation part
 * by the same factor, without class weights). */
bool traindata_weigh(TrainData *data, const TrainConfig *config, Err *err);
/* The inputs of a part. */
Feed traindata_feed(const TrainData *data, const TrainPart *part);
/* The number of row i of a part in its file. */
static inline size_t trainpart_row(const TrainPart *part, size_t i)
{
    return part->row_numbers ? part->row_numbers[i] : i + 1;
}

#endif
