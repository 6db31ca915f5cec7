/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tree-LSTMs of Tai, Socher and Manning 2015, ACL. Child-sum (their equations 2 to 8), with h~ the sum of the
 * children's h: [i g o] = h~ U + x W + b, f_k = s(h_k Uf + x Wf + bf) for each child, c = i g + sum f_k c_k,
 * h = o a(c). Binary (9 to 14, N = 2): [i g o f1 f2] = [h_1 h_2] U + x W + b, where W and b of f1 and f2 are
 * the same; h_2, c_2 are sums over the second child and all behind it. s on i, f and o, a on g.
 *
 * Back: di, dg, do as of lstm; df_k = dc c_k f'_k, dc_k = dc f_k, and x Wf gathers df_k over the children.
 * With all weights and biases 0, two leaves, and x 0: c = h = 0. */
#include <string.h>

#include "model/layers/recursive.h"
#include "numeric/vec.h"

/* Places in a record, in units. The gates: the x product of f, then i g o, then f (of lstm the node's own
 * gate to its parent, of binary those of its slots); on the way back the gradient of h stands first. State
 * and what of it is shown make room for the gradients of the slots. Binary keeps the slots' c, other
 * activations the input of g. */
enum { OF_X, IN, CANDIDATE, OUT, FORGET };
enum { STATE = FORGET + 1, SHOWN, HIDDEN, STATE_BACK, KEPT, ENTERED = KEPT, KEPT_ANY };
enum { SLOTS = KEPT_ANY + 1 }; /* of binary, whose places from STATE on are one further */

typedef struct Layout {
    size_t state, shown, hidden, state_back, entered, slots; /* reals */
    size_t recurrent;                                        /* columns */
    bool binary;
} Layout;

static Layout layout_of(const Forest *f)
{
    size_t u = f->units, more = f->slots - 1;
    return (Layout){ .state = (STATE + more) * u,
                     .shown = (SHOWN + more) * u,
                     .hidden = (HIDDEN + more) * u,
                     .state_back = (STATE_BACK + more) * u,
                     .entered = (ENTERED + more) * u,
                     .slots = SLOTS * u,
                     .recurrent = (f->slots == 2 ? 5 : 4) * u,
                     .binary = f->slots == 2 };
}

static const real *weight_of(const Forest *f, const Layout *at)
{
    return f->run->weights + f->slots * f->units * at->recurrent;
}

/* ---- nodes: through the kernels of cell.h, or any activation a row at a time */

static Cell cell_of(const Forest *f, const Layout *at, Nodes nodes)
{
    real *record = forest_record(f, nodes.from);
    return (Cell){ .rows = nodes.to - nodes.from,
                   .units = f->units,
                   .row = f->width,
                   .function = (CellFunction)f->function,
                   .gates = record + IN * f->units,
                   .c = record + at->state,
                   .fc = record + at->shown,
                   .h = record + at->hidden,
                   .h_row = f->width,
                   .dh = record + OF_X * f->units,
                   .dc = record + at->state_back };
}

static void any_row(const Forest *f, const Layout *at, real *record)
{
    size_t units = f->units;
    real *in = record + IN * units, *g = record + CANDIDATE * units, *out = record + OUT * units;
    real *c = record + at->state, *shown = record + at->shown, *h = record + at->hidden;
    memcpy(record + at->entered, g, units * sizeof(real));
    vec_sigmoid(in, in, units);
    vec_sigmoid(out, out, units);
    f->activation->forward(g, g, 1, units, f->alpha);
    for (size_t j = 0; j < units; j++) c[j] += in[j] * g[j];
    f->activation->forward(shown, c, 1, units, f->alpha);
    for (size_t j = 0; j < units; j++) h[j] = out[j] * shown[j];
}

static void any_row_back(const Forest *f, const Layout *at, real *record)
{
    size_t units = f->units;
    real *in = record + IN * units, *g = record + CANDIDATE * units, *out = record + OUT * units;
    real *d = record + OF_X * units, *dc = record + at->state_back;
    const real *c = record + at->state, *shown = record + at->shown;
    for (size_t j = 0; j < units; j++) {
        real by_h = d[j], o = out[j];
        out[j] = by_h * shown[j] * o * (1 - o);
        d[j] = by_h * o;
    }
    f->activation->backward(d, d, shown, c, 1, units, f->alpha);
    for (size_t j = 0; j < units; j++) {
        real by_c = dc[j] + d[j], i = in[j];
        in[j] = by_c * g[j] * i * (1 - i);
        d[j] = by_c * i;
        dc[j] = by_c;
    }
    f->activation->backward(g, d, g, record + at->entered, 1, units, f->alpha);
    memset(d, 0, units * sizeof(real));
}

static void run_cells(const Forest *f, const Layout *at, Nodes nodes)
{
    Cell cell = cell_of(f, at, nodes);
    if (f->function >= 0)
        cell_tree(&cell);
    else
        for (size_t node = nodes.from; node < nodes.to; node++) any_row(f, at, forest_record(f, node));
}

