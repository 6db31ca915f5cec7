/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method on one or two coefficients. The ten rows of tests/unit/measures_judging.c: intercept
 * .8428607848 and slope .0890891658 jointly, in the large 1.1219547620, z 2.1180300216. */
#include "measures/cox.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "measures/scored.h"

enum { STEPS_MAX = 60 };
static const double CLIP = 1e-15, TOLERANCE = 1e-12, FAR = 1e3;

typedef struct Sums {
    double loss, gradient[2], curvature[3]; /* curvature: 00, 01, 11 */
} Sums;

static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static Sums sums_at(const Scored *scored, const double *logit, const double at[2])
{
    Sums sums = { 0 };
    for (size_t i = 0; i < scored->n; i++) {
        double x = logit[i], eta = at[0] + at[1] * x, p = 1 / (1 + exp(-eta));
        double weight = scored_weight(scored, i), error = weight * (scored->target[i] - p);
        double variance = weight * p * (1 - p);
        sums.loss += weight * (softplus(eta) - scored->target[i] * eta);
        sums.gradient[0] += error;
        sums.gradient[1] += error * x;
        sums.curvature[0] += variance;
        sums.curvature[1] += variance * x;
        sums.curvature[2] += variance * x * x;
    }
    return sums;
}

/* One free coefficient (the intercept) or both. False: no step can be made. */
static bool step_of(const Sums *sums, bool both, double step[2])
{
    const double *c = sums->curvature, *g = sums->gradient;
    double determinant = c[0] * c[2] - c[1] * c[1];
    step[1] = 0;
    if (!both) {
        step[0] = g[0] / c[0];
        return c[0] > 0;
    }
    if (!(determinant > 1e-10 * c[0] * c[2])) return false;
    step[0] = (c[2] * g[0] - c[1] * g[1]) / determinant;
    step[1] = (c[0] * g[1] - c[1] * g[0]) / determinant;
    return true;
}

/* Newton steps, halved until the loss falls. */
static bool solve(const Scored *scored, const double *logit, bool both, double at[2], Sums *sums)
{
    *sums = sums_at(scored, logit, at);
    for (int i = 0; i < STEPS_MAX; i++) {
        double step[2];
        if (!step_of(sums, both, step)) return false;
        Sums next;
        double next_at[2];
        for (int halved = 0;; halved++) {
            next_at[0] = at[0] + step[0];
            next_at[1] = at[1] + step[1];
            next = sums_at(scored, logit, next_at);
            if (next.loss <= sums->loss + 1e-9 * fabs(sums->loss) || halved == 30) break;
            step[0] /= 2;
            step[1] /= 2;
        }
        at[0] = next_at[0];
        at[1] = next_at[1];
        *sums = next;
        if (!(fabs(at[0]) < FAR && fabs(at[1]) < FAR)) return false;
        if (fabs(step[0]) < TOLERANCE * (1 + fabs(at[0])) && fabs(step[1]) < TOLERANCE * (1 + fabs(at[1])))
            return true;
    }
    return false;
}

static void fit_both(const Scored *scored, const double *logit, Cox *out)
{
    double at[2] = { 0, 1 };
    Sums sums;
    out->intercept = out->slope = out->intercept_error = out->slope_error = NAN;
    if (!solve(scored, logit, true, at, &sums)) return;
    const double *c = sums.curvature;
    double determinant = c[0] * c[2] - c[1] * c[1];
    out->intercept = fabs(at[0]) < TOLERANCE ? 0 : at[0];
    out->slope = at[1];
    out->intercept_error = sqrt(c[2] / determinant);
    out->slope_error = sqrt(c[0] / determinant);
}

static void fit_large(const Scored *scored, const double *logit, Cox *out)
{
    double at[2] = { 0, 1 };
    Sums sums;
    bool ok = solve(scored, logit, false, at, &sums);
    out->large = !ok ? NAN : fabs(at[0]) < TOLERANCE ? 0 : at[0];
    out->large_error = ok ? 1 / sqrt(sums.curvature[0]) : NAN;
}

bool cox_fit(const Scored *scored, Cox *out)
{
    double rate = scored_base_rate(scored);
    if (!scored_has_two_levels(scored) || !scored_is_probability(scored) || !(rate > 0 && rate < 1))
        return false;
    double *logit = mem_get(scored->n, sizeof *logit, NULL);
    if (!logit) return false;
    for (size_t i = 0; i < scored->n; i++) {
        double p = fmin(fmax(scored_event(scored, i), CLIP), 1 - CLIP);
        logit[i] = log(p) - log1p(-p);
    }
    fit_both(scored, logit, out);
    fit_large(scored, logit, out);
    mem_free(logit);
    return true;
}

bool spiegelhalter_test(const Scored *scored, double *z, double *p)
{
    double sum = 0, variance = 0;
    if (!scored_is_probability(scored)) return false;
    for (size_t i = 0; i < scored->n; i++) {
        double q = scored_event(scored, i), weight = scored_weight(scored, i);
        sum += weight * (scored->target[i] - q) * (1 - 2 * q);
        variance += weight * weight * (1 - 2 * q) * (1 - 2 * q) * q * (1 - q);
    }
    *z = variance > 0 ? sum / sqrt(variance) : NAN;
    *p = isnan(*z) ? NAN : 2 * gsl_cdf_ugaussian_Q(fabs(*z));
    return true;
}

bool cox_wald(double estimate, double error, double level, Interval *out)
{
    double reach = gsl_cdf_ugaussian_Pinv(0.5 + level / 2) * error;
    *out = (Interval){ estimate - reach, estimate + reach };
    return !isnan(estimate);
}
