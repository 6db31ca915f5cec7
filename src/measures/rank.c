/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A radix sort of doubles by their bits (six digits of 11 bits, least significant first; digits that
 * all keys share are passed over), and the walk over groups of equal scores. */
#include "measures/rank.h"

#include <math.h>
#include <string.h>

#include "measures/scored.h"

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* Unsigned order of the keys is the order of the numbers; NaN is above all. */
static uint64_t key_of(double x)
{
    if (isnan(x)) return UINT64_MAX;
    uint64_t bits;
    double plain = x + 0.0; /* -0 becomes 0 */
    memcpy(&bits, &plain, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static unsigned digit_of(uint64_t key, int digit)
{
    return (unsigned)(key >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

static void scatter(const Ranked *from, Ranked *to, size_t n, int digit, const uint32_t *counts)
{
    uint32_t place[BUCKETS];
    uint32_t sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        place[i] = sum;
        sum += counts[i];
    }
    for (size_t i = 0; i < n; i++) to[place[digit_of(from[i].key, digit)]++] = from[i];
}

/* Returns where the sorted items are: in items or in spare. */
static Ranked *sort_by_digits(Ranked *items, Ranked *spare, size_t n, uint32_t counts[DIGITS][BUCKETS])
{
    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++) counts[d][digit_of(items[i].key, d)]++;
    for (int d = 0; d < DIGITS; d++) {
        if (counts[d][digit_of(items[0].key, d)] == n) continue;
        scatter(items, spare, n, d, counts[d]);
        Ranked *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}

Ranked *rank_sort(const double *x, size_t stride, size_t n, Err *err)
{
    if (n > UINT32_MAX) {
        ERR(err, no_memory, "the order of so many rows");
        return NULL;
    }
    Ranked *items = mem_get(n, sizeof *items, err);
    Ranked *spare = items ? mem_get(n, sizeof *spare, err) : NULL;
    uint32_t(*counts)[BUCKETS] = spare ? mem_get(DIGITS, sizeof *counts, err) : NULL;
    Ranked *sorted = NULL;
    if (counts) {
        for (size_t i = 0; i < n; i++) items[i] = (Ranked){ key_of(x[i * stride]), (uint32_t)i };
        sorted = n ? sort_by_digits(items, spare, n, counts) : items;
    }
    mem_free(counts);
    if (sorted != items) mem_free(items);
    if (sorted != spare) mem_free(spare);
    return sorted;
}

static double positive_share(const RankWalk *walk, size_t row)
{
    double target = walk->scored->target[row];
    return walk->level < 0 ? target : target == walk->level;
}

bool rank_begin(RankWalk *walk, const Scored *scored, int level)
{
    *walk = (RankWalk){ .scored = scored, .level = level };
    for (size_t i = 0; i < scored->n; i++) {
        double weight = scored_weight(scored, i), share = positive_share(walk, i);
        walk->positive_all += weight * share;
        walk->negative_all += weight * (1 - share);
    }
    if (!(walk->positive_all > 0) || !(walk->negative_all > 0)) return false;
    size_t stride = (size_t)scored->n_outputs, output = level < 0 ? stride - 1 : (size_t)level;
    if (scored->orders)
        walk->ranked = scored->orders[level < 0 ? 0 : level];
    else
        walk->ranked = walk->own = rank_sort(scored->score + output, stride, scored->n, NULL);
    if (walk->ranked && walk->ranked[scored->n - 1].key != UINT64_MAX) return true;
    rank_end(walk);
    return false;
}

bool rank_next(RankWalk *walk)
{
    size_t n = walk->scored->n;
    if (walk->at == n) return false;
    walk->positive_below += walk->positive;
    walk->negative_below += walk->negative;
    walk->positive = walk->negative = 0;
    uint64_t key = walk->ranked[walk->at].key;
    for (; walk->at < n && walk->ranked[walk->at].key == key; walk->at++) {
        size_t row = walk->ranked[walk->at].row;
        double weight = scored_weight(walk->scored, row), share = positive_share(walk, row);
        walk->positive += weight * share;
        walk->negative += weight * (1 - share);
    }
    return true;
}

void rank_end(RankWalk *walk)
{
    mem_free(walk->own);
    walk->own = NULL;
}
