/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in memory, counted by reference. */
#include "data/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static bool map_file(int file, const char *path, Mapping *mapping, Err *err)
{
    struct stat info;
    if (fstat(file, &info) != 0) return ERR(err, read_failed, path, strerror(errno));
    if (S_ISDIR(info.st_mode)) return ERR(err, is_folder, path);
    if (!S_ISREG(info.st_mode)) return ERR(err, read_failed, path, "it is no regular file");
    mapping->size = (size_t)info.st_size;
    if (mapping->size == 0) return true;
    void *bytes = mmap(NULL, mapping->size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) return ERR(err, read_failed, path, strerror(errno));
    mapping->bytes = bytes;
    return true;
}

Mapping *mapping_open(const char *path, Err *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        ERR(err, no_file, path, strerror(errno));
        return NULL;
    }
    Mapping *mapping = mem_own(sizeof *mapping);
    atomic_init(&mapping->refs, 1);
    bool ok = map_file(file, path, mapping, err);
    close(file);
    if (ok) return mapping;
    mapping_unref(mapping);
    return NULL;
}

Mapping *mapping_ref(Mapping *mapping)
{
    if (mapping) atomic_fetch_add(&mapping->refs, 1);
    return mapping;
}

void mapping_unref(Mapping *mapping)
{
    if (!mapping || atomic_fetch_sub(&mapping->refs, 1) != 1) return;
    if (mapping->bytes) munmap((void *)mapping->bytes, mapping->size);
    mem_free(mapping);
}
