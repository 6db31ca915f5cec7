/* SPDX-License-Identifier: GPL-3.0-or-later */
/* upsample: f times as many steps of (steps, channels), or f x g times as many points of (height, width,
 * channels). Output i stands at the place p = (i + 1/2) / f - 1/2 of the input: nearest takes the step
 * floor(i / f), linear mixes the two steps around p (those at the ends repeat), in an image the four points.
 * Back: each input gathers what it gave to others. For x = (0, 4), f = 2: nearest 0 0 4 4, linear 0 1 3 4. */
#include "model/layer.h"

#include <stdint.h>
#include <string.h>

#include "numeric/vec.h"

enum { SETTING_FACTOR, SETTING_LINEAR = 2 };

static bool is_image(const LayerPlan *plan)
{
    return plan->in.n_dims == 3;
}

/* `2`, or for an image `2 3`: height, width. */
static bool read_factors(LayerPlan *plan, Err *err)
{
    ValueList list = option_list(plan->def->options, "factor");
    int most = is_image(plan) ? 2 : 1;
    if (list.n > most)
        return ERR_AT(err, plan->def->span, too_many, "factor"),
               err_hint(err, "%s",
                        most == 2 ? "an image takes height and width" : "a series takes one number");
    for (int axis = 0; axis < most; axis++)
        plan->settings[SETTING_FACTOR + axis] = list.items[axis < list.n ? axis : list.n - 1].number;
    return true;
}

/* 0, which is too big for a plan, where the product is more than masks count to. */
static size_t lengthen(size_t n, double factor)
{
    size_t product;
    return __builtin_mul_overflow(n, (size_t)factor, &product) || product > UINT32_MAX ? 0 : product;
}

static bool shape(LayerPlan *plan, Err *err)
{
    if (plan->in.n_dims != 2 && plan->in.n_dims != 3)
        return plan_mismatch(plan, "(steps, channels) or (height, width, channels)", err);
    if (!read_factors(plan, err)) return false;
    plan->settings[SETTING_LINEAR] = option_text(plan->def->options, "method")[0] == 'l';
    plan->out = plan->in;
    for (int axis = 0; axis < plan->in.n_dims - 1; axis++)
        plan->out.dims[axis] = lengthen(plan->in.dims[axis], plan->settings[SETTING_FACTOR + axis]);
    return true;
}

static size_t steps(const LayerPlan *plan, size_t n)
{
    return n * (size_t)plan->settings[SETTING_FACTOR];
}

/* Where an output along one axis comes from: (1 - share) of `first` plus share of `second`. */
typedef struct Source {
    size_t first, second;
    real share; /* 0: of the first alone */
} Source;

/* Of n existing inputs along an axis. */
static Source source_of(const LayerPlan *plan, int axis, size_t i, size_t n)
{
    size_t factor = (size_t)plan->settings[SETTING_FACTOR + axis], whole = i / factor;
    double place = ((double)i + 0.5) / (double)factor - 0.5;
    if (plan->settings[SETTING_LINEAR] == 0 || place <= 0 || place >= (double)(n - 1))
        return (Source){ whole, whole, 0 };
    size_t first = (size_t)place;
    return (Source){ first, first + 1, (real)(place - (double)first) };
}

typedef void Visit(real *out, real *in, size_t n, real share);

static void take(real *out, real *in, size_t n, real share)
{
    vec_axpy(out, share, in, n);
}

static void give(real *out, real *in, size_t n, real share)
{
    vec_axpy(in, share, out, n);
}

/* One row of points: output row `out`, input row `in`. */
static void visit_row(const LayerPlan *plan, real *out, real *in, real share, Visit *visit)
{
    size_t channels = plan->in.dims[plan->in.n_dims - 1];
    if (!is_image(plan)) {
        visit(out, in, channels, share);
        return;
    }
    for (size_t x = 0; x < plan->out.dims[1]; x++, out += channels) {
        Source s = source_of(plan, 1, x, plan->in.dims[1]);
        visit(out, in + s.first * channels, channels, share * (1 - s.share));
        if (s.share != 0) visit(out, in + s.second * channels, channels, share * s.share);
    }
}

/* One sample, of whose first dimension `n` exist. */
static void visit_all(const LayerPlan *plan, real *out, real *in, size_t n, Visit *visit)
{
    size_t in_row = shape_size(plan->in) / plan->in.dims[0],
           out_row = shape_size(plan->out) / plan->out.dims[0];
    for (size_t y = 0; y < steps(plan, n); y++) {
        Source s = source_of(plan, 0, y, n);
        visit_row(plan, out + y * out_row, in + s.first * in_row, 1 - s.share, visit);
        if (s.share != 0) visit_row(plan, out + y * out_row, in + s.second * in_row, s.share, visit);
    }
}

static size_t length_of(const LayerPlan *plan, const LayerRun *run, size_t row)
{
    return run->lengths ? run->lengths[row] : plan->in.dims[0];
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    memset(run->out, 0, run->batch * out * sizeof(real));
    for (size_t i = 0; i < run->batch; i++)
        visit_all(plan, run->out + i * out, (real *)(uintptr_t)run->in + i * in, length_of(plan, run, i),
                  take);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    if (!run->din) return;
    memset(run->din, 0, run->batch * in * sizeof(real));
    for (size_t i = 0; i < run->batch; i++)
        visit_all(plan, run->dout + i * out, run->din + i * in, length_of(plan, run, i), give);
}

static const OptionSpec options[] = {
    { .name = "factor",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .initial = "2",
      .min = 1,
      .max = 1e4,
      .help = "times as many steps; of an image, also height and width" },
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "nearest",
      .words = "nearest|linear",
      .help = "repeats each step, or mixes the two around each place" },
};

const LayerKind layer_upsample = {
    .kind = { .name = "upsample",
              .help = "makes a series longer or an image larger by repeating or mixing its points",
              .more =
                  "Y[t] = X[floor(t / factor)], or with method=linear the mixture of the two steps around (t "
                  "+ 1/2) / factor - 1/2, in an image of the four points (bilinear). Ends repeat, at the "
                  "length of each sample. `upsample 2 3` makes an image 2 times as high, 3 as wide.",
              KIND_OPTIONS(options),
              .example = "net smooth\n  input 16 1\n  conv1d 8 relu padding=same\n  maxpool 2\n"
                         "  conv1d 8 relu padding=same\n  upsample 2 method=linear\n  flatten\n"
                         "  dense 1\nend\nsummary smooth",
              .since = "1" },
    .shape = shape,
    .steps = steps,
    .forward = forward,
    .backward = backward,
};
