/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/steprows.h"

#include <string.h>

#include "base/hash.h"
#include "data/cellorder.h"
#include "data/order.h"

/* Frame rows by their place in a feature set. */
typedef struct RowList {
    const Prep *prep;
    const Frame *frame;
    const uint32_t *rows;
    size_t first, n;
} RowList;

static size_t row_at(const RowList *list, size_t i)
{
    return list->rows ? list->rows[i] : list->first + i;
}

static size_t physical_at(const RowList *list, size_t i)
{
    return frame_physical(list->frame, row_at(list, i));
}

unsigned prep_needs(const Prep *prep)
{
    unsigned needs = 0;
    for (int i = 0; i < prep->n_steps; i++)
        needs |= step_needs(prep->steps[i].kind, prep->steps[i].options, prep->time);
    return needs;
}

/* The column of a role by the name it had when the prep was made; NULL where it had none. */
static bool role_column(const RowList *list, const char *name, const Column **out, Err *err)
{
    int number;
    *out = NULL;
    if (!name) return true;
    if (!frame_column(list->frame, name, &number, err)) return false;
    *out = list->frame->columns[number].column;
    return true;
}

/* ---- rows that the model learned from */

static bool same_data(const Prep *prep, const Frame *frame)
{
    if (prep->data_hash && frame->hash) return strcmp(prep->data_hash, frame->hash) == 0;
    return prep->split && prep->split == frame->split;
}

static bool learned_from(const RowList *list, size_t i)
{
    const Prep *prep = list->prep;
    if (!prep->split) return prep->recipe || prep->n_train == list->frame->n_physical;
    return prep->split->part[physical_at(list, i)] == PART_TRAIN;
}

static uint32_t draw_of(const void *bytes, size_t length)
{
    return (uint32_t)(hash_bytes(bytes, length) >> 33) + 1;
}

/* All rows of an id draw the same, so that no fold learns from another one's ids. */
static uint32_t draw_row(const RowList *list, const Column *id, size_t i, Buf *text)
{
    uint64_t number = frame_row_number(list->frame, row_at(list, i));
    if (!id || column_is_missing(id, physical_at(list, i))) return draw_of(&number, sizeof number);
    column_text(id, physical_at(list, i), text);
    return draw_of(buf_text(text), text->length);
}

static bool fill_draws(StepRows *rows, const RowList *list, bool learning, Err *err)
{
    const Prep *prep = list->prep;
    const Column *id;
    Buf text = { 0 };
    bool known = learning || (same_data(prep, list->frame) &&
                              (!prep->split || prep->split->n == list->frame->n_physical));
    if (!known) return true;
    if (!role_column(list, prep->id, &id, err)) return false;
    rows->draw = mem_get(list->n, sizeof *rows->draw, err);
    for (size_t i = 0; rows->draw && i < list->n; i++) {
        buf_clear(&text);
        if (learning || learned_from(list, i)) rows->draw[i] = draw_row(list, id, i, &text);
    }
    buf_free(&text);
    return rows->draw != NULL;
}

/* ---- order and times */

/* A number from 0 for each value of a role's column; one number for all rows where it has none. */
static uint32_t *row_classes(const RowList *list, const char *role, uint32_t *n_classes, Err *err)
{
    const Column *column;
    *n_classes = 1;
    if (!role_column(list, role, &column, err)) return NULL;
    uint32_t *classes = mem_get(list->n, sizeof *classes, err);
    if (!classes || !column) return classes;
    uint32_t *physical = mem_get(list->n, sizeof *physical, err);
    for (size_t i = 0; physical && i < list->n; i++) physical[i] = (uint32_t)physical_at(list, i);
    bool ok = physical && rows_classes(column, physical, list->n, classes, n_classes, err);
    mem_free(physical);
    if (ok) return classes;
    mem_free(classes);
    return NULL;
}

typedef struct RowOrder {
    const RowList *list;
    const uint32_t *ids, *dates;
} RowOrder;

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const RowOrder *order = context;
    if (order->ids[a] != order->ids[b]) return order->ids[a] < order->ids[b] ? -1 : 1;
    if (order->dates[a] != order->dates[b]) return order->dates[a] < order->dates[b] ? -1 : 1;
    size_t x = row_at(order->list, a), y = row_at(order->list, b);
    return (x > y) - (x < y);
}

