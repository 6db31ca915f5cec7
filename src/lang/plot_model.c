/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/plot_model.h"

#include <math.h>
#include <string.h>

#include "data/looking/shape.h"
#include "lang/bind.h"
#include "lang/chart_file.h"
#include "lang/figures.h"
#include "lang/judge_edges.h"
#include "lang/plot.h"
#include "measures/bands.h"
#include "measures/curves.h"
#include "measures/scored.h"

enum { SLICES = 200, DENSITY_BINS = 30, SERIES_MAX = 2 * PLOT_SERIES_MAX };

typedef struct Picture {
    const Evaluation *evaluation;
    Result *result;
    int bins;
    Series series[SERIES_MAX];
    int n_series;
    const char *title, *x_label, *y_label;
    double y_high;
} Picture;

static Arena *arena_of(const Picture *picture)
{
    return picture->result->arena;
}

/* Keeps a curve, its points thinned to what a picture shows; x rises. */
static void keep(Picture *picture, const char *name, SeriesStyle style, Ink ink, double *x, double *y,
                 size_t n)
{
    if (style == SERIES_LINE) n = curve_thin(x, y, n, SLICES);
    double *kept = arena_take(arena_of(picture), (2 * n + 1) * sizeof *kept);
    memcpy(kept, x, n * sizeof *x);
    memcpy(kept + n, y, n * sizeof *y);
    if (name) name = arena_text(arena_of(picture), name); /* a model's own goes with it */
    if (picture->n_series < SERIES_MAX)
        picture->series[picture->n_series++] = (Series){ name, style, ink, kept, kept + n, n };
}

/* ---- curves over cuts */

typedef struct Axis2 {
    double (*x)(const CurveStep *step, double rate), (*y)(const CurveStep *step, double rate);
} Axis2;

static double events(const CurveStep *step, double rate)
{
    (void)rate;
    return step->events;
}

static double others(const CurveStep *step, double rate)
{
    (void)rate;
    return step->others;
}

static double rows(const CurveStep *step, double rate)
{
    (void)rate;
    return step->rows;
}

static double precision(const CurveStep *step, double rate)
{
    return step->rows > 0 ? step->events * rate / step->rows : NAN;
}

static bool add_curve(Picture *picture, int m, Axis2 axes, Err *err)
{
    const Model *model = picture->evaluation->judged.models[m];
    Scored scored = evaluation_scored(picture->evaluation, picture->evaluation->groups, m);
    double rate = scored_base_rate(&scored);
    CurveStep *steps = mem_get(scored.n + 1, sizeof *steps, err);
    double *x = steps ? mem_get(2 * scored.n + 2, sizeof *x, err) : NULL;
    size_t n = x ? curve_steps(&scored, steps) : 0, kept = 0;
    double *y = x ? x + scored.n + 1 : NULL;
    for (size_t i = 0; i < n; i++) {
        x[kept] = axes.x(&steps[i], rate);
        y[kept] = axes.y(&steps[i], rate);
        kept += !isnan(y[kept]);
    }
    bool ok = x && (kept || ERR(err, plot_empty, model->name));
    if (ok) keep(picture, model->name, SERIES_LINE, plot_ink(m), x, y, kept);
    mem_free(steps);
    mem_free(x);
    return ok;
}

static bool add_curves(Picture *picture, Axis2 axes, double from, double to, Err *err)
{
    double x[] = { 0, 1 }, y[] = { from, to };
    keep(picture, NULL, SERIES_LINE, INK_EARLIER, x, y, 2);
    for (int m = 0; m < picture->evaluation->judged.n_models; m++)
        if (!add_curve(picture, m, axes, err)) return false;
    return true;
}

static bool draw_roc(Picture *picture, Err *err)
{
    picture->title = "ROC";
    picture->x_label = "false alarms, of the non-events";
    picture->y_label = "found, of the events";
    return add_curves(picture, (Axis2){ others, events }, 0, 1, err);
}

static bool draw_pr(Picture *picture, Err *err)
{
    Scored scored = evaluation_scored(picture->evaluation, picture->evaluation->groups, 0);
    double rate = scored_base_rate(&scored);
    picture->title = "precision and recall";
    picture->x_label = "found, of the events";
    picture->y_label = "events, of what is said to be one";
    return add_curves(picture, (Axis2){ events, precision }, rate, rate, err);
}

static bool draw_gains(Picture *picture, Err *err)
{
    picture->title = "gains (CAP)";
    picture->x_label = "rows, the worst first";
    picture->y_label = "found, of the events";
    return add_curves(picture, (Axis2){ rows, events }, 0, 1, err);
}

/* ---- the score of one model, by class */

