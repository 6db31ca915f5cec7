/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stata files (.dta), versions 8 to 18. */
#include <string.h>

#include "data/sources/load_options.h"
#include "data/sources/statfile.h"

static bool sniff(const char *bytes, size_t n)
{
    bool old = n > 4 && (unsigned char)bytes[0] >= 104 && (unsigned char)bytes[0] <= 115;
    return (n >= 11 && memcmp(bytes, "<stata_dta>", 11) == 0) ||
           (old && (bytes[1] == 1 || bytes[1] == 2) && bytes[2] == 1);
}

static Frame *read_dta(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    return statfile_read(STAT_STATA, "dta", path, options, report, notes, progress, err);
}

static const OptionSpec options[] = { LOAD_ENCODING_OPTION, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS,
                                      LOAD_COLUMN_OPTIONS };

const ReaderKind reader_dta = {
    .kind = { .name = "dta",
              .help = "Stata files: value labels are levels, .a to .z missing by code",
              .more = "Labelled numbers are categories, their levels in the order of the values, where every "
                      "value that occurs has a label; with %td, %tc, %tm, %tq and the like they are dates. "
                      "Texts of files before version 14 are windows-1252 unless encoding= says otherwise",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".dta",
    .sniff = sniff,
    .binary = true,
    .read = read_dta
};
