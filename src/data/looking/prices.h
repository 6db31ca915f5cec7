/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Price columns, found by their names, and what is wrong with them. */
#ifndef FNS_DATA_LOOKING_PRICES_H
#define FNS_DATA_LOOKING_PRICES_H

#include "data/panel.h"

enum { PRICE_SETS_MAX = 16, STALE_RUN = 5 };
#define PRICE_JUMP 0.4 /* |log return| */

typedef enum PriceKind {
    PRICE_OPEN,
    PRICE_HIGH,
    PRICE_LOW,
    PRICE_CLOSE,
    PRICE_ADJUSTED,
    PRICE_KINDS
} PriceKind;

/* The columns of one instrument: open, high, low, close (also price, last), adjusted close; -1: none. Their
 * names are these words, alone or after the same text and one of _ . - or a blank. */
typedef struct PriceSet {
    int columns[PRICE_KINDS];
} PriceSet;
int prices_find(const Frame *frame, PriceSet sets[PRICE_SETS_MAX]); /* how many */

/* Rows with some fault and the first of them (a frame row), where count > 0. */
typedef struct Fault {
    size_t count, first;
} Fault;

/* high < low; open or close outside [low, high]; all four equal. */
void prices_check_order(const Frame *frame, const PriceSet *set, Fault *crossed, Fault *outside, Fault *flat);
/* Zero or less. */
void prices_check_sign(const Frame *frame, int column, Fault *fault);
/* Rows in runs of STALE_RUN equal values and more, the longest run and its first row; and |log return| above
 * PRICE_JUMP from the last price above 0. In the order of the panel. */
void prices_check_series(const Frame *frame, const Panel *panel, int column, Fault *stale, size_t *longest,
                         Fault *jumps);

#endif
