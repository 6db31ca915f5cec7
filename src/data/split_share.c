/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits by chance: over all rows, within classes (shares within one row), or over whole groups. */
#include <math.h>
#include <string.h>

#include "data/cellorder.h"
#include "data/splitwork.h"
#include "numeric/rng.h"

/* The whole part of n * share, and its fraction; products that are whole but for rounding are whole. */
static size_t whole_part(size_t n, double share, double *fraction)
{
    double exact = (double)n * share, nearest = round(exact);
    if (fabs(exact - nearest) <= 1e-9 * fmax(1, exact)) exact = nearest;
    double whole = floor(exact);
    *fraction = exact - whole;
    return (size_t)whole;
}

void split_counts(size_t n, const double share[SHARES], size_t counts[SHARES])
{
    double fraction[SHARES];
    size_t given = 0;
    for (int p = 0; p < SHARES; p++) given += counts[p] = whole_part(n, share[p], &fraction[p]);
    while (given < n) {
        int best = 0;
        for (int p = 1; p < SHARES; p++)
            if (fraction[p] > fraction[best]) best = p;
        counts[best]++;
        fraction[best] = -1;
        given++;
    }
}

/* Places 0..n-1 in random order; from mem_get. */
static uint32_t *shuffled(const SplitWork *work, size_t n, Err *err)
{
    uint32_t *order = mem_get(n, sizeof *order, err);
    if (order) rng_permutation(rng_key(work->plan->seed, "split", ""), 0, order, n);
    return order;
}

static uint8_t share_part(int share)
{
    return share == SHARES - 1 ? PART_NONE : (uint8_t)share;
}

bool split_by_chance(SplitWork *work, Err *err)
{
    uint32_t *order = shuffled(work, work->n, err);
    if (!order) return false;
    size_t counts[SHARES], i = 0;
    split_counts(work->n, work->share, counts);
    for (int p = 0; p < SHARES; p++)
        for (size_t k = 0; k < counts[p]; k++) work->split->part[work->rows[order[i++]]] = share_part(p);
    mem_free(order);
    return true;
}

/* Rounds the table n_c * share_p so that rows sum to n_c, columns to the exact counts of the whole, and
 * every cell is the next whole number below or above: a flow from classes to parts, found by augmenting
 * paths. Where no such table exists a column gives way by one, never a cell. */
typedef struct Rounding {
    size_t n_classes;
    size_t (*cells)[SHARES]; /* rounded down, then up by `extra` */
    uint8_t (*may)[SHARES];  /* the exact cell is not whole */
    uint8_t (*extra)[SHARES];
    size_t room[SHARES]; /* extras that each part still takes */
} Rounding;

static bool place_extra(Rounding *table, size_t class, unsigned *visited)
{
    for (int p = 0; p < SHARES; p++) {
        if (!table->may[class][p] || table->extra[class][p] || (*visited & 1u << p)) continue;
        *visited |= 1u << p;
        bool placed = table->room[p] > 0;
        if (placed) table->room[p]--;
        for (size_t other = 0; !placed && other < table->n_classes; other++) {
            if (!table->extra[other][p]) continue;
            placed = place_extra(table, other, visited);
            if (placed) table->extra[other][p] = 0;
        }
        if (placed) {
            table->extra[class][p] = 1;
            return true;
        }
    }
    return false;
}

static void place_anywhere(Rounding *table, size_t class)
{
    for (int p = 0; p < SHARES; p++)
        if (table->may[class][p] && !table->extra[class][p]) {
            table->extra[class][p] = 1;
            return;
        }
}

static void round_table(Rounding *table, const size_t *class_n, const double share[SHARES], size_t n)
{
    split_counts(n, share, table->room);
    for (size_t c = 0; c < table->n_classes; c++)
        for (int p = 0; p < SHARES; p++) {
            double fraction;
            table->cells[c][p] = whole_part(class_n[c], share[p], &fraction);
            table->may[c][p] = fraction > 0;
            size_t *room = &table->room[p];
            *room -= table->cells[c][p] < *room ? table->cells[c][p] : *room;
        }
    for (size_t c = 0; c < table->n_classes; c++) {
        size_t given = 0;
        for (int p = 0; p < SHARES; p++) given += table->cells[c][p];
        for (; given < class_n[c]; given++) {
            unsigned visited = 0;
            if (!place_extra(table, c, &visited)) place_anywhere(table, c);
        }
    }
    for (size_t c = 0; c < table->n_classes; c++)
        for (int p = 0; p < SHARES; p++) table->cells[c][p] += table->extra[c][p];
}

