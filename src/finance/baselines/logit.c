/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logistic regression by Newton's method (iteratively reweighted least squares): maximises
 *     sum w [y eta - ln(1 + e^eta)] - l2 / 2 sum b_j^2,    eta = b_0 + sum b_j x_j,
 * errors from the inverse of the (penalised) information, p-values of the normal distribution. With
 * l2 = 0.5 this is scikit-learn's C = 2. Row weights count rows.
 *
 * Where inputs separate the classes the likelihood has no maximum: steps then keep their length while
 * the likelihood stops growing. That is noticed, and a ridge of 1 on standardised inputs is added. */
#include <gsl/gsl_cblas.h>
#include <math.h>
#include <string.h>

#include "finance/baselines/linear.h"

enum { MAX_STEPS = 50, MAX_HALVINGS = 30, NAMED_INPUTS = 3 };
static const double TOLERANCE = 1e-11;     /* gain of a step, as a share of the log-likelihood */
static const double LARGEST_CHANGE = 0.05; /* of a row's eta in the last step, if it converged */

typedef struct Newton {
    Design *design;
    double *beta, *trial, *step; /* (k) */
    double *gradient;            /* (k) */
    double *hessian;             /* (k, k); after the end its inverse: the covariance */
    double *penalty;             /* (k) on standardised coefficients; 0 for the intercept */
    double likelihood;           /* penalised, at beta */
    int steps;
    bool converged, separated;
} Newton;

static double log1pexp(double eta)
{
    return eta > 0 ? eta + log1p(exp(-eta)) : log1p(exp(eta));
}

static double logistic(double eta)
{
    return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta));
}

/* Adds a block's rows to likelihood, gradient and (scaling the block) the Hessian. */
static double add_block(Newton *newton, const double *beta, size_t from, size_t count)
{
    const BaselineRows *rows = newton->design->rows;
    int k = newton->design->n_terms;
    double likelihood = 0;
    for (size_t i = 0; i < count; i++) {
        double *z = newton->design->block + i * (size_t)k, weight = rows->w[from + i];
        double eta = cblas_ddot(k, z, 1, beta, 1), p = logistic(eta), y = rows->y[from + i];
        likelihood += weight * (y * eta - log1pexp(eta));
        cblas_daxpy(k, weight * (y - p), z, 1, newton->gradient, 1);
        cblas_dscal(k, sqrt(weight * p * (1 - p)), z, 1);
    }
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, k, (int)count, 1, newton->design->block, k, 1,
                newton->hessian, k);
    return likelihood;
}

static void add_penalty(Newton *newton, const double *beta, double *likelihood)
{
    size_t k = (size_t)newton->design->n_terms;
    for (size_t t = 0; t < k; t++) {
        *likelihood -= newton->penalty[t] / 2 * beta[t] * beta[t];
        newton->gradient[t] -= newton->penalty[t] * beta[t];
        newton->hessian[t * k + t] += newton->penalty[t];
        for (size_t s = 0; s < t; s++) newton->hessian[s * k + t] = newton->hessian[t * k + s];
    }
}

/* Likelihood, gradient and Hessian at beta: one pass over the rows. */
static double pass(Newton *newton, const double *beta)
{
    size_t n = newton->design->rows->n, k = (size_t)newton->design->n_terms;
    double likelihood = 0;
    memset(newton->gradient, 0, k * sizeof(double));
    memset(newton->hessian, 0, k * k * sizeof(double));
    for (size_t from = 0; from < n; from += DESIGN_BLOCK) {
        size_t count = n - from < DESIGN_BLOCK ? n - from : DESIGN_BLOCK;
        design_fill(newton->design, from, count);
        likelihood += add_block(newton, beta, from, count);
    }
    add_penalty(newton, beta, &likelihood);
    return likelihood;
}

/* Largest |z' step| over the rows: how far the last step moved a linear predictor. */
static double largest_change(Newton *newton)
{
    size_t n = newton->design->rows->n;
    int k = newton->design->n_terms;
    double largest = 0;
    for (size_t from = 0; from < n; from += DESIGN_BLOCK) {
        size_t count = n - from < DESIGN_BLOCK ? n - from : DESIGN_BLOCK;
        design_fill(newton->design, from, count);
        for (size_t i = 0; i < count; i++)
            largest =
                fmax(largest, fabs(cblas_ddot(k, newton->design->block + i * (size_t)k, 1, newton->step, 1)));
    }
    return largest;
}

