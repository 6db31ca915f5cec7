/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a convolution gives, what it needs, and its first weights. */
#include <math.h>
#include <stdio.h>

#include "model/layers/conv.h"
#include "model/layers/convolution.h"

/* Numbers of an option for height and width: `3`, or `3,5`. */
static bool read_pair(LayerPlan *plan, const char *option, int dims, int setting_y, Err *err)
{
    ValueList list = option_list(plan->def->options, option);
    if (list.n > dims)
        return ERR_AT(err, plan->def->span, too_many, option),
               err_hint(err, "%s takes one number%s", option, dims == 2 ? ", or height,width" : "");
    plan->settings[setting_y + 1] = list.items[list.n - 1].number;
    plan->settings[setting_y] = dims == 2 ? list.items[0].number : 1;
    return true;
}

/* Output size and zeros before, along one dimension; false where not even one window fits. */
static bool fit(const LayerPlan *plan, size_t in, int axis, size_t *out, size_t *before, size_t *padded)
{
    const char padding = option_text(plan->def->options, "padding")[0];
    size_t stride = conv_setting(plan, CONV_STRIDE_Y + axis);
    size_t window =
        conv_reach(conv_setting(plan, CONV_KERNEL_Y + axis), conv_setting(plan, CONV_DILATION_Y + axis));
    *before = 0;
    *padded = in;
    *out = in < window ? 0 : (in - window) / stride + 1;
    if (padding == 'v') return *out > 0;
    *out = (in + stride - 1) / stride;
    size_t needs = (*out - 1) * stride + window, zeros = needs > in ? needs - in : 0;
    *before = padding == 's' ? zeros / 2 : window - 1;
    *padded = padding == 's' ? in + zeros : in + window - 1;
    return true;
}

/* Outputs whose window lies in the n steps; with zeros around them, those that stand on one of them. */
size_t conv_steps(const LayerPlan *plan, size_t n)
{
    int axis = plan->out.n_dims == 2;
    size_t stride = conv_setting(plan, CONV_STRIDE_Y + axis);
    size_t window =
        conv_reach(conv_setting(plan, CONV_KERNEL_Y + axis), conv_setting(plan, CONV_DILATION_Y + axis));
    if (option_text(plan->def->options, "padding")[0] != 'v') return (n + stride - 1) / stride;
    return n < window ? 0 : (n - window) / stride + 1;
}

static bool too_short(const LayerPlan *plan, int dims, Err *err)
{
    char needs[96];
    size_t tall = conv_reach(conv_setting(plan, CONV_KERNEL_Y), conv_setting(plan, CONV_DILATION_Y));
    size_t wide = conv_reach(conv_setting(plan, CONV_KERNEL_X), conv_setting(plan, CONV_DILATION_X));
    if (dims == 1)
        snprintf(needs, sizeof needs, "at least %zu steps for its kernel", wide);
    else
        snprintf(needs, sizeof needs, "at least %zu x %zu for its kernel", tall, wide);
    return plan_mismatch(plan, needs, err), err_hint(err, "a shorter kernel=, or padding=same");
}

static bool place_output(LayerPlan *plan, int dims, Err *err)
{
    size_t filters = (size_t)option_integer(plan->def->options, "filters");
    size_t tall = dims == 2 ? plan->in.dims[0] : 1, wide = plan->in.dims[dims - 1], rows, columns, top, left;
    bool fits = fit(plan, wide, 1, &columns, &left, &wide) && fit(plan, tall, 0, &rows, &top, &tall);
    if (!fits) return too_short(plan, dims, err);
    plan->out = dims == 1 ? (Shape){ 2, { columns, filters } } : (Shape){ 3, { rows, columns, filters } };
    plan->settings[CONV_TOP] = (double)top;
    plan->settings[CONV_LEFT] = (double)left;
    plan->settings[CONV_WIDE] = (double)wide;
    return true;
}

static bool add_tensors(LayerPlan *plan, const Conv *c, Err *err)
{
    Shape weight = { 3, { c->kernel_x, c->channels, c->filters } };
    if (plan->out.n_dims == 3) weight = (Shape){ 4, { c->kernel_y, c->kernel_x, c->channels, c->filters } };
    if (!plan_tensor(plan, "weight", weight, false, true, err)) return false;
    plan->n_transposed = plan->n_weights;
    return !c->bias || plan_tensor(plan, "bias", (Shape){ 1, { c->filters } }, false, false, err);
}

/* Patches laid out, or dY with its zeros, or while not training the padded input. False: more than fits. */
static bool size_scratch(LayerPlan *plan, const Conv *c)
{
    size_t patches = 0, back = 0, padded = conv_size_padded(c);
    if (conv_lays_out(c) && __builtin_mul_overflow(c->taps + 1, conv_positions(c), &patches)) return false;
    if (conv_reverses(c) && c->kernel_x > 1 &&
        __builtin_mul_overflow(c->out_height * conv_wide_back(c), c->filters, &back))
        return false;
    plan->scratch_per_row = patches > back ? patches : back;
    if (padded > plan->scratch_per_row) plan->scratch_per_row = padded;
    plan->cache_per_row = padded + (plan->activation->needs_input ? conv_size_out(c) : 0);
    if (conv_can_be_sparse(c)) plan->n_fixed = c->taps * c->filters;
    return true;
}

static Init choose_init(const LayerPlan *plan)
{
    const char *word = option_text(plan->def->options, "init");
    return word ? init_parse(word) : plan->activation->he ? INIT_HE : INIT_GLOROT;
}

bool conv_shape(LayerPlan *plan, int dims, const char *words, Err *err)
{
    const Options *options = plan->def->options;
    if (plan->in.n_dims != dims && plan->in.n_dims != dims + 1) return plan_mismatch(plan, words, err);
    plan->settings[CONV_BIAS] = option_bool(options, "bias");
    if (!read_pair(plan, "kernel", dims, CONV_KERNEL_Y, err) ||
        !read_pair(plan, "stride", dims, CONV_STRIDE_Y, err) ||
        !read_pair(plan, "dilation", dims, CONV_DILATION_Y, err) || !place_output(plan, dims, err))
        return false;
    plan_activation(plan, "activation");
    plan->settings[CONV_INIT] = choose_init(plan);
    plan->l2 = option_number(options, "l2");
    Conv conv = conv_read(plan);
    if (shape_size(plan->out) == 0 || !size_scratch(plan, &conv))
        return ERR(err, net_too_big, plan->net, plan->def->name);
    plan->cost = (double)shape_size(plan->out) * (double)conv.taps;
    return add_tensors(plan, &conv, err);
}

/* Glorot's fan out counts the outputs that one input reaches. */
static void fill_glorot(const Conv *c, gsl_rng *rng, real *weights)
{
    size_t reached = c->kernel_y * c->kernel_x * c->filters;
    double limit = sqrt(6 / ((double)c->taps + (double)reached));
    for (size_t i = 0; i < c->taps * c->filters; i++)
        weights[i] = (real)((2 * gsl_rng_uniform(rng) - 1) * limit);
}

void conv_init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    Conv conv = conv_read(plan);
    Init how = (Init)plan->settings[CONV_INIT];
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    (void)stats;
    if (!rng) return;
    if (how == INIT_GLOROT)
        fill_glorot(&conv, rng, weights);
    else
        init_matrix(how, rng, weights, conv.taps, conv.filters, conv.filters);
    gsl_rng_free(rng);
}
