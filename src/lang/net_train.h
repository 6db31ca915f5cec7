/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the training verbs share: their options, the preparation of a net for a frame, running a job. */
#ifndef FNS_LANG_NET_TRAIN_H
#define FNS_LANG_NET_TRAIN_H

#include "lang/session.h"
#include "model/average.h"
#include "model/loss.h"
#include "model/optim.h"
#include "model/schedule.h"
#include "model/train.h"

/* clang-format off */
#define TRAIN_OPTIONS \
    { "epochs", OPTION_INTEGER, 0, "10", 1, 1e9, NULL, NULL, "passes over the training rows" }, \
    { "batch", OPTION_INTEGER, 0, "32", 1, 1e9, NULL, &batch_kinds, "rows a batch; time: all rows of a date, time(5): of five" }, \
    { "accumulate", OPTION_INTEGER, 0, "1", 1, 1e6, NULL, NULL, "batches a step: their gradients are averaged by their rows" }, \
    { "optimizer", OPTION_KIND, 0, "adam", 0, 0, NULL, &optimizer_kinds, "how weights are stepped" }, \
    { "lr", OPTION_NUMBER, OPTION_OPEN_MIN, NULL, 0, 1e6, NULL, NULL, "learning rate; the optimizer's own otherwise" }, \
    { "loss", OPTION_KIND, 0, NULL, 0, 0, NULL, &loss_kinds, "what is minimised; by target and last activation otherwise" }, \
    { "metrics", OPTION_METRIC, OPTION_LIST, NULL, 0, 0, NULL, NULL, "figures of each epoch" }, \
    { "monitor", OPTION_METRIC, 0, NULL, 0, 0, NULL, NULL, "what decides the best epoch: valid.loss, valid.auc, ..." }, \
    { "patience", OPTION_INTEGER, OPTION_OFF, NULL, 1, 1e9, NULL, NULL, "epochs without a better one before it stops" }, \
    { "keep", OPTION_WORD, 0, "last", 0, 0, "best|last", NULL, "weights of which epoch stay" }, \
    { "schedule", OPTION_KIND, 0, "constant", 0, 0, NULL, &schedule_kinds, "how the learning rate runs over the epochs" }, \
    { "average", OPTION_KIND, OPTION_OFF, NULL, 0, 0, NULL, &average_kinds, "an average of weights, which is what is validated and kept" }, \
    { "clip", OPTION_NUMBER, OPTION_OPEN_MIN | OPTION_OFF, NULL, 0, 1e9, NULL, NULL, "largest norm of a step's gradient" }, \
    { "weight_decay", OPTION_NUMBER, 0, NULL, 0, 1e3, NULL, NULL, "decoupled decay of weights; the optimizer's own otherwise" }, \
    { "label_smoothing", OPTION_FRACTION, OPTION_OPEN_MAX, "0", 0, 1, NULL, NULL, "share of each target that is spread over all levels" }, \
    { "class_weight", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "balanced, or a record of levels: {bad=5, good=1}" }, \
    { "correct", OPTION_BOOL, 0, "on", 0, 0, NULL, NULL, "probabilities are corrected for class_weight= and balance" }, \
    { "seed", OPTION_INTEGER, 0, NULL, 0, 9007199254740992.0, NULL, NULL, "of shuffles and dropout; `set seed` otherwise" }
/* clang-format on */

extern const Kind train_options_kind; /* TRAIN_OPTIONS as a table, for verbs that train many times */

/* From a checked option table that holds TRAIN_OPTIONS. Texts live in the scratch arena. */
bool train_config(Session *session, const Call *call, const Options *options, TrainConfig *out, Err *err);

/* The frame a net trains on: `on=`, else its input. Errors: it has none. Name and frame are borrowed. */
bool train_frame(Session *session, const Net *net, const char *on, const char **name, const Frame **frame,
                 Err *err);

/* A version of the net with preparation, shapes and first weights for this frame; the net itself (one more
 * reference) where it has them. Refuses when the frame changed since. */
Net *train_prepare(Session *session, const Net *net, const char *frame_name, const Frame *frame, bool kept,
                   Notes *notes, Err *err);

/* The verbs freeze and unfreeze. */
bool train_freeze(Session *session, const Call *call, bool frozen, Result *result, Err *err);

#endif
