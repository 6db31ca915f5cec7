/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that lies in memory while columns read from it. */
#ifndef FNS_DATA_MAPPING_H
#define FNS_DATA_MAPPING_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/err.h"

typedef struct Mapping {
    atomic_int refs;
    const char *bytes; /* read only */
    size_t size;
} Mapping;

/* The whole file at `path`, mapped privately; one reference for the caller. An empty file has size 0.
 * Whoever replaces such a file writes a new one and renames it, as fns does: one that is cut short in place
 * takes the pages away from under its readers. Errors: no_file, is_folder, read_failed. */
Mapping *mapping_open(const char *path, Err *err);
Mapping *mapping_ref(Mapping *mapping);
void mapping_unref(Mapping *mapping);

#endif
