/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash of each row, made column by column; rows are divided by its leading bits into parts that fit the
 * cache, and in each part looked up in a table. What has equal hashes is compared cell by cell. */
#include "data/looking/duplicates.h"

#include <string.h>

#include "data/looking/rowgroups.h"

enum { PART_BITS = 10, PARTS = 1 << PART_BITS, FREE = UINT32_MAX };

typedef struct Work {
    const Frame *frame;
    uint64_t *hash;  /* (n_rows) */
    uint32_t *order; /* (n_rows) rows by part, each part in row order */
    uint32_t *slots;
    size_t n_slots; /* a power of 2 */
} Work;

static uint64_t mix(uint64_t hash, uint64_t bits)
{
    hash = (hash ^ bits) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

static void hash_rows(const Work *work)
{
    const Frame *frame = work->frame;
    for (int c = 0; c < frame->n_columns; c++) {
        const Column *column = frame->columns[c].column;
        for (size_t i = 0; i < frame->n_rows; i++)
            work->hash[i] = mix(work->hash[i], cell_bits(column, frame_physical(frame, i)));
    }
}

static bool equal_rows(const Frame *frame, size_t a, size_t b)
{
    for (int c = 0; c < frame->n_columns; c++) {
        const Column *column = frame->columns[c].column;
        if (cell_bits(column, frame_physical(frame, a)) != cell_bits(column, frame_physical(frame, b)))
            return false;
    }
    return true;
}

static size_t part_of(uint64_t hash)
{
    return (size_t)(hash >> (64 - PART_BITS));
}

/* ends[p]: where part p ends in the order. */
static size_t divide(const Work *work, size_t ends[PARTS])
{
    size_t n = work->frame->n_rows, sum = 0, largest = 0;
    memset(ends, 0, PARTS * sizeof *ends);
    for (size_t i = 0; i < n; i++) ends[part_of(work->hash[i])]++;
    for (size_t p = 0; p < PARTS; p++) {
        size_t count = ends[p];
        largest = count > largest ? count : largest;
        ends[p] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) work->order[ends[part_of(work->hash[i])]++] = (uint32_t)i;
    return largest;
}

static size_t search_part(const Work *work, const uint32_t *rows, size_t n, size_t *first)
{
    size_t count = 0, mask = 15;
    while (mask < 2 * n) mask = 2 * mask + 1;
    memset(work->slots, 0xFF, (mask + 1) * sizeof *work->slots);
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = work->hash[rows[i]];
        size_t at = (size_t)hash & mask;
        uint32_t there = FREE;
        for (; (there = work->slots[at]) != FREE; at = (at + 1) & mask)
            if (work->hash[there] == hash && equal_rows(work->frame, there, rows[i])) break;
        if (there == FREE) {
            work->slots[at] = rows[i];
            continue;
        }
        count++;
        if (rows[i] < *first) *first = rows[i];
    }
    return count;
}

bool duplicates_count(const Frame *frame, size_t *count, size_t *first, Err *err)
{
    Work work = { frame, NULL, NULL, NULL, 16 };
    size_t ends[PARTS], from = 0;
    *count = 0;
    *first = SIZE_MAX;
    if (!frame->n_columns) return true;
    work.hash = mem_get(frame->n_rows, sizeof *work.hash, err);
    work.order = work.hash ? mem_get(frame->n_rows, sizeof *work.order, err) : NULL;
    if (work.order) {
        hash_rows(&work);
        size_t largest = divide(&work, ends);
        while (work.n_slots < 4 * largest) work.n_slots *= 2;
        work.slots = mem_get(work.n_slots, sizeof *work.slots, err);
    }
    for (size_t p = 0; work.slots && p < PARTS; from = ends[p++])
        *count += search_part(&work, work.order + from, ends[p] - from, first);
    bool ok = work.slots != NULL;
    mem_free(work.hash);
    mem_free(work.order);
    mem_free(work.slots);
    return ok;
}
