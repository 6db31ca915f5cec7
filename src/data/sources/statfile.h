/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of Stata, SPSS and SAS, through the library ReadStat: labelled values become levels, their dates
 * dates, user-missing values missing ones that are counted by code. */
#ifndef FNS_DATA_SOURCES_STATFILE_H
#define FNS_DATA_SOURCES_STATFILE_H

#include "data/source.h"

typedef enum StatProgram { STAT_STATA, STAT_SPSS, STAT_SAS } StatProgram;

/* format: the reader's name, "dta". Errors: bad_statfile, no_readstat, not_from_pipe and those of cells. */
Frame *statfile_read(StatProgram program, const char *format, const char *path, const Options *options,
                     LoadReport *report, Notes *notes, Progress *progress, Err *err);

/* ---- between the files of this reader */

/* What a number of a variable with a format of dates counts. */
typedef struct StatTime {
    double seconds; /* of one; 0: none of those, or counted in months */
    int months;     /* of one, or 0 */
    bool weeks;     /* Stata's: 52 a year, the first on 1 January */
    double origin;  /* seconds after 1970 began */
    TimeUnit unit;
} StatTime;

/* False where the format is none of dates. */
bool stat_time_of(StatProgram program, const char *format, StatTime *out);
/* False where the time lies outside 1678 .. 2261. */
bool stat_time_make(const StatTime *time, double x, int64_t *ns);

/* The labels of values, as many as a file has: grow, then sort. */
typedef struct StatLabel {
    const char *set, *text;
    double value;
} StatLabel;

typedef struct StatLabels {
    StatLabel *items; /* by set, then by value once they are sorted */
    size_t n, capacity;
} StatLabels;

bool stat_labels_add(StatLabels *labels, Arena *arena, const char *set, double value, const char *text,
                     Err *err);
void stat_labels_sort(StatLabels *labels);
/* Those of a set: the first and how many. */
const StatLabel *stat_labels_of(const StatLabels *labels, const char *set, size_t *n);
const StatLabel *stat_label_find(const StatLabel *labels, size_t n, double value); /* or NULL */
void stat_labels_free(StatLabels *labels);

#endif