/* Deals the rows in random order: each takes the first part in which its class has room. */
static bool deal_rows(SplitWork *work, const uint32_t *classes, Rounding *table, Err *err)
{
    uint32_t *order = shuffled(work, work->n, err);
    if (!order) return false;
    for (size_t i = 0; i < work->n; i++) {
        size_t *left = table->cells[classes[order[i]]];
        int p = 0;
        while (p < SHARES - 1 && left[p] == 0) p++;
        left[p] -= left[p] > 0;
        work->split->part[work->rows[order[i]]] = share_part(p);
    }
    mem_free(order);
    return true;
}

static bool deal_classes(SplitWork *work, const uint32_t *classes, size_t n_classes, Err *err)
{
    Rounding table = { .n_classes = n_classes,
                       .cells = mem_get(n_classes, sizeof *table.cells, err),
                       .may = mem_get(n_classes, sizeof *table.may, err),
                       .extra = mem_get(n_classes, sizeof *table.extra, err) };
    size_t *class_n = mem_get(n_classes, sizeof *class_n, err);
    bool ok = table.cells && table.may && table.extra && class_n;
    if (ok) {
        for (size_t i = 0; i < work->n; i++) class_n[classes[i]]++;
        round_table(&table, class_n, work->share, work->n);
        ok = deal_rows(work, classes, &table, err);
    }
    mem_free(table.cells);
    mem_free(table.may);
    mem_free(table.extra);
    mem_free(class_n);
    return ok;
}

enum { CLASSES_MAX = 1000 };

bool split_by_class(SplitWork *work, Err *err)
{
    const FrameColumn *column = &work->frame->columns[work->plan->stratify];
    uint32_t *classes = mem_get(work->n, sizeof *classes, err), n_classes = 0;
    bool ok = classes && rows_classes(column->column, work->rows, work->n, classes, &n_classes, err);
    if (ok && n_classes > CLASSES_MAX) {
        ERR(err, bad_split, "stratify= takes a column with at most 1000 different values");
        ok = err_hint(err, "'%s' has %u", column->name, n_classes);
    }
    ok = ok && deal_classes(work, classes, n_classes, err);
    mem_free(classes);
    return ok;
}

/* Groups come in random order; each goes where most rows are still wanted. */
static bool deal_groups(SplitWork *work, const uint32_t *groups, size_t n_groups, Err *err)
{
    uint32_t *order = shuffled(work, n_groups, err);
    size_t *sizes = mem_get(n_groups, sizeof *sizes, err);
    uint8_t *part = mem_get(n_groups, sizeof *part, err);
    bool ok = order && sizes && part;
    double wanted[SHARES];
    for (int p = 0; p < SHARES; p++) wanted[p] = work->share[p] * (double)work->n;
    for (size_t i = 0; ok && i < work->n; i++) sizes[groups[i]]++;
    for (size_t g = 0; ok && g < n_groups; g++) {
        int best = 0;
        for (int p = 1; p < SHARES; p++)
            if (wanted[p] > wanted[best]) best = p;
        wanted[best] -= (double)sizes[order[g]];
        part[order[g]] = share_part(best);
    }
    for (size_t i = 0; ok && i < work->n; i++) work->split->part[work->rows[i]] = part[groups[i]];
    mem_free(order);
    mem_free(sizes);
    mem_free(part);
    return ok;
}

bool split_by_group(SplitWork *work, Err *err)
{
    const FrameColumn *column = &work->frame->columns[work->plan->group];
    for (size_t i = 0; i < work->n; i++)
        if (column_is_missing(column->column, work->rows[i])) {
            ERR(err, bad_split, "the group column has missing values");
            return err_hint(err, "'%s' is missing in row %u", column->name, work->rows[i] + 1);
        }
    uint32_t *groups = mem_get(work->n, sizeof *groups, err), n_groups = 0;
    bool ok = groups && rows_classes(column->column, work->rows, work->n, groups, &n_groups, err) &&
              deal_groups(work, groups, n_groups, err);
    mem_free(groups);
    return ok;
}
