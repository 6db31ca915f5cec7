/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/looking/prices.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "data/looking/profile.h"

static const struct {
    const char *word;
    PriceKind kind;
} words[] = {
    { "adjusted close", PRICE_ADJUSTED },
    { "adjusted_close", PRICE_ADJUSTED },
    { "adj close", PRICE_ADJUSTED },
    { "adj_close", PRICE_ADJUSTED },
    { "adj.close", PRICE_ADJUSTED },
    { "adjclose", PRICE_ADJUSTED },
    { "adjusted", PRICE_ADJUSTED },
    { "open", PRICE_OPEN },
    { "high", PRICE_HIGH },
    { "low", PRICE_LOW },
    { "close", PRICE_CLOSE },
    { "price", PRICE_CLOSE },
    { "last", PRICE_CLOSE },
};

/* The kind that a name ends in, and how much stands before it; PRICE_KINDS: none. */
static PriceKind kind_of(const char *name, size_t *before)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].word);
        if (n > length || strcasecmp(name + length - n, words[i].word)) continue;
        *before = length - n;
        if (*before == 0 || strchr("_.- ", name[*before - 1])) return words[i].kind;
    }
    return PRICE_KINDS;
}

static bool same_prefix(const Frame *frame, const PriceSet *set, const char *name, size_t before)
{
    for (int k = 0; k < PRICE_KINDS; k++) {
        if (set->columns[k] < 0) continue;
        size_t own = 0;
        const char *other = frame->columns[set->columns[k]].name;
        kind_of(other, &own);
        return own == before && !strncmp(other, name, before);
    }
    return false;
}

int prices_find(const Frame *frame, PriceSet sets[PRICE_SETS_MAX])
{
    int n = 0;
    for (int c = 0; c < frame->n_columns; c++) {
        size_t before = 0;
        const char *name = frame->columns[c].name;
        PriceKind kind = column_is_numeric(frame->columns[c].column) ? kind_of(name, &before) : PRICE_KINDS;
        if (kind == PRICE_KINDS) continue;
        int s = 0;
        while (s < n && !same_prefix(frame, &sets[s], name, before)) s++;
        if (s == PRICE_SETS_MAX) continue;
        if (s == n) sets[n++] = (PriceSet){ { -1, -1, -1, -1, -1 } };
        if (sets[s].columns[kind] < 0) sets[s].columns[kind] = c;
    }
    return n;
}

static void count_fault(Fault *fault, size_t row)
{
    if (!fault->count || row < fault->first) fault->first = row;
    fault->count++;
}

static double price_at(const Frame *frame, int column, size_t row)
{
    return column < 0 ? NAN : column_number(frame->columns[column].column, frame_physical(frame, row));
}

void prices_check_order(const Frame *frame, const PriceSet *set, Fault *crossed, Fault *outside, Fault *flat)
{
    const int *columns = set->columns;
    *crossed = *outside = *flat = (Fault){ 0 };
    if (columns[PRICE_HIGH] < 0 || columns[PRICE_LOW] < 0) return;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double high = price_at(frame, columns[PRICE_HIGH], i), low = price_at(frame, columns[PRICE_LOW], i);
        double open = price_at(frame, columns[PRICE_OPEN], i),
               close = price_at(frame, columns[PRICE_CLOSE], i);
        if (high < low)
            count_fault(crossed, i);
        else if (open > high || open < low || close > high || close < low)
            count_fault(outside, i);
        else if (high == low && open == high && close == high)
            count_fault(flat, i);
    }
}

void prices_check_sign(const Frame *frame, int column, Fault *fault)
{
    *fault = (Fault){ 0 };
    for (size_t i = 0; i < frame->n_rows; i++)
        if (price_at(frame, column, i) <= 0) count_fault(fault, i);
}

void prices_check_series(const Frame *frame, const Panel *panel, int column, Fault *stale, size_t *longest,
                         Fault *jumps)
{
    size_t run = 0, run_first = 0;
    double last = NAN, known = NAN; /* known: the last price of the id that can be one */
    *stale = *jumps = (Fault){ 0 };
    *longest = 0;
    for (size_t place = 0; place < panel->n; place++) {
        size_t row = panel->order[place];
        bool follows = place > 0 && panel->first[place] == panel->first[place - 1];
        double price = price_at(frame, column, row);
        if (!follows) known = NAN;
        if (known > 0 && price > 0 && fabs(log(price / known)) > PRICE_JUMP) count_fault(jumps, row);
        if (price > 0) known = price;
        if (!follows || price != last) {
            run = 0;
            run_first = row;
        }
        run++;
        last = price;
        if (isnan(price)) run = 0;
        if (run >= STALE_RUN) stale->count += run == STALE_RUN ? STALE_RUN : 1;
        if (run < STALE_RUN || run <= *longest) continue;
        *longest = run;
        stale->first = run_first;
    }
}
