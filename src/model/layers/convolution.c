/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution (cross-correlation) as matrix products over image patches that are addressed where they lie.
 *   Y[oy, ox, f] = b[f] + sum over (ky, kx, c) of X[oy sy + ky dy - top, ox sx + kx dx - left, c] W[ky, kx,
 * c, f] One output row is one product: in a row of X the values of kernel_x neighbouring pixels follow each
 * other, and the rows of a patch are segments of the product. dW of few channels takes patches that are laid
 * out. dX for stride 1 is the same sum over dY with the taps reversed, otherwise dY W^T is added tap by tap.
 * Behind max pooling, most of dY is 0: both gradients are sums over what is not. Only left and right are
 * zeros laid out; rows above and below are left out of the sums. X = (1, 2, 3), one channel, W = (1, 10), b =
 * 0: Y = (21, 32). */
#include "model/layers/convolution.h"

#include <math.h>
#include <string.h>

#include "numeric/sparse.h"
#include "numeric/vec.h"

enum {
    SETTING_KERNEL_Y,
    SETTING_KERNEL_X,
    SETTING_STRIDE_Y,
    SETTING_STRIDE_X,
    SETTING_DILATION_Y,
    SETTING_DILATION_X,
    SETTING_TOP,
    SETTING_LEFT,
    SETTING_WIDE,
    SETTING_BIAS,
    SETTING_INIT
};
enum { INIT_GLOROT, INIT_HE, INIT_LECUN };
enum { SHORT_ROW = 16 }; /* dW of a kernel row of fewer values takes patches laid out */

typedef struct Conv {
    size_t height, width, channels;
    size_t kernel_y, kernel_x, stride_y, stride_x, dilation_y, dilation_x;
    size_t top, left; /* zeros above, and before each row */
    size_t wide;      /* of a row with its zeros */
    size_t out_height, out_width, filters;
    size_t taps; /* kernel_y * kernel_x * channels */
    bool bias;
} Conv;

static size_t setting(const LayerPlan *plan, int i)
{
    return (size_t)plan->settings[i];
}

/* The output has as many dimensions as the kind; the input may lack its one channel. */
static Conv read_conv(const LayerPlan *plan)
{
    const Shape *out = &plan->out;
    bool series = out->n_dims == 2;
    Conv conv = { .height = series ? 1 : plan->in.dims[0],
                  .width = plan->in.dims[series ? 0 : 1],
                  .channels = plan->in.n_dims == out->n_dims ? plan->in.dims[out->n_dims - 1] : 1,
                  .kernel_y = setting(plan, SETTING_KERNEL_Y),
                  .kernel_x = setting(plan, SETTING_KERNEL_X),
                  .stride_y = setting(plan, SETTING_STRIDE_Y),
                  .stride_x = setting(plan, SETTING_STRIDE_X),
                  .dilation_y = setting(plan, SETTING_DILATION_Y),
                  .dilation_x = setting(plan, SETTING_DILATION_X),
                  .top = setting(plan, SETTING_TOP),
                  .left = setting(plan, SETTING_LEFT),
                  .wide = setting(plan, SETTING_WIDE),
                  .out_height = series ? 1 : out->dims[0],
                  .out_width = out->dims[series ? 0 : 1],
                  .filters = out->dims[out->n_dims - 1],
                  .bias = setting(plan, SETTING_BIAS) };
    conv.taps = conv.kernel_y * conv.kernel_x * conv.channels;
    return conv;
}

static size_t size_in(const Conv *c)
{
    return c->height * c->width * c->channels;
}

static size_t positions(const Conv *c)
{
    return c->out_height * c->out_width;
}

static size_t size_out(const Conv *c)
{
    return positions(c) * c->filters;
}

static size_t size_padded(const Conv *c)
{
    return c->wide > c->width ? c->height * c->wide * c->channels : 0;
}