static bool draw_ks(Picture *picture, Err *err)
{
    Scored scored = evaluation_scored(picture->evaluation, picture->evaluation->groups, 0);
    CurveStep *steps = mem_get(scored.n + 1, sizeof *steps, err);
    double *x = steps ? mem_get(3 * scored.n + 3, sizeof *x, err) : NULL;
    size_t n = x ? curve_steps(&scored, steps) : 0;
    double gap = 0, at = NAN, *of[2] = { x ? x + scored.n + 1 : NULL, x ? x + 2 * scored.n + 2 : NULL };
    bool ok = x && (n || ERR(err, plot_empty, picture->evaluation->judged.models[0]->name));
    for (int class = 0; ok && class < 2; class ++) {
        size_t kept = 0;
        for (size_t i = n - 1; i > 0; i--, kept++) { /* shares below or at a score, scores rising */
            x[kept] = steps[i].score;
            of[class][kept] = 1 - (class ? steps[i - 1].events : steps[i - 1].others);
            double here = fabs(steps[i - 1].events - steps[i - 1].others);
            if (here > gap) gap = here, at = steps[i].score;
        }
        keep(picture, class ? "events" : "others", SERIES_LINE, class ? INK_BAD : INK_GOOD, x, of[class],
             kept);
    }
    if (ok) {
        record_number(arena_of(picture), picture->result->record, "ks", gap);
        record_number(arena_of(picture), picture->result->record, "at", at);
    }
    picture->title = "shares up to a score, of events and others";
    picture->x_label = "score";
    picture->y_label = "share";
    mem_free(steps);
    mem_free(x);
    return ok;
}

static bool draw_density(Picture *picture, Err *err)
{
    Scored scored = evaluation_scored(picture->evaluation, picture->evaluation->groups, 0);
    int n_bins = picture->bins ? picture->bins : DENSITY_BINS;
    double *scores = mem_get(2 * scored.n, sizeof *scores, err), sums[2] = { 0 };
    double x[BINS_MAX], y[2][BINS_MAX] = { { 0 } };
    if (!scores) return false;
    for (size_t i = 0; i < scored.n; i++) scores[i] = scored_event(&scored, i);
    Histogram bins = histogram_fit(scores, scored.n, n_bins, scores + scored.n);
    for (size_t i = 0; i < scored.n; i++) {
        int k = histogram_bin(&bins, scored_event(&scored, i));
        for (int class = 0; class < 2; class ++) {
            double weight = scored_weight(&scored, i) * (class ? scored.target[i] : 1 - scored.target[i]);
            y[class][k] += weight;
            sums[class] += weight;
        }
    }
    mem_free(scores);
    for (int k = 0; k < bins.n_bins; k++) x[k] = bins.low + (k + 0.5) * bins.width;
    for (int class = 0; class < 2; class ++) {
        for (int k = 0; k < bins.n_bins; k++) y[class][k] /= sums[class] > 0 ? sums[class] * bins.width : 1;
        keep(picture, class ? "events" : "others", SERIES_LINE, class ? INK_BAD : INK_GOOD, x, y[class],
             (size_t)bins.n_bins);
    }
    picture->title = "density of the score, of events and others";
    picture->x_label = "score";
    picture->y_label = "density";
    picture->y_high = NAN;
    return true;
}

/* ---- reliability */

static void show_bands(const Picture *picture, const Model *model, const Band *bands, int n)
{
    Arena *arena = arena_of(picture);
    Table *table = result_table(picture->result, "bands", arena_format(arena, "bands of %s", model->name));
    static const char *const columns[] = { "from", "to", "n", "mean score", "event rate", "difference" };
    for (int c = 0; c < 6; c++) table_column(arena, table, columns[c], ALIGN_RIGHT, 4);
    for (int k = 0; k < n; k++) {
        if (!(bands[k].n > 0)) continue;
        Value *cell = table_row(arena, table);
        cell[0] = value_number((double)k / n);
        cell[1] = value_number((double)(k + 1) / n);
        cell[2] = value_number(bands[k].n);
        cell[3] = value_number(bands[k].sum / bands[k].n);
        cell[4] = value_number(bands[k].events / bands[k].n);
        cell[5] = value_number((bands[k].events - bands[k].sum) / bands[k].n);
    }
}

static bool draw_reliability(Picture *picture, Err *err)
{
    const Judged *judged = &picture->evaluation->judged;
    int n = picture->bins ? picture->bins : BANDS_USUAL;
    double ends[] = { 0, 1 }, same[] = { 0, 1 };
    keep(picture, NULL, SERIES_LINE, INK_EARLIER, ends, same, 2);
    for (int m = 0; m < judged->n_models; m++) {
        Scored scored = evaluation_scored(picture->evaluation, picture->evaluation->groups, m);
        Band bands[BANDS_MAX];
        double x[BANDS_MAX], y[BANDS_MAX];
        size_t kept = 0;
        if (!bands_by_width(&scored, n, bands))
            return ERR(err, plot_not_probability, judged->models[m]->name);
        for (int k = 0; k < n; k++) {
            if (!(bands[k].n > 0)) continue;
            x[kept] = bands[k].sum / bands[k].n;
            y[kept++] = bands[k].events / bands[k].n;
        }
        keep(picture, judged->models[m]->name, SERIES_LINE, plot_ink(m), x, y, kept);
        show_bands(picture, judged->models[m], bands, n);
    }
    picture->title = "reliability";
    picture->x_label = "mean score of a band";
    picture->y_label = "event rate";
    return true;
}

