/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels of values. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sources/statfile.h"

bool stat_labels_add(StatLabels *labels, Arena *arena, const char *set, double value, const char *text,
                     Err *err)
{
    if (labels->n == labels->capacity) {
        size_t capacity = 2 * labels->capacity + 64;
        StatLabel *grown = mem_grow(labels->items, labels->n, capacity, sizeof *grown, err);
        if (!grown) return false;
        labels->items = grown;
        labels->capacity = capacity;
    }
    labels->items[labels->n++] =
        (StatLabel){ .set = arena_text(arena, set), .text = arena_text(arena, text), .value = value };
    return true;
}

static int compare(const void *a, const void *b)
{
    const StatLabel *x = a, *y = b;
    int sets = strcmp(x->set, y->set);
    return sets ? sets : (x->value > y->value) - (x->value < y->value);
}

void stat_labels_sort(StatLabels *labels)
{
    if (labels->n) qsort(labels->items, labels->n, sizeof *labels->items, compare);
}

const StatLabel *stat_labels_of(const StatLabels *labels, const char *set, size_t *n)
{
    size_t first = 0;
    while (first < labels->n && strcmp(labels->items[first].set, set) != 0) first++;
    for (*n = 0; first + *n < labels->n && strcmp(labels->items[first + *n].set, set) == 0;) ++*n;
    return *n ? labels->items + first : NULL;
}

const StatLabel *stat_label_find(const StatLabel *labels, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (labels[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && labels[low].value == value ? &labels[low] : NULL;
}

void stat_labels_free(StatLabels *labels)
{
    mem_free(labels->items);
    *labels = (StatLabels){ 0 };
}
