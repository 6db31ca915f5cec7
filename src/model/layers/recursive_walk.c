/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over a forest: records, and products over many of them. */
#include <string.h>

#include "model/layers/recursive.h"
#include "numeric/vec.h"

enum { BLOCK = 192 };                  /* nodes of one product of din */
#define NEAR_CACHE ((size_t)512 << 10) /* bytes */

/* Of a call's arrays, which begin at its first row. */
static size_t step_here(const Forest *f, size_t node)
{
    return f->step[node] - f->origin * f->steps;
}

static size_t x_place(const Forest *f)
{
    return f->in + f->slots * f->units;
}

void forest_enter(const Forest *f, size_t from, size_t clear)
{
    size_t x = x_place(f), features = f->features;
    for (uint32_t level = 0; level < f->levels; level++) {
        Nodes nodes = forest_level(f, level);
        for (size_t node = nodes.from; node < nodes.to; node++) {
            real *record = forest_record(f, node);
            memcpy(record + x, f->run->in + step_here(f, node) * features, features * sizeof(real));
            record[x + features] = 1;
            memset(record + from, 0, clear * f->units * sizeof(real));
        }
    }
}

static size_t slot_of(const Forest *f, size_t number)
{
    return number < f->slots ? number : f->slots - 1;
}

void forest_gather(const Forest *f, Nodes nodes, size_t to, size_t state)
{
    size_t units = f->units, n;
    for (size_t node = nodes.from; node < nodes.to; node++) {
        real *slots = forest_record(f, node) + to;
        const uint32_t *child = forest_children(f, node, &n);
        for (size_t k = 0; k < n || k < f->slots; k++) {
            real *slot = slots + slot_of(f, k) * units;
            if (k >= n)
                memset(slot, 0, units * sizeof(real));
            else if (k < f->slots)
                memcpy(slot, forest_record(f, child[k]) + state, units * sizeof(real));
            else
                vec_add(slot, forest_record(f, child[k]) + state, units);
        }
    }
}

void forest_scatter(const Forest *f, Nodes nodes, size_t from, size_t to)
{
    size_t units = f->units, n;
    for (size_t node = nodes.from; node < nodes.to; node++) {
        const real *slots = forest_record(f, node) + from;
        const uint32_t *child = forest_children(f, node, &n);
        for (size_t k = 0; k < n; k++)
            memcpy(forest_record(f, child[k]) + to, slots + slot_of(f, k) * units, units * sizeof(real));
    }
}

/* The node that a sample ends with, of row i of the pass; false where the sample has none. */
static bool root_of(const Forest *f, size_t i, size_t *node)
{
    size_t row = f->first + i, length = f->run->lengths ? f->run->lengths[row - f->origin] : f->steps;
    if (length == 0) return false;
    *node = f->place[row * f->steps + length - 1];
    return true;
}

/* Where the first row of the pass stands in an array of the call with a row of units for each sample. */
static size_t first_output(const Forest *f)
{
    return (f->first - f->origin) * f->units;
}

void forest_leave(const Forest *f, size_t state)
{
    size_t units = f->units, size = units * sizeof(real), node;
    if (!f->sequences) {
        real *out = f->run->out + first_output(f);
        for (size_t i = 0; i < f->some; i++, out += units)
            if (root_of(f, i, &node))
                memcpy(out, forest_record(f, node) + state, size);
            else
                memset(out, 0, size);
        return;
    }
    for (uint32_t level = 0; level < f->levels; level++) {
        Nodes nodes = forest_level(f, level);
        for (node = nodes.from; node < nodes.to; node++)
            memcpy(f->run->out + step_here(f, node) * units, forest_record(f, node) + state, size);
    }
}

void forest_clear_roots(const Forest *f, size_t place)
{
    size_t node;
    for (size_t i = 0; i < f->some; i++)
        if (root_of(f, i, &node)) memset(forest_record(f, node) + place, 0, f->units * sizeof(real));
}

void forest_begin_back(const Forest *f, size_t to)
{
    size_t units = f->units, node;
    const real *dout = f->run->dout + (f->sequences ? 0 : first_output(f));
    forest_clear_roots(f, to);
    for (size_t i = 0; !f->sequences && i < f->some; i++)
        if (root_of(f, i, &node)) vec_add(forest_record(f, node) + to, dout + i * units, units);
}

void forest_enter_back(const Forest *f, Nodes nodes, size_t to)
{
    size_t units = f->units;
    for (size_t node = nodes.from; f->sequences && node < nodes.to; node++)
        vec_add(forest_record(f, node) + to, f->run->dout + step_here(f, node) * units, units);
}