static bool lays_out(const Conv *c)
{
    return c->kernel_y > 1 && c->kernel_x * c->channels < SHORT_ROW;
}

static bool reverses(const Conv *c)
{
    return c->stride_y == 1 && c->stride_x == 1;
}

static size_t reach(size_t kernel, size_t dilation)
{
    return (kernel - 1) * dilation + 1;
}

/* A row of dY with zeros on both sides, for dX by reversed taps. */
static size_t wide_back(const Conv *c)
{
    return c->width + reach(c->kernel_x, c->dilation_x) - 1;
}

/* Whether gradients can be taken from the values of dY that are not 0 alone: patches are whole vectors, and
 * lie inside the image. */
static bool can_be_sparse(const Conv *c)
{
    return c->wide == c->width && c->top == 0 && (c->dilation_x == 1 || c->kernel_x == 1) &&
           (c->out_height - 1) * c->stride_y + reach(c->kernel_y, c->dilation_y) <= c->height &&
           c->kernel_x * c->channels % SPARSE_LENGTH == 0;
}

static Patches patches_of(const Conv *c)
{
    return (Patches){ .rows = c->out_height,
                      .columns = c->out_width,
                      .filters = c->filters,
                      .runs = c->kernel_y,
                      .length = c->kernel_x * c->channels,
                      .row_step = c->stride_y * c->width * c->channels,
                      .column_step = c->stride_x * c->channels,
                      .run_step = c->dilation_y * c->width * c->channels };
}

/* ---- shapes */

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
    size_t stride = setting(plan, SETTING_STRIDE_Y + axis);
    size_t window = reach(setting(plan, SETTING_KERNEL_Y + axis), setting(plan, SETTING_DILATION_Y + axis));
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

static bool too_short(const LayerPlan *plan, int dims, Err *err)
{
    char needs[96];
    size_t tall = reach(setting(plan, SETTING_KERNEL_Y), setting(plan, SETTING_DILATION_Y));
    size_t wide = reach(setting(plan, SETTING_KERNEL_X), setting(plan, SETTING_DILATION_X));
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
    plan->settings[SETTING_TOP] = (double)top;
    plan->settings[SETTING_LEFT] = (double)left;
    plan->settings[SETTING_WIDE] = (double)wide;
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
    size_t patches = 0, back = 0, padded = size_padded(c);
    if (lays_out(c) && __builtin_mul_overflow(c->taps + 1, positions(c), &patches)) return false;
    if (reverses(c) && c->kernel_x > 1 &&
        __builtin_mul_overflow(c->out_height * wide_back(c), c->filters, &back))
        return false;
    plan->scratch_per_row = patches > back ? patches : back;
    if (padded > plan->scratch_per_row) plan->scratch_per_row = padded;
    plan->cache_per_row = padded + (plan->activation->needs_input ? size_out(c) : 0);
    if (can_be_sparse(c)) plan->n_fixed = c->taps * c->filters;
    return true;
}

static int choose_init(const LayerPlan *plan)
{
    const char *word = option_text(plan->def->options, "init");
    if (!word) return plan->activation->he ? INIT_HE : INIT_GLOROT;
    return word[0] == 'g' ? INIT_GLOROT : word[0] == 'h' ? INIT_HE : INIT_LECUN;
}

bool conv_shape(LayerPlan *plan, int dims, const char *words, Err *err)
{
    const Options *options = plan->def->options;
    if (plan->in.n_dims != dims && plan->in.n_dims != dims + 1) return plan_mismatch(plan, words, err);
    plan->settings[SETTING_BIAS] = option_bool(options, "bias");
    if (!read_pair(plan, "kernel", dims, SETTING_KERNEL_Y, err) ||
        !read_pair(plan, "stride", dims, SETTING_STRIDE_Y, err) ||
        !read_pair(plan, "dilation", dims, SETTING_DILATION_Y, err) || !place_output(plan, dims, err))
        return false;
    plan_activation(plan, "activation");
    plan->settings[SETTING_INIT] = choose_init(plan);
    plan->l2 = option_number(options, "l2");
    Conv conv = read_conv(plan);
    if (shape_size(plan->out) == 0 || !size_scratch(plan, &conv))
        return ERR(err, net_too_big, plan->net, plan->def->name);
    return add_tensors(plan, &conv, err);
}

