/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense: Y = f(X W + b), X (batch, in), W (in, units), b (units).
 * Back: dZ = dY f'(Z), dW = X^T dZ, db = column sums of dZ, dX = dZ W^T.
 * First weights uniform in +-sqrt(6 / (in + units)) (Glorot and Bengio 2010) or +-sqrt(6 / in) (He et al.
 * 2015). For X = (1, 2), W = ((1), (3)), b = 1: Y = 8. */
#include "model/layer.h"

#include <math.h>
#include <string.h>

#include "model/init.h"
#include "numeric/vec.h"

enum { SETTING_BIAS, SETTING_INIT };

static Init choose_init(const LayerPlan *plan)
{
    const char *word = option_text(plan->def->options, "init");
    return word ? init_parse(word) : plan->activation->he ? INIT_HE : INIT_GLOROT;
}

static bool shape(LayerPlan *plan, Err *err)
{
    const Options *options = plan->def->options;
    size_t units = (size_t)option_integer(options, "units"), in = plan->in.dims[0];
    if (plan->in.n_dims != 1)
        return plan_mismatch(plan, "one row of numbers", err),
               err_hint(err, "flatten makes one row of numbers of (steps, features)");
    plan->out = (Shape){ 1, { units } };
    plan_activation(plan, "activation");
    plan->settings[SETTING_BIAS] = option_bool(options, "bias");
    plan->settings[SETTING_INIT] = choose_init(plan);
    plan->l2 = option_number(options, "l2");
    if (plan->activation->needs_input) plan->cache_per_row = units;
    if (!plan_tensor(plan, "weight", (Shape){ 2, { in, units } }, false, true, err)) return false;
    plan->cost = (double)in * (double)units;
    return plan->settings[SETTING_BIAS] == 0 ||
           plan_tensor(plan, "bias", (Shape){ 1, { units } }, false, false, err);
}

static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    size_t units = plan->out.dims[0];
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    (void)stats;
    if (!rng) return;
    init_matrix((Init)plan->settings[SETTING_INIT], rng, weights, plan->in.dims[0], units, units);
    gsl_rng_free(rng);
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = plan->in.dims[0], units = plan->out.dims[0];
    const ActivationKind *activation = plan->activation;
    bool keep = activation->needs_input && !run->bare;
    real *z = keep && run->training ? run->cache : run->out;
    const real *bias = plan->settings[SETTING_BIAS] != 0 ? run->weights + in * units : NULL;
    bool relu = activation->is_relu && !run->bare;
    real_gemm(&(Gemm){ .m = run->batch,
                       .n = units,
                       .k = in,
                       .a = run->in,
                       .a_row = in,
                       .a_col = 1,
                       .b = run->weights,
                       .ldb = units,
                       .c = z,
                       .ldc = units,
                       .epilogue = relu   ? EPILOGUE_BIAS_RELU
                                   : bias ? EPILOGUE_BIAS
                                          : EPILOGUE_NONE,
                       .bias = bias,
                       .engine = run->engine });
    if (relu || run->bare || activation->identity) return;
    activation->forward(run->out, z, run->batch, units, plan->alpha);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = plan->in.dims[0], units = plan->out.dims[0];
    const ActivationKind *activation = plan->activation;
    if (!run->bare && !activation->identity && !plan->gets_relu_back)
        activation->backward(run->dout, run->dout, run->out, activation->needs_input ? run->cache : NULL,
                             run->batch, units, plan->alpha);
    if (!run->din) return;
    real_gemm(&(Gemm){ .m = run->batch,
                       .n = in,
                       .k = units,
                       .a = run->dout,
                       .a_row = units,
                       .a_col = 1,
                       .b = run->weights,
                       .ldb = units,
                       .b_turned = true,
                       .c = run->din,
                       .ldc = in,
                       .epilogue = plan->gives_relu_back ? EPILOGUE_RELU_BACK : EPILOGUE_NONE,
                       .y = run->in,
                       .ldy = in,
                       .engine = run->engine });
}

/* A share of dW is a range of its rows: bits do not depend on how many there are. */
static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t in = plan->in.dims[0], units = plan->out.dims[0];
    size_t from = share_begin(in, part, parts), to = share_begin(in, part + 1, parts);
    real_gemm(&(Gemm){ .m = to - from,
                       .n = units,
                       .k = run->batch,
                       .a = run->in + from,
                       .a_row = 1,
                       .a_col = in,
                       .b = run->dout,
                       .ldb = units,
                       .c = run->gradients + from * units,
                       .ldc = units,
                       .engine = run->engine });
    if (part == 0 && plan->settings[SETTING_BIAS] != 0)
        vec_column_sums(run->gradients + in * units, run->dout, run->batch, units, 0);
}

static const OptionSpec options[] = {
    { .name = "units",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .min = 1,
      .max = 1e6,
      .help = "number of outputs" },
    { .name = "activation",
      .type = OPTION_KIND,
      .flags = OPTION_POSITIONAL,
      .initial = "linear",
      .kinds = &activation_kinds,
      .help = "what is applied to X W + b" },
    { .name = "l2",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e6,
      .help = "penalty: half of l2 times the sum of squared weights" },
    { .name = "init",
      .type = OPTION_WORD,
      .words = INIT_WORDS,
      .help = "first weights; he after relu and its kin, glorot otherwise" },
    { .name = "bias", .type = OPTION_BOOL, .initial = "on", .help = "whether b is there" },
};

const LayerKind layer_dense = {
    .kind = { .name = "dense",
              .help = "fully connected layer: every output sees every input",
              .more = "Y = f(X W + b); X (batch, in), W (in, units), b (units).\n"
                      "First weights: glorot +-sqrt(6 / (in + units)) (Glorot and Bengio 2010), he +-sqrt(6 "
                      "/ in) (He et al. 2015), lecun +-sqrt(3 / in), orthogonal (Saxe et al. 2014).",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  dense 64 relu l2=0.0001\n  dense 1 sigmoid\nend\n"
                         "summary pd",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .fuses_relu_back = true,
};
