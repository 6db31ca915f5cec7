/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SAS data sets (.sas7bdat). */
#include <string.h>

#include "data/sources/load_options.h"
#include "data/sources/statfile.h"

static bool sniff(const char *bytes, size_t n)
{
    static const unsigned char magic[32] = { 0, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                             0, 0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92,
                                             8, 0,    9,    0xC7, 0x31, 0x8C, 0x18, 0x1F, 0x10, 0x11 };
    return n >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

static Frame *read_sas7bdat(const char *path, const Options *options, LoadReport *report, Notes *notes,
                            Progress *progress, Err *err)
{
    return statfile_read(STAT_SAS, "sas7bdat", path, options, report, notes, progress, err);
}

static const OptionSpec options[] = { LOAD_ENCODING_OPTION, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS,
                                      LOAD_COLUMN_OPTIONS };

const ReaderKind reader_sas7bdat = {
    .kind = { .name = "sas7bdat",
              .help = "SAS data sets: numbers shown as dates are dates, .A to .Z missing by code",
              .more =
                  "Formats that a SAS catalog defines are not part of the file: such numbers stay numbers",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".sas7bdat",
    .sniff = sniff,
    .binary = true,
    .read = read_sas7bdat
};
