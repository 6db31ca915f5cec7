/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of cell.h; compiled once for each instruction set by cell_generic.c, cell_avx2.c and
 * cell_avx512.c, which define CELL_TABLE. */
#include "numeric/cell_kernels.h"
#ifdef FNS_DOUBLE
#include "numeric/simd_double.h"
#else
#include "numeric/cell_math.h"
#endif

/* a(x) = top / bottom; returns top. */
INLINE V apply_parts(V x, V *bottom, const CellFunction function)
{
    *bottom = splat(1);
    return function == CELL_TANH ? tanh_parts(x, bottom) : at_least(x, splat(0));
}
INLINE V apply(V x, const CellFunction function)
{
    V bottom, top = apply_parts(x, &bottom, function);
    return function == CELL_TANH ? top / bottom : top;
}
/* dy a'(x), from y = a(x). */
INLINE V apply_back(V dy, V y, const CellFunction function)
{
    return function == CELL_TANH ? dy * (1 - y * y) : pick(less(splat(0), y), dy, y);
}
INLINE V sigmoid_slope(V y)
{
    return y * (1 - y);
}

/* A kernel for each function, and the choice between them. */
#define CELL(name)                                                                                           \
    TARGET static void name(const Cell *s)                                                                   \
    {                                                                                                        \
        if (s->function == CELL_TANH)                                                                        \
            name##_run(s, CELL_TANH);                                                                        \
        else                                                                                                 \
            name##_run(s, CELL_RELU);                                                                        \
    }

INLINE void hold(real *now, const real *before, size_t units)
{
    if (now != before) memcpy(now, before, units * sizeof(real));
}

INLINE void lstm_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *zi = s->gates + at, *zf = zi + units, *zg = zf + units, *zo = zg + units;
        real *c = s->c + at, *fc = s->fc + at, *h = s->h + row * s->h_row;
        const real *c_before = s->c_before + at;
        if (!cell_lives(s, row)) {
            hold(c, c_before, units);
            hold(h, s->h_before + at, units);
            continue;
        }
        FOR_VECTORS(i, units, {
            V bi = sigmoid_bottom(GET(zi)), bf = sigmoid_bottom(GET(zf)), bo = sigmoid_bottom(GET(zo)), bg;
            V top = apply_parts(GET(zg), &bg, a), first = bi * bf, second = bg * bo;
            V share = 1 / (first * second), of_first = second * share, of_second = first * share;
            V in = bf * of_first, forget = bi * of_first;
            V candidate = top * (bo * of_second), out = bg * of_second;
            PUT(c, forget * GET(c_before) + in * candidate);
            PUT(zi, in);
            PUT(zf, forget);
            PUT(zg, candidate);
            PUT(zo, out);
        });
        FOR_VECTORS(i, units, {
            V shown = apply(GET(c), a);
            PUT(fc, shown);
            PUT(h, GET(zo) * shown);
        });
    }
}
CELL(lstm)

INLINE void lstm_back_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *zi = s->gates + at, *zf = zi + units, *zg = zf + units, *zo = zg + units;
        real *dh = s->dh + row * units, *dc = s->dc + row * units;
        const real *c_before = s->c_before + at, *fc = s->fc + at;
        if (!cell_lives(s, row)) {
            memset(zi, 0, 4 * units * sizeof(real));
            continue;
        }
        FOR_VECTORS(i, units, {
            V in = GET(zi), forget = GET(zf), candidate = GET(zg), out = GET(zo);
            V shown = GET(fc), by_h = GET(dh);
            V by_c = GET(dc) + apply_back(by_h * out, shown, a);
            PUT(zi, by_c * candidate * sigmoid_slope(in));
            PUT(zf, by_c * GET(c_before) * sigmoid_slope(forget));
            PUT(zg, apply_back(by_c * in, candidate, a));
            PUT(zo, by_h * shown * sigmoid_slope(out));
            PUT(dc, by_c * forget);
            PUT(dh, splat(0));
        });
    }
}
CELL(lstm_back)

INLINE void gates_of(V z, V r, V *update, V *reset)
{
    V bz = sigmoid_bottom(z), br = sigmoid_bottom(r), share = 1 / (bz * br);
    *update = br * share;
    *reset = bz * share;
}

INLINE void gru_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *n = s->gates + at, *z = n + units, *r = z + units, *h = s->h + row * s->h_row;
        const real *m = r + units, *h_before = s->h_before + at;
        if (!cell_lives(s, row)) {
            hold(h, h_before, units);
            continue;
        }
        FOR_VECTORS(i, units, {
            V update, reset;
            gates_of(GET(z), GET(r), &update, &reset);
            PUT(z, update);
            PUT(r, reset);
            PUT(n, GET(n) + reset * GET(m));
        });
        FOR_VECTORS(i, units, {
            V candidate = apply(GET(n), a);
            PUT(n, candidate);
            PUT(h, candidate + GET(z) * (GET(h_before) - candidate));
        });
    }
}
CELL(gru)

INLINE void gru_back_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *n = s->gates + at, *z = n + units, *r = z + units, *m = r + units, *dh = s->dh + row * units;
        const real *h_before = s->h_before + at;
        if (!cell_lives(s, row)) {
            memset(n, 0, 4 * units * sizeof(real));
            continue;
        }
        FOR_VECTORS(i, units, {
            V candidate = GET(n), update = GET(z), reset = GET(r), by_h = GET(dh);
            V by_n = apply_back(by_h * (1 - update), candidate, a);
            PUT(z, by_h * (GET(h_before) - candidate) * sigmoid_slope(update));
            PUT(r, by_n * GET(m) * sigmoid_slope(reset));
            PUT(m, by_n * reset);
            PUT(n, by_n);
            PUT(dh, by_h * update);
        });
    }
}
CELL(gru_back)

