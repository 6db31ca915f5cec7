/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layernorm: y = g (x - m) / sqrt(v + e) + b over the last dimension of each row and position (Ba, Kiros and
 * Hinton 2016). Back, with h the normalised x and d = dy g: dx = (d - mean d - h mean(d h)) / sqrt(v + e).
 * For x = (1, 3), e = 0: h = (-1, 1). */
#include "model/layer.h"

#include <math.h>

#include "numeric/vec.h"

enum { SETTING_EPSILON };

static size_t width(const LayerPlan *plan)
{
    return plan->in.dims[plan->in.n_dims - 1];
}

static size_t positions(const LayerPlan *plan)
{
    return shape_size(plan->in) / width(plan);
}

static bool shape(LayerPlan *plan, Err *err)
{
    Shape each = { 1, { width(plan) } };
    plan->out = plan->in;
    plan->settings[SETTING_EPSILON] = option_number(plan->def->options, "epsilon");
    plan->cost = (double)shape_size(plan->in);
    plan->cache_per_row = shape_size(plan->in) + positions(plan); /* h, 1 / sqrt(v + e) */
    return plan_tensor(plan, "scale", each, false, false, err) &&
           plan_tensor(plan, "shift", each, false, false, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    size_t n = width(plan);
    (void)stats;
    (void)seed;
    for (size_t j = 0; j < n; j++) {
        weights[j] = 1;
        weights[n + j] = 0;
    }
}

/* h of one position; returns 1 / sqrt(v + e). */
static real normalise(const real *x, size_t n, double epsilon, real *h)
{
    real mean = (real)(vec_sum(x, n) / (double)n);
    for (size_t j = 0; j < n; j++) h[j] = x[j] - mean;
    real scale = (real)(1 / sqrt(vec_sum_squares(h, n) / (double)n + epsilon));
    vec_scale(h, scale, n);
    return scale;
}

/* Of one row: h, then the scales of its positions. */
static real *cached(const LayerPlan *plan, const LayerRun *run, size_t row)
{
    return run->cache + row * plan->cache_per_row;
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = width(plan), count = positions(plan), size = n * count;
    const real *scale = run->weights, *shift = scale + n;
    for (size_t i = 0; i < run->batch; i++)
        for (size_t p = 0; p < count; p++) {
            real *out = run->out + i * size + p * n, *h = run->training ? cached(plan, run, i) + p * n : out;
            real root = normalise(run->in + i * size + p * n, n, plan->settings[SETTING_EPSILON], h);
            if (run->training) cached(plan, run, i)[size + p] = root;
            for (size_t j = 0; j < n; j++) out[j] = scale[j] * h[j] + shift[j];
        }
}

/* dx of one position. */
static void back_one(const real *weights, const real *h, const real *dy, real root, size_t n, real *dx)
{
    real mean = 0, slope = 0;
    for (size_t j = 0; j < n; j++) {
        dx[j] = dy[j] * weights[j];
        mean += dx[j];
        slope += dx[j] * h[j];
    }
    mean /= (real)n;
    slope /= (real)n;
    for (size_t j = 0; j < n; j++) dx[j] = root * (dx[j] - mean - h[j] * slope);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = width(plan), count = positions(plan), size = n * count;
    for (size_t i = 0; run->din && i < run->batch; i++)
        for (size_t p = 0; p < count; p++) {
            const real *cache = cached(plan, run, i);
            size_t at = i * size + p * n;
            back_one(run->weights, cache + p * n, run->dout + at, cache[size + p], n, run->din + at);
        }
}

/* A share is a range of columns. */
static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t n = width(plan), count = positions(plan);
    size_t from = share_begin(n, part, parts), to = share_begin(n, part + 1, parts);
    real *scale = run->gradients, *shift = run->gradients + n;
    for (size_t j = from; j < to; j++) scale[j] = shift[j] = 0;
    for (size_t i = 0; i < run->batch; i++)
        for (size_t p = 0; p < count; p++) {
            const real *h = cached(plan, run, i) + p * n, *dy = run->dout + (i * count + p) * n;
            for (size_t j = from; j < to; j++) {
                scale[j] += dy[j] * h[j];
                shift[j] += dy[j];
            }
        }
}

static const OptionSpec options[] = {
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-5",
      .min = 0,
      .max = 1,
      .help = "added to the variance" },
};

const LayerKind layer_layernorm = {
    .kind = { .name = "layernorm",
              .help =
                  "normalises each row (of a sequence: each step) over its channels, then scales and shifts",
              .more = "y = g (x - m) / sqrt(v + e) + b, over the last dimension. Ba, Kiros and Hinton 2016, "
                      "arXiv:1607.06450.",
              KIND_OPTIONS(options),
              .example = "net m\n  input 10\n  dense 16\n  layernorm\n  activation tanh\n  dense 1 "
                         "sigmoid\nend\nsummary m",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
};
