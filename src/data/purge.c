/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/purge.h"

#include "base/mem.h"
#include "data/order.h"

/* Blocks in order of their beginning; to and edge are the greatest of this block and those before it. */
typedef struct Blocks {
    size_t n;
    int64_t *from, *to, *edge;
} Blocks;

static int compare_from(const void *context, uint32_t a, uint32_t b)
{
    const int64_t *from = context;
    return (from[a] > from[b]) - (from[a] < from[b]);
}

static int64_t edge_of(const LabelSpans *spans, size_t row)
{
    return spans->edge ? spans->edge[row] : INT64_MIN;
}

static void block_open(Blocks *blocks, int64_t from)
{
    size_t i = blocks->n++;
    blocks->from[i] = from;
    blocks->to[i] = i ? blocks->to[i - 1] : INT64_MIN;
    blocks->edge[i] = i ? blocks->edge[i - 1] : INT64_MIN;
}

static void block_add(Blocks *blocks, int64_t to, int64_t edge)
{
    size_t i = blocks->n - 1;
    if (to > blocks->to[i]) blocks->to[i] = to;
    if (edge > blocks->edge[i]) blocks->edge[i] = edge;
}

/* order: all rows by from. */
static void find_blocks(const LabelSpans *spans, const uint8_t *tests, const uint8_t *trains,
                        const uint32_t *order, Blocks *blocks)
{
    bool open = false;
    for (size_t i = 0; i < spans->n; i++) {
        uint32_t row = order[i];
        if (tests[row]) {
            if (!open) block_open(blocks, spans->from[row]);
            block_add(blocks, spans->to[row], edge_of(spans, row));
            open = true;
        } else if (trains[row]) {
            open = false;
        }
    }
}

/* Of the blocks that begin by the end of the label, the greatest end and edge decide. */
static bool meets(const Blocks *blocks, int64_t from, int64_t to)
{
    size_t low = 0, high = blocks->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (blocks->from[middle] <= to)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && (blocks->to[low - 1] >= from || blocks->edge[low - 1] >= from);
}

bool purge_training(const LabelSpans *spans, const uint8_t *tests, uint8_t *trains, size_t *n_purged,
                    Err *err)
{
    size_t n = spans->n;
    uint32_t *order = mem_get(n, sizeof *order, err);
    int64_t *room = order ? mem_get(n, 3 * sizeof *room, err) : NULL;
    Blocks blocks = { 0, room, room ? room + n : NULL, room ? room + 2 * n : NULL };
    for (size_t i = 0; room && i < n; i++) order[i] = (uint32_t)i;
    bool ok = room && rows_order(order, n, compare_from, spans->from, err);
    if (ok) find_blocks(spans, tests, trains, order, &blocks);
    for (size_t i = 0; ok && i < n; i++) {
        if (!trains[i] || !meets(&blocks, spans->from[i], spans->to[i])) continue;
        trains[i] = 0;
        ++*n_purged;
    }
    mem_free(room);
    mem_free(order);
    return ok;
}
