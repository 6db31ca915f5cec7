/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "charts/scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_MAX = 2000 }; /* values that are sorted; of more, the extremes and some in steps */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static Scale widened(double low, double high, bool log)
{
    if (!(low <= high)) return (Scale){ .high = 1, .log = log };
    if (high - low < 1e-12 * fmax(fabs(low), fabs(high)) || high == low) {
        double half = low == 0 ? 0.5 : log ? 0.5 : 0.05 * fabs(low);
        return (Scale){ .low = low - half, .high = high + half, .log = log };
    }
    return (Scale){ .low = low, .high = high, .log = log };
}

static double on_scale(double value, bool log)
{
    if (!isfinite(value) || (log && value <= 0)) return NAN;
    return log ? log10(value) : value;
}

Scale scale_x(const Chart *chart)
{
    double low = INFINITY, high = -INFINITY, half = 0;
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        for (size_t i = 0; i < series->n; i++) {
            double value = on_scale(series->x[i], chart->log_x);
            if (!isfinite(value)) continue;
            low = fmin(low, value);
            high = fmax(high, value);
        }
        if ((series->style == SERIES_BARS || series->style == SERIES_STEMS) && series->n > 1)
            half = fabs(series->x[series->n - 1] - series->x[0]) / (double)(series->n - 1) / 2;
    }
    Scale scale = widened(low - half, high + half, chart->log_x);
    scale.time = chart->time_x;
    scale.unit = chart->x_unit;
    return scale;
}

Scale scale_boxes(const Chart *chart)
{
    double low = INFINITY, high = -INFINITY, least = INFINITY, most = -INFINITY;
    for (int r = 0; r < chart->rows; r++) {
        const double *box = chart->values + (size_t)r * BOX_VALUES;
        low = fmin(low, on_scale(box[BOX_WHISKER_LOW], chart->log_x));
        high = fmax(high, on_scale(box[BOX_WHISKER_HIGH], chart->log_x));
        least = fmin(least, on_scale(box[BOX_LOW], chart->log_x));
        most = fmax(most, on_scale(box[BOX_HIGH], chart->log_x));
    }
    double span = high - low;
    return widened(least >= low - span / 2 ? least : low - span / 10,
                   most <= high + span / 2 ? most : high + span / 10, chart->log_x);
}

/* Finite values of all series on the scale: of many, those in steps, and first the smallest and the
 * largest of all. Returns how many. */
static size_t sample(const Chart *chart, double *values)
{
    size_t total = 0, n = 2, seen = 0;
    double low = INFINITY, high = -INFINITY;
    for (int s = 0; s < chart->n_series; s++) total += chart->series[s].n;
    size_t step = total / (SAMPLE_MAX - 2) + 1;
    for (int s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->series[s].n; i++) {
            double value = on_scale(chart->series[s].y[i], chart->log_y);
            if (!isfinite(value)) continue;
            low = fmin(low, value);
            high = fmax(high, value);
            if (seen++ % step == 0) values[n++] = value;
        }
    values[0] = low;
    values[1] = high;
    return seen ? n : 0;
}

/* Drops the ends that would leave the rest less than a third of the range. The extremes stand in the
 * sample twice. */
static Scale robust(const double *sorted, size_t n, bool log)
{
    size_t drop = n < 7 ? 0 : n / 100 + 2;
    double low = sorted[0], high = sorted[n - 1];
    double inner_low = sorted[drop], inner_high = sorted[n - 1 - drop];
    double spread = inner_high - inner_low, reach = 2 * spread + 1e-12 * fabs(inner_high);
    if (drop && high - inner_high > reach) high = inner_high + 0.1 * spread;
    if (drop && inner_low - low > reach) low = inner_low - 0.1 * spread;
    return widened(low, high, log);
}