static bool fill_order(StepRows *rows, const RowList *list, const uint32_t *ids, Err *err)
{
    RowOrder order = { list, ids, rows->date };
    rows->order = mem_get(list->n, sizeof *rows->order, err);
    rows->first = mem_get(list->n, sizeof *rows->first, err);
    if (!rows->order || !rows->first) return false;
    for (size_t i = 0; i < list->n; i++) rows->order[i] = (uint32_t)i;
    if (!rows_order(rows->order, list->n, compare_rows, &order, err)) return false;
    for (size_t i = 1; i < list->n; i++) {
        bool same = ids[rows->order[i]] == ids[rows->order[i - 1]];
        rows->first[i] = same ? rows->first[i - 1] : (uint32_t)i;
    }
    return true;
}

static bool fill_rows(StepRows *rows, const RowList *list, unsigned needs, bool learning, Err *err)
{
    uint32_t n_ids, *ids = NULL;
    rows->time = list->prep->time;
    if ((needs & STEP_TARGET) && !fill_draws(rows, list, learning, err)) return false;
    if (!(needs & STEP_WHOLE)) return true;
    rows->date = row_classes(list, list->prep->time, &rows->n_dates, err);
    if (!rows->date || !(needs & STEP_SERIES)) return rows->date != NULL;
    ids = row_classes(list, list->prep->id, &n_ids, err);
    bool ok = ids && fill_order(rows, list, ids, err);
    mem_free(ids);
    return ok;
}

bool step_rows_open(StepRows *rows, const Prep *prep, const Frame *frame, const uint32_t *list, size_t first,
                    size_t n, unsigned needs, Err *err)
{
    *rows = (StepRows){ 0 };
    return fill_rows(rows, &(RowList){ prep, frame, list, first, n }, needs, false, err);
}

/* The mean is taken over rows with a target, where there is one: those are the rows that count. */
static bool fill_weights(StepRows *rows, const Prep *prep, const Frame *frame, const uint32_t *list, size_t n,
                         Err *err)
{
    if (!prep->weight) return true;
    double *w = mem_get(n, sizeof *w, err), sum = 0, counted = 0;
    rows->weight = w;
    if (!w || !prep_weights(prep, frame, list, n, w, err)) return false;
    for (size_t i = 0; i < n; i++) {
        if (rows->target && rows->target[i] != rows->target[i]) continue;
        sum += w[i];
        counted += 1;
    }
    for (size_t i = 0; i < n && sum > 0; i++) w[i] *= counted / sum;
    return true;
}

static bool fill_targets(StepRows *rows, const Frame *frame, const TargetInfo *target, const uint32_t *list,
                         size_t n, Err *err)
{
    double *y = mem_get(n, sizeof *y, err);
    for (size_t i = 0; y && i < n; i++) y[i] = frame_target_value(frame, target, list[i]);
    rows->target = y;
    rows->target_kind = target->kind;
    rows->levels = target->levels;
    rows->n_levels = target->n_levels;
    return y != NULL;
}

bool step_rows_learn(StepRows *rows, const Prep *prep, const Frame *frame, const TargetInfo *target,
                     const uint32_t *list, size_t n, unsigned needs, Err *err)
{
    *rows = (StepRows){ 0 };
    if (!fill_rows(rows, &(RowList){ prep, frame, list, 0, n }, needs, true, err)) return false;
    bool labels = needs & (STEP_TARGET | STEP_LABELS);
    if (labels && target->kind != 0 && !fill_targets(rows, frame, target, list, n, err)) return false;
    return !(needs & (STEP_TARGET | STEP_WEIGHT)) || fill_weights(rows, prep, frame, list, n, err);
}

void step_rows_close(StepRows *rows)
{
    mem_free((double *)rows->target);
    mem_free((double *)rows->weight);
    mem_free(rows->draw);
    mem_free(rows->order);
    mem_free(rows->first);
    mem_free(rows->date);
    *rows = (StepRows){ 0 };
}