/* ---- showing */

static const struct {
    const char *name;
    bool (*draw)(Picture *picture, Err *err);
    int models; /* at most */
} views[] = {
    { "roc", draw_roc, PLOT_SERIES_MAX },
    { "pr", draw_pr, PLOT_SERIES_MAX },
    { "gains", draw_gains, PLOT_SERIES_MAX },
    { "ks", draw_ks, 1 },
    { "reliability", draw_reliability, PLOT_SERIES_MAX },
    { "density", draw_density, 1 },
};

/* The curve's numbers: a table behind the chart, and lists of $last. */
static void show_numbers(const Picture *picture, Plot *plot)
{
    Arena *arena = arena_of(picture);
    table_column(arena, plot->table, "series", ALIGN_LEFT, 0);
    table_column(arena, plot->table, picture->x_label, ALIGN_RIGHT, 0);
    table_column(arena, plot->table, picture->y_label, ALIGN_RIGHT, 0);
    for (int s = 0; s < picture->n_series; s++) {
        const Series *series = &picture->series[s];
        if (!series->name) continue;
        Record *record = figures_place(picture->result, series->name);
        plot_record(plot, record, "x", series->x, series->n);
        plot_record(plot, record, "y", series->y, series->n);
        for (size_t i = 0; i < series->n; i++) {
            Value *row = table_row(arena, plot->table);
            row[0] = value_text(arena, series->name);
            row[1] = value_number(series->x[i]);
            row[2] = value_number(series->y[i]);
        }
    }
}

static void show(const Picture *picture, Chart **out)
{
    Arena *arena = arena_of(picture);
    const Judged *judged = &picture->evaluation->judged;
    Plot plot = { .result = picture->result };
    const char *title = arena_format(arena, "%s, %s of %s", picture->title,
                                     figures_part_words(arena, judged->part), judged->frame_name);
    plot_begin(&plot, CHART_XY, title, PLOT_ROWS, "points");
    Chart *chart = plot.chart;
    chart->x_label = picture->x_label;
    chart->y_label = picture->y_label;
    chart->n_series = picture->n_series;
    chart->series = arena_take(arena, (size_t)picture->n_series * sizeof *chart->series);
    memcpy(chart->series, picture->series, (size_t)picture->n_series * sizeof *chart->series);
    if (!isnan(picture->y_high)) chart->y_low = 0, chart->y_high = picture->y_high;
    show_numbers(picture, &plot);
    *out = chart;
}

static bool draw(const Evaluation *evaluation, const char *view, int bins, Result *result, Chart **out,
                 Err *err)
{
    Picture picture = { .evaluation = evaluation, .result = result, .bins = bins, .y_high = 1 };
    const Judged *judged = &evaluation->judged;
    size_t v = 0;
    while (strcmp(views[v].name, view)) v++;
    if (judged->n_models > views[v].models) return ERR(err, plot_models_many, view, INT(views[v].models));
    record_text(result->arena, result->record, "view", view);
    if (!views[v].draw(&picture, err)) return false;
    show(&picture, out);
    return true;
}

bool plot_gains(const Evaluation *evaluation, Result *result, Chart **out, Err *err)
{
    return draw(evaluation, "gains", 0, result, out, err);
}

static bool judge(Session *session, const Call *call, Evaluation *evaluation, Result *result, Err *err)
{
    Judged *judged = &evaluation->judged;
    ValueList more = option_list(&call->options, "y"), names = value_list(call->arena, more.n + 1).list;
    names.items[0] = value_word(call->arena, call->model);
    for (int i = 0; i < more.n; i++) names.items[i + 1] = more.items[i];
    if (!judge_open(session, call, names, result, judged, err)) return false;
    if (!judged->kind) return ERR(err, no_target, judged->frame_name);
    if (judged->kind != 'b')
        return ERR(err, judge_events, "this picture", judged->target,
                   judged->kind == 'n' ? "numbers" : "more levels");
    evaluation->choice.settings = judging_defaults;
    return evaluation_check_outputs(judged, err) && evaluation_make(session, evaluation, -1, result, err);
}

bool plot_models(Session *session, const Call *call, Result *result, Err *err)
{
    Evaluation evaluation = { 0 };
    Chart *chart = NULL;
    const char *view = option_text(&call->options, "view");
    bool known = !view;
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) known |= view && !strcmp(views[v].name, view);
    if (!known) return ERR_AT(err, call_span(call, "view"), plot_view_model, view, call->model);
    bool ok = judge(session, call, &evaluation, result, err) &&
              draw(&evaluation, view ? view : "roc", (int)option_integer(&call->options, "bins"), result,
                   &chart, err) &&
              chart_file_write(session, call, chart, result, err);
    if (ok) edges_note(&evaluation, &result->notes);
    evaluation_free(&evaluation);
    return ok;
}
