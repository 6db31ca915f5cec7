/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of one tensor of a net, for `weights` and the dashboard. */
#include "model/net.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

enum { POWER_STEPS = 60 };

int net_tensors(const Net *net)
{
    int n = 0;
    for (int i = 0; net->plan && i < net->plan->n_layers; i++) n += net->plan->layers[i].n_tensors;
    return n;
}

/* y = A x or A^T x of a matrix (rows, cols). */
static void multiply(const real *a, size_t rows, size_t cols, const double *x, double *y)
{
    for (size_t i = 0; i < rows; i++) {
        y[i] = 0;
        for (size_t j = 0; j < cols; j++) y[i] += (double)a[i * cols + j] * x[j];
    }
}

static void multiply_back(const real *a, size_t rows, size_t cols, const double *x, double *y)
{
    memset(y, 0, cols * sizeof *y);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) y[j] += (double)a[i * cols + j] * x[i];
}

static double normalise(double *x, size_t n)
{
    double norm = 0;
    for (size_t i = 0; i < n; i++) norm += x[i] * x[i];
    norm = sqrt(norm);
    for (size_t i = 0; i < n && norm > 0; i++) x[i] /= norm;
    return norm;
}

/* Largest singular value, by power iteration on A^T A from a fixed start. */
static double spectral_norm(const real *a, size_t rows, size_t cols)
{
    double *x = mem_get(rows + cols, sizeof *x, NULL), *y = x ? x + cols : NULL, norm = 0, last = -1;
    if (!x) return NAN;
    for (size_t j = 0; j < cols; j++) x[j] = 1 + (double)(j % 7) / 8;
    normalise(x, cols);
    for (int k = 0; k < POWER_STEPS && fabs(norm - last) > 1e-9 * norm; k++) {
        last = norm;
        multiply(a, rows, cols, x, y);
        multiply_back(a, rows, cols, y, x);
        norm = sqrt(normalise(x, cols));
    }
    mem_free(x);
    return norm;
}

static void count_dead(TensorStats *stats)
{
    size_t rows = stats->shape.dims[0], units = stats->shape.dims[1];
    stats->units = units;
    for (size_t j = 0; j < units; j++) {
        size_t i = 0;
        while (i < rows && stats->values[i * units + j] == 0) i++;
        stats->dead += i == rows;
    }
}

static void measure(TensorStats *stats)
{
    size_t n = shape_size(stats->shape);
    double sum = vec_sum(stats->values, n), spread = 0;
    stats->mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        double x = (double)stats->values[i];
        spread += (x - stats->mean) * (x - stats->mean);
        if (!(fabs(x) <= stats->largest)) stats->largest = fabs(x);
    }
    stats->sd = sqrt(spread / (double)n);
    stats->norm = sqrt(vec_sum_squares(stats->values, n));
    stats->spectral = NAN;
    if (stats->shape.n_dims != 2) return;
    stats->spectral = spectral_norm(stats->values, stats->shape.dims[0], stats->shape.dims[1]);
    count_dead(stats);
}

bool net_tensor(const Net *net, int i, TensorStats *out)
{
    const Plan *plan = net->plan;
    for (int k = 0; plan && i >= 0 && k < plan->n_layers; k++) {
        const LayerPlan *layer = &plan->layers[k];
        if (i >= layer->n_tensors) {
            i -= layer->n_tensors;
            continue;
        }
        const TensorSpec *tensor = &layer->tensors[i];
        size_t base = tensor->statistic ? plan->n_weights + layer->stats : layer->weights;
        *out = (TensorStats){ .layer = layer->def->name,
                              .tensor = tensor->name,
                              .shape = tensor->shape,
                              .values = net->params->values + base + tensor->offset };
        measure(out);
        return true;
    }
    return false;
}
