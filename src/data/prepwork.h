/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading frame columns as the schema of a prep has them; shared by the files that fit and apply. */
#ifndef FNS_DATA_PREPWORK_H
#define FNS_DATA_PREPWORK_H

#include "data/prep.h"

/* A frame column seen through a schema column. */
typedef struct RawColumn {
    const SchemaColumn *schema;
    const Column *column;
    Levels *levels; /* of a category: the schema's */
    uint32_t *map;  /* both are categories: the schema's code of each of the column's codes */
} RawColumn;

bool raw_open(RawColumn *raw, const SchemaColumn *schema, const Column *column, Err *err);
void raw_close(RawColumn *raw);
/* Adds a feature to the set and fills it from frame rows rows[0..n-1] (first + i where rows is NULL),
 * n = set->n_rows. Counts into report (may be NULL). */
bool raw_read(const RawColumn *raw, const Frame *frame, const uint32_t *rows, size_t first, FeatureSet *set,
              PrepReport *report, Err *err);

static inline bool schema_is_category(const SchemaColumn *schema)
{
    return schema->type == COLUMN_CATEGORY;
}

static inline FeatureKind schema_kind(const SchemaColumn *schema)
{
    if (!schema_is_category(schema)) return FEATURE_NUMBER;
    return schema->coded ? FEATURE_CODE : FEATURE_CATEGORY;
}

Prep *prep_blank(void);
/* prep->feature_levels from its inputs and features. */
void prep_count_levels(Prep *prep);
/* Applies the fitted steps in order. */
bool prep_run_steps(const Prep *prep, FeatureSet *set, Notes *notes, Err *err);

#endif
