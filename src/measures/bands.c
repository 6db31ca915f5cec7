/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/bands.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

static void clear(Band *bands, int n)
{
    for (int k = 0; k < n; k++) bands[k] = (Band){ .low = NAN, .high = NAN };
}

static void add(Band *band, double score, double events, double others)
{
    band->n += events + others;
    band->events += events;
    band->sum += (events + others) * score;
    band->low = fmin(band->low, score);
    band->high = fmax(band->high, score);
}

bool bands_by_mass(const Scored *scored, int n, Band *out)
{
    RankWalk walk;
    clear(out, n);
    if (!rank_begin(&walk, scored, -1)) return false;
    double all = walk.positive_all + walk.negative_all;
    while (rank_next(&walk)) {
        double here = walk.positive + walk.negative;
        double middle = (walk.positive_below + walk.negative_below + here / 2) / all;
        int k = (int)fmin(middle * n, n - 1);
        if (here > 0)
            add(&out[k], scored_event(scored, walk.ranked[walk.at - 1].row), walk.positive, walk.negative);
    }
    rank_end(&walk);
    return true;
}

bool bands_by_width(const Scored *scored, int n, Band *out)
{
    double all = 0;
    clear(out, n);
    if (!scored_is_probability(scored)) return false;
    for (size_t i = 0; i < scored->n; i++) {
        double p = scored_event(scored, i), y = scored->target[i], weight = scored_weight(scored, i);
        if (weight == 0) continue;
        add(&out[(int)fmin(p * n, n - 1)], p, weight * y, weight * (1 - y));
        all += weight;
    }
    return all > 0;
}

double bands_ece(const Band *bands, int n)
{
    double sum = 0, all = 0;
    for (int k = 0; k < n; k++) {
        sum += fabs(bands[k].events - bands[k].sum);
        all += bands[k].n;
    }
    return sum / all;
}

double bands_mce(const Band *bands, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++)
        if (bands[k].n > 0) most = fmax(most, fabs(bands[k].events - bands[k].sum) / bands[k].n);
    return most;
}

bool bands_brier(const Scored *scored, BrierParts *out)
{
    extern const Metric metric_brier;
    Band bands[BANDS_USUAL];
    if (!bands_by_width(scored, BANDS_USUAL, bands)) return false;
    double rate = scored_base_rate(scored), all = 0;
    *out = (BrierParts){ .uncertainty = rate * (1 - rate) };
    for (int k = 0; k < BANDS_USUAL; k++) {
        const Band *band = &bands[k];
        if (!(band->n > 0)) continue;
        double apart = (band->sum - band->events) / band->n, shift = band->events / band->n - rate;
        out->reliability += band->n * apart * apart;
        out->resolution += band->n * shift * shift;
        all += band->n;
    }
    out->reliability /= all;
    out->resolution /= all;
    out->remainder = metric_brier.value(scored) - out->reliability + out->resolution - out->uncertainty;
    return true;
}

bool bands_hosmer(const Scored *scored, int n, Hosmer *out)
{
    Band bands[BANDS_MAX];
    *out = (Hosmer){ 0 };
    if (n < 1 || n > BANDS_MAX || !scored_is_probability(scored) || !bands_by_mass(scored, n, bands))
        return false;
    for (int k = 0; k < n; k++) {
        double expected = bands[k].sum, apart = bands[k].events - expected;
        if (!(bands[k].n > 0)) continue;
        double variance = expected * (1 - expected / bands[k].n);
        out->statistic += apart == 0 ? 0 : apart * apart / variance;
        out->bands++;
    }
    out->p = gsl_cdf_chisq_Q(out->statistic, out->bands);
    return true;
}
