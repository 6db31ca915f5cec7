/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products by register tiles; compiled for each set by gemm_avx2.c and gemm_avx512.c, which define
 * GEMM_OWN_NAME. A tile is ROWS x VECTORS vectors of C, kept in registers over a block of k; A comes by
 * broadcast, B by vectors of a panel of at most MAX_VECTORS, packed where B is large. */
#include "numeric/gemm_kernel.h"
#include "numeric/simd.h"

/* TILES: rows of the tallest tile for 1, 2, ... vectors, so that accumulators, one row of B and one
 * broadcast fit the registers (32 or 16). */
#ifdef SIMD_AVX512
#define MAX_VECTORS 4
static const size_t tallest[MAX_VECTORS + 1] = { 0, 14, 12, 8, 6 };
#else
#define MAX_VECTORS 2
static const size_t tallest[MAX_VECTORS + 1] = { 0, 12, 6 };
#endif
enum { PANEL = MAX_VECTORS * LANES, K_BLOCK = 1024, AHEAD = 8 };

/* Rows of A are addressed from every third, which x86 does with two strides in registers; the compiler
 * would otherwise join the pointers again and run out of registers. */
#define KEEP(pointer) __asm__("" : "+r"(pointer))

typedef struct Tile {
    size_t k, segments;
    const float *a;
    size_t a_row, a_col;
    ptrdiff_t a_jump; /* from the end of a segment to the next */
    const float *b;
    size_t ldb;
    float *c;
    size_t ldc;
    const float *bias; /* NULL: start from 0 */
    const float *y;
    size_t ldy;
    bool load_c, relu;
    Mask last; /* lanes of the last vector */
} Tile;

INLINE V get(const float *p, int j, int vectors, Mask last)
{
    return j == vectors - 1 ? load_part(p + j * LANES, last) : load(p + j * LANES);
}

INLINE void put(float *p, V x, int j, int vectors, Mask last)
{
    if (j == vectors - 1)
        store_part(p + j * LANES, x, last);
    else
        store(p + j * LANES, x);
}

INLINE void tile_run(const Tile *t, const int rows, const int vectors)
{
    const Mask last = t->last;
    V sums[14][MAX_VECTORS];
    UNROLL for (int j = 0; j < vectors; j++)
    {
        V start = { 0 };
        if (t->bias) start = get(t->bias, j, vectors, last);
        UNROLL for (int i = 0; i < rows; i++) sums[i][j] = start;
    }
    if (t->load_c)
        UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++) sums[i][j] +=
            get(t->c + (size_t)i * t->ldc, j, vectors, last);
    const size_t a_row = t->a_row, a_col = t->a_col, ldb = t->ldb;
    const float *b = t->b, *a[5];
    UNROLL for (int i = 0; i < rows; i += 3)
    {
        a[i / 3] = t->a + (size_t)i * a_row;
        KEEP(a[i / 3]);
    }
    for (size_t s = t->segments; s > 0; s--) {
        for (size_t p = t->k; p > 0; p--, b += ldb) {
            V row[MAX_VECTORS];
            __builtin_prefetch(a[0] + AHEAD * a_col);
            UNROLL for (int j = 0; j < vectors; j++) row[j] = get(b, j, vectors, last);
            UNROLL for (int i = 0; i < rows; i++)
            {
                V value = splat(a[i / 3][(size_t)(i % 3) * a_row]);
                UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = fused(value, row[j], sums[i][j]);
            }
            UNROLL for (int i = 0; i < rows; i += 3) a[i / 3] += a_col;
        }
        UNROLL for (int i = 0; i < rows; i += 3) a[i / 3] += t->a_jump;
    }
    if (t->relu) UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++)
        {
            V zero = { 0 };
            sums[i][j] = at_least(sums[i][j], zero);
        }
    if (t->y) UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++)
        {
            V zero = { 0 }, y = get(t->y + (size_t)i * t->ldy, j, vectors, last);
            sums[i][j] = pick(less(zero, y), sums[i][j], y);
        }
    UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++)
        put(t->c + (size_t)i * t->ldc, sums[i][j], j, vectors, last);
}

#define TILE(rows, vectors)                                                                                  \
    TARGET static void tile_##rows##_##vectors(const Tile *t)                                                \
    {                                                                                                        \
        tile_run(t, rows, vectors);                                                                          \
    }
