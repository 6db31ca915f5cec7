/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applying, keeping and saying calibrations; calibration_fit.c fits them. */
#include "model/calibration.h"

#include <math.h>
#include <string.h>

#define CLIP 1e-15
enum { STEPS_MAX = 1000000 }; /* of a file */

static const char *const words[] = { "none", "platt", "isotonic", "temperature" };

const char *calibration_word(CalibrationMethod method)
{
    return words[method];
}

bool calibration_parse(const char *word, CalibrationMethod *out)
{
    for (int m = 0; m <= CALIBRATION_TEMPERATURE; m++)
        if (!strcmp(words[m], word)) {
            *out = (CalibrationMethod)m;
            return true;
        }
    return false;
}

double calibration_logit(double p)
{
    if (isnan(p)) return p;
    p = p < CLIP ? CLIP : p > 1 - CLIP ? 1 - CLIP : p;
    return log(p / (1 - p));
}

double calibration_logistic(double z)
{
    return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
}

/* ---- applying */

static double step_of(const Calibration *calibration, double s)
{
    const double *x = calibration->x, *y = calibration->y;
    size_t low = 0, high = calibration->n - 1;
    if (isnan(s)) return s;
    if (s <= x[0]) return y[0];
    if (s >= x[high]) return y[high];
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(x[middle] <= s ? &low : &high) = middle;
    }
    return y[low] + (y[high] - y[low]) * ((s - x[low]) / (x[high] - x[low]));
}

/* A probability of 0 or 1 stays. */
static double shifted(double p, double shift)
{
    if (shift == 0) return p;
    double event = p * exp(shift / 2), other = (1 - p) * exp(-shift / 2);
    return event / (event + other);
}

static double mapped(const Calibration *calibration, double s)
{
    switch (calibration->method) {
    case CALIBRATION_ISOTONIC: return step_of(calibration, s);
    case CALIBRATION_PLATT:
    case CALIBRATION_TEMPERATURE: {
        double z = calibration->raw ? s : calibration_logit(s);
        return calibration_logistic(calibration->intercept + calibration->slope * z);
    }
    case CALIBRATION_NONE: break;
    }
    return s;
}

double calibration_of(const Calibration *calibration, double score)
{
    return shifted(mapped(calibration, score), calibration->shift);
}

static void heat(const Calibration *calibration, double *p, size_t n)
{
    double most = -INFINITY, sum = 0;
    for (size_t k = 0; k < n; k++) {
        p[k] = calibration->slope * log(p[k] < CLIP ? CLIP : p[k]);
        if (!(p[k] <= most)) most = p[k];
    }
    for (size_t k = 0; k < n; k++) sum += p[k] = exp(p[k] - most);
    for (size_t k = 0; k < n; k++) p[k] /= sum;
}

void calibration_apply(const Calibration *calibration, double *p, size_t n_outputs)
{
    if (n_outputs > 2) {
        if (calibration->method == CALIBRATION_TEMPERATURE) heat(calibration, p, n_outputs);
        return;
    }
    p[n_outputs - 1] = calibration_of(calibration, p[n_outputs - 1]);
    if (n_outputs == 2) p[0] = 1 - p[1];
}

/* ---- keeping */

static const double *copy_numbers(const double *x, size_t n, Arena *arena)
{
    return n ? memcpy(arena_take(arena, n * sizeof *x), x, n * sizeof *x) : NULL;
}

const Calibration *calibration_copy(const Calibration *calibration, Arena *arena)
{
    if (!calibration) return NULL;
    Calibration *copy = arena_take(arena, sizeof *copy);
    *copy = *calibration;
    copy->x = copy_numbers(calibration->x, calibration->n, arena);
    copy->y = copy_numbers(calibration->y, calibration->n, arena);
    copy->rows = calibration->rows ? arena_text(arena, calibration->rows) : NULL;
    return copy;
}

static Value numbers(const double *x, size_t n, Arena *arena)
{
    Value list = value_list(arena, (int)n);
    for (size_t i = 0; i < n; i++) list.list.items[i] = value_number(x[i]);
    return list;
}

