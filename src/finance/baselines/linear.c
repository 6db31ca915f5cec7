/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finance/baselines/linear.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define INTERCEPT "(intercept)"

static const double LARGE_VIF = 10;
enum { NAMED_INPUTS = 5 };

static void allocate(Model *model, Linear *linear, int n_terms)
{
    size_t bytes = (size_t)n_terms * sizeof(double);
    linear->n_terms = n_terms;
    linear->coefficient = arena_take(model->arena, bytes);
    linear->error = arena_take(model->arena, bytes);
    linear->ratio = arena_take(model->arena, bytes);
    linear->p = arena_take(model->arena, bytes);
    linear->vif = arena_take(model->arena, bytes);
    for (int i = 0; i < n_terms; i++)
        linear->error[i] = linear->ratio[i] = linear->p[i] = linear->vif[i] = NAN;
}

Model *linear_new(const ModelKind *kind, const char *name, const Prep *prep)
{
    Model *model = model_new(kind, name, prep, 1);
    Linear *linear = arena_take(model->arena, sizeof *linear);
    allocate(model, linear, prep->n_features + 1);
    model->state = linear;
    return model;
}

void linear_free(Model *model)
{
    model->state = NULL; /* in the model's arena */
}

/* ---- from standardised inputs */

static double intercept_variance(const Design *design, const double *covariance)
{
    size_t k = (size_t)design->n_terms;
    double variance = 0;
    for (size_t s = 0; s < k; s++)
        for (size_t t = 0; t < k; t++) {
            int js = s ? design->inputs[s - 1] : 0, jt = t ? design->inputs[t - 1] : 0;
            double as = s ? -design->mean[js] / design->scale[js] : 1;
            double at = t ? -design->mean[jt] / design->scale[jt] : 1;
            variance += as * at * covariance[s * k + t];
        }
    return variance;
}

static double p_value(double ratio, double freedom)
{
    if (isnan(ratio)) return NAN;
    double tail = isinf(freedom) ? gsl_cdf_ugaussian_Q(fabs(ratio)) : gsl_cdf_tdist_Q(fabs(ratio), freedom);
    return 2 * tail;
}

static void set_term(Linear *linear, int term, double coefficient, double variance, double freedom)
{
    linear->coefficient[term] = coefficient;
    linear->error[term] = variance > 0 ? sqrt(variance) : NAN;
    linear->ratio[term] = coefficient / linear->error[term];
    linear->p[term] = freedom > 0 ? p_value(linear->ratio[term], freedom) : NAN;
}

void linear_take(Linear *linear, const Design *design, const double *beta, const double *covariance,
                 double freedom)
{
    size_t k = (size_t)design->n_terms;
    double intercept = beta[0];
    for (size_t t = 1; t < k; t++) {
        int j = design->inputs[t - 1];
        double scale = design->scale[j];
        intercept -= beta[t] * design->mean[j] / scale;
        set_term(linear, j + 1, beta[t] / scale, covariance[t * k + t] / (scale * scale), freedom);
    }
    set_term(linear, 0, intercept, intercept_variance(design, covariance), freedom);
}

/* ---- variance inflation */

static void note_inflated(const Linear *linear, const Prep *prep, const char *name, Notes *notes)
{
    Buf names = { 0 };
    int n = 0;
    for (int i = 1; i < linear->n_terms; i++) {
        if (!(linear->vif[i] > LARGE_VIF)) continue;
        if (n < NAMED_INPUTS) buf_printf(&names, "%s%s", n ? ", " : "", prep->features[i - 1]);
        n++;
    }
    if (n > NAMED_INPUTS) buf_puts(&names, ", ...");
    if (n) NOTE(notes, inputs_inflated, name, buf_text(&names));
    buf_free(&names);
}

bool linear_inflate(Linear *linear, Design *design, const Prep *prep, const char *name, Notes *notes,
                    Err *err)
{
    size_t k = (size_t)design->n_terms;
    double *gram = mem_get(k, k * sizeof *gram, err),
           *right = gram ? mem_get(k, 2 * sizeof *right, err) : NULL;
    if (right) design_gram(design, design->rows->w, gram);
    if (right && design_solve(design, gram, right, right + k, true)) {
        for (size_t t = 1; t < k; t++)
            linear->vif[design->inputs[t - 1] + 1] = gram[t * k + t] * design->weight;
        note_inflated(linear, prep, name, notes);
    }
    bool ok = right != NULL;
    mem_free(gram);
    mem_free(right);
    return ok;
}

/* ---- scoring */

enum { BLOCK_ROWS = 16384 }; /* whose inputs are in memory at a time */

typedef struct Scoring {
    const Model *model;
    const Frame *frame;
    real *x;         /* (a block, n_features) */
    uint32_t *block; /* (a block) row numbers */
    PrepReport *report;
    Notes *notes;
} Scoring;

