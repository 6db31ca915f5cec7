/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian: negative log-likelihood of a normal law whose mean m and log-variance s are the outputs:
 * (log 2 pi + s + (t - m)^2 e^-s) / 2 (Nix and Weigend 1994, ICNN). By m: (m - t) e^-s; by s: (1 - (t - m)^2
 * e^-s) / 2. For m = 0, s = 0, t = 1: 1.4189385. */
#include "model/loss.h"

#include <math.h>

#define LOG_TWO_PI 1.8378770664093453

static double value(const LossBatch *batch)
{
    double total = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const real *out = batch->out + 2 * i;
        double e = (double)out[0] - (double)batch->target[i], precision = exp(-(double)out[1]);
        double weight = batch->weight ? (double)batch->weight[i] : 1, scale = (double)batch->scale * weight;
        total += weight * (LOG_TWO_PI + (double)out[1] + e * e * precision) / 2;
        if (!batch->gradient) continue;
        batch->gradient[2 * i] = (real)(scale * e * precision);
        batch->gradient[2 * i + 1] = (real)(scale * (1 - e * e * precision) / 2);
    }
    return total;
}

static int outputs(const double *settings, int n)
{
    (void)settings;
    (void)n;
    return 2;
}

static int point(const double *settings, int n)
{
    (void)settings;
    (void)n;
    return 0;
}

static const char *output_name(const double *settings, int j, char out[32])
{
    (void)settings;
    (void)out;
    return j == 0 ? "mean" : "sd";
}

static double output_value(int j, double output)
{
    return j == 0 ? output : exp(output / 2);
}

static double output_share(const double *settings, int j)
{
    (void)settings;
    return j == 0 ? 0.5 : NAN;
}

const LossKind loss_gaussian = {
    .kind = { .name = "gaussian",
              .help = "mean and log-variance of the target, as two outputs",
              .more = "Negative log-likelihood (log 2 pi + s + (t - m)^2 / e^s) / 2. Nix and Weigend 1994, "
                      "ICNN. Metrics "
                      "see the mean; predict writes mean and sd.",
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nrole t target=x1\nsplit t "
                         "train=80% valid=20%\n"
                         "net g\n  input t\n  dense 16 relu\n  dense 2\nend\ntrain g epochs=2 loss=gaussian",
              .since = "1" },
    .targets = "n",
    .value = value,
    .outputs = outputs,
    .point = point,
    .output_name = output_name,
    .output_value = output_value,
    .output_share = output_share,
};
