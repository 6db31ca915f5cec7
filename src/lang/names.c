/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/names.h"

#include <string.h>

static int place_of(const Names *names, const char *name, bool *found)
{
    int low = 0, high = names->n;
    while (low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(names->items[middle].name, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *found = false;
    return low;
}

static char *own_text(const char *text)
{
    size_t n = strlen(text) + 1;
    return memcpy(mem_own(n), text, n);
}

static void reserve(Names *names, int capacity)
{
    if (names->capacity >= capacity) return;
    if (capacity < 2 * names->capacity) capacity = 2 * names->capacity;
    Name *items = mem_own((size_t)capacity * sizeof *items);
    if (names->n) memcpy(items, names->items, (size_t)names->n * sizeof *items);
    mem_free(names->items);
    names->items = items;
    names->capacity = capacity;
}

Object *names_get(const Names *names, const char *name)
{
    bool found;
    int i = place_of(names, name, &found);
    return found ? names->items[i].object : NULL;
}

void names_set(Names *names, const char *name, Object *object)
{
    bool found;
    int i = place_of(names, name, &found);
    if (found) {
        object_unref(names->items[i].object);
        names->items[i].object = object;
        return;
    }
    reserve(names, names->n + 1);
    memmove(names->items + i + 1, names->items + i, (size_t)(names->n - i) * sizeof *names->items);
    names->items[i] = (Name){ own_text(name), object };
    names->n++;
}

bool names_remove(Names *names, const char *name)
{
    bool found;
    int i = place_of(names, name, &found);
    if (!found) return false;
    object_unref(names->items[i].object);
    mem_free(names->items[i].name);
    memmove(names->items + i, names->items + i + 1, (size_t)(names->n - i - 1) * sizeof *names->items);
    names->n--;
    return true;
}

Names names_copy(const Names *names)
{
    Names copy = { 0 };
    reserve(&copy, names->n);
    for (int i = 0; i < names->n; i++)
        copy.items[i] = (Name){ own_text(names->items[i].name), object_ref(names->items[i].object) };
    copy.n = names->n;
    return copy;
}

bool names_same(const Names *a, const Names *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++)
        if (a->items[i].object != b->items[i].object || strcmp(a->items[i].name, b->items[i].name))
            return false;
    return true;
}

double names_bytes_beyond(const Names *names, const Names *other)
{
    double bytes = 0;
    for (int i = 0; i < names->n; i++)
        bytes += (double)object_bytes_beyond(names->items[i].object, names_get(other, names->items[i].name));
    return bytes;
}

void names_free(Names *names)
{
    for (int i = 0; i < names->n; i++) {
        object_unref(names->items[i].object);
        mem_free(names->items[i].name);
    }
    mem_free(names->items);
    *names = (Names){ 0 };
}

bool names_suggest(const Names *names, const char *name, Err *err)
{
    const char *words[512];
    int n = 0;
    for (int i = 0; i < names->n && n < 512; i++) words[n++] = names->items[i].name;
    return err_suggest(err, name, words, (size_t)n);
}