static double round_step(double span, int most)
{
    double rough = span / (most > 0 ? most : 1), power = pow(10, floor(log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/* Ends on round numbers, so that a curve that grows by a little does not shift the whole. */
static void steady(Scale *scale)
{
    double step = round_step(scale->high - scale->low, 20);
    double low = floor(scale->low / step + 1e-9) * step, high = ceil(scale->high / step - 1e-9) * step;
    if (!isfinite(low) || !isfinite(high) || !(step > 0)) return;
    scale->low = low;
    scale->high = high;
}

Scale scale_y(const Chart *chart)
{
    double *values = mem_own(SAMPLE_MAX * sizeof *values);
    size_t n = sample(chart, values);
    Scale scale = { .high = 1, .log = chart->log_y };
    if (n) {
        qsort(values, n, sizeof *values, ascending);
        scale = robust(values, n, chart->log_y);
    }
    mem_free(values);
    for (int s = 0; s < chart->n_series && !chart->log_y; s++)
        if (chart->series[s].style == SERIES_BARS) {
            scale.low = fmin(scale.low, 0);
            scale.high = fmax(scale.high, 0);
        }
    steady(&scale);
    double low = on_scale(chart->y_low, chart->log_y), high = on_scale(chart->y_high, chart->log_y);
    if (isfinite(low)) scale.low = low;
    if (isfinite(high)) scale.high = high;
    return widened(scale.low, scale.high, chart->log_y);
}

double scale_place(const Scale *scale, double value)
{
    double span = scale->high - scale->low, at = on_scale(value, scale->log);
    if (!isfinite(at) || !(span > 0)) return isfinite(at) ? 0.5 : NAN;
    return at / span - scale->low / span;
}

static void add_tick(Ticks *ticks, double at, double value, double step)
{
    if (ticks->n == TICKS_MAX) return;
    char *label = ticks->labels[ticks->n];
    int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    if (fabs(value) >= 1e5 || decimals > 4) {
        char text[40];
        snprintf(label, sizeof ticks->labels[0], "%.14s", number_short(value, 3, text));
    } else {
        snprintf(label, sizeof ticks->labels[0], "%.*f", decimals, value == 0 ? 0 : value);
    }
    int width = (int)strlen(label);
    if (width > ticks->width) ticks->width = width;
    ticks->at[ticks->n++] = at;
}

static void linear_ticks(const Scale *scale, int most, Ticks *out)
{
    double span = scale->high - scale->low, step = round_step(span, most);
    if (!isfinite(step) || !(step > 0)) return;
    double first = ceil(scale->low / step - 1e-9);
    for (int k = 0; k <= most && out->n < most; k++) {
        double value = (first + k) * step;
        if (value > scale->high + 1e-9 * span) break;
        add_tick(out, value, value, step);
    }
}

/* 1, 2, 5 of each decade while they fit, else whole decades. */
static void log_ticks(const Scale *scale, int most, Ticks *out)
{
    static const double leads[] = { 1, 2, 5 };
    int first = (int)floor(scale->low), last = (int)ceil(scale->high), decades = last - first + 1;
    int n_leads = 3 * decades <= most + 3 ? 3 : 1, stride = decades / (most > 0 ? most : 1) + 1;
    for (int e = first; e <= last; e += n_leads == 3 ? 1 : stride)
        for (int k = 0; k < n_leads; k++) {
            double value = leads[k] * pow(10, e), at = log10(value);
            if (at < scale->low - 1e-9 || at > scale->high + 1e-9 || out->n >= most) continue;
            add_tick(out, at, value, pow(10, e));
        }
}

/* Round numbers where a log scale spans less than a few of 1, 2, 5. */
static void narrow_log_ticks(const Scale *scale, int most, Ticks *out)
{
    Scale linear = { .low = pow(10, scale->low), .high = pow(10, scale->high) };
    *out = (Ticks){ 0 };
    linear_ticks(&linear, most, out);
    for (int k = 0; k < out->n; k++) out->at[k] = log10(out->at[k]);
}

void scale_ticks(const Scale *scale, int most, Ticks *out)
{
    *out = (Ticks){ 0 };
    if (most > TICKS_MAX) most = TICKS_MAX;
    if (most < 1) return;
    if (scale->time) {
        scale_time_ticks(scale, most, out);
        return;
    }
    if (!scale->log) {
        linear_ticks(scale, most, out);
        return;
    }
    if (!(fabs(scale->low) < 300 && fabs(scale->high) < 300)) return;
    log_ticks(scale, most, out);
    if (out->n < 2) narrow_log_ticks(scale, most, out);
}
