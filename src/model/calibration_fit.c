/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitting calibrations. */
#include <math.h>
#include <string.h>

#include "measures/pav.h"
#include "measures/rank.h"
#include "measures/scored.h"
#include "model/calibration.h"

enum { NEWTON_STEPS = 100, HALVINGS = 40, BISECTIONS = 200 };
#define SHIFT_MAX 60.0
#define SLOPE_MIN 1e-3
#define SLOPE_MAX 1e3

static double log1pexp(double z)
{
    return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

/* ---- platt: a logit of smoothed targets on z, standardised while it is sought */

typedef struct Line {
    const double *z, *t, *w; /* (n) standardised score, target, weight */
    size_t n;
    double a, b;
} Line;

static double line_loss(const Line *line, double a, double b)
{
    double loss = 0;
    for (size_t i = 0; i < line->n; i++) {
        double eta = a + b * line->z[i];
        loss += line->w[i] * (log1pexp(eta) - line->t[i] * eta);
    }
    return loss;
}

/* A Newton step of both, halved until the loss does not grow; false at the end. */
static bool line_step(Line *line)
{
    double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
    for (size_t i = 0; i < line->n; i++) {
        double z = line->z[i], p = calibration_logistic(line->a + line->b * z);
        double g = line->w[i] * (line->t[i] - p), h = line->w[i] * p * (1 - p);
        ga += g, gb += g * z;
        haa += h, hab += h * z, hbb += h * z * z;
    }
    double det = haa * hbb - hab * hab;
    if (!(det > 1e-300)) return false;
    double da = (hbb * ga - hab * gb) / det, db = (haa * gb - hab * ga) / det;
    double before = line_loss(line, line->a, line->b), share = 1;
    for (int k = 0; k < HALVINGS; k++, share /= 2) {
        if (line_loss(line, line->a + share * da, line->b + share * db) > before) continue;
        line->a += share * da;
        line->b += share * db;
        return fabs(share * da) + fabs(share * db) > 1e-12 * (1 + fabs(line->a) + fabs(line->b));
    }
    return false;
}

static double event_logit(const Scored *scored, size_t i, bool raw)
{
    double s = scored_event(scored, i);
    return raw ? s : calibration_logit(s);
}

/* z of mean 0 and standard deviation 1, and what smoothing makes of the targets. */
static bool fill_line(const Scored *scored, bool raw, double *z, double *t, double *w, double *mean,
                      double *sd)
{
    double sum = 0, sum_z = 0, squares = 0, events = 0;
    for (size_t i = 0; i < scored->n; i++) {
        w[i] = scored_weight(scored, i);
        z[i] = event_logit(scored, i, raw);
        sum += w[i];
        sum_z += w[i] * z[i];
        events += w[i] * scored->target[i];
    }
    *mean = sum_z / sum;
    for (size_t i = 0; i < scored->n; i++) squares += w[i] * (z[i] - *mean) * (z[i] - *mean);
    *sd = sqrt(squares / sum);
    double high = (events + 1) / (events + 2), low = 1 / (sum - events + 2);
    for (size_t i = 0; i < scored->n; i++) {
        z[i] = *sd > 0 ? (z[i] - *mean) / *sd : 0;
        t[i] = scored->target[i] * high + (1 - scored->target[i]) * low;
    }
    return *sd > 1e-12 * (1 + fabs(*mean));
}

static bool fit_platt(Calibration *out, const Scored *scored, const char *name, Err *err)
{
    size_t n = scored->n;
    double *z = mem_get(n, 3 * sizeof *z, err), mean, sd;
    if (!z) return false;
    Line line = { z, z + n, z + 2 * n, n, 0, 1 };
    out->raw = !scored_is_probability(scored);
    if (!fill_line(scored, out->raw, z, z + n, z + 2 * n, &mean, &sd)) {
        mem_free(z);
        return ERR(err, decide_equal, name);
    }
    for (int k = 0; k < NEWTON_STEPS && line_step(&line); k++) continue;
    out->slope = line.b / sd;
    out->intercept = line.a - out->slope * mean;
    mem_free(z);
    return true;
}

/* ---- isotonic */

typedef struct Steps {
    double *x, *y, *w; /* (n) of distinct scores: score, share of events, weight */
    size_t *start;
    size_t n;
} Steps;

static size_t distinct(const Scored *scored, const Ranked *order, Steps *steps)
{
    size_t n = 0;
    for (size_t k = 0; k < scored->n; k++) {
        size_t i = order[k].row;
        double s = scored_event(scored, i), w = scored_weight(scored, i);
        if (!(w > 0)) continue;
        if (n == 0 || steps->x[n - 1] != s) {
            steps->x[n] = s;
            steps->y[n] = steps->w[n] = 0;
            n++;
        }
        steps->y[n - 1] += w * scored->target[i];
        steps->w[n - 1] += w;
    }
    for (size_t k = 0; k < n; k++) steps->y[k] /= steps->w[k];
    return n;
}

/* Of each block its first and its last score. */
static void keep_steps(Calibration *out, const Steps *steps, size_t blocks, Arena *arena)
{
    double *x = arena_take(arena, 2 * blocks * sizeof *x), *y = arena_take(arena, 2 * blocks * sizeof *y);
    for (size_t b = 0; b < blocks; b++) {
        size_t from = steps->start[b], last = (b + 1 < blocks ? steps->start[b + 1] : steps->n) - 1;
        double mean = fmin(fmax(steps->y[b], 0), 1);
        x[out->n] = steps->x[from];
        y[out->n++] = mean;
        if (last == from) continue;
        x[out->n] = steps->x[last];
        y[out->n++] = mean;
    }
    out->x = x;
    out->y = y;
}

static bool fit_isotonic(Calibration *out, const Scored *scored, const char *name, Arena *arena, Err *err)
{
    size_t n = scored->n;
    Ranked *order = rank_sort(scored->score + scored->n_outputs - 1, (size_t)scored->n_outputs, n, err);
    double *x = order ? mem_get(n, 3 * sizeof *x, err) : NULL;
    size_t *start = x ? mem_get(n, sizeof *start, err) : NULL;
    bool done = start != NULL;
    if (done) {
        Steps steps = { x, x + n, x + 2 * n, start, 0 };
        steps.n = distinct(scored, order, &steps);
        done = steps.n > 1 || ERR(err, decide_equal, name);
        if (done) keep_steps(out, &steps, pav_blocks(steps.y, steps.w, steps.start, steps.n), arena);
    }
    mem_free(start);
    mem_free(x);
    mem_free(order);
    return done;
}

/* ---- temperature: log-loss is convex in 1 / T */

/* ln P(level k) of a row; with one output that is P(event). */
static double log_share(const Scored *scored, size_t i, size_t k)
{
    size_t width = (size_t)scored->n_outputs;
    const double *p = scored->score + i * width;
    double share = width > 1 ? p[k] : k ? p[0] : 1 - p[0];
    return log(share < 1e-15 ? 1e-15 : share);
}

/* What of the row's target is level k. */
static double target_share(const Scored *scored, size_t i, size_t k)
{
    double y = scored->target[i];
    if (scored_has_two_levels(scored)) return k ? y : 1 - y;
    return (double)k == y ? 1 : 0;
}

/* Derivatives of one row's log-loss in the slope: E z - z of its own level, Var z. */
static void add_row(const Scored *scored, size_t i, double slope, double *gradient, double *curvature)
{
    size_t levels = scored->n_outputs > 1 ? (size_t)scored->n_outputs : 2;
    double most = -INFINITY, sum = 0, mean = 0, square = 0, own = 0;
    for (size_t k = 0; k < levels; k++) most = fmax(most, slope * log_share(scored, i, k));
    for (size_t k = 0; k < levels; k++) {
        double z = log_share(scored, i, k), e = exp(slope * z - most);
        sum += e;
        mean += e * z;
        square += e * z * z;
        own += z * target_share(scored, i, k);
    }
    mean /= sum;
    *gradient += scored_weight(scored, i) * (mean - own);
    *curvature += scored_weight(scored, i) * (square / sum - mean * mean);
}

static double slope_gradient(const Scored *scored, double slope, double *curvature)
{
    double gradient = 0;
    *curvature = 0;
    for (size_t i = 0; i < scored->n; i++) add_row(scored, i, slope, &gradient, curvature);
    return gradient;
}

static bool all_equal(const Scored *scored)
{
    size_t width = (size_t)scored->n_outputs;
    for (size_t i = width; i < scored->n * width; i++)
        if (scored->score[i] != scored->score[i - width]) return false;
    return true;
}

static bool are_shares(const Scored *scored)
{
    for (size_t i = 0; i < scored->n * (size_t)scored->n_outputs; i++)
        if (!(scored->score[i] >= 0 && scored->score[i] <= 1)) return false;
    return true;
}

/* The gradient rises: Newton's steps, and halving the logarithm where they leave the bracket. */
static double find_slope(const Scored *scored)
{
    double low = SLOPE_MIN, high = SLOPE_MAX, slope = 1;
    for (int k = 0; k < NEWTON_STEPS; k++) {
        double curvature, gradient = slope_gradient(scored, slope, &curvature);
        *(gradient < 0 ? &low : &high) = slope;
        double next = slope - gradient / curvature;
        if (!(next > low && next < high)) next = sqrt(low * high);
        if (fabs(next - slope) <= 1e-13 * slope) return next;
        slope = next;
    }
    return slope;
}

static bool fit_temperature(Calibration *out, const Scored *scored, const char *name, Err *err)
{
    double curvature;
    if (!are_shares(scored)) return ERR(err, decide_probability, name, "method=temperature");
    if (all_equal(scored)) return ERR(err, decide_equal, name);
    if (slope_gradient(scored, SLOPE_MIN, &curvature) >= 0) return ERR(err, calibrate_temperature, name);
    out->slope = find_slope(scored);
    return true;
}

/* ---- a long-run rate */

static double mean_at(const Scored *scored, const double *p, double shift)
{
    double up = exp(shift / 2), down = exp(-shift / 2), sum = 0, weights = 0;
    for (size_t i = 0; i < scored->n; i++) {
        double w = scored_weight(scored, i), event = p[i] * up;
        sum += w * event / (event + (1 - p[i]) * down);
        weights += w;
    }
    return sum / weights;
}

static bool find_shift(Calibration *out, const Scored *scored, const double *p, const char *name, Err *err)
{
    char rate[40], from[40], to[40];
    double low = -SHIFT_MAX, high = SHIFT_MAX, least = mean_at(scored, p, low),
           most = mean_at(scored, p, high);
    if (!(least < out->rate && out->rate < most))
        return ERR(err, calibrate_rate, name, number_short(out->rate, 4, rate), number_short(least, 4, from),
                   number_short(most, 4, to));
    for (int k = 0; k < BISECTIONS && high - low > 1e-14; k++) {
        double middle = (low + high) / 2;
        *(mean_at(scored, p, middle) < out->rate ? &low : &high) = middle;
    }
    out->shift = (low + high) / 2;
    return true;
}

static bool fit_rate(Calibration *out, const Scored *scored, const char *name, Err *err)
{
    if (isnan(out->rate)) return true;
    if (out->method == CALIBRATION_NONE && !scored_is_probability(scored))
        return ERR(err, decide_probability, name, "to= alone");
    double *p = mem_get(scored->n, sizeof *p, err);
    if (!p) return false;
    for (size_t i = 0; i < scored->n; i++) p[i] = calibration_of(out, scored_event(scored, i));
    bool done = find_shift(out, scored, p, name, err);
    mem_free(p);
    return done;
}

const Calibration *calibration_fit(CalibrationMethod method, double rate, const Scored *scored,
                                   const char *name, Arena *arena, Err *err)
{
    Calibration *out = arena_take(arena, sizeof *out);
    *out = (Calibration){ .method = method, .slope = 1, .rate = rate };
    bool done = method == CALIBRATION_NONE          ? true
                : method == CALIBRATION_PLATT       ? fit_platt(out, scored, name, err)
                : method == CALIBRATION_TEMPERATURE ? fit_temperature(out, scored, name, err)
                                                    : fit_isotonic(out, scored, name, arena, err);
    out->n_rows = (double)scored->n;
    return done && fit_rate(out, scored, name, err) ? out : NULL;
}
