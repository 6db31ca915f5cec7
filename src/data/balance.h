/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balancing: training rows made of training rows, so that rare classes are seen as often as asked. The recipe
 * step `balance` says how; training does it, once its rows are gathered, so that no other row is ever a
 * source. */
#ifndef FNS_DATA_BALANCE_H
#define FNS_DATA_BALANCE_H

#include "data/prep.h"

enum { BALANCE_NEAREST_MAX = 100 };

/* Gathered training samples; every array is from mem_get and the caller's to free. */
typedef struct BalanceRows {
    size_t n, width;
    real *x;          /* (n, width): their inputs; NULL: samples of several rows, which cannot be mixed */
    uint32_t *source; /* (n): the sample that this one is, is a copy of, or began as */
    int32_t *level;   /* (n): class, from 0 */
    int n_levels;
    size_t n_mixed; /* how many are neither sample nor copy */
} BalanceRows;

/* Whether the preparation has such a step; whether each of them lets the probabilities be corrected. */
bool prep_balances(const Prep *prep);
bool prep_balance_corrects(const Prep *prep);

/* Does what the preparation's balance steps say, in their order. `seed`: where a step names none. Errors:
 * balance_classes, balance_few, balance_samples, balance_alone, too_many_rows. */
bool balance_run(const Prep *prep, uint64_t seed, BalanceRows *rows, Notes *notes, Err *err);
/* Puts the rows into the order of their sources, copies after the row itself. */
bool balance_sort(BalanceRows *rows, Err *err);
void balance_count(const BalanceRows *rows, size_t *counts); /* (n_levels) */
void balance_free(BalanceRows *rows);

/* ---- the parts, for the methods and for tests */

/* How alike rows are (balance_near.c): squared differences of numbers, and for each nominal unit (a
 * category's 0/1 columns, a code, any input with two values at most) that differs the square of the median
 * standard deviation of the numbers over the rows of one class (Chawla and others 2002, SMOTE-NC). */
typedef struct BalanceSpace {
    const real *x; /* (n, width), not owned */
    size_t n, width, n_numbers, n_units, stride;
    uint32_t *number; /* (n_numbers): columns */
    real *packed;     /* (n, stride): the numbers alone, then zeros */
    uint32_t *unit;   /* (width): unit of a nominal column, UINT32_MAX: a number */
    uint64_t *state;  /* (n, n_units): equal where the unit has the same values */
    double penalty;   /* of a unit that differs, squared */
} BalanceSpace;

/* from: of each column (width) the frame column that it came from, or NULL; levels: as prep->feature_levels,
 * or NULL. Free with balance_space_close. */
bool balance_space_open(BalanceSpace *space, const real *x, size_t n, size_t width, const char *const *from,
                        const int *levels, Err *err);
void balance_space_close(BalanceSpace *space);
/* Sets the penalty by the rows list[0..n-1]; 1 without numbers. */
bool balance_space_weigh(BalanceSpace *space, const uint32_t *list, size_t n, Err *err);
/* The numbers with the smallest standard deviation above 0 and with the largest; returns their quotient, 0
 * where fewer than two vary. */
double balance_space_spread(const BalanceSpace *space, size_t *least, size_t *most);
/* The k rows of list (n; NULL: all rows) nearest to `row`, itself left out, by distance, then by place;
 * returns how many there are. */
int balance_nearest(const BalanceSpace *space, size_t row, const uint32_t *list, size_t n, int k,
                    uint32_t *out);

/* out (width) = a + u (b - a) of numbers; units take the state that most of the k rows `near` have, of
 * equally frequent ones a's own, else the nearest's. */
void balance_mix(const BalanceSpace *space, size_t a, size_t b, double u, const uint32_t *near, int k,
                 real *out);
/* ADASYN (He and others 2008): counts (n) = round(r / sum(r) made), halves to even; false: every r is 0. */
bool balance_shares(const double *r, size_t n, size_t made, uint32_t *counts);
/* Tomek links (1976): marks (n) the rows of links, but those of the smallest class. */
bool balance_links(const BalanceSpace *space, const int32_t *level, int n_levels, uint8_t *marked, Err *err);

#endif
