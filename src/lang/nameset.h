/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of names in an arena; {0} is empty. */
#ifndef FNS_LANG_NAMESET_H
#define FNS_LANG_NAMESET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

typedef struct NameSet {
    const char **slots; /* open addressing; capacity is a power of two */
    size_t n, capacity;
} NameSet;

/* False: the name was in the set before. The name is not copied. */
bool nameset_add(NameSet *set, Arena *arena, const char *name);
bool nameset_has(const NameSet *set, const char *name);

#endif