void conv_init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    Conv conv = read_conv(plan);
    int how = (int)plan->settings[SETTING_INIT];
    double in = (double)conv.taps, out = (double)(conv.kernel_y * conv.kernel_x * conv.filters);
    double limit = sqrt(how == INIT_GLOROT ? 6 / (in + out) : how == INIT_HE ? 6 / in : 3 / in);
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    (void)stats;
    if (!rng) return;
    for (size_t i = 0; i < conv.taps * conv.filters; i++)
        weights[i] = (real)((2 * gsl_rng_uniform(rng) - 1) * limit);
    gsl_rng_free(rng);
}

/* ---- sums over patches */

/* Sums over patches of a (height, wide, channels) image into an (out_height, out_width, n) one. */
typedef struct Sums {
    const real *x;
    size_t height, wide, channels;
    size_t kernel_y, kernel_x, stride_y, stride_x, dilation_y, dilation_x;
    ptrdiff_t top;
    size_t out_height, out_width;
    const real *b; /* (kernel_y, kernel_x, channels, n) */
    Gemm product;  /* n, ldb, c of the first row, ldc, epilogue, bias, y, ldy, engine */
} Sums;

/* The rows of the kernel, from <= ky < to, that meet rows of an image of this height. */
static void meet(ptrdiff_t first, size_t dilation, size_t kernel, size_t height, size_t *from, size_t *to)
{
    ptrdiff_t step = (ptrdiff_t)dilation, last = (ptrdiff_t)height - 1 - first;
    *from = first < 0 ? (size_t)((-first + step - 1) / step) : 0;
    *to = last < 0 ? 0 : (size_t)(last / step) + 1;
    if (*to > kernel) *to = kernel;
    if (*from > *to) *from = *to;
}

/* One output row in one product. */
static void sum_row(const Sums *s, Gemm g, const real *x, size_t from, size_t to)
{
    size_t row = s->kernel_x * s->channels;
    g.k = from < to ? row : 0;
    g.segments = to - from;
    g.a = x;
    g.a_segment = s->dilation_y * s->wide * s->channels;
    g.b = s->b + from * row * g.n;
    real_gemm(&g);
}

/* Pixels of a dilated kernel do not follow each other: one product for each of its rows. */
static void sum_row_dilated(const Sums *s, Gemm g, const real *x, size_t from, size_t to)
{
    Gemm rest = g;
    g.segments = s->kernel_x;
    g.k = from < to ? s->channels : 0;
    g.a_segment = s->dilation_x * s->channels;
    for (size_t ky = from; ky < to || ky == from; ky++) {
        g.a = x + (ky - from) * s->dilation_y * s->wide * s->channels;
        g.b = s->b + ky * s->kernel_x * s->channels * g.n;
        g.bias = ky == from ? rest.bias : NULL;
        g.epilogue = ky + 1 >= to ? rest.epilogue : g.bias ? EPILOGUE_BIAS : EPILOGUE_NONE;
        g.accumulate = ky > from;
        real_gemm(&g);
    }
}