Value calibration_record(const Calibration *calibration, Arena *arena)
{
    Value value = value_record(arena);
    Record *record = value.record;
    record_text(arena, record, "method", words[calibration->method]);
    if (calibration->method == CALIBRATION_ISOTONIC) {
        record_set(arena, record, "x", numbers(calibration->x, calibration->n, arena));
        record_set(arena, record, "y", numbers(calibration->y, calibration->n, arena));
    } else if (calibration->method != CALIBRATION_NONE) {
        record_number(arena, record, "intercept", calibration->intercept);
        record_number(arena, record, "slope", calibration->slope);
        record_set(arena, record, "raw", value_bool(calibration->raw));
    }
    record_number(arena, record, "shift", calibration->shift);
    if (!isnan(calibration->rate)) record_number(arena, record, "rate", calibration->rate);
    if (calibration->rows) record_text(arena, record, "rows", calibration->rows);
    record_number(arena, record, "n", calibration->n_rows);
    return value;
}

static bool read_number(const Record *record, const char *name, double *out)
{
    const Value *value = record_get(record, name);
    if (!value || value->type != VALUE_NUMBER || !isfinite(value->number)) return false;
    *out = value->number;
    return true;
}

static double *read_list(const Record *record, const char *name, size_t *n, Arena *arena)
{
    const Value *list = record_get(record, name);
    if (!list || list->type != VALUE_LIST || list->list.n < 1 || list->list.n > STEPS_MAX) return NULL;
    double *x = arena_take(arena, (size_t)list->list.n * sizeof *x);
    for (*n = 0; *n < (size_t)list->list.n; ++*n) {
        const Value *item = &list->list.items[*n];
        if (item->type != VALUE_NUMBER || !isfinite(item->number)) return NULL;
        x[*n] = item->number;
    }
    return x;
}

static bool read_steps(const Record *record, Calibration *out, Arena *arena)
{
    size_t n = 0;
    const double *x = read_list(record, "x", &out->n, arena), *y = read_list(record, "y", &n, arena);
    if (!x || !y || n != out->n) return false;
    for (size_t i = 0; i < n; i++)
        if (!(y[i] >= 0 && y[i] <= 1) || (i && !(x[i] > x[i - 1] && y[i] >= y[i - 1]))) return false;
    out->x = x;
    out->y = y;
    return true;
}

const Calibration *calibration_from_record(const Record *record, Arena *arena)
{
    Calibration *out = arena_take(arena, sizeof *out);
    const Value *method = record_get(record, "method"), *raw = record_get(record, "raw"),
                *rows = record_get(record, "rows");
    *out = (Calibration){ .slope = 1, .rate = NAN };
    if (!method || method->type != VALUE_TEXT || !calibration_parse(method->text, &out->method)) return NULL;
    bool steps = out->method == CALIBRATION_ISOTONIC, line = !steps && out->method != CALIBRATION_NONE;
    if (steps && !read_steps(record, out, arena)) return NULL;
    if (line &&
        (!read_number(record, "intercept", &out->intercept) || !read_number(record, "slope", &out->slope)))
        return NULL;
    if (!read_number(record, "shift", &out->shift)) return NULL;
    read_number(record, "rate", &out->rate);
    read_number(record, "n", &out->n_rows);
    out->raw = raw && raw->type == VALUE_BOOL && raw->on;
    out->rows = rows && rows->type == VALUE_TEXT ? arena_text(arena, rows->text) : NULL;
    return out;
}

/* ---- saying */

static void write_map(Buf *out, const Calibration *calibration)
{
    char a[40], b[40];
    switch (calibration->method) {
    case CALIBRATION_NONE: break;
    case CALIBRATION_PLATT:
        buf_printf(out, "platt, intercept %s, slope %s", number_short(calibration->intercept, 4, a),
                   number_short(calibration->slope, 4, b));
        break;
    case CALIBRATION_ISOTONIC: buf_printf(out, "isotonic, %zu points", calibration->n); break;
    case CALIBRATION_TEMPERATURE:
        buf_printf(out, "temperature %s", number_short(1 / calibration->slope, 4, a));
        break;
    }
}

void calibration_write(Buf *out, const Calibration *calibration)
{
    char a[40], b[40];
    write_map(out, calibration);
    if (!isnan(calibration->rate))
        buf_printf(out, "%slog-odds %s%s to a rate of %s%%", calibration->method ? ", " : "",
                   calibration->shift < 0 ? "" : "+", number_short(calibration->shift, 4, a),
                   number_short(100 * calibration->rate, 4, b));
    if (calibration->rows) buf_printf(out, " (%s, n = %.0f)", calibration->rows, calibration->n_rows);
}
