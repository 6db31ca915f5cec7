/* SPDX-License-Identifier: GPL-3.0-or-later */
/* impute method=em: the columns of a row are taken to be multivariate normal, mean m and covariance S of
 * greatest likelihood (Dempster, Laird and Rubin 1977), and a missing cell becomes its expectation given the
 * cells that the row has:
 *   E: x_m = m_m + B (x_o - m_o), B = S_mo S_oo^-1, with the conditional covariance S_mm - B S_om added to
 * the second moments;   M: m and S (divisor n) are those of the filled rows until no mean or covariance of
 * the columns, scaled to deviation 1, moves by more than tolerance=. A row without any cell becomes m.
 * Reference: tests/reference/steps.py. */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "data/order.h"
#include "data/steps/impute.h"
#include "data/summary.h"

enum { COLUMNS_MOST = 500 };

#define RIDGE 1e-9 /* added to the variances where they are inverted: columns may follow from each other */

/* Columns of a set, scaled, and their model. */
typedef struct Em {
    size_t n_rows;
    int n;
    double *x; /* (n_rows, n): scaled; NaN missing, filled in the rows' own step */
    double *center, *spread;
    double *mean, *sigma; /* (n), (n, n) */
    double *next_mean, *next_sigma;
    uint32_t *order;  /* the rows, those with the same pattern together */
    double *b, *rest; /* (n, n): B by missing and observed column, the conditional covariance */
    double *oo;       /* (n, n): S_oo and its Cholesky factor */
    int *observed, *missing;
    int n_observed, n_missing;
    double *row; /* (n): a row, filled */
    FeatureSet *set;
    const int *features; /* (n) */
} Em;

/* ---- patterns */

static int compare_patterns(const void *context, uint32_t a, uint32_t b)
{
    const Em *em = context;
    const double *x = em->x + (size_t)a * (size_t)em->n, *y = em->x + (size_t)b * (size_t)em->n;
    for (int j = 0; j < em->n; j++)
        if (isnan(x[j]) != isnan(y[j])) return isnan(x[j]) ? -1 : 1;
    return 0;
}

static void read_pattern(Em *em, const double *x)
{
    em->n_observed = em->n_missing = 0;
    for (int j = 0; j < em->n; j++)
        if (isnan(x[j]))
            em->missing[em->n_missing++] = j;
        else
            em->observed[em->n_observed++] = j;
}

/* B and the conditional covariance of the pattern. */
static bool regress(Em *em, Err *err)
{
    size_t o = (size_t)em->n_observed, n = (size_t)em->n;
    gsl_matrix_view oo = gsl_matrix_view_array_with_tda(em->oo, o ? o : 1, o ? o : 1, n);
    for (size_t i = 0; i < o; i++)
        for (size_t j = 0; j < o; j++)
            em->oo[i * n + j] =
                em->sigma[(size_t)em->observed[i] * n + (size_t)em->observed[j]] + (i == j ? RIDGE : 0);
    if (o && gsl_linalg_cholesky_decomp1(&oo.matrix))
        return ERR(err, bad_step, "impute", "method=em: the covariance of the columns is not positive");
    for (int k = 0; k < em->n_missing; k++) {
        const double *s = em->sigma + (size_t)em->missing[k] * n;
        double *b = em->b + (size_t)k * n;
        for (size_t j = 0; j < o; j++) b[j] = s[em->observed[j]];
        gsl_vector_view column = gsl_vector_view_array(b, o ? o : 1);
        if (o) gsl_linalg_cholesky_svx(&oo.matrix, &column.vector);
    }
    for (int k = 0; k < em->n_missing; k++)
        for (int l = 0; l < em->n_missing; l++) {
            double sum = em->sigma[(size_t)em->missing[k] * n + (size_t)em->missing[l]];
            for (size_t j = 0; j < o; j++)
                sum -= em->b[(size_t)k * n + j] *
                       em->sigma[(size_t)em->missing[l] * n + (size_t)em->observed[j]];
            em->rest[(size_t)k * n + (size_t)l] = sum;
        }
    return true;
}

/* em->row: the row with its expectations. */
static void fill_row(Em *em, const double *x)
{
    memcpy(em->row, x, (size_t)em->n * sizeof *x);
    for (int k = 0; k < em->n_missing; k++) {
        double sum = em->mean[em->missing[k]];
        for (int j = 0; j < em->n_observed; j++)
            sum += em->b[(size_t)k * (size_t)em->n + (size_t)j] *
                   (x[em->observed[j]] - em->mean[em->observed[j]]);
        em->row[em->missing[k]] = sum;
    }
}

