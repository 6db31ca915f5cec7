/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simple tree network: h = a(x W + (sum of h over the children) U + b). Socher, Lin, Ng and Manning 2011,
 * ICML, with one matrix for any number of children, and words read at any node. Back: dz = dh a'(z), and each
 * child's dh += dz U'. With W = U = 1, b = 0, a = tanh and x = 0.5 at a node with two leaves of x = 0.5:
 * h = tanh(0.5 + 2 tanh(0.5)) = 0.89103486. */
#include "model/layers/recursive.h"

/* Places in a record, in units: the product, the state, the state's gradient. */
enum { PRODUCT, STATE, BACK, KEPT };

static const real *weight_of(const Forest *f)
{
    return f->run->weights + f->units * f->units;
}

static void forward(const Forest *f)
{
    size_t units = f->units;
    const real *weight = weight_of(f), *bias = weight + f->features * units;
    NodeProduct of_leaves = {
        .of = f->in + units, .k = f->features, .b = weight, .ldb = units, .n = units, .bias = bias
    };
    NodeProduct of_inner = of_leaves; /* the two matrices are one */
    of_inner.of -= units;
    of_inner.k += units;
    of_inner.b = f->run->weights;
    forest_enter(f, 0, 0);
    for (uint32_t level = 0; level < f->levels; level++) {
        Nodes nodes = forest_level(f, level);
        if (level > 0) forest_gather(f, nodes, f->in, STATE * units);
        forest_multiply(f, nodes, level > 0 ? of_inner : of_leaves);
        for (size_t node = nodes.from; node < nodes.to; node++) {
            real *z = forest_record(f, node);
            f->activation->forward(z + STATE * units, z, 1, units, f->alpha);
        }
    }
    forest_leave(f, STATE * units);
}

static void backward(const Forest *f)
{
    size_t units = f->units, columns = units * units;
    NodeProduct to_children = {
        .of = PRODUCT, .k = units, .b = f->run->transposed, .ldb = units, .n = units, .to = STATE * units
    }; /* it has served */
    forest_begin_back(f, BACK * units);
    for (uint32_t level = f->levels; level-- > 0;) {
        Nodes nodes = forest_level(f, level);
        forest_enter_back(f, nodes, BACK * units);
        for (size_t node = nodes.from; node < nodes.to; node++) {
            real *z = forest_record(f, node);
            f->activation->backward(z, z + BACK * units, z + STATE * units, z, 1, units, f->alpha);
        }
        if (level == 0) break;
        forest_multiply(f, nodes, to_children);
        forest_scatter(f, nodes, STATE * units, BACK * units);
    }
    forest_input_back(f, true, PRODUCT, units, f->run->transposed + columns);
    forest_input_back(f, false, PRODUCT, units, f->run->transposed + columns);
}

/* The two matrices and the bias are one; leaves have no children. */
static void gradients(const Forest *f, int part, int parts)
{
    size_t units = f->units;
    NodeGradient inner = { .nodes = forest_inner(f),
                           .of = f->in,
                           .n_rows = units + f->features + 1,
                           .by = PRODUCT,
                           .n = units,
                           .to = f->run->gradients,
                           .ldc = units };
    NodeGradient leaves = inner;
    leaves.nodes = forest_leaves(f);
    leaves.skip = units;
    leaves.of += units;
    leaves.n_rows -= units;
    leaves.to += units * units;
    leaves.add = true;
    forest_gradient(f, inner, part, parts);
    forest_gradient(f, leaves, part, parts);
}

const TreeCell recursive_simple = { .name = "simple",
                                    .slots = 1,
                                    .columns = 1,
                                    .recurrent = 1,
                                    .kept = KEPT,
                                    .kept_any = KEPT,
                                    .forward = forward,
                                    .backward = backward,
                                    .gradients = gradients };
