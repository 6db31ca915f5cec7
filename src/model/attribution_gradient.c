/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integrated gradients: a net's gradient by its inputs, and its mean on the line from a reference. */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#include "model/attribution.h"
#include "model/flush.h"
#include "model/workspace.h"

struct InputGradient {
    Workspace *work;
    real *transposed;
    const Params *params;
    bool bare;
};

static bool is_smooth(const Plan *plan)
{
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerKind *kind = plan->layers[i].def->kind;
        if (kind->trees || text_equal(kind->kind.name, "embedding")) return false;
    }
    return true;
}

InputGradient *input_gradient_new(const Net *net, bool bare, size_t rows, Err *err)
{
    const Plan *plan = net->plan;
    if (!plan || !net->params) {
        ERR(err, not_prepared, net->def->name);
        return NULL;
    }
    if (!is_smooth(plan)) {
        ERR(err, not_smooth, net->def->name);
        return NULL;
    }
    InputGradient *gradient = mem_own(sizeof *gradient);
    gradient->params = net->params;
    gradient->bare = bare;
    gradient->work = workspace_new_inward(plan, rows, err);
    gradient->transposed = gradient->work ? mem_get(plan->n_weights + 1, sizeof(real), err) : NULL;
    bool done = gradient->transposed && workspace_ragged(gradient->work, plan->n_masks > 0, 0, err);
    if (done) {
        workspace_bind(gradient->work, net->params->values, NULL, gradient->transposed, bare, GEMM_AUTO);
        work_transpose(gradient->work, 0, 1);
        return gradient;
    }
    input_gradient_free(gradient);
    return NULL;
}

void input_gradient_free(InputGradient *gradient)
{
    if (!gradient) return;
    workspace_free(gradient->work);
    mem_free(gradient->transposed);
    mem_free(gradient);
}

/* Samples with fewer steps than there is room for are followed by zeros. */
static void put_samples(Workspace *work, const real *x, size_t steps, size_t size, size_t n)
{
    size_t in = shape_size(work->plan->in);
    for (size_t i = 0; i < n; i++) {
        memcpy(work->in + i * in, x + i * size, size * sizeof(real));
        memset(work->in + i * in + size, 0, (in - size) * sizeof(real));
        workspace_length(work, i, steps);
    }
}

void input_gradient_run(InputGradient *gradient, const real *x, size_t steps, size_t width, size_t n,
                        int output, double *values, real *slopes)
{
    Workspace *work = gradient->work;
    size_t in = shape_size(work->plan->in), size = steps * width;
    size_t outputs = work->out_size[work->plan->n_layers - 1];
    unsigned before = flush_begin();
    put_samples(work, x, steps, size, n);
    work_forward(work, 0, n, true, 0);
    for (size_t i = 0; i < n; i++) values[i] = (double)work->out[i * outputs + (size_t)output];
    memset(work->dout, 0, n * outputs * sizeof(real));
    for (size_t i = 0; i < n; i++) work->dout[i * outputs + (size_t)output] = 1;
    work_backward(work, 0, n, 0);
    for (size_t i = 0; i < n; i++) memcpy(slopes + i * size, work->din + i * in, size * sizeof(real));
    flush_end(before);
}

/* ---- the line from the reference to the sample */

typedef struct Line {
    const Attributed *sample;
    InputGradient *gradient;
    int output;
    size_t size;      /* steps * width */
    real *x, *slopes; /* (ATTRIBUTION_LINE, size) */
    double values[ATTRIBUTION_LINE];
} Line;

static real difference(const Attributed *sample, size_t at)
{
    return sample->x[at] - sample->reference[at % sample->width];
}

static void put_point(const Line *line, double share, real *out)
{
    const Attributed *sample = line->sample;
    for (size_t at = 0; at < line->size; at++)
        out[at] = sample->reference[at % sample->width] + (real)(share * (double)difference(sample, at));
}

static void run_line(Line *line, size_t n)
{
    const Attributed *sample = line->sample;
    input_gradient_run(line->gradient, line->x, sample->steps, sample->width, n, line->output, line->values,
                       line->slopes);
}

static void add_point(const Line *line, size_t i, double weight, double *parts)
{
    const Attributed *sample = line->sample;
    for (size_t at = 0; at < line->size; at++)
        parts[sample->group[at % sample->width]] +=
            weight * (double)line->slopes[i * line->size + at] * (double)difference(sample, at);
}

static void integrate(Line *line, const gsl_integration_glfixed_table *table, size_t points, double *parts)
{
    for (size_t from = 0, count; from < points; from += count) {
        double weights[ATTRIBUTION_LINE];
        count = points - from < ATTRIBUTION_LINE ? points - from : ATTRIBUTION_LINE;
        for (size_t i = 0; i < count; i++) {
            double share;
            gsl_integration_glfixed_point(0, 1, from + i, &share, &weights[i], table);
            put_point(line, share, line->x + i * line->size);
        }
        run_line(line, count);
        for (size_t i = 0; i < count; i++) add_point(line, i, weights[i], parts);
    }
}

static void find_ends(Line *line, Attribution *out)
{
    put_point(line, 0, line->x);
    put_point(line, 1, line->x + line->size);
    run_line(line, 2);
    out->reference = line->values[0];
    out->score = line->values[1];
}

bool attribute_gradients(const Attributed *sample, InputGradient *gradient, int output, int points,
                         Attribution *out, Err *err)
{
    Line line = {
        .sample = sample, .gradient = gradient, .output = output, .size = sample->steps * sample->width
    };
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)points);
    line.x = table ? mem_get(2 * ATTRIBUTION_LINE, line.size * sizeof(real), err) : NULL;
    line.slopes = line.x ? line.x + ATTRIBUTION_LINE * line.size : NULL;
    if (line.x) {
        memset(out->parts, 0, (size_t)sample->n_groups * sizeof *out->parts);
        if (out->errors) memset(out->errors, 0, (size_t)sample->n_groups * sizeof *out->errors);
        find_ends(&line, out);
        integrate(&line, table, (size_t)points, out->parts);
    }
    mem_free(line.x);
    if (table) gsl_integration_glfixed_table_free(table);
    return line.x != NULL || (table ? false : ERR(err, no_memory, "points of a line"));
}
