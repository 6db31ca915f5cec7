/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sorted table of named objects. Copies hold references, so that undo is a table kept. */
#ifndef FNS_LANG_NAMES_H
#define FNS_LANG_NAMES_H

#include "lang/object.h"

typedef struct Name {
    char *name;
    Object *object;
} Name;

typedef struct Names {
    Name *items;
    int n, capacity;
} Names;

Object *names_get(const Names *names, const char *name);        /* borrowed, or NULL */
void names_set(Names *names, const char *name, Object *object); /* takes over the reference */
bool names_remove(Names *names, const char *name);
Names names_copy(const Names *names);
bool names_same(const Names *a, const Names *b);                   /* the same objects under the same names */
double names_bytes_beyond(const Names *names, const Names *other); /* of what other does not hold */
void names_free(Names *names);
bool names_suggest(const Names *names, const char *name, Err *err); /* returns false */

#endif
