/* SPDX-License-Identifier: GPL-3.0-or-later */
/* select method=pca: the centred columns times the leading eigenvectors of their covariance (divisor n - 1);
 * as many as top= says, else so many that their share of the variance reaches above=. The loading that is
 * largest in size is positive. Jolliffe 2002. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/steps/select.h"
#include "data/summary.h"
#include "numeric/eigen.h"

/* ---- fitting */

static bool find_centers(const FeatureSet *train, const int *selected, int n, double *center, Err *err)
{
    for (int j = 0; j < n; j++) {
        const Feature *feature = &train->items[selected[j]];
        center[j] = train->n_rows ? summary_mean(feature->numbers, train->n_rows) : NAN;
        if (isfinite(center[j])) continue;
        ERR(err, bad_step, "select", "method=pca needs columns without missing or huge values");
        err_detail(err, "column '%s'", feature->name);
        return err_hint(err, "write impute before select");
    }
    return true;
}

static void find_covariance(const FeatureSet *train, const int *selected, int n, const double *center,
                            double *a)
{
    double divisor = train->n_rows > 1 ? (double)train->n_rows - 1 : 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            const double *x = train->items[selected[i]].numbers, *y = train->items[selected[j]].numbers;
            double sum = 0;
            for (size_t row = 0; row < train->n_rows; row++)
                sum += (x[row] - center[i]) * (y[row] - center[j]);
            a[i * n + j] = a[j * n + i] = sum / divisor;
        }
}

static int count_components(const double *values, int n, double top, double above)
{
    double total = 0, sum = 0;
    if (top == top) return top < n ? (int)top : n;
    for (int k = 0; k < n; k++) total += values[k] > 0 ? values[k] : 0;
    for (int k = 0; k < n; k++) {
        sum += values[k];
        if (sum >= above * total) return k + 1;
    }
    return n;
}

static void write_pca(const FeatureSet *train, const int *selected, int n, const double *a,
                      const double *values, const double *center, int n_components, Arena *arena,
                      Record *state)
{
    Value names = value_list(arena, n), shares = value_list(arena, n_components);
    double total = 0;
    for (int k = 0; k < n; k++) total += values[k] > 0 ? values[k] : 0;
    for (int j = 0; j < n; j++) names.list.items[j] = value_text(arena, train->items[selected[j]].name);
    for (int k = 0; k < n_components; k++)
        shares.list.items[k] = value_number(total > 0 ? values[k] / total : 0);
    record_set(arena, state, "columns", names);
    record_set(arena, state, "center", state_numbers(center, n, arena));
    record_set(arena, state, "shares", shares);
    for (int k = 0; k < n_components; k++)
        record_set(arena, state, arena_format(arena, "pc%d", k + 1), state_numbers(a + k * n, n, arena));
}

bool select_fit_pca(const FeatureSet *train, const int *selected, int n, double top, double above,
                    Arena *arena, Record *state, Err *err)
{
    if (n < 1 || n > EIGEN_MAX)
        return ERR(err, bad_step, "select", "method=pca takes 1 to 4096 numeric columns");
    size_t width = (size_t)n;
    double *a = mem_get(width * (width + 2), sizeof *a, err);
    if (!a) return false;
    double *values = a + width * width, *center = values + width;
    bool ok = find_centers(train, selected, n, center, err);
    if (ok) {
        find_covariance(train, selected, n, center, a);
        ok = eigen_symmetric(a, width, values, err);
    }
    if (ok)
        write_pca(train, selected, n, a, values, center, count_components(values, n, top, above), arena,
                  state);
    mem_free(a);
    return ok;
}

/* ---- applying */

typedef struct Pca {
    ValueList names, center, shares;
} Pca;

static bool read_pca(const Record *state, Pca *pca, Err *err)
{
    bool ok = state_list(state, "columns", VALUE_TEXT, &pca->names) &&
              state_list(state, "center", VALUE_NUMBER, &pca->center) &&
              state_list(state, "shares", VALUE_NUMBER, &pca->shares) && pca->names.n >= 1 &&
              pca->center.n == pca->names.n && pca->shares.n <= pca->names.n;
    return ok || ERR(err, bad_prep, "its principal components");
}

/* Adds pc k at place `at`, before the columns it is made of. */
static bool add_component(const Record *state, const Pca *pca, FeatureSet *set, int at, int k, Err *err)
{
    ValueList loadings;
    char name[16];
    snprintf(name, sizeof name, "pc%d", k + 1);
    if (!state_list(state, name, VALUE_NUMBER, &loadings) || loadings.n != pca->names.n)
        return ERR(err, bad_prep, "its principal components");
    Feature *made = feature_insert(set, at + k, name, set->items[at].from, FEATURE_NUMBER, err);
    if (!made) return false;
    double *out = made->numbers;
    memset(out, 0, set->n_rows * sizeof *out);
    for (int j = 0; j < loadings.n; j++) {
        int i = feature_find(set, pca->names.items[j].text);
        if (i < 0 || set->items[i].kind != FEATURE_NUMBER)
            return ERR(err, bad_prep, pca->names.items[j].text);
        const double *x = set->items[i].numbers;
        double center = pca->center.items[j].number, loading = loadings.items[j].number;
        for (size_t row = 0; row < set->n_rows; row++) out[row] += loading * (x[row] - center);
    }
    return true;
}

bool select_apply_pca(const Record *state, FeatureSet *set, Err *err)
{
    Pca pca;
    if (!read_pca(state, &pca, err)) return false;
    int at = feature_find(set, pca.names.items[0].text);
    if (at < 0) return ERR(err, bad_prep, pca.names.items[0].text);
    for (int k = 0; k < pca.shares.n; k++)
        if (!add_component(state, &pca, set, at, k, err)) return false;
    for (int j = 0; j < pca.names.n; j++)
        if (!feature_remove(set, feature_find(set, pca.names.items[j].text)))
            return ERR(err, bad_prep, pca.names.items[j].text);
    return true;
}
