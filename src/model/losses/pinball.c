/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pinball: quantiles, an output each: with e = t - y, q e where e >= 0, (q - 1) e elsewhere, averaged over
 * the outputs (Koenker and Bassett 1978, Econometrica 46). By y: -q or 1 - q. For q = 0.9, y = 1, t = 3: 1.8.
 */
#include "model/loss.h"

#include <math.h>
#include <stdio.h>

static double value(const LossBatch *batch)
{
    double total = 0;
    size_t n = batch->n_outputs;
    for (size_t i = 0; i < batch->n; i++) {
        double sum = 0, weight = batch->weight ? (double)batch->weight[i] : 1;
        for (size_t j = 0; j < n; j++) {
            double q = batch->settings[j], e = (double)batch->target[i] - (double)batch->out[i * n + j];
            double slope = e > 0 ? -q : e < 0 ? 1 - q : 0;
            sum -= slope * e;
            if (e != e) sum = e;
            if (batch->gradient)
                batch->gradient[i * n + j] = (real)((double)batch->scale * weight * slope / (double)n);
        }
        total += weight * sum / (double)n;
    }
    return total;
}

static int outputs(const double *settings, int n)
{
    (void)settings;
    return n;
}

/* The quantile next to the median. */
static int point(const double *settings, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (fabs(settings[i] - 0.5) < fabs(settings[best] - 0.5)) best = i;
    return best;
}

/* The digits behind the point, two at least: q05, q50, q975. */
static const char *output_name(const double *settings, int j, char out[32])
{
    char text[32];
    int length = snprintf(text, sizeof text, "%.12f", settings[j]);
    while (length > 4 && text[length - 1] == '0') text[--length] = 0;
    snprintf(out, 32, "q%s", text + 2);
    return out;
}

static double output_share(const double *settings, int j)
{
    return settings[j];
}

static const OptionSpec options[] = {
    { .name = "q",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL | OPTION_LIST | OPTION_OPEN_MIN | OPTION_OPEN_MAX,
      .initial = "0.5",
      .min = 0,
      .max = 1,
      .help = "the quantiles, one for each output of the net, at most 16" },
};

const LossKind loss_pinball = {
    .kind = { .name = "pinball",
              .help = "quantiles of the target, one for each output",
              .more = "q e where e = t - y >= 0, else (q - 1) e, averaged over the outputs. Koenker and "
                      "Bassett 1978, "
                      "Econometrica 46. Metrics see the quantile next to the median; predict writes all of "
                      "them, q05 for "
                      "5%, and evaluate says what share of the targets lies below each.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nrole t target=x1\nsplit t "
                         "train=80% valid=20%\n"
                         "net q\n  input t\n  dense 16 relu\n  dense 3\nend\ntrain q epochs=2 "
                         "loss=pinball(5%, 50%, 95%)",
              .since = "1" },
    .targets = "n",
    .value = value,
    .outputs = outputs,
    .point = point,
    .output_name = output_name,
    .output_share = output_share,
};
