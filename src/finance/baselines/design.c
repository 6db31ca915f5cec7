/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cross products are LAPACK-sized sums over blocks of rows (cblas_dsyrk). Standardising first makes
 * one tolerance fit inputs of any size: an input whose share not explained by earlier ones is below
 * 1e-10 counts as a combination of them (inputs have the precision of 32-bit floats). */
#include "finance/baselines/design.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

static const double COLLINEAR = 1e-10;
enum { NAMED_INPUTS = 5 };

static void find_means(Design *design)
{
    const BaselineRows *rows = design->rows;
    int d = rows->n_features;
    for (size_t i = 0; i < rows->n; i++) {
        design->weight += rows->w[i];
        for (int j = 0; j < d; j++)
            design->mean[j] += rows->w[i] * (double)rows->x[i * (size_t)d + (size_t)j];
    }
    for (int j = 0; j < d; j++) design->mean[j] /= design->weight;
}

static void find_scales(Design *design)
{
    const BaselineRows *rows = design->rows;
    int d = rows->n_features;
    for (size_t i = 0; i < rows->n; i++)
        for (int j = 0; j < d; j++) {
            double distance = (double)rows->x[i * (size_t)d + (size_t)j] - design->mean[j];
            design->scale[j] += rows->w[i] * distance * distance;
        }
    for (int j = 0; j < d; j++) design->scale[j] = sqrt(design->scale[j] / design->weight);
}

static bool varies(const Design *design, int feature)
{
    double scale = design->scale[feature];
    return isfinite(scale) && scale > 1e-7 * fabs(design->mean[feature]) && scale > 1e-30;
}

bool design_make(Design *design, const BaselineRows *rows, Err *err)
{
    *design = (Design){ .rows = rows, .n_terms = 1 };
    size_t d = (size_t)rows->n_features;
    if (!(design->mean = mem_get(d, sizeof(double), err)) ||
        !(design->scale = mem_get(d, sizeof(double), err)) ||
        !(design->inputs = mem_get(d, sizeof(int), err)) ||
        !(design->block = mem_get(d + 1, DESIGN_BLOCK * sizeof(double), err)))
        return false;
    find_means(design);
    find_scales(design);
    for (int j = 0; j < rows->n_features; j++)
        if (varies(design, j)) design->inputs[design->n_terms++ - 1] = j;
    return true;
}

void design_free(Design *design)
{
    mem_free(design->mean);
    mem_free(design->scale);
    mem_free(design->inputs);
    mem_free(design->block);
    *design = (Design){ 0 };
}

void design_fill(Design *design, size_t from, size_t count)
{
    size_t d = (size_t)design->rows->n_features, k = (size_t)design->n_terms;
    for (size_t i = 0; i < count; i++) {
        const real *x = design->rows->x + (from + i) * d;
        double *z = design->block + i * k;
        z[0] = 1;
        for (size_t t = 1; t < k; t++) {
            int j = design->inputs[t - 1];
            z[t] = ((double)x[j] - design->mean[j]) / design->scale[j];
        }
    }
}

static void mirror(double *matrix, size_t k)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < i; j++) matrix[j * k + i] = matrix[i * k + j];
}

void design_gram(Design *design, const double *v, double *gram)
{
    size_t n = design->rows->n, k = (size_t)design->n_terms;
    memset(gram, 0, k * k * sizeof *gram);
    for (size_t from = 0; from < n; from += DESIGN_BLOCK) {
        size_t count = n - from < DESIGN_BLOCK ? n - from : DESIGN_BLOCK;
        design_fill(design, from, count);
        for (size_t i = 0; i < count; i++) cblas_dscal((int)k, sqrt(v[from + i]), design->block + i * k, 1);
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)k, (int)count, 1, design->block, (int)k, 1,
                    gram, (int)k);
    }
    mirror(gram, k);
}

/* Cholesky in the order of terms; a term whose pivot vanishes is left out of what follows. */
static void find_combinations(double *gram, size_t k, bool *dropped)
{
    for (size_t i = 0; i < k; i++) {
        double *row = gram + i * k, whole = row[i];
        for (size_t j = 0; j < i; j++) {
            const double *other = gram + j * k;
            row[j] = dropped[j] ? 0 : (row[j] - cblas_ddot((int)j, row, 1, other, 1)) / other[j];
        }
        double pivot = whole - cblas_ddot((int)i, row, 1, row, 1);
        dropped[i] = !(pivot > COLLINEAR * whole);
        row[i] = dropped[i] ? 1 : sqrt(pivot);
    }
}

static void note_combinations(const Design *design, const bool *dropped, const Prep *prep, const char *name,
                              Notes *notes)
{
    Buf names = { 0 };
    int n = 0;
    for (int t = 1; t < design->n_terms; t++) {
        if (!dropped[t]) continue;
        if (n < NAMED_INPUTS)
            buf_printf(&names, "%s%s", n ? ", " : "", prep->features[design->inputs[t - 1]]);
        n++;
    }
    if (n > NAMED_INPUTS) buf_puts(&names, ", ...");
    if (n) NOTE(notes, inputs_combined, name, INT(n), buf_text(&names));
    buf_free(&names);
}

bool design_reduce(Design *design, const Prep *prep, const char *name, Notes *notes, Err *err)
{
    size_t k = (size_t)design->n_terms;
    double *gram = mem_get(k, k * sizeof *gram, err);
    bool *dropped = gram ? mem_get(k, sizeof *dropped, err) : NULL;
    if (dropped) {
        design_gram(design, design->rows->w, gram);
        find_combinations(gram, k, dropped);
        note_combinations(design, dropped, prep, name, notes);
        int kept = 1;
        for (int t = 1; t < design->n_terms; t++)
            if (!dropped[t]) design->inputs[kept++ - 1] = design->inputs[t - 1];
        design->n_terms = kept;
    }
    mem_free(gram);
    bool ok = dropped != NULL;
    mem_free(dropped);
    return ok;
}

bool design_solve(const Design *design, double *matrix, const double *right, double *x, bool inverse)
{
    size_t k = (size_t)design->n_terms;
    gsl_matrix_view a = gsl_matrix_view_array(matrix, k, k);
    gsl_vector_const_view b = gsl_vector_const_view_array(right, k);
    gsl_vector_view solution = gsl_vector_view_array(x, k);
    for (size_t i = 0; i < k; i++)
        if (!(matrix[i * k + i] > 0)) return false;
    if (gsl_linalg_cholesky_decomp1(&a.matrix) ||
        gsl_linalg_cholesky_solve(&a.matrix, &b.vector, &solution.vector))
        return false;
    return !inverse || !gsl_linalg_cholesky_invert(&a.matrix);
}
