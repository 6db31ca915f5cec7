/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `describe`: what is odd about a frame, one row a finding. */
#ifndef FNS_LANG_FINDINGS_H
#define FNS_LANG_FINDINGS_H

#include "data/looking/profile.h"
#include "lang/session.h"

typedef struct Findings {
    const Frame *frame;
    Result *result;
    Table *table; /* made with the first finding, shown by findings_end */
    int n;
} Findings;

void findings_begin(Findings *findings, const Frame *frame, Result *result);
/* column, detail: NULL where there is none; rows: NaN where they are not counted. */
void findings_add(Findings *findings, const char *finding, const char *column, double rows,
                  const char *detail);
/* Equal rows; of series gaps, times that stand twice, stale and impossible prices, jumps. Adds to $last. */
bool findings_of_rows(Session *session, Findings *findings, Err *err);
/* A rare class ($last.event_rate), constant columns, outliers. profiles: one for each of the n columns. */
void findings_of_columns(Findings *findings, const int *columns, int n, const Profile *profiles);
void findings_end(Findings *findings);

#endif
