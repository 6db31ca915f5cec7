/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/reasons.h"

#include <math.h>
#include <string.h>

#include "data/source.h"
#include "data/sources/load_options.h"
#include "lang/bind.h"

enum { BLOCK_ROWS = 16384 }; /* whose parts are in memory at a time */

static const OptionSpec load_options[] = { LOAD_OPTIONS };
static const Kind plain_load = { .name = "load", KIND_OPTIONS(load_options) };

typedef struct Reasons {
    Session *session;
    const Call *call;
    const Judged *judged;
    Explaining explaining;
    const char **texts; /* of each column of the explainer */
    int k;
    Column *what[REASONS_MAX], *by[REASONS_MAX];
    size_t n_fewer; /* rows with fewer than k reasons */
} Reasons;

/* ---- texts */

static const char *text_of(const Frame *file, int column, int text, const char *name, Arena *arena)
{
    Buf cell = { 0 };
    const char *found = NULL;
    for (size_t i = 0; !found && i < file->n_rows; i++) {
        buf_clear(&cell);
        column_text(file->columns[column].column, i, &cell);
        if (!text_equal(buf_text(&cell), name)) continue;
        buf_clear(&cell);
        column_text(file->columns[text].column, i, &cell);
        if (cell.length) found = arena_text(arena, buf_text(&cell));
    }
    buf_free(&cell);
    return found;
}

static bool take_texts(Reasons *reasons, const Frame *file, const char *path, Err *err)
{
    const Explainer *explainer = reasons->explaining.explainer;
    int column = frame_find(file, "column"), text = frame_find(file, "text"), missing = 0;
    if (column < 0 || text < 0) return ERR_AT(err, call_span(reasons->call, "texts"), texts_columns, path);
    Buf list = { 0 };
    for (int g = 0; g < explainer->n_columns; g++) {
        reasons->texts[g] = text_of(file, column, text, explainer->columns[g], reasons->call->arena);
        if (!reasons->texts[g]) buf_printf(&list, "%s%s", missing++ ? ", " : "", explainer->columns[g]);
    }
    if (missing)
        ERR_AT(err, call_span(reasons->call, "texts"), texts_missing, path, INT(missing),
               INT(explainer->n_columns), explainer->model->name, buf_text(&list));
    buf_free(&list);
    return missing == 0;
}

static bool read_texts(Reasons *reasons, Err *err)
{
    const Call *call = reasons->call;
    const char *path = option_text(&call->options, "texts");
    Args none = { 0 };
    Options bound;
    LoadReport report = { .arena = call->arena };
    if (!options_bind(&plain_load, &none, call->arena, (Span){ 0 }, &bound, err)) return false;
    Frame *file = frame_load(session_path(reasons->session, call->arena, path), "csv", &bound, &report, NULL,
                             &reasons->session->progress, err);
    if (!file) {
        if (err && !err->span.source) err->span = call_span(call, "texts");
        return false;
    }
    bool ok = take_texts(reasons, file, path, err);
    frame_unref(file);
    return ok;
}

static bool find_texts(Reasons *reasons, Err *err)
{
    const Explainer *explainer = reasons->explaining.explainer;
    size_t n = (size_t)explainer->n_columns;
    reasons->texts = arena_take(reasons->call->arena, n * sizeof *reasons->texts + 1);
    if (option_given(&reasons->call->options, "texts")) return read_texts(reasons, err);
    for (size_t g = 0; g < n; g++) reasons->texts[g] = explainer->columns[g];
    return true;
}

/* ---- columns */

static bool open_columns(Reasons *reasons, Err *err)
{
    size_t n = reasons->judged->n;
    uint32_t n_columns = (uint32_t)reasons->explaining.explainer->n_columns;
    Levels *levels = levels_new(reasons->texts, n_columns);
    bool ok = levels != NULL || ERR(err, no_memory, "the texts of reasons");
    for (int r = 0; ok && r < reasons->k; r++) {
        reasons->what[r] = column_new(COLUMN_CATEGORY, n, err);
        reasons->by[r] = reasons->what[r] ? column_new(COLUMN_NUMBER, n, err) : NULL;
        if (reasons->what[r]) reasons->what[r]->levels = levels_ref(levels);
        ok = reasons->by[r] != NULL;
    }
    levels_unref(levels);
    return ok;
}

