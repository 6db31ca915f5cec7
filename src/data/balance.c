/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balancing gathered training rows: how many rows each class gets, and how it comes to them.
 *   over   each class below ratio times the largest comes up to that: every row as often as another of its
 *          class, give or take one
 *   under  each class over the smallest / ratio comes down to that: rows drawn without repetition
 *   smote, adasyn   as over, but the new rows lie between rows of the class (balance_made.c)
 *   tomek  rows that stand beside a row of another class go (balance_near.c)
 * Classes 90 and 10, ratio 0.5: over makes 90 and 45, under 20 and 10. */
#include "data/balance.h"

#include <math.h>
#include <string.h>

#include "data/balancework.h"

bool prep_balances(const Prep *prep)
{
    for (int i = 0; prep && i < prep->n_steps; i++)
        if (text_equal(prep->steps[i].kind->kind.name, "balance")) return true;
    return false;
}

bool prep_balance_corrects(const Prep *prep)
{
    for (int i = 0; prep && i < prep->n_steps; i++)
        if (text_equal(prep->steps[i].kind->kind.name, "balance") &&
            !option_bool(prep->steps[i].options, "correct"))
            return false;
    return true;
}

/* ---- rows */

void balance_free(BalanceRows *rows)
{
    mem_free(rows->x);
    mem_free(rows->source);
    mem_free(rows->level);
    *rows = (BalanceRows){ 0 };
}

void balance_count(const BalanceRows *rows, size_t *counts)
{
    memset(counts, 0, (size_t)rows->n_levels * sizeof *counts);
    for (size_t i = 0; i < rows->n; i++) counts[rows->level[i]]++;
}

/* Rows list[0..n-1] of `rows` in the place of what was there. */
static bool take_rows(BalanceRows *rows, const uint32_t *list, size_t n, Err *err)
{
    BalanceRows taken = *rows;
    size_t width = rows->width;
    taken.n = n;
    taken.x = NULL;
    taken.source = mem_get(n, sizeof *taken.source, err);
    taken.level = taken.source ? mem_get(n, sizeof *taken.level, err) : NULL;
    if (taken.level && rows->x) taken.x = mem_get(n, width * sizeof(real), err);
    if (!taken.level || (rows->x && !taken.x)) {
        balance_free(&taken);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        taken.source[i] = rows->source[list[i]];
        taken.level[i] = rows->level[list[i]];
        if (rows->x) memcpy(taken.x + i * width, rows->x + list[i] * width, width * sizeof(real));
    }
    balance_free(rows);
    *rows = taken;
    return true;
}

bool balance_sort(BalanceRows *rows, Err *err)
{
    uint32_t last = 0;
    for (size_t i = 0; i < rows->n; i++) last = rows->source[i] > last ? rows->source[i] : last;
    uint32_t *place = mem_get((size_t)last + 2, sizeof *place, err);
    uint32_t *list = place ? mem_get(rows->n, sizeof *list, err) : NULL;
    for (size_t i = 0; list && i < rows->n; i++) place[rows->source[i] + 1]++;
    for (size_t s = 0; list && s <= last; s++) place[s + 1] += place[s];
    for (size_t i = 0; list && i < rows->n; i++) list[place[rows->source[i]]++] = (uint32_t)i;
    bool done = list && take_rows(rows, list, rows->n, err);
    mem_free(list);
    mem_free(place);
    return done;
}

uint32_t *balance_members(const Balance *balance, int32_t level, Err *err)
{
    const BalanceRows *rows = balance->rows;
    uint32_t *list = mem_get(balance->counts[level], sizeof *list, err);
    size_t n = 0;
    for (size_t i = 0; list && i < rows->n; i++)
        if (rows->level[i] == level) list[n++] = (uint32_t)i;
    return list;
}

/* ---- how many */

static void want(const Balance *balance)
{
    double ratio = option_number(balance->options, "ratio");
    bool under = balance_is(balance, "under");
    size_t least = SIZE_MAX, most = 0;
    for (int c = 0; c < balance->rows->n_levels; c++) {
        size_t n = balance->counts[c];
        most = n > most ? n : most;
        least = n > 0 && n < least ? n : least;
    }
    for (int c = 0; c < balance->rows->n_levels; c++) {
        double n = (double)balance->counts[c];
        double limit = round(under ? (double)least / ratio : (double)most * ratio);
        bool moves = n > 0 && (under ? limit < n : limit > n);
        balance->wanted[c] = (size_t)(moves ? limit : n);
    }
}

static size_t total(const Balance *balance)
{
    size_t sum = 0;
    for (int c = 0; c < balance->rows->n_levels; c++) sum += balance->wanted[c];
    return sum;
}

/* ---- over and under */

/* The rows of class c in random order. */
static uint32_t *shuffled(const Balance *balance, int32_t c, Err *err)
{
    size_t n = balance->counts[c];
    uint32_t *own = balance_members(balance, c, err), *order = own ? mem_get(n, sizeof *order, err) : NULL;
    if (order) rng_permutation(balance->key, (uint64_t)c, order, n);
    for (size_t i = 0; order && i < n; i++) order[i] = own[order[i]];
    mem_free(own);
    return order;
}

