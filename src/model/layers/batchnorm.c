/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchnorm: y = g (x - m) / sqrt(v + e) + b, a channel (the last dimension) at a time (Ioffe and Szegedy
 * 2015, ICML). While training m and v are of the batch and all positions, and running means follow them:
 * r = momentum r + (1 - momentum) m; elsewhere, and while frozen, m and v are the running ones.
 * Back: dg = sum dy h, db = sum dy, dx = g / sqrt(v + e) (dy - db / n - h dg / n), h the normalised x.
 * For x = (1, 3), e = 0: h = (-1, 1). */
#include "model/layer.h"

#include <math.h>

enum { SETTING_MOMENTUM, SETTING_EPSILON };
enum { TILE = 32 }; /* channels whose sums are kept in doubles at a time */

static size_t channels(const LayerPlan *plan)
{
    return plan->in.dims[plan->in.n_dims - 1];
}

static bool shape(LayerPlan *plan, Err *err)
{
    size_t n = channels(plan);
    Shape each = { 1, { n } };
    plan->out = plan->in;
    plan->settings[SETTING_MOMENTUM] = option_number(plan->def->options, "momentum");
    plan->settings[SETTING_EPSILON] = option_number(plan->def->options, "epsilon");
    plan->cost = (double)shape_size(plan->in);
    plan->n_fixed = 2 * n + 1; /* m, 1 / sqrt(v + e), 1 / rows */
    return plan_tensor(plan, "scale", each, false, false, err) &&
           plan_tensor(plan, "shift", each, false, false, err) &&
           plan_tensor(plan, "mean", each, true, false, err) &&
           plan_tensor(plan, "variance", each, true, false, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    size_t n = channels(plan);
    (void)seed;
    for (size_t j = 0; j < n; j++) {
        weights[j] = stats[n + j] = 1;
        weights[n + j] = stats[j] = 0;
    }
}

static size_t positions(const LayerPlan *plan)
{
    return shape_size(plan->in) / channels(plan);
}

static size_t count_rows(const LayerPlan *plan, const LayerRun *run)
{
    return run->batch * positions(plan);
}

/* The rows of the batch that are no padding lie in runs: all of them in one, or one a sample. */
static size_t count_runs(const LayerRun *run)
{
    return run->lengths ? run->batch : 1;
}

/* First row and end of a run. */
static size_t run_rows(const LayerPlan *plan, const LayerRun *run, size_t i, size_t *end)
{
    size_t from = i * positions(plan);
    *end =
        run->lengths ? from + run->lengths[i] * (positions(plan) / plan->in.dims[0]) : count_rows(plan, run);
    return from;
}

static size_t count_existing(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = 0;
    for (size_t i = 0, end; i < count_runs(run); i++) {
        size_t from = run_rows(plan, run, i, &end);
        n += end - from;
    }
    return n;
}

static void add_values(const LayerPlan *plan, const LayerRun *run, size_t first, size_t width, double *sum)
{
    size_t n = channels(plan);
    const real *x = run->in + first;
    for (size_t k = 0, end; k < count_runs(run); k++)
        for (size_t i = run_rows(plan, run, k, &end); i < end; i++)
            for (size_t j = 0; j < width; j++) sum[j] += (double)x[i * n + j];
}

static void add_squares(const LayerPlan *plan, const LayerRun *run, size_t first, size_t width,
                        const double *mean, double *sum)
{
    size_t n = channels(plan);
    const real *x = run->in + first;
    for (size_t k = 0, end; k < count_runs(run); k++)
        for (size_t i = run_rows(plan, run, k, &end); i < end; i++)
            for (size_t j = 0; j < width; j++) {
                double d = (double)x[i * n + j] - mean[j];
                sum[j] += d * d;
            }
}

/* Mean and variance of `width` channels from `first` on, over the `rows` that exist. */
static void moments(const LayerPlan *plan, const LayerRun *run, size_t first, size_t width, size_t rows,
                    double *mean, double *variance)
{
    double share = rows > 0 ? (double)rows : 1;
    for (size_t j = 0; j < width; j++) mean[j] = variance[j] = 0;
    add_values(plan, run, first, width, mean);
    for (size_t j = 0; j < width; j++) mean[j] /= share;
    add_squares(plan, run, first, width, mean, variance);
    for (size_t j = 0; j < width; j++) variance[j] /= share;
}

static void follow(const LayerPlan *plan, real *running, double value)
{
    double momentum = plan->settings[SETTING_MOMENTUM];
    *running = (real)(momentum * (double)*running + (1 - momentum) * value);
}

static void sums(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t n = channels(plan), rows = count_existing(plan, run), to = share_begin(n, part + 1, parts);
    real *mean = run->fixed, *scale = mean + n;
    if (plan->def->frozen || run->still) return;
    if (part == 0) run->fixed[2 * n] = rows > 0 ? (real)(1 / (double)rows) : 0;
    for (size_t from = share_begin(n, part, parts), width; from < to; from += width) {
        double m[TILE], v[TILE];
        width = to - from < TILE ? to - from : TILE;
        moments(plan, run, from, width, rows, m, v);
        for (size_t j = 0; j < width; j++) {
            mean[from + j] = (real)m[j];
            scale[from + j] = (real)(1 / sqrt(v[j] + plan->settings[SETTING_EPSILON]));
            if (!run->training || rows < 2) continue;
            follow(plan, &run->stats[from + j], m[j]);
            follow(plan, &run->stats[n + from + j], v[j]);
        }
    }
}

static bool by_batch(const LayerPlan *plan, const LayerRun *run)
{
    return run->training && !run->still && !plan->def->frozen;
}

static real running_scale(const LayerPlan *plan, const LayerRun *run, size_t j)
{
    double variance = (double)run->stats[channels(plan) + j];
    return (real)(1 / sqrt(variance + plan->settings[SETTING_EPSILON]));
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = channels(plan), rows = count_rows(plan, run);
    bool batch = by_batch(plan, run);
    for (size_t from = 0, width; from < n; from += width) {
        real m[TILE], scale[TILE], shift[TILE];
        width = n - from < TILE ? n - from : TILE;
        for (size_t j = 0; j < width; j++) {
            size_t at = from + j;
            m[j] = batch ? run->fixed[at] : run->stats[at];
            scale[j] = run->weights[at] * (batch ? run->fixed[n + at] : running_scale(plan, run, at));
            shift[j] = run->weights[n + at];
        }
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < width; j++)
                run->out[i * n + from + j] = (run->in[i * n + from + j] - m[j]) * scale[j] + shift[j];
    }
}