#define TILES_6(T, v)  T(1, v) T(2, v) T(3, v) T(4, v) T(5, v) T(6, v)
#define TILES_8(T, v)  TILES_6(T, v) T(7, v) T(8, v)
#define TILES_12(T, v) TILES_8(T, v) T(9, v) T(10, v) T(11, v) T(12, v)
#define TILES_14(T, v) TILES_12(T, v) T(13, v) T(14, v)
#ifdef SIMD_AVX512
#define ALL_TILES(T) TILES_14(T, 1) TILES_12(T, 2) TILES_8(T, 3) TILES_6(T, 4)
#else
#define ALL_TILES(T) TILES_12(T, 1) TILES_6(T, 2)
#endif
ALL_TILES(TILE)

#define TILE_ENTRY(rows, vectors) [vectors][rows] = tile_##rows##_##vectors,
static void (*const tiles[MAX_VECTORS + 1][15])(const Tile *) = { ALL_TILES(TILE_ENTRY) };

/* All rows of one panel over one block of k, in tiles of nearly equal height. */
TARGET static void run_panel(Tile tile, size_t m, size_t vectors)
{
    size_t n_tiles = 1, height = m, taller = 0;
    if (m > tallest[vectors]) {
        n_tiles = (m + tallest[vectors] - 1) / tallest[vectors];
        height = m / n_tiles;
        taller = m % n_tiles;
    }
    for (size_t t = 0; t < n_tiles; t++) {
        size_t rows = height + (t < taller);
        tiles[vectors][rows](&tile);
        tile.a += rows * tile.a_row;
        tile.c += rows * tile.ldc;
        if (tile.y) tile.y += rows * tile.ldy;
    }
}

/* Narrow C: lanes are LANES rows of A, so that n columns cost n vectors instead of a masked one a row. */
enum { NARROW = 4 };

INLINE V column_get(const float *p, size_t stride)
{
    if (stride == 1) return load(p);
    float lanes[LANES];
    for (size_t i = 0; i < LANES; i++) lanes[i] = p[i * stride];
    return load(lanes);
}

INLINE void column_put(float *p, size_t stride, V x)
{
    if (stride == 1)
        store(p, x);
    else
        for (size_t i = 0; i < LANES; i++) p[i * stride] = x[i];
}

INLINE void strip_add(V *sums, V a, const float *b, const int n)
{
    UNROLL for (int j = 0; j < n; j++) sums[j] = fused(a, splat(b[j]), sums[j]);
}

INLINE void strip_run(const Gemm *g, size_t i, const int n)
{
    V sums[NARROW], columns[4], zero = { 0 };
    const float *a = g->a + i * g->a_row, *b = g->b;
    float *c = g->c + i * g->ldc;
    UNROLL for (int j = 0; j < n; j++)
    {
        sums[j] = g->bias ? splat(g->bias[j]) : zero;
        if (g->accumulate) sums[j] += column_get(c + j, g->ldc);
    }
    for (size_t s = 0; s < g->segments; s++, a += g->a_segment) {
        size_t p = 0;
        if (g->a_row != 1 && g->a_col == 1)
            for (; p + 4 <= g->k; p += 4, b += 4 * g->ldb) {
                load_columns(columns, a + p, g->a_row);
                UNROLL for (int q = 0; q < 4; q++) strip_add(sums, columns[q], b + (size_t)q * g->ldb, n);
            }
        for (; p < g->k; p++, b += g->ldb) strip_add(sums, column_get(a + p * g->a_col, g->a_row), b, n);
    }
    UNROLL for (int j = 0; j < n; j++)
    {
        V x = sums[j];
        if (g->epilogue == EPILOGUE_BIAS_RELU) x = at_least(x, zero);
        if (g->epilogue == EPILOGUE_RELU_BACK) {
            V y = column_get(g->y + i * g->ldy + (size_t)j, g->ldy);
            x = pick(less(zero, y), x, y);
        }
        column_put(c + j, g->ldc, x);
    }
}

#define STRIP(n)                                                                                             \
    TARGET static void strip_##n(const Gemm *g, size_t i)                                                    \
    {                                                                                                        \
        strip_run(g, i, n);                                                                                  \
    }
#define ALL_STRIPS(S)  S(1) S(2) S(3) S(4)
#define STRIP_ENTRY(n) [n] = strip_##n,
ALL_STRIPS(STRIP)
static void (*const strips[NARROW + 1])(const Gemm *, size_t) = { ALL_STRIPS(STRIP_ENTRY) };

