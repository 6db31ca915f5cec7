/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts as files: the option to= of verbs that draw. */
#ifndef FNS_LANG_CHART_FILE_H
#define FNS_LANG_CHART_FILE_H

#include "lang/session.h"

/* Writes the SVG that to= names, if it does; a file that is there only with `replace`. Says so, and sets
 * $last.file. */
bool chart_file_write(Session *session, const Call *call, const Chart *chart, Result *result, Err *err);

#endif
