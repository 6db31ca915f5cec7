/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPSS files (.sav, .zsav). */
#include <string.h>

#include "data/sources/load_options.h"
#include "data/sources/statfile.h"

static bool sniff(const char *bytes, size_t n)
{
    return n >= 4 && (memcmp(bytes, "$FL2", 4) == 0 || memcmp(bytes, "$FL3", 4) == 0);
}

static Frame *read_sav(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    return statfile_read(STAT_SPSS, "sav", path, options, report, notes, progress, err);
}

static const OptionSpec options[] = { LOAD_ENCODING_OPTION, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS,
                                      LOAD_COLUMN_OPTIONS };

const ReaderKind reader_sav = {
    .kind = { .name = "sav",
              .help = "SPSS files: value labels are levels, user-missing values are missing by code",
              .more = "Labelled numbers are categories, their levels in the order of the values, where every "
                      "value that occurs has a label; numbers shown as dates are dates",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".sav .zsav",
    .sniff = sniff,
    .binary = true,
    .read = read_sav
};
