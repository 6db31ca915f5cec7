/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between statfile.c and statfile_scan.c: the reader, and the parsing by ReadStat. */
#ifndef FNS_DATA_SOURCES_STATFILE_READER_H
#define FNS_DATA_SOURCES_STATFILE_READER_H

#include <readstat.h>

#include "data/sources/cells.h"
#include "data/sources/statfile.h"

enum { COLUMNS_MOST = 32767, CODES_MOST = 200, RANGES_MOST = 4 };

typedef struct StatVariable {
    const char *name, *set;                     /* set: of its labels, or NULL */
    double low[RANGES_MOST], high[RANGES_MOST]; /* values that SPSS calls missing */
    int n_ranges;
    StatTime time;
    bool is_time, is_text;
    StatLabel *labels; /* of its values, by value; those of missing ones left out */
    size_t n_labels;
    bool unlabelled; /* some value has no label: it stays a number */
} StatVariable;

typedef struct StatReader {
    StatProgram program;
    const char *format, *path;
    Arena *arena;
    LoadSpec spec;
    StatVariable *variables;
    int n, capacity;
    StatLabels labels;
    Dict names;
    double codes[CODES_MOST]; /* user-missing values that occur; tags as -letter */
    int n_codes;
    size_t n_rows;
    int next;           /* variable of the row */
    size_t set_longest; /* bytes that the name of a set of labels has in the file, no 0 behind it */
    Cells cells;
    Notes *notes;
    Progress *progress;
    double begun, size;
    Err stopped; /* within a callback */
} StatReader;

extern const char *const stat_programs[]; /* their names, by StatProgram */

/* One parse, which tells values to `value`. Errors: bad_statfile, no_memory, those of the callbacks. */
bool stat_parse_values(StatReader *reader, readstat_value_handler value, Err *err);
/* Two parses: the variables, their labels; then how many rows there are, which user-missing values, which
 * variables have values without a label. The codes come behind those of na= in spec. */
bool stat_scan(StatReader *reader, Err *err);
/* The place among reader->codes of the user-missing value that a value is; false where it is none. */
bool stat_code(const StatReader *reader, readstat_value_t value, readstat_variable_t *variable, int *place);
bool stat_is_text(readstat_value_t value);
/* What a callback returns. */
static inline int stat_go_on(bool ok)
{
    return ok ? READSTAT_HANDLER_OK : READSTAT_HANDLER_ABORT;
}

#endif
