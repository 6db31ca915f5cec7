/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: checked allocation for what a user or a file sizes, arenas for everything small. */
#ifndef FNS_BASE_MEM_H
#define FNS_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Err Err;

/* n * size bytes, zeroed, 64-byte aligned; NULL and `no_memory` in err when the product overflows, the
 * system refuses, or a large block is more than mem_left. n = 0 gives a valid block. Free with mem_free. */
void *mem_get(size_t n, size_t size, Err *err);
/* The same as whole pages, which take memory when they are first written to. For mem_give, with the bytes. */
void *mem_pages(size_t n, size_t size, Err *err);
void mem_give(void *pages, size_t bytes);
/* As mem_get, for small fixed sizes of our own: never fails (falls back on a reserve of 1 MiB that
 * mem_ready checks before each statement). Free with mem_free. */
void *mem_own(size_t size);
/* A grown copy of block (or a new block where it is NULL); the old one stays valid on failure. */
void *mem_grow(void *block, size_t old_n, size_t new_n, size_t size, Err *err);
/* As mem_grow, but what is new holds anything: of a large block only what is written to takes memory. */
void *mem_stretch(void *block, size_t old_n, size_t new_n, size_t size, Err *err);
void mem_free(void *block);
/* False, with an error, while the reserve is spent. */
int mem_ready(Err *err);

/* Bytes that can be taken before the system refuses, or ends the process: the least of what the machine, its
 * control groups and ulimit -v leave. _under: as the files below a root say (for tests; "": the system's). */
double mem_left(void);
double mem_left_under(const char *root);
/* Whether that many bytes are left; nothing is taken. Error no_room: "WHAT: ... of memory are needed, and ...
 * are free". */
bool mem_room(double bytes, const char *what, Err *err);

/* An arena hands out memory that is freed all at once. */
typedef struct Arena Arena;
typedef struct ArenaMark {
    void *chunk;
    size_t used;
} ArenaMark;

Arena *arena_new(void);
void arena_free(Arena *arena);
/* Zeroed, 16-byte aligned; cannot fail for sizes of our own. */
void *arena_take(Arena *arena, size_t size);
char *arena_copy(Arena *arena, const char *text, size_t length); /* 0-terminated copy */
char *arena_text(Arena *arena, const char *text);
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
ArenaMark arena_mark(Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);

#endif
