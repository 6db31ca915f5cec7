/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lbfgs: quasi-Newton steps over all training rows at once, by GSL's vector_bfgs2, which builds the Hessian's
 * action from successive gradients and searches along each line (Fletcher 1987, algorithms 2.6.2 and 2.6.4).
 * An epoch is one iteration. */
#include "model/optim.h"

static const gsl_multimin_fdfminimizer_type *minimiser(const double *settings)
{
    (void)settings;
    return gsl_multimin_fdfminimizer_vector_bfgs2;
}

static const OptionSpec options[] = {
    { .name = "tolerance",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "0.1",
      .min = 0,
      .max = 1,
      .help = "how exactly a line is searched; smaller is more exact" },
};

const OptimizerKind optimizer_lbfgs = {
    .kind = { .name = "lbfgs",
              .help = "quasi-Newton steps over all training rows at once, for small data",
              .more =
                  "Broyden, Fletcher, Goldfarb and Shanno, by GSL's vector_bfgs2, in double. An epoch is one "
                  "iteration, batch= only says how many rows are in work at a time, lr= is the length of the "
                  "first "
                  "trial step. It ends when no step makes the loss smaller. train again begins its memory "
                  "anew.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 8 tanh\n  dense 1 sigmoid\nend\ntrain pd epochs=5 "
                         "optimizer=lbfgs",
              .since = "1" },
    .lr = 0.1,
    .minimiser = minimiser,
};
