/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folds for cross-validation: stratified by the target's levels, whole groups where there is a group
 * role; sizes within one row (or one group). */
#include <math.h>

#include "data/foldplan.h"
#include "data/cellorder.h"
#include "data/order.h"
#include "data/sample.h"
#include "numeric/rng.h"

typedef struct FoldWork {
    const Frame *frame;
    const uint32_t *owners;  /* of whole samples: only their target rows are dealt. Or NULL */
    uint32_t *rows, *places; /* physical and frame rows that get a fold */
    uint32_t *classes;       /* of each of them */
    size_t n;
    uint32_t n_classes;
} FoldWork;

bool folds_hold(const Frame *frame, size_t row)
{
    const Split *split = frame->split;
    uint8_t part = split ? split->part[frame_physical(frame, row)] : PART_TRAIN;
    bool is_fold = split && split->folds && part >= 3 && part != PART_NONE;
    return part == PART_TRAIN || part == PART_VALID || is_fold;
}

static void collect(FoldWork *work, int32_t *fold)
{
    const Frame *frame = work->frame;
    for (size_t i = 0; i < frame->n_rows; i++) {
        fold[i] = FOLD_NONE;
        if (!folds_hold(frame, i)) continue;
        if (work->owners && work->owners[i] != i) continue;
        work->rows[work->n] = (uint32_t)frame_physical(frame, i);
        work->places[work->n++] = (uint32_t)i;
    }
}

/* Classes: groups, else target levels, else all alike. */
static bool classify(FoldWork *work, bool by_group, Err *err)
{
    const Frame *frame = work->frame;
    int column = frame_role(frame, by_group ? ROLE_GROUP : ROLE_TARGET);
    work->n_classes = 1;
    if (by_group)
        return rows_classes(frame->columns[column].column, work->rows, work->n, work->classes,
                            &work->n_classes, err);
    Arena *scratch = arena_new();
    TargetInfo target;
    bool ok = frame_target(frame, scratch, &target, err);
    if (ok && (target.kind == 'b' || target.kind == 'c'))
        ok = rows_classes(frame->columns[column].column, work->rows, work->n, work->classes, &work->n_classes,
                          err);
    arena_free(scratch);
    return ok;
}

/* Rows in random order, then by class: dealt in turn, so that each class and the whole are even. */
static int compare_classes(const void *context, uint32_t a, uint32_t b)
{
    const uint32_t *classes = context;
    return (classes[a] > classes[b]) - (classes[a] < classes[b]);
}

static bool deal_rows(FoldWork *work, int k, RngKey key, int32_t *fold, Err *err)
{
    uint32_t *order = mem_get(work->n, sizeof *order, err);
    if (!order) return false;
    rng_permutation(key, 0, order, work->n);
    bool ok = rows_order(order, work->n, compare_classes, work->classes, err);
    for (size_t i = 0; ok && i < work->n; i++) fold[work->places[order[i]]] = (int32_t)(i % (size_t)k);
    mem_free(order);
    return ok;
}

/* Groups in random order, each to the fold with the fewest rows. */
static bool deal_groups(FoldWork *work, int k, RngKey key, int32_t *fold, Err *err)
{
    size_t n = work->n_classes;
    uint32_t *order = mem_get(n, sizeof *order, err);
    size_t *sizes = mem_get(n, sizeof *sizes, err), *filled = mem_get((size_t)k, sizeof *filled, err);
    int32_t *fold_of = mem_get(n, sizeof *fold_of, err);
    bool ok = order && sizes && filled && fold_of;
    if (ok) rng_permutation(key, 0, order, n);
    for (size_t i = 0; ok && i < work->n; i++) sizes[work->classes[i]]++;
    for (size_t g = 0; ok && g < n; g++) {
        int least = 0;
        for (int f = 1; f < k; f++)
            if (filled[f] < filled[least]) least = f;
        fold_of[order[g]] = least;
        filled[least] += sizes[order[g]];
    }
    for (size_t i = 0; ok && i < work->n; i++) fold[work->places[i]] = fold_of[work->classes[i]];
    mem_free(order);
    mem_free(sizes);
    mem_free(filled);
    mem_free(fold_of);
    return ok;
}

static bool make_folds(FoldWork *work, int k, uint64_t seed, int32_t *fold, Err *err)
{
    bool by_group = frame_role(work->frame, ROLE_GROUP) >= 0;
    collect(work, fold);
    if (k < 2 || work->n < (size_t)k) return ERR(err, cannot_fold, INT(k), INT(work->n), "rows");
    if (!classify(work, by_group, err)) return false;
    if (by_group && work->n_classes < (uint32_t)k)
        return ERR(err, cannot_fold, INT(k), INT(work->n_classes), "groups");
    RngKey key = rng_key(seed, "folds", "");
    return by_group ? deal_groups(work, k, key, fold, err) : deal_rows(work, k, key, fold, err);
}

static bool deal(const Frame *frame, const uint32_t *owners, int k, uint64_t seed, int32_t *fold, Err *err)
{
    FoldWork work = { .frame = frame,
                      .owners = owners,
                      .rows = mem_get(frame->n_rows, sizeof *work.rows, err),
                      .places = mem_get(frame->n_rows, sizeof *work.places, err),
                      .classes = mem_get(frame->n_rows, sizeof *work.classes, err) };
    bool ok = work.rows && work.places && work.classes && make_folds(&work, k, seed, fold, err);
    mem_free(work.rows);
    mem_free(work.places);
    mem_free(work.classes);
    return ok;
}

bool folds_make(const Frame *frame, int k, uint64_t seed, int32_t *fold, Err *err)
{
    if (!sample_is_whole(&frame->sample)) return deal(frame, NULL, k, seed, fold, err);
    uint32_t *owners = mem_get(frame->n_rows, sizeof *owners, err);
    bool ok = owners && sample_owners(frame, owners, err) && deal(frame, owners, k, seed, fold, err);
    for (size_t i = 0; ok && i < frame->n_rows; i++)
        if (owners[i] != SAMPLE_NO_ROW) fold[i] = fold[owners[i]];
    mem_free(owners);
    return ok;
}
