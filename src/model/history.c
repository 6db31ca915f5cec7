/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories of training: kept in memory, as records, and read back. */
#include "model/history.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

History *history_new(void)
{
    History *history = mem_own(sizeof *history);
    history->refs = 1;
    history->arena = arena_new();
    history->best_value = NAN;
    return history;
}

History *history_copy(const History *history)
{
    History *copy = history_new();
    Arena *arena = copy->arena;
    *copy = *history;
    copy->refs = 1;
    copy->arena = arena;
    copy->capacity = history->n;
    copy->rows = mem_own((size_t)history->n * sizeof *copy->rows + 1);
    if (history->n) memcpy(copy->rows, history->rows, (size_t)history->n * sizeof *copy->rows);
    copy->changes = arena_take(arena, (size_t)history->n_changes * sizeof *copy->changes + 1);
    for (int i = 0; i < history->n_changes; i++) {
        copy->changes[i] = history->changes[i];
        copy->changes[i].key = arena_text(arena, history->changes[i].key);
    }
    for (int i = 0; i < history->n_metrics; i++) copy->metrics[i] = arena_text(arena, history->metrics[i]);
    if (history->monitor) copy->monitor = arena_text(arena, history->monitor);
    return copy;
}

History *history_ref(const History *history)
{
    History *own = (History *)(uintptr_t)history;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void history_unref(const History *history)
{
    History *own = (History *)(uintptr_t)history;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    mem_free(own->rows);
    arena_free(own->arena);
    mem_free(own);
}

bool history_add(History *history, const EpochRow *row, Err *err)
{
    if (history->n == history->capacity) {
        int capacity = history->capacity ? 2 * history->capacity : 64;
        EpochRow *rows = mem_grow(history->rows, (size_t)history->n, (size_t)capacity, sizeof *rows, err);
        if (!rows) return false;
        history->rows = rows;
        history->capacity = capacity;
    }
    history->rows[history->n++] = *row;
    return true;
}

void history_change(History *history, int epoch, int batch, const char *key, double value)
{
    int n = history->n_changes;
    if ((n & (n - 1)) == 0) {
        LiveChange *grown = arena_take(history->arena, (size_t)(n ? 2 * n : 1) * sizeof *grown);
        if (n) memcpy(grown, history->changes, (size_t)n * sizeof *grown);
        history->changes = grown;
    }
    history->changes[history->n_changes++] =
        (LiveChange){ epoch, batch, arena_text(history->arena, key), value };
}

int history_metric(History *history, const char *name)
{
    for (int i = 0; i < history->n_metrics; i++)
        if (text_equal(history->metrics[i], name)) return i;
    if (history->n_metrics == HISTORY_METRICS) return -1;
    int added = history->n_metrics++;
    history->metrics[added] = arena_text(history->arena, name);
    for (int i = 0; i < history->n; i++) history->rows[i].train[added] = history->rows[i].valid[added] = NAN;
    return added;
}

void history_cut(History *history, int epoch)
{
    while (history->n > 0 && history->rows[history->n - 1].epoch > epoch) history->n--;
}

static const struct {
    const char *word, *text;
} reasons[] = {
    [STOP_EPOCHS] = { "epochs", "all epochs done" },
    [STOP_PATIENCE] = { "patience", "no better for the epochs that patience allows" },
    [STOP_USER_BEST] = { "stopped_best", "stopped by hand, at the best epoch" },
    [STOP_USER_LAST] = { "stopped", "stopped by hand" },
    [STOP_CANCELLED] = { "cancelled", "cancelled" },
    [STOP_NOT_FINITE] = { "not_finite", "the loss was not finite" },
    [STOP_TERMINATED] = { "terminated", "ended by a signal" },
    [STOP_CONVERGED] = { "converged", "no step makes the loss smaller" },
};

const char *stop_reason_text(StopReason reason)
{
    return reasons[reason].text;
}

const char *stop_reason_word(StopReason reason)
{
    return reasons[reason].word;
}

/* ---- as a record */

enum { FIXED = 5 }; /* epoch, train_loss, valid_loss, lr, seconds; then train and valid of each metric */

static Value number_or_missing(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

static Value row_list(const History *history, const EpochRow *row, Arena *arena)
{
    Value list = value_list(arena, FIXED + 2 * history->n_metrics);
    Value *items = list.list.items;
    items[0] = value_number(row->epoch);
    items[1] = number_or_missing(row->train_loss);
    items[2] = number_or_missing(row->valid_loss);
    items[3] = number_or_missing(row->lr);
    items[4] = number_or_missing(row->seconds);
    for (int i = 0; i < history->n_metrics; i++) {
        items[FIXED + 2 * i] = number_or_missing(row->train[i]);
        items[FIXED + 2 * i + 1] = number_or_missing(row->valid[i]);
    }
    return list;
}

static Value change_list(const LiveChange *change, Arena *arena)
{
    Value list = value_list(arena, 4);
    list.list.items[0] = value_number(change->epoch);
    list.list.items[1] = value_number(change->batch);
    list.list.items[2] = value_text(arena, change->key);
    list.list.items[3] = number_or_missing(change->value);
    return list;
}

Value history_record(const History *history, Arena *arena)
{
    Value value = value_record(arena);
    Value metrics = value_list(arena, history->n_metrics), rows = value_list(arena, history->n);
    Value changes = value_list(arena, history->n_changes);
    for (int i = 0; i < history->n_metrics; i++)
        metrics.list.items[i] = value_text(arena, history->metrics[i]);
    for (int i = 0; i < history->n; i++) rows.list.items[i] = row_list(history, &history->rows[i], arena);
    for (int i = 0; i < history->n_changes; i++)
        changes.list.items[i] = change_list(&history->changes[i], arena);
    record_set(arena, value.record, "metrics", metrics);
    record_set(arena, value.record, "rows", rows);
    record_set(arena, value.record, "changes", changes);
    record_number(arena, value.record, "best_epoch", history->best_epoch);
    record_set(arena, value.record, "best_value", number_or_missing(history->best_value));
    if (history->monitor) record_text(arena, value.record, "monitor", history->monitor);
    record_text(arena, value.record, "stop", stop_reason_word(history->stop));
    record_number(arena, value.record, "seconds", history->seconds);
    return value;
}

static bool damaged(Err *err, const char *what)
{
    return ERR(err, bad_model_part, "history", what);
}

static const ValueList *member_list(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_LIST ? &value->list : NULL;
}

static double item_number(const ValueList *list, int i)
{
    return list->items[i].type == VALUE_NUMBER ? list->items[i].number : NAN;
}

static int whole(double x)
{
    return x >= 0 && x <= INT32_MAX ? (int)x : 0;
}

static bool read_rows(History *history, const ValueList *rows, Err *err)
{
    for (int k = 0; k < rows->n; k++) {
        const Value *item = &rows->items[k];
        if (item->type != VALUE_LIST || item->list.n != FIXED + 2 * history->n_metrics)
            return damaged(err, "an epoch");
        const ValueList *list = &item->list;
        EpochRow row = { .epoch = whole(item_number(list, 0)),
                         .train_loss = item_number(list, 1),
                         .valid_loss = item_number(list, 2),
                         .lr = item_number(list, 3),
                         .seconds = item_number(list, 4) };
        for (int i = 0; i < history->n_metrics; i++) {
            row.train[i] = item_number(list, FIXED + 2 * i);
            row.valid[i] = item_number(list, FIXED + 2 * i + 1);
        }
        if (!history_add(history, &row, err)) return false;
    }
    return true;
}

static bool read_changes(History *history, const ValueList *changes, Err *err)
{
    for (int k = 0; k < changes->n; k++) {
        const Value *item = &changes->items[k];
        if (item->type != VALUE_LIST || item->list.n != 4 || item->list.items[2].type != VALUE_TEXT)
            return damaged(err, "a live change");
        history_change(history, whole(item_number(&item->list, 0)), whole(item_number(&item->list, 1)),
                       item->list.items[2].text, item_number(&item->list, 3));
    }
    return true;
}

static bool read_metrics(History *history, const ValueList *metrics, Err *err)
{
    if (metrics->n > HISTORY_METRICS) return damaged(err, "metrics");
    for (int i = 0; i < metrics->n; i++) {
        if (metrics->items[i].type != VALUE_TEXT) return damaged(err, "metrics");
        history_metric(history, metrics->items[i].text);
    }
    return history->n_metrics == metrics->n || damaged(err, "metrics");
}

static void read_facts(History *history, const Record *record)
{
    const Value *best = record_get(record, "best_epoch"), *value = record_get(record, "best_value");
    const Value *monitor = record_get(record, "monitor"), *stop = record_get(record, "stop");
    const Value *seconds = record_get(record, "seconds");
    if (best && best->type == VALUE_NUMBER) history->best_epoch = whole(best->number);
    if (value && value->type == VALUE_NUMBER) history->best_value = value->number;
    if (seconds && seconds->type == VALUE_NUMBER) history->seconds = seconds->number;
    if (monitor && monitor->type == VALUE_TEXT) history->monitor = arena_text(history->arena, monitor->text);
    for (size_t i = 0; stop && stop->type == VALUE_TEXT && i < sizeof reasons / sizeof *reasons; i++)
        if (text_equal(reasons[i].word, stop->text)) history->stop = (StopReason)i;
}

History *history_from_record(const Record *record, Err *err)
{
    History *history = history_new();
    const ValueList *metrics = member_list(record, "metrics"), *rows = member_list(record, "rows");
    const ValueList *changes = member_list(record, "changes");
    bool whole_record = (metrics && rows) || damaged(err, "no epochs");
    if (whole_record && read_metrics(history, metrics, err) && read_rows(history, rows, err) &&
        (!changes || read_changes(history, changes, err))) {
        read_facts(history, record);
        return history;
    }
    history_unref(history);
    return NULL;
}