/* ---- products */

void forest_multiply(const Forest *f, Nodes nodes, NodeProduct p)
{
    if (nodes.from == nodes.to) return;
    real *records = forest_record(f, nodes.from);
    real_gemm(&(Gemm){ .m = nodes.to - nodes.from,
                       .n = p.n,
                       .k = p.k,
                       .a = records + p.of,
                       .a_row = f->width,
                       .a_col = 1,
                       .b = p.b,
                       .ldb = p.ldb,
                       .c = records + p.to,
                       .ldc = f->width,
                       .accumulate = p.add,
                       .epilogue = p.bias ? EPILOGUE_BIAS : EPILOGUE_NONE,
                       .bias = p.bias,
                       .engine = f->run->engine });
}

/* The next nodes of the pass from a height on, heights that stand together as one; false at the end. */
static bool next_run(const Forest *f, uint32_t *level, uint32_t end, Nodes *run)
{
    if (*level >= end) return false;
    *run = forest_level(f, (*level)++);
    while (*level < end) {
        Nodes next = forest_level(f, *level);
        if (next.from != run->to) break;
        run->to = next.to;
        ++*level;
    }
    return true;
}

static uint32_t last_level(const Forest *f, bool leaves)
{
    return leaves && f->levels > 1 ? 1 : f->levels;
}

void forest_multiply_all(const Forest *f, bool leaves, NodeProduct product)
{
    uint32_t level = leaves ? 0 : 1;
    Nodes run;
    while (next_run(f, &level, last_level(f, leaves), &run)) forest_multiply(f, run, product);
}

/* Records lie in another order than din: a block of nodes passes through the scratch. */
static void input_back(const Forest *f, Nodes nodes, size_t of, size_t n, const real *b)
{
    size_t features = f->features;
    real *rows = f->run->scratch;
    real_gemm(&(Gemm){ .m = nodes.to - nodes.from,
                       .n = features,
                       .k = n,
                       .a = forest_record(f, nodes.from) + of,
                       .a_row = f->width,
                       .a_col = 1,
                       .b = b,
                       .ldb = features,
                       .c = rows,
                       .ldc = features,
                       .engine = f->run->engine });
    for (size_t node = nodes.from; node < nodes.to; node++, rows += features)
        memcpy(f->run->din + step_here(f, node) * features, rows, features * sizeof(real));
}

void forest_input_back(const Forest *f, bool leaves, size_t of, size_t n, const real *b)
{
    uint32_t level = leaves ? 0 : 1, block = f->steps < BLOCK ? (uint32_t)f->steps : BLOCK;
    Nodes run;
    while (f->run->din && next_run(f, &level, last_level(f, leaves), &run))
        for (Nodes part = run; part.from < run.to; part.from = part.to) {
            part.to = run.to - part.from > block ? part.from + block : run.to;
            input_back(f, part, of, n, b);
        }
}

static void add_gradient(const Forest *f, const NodeGradient *g, Nodes nodes, size_t from, size_t to,
                         bool add)
{
    const real *records = forest_record(f, nodes.from);
    real_gemm(&(Gemm){ .m = to - from,
                       .n = g->n,
                       .k = nodes.to - nodes.from,
                       .a = records + g->of + from,
                       .a_row = 1,
                       .a_col = f->width,
                       .b = records + g->by,
                       .ldb = f->width,
                       .c = g->to + from * g->ldc,
                       .ldc = g->ldc,
                       .accumulate = add,
                       .engine = f->run->engine });
}

/* As many nodes at a time as a near cache holds; the sums go on where they stopped, in the same order. */
void forest_gradient(const Forest *f, NodeGradient g, int part, int parts)
{
    size_t all = g.skip + g.n_rows, from = share_begin(all, part, parts),
           to = share_begin(all, part + 1, parts);
    from = from > g.skip ? from - g.skip : 0;
    to = to > g.skip ? to - g.skip : 0;
    uint32_t chunk = (uint32_t)(NEAR_CACHE / ((g.n_rows + g.n) * sizeof(real))) + 1;
    for (size_t i = from; !g.add && g.nodes.from == g.nodes.to && i < to; i++)
        memset(g.to + i * g.ldc, 0, g.n * sizeof(real));
    for (Nodes some = g.nodes; from < to && some.from < g.nodes.to; some.from = some.to) {
        some.to = g.nodes.to - some.from > chunk ? some.from + chunk : g.nodes.to;
        add_gradient(f, &g, some, from, to, g.add || some.from > g.nodes.from);
    }
}
