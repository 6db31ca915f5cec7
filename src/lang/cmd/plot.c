/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/plot.h"

#include <string.h>

#include "data/looking/profile.h"
#include "lang/bind.h"
#include "lang/chart_file.h"
#include "lang/plot_model.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a frame, or a MODEL" },
    { "y", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "a column; of lines, points and boxes several; of a model further models" },
    { "x", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "the column across; of lines the time role, else the number of the row" },
    { "by", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL, "a column: a line, box or bar for each of its values" },
    { "view", OPTION_WORD, 0, NULL, 0, 0, "line|scatter|hist|box|bar|acf|" PLOT_MODEL_VIEWS, NULL,
      "the picture; without it what suits the columns; of a model roc" },
    JUDGE_OPTIONS,
    { "to", OPTION_FILE, 0, NULL, 0, 0, NULL, NULL, "an SVG file to write" },
    { "bins", OPTION_INTEGER, 0, NULL, 1, 60, NULL, NULL, "of a histogram; else by Freedman and Diaconis" },
    { "lags", OPTION_INTEGER, 0, NULL, 1, 500, NULL, NULL, "of acf; else 10 log10(n)" },
    { "log", OPTION_WORD, 0, NULL, 0, 0, "x|y|xy", NULL, "axes with a logarithmic scale" },
};

static const struct {
    const char *name;
    bool (*make)(Plot *plot, Err *err);
    unsigned groups; /* values of by= at most */
} views[] = {
    { "line", plot_line, PLOT_SERIES_MAX }, { "scatter", plot_scatter, PLOT_SERIES_MAX },
    { "hist", plot_hist, PLOT_SERIES_MAX }, { "box", plot_box, PLOT_BARS_MAX },
    { "bar", plot_bar, PLOT_BARS_MAX },     { "acf", plot_acf, PLOT_SERIES_MAX },
};

static const char *suitable_view(const Plot *plot)
{
    const Column *y = plot->frame->columns[plot->y[0]].column;
    const Column *x = plot->x < 0 ? NULL : plot->frame->columns[plot->x].column;
    if (!column_is_numeric(y) || y->type == COLUMN_BOOL) return "bar";
    if (x && x->type == COLUMN_TIME) return "line";
    if (x) return column_is_numeric(x) ? "scatter" : "box";
    if (frame_role(plot->frame, ROLE_TIME) >= 0) return "line";
    return plot->by >= 0 || plot->n_y > 1 ? "box" : "hist";
}

static bool find_column(const Call *call, const char *option, int *column, Err *err)
{
    *column = -1;
    if (!option_given(&call->options, option)) return true;
    if (frame_column(call->frame, option_text(&call->options, option), column, err)) return true;
    if (err) err->span = call_span(call, option);
    return false;
}

static bool find_columns(const Call *call, Plot *plot, Err *err)
{
    int *y;
    if (!frame_select(call->frame, option_list(&call->options, "y"), false, call->arena, &y, &plot->n_y,
                      err)) {
        if (err && !err->span.source) err->span = call_span(call, "y");
        return false;
    }
    plot->y = y;
    if (plot->n_y > PLOT_SERIES_MAX) return ERR_AT(err, call_span(call, "y"), too_many, "plot");
    return find_column(call, "x", &plot->x, err) && find_column(call, "by", &plot->by, err);
}

/* The frame is a version of the rows that the suffix `if` selects, so that what divides them is theirs alone.
 */
static bool find_rows(Session *session, const Call *call, Plot *plot, Frame *chosen, Err *err)
{
    uint8_t *keep = NULL;
    bool ok = !call->condition ||
              (session_rows_if(session, call->frame, call->condition, &keep, &plot->result->notes, err) &&
               frame_filter(chosen, keep, err));
    mem_free(keep);
    if (!ok) return false;
    plot->frame = chosen;
    plot->n = chosen->n_rows;
    plot->rows = mem_get(plot->n, sizeof *plot->rows, err);
    for (size_t i = 0; plot->rows && i < plot->n; i++) plot->rows[i] = (uint32_t)i;
    return plot->rows && (plot->n || ERR(err, plot_empty, plot_name(plot, plot->y[0])));
}