static void sum_patches(const Sums *s)
{
    for (size_t oy = 0; oy < s->out_height; oy++) {
        size_t from, to;
        ptrdiff_t first = (ptrdiff_t)(oy * s->stride_y) - s->top;
        Gemm g = s->product;
        meet(first, s->dilation_y, s->kernel_y, s->height, &from, &to);
        size_t begin = from < to ? (size_t)(first + (ptrdiff_t)(from * s->dilation_y)) : 0;
        const real *x = s->x + begin * s->wide * s->channels;
        g.m = s->out_width;
        g.a_row = s->stride_x * s->channels;
        g.a_col = 1;
        g.c += oy * s->out_width * g.ldc;
        if (g.y) g.y += oy * s->out_width * g.ldy;
        if (s->dilation_x > 1 && s->kernel_x > 1)
            sum_row_dilated(s, g, x, from, to);
        else
            sum_row(s, g, x, from, to);
    }
}

/* ---- forward */

/* The input with its zeros left and right; `in` itself where there are none. */
static const real *pad(const Conv *c, const real *in, real *padded)
{
    size_t row = c->width * c->channels, wide = c->wide * c->channels, left = c->left * c->channels;
    if (!size_padded(c)) return in;
    for (size_t y = 0; y < c->height; y++, padded += wide, in += row) {
        memset(padded, 0, left * sizeof *padded);
        memcpy(padded + left, in, row * sizeof *padded);
        memset(padded + left + row, 0, (wide - left - row) * sizeof *padded);
    }
    return padded - c->height * wide;
}

static void forward_sample(const Conv *c, const real *x, Gemm product)
{
    sum_patches(&(Sums){ .x = x,
                         .height = c->height,
                         .wide = c->wide,
                         .channels = c->channels,
                         .kernel_y = c->kernel_y,
                         .kernel_x = c->kernel_x,
                         .stride_y = c->stride_y,
                         .stride_x = c->stride_x,
                         .dilation_y = c->dilation_y,
                         .dilation_x = c->dilation_x,
                         .top = (ptrdiff_t)c->top,
                         .out_height = c->out_height,
                         .out_width = c->out_width,
                         .b = product.b,
                         .product = product });
}

void conv_forward(const LayerPlan *plan, const LayerRun *run)
{
    Conv c = read_conv(plan);
    const ActivationKind *activation = plan->activation;
    bool relu = activation->is_relu && !run->bare;
    bool keep = activation->needs_input && !run->bare && run->training;
    const real *bias = c.bias ? run->weights + c.taps * c.filters : NULL;
    Gemm product = { .n = c.filters,
                     .b = run->weights,
                     .ldb = c.filters,
                     .ldc = c.filters,
                     .epilogue = relu   ? EPILOGUE_BIAS_RELU
                                 : bias ? EPILOGUE_BIAS
                                        : EPILOGUE_NONE,
                     .bias = bias,
                     .engine = run->engine };
    for (size_t i = 0; i < run->batch; i++) {
        real *cache = run->cache ? run->cache + i * plan->cache_per_row : NULL;
        real *padded = run->training ? cache : run->scratch;
        real *out = run->out + i * size_out(&c);
        product.c = keep ? cache + size_padded(&c) : out;
        forward_sample(&c, pad(&c, run->in + i * size_in(&c), padded), product);
        if (!relu && !run->bare && !activation->identity)
            activation->forward(out, product.c, positions(&c), c.filters, plan->alpha);
    }
}

/* ---- backward */

/* dY with zeros left and right, so that reversed taps find a value wherever they look; the zeros stand there.
 */
static const real *spread(const Conv *c, const real *dy, real *wide)
{
    size_t row = c->out_width * c->filters, next = wide_back(c) * c->filters;
    if (c->kernel_x == 1) return dy;
    real *at = wide + (reach(c->kernel_x, c->dilation_x) - 1 - c->left) * c->filters;
    for (size_t y = 0; y < c->out_height; y++) memcpy(at + y * next, dy + y * row, row * sizeof *dy);
    return wide;
}