static void close_columns(Reasons *reasons)
{
    for (int r = 0; r < reasons->k; r++) {
        column_unref(reasons->what[r]);
        column_unref(reasons->by[r]);
    }
}

/* The k largest positive parts of a row, the largest first. */
static void put_row(Reasons *reasons, size_t row, const double *parts)
{
    int best[REASONS_MAX], n = 0, n_columns = reasons->explaining.explainer->n_columns;
    for (int g = 0; g < n_columns; g++) {
        if (!(parts[g] > 0) || (n == reasons->k && parts[g] <= parts[best[n - 1]])) continue;
        int at = n < reasons->k ? n++ : n - 1;
        for (; at > 0 && parts[g] > parts[best[at - 1]]; at--) best[at] = best[at - 1];
        best[at] = g;
    }
    reasons->n_fewer += n < reasons->k;
    for (int r = 0; r < reasons->k; r++) {
        reasons->what[r]->codes[row] = r < n ? (uint32_t)best[r] + 1 : 0;
        reasons->by[r]->numbers[row] = r < n ? parts[best[r]] : NAN;
    }
}

static bool explain_block(Reasons *reasons, size_t from, size_t n, double *room, Err *err)
{
    const Judged *judged = reasons->judged;
    const Explainer *explainer = reasons->explaining.explainer;
    size_t columns = (size_t)explainer->n_columns;
    Explained explained = { room, NULL, room + n * columns, room + n * (columns + 1) };
    ModelInputs inputs;
    bool ok = inputs_read(judged->models[0], judged->frame, judged->rows + from, n, &inputs, NULL, err) &&
              explainer_run(explainer, &inputs, &reasons->explaining.how, &reasons->session->progress,
                            &explained, err);
    for (size_t i = 0; ok && i < inputs.n; i++) put_row(reasons, from + i, explained.parts + i * columns);
    inputs_free(&inputs);
    return ok;
}

static bool explain_all(Reasons *reasons, Err *err)
{
    const Explainer *explainer = reasons->explaining.explainer;
    size_t n = reasons->judged->n, block = prep_block(explainer->prep, BLOCK_ROWS, n);
    double *room = mem_get(block, ((size_t)explainer->n_columns + 2) * sizeof *room, err);
    bool ok = room != NULL;
    for (size_t from = 0, count; ok && from < n; from += count) {
        count = n - from < block ? n - from : block;
        ok = explain_block(reasons, from, count, room, err);
    }
    mem_free(room);
    return ok;
}

/* The frame takes over what it gets. */
static bool put_columns(Reasons *reasons, Frame *forecast, Err *err)
{
    for (int r = 0; r < reasons->k; r++) {
        Column **columns[2] = { &reasons->what[r], &reasons->by[r] };
        for (int c = 0; c < 2; c++) {
            const char *name = arena_format(reasons->call->arena, c ? "reason%d_by" : "reason%d", r + 1);
            column_finish(*columns[c]);
            if (!frame_put_column(forecast, name, *columns[c], ROLE_HELD, false, err)) return false;
            *columns[c] = NULL;
        }
    }
    return true;
}

static void say(const Reasons *reasons, Result *result)
{
    const Explaining *explaining = &reasons->explaining;
    result_line(result, "reasons: what raises the %s most above %s; %s", explaining->scale,
                explaining->reference, explaining->method);
    const char *fewer =
        reasons->k == 1 ? "no reason" : arena_format(result->arena, "fewer than %d reasons", reasons->k);
    if (reasons->n_fewer) NOTE(&result->notes, reasons_fewer, fewer, INT(reasons->n_fewer));
}

bool reasons_add(Session *session, const Call *call, const Judged *judged, Frame *forecast, Result *result,
                 Err *err)
{
    Reasons reasons = { .session = session, .call = call, .judged = judged };
    if (!option_given(&call->options, "reasons"))
        return !option_given(&call->options, "texts") ||
               ERR_AT(err, call_span(call, "texts"), reasons_needed, "texts");
    reasons.k = (int)option_integer(&call->options, "reasons");
    bool ok = explaining_open(session, call, judged, -1, &reasons.explaining, err) &&
              find_texts(&reasons, err) && open_columns(&reasons, err) && explain_all(&reasons, err) &&
              put_columns(&reasons, forecast, err);
    if (ok) say(&reasons, result);
    close_columns(&reasons);
    explaining_close(&reasons.explaining);
    return ok;
}