void linear_predict_feed(const Model *model, const Feed *feed, size_t n, double *out)
{
    const Linear *linear = model->state;
    size_t d = feed->width;
    for (size_t i = 0; i < n; i++) {
        double sum = linear->coefficient[0];
        for (size_t j = 0; j < d; j++) sum += linear->coefficient[j + 1] * (double)feed_value(feed, i, 0)[j];
        out[i] = sum;
    }
}

const double *linear_coefficients(const Model *model)
{
    return ((const Linear *)model->state)->coefficient;
}

static bool score_block(const Scoring *scoring, size_t n, double *out, Err *err)
{
    PrepReport part = { 0 };
    if (!prep_apply(scoring->model->prep, scoring->frame, scoring->block, n, scoring->x, &part,
                    scoring->notes, err))
        return false;
    Feed feed = feed_rows(scoring->x, (size_t)scoring->model->prep->n_features);
    linear_predict_feed(scoring->model, &feed, n, out);
    if (!scoring->report) return true;
    scoring->report->unseen_levels += part.unseen_levels;
    scoring->report->out_of_range += part.out_of_range;
    scoring->report->missing += part.missing;
    return true;
}

bool linear_predict(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                    PrepReport *report, Notes *notes, Err *err)
{
    size_t d = (size_t)model->prep->n_features, most = prep_block(model->prep, BLOCK_ROWS, n);
    Scoring scoring = { model, frame, NULL, NULL, report, notes };
    scoring.x = mem_get(most, d * sizeof(real), err);
    scoring.block = mem_get(most, sizeof *scoring.block, err);
    bool ok = scoring.x && scoring.block;
    for (size_t from = 0; ok && from < n; from += most) {
        size_t count = n - from < most ? n - from : most;
        for (size_t i = 0; i < count; i++) scoring.block[i] = rows ? rows[from + i] : (uint32_t)(from + i);
        ok = score_block(&scoring, count, out + from, err);
    }
    mem_free(scoring.x);
    mem_free(scoring.block);
    return ok;
}

/* ---- records */

static Value number_or_missing(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

static void record_terms(const Model *model, const double *values, const char *name, Record *into,
                         Arena *arena)
{
    Record *terms = record_record(arena, into, name);
    record_set(arena, terms, INTERCEPT, number_or_missing(values[0]));
    for (int j = 0; j < model->prep->n_features; j++)
        record_set(arena, terms, model->prep->features[j], number_or_missing(values[j + 1]));
}

Value linear_record(const Model *model, const char *fit_name, Arena *arena)
{
    const Linear *linear = model->state;
    Value value = value_record(arena);
    record_number(arena, value.record, "n", linear->n_rows);
    record_number(arena, value.record, "l2", linear->l2);
    record_set(arena, value.record, fit_name, number_or_missing(linear->fit));
    record_number(arena, value.record, "steps", linear->steps);
    record_terms(model, linear->coefficient, "coefficients", value.record, arena);
    record_terms(model, linear->error, "errors", value.record, arena);
    record_terms(model, linear->ratio, "ratios", value.record, arena);
    record_terms(model, linear->p, "p", value.record, arena);
    record_terms(model, linear->vif, "vif", value.record, arena);
    return value;
}

static double number_of(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_NUMBER ? value->number : NAN;
}

static bool restore_terms(const Model *model, const Record *record, const char *name, double *values,
                          Err *err)
{
    const Value *value = record_get(record, name);
    bool fits = value && value->type == VALUE_RECORD && value->record->n == model->prep->n_features + 1;
    if (!fits) return ERR(err, bad_model_part, model->kind->name, name);
    for (int i = 0; i < value->record->n; i++) {
        const Member *member = &value->record->members[i];
        const char *term = i ? model->prep->features[i - 1] : INTERCEPT;
        if (!text_equal(member->name, term)) return ERR(err, bad_model_part, model->kind->name, name);
        values[i] = member->value->type == VALUE_NUMBER ? member->value->number : NAN;
    }
    return true;
}

bool linear_restore(Model *model, const char *fit_name, const Record *record, Err *err)
{
    if (!model->prep) return ERR(err, bad_model_part, model->kind->name, "recipe");
    Linear *linear = arena_take(model->arena, sizeof *linear);
    allocate(model, linear, model->prep->n_features + 1);
    if (!restore_terms(model, record, "coefficients", linear->coefficient, err) ||
        !restore_terms(model, record, "errors", linear->error, err) ||
        !restore_terms(model, record, "ratios", linear->ratio, err) ||
        !restore_terms(model, record, "p", linear->p, err))
        return false;
    bool inflated = record_get(record, "vif") != NULL; /* files of earlier versions have none */
    if (inflated && !restore_terms(model, record, "vif", linear->vif, err)) return false;
    for (int i = 0; i < linear->n_terms; i++)
        if (isnan(linear->coefficient[i])) return ERR(err, bad_model_part, model->kind->name, "coefficients");
    linear->n_rows = number_of(record, "n");
    linear->l2 = number_of(record, "l2");
    linear->steps = number_of(record, "steps");
    linear->fit = number_of(record, fit_name);
    model->state = linear;
    return true;
}