/* dX of stride 1: tap (ky, kx) of the sum over dY is tap (kernel - 1 - ky, kernel - 1 - kx) of W. */
static void reverse_sample(const Conv *c, const real *dy, Gemm product)
{
    sum_patches(&(Sums){ .x = dy,
                         .height = c->out_height,
                         .wide = wide_back(c),
                         .channels = c->filters,
                         .kernel_y = c->kernel_y,
                         .kernel_x = c->kernel_x,
                         .stride_y = 1,
                         .stride_x = 1,
                         .dilation_y = c->dilation_y,
                         .dilation_x = c->dilation_x,
                         .top = (ptrdiff_t)(reach(c->kernel_y, c->dilation_y) - 1) - (ptrdiff_t)c->top,
                         .out_height = c->height,
                         .out_width = c->width,
                         .b = product.b,
                         .product = product });
}

/* Positions from <= ox < to whose tap kx lies inside the row. */
static void inside(const Conv *c, size_t kx, size_t *from, size_t *to)
{
    ptrdiff_t first = (ptrdiff_t)(kx * c->dilation_x) - (ptrdiff_t)c->left;
    meet(first, c->stride_x, c->out_width, c->width, from, to);
}

/* dX of longer strides: row oy of dY times the transposed filters of a tap, added where the tap looked. */
static void scatter_tap(const Conv *c, const real *dy, real *dx, size_t ky, size_t kx, Gemm g)
{
    size_t from, to, tap = (c->kernel_y - 1 - ky) * c->kernel_x + c->kernel_x - 1 - kx;
    inside(c, kx, &from, &to);
    g.m = to - from;
    g.k = c->filters;
    g.a_row = c->filters;
    g.a_col = 1;
    g.b += tap * c->filters * c->channels;
    g.ldc = c->stride_x * c->channels;
    g.accumulate = true;
    for (size_t oy = 0; oy < c->out_height; oy++) {
        size_t y = oy * c->stride_y + ky * c->dilation_y - c->top; /* wraps above the first row */
        if (y >= c->height || from == to) continue;
        g.a = dy + (oy * c->out_width + from) * c->filters;
        g.c = dx + (y * c->width + from * c->stride_x + kx * c->dilation_x - c->left) * c->channels;
        real_gemm(&g);
    }
}

static void scatter_sample(const Conv *c, const real *dy, Gemm product)
{
    Gemm g = product;
    g.epilogue = EPILOGUE_NONE;
    g.y = NULL;
    memset(product.c, 0, size_in(c) * sizeof(real));
    for (size_t ky = 0; ky < c->kernel_y; ky++)
        for (size_t kx = 0; kx < c->kernel_x; kx++) scatter_tap(c, dy, product.c, ky, kx, g);
    if (product.y) vec_relu_back(product.c, product.c, product.y, size_in(c));
}

static void sparse_sample(const Conv *c, const real *dy, Gemm product)
{
    Patches patches = patches_of(c);
    memset(product.c, 0, size_in(c) * sizeof(real));
    sparse_add_inputs(product.c, dy, product.b, &patches);
    if (product.y) vec_relu_back(product.c, product.c, product.y, size_in(c));
}

static void input_gradients(const LayerPlan *plan, const Conv *c, const LayerRun *run, size_t i)
{
    const real *dy = run->dout + i * size_out(c);
    Gemm product = { .n = c->channels,
                     .b = run->transposed,
                     .ldb = c->channels,
                     .c = run->din + i * size_in(c),
                     .ldc = c->channels,
                     .epilogue = plan->gives_relu_back ? EPILOGUE_RELU_BACK : EPILOGUE_NONE,
                     .y = plan->gives_relu_back ? run->in + i * size_in(c) : NULL,
                     .ldy = c->channels,
                     .engine = run->engine };
    if (plan->sparse_dout && can_be_sparse(c))
        sparse_sample(c, dy, product);
    else if (reverses(c))
        reverse_sample(c, spread(c, dy, run->scratch), product);
    else
        scatter_sample(c, dy, product);
}

