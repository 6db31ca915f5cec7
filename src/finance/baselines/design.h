/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training rows as linear baselines see them: an intercept and standardised inputs z = (x - mean) /
 * scale, made block by block, without those that are constant or a combination of earlier ones. */
#ifndef FNS_FINANCE_DESIGN_H
#define FNS_FINANCE_DESIGN_H

#include "finance/baseline.h"

enum { DESIGN_BLOCK = 256 };

typedef struct Design {
    const BaselineRows *rows;
    double weight;        /* sum of the row weights */
    double *mean, *scale; /* (n_features) weighted */
    int *inputs;          /* (n_terms - 1) features that take part, in order */
    int n_terms;          /* with the intercept, which is term 0 */
    double *block;        /* (DESIGN_BLOCK, n_terms) work */
} Design;

/* Free with design_free, also after an error. */
bool design_make(Design *design, const BaselineRows *rows, Err *err);
void design_free(Design *design);

/* Fills design->block with the terms of rows from .. from + count (count at most DESIGN_BLOCK). */
void design_fill(Design *design, size_t from, size_t count);
/* Sum of v[i] z z' over all rows into (n_terms, n_terms), symmetric. */
void design_gram(Design *design, const double *v, double *gram);
/* Takes out inputs that are a combination of those before them, one note that names them. Done
 * when the coefficients are not held by a penalty. */
bool design_reduce(Design *design, const Prep *prep, const char *name, Notes *notes, Err *err);

/* Solves matrix * x = right (n_terms) and, with covariance set, leaves the inverse in `matrix`.
 * False where the matrix is not positive definite. */
bool design_solve(const Design *design, double *matrix, const double *right, double *x, bool inverse);

#endif