/* The gradients by scale and shift; backward needs them. */
static void back_sums(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t n = channels(plan), to = share_begin(n, part + 1, parts);
    for (size_t from = share_begin(n, part, parts), width; from < to; from += width) {
        double scale[TILE] = { 0 }, shift[TILE] = { 0 };
        width = to - from < TILE ? to - from : TILE;
        for (size_t k = 0, end; k < count_runs(run); k++)
            for (size_t i = run_rows(plan, run, k, &end); i < end; i++)
                for (size_t j = 0; j < width; j++) {
                    double dy = (double)run->dout[i * n + from + j];
                    shift[j] += dy;
                    scale[j] += dy * (double)(run->in[i * n + from + j] - run->fixed[from + j]);
                }
        for (size_t j = 0; j < width; j++) {
            run->gradients[from + j] = (real)(scale[j] * (double)run->fixed[n + from + j]);
            run->gradients[n + from + j] = (real)shift[j];
        }
    }
}

static void backward_running(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = channels(plan), rows = count_rows(plan, run);
    for (size_t j = 0; j < n; j++) {
        real scale = run->weights[j] * running_scale(plan, run, j);
        for (size_t i = 0; i < rows; i++) run->din[i * n + j] = run->dout[i * n + j] * scale;
    }
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t n = channels(plan), rows = count_rows(plan, run);
    if (!run->din) return;
    if (!by_batch(plan, run)) {
        backward_running(plan, run);
        return;
    }
    const real *mean = run->fixed, *scale = mean + n, *dscale = run->gradients, *dshift = dscale + n;
    real share = run->fixed[2 * n];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j++) {
            real h = (run->in[i * n + j] - mean[j]) * scale[j];
            real d = run->dout[i * n + j] - share * (dshift[j] + h * dscale[j]);
            run->din[i * n + j] = run->weights[j] * scale[j] * d;
        }
}

static const OptionSpec options[] = {
    { .name = "momentum",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.9",
      .min = 0,
      .max = 1,
      .help = "share of the running mean and variance that a batch leaves" },
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-5",
      .min = 0,
      .max = 1,
      .help = "added to the variance" },
};

const LayerKind layer_batchnorm = {
    .kind = { .name = "batchnorm",
              .help = "normalises each channel over the batch, then scales and shifts it",
              .more = "y = g (x - m) / sqrt(v + e) + b. While training m and v are of the batch (and of all "
                      "steps that its samples "
                      "have); elsewhere, and while "
                      "frozen, running means:\nr = momentum r + (1 - momentum) m. The variance divides by n. "
                      "A batch "
                      "of one row and one position has no spread: an error. "
                      "Ioffe and "
                      "Szegedy 2015, ICML.",
              KIND_OPTIONS(options),
              .example =
                  "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input toy\n"
                  "  dense 16\n  batchnorm\n  activation relu\n  dense 1 sigmoid\nend\ntrain m epochs=2",
              .since = "1" },
    .shape = shape,
    .init = init,
    .sums = sums,
    .forward = forward,
    .back_sums = back_sums,
    .backward = backward,
};