/* Moves along the step, halved until the likelihood does not fall. */
static double advance(Newton *newton)
{
    int k = newton->design->n_terms;
    double before = newton->likelihood, share = 1, reached = -INFINITY;
    for (int i = 0; i < MAX_HALVINGS; i++, share /= 2) {
        cblas_dcopy(k, newton->beta, 1, newton->trial, 1);
        cblas_daxpy(k, share, newton->step, 1, newton->trial, 1);
        reached = pass(newton, newton->trial);
        if (reached >= before - TOLERANCE * fabs(before)) break;
    }
    double *old = newton->beta;
    newton->beta = newton->trial;
    newton->trial = old;
    newton->likelihood = reached;
    return reached - before;
}

static bool maximise(Newton *newton, Progress *progress, const char *name, Err *err)
{
    newton->likelihood = pass(newton, newton->beta);
    newton->converged = newton->separated = false;
    for (newton->steps = 1; newton->steps <= MAX_STEPS; newton->steps++) {
        if (!progress_poll(progress, "logit", newton->steps, MAX_STEPS, err)) return false;
        if (!design_solve(newton->design, newton->hessian, newton->gradient, newton->step, false)) {
            newton->separated = true; /* the information has vanished */
            return isfinite(newton->likelihood) || ERR(err, baseline_failed, name);
        }
        double gain = advance(newton);
        if (gain > TOLERANCE * (fabs(newton->likelihood) + 1e-3)) continue;
        newton->converged = true;
        newton->separated = largest_change(newton) > LARGEST_CHANGE;
        return true;
    }
    newton->steps = MAX_STEPS;
    return true;
}

/* ---- separation */

static void note_separation(const Newton *newton, const Prep *prep, const char *name, Notes *notes)
{
    int k = newton->design->n_terms, n = 0;
    double largest = 0;
    for (int t = 1; t < k; t++) largest = fmax(largest, fabs(newton->step[t]));
    Buf names = { 0 };
    for (int t = 1; t < k && n < NAMED_INPUTS; t++)
        if (fabs(newton->step[t]) >= 0.3 * largest)
            buf_printf(&names, "%s%s", n++ ? ", " : "", prep->features[newton->design->inputs[t - 1]]);
    NOTE(notes, separated, name, buf_text(&names));
    buf_free(&names);
}

static void set_penalty(Newton *newton, double l2, double ridge)
{
    const Design *design = newton->design;
    newton->penalty[0] = 0;
    for (int t = 1; t < design->n_terms; t++) {
        double scale = design->scale[design->inputs[t - 1]];
        newton->penalty[t] = l2 / (scale * scale) + ridge;
    }
}

static void set_start(Newton *newton)
{
    const BaselineRows *rows = newton->design->rows;
    double events = 0;
    for (size_t i = 0; i < rows->n; i++) events += rows->w[i] * rows->y[i];
    memset(newton->beta, 0, (size_t)newton->design->n_terms * sizeof(double));
    newton->beta[0] = log(events / (newton->design->weight - events));
}

static bool search(Newton *newton, const Prep *prep, const char *name, double l2, Notes *notes,
                   Progress *progress, Err *err)
{
    set_penalty(newton, l2, 0);
    set_start(newton);
    if (!maximise(newton, progress, name, err)) return false;
    if (newton->separated && !(l2 > 0)) {
        note_separation(newton, prep, name, notes);
        set_penalty(newton, l2, 1);
        set_start(newton);
        if (!maximise(newton, progress, name, err)) return false;
    }
    if (!newton->converged) NOTE(notes, not_converged, name, INT(newton->steps));
    if (design_solve(newton->design, newton->hessian, newton->gradient, newton->step, true)) return true;
    return ERR(err, baseline_failed, name);
}

/* ---- the baseline */

