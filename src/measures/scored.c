/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/scored.h"

#include <math.h>

double scored_mean(const Scored *scored, double (*term)(const Scored *scored, size_t row))
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < scored->n; i++) {
        double weight = scored_weight(scored, i);
        if (weight == 0) continue;
        sum += weight * term(scored, i);
        weights += weight;
    }
    return weights > 0 ? sum / weights : NAN;
}

static double target_of(const Scored *scored, size_t row)
{
    return scored->target[row];
}

double scored_base_rate(const Scored *scored)
{
    return scored_mean(scored, target_of);
}

bool scored_level_shares(const Scored *scored, double *shares)
{
    double weights = 0;
    for (int k = 0; k < scored->n_outputs; k++) shares[k] = 0;
    for (size_t i = 0; i < scored->n; i++) {
        double level = scored->target[i], weight = scored_weight(scored, i);
        if (!(level >= 0) || level >= scored->n_outputs) return false;
        shares[(int)level] += weight;
        weights += weight;
    }
    for (int k = 0; k < scored->n_outputs; k++) shares[k] /= weights;
    return weights > 0;
}

double scored_of_shares(const Scored *scored, double (*figure)(const double *shares, int n))
{
    if (scored_has_two_levels(scored)) {
        double rate = scored_base_rate(scored);
        return isnan(rate) ? NAN : figure((double[]){ 1 - rate, rate }, 2);
    }
    double *shares = mem_get((size_t)scored->n_outputs, sizeof *shares, NULL);
    double value = NAN;
    if (shares && scored_level_shares(scored, shares)) value = figure(shares, scored->n_outputs);
    mem_free(shares);
    return value;
}

bool scored_is_probability(const Scored *scored)
{
    for (size_t i = 0; i < scored->n; i++) {
        double p = scored_event(scored, i);
        if (!(p >= 0 && p <= 1)) return false;
    }
    return true;
}

double scored_reference(const Scored *scored)
{
    return isnan(scored->reference) ? scored_base_rate(scored) : scored->reference;
}

bool scored_is_plain(const Scored *scored)
{
    for (size_t i = 0; i < scored->n; i++) {
        double y = scored->target[i];
        if (scored_weight(scored, i) != 1 || (y != 0 && y != 1)) return false;
    }
    return true;
}