TARGET static void gru_reset(const Cell *s)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *z = s->gates + at + units, *r = z + units, *m = r + units;
        const real *h_before = s->h_before + at;
        FOR_VECTORS(i, units, {
            V update, reset;
            gates_of(GET(z), GET(r), &update, &reset);
            PUT(z, update);
            PUT(r, reset);
            PUT(m, reset * GET(h_before));
        });
    }
}

INLINE void gru_finish_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *n = s->gates + at, *h = s->h + row * s->h_row;
        const real *z = n + units, *h_before = s->h_before + at;
        if (!cell_lives(s, row)) {
            hold(h, h_before, units);
            continue;
        }
        FOR_VECTORS(i, units, {
            V candidate = apply(GET(n), a);
            PUT(n, candidate);
            PUT(h, candidate + GET(z) * (GET(h_before) - candidate));
        });
    }
}
CELL(gru_finish)

INLINE void gru_finish_back_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *n = s->gates + at, *z = n + units, *dh = s->dh + row * units;
        const real *h_before = s->h_before + at;
        if (!cell_lives(s, row)) {
            memset(n, 0, 2 * units * sizeof(real));
            continue;
        }
        FOR_VECTORS(i, units, {
            V candidate = GET(n), update = GET(z), by_h = GET(dh);
            PUT(z, by_h * (GET(h_before) - candidate) * sigmoid_slope(update));
            PUT(n, apply_back(by_h * (1 - update), candidate, a));
            PUT(dh, by_h * update);
        });
    }
}
CELL(gru_finish_back)

TARGET static void gru_reset_back(const Cell *s)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *r = s->gates + at + 2 * units, *dh = s->dh + row * units;
        const real *dm = s->dm + row * units, *h_before = s->h_before + at;
        if (!cell_lives(s, row)) {
            memset(r, 0, units * sizeof(real));
            continue;
        }
        FOR_VECTORS(i, units, {
            V reset = GET(r), by_m = GET(dm);
            PUT(r, by_m * GET(h_before) * sigmoid_slope(reset));
            PUT(dh, GET(dh) + by_m * reset);
        });
    }
}

INLINE void tree_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *zi = s->gates + at, *zg = zi + units, *zo = zg + units;
        real *c = s->c + at, *fc = s->fc + at, *h = s->h + row * s->h_row;
        FOR_VECTORS(i, units, {
            V bi = sigmoid_bottom(GET(zi)), bo = sigmoid_bottom(GET(zo)), bg;
            V top = apply_parts(GET(zg), &bg, a), gates = bi * bo, share = 1 / (gates * bg),
              rest = bg * share;
            V in = bo * rest, candidate = top * (gates * share);
            PUT(c, GET(c) + in * candidate);
            PUT(zi, in);
            PUT(zg, candidate);
            PUT(zo, bi * rest);
        });
        FOR_VECTORS(i, units, {
            V shown = apply(GET(c), a);
            PUT(fc, shown);
            PUT(h, GET(zo) * shown);
        });
    }
}
CELL(tree)

INLINE void tree_back_run(const Cell *s, const CellFunction a)
{
    const size_t units = s->units;
    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->row;
        real *zi = s->gates + at, *zg = zi + units, *zo = zg + units;
        real *dh = s->dh + at, *dc = s->dc + at;
        const real *fc = s->fc + at;
        FOR_VECTORS(i, units, {
            V in = GET(zi), candidate = GET(zg), out = GET(zo), shown = GET(fc), by_h = GET(dh);
            V by_c = GET(dc) + apply_back(by_h * out, shown, a);
            PUT(zi, by_c * candidate * sigmoid_slope(in));
            PUT(zg, apply_back(by_c * in, candidate, a));
            PUT(zo, by_h * shown * sigmoid_slope(out));
            PUT(dc, by_c);
            PUT(dh, splat(0));
        });
    }
}
CELL(tree_back)

TARGET static void edge(const CellEdge *s)
{
    const size_t units = s->units;
    const real *add = s->add, *c = s->c;
    real *f = s->f, *sum = s->sum;
    FOR_VECTORS(i, units, {
        V forget = 1 / sigmoid_bottom(GET(f) + GET(add));
        PUT(f, forget);
        PUT(sum, GET(sum) + forget * GET(c));
    });
}

TARGET static void edge_back(const CellEdge *s)
{
    const size_t units = s->units;
    const real *c = s->c, *dsum = s->dsum;
    real *f = s->f, *dadd = s->dadd, *dc = s->dc;
    FOR_VECTORS(i, units, {
        V forget = GET(f), by_sum = GET(dsum);
        V by_f = by_sum * GET(c) * sigmoid_slope(forget);
        PUT(f, by_f);
        PUT(dadd, GET(dadd) + by_f);
        PUT(dc, by_sum * forget);
    });
}

const CellKernels CELL_TABLE = { .lstm = lstm,
                                 .lstm_back = lstm_back,
                                 .gru = gru,
                                 .gru_back = gru_back,
                                 .gru_reset = gru_reset,
                                 .gru_finish = gru_finish,
                                 .gru_finish_back = gru_finish_back,
                                 .gru_reset_back = gru_reset_back,
                                 .tree = tree,
                                 .tree_back = tree_back,
                                 .edge = edge,
                                 .edge_back = edge_back };
