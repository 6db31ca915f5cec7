/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cg: conjugate gradients over all training rows at once, by GSL's conjugate_pr (Polak and Ribiere 1969) or
 * conjugate_fr (Fletcher and Reeves 1964). An epoch is one iteration: a line that is searched. */
#include "model/optim.h"

enum { TOLERANCE, RESTART };

static const gsl_multimin_fdfminimizer_type *minimiser(const double *settings)
{
    bool fletcher = settings[RESTART] == 0;
    return fletcher ? gsl_multimin_fdfminimizer_conjugate_fr : gsl_multimin_fdfminimizer_conjugate_pr;
}

static const OptionSpec options[] = {
    { .name = "tolerance",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "0.1",
      .min = 0,
      .max = 1,
      .help = "how exactly a line is searched; smaller is more exact" },
    { .name = "restart",
      .type = OPTION_BOOL,
      .initial = "on",
      .help = "Polak and Ribiere, which starts again by itself; off: Fletcher and Reeves" },
};

const OptimizerKind optimizer_cg = {
    .kind = { .name = "cg",
              .help = "conjugate gradients over all training rows at once, for small data",
              .more = "By GSL's conjugate_pr or conjugate_fr, in double. An epoch is one line that is "
                      "searched, batch= only "
                      "says how many rows are in work at a time, lr= is the length of the first trial step. "
                      "It ends when "
                      "no step makes the loss smaller.",
              KIND_OPTIONS(options),
              .example =
                  "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                  "net pd\n  input t\n  dense 8 tanh\n  dense 1 sigmoid\nend\ntrain pd epochs=5 optimizer=cg",
              .since = "1" },
    .lr = 0.1,
    .minimiser = minimiser,
};
