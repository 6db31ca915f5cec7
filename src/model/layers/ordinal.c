/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ordinal: probabilities of K ordered levels by proportional odds (McCullagh 1980, J. R. Stat. Soc. B 42):
 * one score s = x w for all levels, and cuts that are the same for every row: Z = (s, u), X (batch, in), w
 * (in, 1), u (K - 1), then the activation ordinal (cumulative.h). Back: ds = dZ_0, dw = X^T ds, du = column
 * sums of the rest of dZ, dX = ds w^T. First weights as in dense; the first cuts, of a score 0, share the
 * levels evenly. For x = 1, w = 2, u = (2), K = 2: (0.5, 0.5). */
#include "model/layer.h"

#include <math.h>

#include "model/cumulative.h"
#include "model/init.h"

static bool shape(LayerPlan *plan, Err *err)
{
    const Options *options = plan->def->options;
    size_t levels = (size_t)option_integer(options, "units"), in = plan->in.dims[0];
    if (plan->in.n_dims != 1)
        return plan_mismatch(plan, "one row of numbers", err),
               err_hint(err, "flatten makes one row of numbers of (steps, features)");
    plan->out = (Shape){ 1, { levels } };
    plan->activation = (const ActivationKind *)kind_find(&activation_kinds, "ordinal");
    plan->cache_per_row = levels;
    plan->l2 = option_number(options, "l2");
    return plan_tensor(plan, "weight", (Shape){ 2, { in, 1 } }, false, true, err) &&
           plan_tensor(plan, "cuts", (Shape){ 1, { levels - 1 } }, false, false, err);
}

/* The k-th cut is the logit of k / K; the others are gaps. */
static void init(const LayerPlan *plan, real *weights, real *stats, uint64_t seed)
{
    size_t in = plan->in.dims[0], levels = plan->out.dims[0];
    gsl_rng *rng = rng_stream(rng_key(seed, "init", plan->def->name), 0);
    double before = 0;
    (void)stats;
    for (size_t k = 1; k < levels; k++) {
        double cut = log((double)k / (double)(levels - k));
        weights[in + k - 1] = (real)(k == 1 ? cut : log(expm1(cut - before)));
        before = cut;
    }
    if (!rng) return;
    init_matrix(INIT_GLOROT, rng, weights, in, 1, 1);
    gsl_rng_free(rng);
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = plan->in.dims[0], levels = plan->out.dims[0];
    real *z = run->training && !run->bare ? run->cache : run->out;
    real_gemm(&(Gemm){ .m = run->batch,
                       .n = 1,
                       .k = in,
                       .a = run->in,
                       .a_row = in,
                       .a_col = 1,
                       .b = run->weights,
                       .ldb = 1,
                       .c = z,
                       .ldc = levels,
                       .epilogue = EPILOGUE_NONE,
                       .engine = run->engine });
    for (size_t i = 0; i < run->batch; i++)
        for (size_t k = 1; k < levels; k++) z[i * levels + k] = run->weights[in + k - 1];
    if (!run->bare) plan->activation->forward(run->out, z, run->batch, levels, 0);
}

static void backward(const LayerPlan *plan, const LayerRun *run)
{
    size_t in = plan->in.dims[0], levels = plan->out.dims[0];
    if (!run->bare)
        plan->activation->backward(run->dout, run->dout, run->out, run->cache, run->batch, levels, 0);
    if (!run->din) return;
    for (size_t i = 0; i < run->batch; i++)
        for (size_t j = 0; j < in; j++) run->din[i * in + j] = run->dout[i * levels] * run->weights[j];
}

/* A share is a range of inputs; the first one has the cuts too. Sums over rows in order, in double. */
static void gradients(const LayerPlan *plan, const LayerRun *run, int part, int parts)
{
    size_t in = plan->in.dims[0], levels = plan->out.dims[0];
    size_t from = share_begin(in, part, parts), to = share_begin(in, part + 1, parts);
    for (size_t j = from; j < to; j++) {
        double sum = 0;
        for (size_t i = 0; i < run->batch; i++)
            sum += (double)run->in[i * in + j] * (double)run->dout[i * levels];
        run->gradients[j] = (real)sum;
    }
    for (size_t k = 1; part == 0 && k < levels; k++) {
        double sum = 0;
        for (size_t i = 0; i < run->batch; i++) sum += (double)run->dout[i * levels + k];
        run->gradients[in + k - 1] = (real)sum;
    }
}

static const OptionSpec options[] = {
    { .name = "units",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL | OPTION_REQUIRED,
      .min = 2,
      .max = 10000,
      .help = "how many levels the target has" },
    { .name = "l2",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e6,
      .help = "penalty: half of l2 times the sum of squared weights" },
};

const LayerKind layer_ordinal = {
    .kind = { .name = "ordinal",
              .help = "probabilities of ordered levels: one score, and cuts that all rows share",
              .more =
                  "s = x w; c_1 = u_1, c_k = c_(k-1) + log(1 + e^u_k); the level is below k with probability "
                  "sigmoid(c_k - s). The last layer for a target with ordered levels, such as grades (loss "
                  "ordinal). "
                  "Proportional odds: McCullagh 1980, J. R. Stat. Soc. B 42.",
              KIND_OPTIONS(options),
              .example = "net grade\n  input 10\n  dense 32 relu\n  ordinal 5\nend\nsummary grade",
              .since = "1" },
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
};
