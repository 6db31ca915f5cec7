/* SPDX-License-Identifier: GPL-3.0-or-later */
/* impute method=knn (Troyanskaya and others 2001, Bioinformatics 17:520): a missing cell becomes the mean of
 * its column over the k training rows (donors) that have it and are nearest,
 *   d^2 = p / p_both sum over the p_both columns that both rows have of ((x - y) / sd)^2,
 * sd of the training rows, p the columns of the step. Equal distances: the earlier row. Rows (0, .), (0, 1),
 * (1, 3), (9, 9) with k = 2: the missing cell becomes 2. Where no donor has a column in common with the row,
 * or the cell's own, it becomes the training rows' mean. */
#include <math.h>

#include "data/steps/impute.h"
#include "data/summary.h"

/* ---- fitting: every column keeps its donors' cells */

static Value donor_cells(const Feature *feature, size_t n_rows, size_t donors, Arena *arena)
{
    Value list = value_list(arena, (int)donors);
    for (size_t k = 0; k < donors; k++) {
        double x = feature->numbers[k * n_rows / donors];
        if (x == x) list.list.items[k] = value_number(x);
    }
    return list;
}

bool impute_fit_knn(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                    Record *state, Err *err)
{
    size_t donors = (size_t)option_integer(opts, "donors");
    if (donors > train->n_rows) donors = train->n_rows;
    for (int k = 0; k < n; k++) {
        const Feature *feature = &train->items[selected[k]];
        if (feature->kind != FEATURE_NUMBER) continue;
        size_t count;
        double *values = feature_values(train, selected[k], &count, err);
        if (!values) return false;
        double spread = count ? summary_sd(values, count, summary_mean(values, count)) : 0;
        mem_free(values);
        Record *fitted = record_record(arena, state, feature->name);
        record_number(arena, fitted, "spread", spread > 0 && isfinite(spread) ? spread : 1);
        record_set(arena, fitted, "cells", donor_cells(feature, train->n_rows, donors, arena));
    }
    return true;
}

/* ---- applying */

typedef struct Nearest {
    double distance;
    int donor;
} Nearest;

typedef struct Knn {
    int k, n_columns, n_donors;
    int *features;     /* (n_columns): places in the set */
    double *spread;    /* (n_columns) */
    double *cells;     /* (n_donors, n_columns), NaN missing */
    double *distances; /* (n_donors): of the row at hand; infinite without a common column */
    double *filled;    /* (n_columns, n_rows): NaN where nothing is filled */
} Knn;

static void free_knn(Knn *knn)
{
    mem_free(knn->features);
    mem_free(knn->spread);
    mem_free(knn->cells);
    mem_free(knn->distances);
    mem_free(knn->filled);
}

static bool read_column(Knn *knn, const Member *member, FeatureSet *set, Err *err)
{
    const Record *fitted = member->value->record;
    const Value *cells = record_get(fitted, "cells");
    int column = knn->n_columns++, place = feature_find(set, member->name);
    if (place < 0 || set->items[place].kind != FEATURE_NUMBER || cells->type != VALUE_LIST ||
        cells->list.n != knn->n_donors || !state_number(fitted, "spread", &knn->spread[column]) ||
        !(knn->spread[column] > 0))
        return ERR(err, bad_prep, member->name);
    knn->features[column] = place;
    for (int d = 0; d < knn->n_donors; d++) {
        const Value *cell = &cells->list.items[d];
        knn->cells[(size_t)d * (size_t)knn->k + (size_t)column] =
            cell->type == VALUE_NUMBER ? cell->number : NAN;
    }
    return true;
}

/* The members that keep donors: categories do not. */
static bool has_cells(const Member *member)
{
    return member->value->type == VALUE_RECORD && record_get(member->value->record, "cells");
}

static bool open_knn(Knn *knn, const Record *state, FeatureSet *set, Err *err)
{
    int width = 0;
    for (int i = 0; i < state->n; i++) {
        if (!has_cells(&state->members[i])) continue;
        if (width++ == 0) knn->n_donors = record_get(state->members[i].value->record, "cells")->list.n;
    }
    size_t columns = (size_t)width, donors = (size_t)knn->n_donors;
    knn->k = width; /* the row length of cells, until all columns are read */
    knn->features = mem_get(columns, sizeof *knn->features, err);
    knn->spread = mem_get(columns, sizeof *knn->spread, err);
    knn->cells = mem_get(donors * columns, sizeof *knn->cells, err);
    knn->distances = mem_get(donors, sizeof *knn->distances, err);
    knn->filled = mem_get(columns * set->n_rows, sizeof *knn->filled, err);
    if (!knn->features || !knn->spread || !knn->cells || !knn->distances || !knn->filled) return false;
    for (int i = 0; i < state->n; i++)
        if (has_cells(&state->members[i]) && !read_column(knn, &state->members[i], set, err)) return false;
    return true;
}

static double cell_at(const Knn *knn, const FeatureSet *set, int column, size_t row)
{
    return set->items[knn->features[column]].numbers[row];
}

static void measure(const Knn *knn, const FeatureSet *set, size_t row)
{
    for (int d = 0; d < knn->n_donors; d++) {
        const double *donor = knn->cells + (size_t)d * (size_t)knn->n_columns;
        double sum = 0;
        int both = 0;
        for (int c = 0; c < knn->n_columns; c++) {
            double difference = (cell_at(knn, set, c, row) - donor[c]) / knn->spread[c];
            if (difference != difference) continue;
            sum += difference * difference;
            both++;
        }
        knn->distances[d] = both ? sum * knn->n_columns / both : INFINITY;
    }
}

/* The mean of a column over the nearest donors that have it; NaN where there are none. */
static double nearest_mean(const Knn *knn, int column)
{
    Nearest best[IMPUTE_NEAREST_MAX];
    int n = 0;
    for (int d = 0; d < knn->n_donors; d++) {
        double cell = knn->cells[(size_t)d * (size_t)knn->n_columns + (size_t)column];
        double distance = knn->distances[d];
        if (cell != cell || isinf(distance)) continue;
        if (n == knn->k && distance >= best[n - 1].distance) continue;
        int at = n < knn->k ? n++ : n - 1;
        for (; at > 0 && best[at - 1].distance > distance; at--) best[at] = best[at - 1];
        best[at] = (Nearest){ distance, d };
    }
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += knn->cells[(size_t)best[i].donor * (size_t)knn->n_columns + (size_t)column];
    return n ? sum / n : NAN;
}

static void fill_row(const Knn *knn, const FeatureSet *set, size_t row)
{
    bool measured = false;
    for (int c = 0; c < knn->n_columns; c++) {
        double *out = &knn->filled[(size_t)c * set->n_rows + row], x = cell_at(knn, set, c, row);
        *out = NAN;
        if (x == x) continue;
        if (!measured) measure(knn, set, row);
        measured = true;
        *out = nearest_mean(knn, c);
    }
}

bool impute_knn(const Options *opts, const Record *state, FeatureSet *set, Err *err)
{
    Knn knn = { 0 };
    bool ok = open_knn(&knn, state, set, err);
    knn.k = (int)option_integer(opts, "k");
    for (size_t row = 0; ok && row < set->n_rows; row++) fill_row(&knn, set, row);
    for (int c = 0; ok && c < knn.n_columns; c++) {
        double *x = set->items[knn.features[c]].numbers;
        const double *filled = knn.filled + (size_t)c * set->n_rows;
        for (size_t row = 0; row < set->n_rows; row++) x[row] = x[row] != x[row] ? filled[row] : x[row];
    }
    free_knn(&knn);
    return ok;
}