static void run_cells_back(const Forest *f, const Layout *at, Nodes nodes)
{
    Cell cell = cell_of(f, at, nodes);
    if (f->function >= 0)
        cell_tree_back(&cell);
    else
        for (size_t node = nodes.from; node < nodes.to; node++) any_row_back(f, at, forest_record(f, node));
}

/* ---- edges: of lstm one for each child, of binary one for each slot */

static CellEdge edge_of(const Forest *f, const Layout *at, real *record, real *child, size_t slot)
{
    size_t units = f->units;
    real *c = child ? child + at->state : record + at->slots + slot * units;
    return (CellEdge){ .units = units,
                       .f = (child ? child : record + slot * units) + FORGET * units,
                       .add = record + OF_X * units,
                       .c = c,
                       .sum = record + at->state,
                       .dsum = record + at->state_back,
                       .dadd = record + OF_X * units,
                       .dc = child ? child + at->state_back : c };
}

static void run_edges(const Forest *f, const Layout *at, Nodes nodes, void (*run)(const CellEdge *))
{
    for (size_t node = nodes.from; node < nodes.to; node++) {
        size_t n;
        real *record = forest_record(f, node);
        const uint32_t *child = forest_children(f, node, &n);
        if (at->binary) n = f->slots;
        for (size_t k = 0; k < n; k++) {
            CellEdge edge = edge_of(f, at, record, at->binary ? NULL : forest_record(f, child[k]), k);
            run(&edge);
        }
    }
}

/* ---- forward */

/* x W + b: leaves need i, g and o, inner nodes f too. Of lstm the weights of h~ and x are one matrix: what
 * inner nodes have besides f is left to one product. */
static void multiply_x(const Forest *f, const Layout *at)
{
    size_t units = f->units;
    const real *weight = weight_of(f, at), *bias = weight + f->features * 4 * units;
    NodeProduct inner = { .of = f->in + f->slots * units,
                          .k = f->features,
                          .b = weight,
                          .ldb = 4 * units,
                          .n = (at->binary ? 4 : 1) * units,
                          .to = OF_X * units,
                          .bias = bias };
    NodeProduct leaves = inner;
    leaves.b += units;
    leaves.n = 3 * units;
    leaves.to += units;
    leaves.bias += units;
    forest_multiply_all(f, true, leaves);
    forest_multiply_all(f, false, inner);
}

static NodeProduct of_children(const Forest *f, const Layout *at)
{
    size_t units = f->units;
    if (at->binary)
        return (NodeProduct){ .of = f->in,
                              .k = 2 * units,
                              .b = f->run->weights,
                              .ldb = 5 * units,
                              .n = 5 * units,
                              .to = IN * units,
                              .add = true };
    return (NodeProduct){ .of = f->in,
                          .k = units + f->features,
                          .b = f->run->weights + units,
                          .ldb = 4 * units,
                          .n = 3 * units,
                          .to = IN * units,
                          .bias = weight_of(f, at) + f->features * 4 * units + units };
}

/* What the gates of inner nodes get from the children's h, and c from the children's c. */
static void multiply_children(const Forest *f, const Layout *at, Nodes nodes)
{
    forest_gather(f, nodes, f->in, at->hidden);
    if (at->binary) forest_gather(f, nodes, at->slots, at->state);
    forest_multiply(f, nodes, of_children(f, at));
    run_edges(f, at, nodes, cell_edge);
}

static void forward(const Forest *f)
{
    Layout at = layout_of(f);
    size_t units = f->units;
    NodeProduct to_parent = { .of = at.hidden,
                              .k = units,
                              .b = f->run->weights,
                              .ldb = at.recurrent,
                              .n = units,
                              .to = FORGET * units };
    if (at.binary) /* f and c */
        forest_enter(f, FORGET * units, 3);
    else
        forest_enter(f, at.state, 1);
    multiply_x(f, &at);
    for (uint32_t level = 0; level < f->levels; level++) {
        Nodes nodes = forest_level(f, level);
        if (level > 0) multiply_children(f, &at, nodes);
        run_cells(f, &at, nodes);
        if (!at.binary && level + 1 < f->levels) forest_multiply(f, nodes, to_parent);
    }
    forest_leave(f, at.hidden);
}

/* ---- back */

static void begin_back(const Forest *f, const Layout *at)
{
    forest_begin_back(f, OF_X * f->units);
    forest_clear_roots(f, at->state_back);
    if (!at->binary) forest_clear_roots(f, FORGET * f->units);
}