static bool has_both_classes(const BaselineRows *rows)
{
    bool zero = false, one = false;
    for (size_t i = 0; i < rows->n; i++) {
        zero |= rows->y[i] < 1;
        one |= rows->y[i] > 0;
    }
    return zero && one;
}

static bool newton_make(Newton *newton, Design *design, Err *err)
{
    size_t k = (size_t)design->n_terms;
    *newton = (Newton){ .design = design };
    return (newton->beta = mem_get(k, sizeof(double), err)) &&
           (newton->trial = mem_get(k, sizeof(double), err)) &&
           (newton->step = mem_get(k, sizeof(double), err)) &&
           (newton->gradient = mem_get(k, sizeof(double), err)) &&
           (newton->penalty = mem_get(k, sizeof(double), err)) &&
           (newton->hessian = mem_get(k, k * sizeof(double), err));
}

static void newton_free(Newton *newton)
{
    mem_free(newton->beta);
    mem_free(newton->trial);
    mem_free(newton->step);
    mem_free(newton->gradient);
    mem_free(newton->penalty);
    mem_free(newton->hessian);
}

static Model *make_model(const Newton *newton, const Prep *prep, const char *name, double l2)
{
    Model *model = linear_new(baseline_model_kind("logit"), name, prep);
    Linear *linear = model->state;
    linear_take(linear, newton->design, newton->beta, newton->hessian, INFINITY);
    linear->n_rows = (double)newton->design->rows->n;
    linear->l2 = l2;
    linear->fit = newton->likelihood;
    linear->steps = newton->steps;
    return model;
}

static bool fit(const Prep *prep, const char *name, const BaselineRows *rows, const Options *options,
                Model **model, Notes *notes, Progress *progress, Err *err)
{
    double l2 = option_number(options, "l2");
    if (!has_both_classes(rows)) return ERR(err, one_class, prep->frame_name);
    Design design;
    Newton newton = { 0 };
    bool ok = design_make(&design, rows, err) && (l2 > 0 || design_reduce(&design, prep, name, notes, err)) &&
              newton_make(&newton, &design, err) && search(&newton, prep, name, l2, notes, progress, err);
    if (ok) *model = make_model(&newton, prep, name, l2);
    ok = ok && linear_inflate((*model)->state, &design, prep, name, notes, err);
    newton_free(&newton);
    design_free(&design);
    return ok;
}

static bool score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                  PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    if (!progress_poll(progress, "logit", 0, 1, err) ||
        !linear_predict(model, frame, rows, n, out, report, notes, err))
        return false;
    for (size_t i = 0; i < n; i++) out[i] = logistic(out[i]);
    return true;
}

static bool score_feed(const Model *model, const Feed *feed, size_t n, double *out, Progress *progress,
                       Err *err)
{
    if (!progress_poll(progress, "logit", 0, 1, err)) return false;
    linear_predict_feed(model, feed, n, out);
    for (size_t i = 0; i < n; i++) out[i] = logistic(out[i]);
    return true;
}

static Value record(const Model *model, Arena *arena)
{
    return linear_record(model, "log_likelihood", arena);
}

static bool restore(Model *model, const Record *from, Err *err)
{
    return linear_restore(model, "log_likelihood", from, err);
}

static const ModelKind logit_model = {
    .name = "logit",
    .since = "1",
    .score = score,
    .score_feed = score_feed,
    .coefficients = linear_coefficients,
    .record = record,
    .restore = restore,
    .free_state = linear_free,
};

static const OptionSpec options[] = {
    { "l2", OPTION_NUMBER, 0, "0", 0, INFINITY, NULL, NULL,
      "penalty on half the sum of squared coefficients" },
};

const BaselineKind baseline_logit = {
    .kind = { .name = "logit",
              .help = "logistic regression of two levels",
              .more = "Maximum likelihood by Newton's method. Coefficients are changes of the log-odds per "
                      "unit of each input as the recipe leaves it. Inputs that are a combination of others "
                      "get 0; where inputs separate the classes a small ridge is added; both are said.",
              KIND_OPTIONS(options),
              .since = "1" },
    .targets = "b",
    .model = &logit_model,
    .fit = fit,
};