/* The rows themselves, then copies class by class. */
static bool run_over(const Balance *balance, Err *err)
{
    BalanceRows *rows = balance->rows;
    size_t n = total(balance), at = rows->n;
    if (n > UINT32_MAX) return ERR(err, too_many_rows, INT(UINT32_MAX), INT(n));
    uint32_t *list = mem_get(n, sizeof *list, err);
    bool done = list != NULL;
    for (size_t i = 0; done && i < rows->n; i++) list[i] = (uint32_t)i;
    for (int32_t c = 0; done && c < rows->n_levels; c++) {
        uint32_t *order = shuffled(balance, c, err);
        size_t more = balance->wanted[c] - balance->counts[c];
        for (size_t i = 0; order && i < more; i++) list[at++] = order[i % balance->counts[c]];
        done = order != NULL;
        mem_free(order);
    }
    done = done && take_rows(rows, list, n, err);
    mem_free(list);
    return done;
}

static bool keep_unmarked(BalanceRows *rows, const uint8_t *gone, Err *err)
{
    uint32_t *list = mem_get(rows->n, sizeof *list, err);
    size_t n = 0;
    for (size_t i = 0; list && i < rows->n; i++)
        if (!gone[i]) list[n++] = (uint32_t)i;
    bool done = list && take_rows(rows, list, n, err);
    mem_free(list);
    return done;
}

static bool mark_surplus(const Balance *balance, uint8_t *gone, Err *err)
{
    for (int32_t c = 0; c < balance->rows->n_levels; c++) {
        uint32_t *order = shuffled(balance, c, err);
        if (!order) return false;
        for (size_t i = balance->wanted[c]; i < balance->counts[c]; i++) gone[order[i]] = 1;
        mem_free(order);
    }
    return true;
}

static bool mark_links(const Balance *balance, uint8_t *gone, Err *err)
{
    const BalanceRows *rows = balance->rows;
    const Prep *prep = balance->prep;
    BalanceSpace space;
    uint32_t *all = mem_get(rows->n, sizeof *all, err);
    for (size_t i = 0; all && i < rows->n; i++) all[i] = (uint32_t)i;
    bool done = all && balance_space_open(&space, rows->x, rows->n, rows->width, prep->feature_from,
                                          prep->feature_levels, err);
    done = done && balance_space_weigh(&space, all, rows->n, err) &&
           balance_links(&space, rows->level, rows->n_levels, gone, err);
    if (all) balance_space_close(&space);
    mem_free(all);
    return done;
}

static bool run_fewer(const Balance *balance, Err *err)
{
    uint8_t *gone = mem_get(balance->rows->n, 1, err);
    bool links = balance_is(balance, "tomek");
    bool done = gone && (links ? mark_links(balance, gone, err) : mark_surplus(balance, gone, err)) &&
                keep_unmarked(balance->rows, gone, err);
    mem_free(gone);
    return done;
}

/* ---- a step */

static bool check_classes(const Balance *balance, Err *err)
{
    const Prep *prep = balance->prep;
    int present = 0, last = 0;
    for (int c = 0; c < balance->rows->n_levels; c++)
        if (balance->counts[c]) present++, last = c;
    if (present > 1) return true;
    return ERR(err, balance_classes, prep->target, prep->target_levels[last]);
}

static bool run_step(const Balance *balance, Err *err)
{
    bool over = balance_is(balance, "over"), under = balance_is(balance, "under");
    const char *method = option_text(balance->options, "method");
    balance_count(balance->rows, balance->counts);
    if (!check_classes(balance, err)) return false;
    if (!balance->rows->x && !over && !under) {
        ERR(err, balance_samples, method, sample_kind_name(balance->prep->sample.kind));
        return err_hint(err, "method=over or method=under, which take whole ones");
    }
    want(balance);
    if (over) return run_over(balance, err);
    if (under || balance_is(balance, "tomek")) return run_fewer(balance, err);
    return balance_add_mixed(balance, err);
}

bool balance_run(const Prep *prep, uint64_t seed, BalanceRows *rows, Notes *notes, Err *err)
{
    Arena *arena = arena_new();
    size_t size = ((size_t)rows->n_levels + 1) * sizeof(size_t);
    Balance balance = { .prep = prep,
                        .rows = rows,
                        .notes = notes,
                        .counts = arena_take(arena, size),
                        .wanted = arena_take(arena, size) };
    bool done = true;
    for (int i = 0; done && i < prep->n_steps; i++) {
        const Options *options = prep->steps[i].options;
        if (!text_equal(prep->steps[i].kind->kind.name, "balance")) continue;
        bool own = option_given(options, "seed");
        uint64_t from = own ? (uint64_t)option_number(options, "seed") : seed;
        balance.options = options;
        balance.key = rng_key(from, "balance", arena_format(arena, "%d", i));
        done = run_step(&balance, err);
    }
    arena_free(arena);
    return done;
}
