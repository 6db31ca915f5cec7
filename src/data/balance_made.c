/* SPDX-License-Identifier: GPL-3.0-or-later */
/* balance method=smote and adasyn: which row each new one begins at, where it ends, and the rows so made. */
#include <gsl/gsl_rng.h>
#include <string.h>

#include "data/balancework.h"

enum { ENDS = 1 << 20 }; /* the substreams of the other ends, behind those of the permutations */
#define WIDE 20          /* times the spread of another number: distances see hardly anything else */

/* What makes the new rows of one class. */
typedef struct Mixer {
    const Balance *balance;
    BalanceSpace *space;
    BalanceRows *made; /* grows */
    int32_t level;
    int k;
    size_t n, n_made;
    uint32_t *own;   /* (n): rows of the class */
    uint32_t *begun; /* (n): how many new rows begin at each */
} Mixer;

static bool few(const Mixer *mixer, Err *err)
{
    const Balance *balance = mixer->balance;
    ERR(err, balance_few, option_text(balance->options, "method"), INT(mixer->k), INT(mixer->k + 1),
        balance->prep->target_levels[mixer->level], INT(mixer->n));
    if (mixer->n < 2) return err_hint(err, "method=over");
    return err_hint(err, "k=%zu, or method=over", mixer->n - 1);
}

/* SMOTE: every row begins as many as another, give or take one. */
static bool spread_evenly(Mixer *mixer, Err *err)
{
    uint32_t *order = mem_get(mixer->n, sizeof *order, err);
    if (!order) return false;
    rng_permutation(mixer->balance->key, (uint64_t)mixer->level, order, mixer->n);
    for (size_t i = 0; i < mixer->n_made; i++) mixer->begun[order[i % mixer->n]]++;
    mem_free(order);
    return true;
}

/* The share of other classes among the k nearest of all rows. */
static double difficulty(const Mixer *mixer, size_t row)
{
    const BalanceRows *rows = mixer->balance->rows;
    uint32_t near[BALANCE_NEAREST_MAX];
    int found = balance_nearest(mixer->space, row, NULL, rows->n, mixer->k, near), others = 0;
    for (int j = 0; j < found; j++) others += rows->level[near[j]] != mixer->level;
    return (double)others / mixer->k;
}

/* ADASYN: by difficulty; n_made becomes what rounding leaves of it. */
static bool spread_by_difficulty(Mixer *mixer, Err *err)
{
    double *r = mem_get(mixer->n, sizeof *r, err);
    if (!r) return false;
    for (size_t i = 0; i < mixer->n; i++) r[i] = difficulty(mixer, mixer->own[i]);
    bool mixed = balance_shares(r, mixer->n, mixer->n_made, mixer->begun);
    mem_free(r);
    if (!mixed) {
        ERR(err, balance_alone, mixer->balance->prep->target_levels[mixer->level], INT(mixer->k));
        return err_hint(err, "method=smote");
    }
    mixer->n_made = 0;
    for (size_t i = 0; i < mixer->n; i++) mixer->n_made += mixer->begun[i];
    return true;
}

static bool grow(BalanceRows *made, size_t n, Err *err)
{
    void *x = mem_grow(made->x, made->n, n, made->width * sizeof(real), err);
    if (x) made->x = x;
    void *source = x ? mem_grow(made->source, made->n, n, sizeof *made->source, err) : NULL;
    if (source) made->source = source;
    void *level = source ? mem_grow(made->level, made->n, n, sizeof *made->level, err) : NULL;
    if (level) made->level = level;
    return level != NULL;
}

static void mix_row(Mixer *mixer, size_t i, gsl_rng *rng)
{
    BalanceRows *made = mixer->made;
    uint32_t near[BALANCE_NEAREST_MAX];
    balance_nearest(mixer->space, mixer->own[i], mixer->own, mixer->n, mixer->k, near);
    for (uint32_t t = 0; t < mixer->begun[i]; t++, made->n++) {
        size_t end = near[gsl_rng_uniform_int(rng, (unsigned long)mixer->k)];
        balance_mix(mixer->space, mixer->own[i], end, gsl_rng_uniform(rng), near, mixer->k,
                    made->x + made->n * made->width);
        made->source[made->n] = mixer->balance->rows->source[mixer->own[i]];
        made->level[made->n] = mixer->level;
    }
}

static bool mix_rows(Mixer *mixer, Err *err)
{
    gsl_rng *rng = rng_stream(mixer->balance->key, (uint64_t)mixer->level + ENDS);
    bool done =
        rng ? grow(mixer->made, mixer->made->n + mixer->n_made, err) : ERR(err, no_memory, "random numbers");
    for (size_t i = 0; done && i < mixer->n; i++)
        if (mixer->begun[i]) mix_row(mixer, i, rng);
    if (rng) gsl_rng_free(rng);
    return done;
}

static bool mix_class(Mixer *mixer, Err *err)
{
    const Balance *balance = mixer->balance;
    mixer->n = balance->counts[mixer->level];
    mixer->n_made = balance->wanted[mixer->level] - mixer->n;
    if (mixer->n_made == 0) return true;
    if (mixer->n <= (size_t)mixer->k) return few(mixer, err);
    mixer->own = balance_members(balance, mixer->level, err);
    mixer->begun = mixer->own ? mem_get(mixer->n, sizeof *mixer->begun, err) : NULL;
    bool done =
        mixer->begun && balance_space_weigh(mixer->space, mixer->own, mixer->n, err) &&
        (balance_is(balance, "adasyn") ? spread_by_difficulty(mixer, err) : spread_evenly(mixer, err)) &&
        mix_rows(mixer, err);
    mem_free(mixer->begun);
    mem_free(mixer->own);
    return done;
}

static bool append(BalanceRows *rows, const BalanceRows *made, Err *err)
{
    size_t n = rows->n + made->n, width = rows->width;
    if (n > UINT32_MAX) return ERR(err, too_many_rows, INT(UINT32_MAX), INT(n));
    if (!grow(rows, n, err)) return false;
    if (made->n == 0) return true;
    memcpy(rows->x + rows->n * width, made->x, made->n * width * sizeof(real));
    memcpy(rows->source + rows->n, made->source, made->n * sizeof *made->source);
    memcpy(rows->level + rows->n, made->level, made->n * sizeof *made->level);
    rows->n = n;
    rows->n_mixed += made->n;
    return true;
}

static void note_space(const Balance *balance, const BalanceSpace *space, int k)
{
    const Prep *prep = balance->prep;
    size_t least = 0, most = 0, nominal = space->width - space->n_numbers;
    double spread = balance_space_spread(space, &least, &most);
    if (nominal) NOTE(balance->notes, balance_nominal, INT(nominal), INT(space->width), INT(k));
    if (spread > WIDE)
        NOTE(balance->notes, balance_unscaled, prep->features[most], INT(spread), prep->features[least]);
}

bool balance_add_mixed(const Balance *balance, Err *err)
{
    BalanceRows *rows = balance->rows, made = { .width = rows->width };
    const Prep *prep = balance->prep;
    BalanceSpace space;
    int k = (int)option_integer(balance->options, "k");
    bool done = balance_space_open(&space, rows->x, rows->n, rows->width, prep->feature_from,
                                   prep->feature_levels, err);
    if (done) note_space(balance, &space, k);
    for (int32_t c = 0; done && c < rows->n_levels; c++) {
        Mixer mixer = { .balance = balance, .space = &space, .made = &made, .level = c, .k = k };
        done = mix_class(&mixer, err);
    }
    done = done && append(rows, &made, err);
    balance_space_close(&space);
    balance_free(&made);
    return done;
}
