/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames in which nothing can be learned: the target permuted, or the inputs. What a model still reaches on
 * them it owes to a leak. */
#ifndef FNS_DATA_SURROGATE_H
#define FNS_DATA_SURROGATE_H

#include "data/frame.h"

/* Rows that go together: 1, or where the rows have an order the longest of the label's horizon and the cube
 * root of their number, so that what neighbours share stays shared. */
size_t surrogate_block(const Frame *frame);
/* A version in which the target's cells stand in other rows, in blocks (by id, in time order) that keep their
 * inside; columns derived from the target are made anew. One reference, or NULL. */
Frame *surrogate_shuffled(const Frame *frame, uint64_t seed, int round, Notes *notes, Progress *progress,
                          Err *err);
/* A version in which the cells of each input are permuted on their own, row by row; columns derived from them
 * are made anew, the target stays. One reference, or NULL. */
Frame *surrogate_noise(const Frame *frame, uint64_t seed, int round, Notes *notes, Progress *progress,
                       Err *err);

#endif
