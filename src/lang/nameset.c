/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of names in an arena. */
#include "lang/nameset.h"

#include <string.h>

#include "base/hash.h"

static size_t find(const NameSet *set, const char *name)
{
    size_t mask = set->capacity - 1, i = hash_bytes(name, strlen(name)) & mask;
    while (set->slots[i] != NULL && strcmp(set->slots[i], name) != 0) i = (i + 1) & mask;
    return i;
}

static void grow(NameSet *set, Arena *arena)
{
    NameSet larger = { .n = set->n, .capacity = set->capacity == 0 ? 8 : set->capacity * 2 };
    larger.slots = arena_take(arena, larger.capacity * sizeof *larger.slots);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i] != NULL) larger.slots[find(&larger, set->slots[i])] = set->slots[i];
    *set = larger;
}

bool nameset_add(NameSet *set, Arena *arena, const char *name)
{
    if ((set->n + 1) * 2 > set->capacity) grow(set, arena);
    size_t i = find(set, name);
    if (set->slots[i] != NULL) return false;
    set->slots[i] = name;
    set->n++;
    return true;
}

bool nameset_has(const NameSet *set, const char *name)
{
    return set->capacity > 0 && set->slots[find(set, name)] != NULL;
}
