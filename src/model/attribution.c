/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapley values of input columns, exact where they are few, sampled in pairs of orders otherwise. */
#include "model/attribution.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

#include "numeric/rng.h"

typedef struct Shapley {
    const Attributed *sample;
    AttributionScore *score;
    void *context;
    real *x; /* (ATTRIBUTION_BATCH, steps, width) */
} Shapley;

/* A sample that has the groups `own` (n_groups) of its own, the others of the reference. */
static void mix(const Attributed *sample, const bool *own, real *out)
{
    for (size_t s = 0; s < sample->steps; s++)
        for (size_t j = 0; j < sample->width; j++) {
            size_t at = s * sample->width + j;
            out[at] = own[sample->group[j]] ? sample->x[at] : sample->reference[j];
        }
}

static real *place(const Shapley *shapley, size_t i)
{
    return shapley->x + i * shapley->sample->steps * shapley->sample->width;
}

/* ---- all coalitions */

static void coalition(unsigned bits, int n, bool *own)
{
    for (int g = 0; g < n; g++) own[g] = bits >> g & 1;
}

static bool score_all(const Shapley *shapley, double *values, Err *err)
{
    int groups = shapley->sample->n_groups;
    unsigned n = 1u << groups;
    bool own[ATTRIBUTION_EXACT];
    for (unsigned from = 0, count; from < n; from += count) {
        count = n - from < ATTRIBUTION_BATCH ? n - from : ATTRIBUTION_BATCH;
        for (unsigned i = 0; i < count; i++) {
            coalition(from + i, groups, own);
            mix(shapley->sample, own, place(shapley, i));
        }
        if (!shapley->score(shapley->context, shapley->x, count, values + from, err)) return false;
    }
    return true;
}

/* phi_g = sum over S without g of |S|! (n - |S| - 1)! / n! (v(S and g) - v(S)). */
static bool exact(const Shapley *shapley, Attribution *out, Err *err)
{
    int groups = shapley->sample->n_groups;
    unsigned n = 1u << groups;
    double values[1 << ATTRIBUTION_EXACT];
    if (!score_all(shapley, values, err)) return false;
    memset(out->parts, 0, (size_t)groups * sizeof *out->parts);
    for (unsigned s = 0; s < n; s++) {
        int size = __builtin_popcount(s);
        if (size == groups) continue;
        double weight = 1 / (groups * gsl_sf_choose((unsigned)groups - 1, (unsigned)size));
        for (int g = 0; g < groups; g++)
            if (!(s >> g & 1)) out->parts[g] += weight * (values[s | 1u << g] - values[s]);
    }
    if (out->errors) memset(out->errors, 0, (size_t)groups * sizeof *out->errors);
    out->reference = values[0];
    out->score = values[n - 1];
    return true;
}

/* ---- sampled orders */

/* The score as one column after the other becomes the sample's own, in this order: (groups + 1) values. */
static bool walk(const Shapley *shapley, const int *order, bool backwards, bool *own, double *values,
                 Err *err)
{
    int groups = shapley->sample->n_groups, at = 0;
    memset(own, 0, (size_t)groups * sizeof *own);
    for (int from = 0, count; from <= groups; from += count) {
        count = groups + 1 - from < ATTRIBUTION_BATCH ? groups + 1 - from : ATTRIBUTION_BATCH;
        for (int i = 0; i < count; i++) {
            for (; at < from + i; at++) own[order[backwards ? groups - 1 - at : at]] = true;
            mix(shapley->sample, own, place(shapley, (size_t)i));
        }
        if (!shapley->score(shapley->context, shapley->x, (size_t)count, values + from, err)) return false;
    }
    return true;
}

typedef struct Orders {
    int *order;
    bool *own;
    double *values, *pair, *sum, *squares; /* (groups + 1) each */
} Orders;

static bool add_pair(const Shapley *shapley, Orders *o, Attribution *out, Err *err)
{
    int groups = shapley->sample->n_groups;
    memset(o->pair, 0, (size_t)groups * sizeof *o->pair);
    for (int back = 0; back < 2; back++) {
        if (!walk(shapley, o->order, back, o->own, o->values, err)) return false;
        for (int k = 0; k < groups; k++)
            o->pair[o->order[back ? groups - 1 - k : k]] += (o->values[k + 1] - o->values[k]) / 2;
    }
    for (int g = 0; g < groups; g++) {
        o->sum[g] += o->pair[g];
        o->squares[g] += o->pair[g] * o->pair[g];
    }
    out->reference = o->values[0];
    out->score = o->values[groups];
    return true;
}

static void summarize(const Orders *o, int groups, int pairs, Attribution *out)
{
    for (int g = 0; g < groups; g++) {
        double mean = o->sum[g] / pairs, variance = (o->squares[g] / pairs - mean * mean) / (pairs - 1);
        out->parts[g] = mean;
        if (out->errors) out->errors[g] = variance > 0 ? sqrt(variance) : 0;
    }
}

static bool sampled(const Shapley *shapley, int pairs, gsl_rng *rng, Attribution *out, Err *err)
{
    int groups = shapley->sample->n_groups;
    Arena *arena = arena_new();
    size_t n = (size_t)groups + 1;
    Orders o = { arena_take(arena, n * sizeof *o.order),  arena_take(arena, n * sizeof *o.own),
                 arena_take(arena, n * sizeof *o.values), arena_take(arena, n * sizeof *o.pair),
                 arena_take(arena, n * sizeof *o.sum),    arena_take(arena, n * sizeof *o.squares) };
    bool done = true;
    for (int g = 0; g < groups; g++) o.order[g] = g;
    for (int p = 0; p < pairs && done; p++) {
        gsl_ran_shuffle(rng, o.order, (size_t)groups, sizeof *o.order);
        done = add_pair(shapley, &o, out, err);
    }
    if (done) summarize(&o, groups, pairs, out);
    arena_free(arena);
    return done;
}

bool attribute_shapley(const Attributed *sample, AttributionScore *score, void *context, int permutations,
                       uint64_t seed, uint64_t stream, Attribution *out, Err *err)
{
    Shapley shapley = { .sample = sample, .score = score, .context = context };
    shapley.x = mem_get(ATTRIBUTION_BATCH, sample->steps * sample->width * sizeof(real), err);
    if (!shapley.x) return false;
    bool done;
    if (sample->n_groups <= ATTRIBUTION_EXACT) {
        done = exact(&shapley, out, err);
    } else {
        gsl_rng *rng = rng_stream(rng_key(seed, "shapley", ""), stream);
        done = rng ? sampled(&shapley, permutations, rng, out, err) : ERR(err, no_memory, "a random stream");
        if (rng) gsl_rng_free(rng);
    }
    mem_free(shapley.x);
    return done;
}
