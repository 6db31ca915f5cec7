/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of nets against central differences, in the double library: relative error below 1e-6. A weight
 * whose step crosses a kink is tried with smaller steps, and left out where even they cross it; few may be.
 * With FNS_TABLE set a line is printed for each net. */
#ifndef FNS_TESTS_GRADIENTS_H
#define FNS_TESTS_GRADIENTS_H

#include "model/trainer.h"
#include "support/nettext.h"

enum { GRADIENT_ROWS = 7 };
#define GRADIENT_TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "these checks belong to the double library");

/* What to check beside the net. All 0: mse on numbers, full samples. */
typedef struct GradientCase {
    const char *what, *options; /* for the table and messages */
    const LossKind *loss;
    const double *settings; /* of the loss; NULL: its defaults */
    char target;            /* 'c': levels, 'b': shares of an event; else numbers */
    bool codes;             /* inputs are codes 0 .. 4 */
    bool ragged;            /* rows have fewer steps than the net's input */
    bool trees;             /* rows are trees */
    bool weights;           /* of rows */
    real smoothing;
    size_t most; /* weights of a tensor that are looked at; 0: all */
} GradientCase;

typedef struct Gradients {
    const GradientCase *given;
    Net *net;
    const LossKind *loss;
    Workspace *work;
    real *gradients, *transposed, *x;
    real y[GRADIENT_ROWS], w[GRADIENT_ROWS], *prediction;
    double settings[LOSS_SETTINGS];
    double worst;
    size_t looked, kinks;
} Gradients;

static const uint32_t gradient_lengths[GRADIENT_ROWS] = { 3, 5, 0, 1, 4, 5, 2 };

static inline bool gradients_tabled(void)
{
    return getenv("FNS_TABLE") != NULL;
}

/* Links of a tree whose last step is the root: each step hangs on one of the next two. */
static inline void gradients_tree(Gradients *g, size_t row, size_t steps, size_t length)
{
    uint32_t *up = g->work->up + row * steps;
    for (size_t t = 0; t < steps; t++)
        up[t] = t + 1 < length ? 1 + (uint32_t)((t + row) % 2 && t + 2 < length) : 0;
}

static inline void gradients_inputs(Gradients *g)
{
    Shape in = g->net->plan->in;
    size_t size = shape_size(in), steps = in.dims[0], width = size / steps;
    Err err = { 0 };
    bool ragged = g->given->ragged, trees = g->given->trees;
    if (ragged || trees) assert_true(workspace_ragged(g->work, true, trees ? steps : 0, &err));
    for (size_t i = 0; i < GRADIENT_ROWS; i++) {
        size_t length = ragged && gradient_lengths[i] < steps ? gradient_lengths[i] : steps;
        if (trees && length == 0) length = 1; /* a tree has a root */
        for (size_t j = 0; j < size; j++) {
            uint32_t at = (uint32_t)(i * size + j);
            real value = g->given->codes ? (real)((at * 7 + at / 5) % 5) : toy_number(1, at);
            g->x[at] = j < length * width ? value : 0;
        }
        if (ragged || trees) workspace_length(g->work, i, length);
        if (trees) gradients_tree(g, i, steps, length);
    }
}

static inline void gradients_targets(Gradients *g)
{
    for (uint32_t i = 0; i < GRADIENT_ROWS; i++) {
        g->w[i] = 1 + toy_number(2, i) / 2;
        g->y[i] = g->given->target == 'c' ? (real)(i % 3) : (toy_number(3, i) + 1) / 2;
    }
}

static inline void gradients_begin(Gradients *g, const GradientCase *given, NetDef *def)
{
    Err err = { 0 };
    g->given = given;
    g->loss = given->loss ? given->loss : loss_find("mse");
    g->net = net_new(def, 3);
    netdef_unref(def);
    if (!net_prepare(g->net, NULL, &err)) fail_msg("%s %s: %s", given->what, given->options, err.message);
    size_t n = g->net->plan->n_weights, out = (size_t)net_outputs(g->net);
    g->work = workspace_new(g->net->plan, GRADIENT_ROWS, true, &err);
    g->gradients = mem_own((n + 1) * sizeof(real));
    g->transposed = mem_own((n + 1) * sizeof(real));
    g->x = mem_own(GRADIENT_ROWS * shape_size(g->net->plan->in) * sizeof(real));
    g->prediction = mem_own(GRADIENT_ROWS * out * sizeof(real));
    if (given->settings)
        memcpy(g->settings, given->settings, sizeof g->settings);
    else
        loss_settings(g->loss, NULL, g->settings);
    workspace_bind(g->work, g->net->params->values, g->gradients, g->transposed, g->loss->fused, GEMM_AUTO);
    workspace_seed(g->work, 5);
    for (size_t i = 0; i < n; i++) g->net->params->values[i] += toy_number(4, (uint32_t)i) / 8;
    gradients_inputs(g);
    gradients_targets(g);
}

static inline void gradients_end(Gradients *g)
{
    workspace_free(g->work);
    mem_free(g->gradients);
    mem_free(g->transposed);
    mem_free(g->x);
    mem_free(g->prediction);
    net_unref(g->net);
}

