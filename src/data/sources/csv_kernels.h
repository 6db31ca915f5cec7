/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two loops in which a CSV file's bytes are looked at: where its fields end, and what numbers they are.
 * One table for each instruction set; all give the same bits. */
#ifndef FNS_DATA_SOURCES_CSV_KERNELS_H
#define FNS_DATA_SOURCES_CSV_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numeric/target.h"

enum { CSV_INDEX_SPARE = 64 }; /* a kernel may write so many ends too many, and read so many bytes */

typedef struct CsvMarks {
    size_t n_ends, n_newlines;
    bool has_quote, is_ascii; /* is_ascii: bytes 1 to 127 alone */
} CsvMarks;

/* One column of rows that have `stride` fields each. Field r lies between ends[r * stride - 1] + 1 and
 * ends[r * stride]; the last of a row may end in a carriage return, which is not of it. */
typedef struct CsvFields {
    const char *text;
    const uint32_t *ends;
    size_t stride;
    bool is_last;
} CsvFields;

static inline const char *csv_field_at(const CsvFields *fields, size_t row, size_t *n)
{
    const uint32_t *end = fields->ends + row * fields->stride;
    uint32_t start = end[-1] + 1;
    *n = *end - start;
    *n -= fields->is_last && *n && fields->text[*end - 1] == '\r';
    return fields->text + start;
}

typedef struct CsvKernels {
    /* The places of every separator and newline in n bytes, quoted or not. */
    CsvMarks (*index)(const char *text, size_t n, char separator, uint32_t *ends);
    /* The fields of rows from .. to as numbers (integers), while they are ones as a column takes them without
     * a second look: the first row that is not, or `to`. The same double as strtod's. */
    size_t (*numbers)(const CsvFields *fields, size_t from, size_t to, char point, double *out);
    size_t (*integers)(const CsvFields *fields, size_t from, size_t to, int64_t *out);
} CsvKernels;

extern const CsvKernels csv_kernels_generic;
#if FNS_X86_SETS
extern const CsvKernels csv_kernels_avx2;
#endif

/* The table of a set; NULL where this processor lacks it. */
const CsvKernels *csv_kernels(InstructionSet set);

#endif