/* Calls `take` for each row, filled; B is made where the pattern changes. */
typedef void (*TakeRow)(Em *em, size_t row);
static bool each_row(Em *em, TakeRow take, Err *err)
{
    for (size_t i = 0; i < em->n_rows; i++) {
        const double *x = em->x + (size_t)em->order[i] * (size_t)em->n;
        bool is_new = i == 0 || compare_patterns(em, em->order[i - 1], em->order[i]) != 0;
        if (is_new) {
            read_pattern(em, x);
            if (!regress(em, err)) return false;
        }
        fill_row(em, x);
        take(em, em->order[i]);
    }
    return true;
}

/* ---- fitting */

/* Second moments are taken about the old means. */
static void add_moments(Em *em, size_t row)
{
    size_t n = (size_t)em->n;
    (void)row;
    for (size_t i = 0; i < n; i++) {
        double step = em->row[i] - em->mean[i];
        em->next_mean[i] += step;
        for (size_t j = 0; j <= i; j++) em->next_sigma[i * n + j] += step * (em->row[j] - em->mean[j]);
    }
    for (int k = 0; k < em->n_missing; k++)
        for (int l = 0; l <= k; l++)
            em->next_sigma[(size_t)em->missing[k] * n + (size_t)em->missing[l]] +=
                em->rest[(size_t)k * n + (size_t)l];
}

/* How far the parameters moved. */
static double maximise(Em *em)
{
    size_t n = (size_t)em->n;
    double rows = (double)em->n_rows, most = 0;
    for (size_t i = 0; i < n; i++) em->next_mean[i] /= rows;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double s = em->next_sigma[i * n + j] / rows - em->next_mean[i] * em->next_mean[j];
            most = fmax(most, fabs(s - em->sigma[i * n + j]));
            em->sigma[i * n + j] = em->sigma[j * n + i] = s;
        }
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(em->next_mean[i]));
        em->mean[i] += em->next_mean[i];
    }
    return most;
}

static bool iterate(Em *em, const Options *opts, Notes *notes, Err *err)
{
    size_t n = (size_t)em->n;
    long most = option_integer(opts, "iterations");
    double tolerance = option_number(opts, "tolerance"), moved = INFINITY;
    for (size_t i = 0; i < n; i++) em->sigma[i * n + i] = 1;
    for (long k = 0; k < most && !(moved <= tolerance); k++) {
        memset(em->next_mean, 0, n * sizeof *em->next_mean);
        memset(em->next_sigma, 0, n * n * sizeof *em->next_sigma);
        if (!each_row(em, add_moments, err)) return false;
        moved = maximise(em);
    }
    if (moved > tolerance) NOTE(notes, em_not_done, INT(most), NUM(moved));
    return true;
}

/* ---- memory */

static void close_em(Em *em)
{
    mem_free(em->x);
    mem_free(em->order);
    mem_free(em->center);
    mem_free(em->observed);
}

/* Raw cells: scale_em comes next. */
static bool open_em(Em *em, FeatureSet *set, const int *features, int n, Err *err)
{
    size_t width = (size_t)n;
    *em = (Em){ .n_rows = set->n_rows, .n = n, .set = set, .features = features };
    em->x = mem_get(set->n_rows * width + 1, sizeof *em->x, err);
    em->order = em->x ? mem_get(set->n_rows + 1, sizeof *em->order, err) : NULL;
    em->center = em->order ? mem_get(width * (5 + 5 * width), sizeof *em->center, err) : NULL;
    em->observed = em->center ? mem_get(2 * width, sizeof *em->observed, err) : NULL;
    if (!em->observed) return false;
    em->missing = em->observed + n;
    double *at = em->center;
    em->spread = at += width;
    em->mean = at += width;
    em->next_mean = at += width;
    em->row = at += width;
    em->sigma = at += width;
    em->next_sigma = at += width * width;
    em->b = at += width * width;
    em->rest = at += width * width;
    em->oo = at + width * width;
    for (size_t i = 0; i < set->n_rows; i++) {
        em->order[i] = (uint32_t)i;
        for (size_t j = 0; j < width; j++) em->x[i * width + j] = set->items[features[j]].numbers[i];
    }
    return rows_order(em->order, set->n_rows, compare_patterns, em, err);
}