/* The mean loss while training, with the masks of one step; sets the gradient by the outputs. */
static inline double gradients_loss(Gradients *g)
{
    memcpy(g->work->in, g->x, GRADIENT_ROWS * shape_size(g->net->plan->in) * sizeof(real));
    work_forward(g->work, 0, GRADIENT_ROWS, true, 11);
    static const uint32_t dates[] = { 0, 3, GRADIENT_ROWS };
    LossBatch batch = { .n = GRADIENT_ROWS,
                        .n_outputs = (size_t)net_outputs(g->net),
                        .out = g->work->out,
                        .target = g->y,
                        .weight = g->given->weights ? g->w : NULL,
                        .scale = (real)1 / GRADIENT_ROWS,
                        .alpha = (real)g->settings[0],
                        .settings = g->settings,
                        .smoothing = g->given->smoothing,
                        .gradient = g->work->dout,
                        .starts = g->loss->by_date ? dates : NULL,
                        .n_starts = g->loss->by_date ? 2 : 0,
                        .prediction = g->prediction };
    return g->loss->value(&batch) / GRADIENT_ROWS;
}

static inline void gradients_compute(Gradients *g)
{
    work_transpose(g->work, 0, 1);
    gradients_loss(g);
    for (int stage = work_stages(g->work) - 1; stage >= 0; stage--) {
        work_backward_stage(g->work, stage, 0, 4, 11); /* in two shares of the rows ... */
        work_backward_stage(g->work, stage, 4, GRADIENT_ROWS, 11);
        for (int part = 0; stage > 0 && part < 2; part++)
            work_back_sums(g->work, stage, GRADIENT_ROWS, part, 2);
    }
    work_gradients(g->work, GRADIENT_ROWS, 1, 2); /* ... and of the weights, as two threads would */
    work_gradients(g->work, GRADIENT_ROWS, 0, 2);
    work_join(g->work, GRADIENT_ROWS, 0, 1);
}

static inline double gradients_loss_at(Gradients *g, size_t i, double value)
{
    real *weight = &g->net->params->values[i], kept = *weight;
    *weight = value;
    double loss = gradients_loss(g);
    *weight = kept;
    return loss;
}

/* Relative error of one weight by differences over four points; NaN where its steps cross a kink. */
static inline double gradients_error(Gradients *g, size_t i, double here)
{
    static const double steps[] = { 3e-4, 3e-5, 3e-6, 5e-7 };
    double exact = g->gradients[i], kept = g->net->params->values[i], best = INFINITY, bend = 0;
    for (int k = 0; k < 4; k++) {
        double h = steps[k], up = gradients_loss_at(g, i, kept + h), down = gradients_loss_at(g, i, kept - h);
        double high = gradients_loss_at(g, i, kept + 2 * h), low = gradients_loss_at(g, i, kept - 2 * h);
        double numeric = (8 * (up - down) - (high - low)) / (12 * h);
        best = fmin(best, fabs(numeric - exact) / fmax(fabs(numeric) + fabs(exact), 1e-3));
        if (best <= GRADIENT_TOLERANCE / 50) return best;
        bend = (fabs(up - 2 * here + down) + fabs(high - 2 * here + low)) / h;
    }
    if (best <= GRADIENT_TOLERANCE) return best;
    if (bend > 1e-4 * fmax(fabs(exact), 1e-2)) return NAN;
    fail_msg("%s %s: weight %zu: %.10g by the net, relative error %.2g", g->given->what, g->given->options, i,
             exact, best);
    return best;
}

static inline void gradients_tensor(Gradients *g, size_t first, size_t n, double here)
{
    size_t most = g->given->most, every = most && n > most ? n / most : 1;
    for (size_t i = 0; i < n; i += every) {
        double error = gradients_error(g, first + i, here);
        g->looked++;
        if (isnan(error))
            g->kinks++;
        else
            g->worst = fmax(g->worst, error);
    }
}

/* Checks every weight; takes over the definition. Returns the worst relative error. */
static inline double gradients_check(NetDef *def, const GradientCase *given)
{
    Gradients g = { 0 };
    gradients_begin(&g, given, def);
    gradients_compute(&g);
    double here = gradients_loss(&g);
    for (int k = 0; k < g.net->plan->n_layers; k++) {
        const LayerPlan *layer = &g.net->plan->layers[k];
        gradients_tensor(&g, layer->weights, layer->n_weights, here);
    }
    if (gradients_tabled())
        printf("%-14s %-58s %6zu %5zu  %.1e\n", given->what, given->options ? given->options : "", g.looked,
               g.kinks, g.worst);
    if (g.looked <= 4 || g.kinks * 10 > g.looked)
        fail_msg("%s %s: %zu of %zu weights are at kinks", given->what, given->options, g.kinks, g.looked);
    gradients_end(&g);
    return g.worst;
}

/* Of a net in words. */
static inline double gradients_text(const char *text, GradientCase given)
{
    NetDef *def = net_text(text);
    if (!def) fail_msg("no net: %s", text);
    if (!given.options) given.options = text;
    return gradients_check(def, &given);
}

#endif
