/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beta: negative log-likelihood of a beta law of shares, such as losses given default (Ferrari and
 * Cribari-Neto 2004, J. Applied Statistics 31:799), with mean m = logistic(a) and dispersion r = logistic(b),
 * so that the variance is m (1 - m) r. With f = 1 / r - 1, p = m f, q = (1 - m) f: ln G(p) + ln G(q) - ln
 * G(f) - (p - 1) ln t - (q - 1) ln(1 - t) by a: m (1 - m) f (psi(p) - psi(q) - ln t + ln(1 - t)); by b: f
 * (psi(f) - m psi(p) - (1 - m) psi(q) + m ln t + (1 - m) ln(1 - t)). For a = b = 0, t = 0.5: ln(pi / 2). */
#include "model/loss.h"

#include <gsl/gsl_sf_psi.h>
#include <math.h>

#define FAR   12.0   /* of a and b, where digamma and log-gamma lose nothing yet */
#define LEAST 1e-300 /* of p and q */

static double logistic(double z)
{
    return 1 / (1 + exp(-fmin(fmax(z, -FAR), FAR)));
}

typedef struct Law {
    double m, f, p, q, low, high; /* ln t, ln(1 - t) */
} Law;

static Law law_of(double a, double b, double target, double edge)
{
    double t = edge + (1 - 2 * edge) * target, m = logistic(a), r = logistic(b), f = 1 / r - 1;
    return (Law){ m, f, fmax(m * f, LEAST), fmax((1 - m) * f, LEAST), log(t), log(1 - t) };
}

static void set_gradient(const Law *law, double scale, real *gradient)
{
    double m = law->m, f = law->f, psi_p = gsl_sf_psi(law->p), psi_q = gsl_sf_psi(law->q);
    double mean = m * (1 - m) * f * (psi_p - psi_q - law->low + law->high);
    double spread = f * (gsl_sf_psi(f) - m * psi_p - (1 - m) * psi_q + m * law->low + (1 - m) * law->high);
    gradient[0] = (real)(scale * mean);
    gradient[1] = (real)(scale * spread);
}

static double value(const LossBatch *batch)
{
    double total = 0, edge = batch->settings[0];
    for (size_t i = 0; i < batch->n; i++) {
        double a = (double)batch->out[2 * i], b = (double)batch->out[2 * i + 1];
        double weight = batch->weight ? (double)batch->weight[i] : 1;
        Law law = law_of(a, b, (double)batch->target[i], edge);
        total += weight * (lgamma(law.p) + lgamma(law.q) - lgamma(law.f) - (law.p - 1) * law.low -
                           (law.q - 1) * law.high);
        batch->prediction[2 * i] = (real)law.m;
        batch->prediction[2 * i + 1] = (real)(1 / (1 + law.f));
        if (batch->gradient) set_gradient(&law, (double)batch->scale * weight, batch->gradient + 2 * i);
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
    return j == 0 ? "mean" : "dispersion";
}

static const OptionSpec options[] = {
    { "edge", OPTION_FRACTION, OPTION_OPEN_MIN | OPTION_OPEN_MAX, "0.1%", 0, 0.5, NULL, NULL,
      "how far targets of 0 and 1 are moved inside, all others in proportion" },
};

const LossKind loss_beta = {
    .kind = { .name = "beta",
              .help =
                  "shares such as losses given default: mean and dispersion of a beta law (after sigmoid)",
              .more =
                  "Negative log-likelihood of shares t from 0 to 1, two outputs: mean m and dispersion r, "
                  "variance m (1 - m) r. Targets of 0 and 1 are moved inside by edge=. Ferrari and "
                  "Cribari-Neto 2004, J. Applied Statistics 31:799. Metrics see the mean; predict writes "
                  "mean and dispersion.",
              KIND_OPTIONS(options),
              .example =
                  "simulate uniform as t rows=400 columns=4 seed=1\nrole t target=x1\nsplit t train=80% "
                  "valid=20%\nnet g\n  input t\n  dense 16 relu\n  dense 2 sigmoid\nend\n"
                  "train g epochs=2 loss=beta",
              .since = "1" },
    .targets = "n",
    .low = 0,
    .high = 1,
    .fused = "sigmoid",
    .value = value,
    .outputs = outputs,
    .point = point,
    .output_name = output_name,
};
