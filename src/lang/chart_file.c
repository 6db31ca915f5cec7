/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/chart_file.h"

#include "base/file.h"
#include "lang/bind.h"

enum { SVG_WIDTH = 800, SVG_HEIGHT = 450, SVG_ROW = 26 };

bool chart_file_write(Session *session, const Call *call, const Chart *chart, Result *result, Err *err)
{
    const char *to = option_text(&call->options, "to");
    if (!to) return true;
    const char *path = session_path(session, call->arena, to);
    bool rows = chart->kind == CHART_BARS || chart->kind == CHART_BOX;
    Buf svg = { 0 };
    FileWriter writer;
    if (file_exists(path) && !call->replace) return ERR_AT(err, call_span(call, "to"), file_is_there, to);
    chart_svg(&svg, chart, SVG_WIDTH, rows ? 80 + SVG_ROW * chart->rows : SVG_HEIGHT);
    bool ok = file_begin(&writer, path, err);
    if (ok) ok = file_end(&writer, file_put(&writer, &svg, err), err);
    buf_free(&svg);
    if (!ok) return false;
    record_text(result->arena, result->record, "file", to);
    result_line(result, "%s is written", to);
    return true;
}
