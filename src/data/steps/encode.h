/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the methods of `encode` share. Each fits one category into a record and applies that to place i. */
#ifndef FNS_DATA_STEPS_ENCODE_H
#define FNS_DATA_STEPS_ENCODE_H

#include "data/stepstate.h"

/* Levels that at least `least` training rows show, as a list of texts; counts[code], counts[0] missing. */
Value encode_levels(const Feature *feature, const size_t *counts, double least, Arena *arena);
/* For each code of the feature the place of its level in the list, or -1; from mem_get. */
int *encode_map(const Feature *feature, ValueList levels, Err *err);
static inline int encode_place(const Feature *feature, const int *map, size_t row)
{
    uint32_t code = feature->codes[row];
    return code <= feature->levels->n ? map[code] : -1;
}
/* The category at i becomes a number feature with these cells (from mem_get), which it takes over. */
void encode_become(FeatureSet *set, int i, double *x);
/* The same with values[place], `unseen` or `missing`. */
bool encode_values(FeatureSet *set, int i, ValueList levels, const double *values, double unseen,
                   double missing, Err *err);

bool encode_fit_target(const Options *opts, const FeatureSet *set, const Feature *feature,
                       const size_t *counts, Arena *arena, Record *fitted, Notes *notes, Err *err);
bool encode_apply_target(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err);
void encode_fit_hash(const Options *opts, Arena *arena, Record *fitted);
bool encode_apply_hash(const Record *fitted, FeatureSet *set, int i, Err *err);
bool encode_fit_woe(const Options *opts, const FeatureSet *set, const Feature *feature, const size_t *counts,
                    Arena *arena, Record *fitted, Notes *notes, Err *err);
bool encode_apply_woe(const Record *fitted, FeatureSet *set, int i, ValueList levels, Err *err);

#endif
