/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/decision.h"

#include <math.h>
#include <string.h>

const Decision decision_none = { .cutoff = NAN };
const PointScale points_usual = { 600, 19, 50 };

/* ---- deciding */

void decision_calibrate(const Decision *decision, double *scores, size_t n, size_t n_outputs)
{
    if (!decision || !decision->calibration) return;
    for (size_t i = 0; i < n; i++)
        calibration_apply(decision->calibration, scores + i * n_outputs, n_outputs);
}

int grades_of(const Grades *grades, double p)
{
    int grade = 1;
    if (isnan(p)) return 0;
    while (grade < grades->n && p >= grades->cuts[grade - 1]) grade++;
    return grade;
}

double points_factor(const PointScale *scale)
{
    return scale->pdo / log(2);
}

double points_offset(const PointScale *scale)
{
    return scale->points - points_factor(scale) * log(scale->odds);
}

double points_of(const PointScale *scale, double p)
{
    return points_offset(scale) - points_factor(scale) * calibration_logit(p);
}

double points_probability(const PointScale *scale, double points)
{
    return calibration_logistic((points_offset(scale) - points) / points_factor(scale));
}

/* ---- keeping */

static const double *copy_numbers(const double *x, int n, Arena *arena)
{
    return memcpy(arena_take(arena, (size_t)(n + 1) * sizeof *x), x, (size_t)n * sizeof *x);
}

static const Grades *copy_grades(const Grades *grades, Arena *arena)
{
    if (!grades) return NULL;
    Grades *copy = arena_take(arena, sizeof *copy);
    *copy = (Grades){ grades->n, copy_numbers(grades->cuts, grades->n - 1, arena),
                      copy_numbers(grades->pd, grades->n, arena), arena_text(arena, grades->method) };
    return copy;
}

static const PointScale *copy_points(const PointScale *points, Arena *arena)
{
    return points ? memcpy(arena_take(arena, sizeof *points), points, sizeof *points) : NULL;
}

static bool is_empty(const Decision *decision)
{
    return !decision->calibration && isnan(decision->cutoff) && !decision->grades && !decision->points;
}

const Decision *decision_copy(const Decision *decision, Arena *arena)
{
    if (!decision || is_empty(decision)) return NULL;
    Decision *copy = arena_take(arena, sizeof *copy);
    *copy = (Decision){ .calibration = calibration_copy(decision->calibration, arena),
                        .cutoff = decision->cutoff,
                        .rule = decision->rule ? arena_text(arena, decision->rule) : NULL,
                        .grades = copy_grades(decision->grades, arena),
                        .points = copy_points(decision->points, arena) };
    return copy;
}

/* ---- as a record */

static Value numbers(const double *x, int n, Arena *arena)
{
    Value list = value_list(arena, n);
    for (int i = 0; i < n; i++) list.list.items[i] = value_number(x[i]);
    return list;
}

static void record_grades(const Grades *grades, Record *record, Arena *arena)
{
    Record *of = record_record(arena, record, "grades");
    record_text(arena, of, "method", grades->method);
    record_set(arena, of, "cuts", numbers(grades->cuts, grades->n - 1, arena));
    record_set(arena, of, "pd", numbers(grades->pd, grades->n, arena));
}

static void record_points(const PointScale *points, Record *record, Arena *arena)
{
    Record *of = record_record(arena, record, "points");
    record_number(arena, of, "points", points->points);
    record_number(arena, of, "odds", points->odds);
    record_number(arena, of, "pdo", points->pdo);
}

Value decision_record(const Decision *decision, Arena *arena)
{
    Value value = value_record(arena);
    Record *record = value.record;
    if (decision->calibration)
        record_set(arena, record, "calibration", calibration_record(decision->calibration, arena));
    if (!isnan(decision->cutoff)) {
        record_number(arena, record, "cutoff", decision->cutoff);
        record_text(arena, record, "rule", decision->rule ? decision->rule : "");
    }
    if (decision->grades) record_grades(decision->grades, record, arena);
    if (decision->points) record_points(decision->points, record, arena);
    return value;
}

static const Record *part_of(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_RECORD ? value->record : NULL;
}

static double number_of(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_NUMBER ? value->number : NAN;
}

/* A rising list within [0, 1]; false where it is none. */
static bool read_list(const Record *record, const char *name, bool strict, double *out, int *n)
{
    const Value *list = record_get(record, name);
    if (!list || list->type != VALUE_LIST || list->list.n > GRADES_MAX) return false;
    for (*n = 0; *n < list->list.n; ++*n) {
        const Value *item = &list->list.items[*n];
        if (item->type != VALUE_NUMBER || !(item->number >= 0 && item->number <= 1)) return false;
        out[*n] = item->number;
        if (strict && *n && !(out[*n] > out[*n - 1])) return false;
    }
    return true;
}

static bool read_grades(const Record *record, const Grades **out, Arena *arena)
{
    double cuts[GRADES_MAX], pd[GRADES_MAX];
    const Value *method = record ? record_get(record, "method") : NULL;
    int n_cuts, n;
    if (!record) return true;
    if (!read_list(record, "cuts", true, cuts, &n_cuts) || !read_list(record, "pd", false, pd, &n) || n < 1 ||
        n_cuts != n - 1 || !method || method->type != VALUE_TEXT)
        return false;
    *out = copy_grades(&(Grades){ n, cuts, pd, method->text }, arena);
    return true;
}

static bool read_points(const Record *record, const PointScale **out, Arena *arena)
{
    if (!record) return true;
    PointScale points = { number_of(record, "points"), number_of(record, "odds"), number_of(record, "pdo") };
    if (!isfinite(points.points) || !(points.odds > 0) || !isfinite(points.odds) || !(points.pdo > 0) ||
        !isfinite(points.pdo))
        return false;
    *out = copy_points(&points, arena);
    return true;
}

const Decision *decision_from_record(const Record *record, Arena *arena)
{
    Decision *out = arena_take(arena, sizeof *out);
    const Record *calibration = part_of(record, "calibration");
    const Value *rule = record_get(record, "rule");
    *out = (Decision){ .cutoff = number_of(record, "cutoff") };
    if (calibration && !(out->calibration = calibration_from_record(calibration, arena))) return NULL;
    if (rule && rule->type == VALUE_TEXT) out->rule = arena_text(arena, rule->text);
    bool whole = read_grades(part_of(record, "grades"), &out->grades, arena) &&
                 read_points(part_of(record, "points"), &out->points, arena);
    return whole ? out : NULL;
}

/* ---- saying */

void decision_write(Buf *out, const Decision *decision)
{
    const char *names[] = { decision->calibration ? "calibration" : NULL,
                            isnan(decision->cutoff) ? NULL : "cut-off", decision->grades ? "grades" : NULL,
                            decision->points ? "points" : NULL };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i]) buf_printf(out, "%s%s", out->length ? ", " : "", names[i]);
}

void decision_note_dropped(const Decision *before, const Decision *after, const char *name, Notes *notes)
{
    Buf words = { 0 };
    if (!before || after) return;
    decision_write(&words, before);
    NOTE(notes, decision_dropped, name, buf_text(&words));
    buf_free(&words);
}