/* x= of boxes and bars is what divides them; lines of a panel are divided by id. */
static void divide(Plot *plot, const char *view)
{
    bool rows = !strcmp(view, "box") || !strcmp(view, "bar");
    if (rows && plot->by < 0) plot->by = plot->x;
    if (!strcmp(view, "line") && plot->by < 0 && plot->x < 0 && plot->n_y == 1)
        plot->by = frame_role(plot->frame, ROLE_ID);
}

static bool draw(Session *session, const Call *call, Plot *plot, Frame *chosen, Err *err)
{
    if (!find_columns(call, plot, err) || !find_rows(session, call, plot, chosen, err)) return false;
    const char *view = option_text(&call->options, "view"), *log = option_text(&call->options, "log");
    if (!view) view = suitable_view(plot);
    plot->log_x = log && strchr(log, 'x');
    plot->log_y = log && strchr(log, 'y');
    plot->bins = (int)option_integer(&call->options, "bins");
    plot->lags = (int)option_integer(&call->options, "lags");
    divide(plot, view);
    size_t v = 0, n_views = sizeof views / sizeof *views;
    while (v < n_views && strcmp(views[v].name, view)) v++;
    if (v == n_views) return ERR_AT(err, call_span(call, "view"), plot_view_frame, view, call->frame_name);
    if (plot->by >= 0 &&
        !rowgroups_open(&plot->groups, plot->frame, plot->by, views[v].groups, plot->result->arena, err)) {
        if (err && option_given(&call->options, "by")) err->span = call_span(call, "by");
        return err_hint(err, "choose rows with a suffix if");
    }
    record_text(plot->result->arena, plot->result->record, "view", view);
    return views[v].make(plot, err) && chart_file_write(session, call, plot->chart, plot->result, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    if (call->model) return plot_models(session, call, result, err);
    for (int i = 0; i < 2; i++)
        if (option_given(&call->options, i ? "on" : "part"))
            return ERR_AT(err, call_span(call, i ? "on" : "part"), plot_part_frame, i ? "on" : "part");
    if (!option_given(&call->options, "y")) return ERR(err, missing_argument, "plot", "a column");
    Plot plot = { .frame = call->frame, .frame_name = call->frame_name, .result = result };
    Frame *chosen = frame_version(call->frame);
    bool ok = draw(session, call, &plot, chosen, err);
    rowgroups_close(&plot.groups);
    mem_free(plot.rows);
    frame_unref(chosen);
    return ok;
}

const CommandKind command_plot = {
    .kind = { .name = "plot",
              .help = "draws columns: lines, points, histograms, boxes, bars, autocorrelation",
              .more =
                  "Without view=: bars of a category, points against a number, lines over time, boxes by a "
                  "category, else a histogram. A histogram has bins 2 IQR n^(-1/3) wide (Freedman and "
                  "Diaconis "
                  "1981); whiskers reach the last value within 1.5 IQR of the box; bars with by= are means, "
                  "else "
                  "counts; the band of acf is +-1.96/sqrt(n). Curves of very many points keep of each "
                  "stretch the "
                  "least and the greatest. $last holds what is drawn; --output=csv or json prints it; the "
                  "SVG "
                  "shows the same numbers.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=60% valid=40%\nfit logit "
                         "loans as lr\n"
                         "plot lr view=roc\nplot lr view=reliability\nplot loans x1\nplot loans x1 x=x2\n"
                         "plot loans x1 by=default view=box\nplot loans default x=month view=bar if month < "
                         "2006-06\n"
                         "plot loans x1 view=acf lags=20",
              .since = "1" },
    .group = "Data",
    .form =
        "plot FRAME y ... [x=] [by=] [view=] [to=\"file.svg\"] [replace] [if CONDITION], or plot MODEL ... "
        "[view=roc|pr|gains|ks|reliability|density] [part=] [on=]",
    .flags = COMMAND_FRAME | COMMAND_MODEL | COMMAND_IF | COMMAND_LAST | COMMAND_REPLACE,
    .run = run,
};