/* From the gates of inner nodes to the children's h and c. */
static void children_back(const Forest *f, const Layout *at, Nodes nodes)
{
    size_t units = f->units, gates = at->binary ? 5 * units : 3 * units;
    NodeProduct product = { .of = IN * units,
                            .k = gates,
                            .b = f->run->transposed + (at->recurrent - gates) * f->slots * units,
                            .ldb = f->slots * units,
                            .n = f->slots * units,
                            .to = at->state };
    run_edges(f, at, nodes, cell_edge_back);
    forest_multiply(f, nodes, product);
    forest_scatter(f, nodes, at->state, OF_X * units);
    if (at->binary) forest_scatter(f, nodes, at->slots, at->state_back);
}

static void backward(const Forest *f)
{
    Layout at = layout_of(f);
    size_t units = f->units;
    const real *weight = f->run->transposed + at.recurrent * f->slots * units;
    NodeProduct by_forget = { .of = FORGET * units,
                              .k = units,
                              .b = f->run->transposed,
                              .ldb = units,
                              .n = units,
                              .to = OF_X * units,
                              .add = true };
    begin_back(f, &at);
    for (uint32_t level = f->levels; level-- > 0;) {
        Nodes nodes = forest_level(f, level);
        if (!at.binary && level + 1 < f->levels) forest_multiply(f, nodes, by_forget);
        forest_enter_back(f, nodes, OF_X * units);
        run_cells_back(f, &at, nodes);
        if (level > 0) children_back(f, &at, nodes);
    }
    forest_input_back(f, true, IN * units, 3 * units, weight + units * f->features);
    forest_input_back(f, false, OF_X * units, 4 * units, weight);
}

/* ---- gradients */

/* Of lstm: h~, x and 1 with i, g, o in one product, as forward; x and 1 with f; each h with its own f. */
static void lstm_gradients(const Forest *f, const Layout *at, int part, int parts)
{
    size_t units = f->units;
    NodeGradient gates = { .nodes = forest_inner(f),
                           .of = f->in,
                           .n_rows = units + f->features + 1,
                           .by = IN * units,
                           .n = 3 * units,
                           .to = f->run->gradients + units,
                           .ldc = 4 * units };
    NodeGradient of_x = { .nodes = forest_inner(f),
                          .skip = units,
                          .of = f->in + units,
                          .n_rows = f->features + 1,
                          .by = OF_X * units,
                          .n = units,
                          .to = f->run->gradients + 4 * units * units,
                          .ldc = 4 * units };
    NodeGradient forget = { .nodes = { 0, f->n },
                            .of = at->hidden,
                            .n_rows = units,
                            .by = FORGET * units,
                            .n = units,
                            .to = f->run->gradients,
                            .ldc = 4 * units };
    forest_gradient(f, gates, part, parts);
    forest_gradient(f, of_x, part, parts);
    forest_gradient(f, forget, part, parts);
}

static void binary_gradients(const Forest *f, int part, int parts)
{
    size_t units = f->units;
    NodeGradient gates = { .nodes = forest_inner(f),
                           .of = f->in,
                           .n_rows = 2 * units,
                           .by = IN * units,
                           .n = 5 * units,
                           .to = f->run->gradients,
                           .ldc = 5 * units };
    NodeGradient of_x = { .nodes = forest_inner(f),
                          .skip = units,
                          .of = f->in + 2 * units,
                          .n_rows = f->features + 1,
                          .by = OF_X * units,
                          .n = 4 * units,
                          .to = f->run->gradients + 10 * units * units,
                          .ldc = 4 * units };
    forest_gradient(f, gates, part, parts);
    forest_gradient(f, of_x, part, parts);
}

/* Leaves have x, and no f. */
static void leaf_gradients(const Forest *f, const Layout *at, int part, int parts)
{
    size_t units = f->units;
    NodeGradient leaves = { .nodes = forest_leaves(f),
                            .skip = units,
                            .of = f->in + f->slots * units,
                            .n_rows = f->features + 1,
                            .by = IN * units,
                            .n = 3 * units,
                            .to = f->run->gradients + f->slots * units * at->recurrent + units,
                            .ldc = 4 * units,
                            .add = true };
    forest_gradient(f, leaves, part, parts);
}

static void gradients(const Forest *f, int part, int parts)
{
    Layout at = layout_of(f);
    if (at.binary)
        binary_gradients(f, part, parts);
    else
        lstm_gradients(f, &at, part, parts);
    leaf_gradients(f, &at, part, parts);
}

const TreeCell recursive_lstm = { .name = "lstm",
                                  .slots = 1,
                                  .columns = 4,
                                  .recurrent = 4,
                                  .kept = KEPT,
                                  .kept_any = KEPT_ANY,
                                  .forward = forward,
                                  .backward = backward,
                                  .gradients = gradients };
const TreeCell recursive_binary = { .name = "binary",
                                    .slots = 2,
                                    .columns = 4,
                                    .recurrent = 5,
                                    .kept = SLOTS + 2,
                                    .kept_any = SLOTS + 2,
                                    .forward = forward,
                                    .backward = backward,
                                    .gradients = gradients };