void conv_backward(const LayerPlan *plan, const LayerRun *run)
{
    Conv c = read_conv(plan);
    const ActivationKind *activation = plan->activation;
    bool bends = !run->bare && !activation->identity && !plan->gets_relu_back;
    if (run->din && reverses(&c) && c.kernel_x > 1)
        memset(run->scratch, 0, c.out_height * wide_back(&c) * c.filters * sizeof(real));
    for (size_t i = 0; i < run->batch; i++) {
        real *dy = run->dout + i * size_out(&c);
        const real *z =
            activation->needs_input ? run->cache + i * plan->cache_per_row + size_padded(&c) : NULL;
        if (bends)
            activation->backward(dy, dy, run->out + i * size_out(&c), z, positions(&c), c.filters,
                                 plan->alpha);
        if (run->din) input_gradients(plan, &c, run, i);
    }
}

/* ---- gradients of the filters */

/* Blocks of a size that the compiler knows; a call of memcpy costs more than a row of an image. */
static void lay_row(real *out, const real *x, size_t n, size_t step)
{
    enum { BLOCK = 16 };
    size_t i = 0;
    if (step == 1)
        for (; i + BLOCK <= n; i += BLOCK) memcpy(out + i, x + i, BLOCK * sizeof *out);
    if (i > 0 && i < n) {
        memcpy(out + n - BLOCK, x + n - BLOCK, BLOCK * sizeof *out);
        return;
    }
    for (; i < n; i++) out[i] = x[i * step];
}

/* Rows from <= r < to of (taps + 1, positions): what each tap sees at each position, then ones. */
static void lay_patches(const Conv *c, const real *x, real *out, size_t from, size_t to)
{
    size_t row = c->kernel_x * c->channels, step = c->stride_x * c->channels;
    for (size_t r = from; r < to; r++) {
        real *line = out + r * positions(c);
        size_t ky = r / row, kx = r % row / c->channels, channel = r % c->channels;
        if (r == c->taps) {
            for (size_t i = 0; i < positions(c); i++) line[i] = 1;
            continue;
        }
        for (size_t oy = 0; oy < c->out_height; oy++, line += c->out_width) {
            size_t y = oy * c->stride_y + ky * c->dilation_y - c->top; /* wraps above the first row */
            if (y < c->height)
                lay_row(line, x + (y * c->wide + kx * c->dilation_x) * c->channels + channel, c->out_width,
                        step);
            else
                memset(line, 0, c->out_width * sizeof *line);
        }
    }
}

/* Rows from <= r < to of dW from patches laid out; the row of ones makes db, which follows W. */
static void gradients_laid_out(const Conv *c, const LayerRun *run, const real *x, Gemm g, size_t from,
                               size_t to)
{
    lay_patches(c, x, run->scratch, from, to);
    g.m = to - from;
    g.k = positions(c);
    g.a = run->scratch + from * positions(c);
    g.a_row = positions(c);
    g.a_col = 1;
    g.c += from * c->filters;
    real_gemm(&g);
}

/* Rows from <= r < to of dW of a stretch of taps (one row of the kernel, or one pixel of a dilated one) that
 * begins at row `first` and at pixel (ky, kx); x + column of a patch is contiguous in it. */
static void gradients_of_stretch(const Conv *c, const real *x, Gemm g, size_t ky, size_t kx, size_t first,
                                 size_t from, size_t to)
{
    ptrdiff_t y = (ptrdiff_t)(ky * c->dilation_y) - (ptrdiff_t)c->top;
    size_t begin, end;
    meet(y, c->stride_y, c->out_height, c->height, &begin, &end);
    size_t row = begin < end ? (size_t)(y + (ptrdiff_t)(begin * c->stride_y)) : 0;
    g.m = to - from;
    g.k = begin < end ? c->out_width : 0;
    g.segments = end - begin;
    g.a = x + (row * c->wide + kx * c->dilation_x) * c->channels + from - first;
    g.a_row = 1;
    g.a_col = c->stride_x * c->channels;
    g.a_segment = c->stride_y * c->wide * c->channels;
    g.b += begin * c->out_width * c->filters;
    g.c += from * c->filters;
    real_gemm(&g);
}

