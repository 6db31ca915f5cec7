/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feature sets: the working columns of a recipe. */
#include <string.h>

#include "base/hash.h"
#include "data/recipe.h"

static bool reserve(FeatureSet *set, Err *err)
{
    if (set->n < set->capacity) return true;
    int capacity = set->capacity ? 2 * set->capacity : 16;
    Feature *items = mem_grow(set->items, (size_t)set->capacity, (size_t)capacity, sizeof *items, err);
    if (!items) return false;
    set->items = items;
    set->capacity = capacity;
    return true;
}

int feature_find_from(const FeatureSet *set, const char *name, int start)
{
    uint64_t key = hash_bytes(name, strlen(name));
    for (int k = 0, i = start; k < set->n; k++, i++) {
        if (i >= set->n) i = 0;
        const Feature *feature = &set->items[i];
        if (feature->key == key && strcmp(feature->name, name) == 0) return i;
    }
    return -1;
}

int feature_find(const FeatureSet *set, const char *name)
{
    return feature_find_from(set, name, 0);
}

static const char *unique_name(FeatureSet *set, const char *name)
{
    const char *unique = arena_text(set->arena, name);
    for (int k = 2; feature_find(set, unique) >= 0; k++) unique = arena_format(set->arena, "%s_%d", name, k);
    return unique;
}

Feature *feature_insert(FeatureSet *set, int i, const char *name, const char *from, FeatureKind kind,
                        Err *err)
{
    static const size_t cell[] = { sizeof(double), sizeof(uint32_t), sizeof(uint8_t), sizeof(uint32_t) };
    if (!reserve(set, err)) return NULL;
    void *cells = kind == FEATURE_NUMBER ? mem_stretch(NULL, 0, set->n_rows, sizeof(double), err)
                                         : mem_get(set->n_rows, cell[kind], err);
    if (!cells) return NULL;
    name = unique_name(set, name);
    Feature feature = { .name = name,
                        .from = arena_text(set->arena, from),
                        .key = hash_bytes(name, strlen(name)),
                        .kind = kind,
                        .numbers = cells };
    memmove(set->items + i + 1, set->items + i, (size_t)(set->n - i) * sizeof *set->items);
    set->items[i] = feature;
    set->n++;
    return &set->items[i];
}

Feature *feature_add(FeatureSet *set, const char *name, const char *from, FeatureKind kind, Err *err)
{
    return feature_insert(set, set->n, name, from, kind, err);
}

static void free_cells(Feature *feature)
{
    mem_free(feature->numbers);
    levels_unref(feature->levels);
}

bool feature_remove(FeatureSet *set, int i)
{
    if (i < 0 || i >= set->n) return false;
    free_cells(&set->items[i]);
    memmove(set->items + i, set->items + i + 1, (size_t)(set->n - i - 1) * sizeof *set->items);
    set->n--;
    return true;
}

void feature_set_free(FeatureSet *set)
{
    for (int i = 0; i < set->n; i++) free_cells(&set->items[i]);
    mem_free(set->items);
    set->items = NULL;
    set->n = set->capacity = 0;
}
