/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordinary least squares: b = (Z'WZ)^-1 Z'Wy, s^2 = sum w (y - Zb)^2 / (n - k), errors from
 * s^2 (Z'WZ)^-1, p-values of the t distribution with n - k degrees of freedom. Row weights are
 * weights of precision (WLS). */
#include <gsl/gsl_cblas.h>
#include <math.h>

#include "finance/baselines/linear.h"

typedef struct OlsWork {
    double *gram, *right, *beta;
} OlsWork;

static double predict_row(const double *z, const double *beta, int k)
{
    return cblas_ddot(k, z, 1, beta, 1);
}

static void find_right(Design *design, double *right)
{
    const BaselineRows *rows = design->rows;
    int k = design->n_terms;
    for (int t = 0; t < k; t++) right[t] = 0;
    for (size_t from = 0; from < rows->n; from += DESIGN_BLOCK) {
        size_t count = rows->n - from < DESIGN_BLOCK ? rows->n - from : DESIGN_BLOCK;
        design_fill(design, from, count);
        for (size_t i = 0; i < count; i++)
            cblas_daxpy(k, rows->w[from + i] * rows->y[from + i], design->block + i * (size_t)k, 1, right, 1);
    }
}

static double residual_sum(Design *design, const double *beta)
{
    const BaselineRows *rows = design->rows;
    int k = design->n_terms;
    double sum = 0;
    for (size_t from = 0; from < rows->n; from += DESIGN_BLOCK) {
        size_t count = rows->n - from < DESIGN_BLOCK ? rows->n - from : DESIGN_BLOCK;
        design_fill(design, from, count);
        for (size_t i = 0; i < count; i++) {
            double error = rows->y[from + i] - predict_row(design->block + i * (size_t)k, beta, k);
            sum += rows->w[from + i] * error * error;
        }
    }
    return sum;
}

static bool solve(Design *design, OlsWork *work, Linear *linear, const char *name, Err *err)
{
    size_t k = (size_t)design->n_terms;
    design_gram(design, design->rows->w, work->gram);
    find_right(design, work->right);
    if (!design_solve(design, work->gram, work->right, work->beta, true))
        return ERR(err, baseline_failed, name);
    double freedom = (double)design->rows->n - (double)k;
    double variance = freedom > 0 ? residual_sum(design, work->beta) / freedom : NAN;
    cblas_dscal((int)(k * k), variance, work->gram, 1);
    linear_take(linear, design, work->beta, work->gram, freedom);
    linear->n_rows = (double)design->rows->n;
    linear->fit = sqrt(variance);
    linear->steps = 1;
    return true;
}

static bool fit(const Prep *prep, const char *name, const BaselineRows *rows, const Options *options,
                Model **model, Notes *notes, Progress *progress, Err *err)
{
    (void)options;
    Design design;
    OlsWork work = { 0 };
    bool ok = progress_poll(progress, "ols", 0, 1, err) && design_make(&design, rows, err) &&
              design_reduce(&design, prep, name, notes, err);
    size_t k = ok ? (size_t)design.n_terms : 0;
    *model = NULL;
    if (ok && (work.gram = mem_get(k, k * sizeof(double), err)) &&
        (work.right = mem_get(k, sizeof(double), err)) && (work.beta = mem_get(k, sizeof(double), err))) {
        *model = linear_new(baseline_model_kind("ols"), name, prep);
        ok = solve(&design, &work, (*model)->state, name, err) &&
             linear_inflate((*model)->state, &design, prep, name, notes, err);
    }
    if (*model && !ok) {
        model_unref(*model);
        *model = NULL;
    }
    mem_free(work.gram);
    mem_free(work.right);
    mem_free(work.beta);
    design_free(&design);
    return *model != NULL;
}

static bool score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                  PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    return progress_poll(progress, "ols", 0, 1, err) &&
           linear_predict(model, frame, rows, n, out, report, notes, err);
}

static bool score_feed(const Model *model, const Feed *feed, size_t n, double *out, Progress *progress,
                       Err *err)
{
    if (!progress_poll(progress, "ols", 0, 1, err)) return false;
    linear_predict_feed(model, feed, n, out);
    return true;
}

static Value record(const Model *model, Arena *arena)
{
    return linear_record(model, "residual_sd", arena);
}

static bool restore(Model *model, const Record *from, Err *err)
{
    return linear_restore(model, "residual_sd", from, err);
}

static const ModelKind ols_model = {
    .name = "ols",
    .since = "1",
    .score = score,
    .score_feed = score_feed,
    .coefficients = linear_coefficients,
    .record = record,
    .restore = restore,
    .free_state = linear_free,
};

const BaselineKind baseline_ols = {
    .kind = { .name = "ols",
              .help = "least squares of a number",
              .more = "Coefficients per unit of each input as the recipe leaves it; t with n - k degrees "
                      "of freedom. Row weights count as precisions.",
              .since = "1" },
    .targets = "n",
    .model = &ols_model,
    .fit = fit,
};