static void scale_em(Em *em)
{
    size_t n = (size_t)em->n;
    for (size_t i = 0; i < em->n_rows; i++)
        for (size_t j = 0; j < n; j++) em->x[i * n + j] = (em->x[i * n + j] - em->center[j]) / em->spread[j];
}

static bool find_scale(Em *em, Err *err)
{
    for (int j = 0; j < em->n; j++) {
        size_t n;
        double *values = feature_values(em->set, em->features[j], &n, err);
        if (!values) return false;
        em->center[j] = n ? summary_mean(values, n) : 0;
        double spread = n ? summary_sd(values, n, em->center[j]) : 0;
        em->spread[j] = spread > 0 && isfinite(spread) ? spread : 1;
        mem_free(values);
    }
    return true;
}

/* ---- the step */

/* Numbers among the selected features; flags are never there. */
static int number_features(const FeatureSet *set, const int *selected, int n, int *out)
{
    int count = 0;
    for (int k = 0; k < n; k++)
        if (set->items[selected[k]].kind == FEATURE_NUMBER) out[count++] = selected[k];
    return count;
}

bool impute_fit_em(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                   Record *state, Notes *notes, Err *err)
{
    Em em = { 0 };
    int *features = arena_take(arena, ((size_t)n + 1) * sizeof *features);
    int count = number_features(train, selected, n, features);
    if (count > COLUMNS_MOST) return ERR(err, bad_step, "impute", "method=em takes at most 500 columns");
    if (count == 0) return true;
    bool ok = open_em(&em, (FeatureSet *)train, features, count, err) && find_scale(&em, err);
    if (ok) {
        scale_em(&em);
        ok = iterate(&em, opts, notes, err);
    }
    for (int j = 0; ok && j < count; j++) {
        Record *fitted = record_record(arena, state, train->items[features[j]].name);
        record_number(arena, fitted, "center", em.center[j]);
        record_number(arena, fitted, "spread", em.spread[j]);
        record_number(arena, fitted, "mean", em.mean[j]);
        record_set(arena, fitted, "covariance",
                   state_numbers(em.sigma + (size_t)j * (size_t)count, count, arena));
    }
    close_em(&em);
    return ok;
}

static bool read_state(Em *em, const Record **fitted, Err *err)
{
    for (int j = 0; j < em->n; j++) {
        ValueList row;
        const Record *own = fitted[j];
        if (!state_number(own, "center", &em->center[j]) || !state_number(own, "spread", &em->spread[j]) ||
            !state_number(own, "mean", &em->mean[j]) || !(em->spread[j] > 0) ||
            !state_list(own, "covariance", VALUE_NUMBER, &row) || row.n != em->n)
            return state_bad(&em->set->items[em->features[j]], err);
        for (int k = 0; k < em->n; k++)
            em->sigma[(size_t)j * (size_t)em->n + (size_t)k] = row.items[k].number;
    }
    return true;
}

static void keep_row(Em *em, size_t row)
{
    for (int k = 0; k < em->n_missing; k++) {
        int j = em->missing[k];
        em->set->items[em->features[j]].numbers[row] = em->row[j] * em->spread[j] + em->center[j];
    }
}

bool impute_em(const Record *state, FeatureSet *set, Err *err)
{
    Em em = { 0 };
    int *features = arena_take(set->arena, ((size_t)state->n + 1) * sizeof *features), n = 0;
    const Record **fitted = arena_take(set->arena, ((size_t)state->n + 1) * sizeof *fitted);
    for (int k = 0; k < state->n; k++) {
        const Record *own =
            state->members[k].value->type == VALUE_RECORD ? state->members[k].value->record : NULL;
        int place = own && record_get(own, "covariance") ? feature_find(set, state->members[k].name) : -1;
        if (place < 0 || set->items[place].kind != FEATURE_NUMBER) continue;
        features[n] = place;
        fitted[n++] = own;
    }
    if (n == 0) return true;
    bool ok =
        n <= COLUMNS_MOST ? open_em(&em, set, features, n, err) : state_bad(&set->items[features[0]], err);
    if (ok && read_state(&em, fitted, err)) {
        scale_em(&em);
        ok = each_row(&em, keep_row, err);
    } else
        ok = false;
    close_em(&em);
    return ok;
}