static void gradients_in_place(const Conv *c, const real *x, Gemm g, size_t from, size_t to)
{
    bool pixels = c->dilation_x > 1 && c->kernel_x > 1;
    size_t length = pixels ? c->channels : c->kernel_x * c->channels;
    for (size_t first = from / length * length; first < to; first += length) {
        size_t stretch = first / length, begin = first > from ? first : from;
        size_t end = first + length < to ? first + length : to;
        size_t ky = pixels ? stretch / c->kernel_x : stretch, kx = pixels ? stretch % c->kernel_x : 0;
        gradients_of_stretch(c, x, g, ky, kx, first, begin, end);
    }
}

/* The share of filters, in whole vectors, is summed as (filters, taps) and then turned. */
static void gradients_sparse(const Conv *c, const LayerRun *run, int part, int parts)
{
    Patches patches = patches_of(c);
    size_t blocks = (c->filters + SPARSE_LENGTH - 1) / SPARSE_LENGTH;
    size_t from = blocks * (size_t)part / (size_t)parts * SPARSE_LENGTH;
    size_t to = blocks * (size_t)(part + 1) / (size_t)parts * SPARSE_LENGTH;
    real *turned = run->fixed;
    if (to > c->filters) to = c->filters;
    if (from >= to) return;
    memset(turned + from * c->taps, 0, (to - from) * c->taps * sizeof *turned);
    for (size_t i = 0; i < run->batch; i++)
        sparse_add_filters(turned, run->dout + i * size_out(c), run->in + i * size_in(c), &patches, from, to);
    for (size_t tap = 0; tap < c->taps; tap++)
        for (size_t f = from; f < to; f++) run->gradients[tap * c->filters + f] = turned[f * c->taps + tap];
}

void conv_gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    Conv c = read_conv(plan);
    if (plan->sparse_dout && can_be_sparse(&c)) {
        gradients_sparse(&c, run, part, parts);
        if (c.bias && part == 0)
            vec_column_sums(run->gradients + c.taps * c.filters, run->dout, run->batch * positions(&c),
                            c.filters, 0);
        return;
    }
    bool laid_out = lays_out(&c);
    size_t rows = laid_out && c.bias ? c.taps + 1 : c.taps;
    size_t from = rows * (size_t)part / (size_t)parts, to = rows * (size_t)(part + 1) / (size_t)parts;
    Gemm g = {
        .n = c.filters, .ldb = c.filters, .c = run->gradients, .ldc = c.filters, .engine = run->engine
    };
    for (size_t i = 0; i < run->batch; i++) {
        const real *x = size_padded(&c) ? run->cache + i * plan->cache_per_row : run->in + i * size_in(&c);
        g.b = run->dout + i * size_out(&c);
        g.accumulate = i > 0;
        if (laid_out)
            gradients_laid_out(&c, run, x, g, from, to);
        else
            gradients_in_place(&c, x, g, from, to);
        if (c.bias && !laid_out && part == 0)
            vec_column_sums(run->gradients + c.taps * c.filters, g.b, positions(&c), c.filters, i > 0);
    }
}

/* Each tap's (channels, filters) turned, the taps in reverse; for sparse gradients all of it turned. */
void conv_transpose(const LayerPlan *plan, const real *weights, real *transposed)
{
    Conv c = read_conv(plan);
    if (plan->sparse_dout && can_be_sparse(&c)) {
        vec_transpose(transposed, weights, c.taps, c.filters);
        return;
    }
    size_t pixels = c.kernel_y * c.kernel_x, size = c.channels * c.filters;
    for (size_t tap = 0; tap < pixels; tap++)
        vec_transpose(transposed + (pixels - 1 - tap) * size, weights + tap * size, c.channels, c.filters);
}
