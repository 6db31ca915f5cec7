/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A balance step at work; shared by the files that do it. */
#ifndef FNS_DATA_BALANCEWORK_H
#define FNS_DATA_BALANCEWORK_H

#include "data/balance.h"
#include "numeric/rng.h"

typedef struct Balance {
    const Prep *prep;
    const Options *options; /* of the step */
    BalanceRows *rows;
    Notes *notes;
    RngKey key;
    size_t *counts; /* (n_levels) before the step */
    size_t *wanted; /* (n_levels) after it, as far as the options say */
} Balance;

static inline bool balance_is(const Balance *balance, const char *method)
{
    return text_equal(option_text(balance->options, "method"), method);
}

/* The rows of a class, in order (counts[level]). Free with mem_free. */
uint32_t *balance_members(const Balance *balance, int32_t level, Err *err);
/* smote, adasyn: adds rows between rows. (balance_made.c) */
bool balance_add_mixed(const Balance *balance, Err *err);

#endif