/* Columns j .. j + width - 1 of C over p .. p + k - 1, of B as it lies in g or in a panel. */
TARGET static void run_block(const Gemm *g, size_t j, size_t width, size_t p, size_t k, const float *b,
                             size_t ldb)
{
    size_t vectors = (width + LANES - 1) / LANES;
    bool first = p == 0, end = p + k == g->k;
    Tile tile = { .k = k,
                  .segments = g->segments,
                  .a = g->a + p * g->a_col,
                  .a_row = g->a_row,
                  .a_col = g->a_col,
                  .a_jump = (ptrdiff_t)g->a_segment - (ptrdiff_t)(k * g->a_col),
                  .b = b,
                  .ldb = ldb,
                  .c = g->c + j,
                  .ldc = g->ldc,
                  .bias = first && g->bias ? g->bias + j : NULL,
                  .y = end && g->epilogue == EPILOGUE_RELU_BACK ? g->y + j : NULL,
                  .ldy = g->ldy,
                  .load_c = !first || g->accumulate,
                  .relu = end && g->epilogue == EPILOGUE_BIAS_RELU,
                  .last = mask_first(width - (vectors - 1) * LANES) };
    run_panel(tile, g->m, vectors);
}

TARGET static void pack(float *panel, const float *b, size_t ldb, size_t k, size_t width)
{
    for (size_t p = 0; p < k; p++, panel += PANEL, b += ldb) {
        const float *row = b;
        FOR_VECTORS(i, width, { store(panel + i, GET(row)); });
    }
}

/* Of B that lies turned: LANES columns at a time, four rows of the panel from each. */
TARGET static void pack_turned(float *panel, const float *b, size_t ldb, size_t k, size_t width)
{
    size_t j = 0;
    for (; j + LANES <= width; j += LANES) {
        size_t p = 0;
        for (; p + 4 <= k; p += 4) {
            V columns[4];
            load_columns(columns, b + j * ldb + p, ldb);
            UNROLL for (size_t q = 0; q < 4; q++) store(panel + (p + q) * PANEL + j, columns[q]);
        }
        for (; p < k; p++) store(panel + p * PANEL + j, column_get(b + j * ldb + p, ldb));
    }
    for (; j < width; j++)
        for (size_t p = 0; p < k; p++) panel[p * PANEL + j] = b[j * ldb + p];
}

TARGET static void run_packed(const Gemm *g, size_t j, size_t width)
{
    _Alignas(64) float panel[K_BLOCK * PANEL];
    for (size_t p = 0; p < g->k; p += K_BLOCK) {
        size_t k = g->k - p < K_BLOCK ? g->k - p : K_BLOCK;
        if (g->b_turned)
            pack_turned(panel, g->b + j * g->ldb + p, g->ldb, k, width);
        else
            pack(panel, g->b + p * g->ldb + j, g->ldb, k, width);
        run_block(g, j, width, p, k, panel, PANEL);
    }
}

/* Packing costs some 3 / m of the product; it pays where rows of B lie pages apart. */
TARGET static void run_wide(const Gemm *g)
{
    bool packed = g->segments == 1 && g->n > PANEL && g->k > 64 && g->m >= (g->ldb >= 512 ? 32 : 128);
    for (size_t j = 0; j < g->n; j += PANEL) {
        size_t width = g->n - j < PANEL ? g->n - j : PANEL;
        if (packed || g->b_turned)
            run_packed(g, j, width);
        else
            run_block(g, j, width, 0, g->k, g->b + j, g->ldb);
    }
}

/* Segments that follow each other without a gap are one. */
static void join_segments(Gemm *g)
{
    g->segments = gemm_segments(g);
    if (g->segments == 1 || g->a_segment != g->k * g->a_col) return;
    g->k *= g->segments;
    g->segments = 1;
}

void GEMM_OWN_NAME(const Gemm *product)
{
    Gemm g = *product;
    join_segments(&g);
    if (g.k == 0 || (g.k == 1 && g.ldb == 1)) g.b_turned = false; /* no row, or one either way */
    if (g.n <= NARROW && !g.b_turned)
        for (; g.m >= LANES; g.m -= LANES) strips[g.n](&g, g.m - LANES);
    if (g.m > 0) run_wide(&g);
}
