/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/surrogate.h"

#include <math.h>
#include <string.h>

#include "data/gather.h"
#include "data/labeltimes.h"
#include "data/panel.h"
#include "data/rowprogram.h"
#include "numeric/rng.h"

size_t surrogate_block(const Frame *frame)
{
    if (!frame_is_ordered(frame)) return 1;
    size_t root = (size_t)ceil(cbrt((double)frame->n_rows)), horizon = (size_t)frame_horizon(frame);
    return root > horizon ? root : horizon;
}

/* The rows whose cells are permuted, in order: those that have one. */
static size_t rows_with_cell(const Frame *frame, const Column *column, uint32_t *rows, Err *err)
{
    Panel panel = { 0 };
    SampleBy by = frame_samples(frame);
    size_t n = 0;
    if (!frame_is_ordered(frame)) {
        for (size_t i = 0; i < frame->n_rows; i++)
            if (!column_is_missing(column, frame_physical(frame, i)))
                rows[n++] = (uint32_t)frame_physical(frame, i);
        return n;
    }
    if (!panel_open(&panel, frame, &by, err)) return SIZE_MAX;
    for (size_t i = 0; i < panel.n; i++) {
        size_t physical = frame_physical(frame, panel.order[i]);
        if (!column_is_missing(column, physical)) rows[n++] = (uint32_t)physical;
    }
    panel_close(&panel);
    return n;
}

/* from[rows[i]] is where row rows[i] gets its cell: blocks in another order. */
static bool permute_blocks(const uint32_t *rows, size_t n, size_t block, RngKey key, int round,
                           uint32_t *from, Err *err)
{
    size_t blocks = (n + block - 1) / block, at = 0;
    uint32_t *order = mem_get(blocks, sizeof *order, err);
    if (!order) return false;
    rng_permutation(key, (uint64_t)round, order, blocks);
    for (size_t k = 0; k < blocks; k++)
        for (size_t i = order[k] * block; i < (order[k] + 1) * block && i < n; i++)
            from[rows[at++]] = rows[i];
    mem_free(order);
    return true;
}

/* The column with its cells in other rows of the frame. */
static Column *permuted(const Frame *frame, const Column *column, size_t block, RngKey key, int round,
                        Err *err)
{
    uint32_t *rows = mem_get(frame->n_rows, sizeof *rows, err);
    uint32_t *from = rows ? mem_get(frame->n_physical, sizeof *from, err) : NULL;
    size_t n = from ? rows_with_cell(frame, column, rows, err) : SIZE_MAX;
    Column *out = NULL;
    for (size_t i = 0; from && i < frame->n_physical; i++) from[i] = (uint32_t)i;
    if (n != SIZE_MAX && permute_blocks(rows, n, block, key, round, from, err))
        out = column_take(column, from, frame->n_physical, err);
    mem_free(from);
    mem_free(rows);
    return out;
}

static bool permute_column(Frame *frame, int c, size_t block, RngKey key, int round, Err *err)
{
    Column *column = permuted(frame, frame->columns[c].column, block, key, round, err);
    if (!column) return false;
    column_unref(frame->columns[c].column);
    frame->columns[c].column = column;
    return true;
}

/* The truth of a simulator is that of other rows now. */
static Frame *begin(const Frame *frame)
{
    Frame *version = frame_version(frame);
    column_unref(version->truth);
    version->truth = NULL;
    return version;
}

static Frame *finish(Frame *version, bool ok)
{
    if (ok) return version;
    frame_unref(version);
    return NULL;
}

Frame *surrogate_shuffled(const Frame *frame, uint64_t seed, int round, Notes *notes, Progress *progress,
                          Err *err)
{
    int target = frame_role(frame, ROLE_TARGET);
    if (target < 0) {
        ERR(err, no_target, frame_label(frame));
        return NULL;
    }
    Frame *version = begin(frame);
    uint8_t *again = mem_get((size_t)frame->n_columns, 1, err);
    bool ok = again &&
              permute_column(version, target, surrogate_block(frame), rng_key(seed, "shuffle test", ""),
                             round, err) &&
              rowprogram_again(version, frame->columns[target].name, again, notes, progress, err);
    mem_free(again);
    return finish(version, ok);
}

/* The inputs, and what derived ones are made from: columns that no role sets aside. */
static bool permute_inputs(Frame *version, const uint8_t *derived, uint64_t seed, int round, Err *err)
{
    for (int c = 0; c < version->n_columns; c++) {
        const FrameColumn *column = &version->columns[c];
        if (column->role != ROLE_INPUT || derived[c]) continue;
        if (!permute_column(version, c, 1, rng_key(seed, "noise test", column->name), round, err))
            return false;
    }
    return true;
}

Frame *surrogate_noise(const Frame *frame, uint64_t seed, int round, Notes *notes, Progress *progress,
                       Err *err)
{
    int target = frame_role(frame, ROLE_TARGET);
    if (target < 0) {
        ERR(err, no_target, frame_label(frame));
        return NULL;
    }
    Frame *version = begin(frame);
    const char *kept = frame->columns[target].name;
    uint8_t *derived = mem_get((size_t)frame->n_columns, 1, err);
    bool ok = derived && rowprogram_again(version, kept, derived, notes, progress, err) &&
              permute_inputs(version, derived, seed, round, err) &&
              rowprogram_again(version, kept, derived, notes, progress, err);
    mem_free(derived);
    return finish(version, ok);
}
