/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: aligned zeroed blocks, a reserve behind those of our own, arenas. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/str.h"

enum {
    ALIGNMENT = 64,
    HUGE_PAGE = 2 << 20,
    LARGE = 64 << 20,
    RESERVE = 1 << 20,
    CHUNK = 64 << 10,
    CHUNK_LARGEST = 4 << 20
};

/* Given back to the system when a block of our own is refused; refilled by mem_ready. */
static _Atomic(void *) reserve;

/* A system may promise more than it has, and end the process later. */
static bool is_too_much(size_t bytes)
{
    return bytes >= LARGE && (double)bytes > mem_left();
}

static void *block_get(size_t bytes)
{
    void *block = NULL;
    if (bytes > PTRDIFF_MAX - ALIGNMENT || is_too_much(bytes)) return NULL;
    return posix_memalign(&block, ALIGNMENT, bytes ? bytes : 1) == 0 ? block : NULL;
}

/* The one place that ends the process: a statement's small blocks have used up the whole reserve.
 */
static void *block_own(size_t bytes)
{
    void *block = block_get(bytes);
    if (block) return block;
    free(atomic_exchange(&reserve, NULL));
    block = block_get(bytes);
    if (!block) abort();
    return block;
}

static bool no_memory(size_t n, size_t size, Err *err)
{
    return ERR(err, no_memory, bytes_text((double)n * (double)size, (char[40]){ 0 }));
}

void *mem_get(size_t n, size_t size, Err *err)
{
    return mem_grow(NULL, 0, n, size, err);
}

void *mem_pages(size_t n, size_t size, Err *err)
{
    size_t bytes;
    bool fits = !__builtin_mul_overflow(n, size, &bytes) && !is_too_much(bytes);
    void *pages = MAP_FAILED;
    if (fits)
        pages = mmap(NULL, bytes > 0 ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) return pages;
    no_memory(n, size, err);
    return NULL;
}

void mem_give(void *pages, size_t bytes)
{
    if (pages) munmap(pages, bytes > 0 ? bytes : 1);
}

void *mem_own(size_t size)
{
    return memset(block_own(size), 0, size);
}

/* In large pages where the system has them: they are made by fewer faults. */
static void *block_of_pages(size_t bytes)
{
    void *block = NULL;
    if (bytes < 2 * HUGE_PAGE) return block_get(bytes);
    if (bytes > PTRDIFF_MAX - HUGE_PAGE || is_too_much(bytes)) return NULL;
    if (posix_memalign(&block, HUGE_PAGE, bytes) != 0) return NULL;
#ifdef MADV_HUGEPAGE
    madvise(block, bytes - bytes % HUGE_PAGE, MADV_HUGEPAGE);
#endif
    return block;
}

/* The new block, in which *kept bytes are those of the old one. */
static char *grow(void *(*get)(size_t bytes), void *block, size_t old_n, size_t new_n, size_t size,
                  size_t *kept, Err *err)
{
    size_t bytes;
    bool overflow = __builtin_mul_overflow(new_n, size, &bytes);
    char *grown = overflow ? NULL : get(bytes);
    if (!grown) {
        no_memory(new_n, size, err);
        return NULL;
    }
    *kept = block ? (old_n < new_n ? old_n : new_n) * size : 0;
    if (*kept) memcpy(grown, block, *kept);
    mem_free(block);
    return grown;
}

void *mem_grow(void *block, size_t old_n, size_t new_n, size_t size, Err *err)
{
    size_t kept;
    char *grown = grow(block_get, block, old_n, new_n, size, &kept, err);
    if (grown) memset(grown + kept, 0, new_n * size - kept);
    return grown;
}

void *mem_stretch(void *block, size_t old_n, size_t new_n, size_t size, Err *err)
{
    size_t kept;
    return grow(block_of_pages, block, old_n, new_n, size, &kept, err);
}

void mem_free(void *block)
{
    free(block);
}

int mem_ready(Err *err)
{
    if (atomic_load(&reserve)) return 1;
    void *block = block_get(RESERVE);
    if (!block) return no_memory(RESERVE, 1, err);
    free(atomic_exchange(&reserve, block));
    return 1;
}

/* ---- arenas: a list of chunks, newest first; only the newest is filled */

typedef struct Chunk {
    struct Chunk *older;
    size_t size, used;
    _Alignas(16) char bytes[];
} Chunk;

struct Arena {
    Chunk *newest; /* NULL until the first arena_take */
};

Arena *arena_new(void)
{
    return mem_own(sizeof(Arena));
}

void arena_free(Arena *arena)
{
    if (!arena) return;
    arena_rewind(arena, (ArenaMark){ NULL, 0 });
    mem_free(arena);
}

static void add_chunk(Arena *arena, size_t least)
{
    size_t size = arena->newest ? 2 * arena->newest->size : CHUNK;
    if (size > CHUNK_LARGEST) size = CHUNK_LARGEST;
    if (size < least) size = least;
    Chunk *chunk = block_own(sizeof(Chunk) + size);
    *chunk = (Chunk){ .older = arena->newest, .size = size };
    arena->newest = chunk;
}

void *arena_take(Arena *arena, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!arena->newest || arena->newest->size - arena->newest->used < size) add_chunk(arena, size);
    Chunk *chunk = arena->newest;
    void *block = chunk->bytes + chunk->used;
    chunk->used += size;
    return memset(block, 0, size);
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (length) memcpy(copy, text, length);
    return copy;
}

char *arena_text(Arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) return arena_copy(arena, "", 0);
    char *text = arena_take(arena, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

ArenaMark arena_mark(Arena *arena)
{
    return (ArenaMark){ arena->newest, arena->newest ? arena->newest->used : 0 };
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    while (arena->newest && arena->newest != mark.chunk) {
        Chunk *older = arena->newest->older;
        mem_free(arena->newest);
        arena->newest = older;
    }
    if (arena->newest) arena->newest->used = mark.used;
}
