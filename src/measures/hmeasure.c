/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Q(t; c) = c pi0 (1 - F0(t)) + (1 - c) pi1 F1(t); on the convex hull of the ROC curve each c has its vertex,
 *     L = integral of min_t Q(t; c) w(c) dc,  Lmax = integral of min(c pi0, (1 - c) pi1) w(c) dc,  H = 1 - L
 * / Lmax, and with w = Beta(a, b) both are sums of incomplete beta functions between the costs at which the
 * vertex changes. The ten rows of tests/unit/measures_metrics.c: .18889596344769588. */
#include "measures/hmeasure.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

typedef struct Vertex {
    double missed, alarms; /* shares of all weight: events below the cut, non-events from it on */
} Vertex;

/* Whether b lies above the line from a to c, so that the hull needs no b. */
static bool is_inside(Vertex a, Vertex b, Vertex c)
{
    return (b.missed - a.missed) * (a.alarms - c.alarms) >= (c.missed - a.missed) * (a.alarms - b.alarms);
}

/* The lower hull of (alarms, missed), from "all are events" upwards over the cuts. */
static size_t hull_of(RankWalk *walk, Vertex *hull)
{
    double all = walk->positive_all + walk->negative_all;
    size_t n = 0;
    hull[n++] = (Vertex){ 0, walk->negative_all / all };
    while (rank_next(walk)) {
        double alarms = walk->negative_all - walk->negative_below - walk->negative;
        Vertex next = { (walk->positive_below + walk->positive) / all, fmax(alarms, 0) / all };
        while (n >= 2 && is_inside(hull[n - 2], hull[n - 1], next)) n--;
        hull[n++] = next;
    }
    return n;
}

/* The integral of (c alarms + (1 - c) missed) w(c) over low <= c <= high. */
static double loss(Vertex at, double low, double high, double a, double b)
{
    double alarms = a / (a + b) * (gsl_cdf_beta_P(high, a + 1, b) - gsl_cdf_beta_P(low, a + 1, b));
    double missed = b / (a + b) * (gsl_cdf_beta_P(high, a, b + 1) - gsl_cdf_beta_P(low, a, b + 1));
    return at.alarms * alarms + at.missed * missed;
}

/* The cost at which a cut at `after` becomes as good as one at `before`. */
static double change(Vertex before, Vertex after)
{
    double missed = after.missed - before.missed, alarms = before.alarms - after.alarms;
    return missed + alarms > 0 ? missed / (missed + alarms) : 0;
}

static double hull_loss(const Vertex *hull, size_t n, double a, double b)
{
    double sum = 0, low = 0;
    for (size_t i = 0; i < n; i++) {
        double high = i + 1 < n ? change(hull[i], hull[i + 1]) : 1;
        sum += loss(hull[i], low, high, a, b);
        low = high;
    }
    return sum;
}

double hmeasure(const Scored *scored, double a, double b)
{
    RankWalk walk;
    double value = NAN;
    if (!(a > 0 && b > 0) || !rank_begin(&walk, scored, -1)) return NAN;
    Vertex *hull = mem_get(scored->n + 1, sizeof *hull, NULL);
    if (hull) {
        double all = walk.positive_all + walk.negative_all;
        Vertex constant[2] = { { 0, walk.negative_all / all }, { walk.positive_all / all, 0 } };
        size_t n = hull_of(&walk, hull);
        value = 1 - hull_loss(hull, n, a, b) / hull_loss(constant, 2, a, b);
    }
    mem_free(hull);
    rank_end(&walk);
    return fabs(value) < 1e-14 ? 0 : value;
}

double hmeasure_severity(const Scored *scored, double ratio)
{
    double rate = scored_base_rate(scored);
    if (isnan(ratio)) ratio = rate / (1 - rate);
    return hmeasure(scored, 2, 1 + 1 / ratio);
}

double hmeasure_priors(const Scored *scored)
{
    double rate = scored_base_rate(scored);
    return hmeasure(scored, 1 + rate, 2 - rate);
}
