/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placements: of an event, the share of non-events below its score; of a non-event, the share of events
 * above its own; ties count one half. The AUC is the mean of either, and
 *     var = S10 / n1 + S01 / n0,   S: (co)variances of the placements of events and of non-events.
 * The ten rows of tests/unit/measures_metrics.c: AUC .5714285714, standard error .2129588550. */
#include "measures/delong.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

/* The placement of each row (n). */
static bool place(const Scored *scored, double *out)
{
    RankWalk walk;
    if (!scored_has_two_levels(scored) || !scored_is_plain(scored) || !rank_begin(&walk, scored, -1))
        return false;
    bool enough = walk.positive_all >= 2 && walk.negative_all >= 2;
    for (size_t from = 0; enough && rank_next(&walk); from = walk.at) {
        double below = (walk.negative_below + walk.negative / 2) / walk.negative_all;
        double above = 1 - (walk.positive_below + walk.positive / 2) / walk.positive_all;
        for (size_t i = from; i < walk.at; i++) {
            size_t row = walk.ranked[i].row;
            out[row] = scored->target[row] == 1 ? below : above;
        }
    }
    rank_end(&walk);
    return enough;
}

typedef struct Moments {
    double n, mean_a, mean_b, product; /* product: sum of products of deviations */
} Moments;

static Moments moments_of(const Scored *scored, const double *a, const double *b, double level)
{
    Moments m = { 0 };
    for (size_t i = 0; i < scored->n; i++) {
        if (scored->target[i] != level) continue;
        m.n++;
        m.mean_a += a[i];
        m.mean_b += b[i];
    }
    m.mean_a /= m.n;
    m.mean_b /= m.n;
    for (size_t i = 0; i < scored->n; i++)
        if (scored->target[i] == level) m.product += (a[i] - m.mean_a) * (b[i] - m.mean_b);
    return m;
}

/* Covariance of two AUCs from their placements; auc: that of a. */
static double covariance(const Scored *scored, const double *a, const double *b, double *auc)
{
    Moments events = moments_of(scored, a, b, 1), others = moments_of(scored, a, b, 0);
    *auc = events.mean_a;
    return events.product / (events.n - 1) / events.n + others.product / (others.n - 1) / others.n;
}

bool delong_error(const Scored *scored, double *auc, double *error)
{
    double *places = mem_get(scored->n, sizeof *places, NULL);
    bool ok = places && place(scored, places);
    if (ok) *error = sqrt(fmax(covariance(scored, places, places, auc), 0));
    mem_free(places);
    return ok;
}

bool delong_interval(const Scored *scored, double level, Interval *out)
{
    double auc, error, z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2);
    if (!delong_error(scored, &auc, &error)) return false;
    *out = (Interval){ fmax(auc - z * error, 0), fmin(auc + z * error, 1) };
    return true;
}

static void judge(DelongTest *test, double variance)
{
    test->difference = test->auc_b - test->auc_a;
    test->error = variance > 1e-18 ? sqrt(variance) : 0; /* rounding of equal placements */
    test->z = test->error > 0 ? test->difference / test->error : NAN;
    if (test->error > 0)
        test->p = 2 * gsl_cdf_ugaussian_Q(fabs(test->z));
    else
        test->p = fabs(test->difference) < 1e-12 ? 1 : 0;
}

bool delong_test(const Scored *a, const Scored *b, DelongTest *out)
{
    double *places_a = mem_get(a->n, sizeof *places_a, NULL),
           *places_b = mem_get(b->n, sizeof *places_b, NULL);
    bool ok = places_a && places_b && place(a, places_a) && place(b, places_b);
    if (ok) {
        double ignored, variance = covariance(a, places_a, places_a, &out->auc_a) +
                                   covariance(b, places_b, places_b, &out->auc_b) -
                                   2 * covariance(a, places_a, places_b, &ignored);
        judge(out, variance);
    }
    mem_free(places_a);
    mem_free(places_b);
    return ok;
}

bool delong_difference(const Scored *a, const Scored *b, double level, Paired *out)
{
    DelongTest test;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2);
    if (!delong_test(a, b, &test)) return false;
    out->value = test.difference;
    out->interval = (Interval){ test.difference - z * test.error, test.difference + z * test.error };
    out->p = test.p;
    return true;
}
