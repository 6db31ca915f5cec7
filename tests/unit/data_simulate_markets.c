/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated markets against published figures: predictable returns, GARCH with its tests of value at risk,
 * regimes, spreads, Heston's variance, short rates, the motif. Figures with a closed form are computed to the
 * digits printed; what is drawn is held against them within five of its own standard errors, by its spread
 * over blocks of the rows. */
#include "unit/data_simulations.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_psi.h>

enum { BLOCKS = 10 };
static const double year = 15.874507866387544; /* sqrt(252) */

/* Five standard errors of a mean over rows that depend on those before. */
static double error_of(const double *x, size_t n)
{
    double means[BLOCKS];
    for (size_t b = 0; b < BLOCKS; b++) {
        size_t from = n * b / BLOCKS, to = n * (b + 1) / BLOCKS;
        means[b] = mean_of(x + from, to - from);
    }
    return 5 * sqrt(covariance(means, means, BLOCKS) / (BLOCKS - 1));
}

static void near_mean(const char *what, const double *x, size_t n, double figure, double rounding)
{
    near(what, mean_of(x, n), figure, error_of(x, n) + rounding);
}

/* ---- predictable returns */

/* Truth and target correlated by rho; the rules judged by what the truth says of the target, whose rest is
 * normal: so nothing is left to its luck. */
static void check_rules(const char *text, const Frame *frame, const double figures[5], double sd)
{
    const double *next = numbers(frame, "next"), *f = frame->truth->numbers;
    size_t n = frame->n_rows;
    double rho = figures[0], rest = sd * sqrt(1 - rho * rho), *right = malloc(n * sizeof *right);
    double size = 0, square = 0, gap = 0;
    for (size_t i = 0; i < n; i++) {
        right[i] = gsl_cdf_ugaussian_P(fabs(f[i]) / rest);
        size += fabs(f[i]) / (double)n;
        square += f[i] * f[i] / (double)n;
        gap += (next[i] - f[i]) * (next[i] - f[i]) / (double)n;
    }
    double few = 5 / sqrt((double)n);
    near(text, gap, rest * rest, few * sqrt(2) * rest * rest);
    near(text, ceiling(frame, "r2"), figures[1], few * 2 * rho + 5e-5);
    near_mean(text, right, n, figures[2] / 100, 5e-5);
    near(text, size / sqrt(sd * sd - size * size) * year, figures[3], few * .75 * figures[3] + .006);
    near(text, square / sqrt(square * rest * rest + 2 * square * square) * year, figures[4],
         few * .75 * figures[4] + .006);
    free(right);
}

static void predictable_returns(void **state)
{
    (void)state;
    enum { DAYS = 40000 };
    static const double table[][5] = { { .01, .0001, 50.32, .13, .16 },   { .02, .0004, 50.64, .25, .32 },
                                       { .03, .0009, 50.96, .38, .48 },   { .05, .0025, 51.59, .63, .79 },
                                       { .07, .0049, 52.23, .89, 1.11 },  { .10, .0100, 53.19, 1.27, 1.58 },
                                       { .15, .0225, 54.79, 1.91, 2.35 }, { .20, .0400, 56.41, 2.57, 3.11 },
                                       { .30, .0900, 59.70, 3.91, 4.56 } };
    for (int i = 0; i < 9; i++) {
        char ar[64], signal[64];
        double rho = table[i][0];
        near("R2", rho * rho, table[i][1], 5e-5);
        near("direction", 50 + 100 * asin(rho) / M_PI, table[i][2], .0051);
        near("sign rule", rho * sqrt(2 / M_PI) / sqrt(1 - 2 * rho * rho / M_PI) * year, table[i][3], .0051);
        near("linear rule", rho / sqrt(1 + rho * rho) * year, table[i][4], .0051);
        snprintf(ar, sizeof ar, "phi=%g sd=2", rho);
        snprintf(signal, sizeof signal, "ic=%g sd=2 columns=%d", rho, i % 3 + 1);
        Frame *a = simulate_with("ar", DAYS, 1, ar), *b = simulate_with("signal", DAYS, 1, signal);
        check_rules(ar, a, table[i], 2);
        check_rules(signal, b, table[i], 2);
        near("sd", sqrt(covariance(numbers(a, "ret"), numbers(a, "ret"), DAYS)), 2, 0.04);
        assert_memory_equal(numbers(a, "ret") + 1, numbers(a, "next"), (DAYS - 1) * sizeof(double));
        assert_int_equal(a->columns[frame_find(a, "next")].lead, 1);
        frame_unref(a);
        frame_unref(b);
    }
}

/* ---- GARCH */

/* What follows from alpha .08 and beta .90 alone. */
static void garch_in_closed_form(void **state)
{
    (void)state;
    double alpha = .08, beta = .90, phi = alpha + beta;
    double r2 = alpha * alpha / (1 - beta * beta - 2 * alpha * beta);
    near("R2", r2, .1391, 5e-5);
    /* five days: r^2 is an ARMA(1, 1) with autocorrelations rho phi^(k - 1) */
    double rho = alpha * (1 - alpha * beta - beta * beta) / (1 - 2 * alpha * beta - beta * beta);
    double sum = 5, reach = (1 - pow(phi, 5)) / (1 - phi);
    for (int k = 1; k < 5; k++) sum += 2 * (5 - k) * rho * pow(phi, k - 1);
    near("R2 of five days", reach * reach * r2 / sum, .356, 5e-4);
    for (int t = 0; t < 2; t++) {
        double z = t ? 4.5 : 3, free = 1 - phi * phi - (z - 1) * alpha * alpha;
        near("kurtosis", z * (1 - phi * phi) / free, t ? 10.4 : 4.43, t ? .05 : .005);
    }
    double normal = -(gsl_sf_psi(.5) + log(2));
    near("QLIKE", normal, 1.2704, 5e-5);
    near("QLIKE t", normal - (log(4) - gsl_sf_psi(4)) - log(.75), 1.4279, 5e-5);
}

/* Days and what was seen: returns and the variance known the day before. */
typedef struct Days {
    const double *ret, *variance; /* ret[i] is drawn with variance[i] */
    size_t n;
} Days;

/* Likelihood ratios of coverage (Kupiec 1995) and independence (Christoffersen 1998); 0 ln 0 = 0. */
static double log_share(double k, double n)
{
    return k > 0 ? k * log(k / n) : 0;
}

static double coverage(double hits, double n, double rate)
{
    double as_said = hits * log(rate) + (n - hits) * log(1 - rate);
    return 2 * (log_share(hits, n) + log_share(n - hits, n) - as_said);
}

static double independence(const double counts[2][2])
{
    double from0 = counts[0][0] + counts[0][1], from1 = counts[1][0] + counts[1][1];
    double hits = counts[0][1] + counts[1][1], all = from0 + from1;
    double apart = log_share(counts[0][0], from0) + log_share(counts[0][1], from0) +
                   log_share(counts[1][0], from1) + log_share(counts[1][1], from1);
    return 2 * (apart - log_share(hits, all) - log_share(all - hits, all));
}

typedef struct Rejections {
    double pof, ind, cc;
} Rejections;

/* The share of series of n days in which each test rejects at 5%, VaR being -q sqrt(variance) (NULL: -q). */
static Rejections reject(const Days *days, const double *variance, double q, double rate, size_t n)
{
    size_t n_series = days->n / n;
    Rejections shares = { 0, 0, 0 };
    for (size_t s = 0; s < n_series; s++) {
        double counts[2][2] = { { 0 } }, hits = 0;
        int before = -1;
        for (size_t i = s * n; i < (s + 1) * n; i++) {
            int hit = days->ret[i] < q * (variance ? sqrt(variance[i]) : 1);
            if (before >= 0) counts[before][hit]++;
            hits += before = hit;
        }
        double pof = coverage(hits, (double)n, rate), ind = independence(counts);
        shares.pof += (pof > 3.8414588) / (double)n_series;
        shares.ind += (ind > 3.8414588) / (double)n_series;
        shares.cc += (pof + ind > 5.9914645) / (double)n_series;
    }
    return shares;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *x, size_t n, double p)
{
    double *sorted = malloc(n * sizeof *sorted);
    memcpy(sorted, x, n * sizeof *x);
    qsort(sorted, n, sizeof *sorted, rising);
    double q = sorted[(size_t)(p * (double)n)];
    free(sorted);
    return q;
}

static void check_tests(const Days *days, double q1, double q5)
{
    Rejections truth = reject(days, days->variance, q5, .05, 5000);
    Rejections constant = reject(days, NULL, quantile(days->ret, days->n, .05), .05, 5000);
    Rejections few = reject(days, days->variance, q1, .01, 250);
    Rejections few_constant = reject(days, NULL, quantile(days->ret, days->n, .01), .01, 250);
    print_message("true VaR %.3f %.3f %.3f, constant %.3f; 250 days %.3f %.3f, constant %.3f\n", truth.pof,
                  truth.ind, truth.cc, constant.ind, few.pof, few.ind, few_constant.ind);
    near("POF", truth.pof, .055, .026);
    near("independence", truth.ind, .055, .026);
    near("both", truth.cc, .055, .026);
    near("power", constant.ind, .85, .10); /* 200 series: one standard error is .025 */
    near("size of 250 days", few.pof, .095, 4 * sqrt(.095 * .905 * 250 / (double)days->n));
    near("size of independence", few.ind, .015, 4 * sqrt(.015 * .985 * 250 / (double)days->n));
    near("power of 250 days", few_constant.ind, .036, 5 * sqrt(.036 * .964 * 250 / (double)days->n));
}

/* P(the test of coverage rejects) where the chance of an exception is `rate`, tested against `said`. */
static double rejects(double rate, double said, unsigned n)
{
    double sum = 0;
    for (unsigned hits = 0; hits <= n; hits++)
        if (coverage(hits, n, said) > 3.8414588) sum += gsl_ran_binomial_pdf(hits, rate, n);
    return sum;
}

static void coverage_in_closed_form(void **state)
{
    (void)state;
    near("size of 250 days", rejects(.01, .01, 250), .095, 5e-4);
    for (int hits = 0; hits <= 9; hits++)
        assert_int_equal(coverage(hits, 250, .01) > 3.8414588, hits == 0 || hits >= 7);
    double q = gsl_cdf_ugaussian_Pinv(.05); /* 3% too large, 3% too small */
    double high = rejects(gsl_cdf_ugaussian_P(1.03 * q), .05, 5000);
    double low = rejects(gsl_cdf_ugaussian_P(.97 * q), .05, 5000);
    near("a scale 3% off", (high + low) / 2, .38, .01);
}

/* QLIKE mean(x - ln x - 1), x = r^2 / variance: of the true variance and of the constant one. */
static void check_garch(const char *innovations, double true_loss, double constant_loss, double kurtosis)
{
    enum { DAYS = 400000 };
    Frame *frame = simulate_with("garch", DAYS, 1, innovations);
    const double *ret = numbers(frame, "ret"), *square = numbers(frame, "square"), *h = frame->truth->numbers;
    double *loss = malloc(DAYS * sizeof *loss), *constant = malloc(DAYS * sizeof *constant);
    double *sign = malloc(DAYS * sizeof *sign), fourth = 0;
    near("h", h[0], 0.02 + 0.08 * ret[0] * ret[0] + 0.90 * 1, 1e-12);
    for (int i = 0; i < DAYS; i++) {
        if (i > 0) near("h", h[i], 0.02 + 0.08 * ret[i] * ret[i] + 0.90 * h[i - 1], 1e-12 * h[i]);
        if (i > 0) near("square", square[i - 1], ret[i] * ret[i], 1e-12 * square[i - 1]);
        double x = square[i] / h[i];
        loss[i] = x - log(x) - 1;
        constant[i] = square[i] - log(square[i]) - 1;
        sign[i] = ret[i] > 0;
        fourth += square[i] * square[i] / DAYS;
    }
    print_message("garch %s: R2 %.4f, kurtosis %.2f\n", innovations, ceiling(frame, "r2"),
                  fourth / pow(mean_of(square, DAYS), 2));
    near_mean("variance", square, DAYS, 1, 0);
    near_mean("QLIKE", loss, DAYS, true_loss, 5e-5);
    near_mean("QLIKE of the constant", constant, DAYS, constant_loss, 5e-3);
    near_mean("up", sign, DAYS, .5, 0);
    near("R2", ceiling(frame, "r2"), 0.1391, 0.03);
    near("kurtosis", fourth / pow(mean_of(square, DAYS), 2), kurtosis, .25 * kurtosis);
    free(loss);
    free(constant);
    free(sign);
    frame_unref(frame);
}

static void garch(void **state)
{
    (void)state;
    check_garch("innovations=normal", 1.2704, 1.41, 4.43);
    check_garch("innovations=t df=8", 1.4279, 1.63, 10.4);
    Frame *control = simulate_with("garch", 1000, 1, "target=up");
    near("up", ceiling(control, "auc"), 0.5, 1e-12);
    near("up", ceiling(control, "accuracy"), 0.5, 1e-12);
    frame_unref(control);
}

static void value_at_risk(void **state)
{
    (void)state;
    enum { DAYS = 1000001 };
    for (int t = 0; t < 2; t++) {
        Frame *frame = simulate_with("garch", DAYS, 2, t ? "innovations=t df=8" : "innovations=normal");
        Days days = { numbers(frame, "ret") + 1, frame->truth->numbers, DAYS - 1 };
        double q1 = t ? gsl_cdf_tdist_Pinv(.01, 8) * sqrt(.75) : gsl_cdf_ugaussian_Pinv(.01);
        double q5 = t ? gsl_cdf_tdist_Pinv(.05, 8) * sqrt(.75) : gsl_cdf_ugaussian_Pinv(.05);
        check_tests(&days, q1, q5);
        frame_unref(frame);
    }
}

/* ---- regimes */

typedef struct Regimes {
    double mu[2], sd[2], stay[2];
    double up, direction, r2_mean, r2_variance, filter, hold;
} Regimes;

/* The share of days up, of the labels. */
static void near_up(const Frame *frame, double rate)
{
    double *up = malloc(frame->n_rows * sizeof *up);
    for (size_t i = 0; i < frame->n_rows; i++) up[i] = (double)integers(frame, "up")[i];
    near_mean("up", up, frame->n_rows, rate, 0);
    free(up);
}

/* The forecasts that the filter makes: from P(up) back to P(state 0), and on to mean and mean square. */
static void check_regimes(const Regimes *row)
{
    enum { DAYS = 200000 };
    char text[96];
    double mean[2], square[2], up[2], *m = malloc(4 * DAYS * sizeof *m);
    double *s = m + DAYS, *right = s + DAYS, *size = right + DAYS;
    double first = (1 - row->stay[1]) / (2 - row->stay[0] - row->stay[1]);
    for (int k = 0; k < 2; k++) {
        mean[k] = row->mu[k];
        square[k] = row->mu[k] * row->mu[k] + row->sd[k] * row->sd[k];
        up[k] = gsl_cdf_ugaussian_P(row->mu[k] / row->sd[k]);
    }
    double all = first * mean[0] + (1 - first) * mean[1],
           of_square = first * square[0] + (1 - first) * square[1];
    double fourth = 0;
    for (int k = 0; k < 2; k++) {
        double u = row->mu[k] * row->mu[k], v = row->sd[k] * row->sd[k];
        fourth += (k ? 1 - first : first) * (u * u + 6 * u * v + 3 * v * v);
    }
    snprintf(text, sizeof text, "mu=%g,%g sd=%g,%g stay=%g,%g", row->mu[0], row->mu[1], row->sd[0],
             row->sd[1], row->stay[0], row->stay[1]);
    near(text, first * up[0] + (1 - first) * up[1], row->up, 1e-3);
    /* exactly .321, .621, 1.005: those of a million days have a standard error of .016 */
    near(text, all / sqrt(of_square - all * all) * year, row->hold, .016);
    Frame *frame = simulate_with("markov", DAYS, 2, text);
    for (int i = 0; i < DAYS; i++) {
        double p = frame->truth->numbers[i], f = (p - up[1]) / (up[0] - up[1]);
        double mi = f * mean[0] + (1 - f) * mean[1], si = f * square[0] + (1 - f) * square[1];
        m[i] = (mi - all) * (mi - all) / (of_square - all * all);
        s[i] = (si - of_square) * (si - of_square) / (fourth - of_square * of_square);
        right[i] = fmax(p, 1 - p);
        size[i] = fabs(mi);
    }
    double rule = mean_of(size, DAYS);
    near_mean("Bayes direction", right, DAYS, row->direction, 1e-4);
    near_mean("R2 of the mean", m, DAYS, row->r2_mean, 1e-4);
    near_mean("R2 of the square", s, DAYS, row->r2_variance, 1e-3);
    near("sign of the filter", rule / sqrt(of_square - rule * rule) * year, row->filter,
         error_of(size, DAYS) / sqrt(of_square) * year + .03);
    near_up(frame, row->up);
    frame_unref(frame);
    free(m);
}

static void regimes(void **state)
{
    (void)state;
    static const Regimes rows[] = {
        { { .08, -.12 }, { .7, 1.8 }, { .98, .95 }, .5248, .5328, .0036, .113, .97, .32 },
        { { .08, -.12 }, { .7, 1.8 }, { .995, .98 }, .5310, .5387, .0048, .163, 1.23, .61 },
        { { .20, -.30 }, { .7, 1.2 }, { .98, .95 }, .5523, .5779, .0284, .048, 2.72, 1.02 },
    };
    for (int i = 0; i < 3; i++) check_regimes(&rows[i]);
}

/* ---- spreads, Heston, short rates */

static void spreads(void **state)
{
    (void)state;
    static const double table[][4] = { { 2, .1464, .625, 5.09 },
                                       { 5, .0647, .582, 3.29 },
                                       { 10, .0335, .559, 2.34 },
                                       { 20, .0170, .542, 1.66 },
                                       { 60, .0057, .524, .96 } };
    enum { DAYS = 100000 };
    for (int i = 0; i < 5; i++) {
        char text[64];
        double stay = exp2(-1 / table[i][0]), r2 = (1 - stay) / 2, right = 0, few = 1 / sqrt(DAYS);
        near("R2", r2, table[i][1], 5.1e-5);
        near("direction", .5 + asin(sqrt(r2)) / M_PI, table[i][2], 5.1e-4);
        near("sign rule", sqrt(r2 * 2 / M_PI / (1 - 2 * r2 / M_PI)) * year, table[i][3], .0051);
        snprintf(text, sizeof text, "halflife=%g mean=0.3 sd=0.1", table[i][0]);
        Frame *frame = simulate_with("ou", DAYS, 1, text);
        const double *spread = numbers(frame, "spread"), *change = numbers(frame, "change");
        for (int k = 0; k < DAYS; k++) right += (frame->truth->numbers[k] > 0) == (change[k] > 0);
        near(text, ceiling(frame, "r2"), r2, 4 * few * 2 * sqrt(r2));
        near(text, right / DAYS, table[i][2], 4 * .5 * few);
        near("mean", mean_of(spread, DAYS), .3, error_of(spread, DAYS));
        near("variance", covariance(spread, spread, DAYS), .01, .01 * 4 * sqrt(2 / (1 - stay * stay)) * few);
        for (int k = 0; k + 1 < DAYS; k++) near("change", spread[k] + change[k], spread[k + 1], 1e-12);
        near("spread", log(numbers(frame, "b")[77] / numbers(frame, "a")[77]), spread[77], 1e-12);
        frame_unref(frame);
    }
}

/* kappa 5, theta .04, xi .5, rho -.7, a day 1 / 252. */
static void heston(void **state)
{
    (void)state;
    enum { DAYS = 250000 };
    Frame *frame = simulate("heston", DAYS, 1);
    const double *v = numbers(frame, "variance"), *ret = numbers(frame, "ret"),
                 *truth = frame->truth->numbers;
    double stay = exp(-5 / 252.0), *gap = malloc(4 * DAYS * sizeof *gap), *noise = gap + DAYS;
    double *both = noise + DAYS, *spread = both + DAYS, sd = sqrt(.04 * .25 / 10);
    near("sd of v", sd, .0318, .0003); /* .0316; a million days have a standard error of about .0003 */
    near_mean("v", v, DAYS, .04, 0);
    for (int i = 0; i + 1 < DAYS; i++) {
        double mean = .04 + (v[i] - .04) * stay;
        double variance = v[i] * .25 * stay * (1 - stay) / 5 + .04 * .25 * (1 - stay) * (1 - stay) / 10;
        gap[i] = (v[i + 1] - mean) / sqrt(variance);
        noise[i] = gap[i] * gap[i];
        /* the return and the change of the variance go against each other */
        both[i] = gap[i] * (ret[i + 1] / 100) / sqrt((v[i] + v[i + 1]) / 504);
        /* E[r^2] is the integral of v but for terms of the order of a day */
        near("truth", truth[i] / 1e4, .04 / 252 + (v[i] - .04) * (1 - stay) / 5,
             2e-3 * truth[i] / 1e4 + 1e-7);
        spread[i] = (v[i] - .04) * (v[i] - .04);
    }
    near_mean("mean of the step", gap, DAYS - 1, 0, 0);
    near_mean("variance of the step", noise, DAYS - 1, 1, 0);
    near_mean("correlation", both, DAYS - 1, -.7, .01);
    near_mean("variance of v", spread, DAYS - 1, sd * sd, 0);
    print_message("heston: R2 %.4f, sd of v %.4f\n", ceiling(frame, "r2"), sqrt(mean_of(spread, DAYS - 1)));
    near("R2", ceiling(frame, "r2"), .160, .015);
    near("square", numbers(frame, "square")[7], ret[8] * ret[8], 1e-12);
    free(gap);
    frame_unref(frame);
}

static void short_rates(void **state)
{
    (void)state;
    enum { DAYS = 100000 };
    Frame *frame = simulate_with("vasicek", DAYS, 1, "noise=0 horizon=21 speed=5");
    const double *rate = numbers(frame, "rate"), *change = numbers(frame, "change");
    double reach = exp(-5 * 21 / 252.0);
    near("mean", mean_of(rate, DAYS), 4, error_of(rate, DAYS));
    near("variance", covariance(rate, rate, DAYS), .1, .1 * 4 * sqrt(2 / (1 - exp(-10 / 252.0)) / DAYS));
    near("R2", ceiling(frame, "r2"), (1 - reach) / 2, .02);
    for (int i = 0; i + 21 < DAYS; i++) {
        near("change", rate[i] + change[i], rate[i + 21], 1e-12);
        near("truth", frame->truth->numbers[i], (4 - rate[i]) * (1 - reach), 1e-12);
    }
    assert_int_equal(frame->columns[frame_find(frame, "change")].lead, 21);
    frame_unref(frame);
    near("R2 of 21 days", (1 - exp(-.5 * 21 / 252)) / 2, .0204, 5e-5);
    near("R2 of a year", (1 - exp(-.5)) / 2, .197, 5e-4);
}

/* A bond's price is the mean of exp(-integral of r), which is normal: its yield by numerical integration of
 * mean and variance. The filter is the mean of the rate given all yields, by the joint normal. */
static void yields(void **state)
{
    (void)state;
    enum { STEPS = 20000, DAYS = 6 };
    static const int years[] = { 1, 5, 10 };
    Frame *frame = simulate_with("vasicek", DAYS, 3, "noise=0 speed=0.5 level=4 sd=1");
    for (int k = 0; k < 3; k++) {
        double r = numbers(frame, "rate")[0] / 100, mean = 0, variance = 0, width = years[k] / (double)STEPS;
        for (int i = 0; i < STEPS; i++) {
            double left = years[k] - (i + .5) * width, b = (1 - exp(-.5 * left)) / .5;
            mean += (.04 + (r - .04) * exp(-.5 * (i + .5) * width)) * width;
            variance += 1e-4 * b * b * width;
        }
        char name[8];
        snprintf(name, sizeof name, "y%d", years[k]);
        near(name, numbers(frame, name)[0], 100 * (mean - variance / 2) / years[k], 1e-6);
    }
    frame_unref(frame);
}

static void filtered_rates(void **state)
{
    (void)state;
    enum { DAYS = 50000 };
    Frame *known = simulate_with("vasicek", DAYS, 1, "noise=0 horizon=100 speed=2");
    Frame *seen = simulate_with("vasicek", DAYS, 1, "noise=0.001 horizon=100 speed=2");
    Frame *guessed = simulate_with("vasicek", DAYS, 1, "noise=0.5 horizon=100 speed=2");
    near("a small error", covariance(known->truth->numbers, seen->truth->numbers, DAYS),
         covariance(known->truth->numbers, known->truth->numbers, DAYS), 1e-3);
    double best = ceiling(known, "r2"), worse = ceiling(guessed, "r2");
    print_message("vasicek: R2 %.4f with the rate, %.4f from yields with errors\n", best, worse);
    assert_true(worse < best - .01 && worse > .2 * best);
    /* what the filter misses has nothing to do with what it says */
    double *product = malloc(DAYS * sizeof *product);
    const double *f = guessed->truth->numbers, *y = numbers(guessed, "change");
    for (int i = 0; i < DAYS; i++) product[i] = f[i] * (y[i] - f[i]);
    near_mean("orthogonal", product, DAYS, 0, 0);
    free(product);
    frame_unref(known);
    frame_unref(seen);
    frame_unref(guessed);
}

/* ---- the motif */

/* AUC of a score against expected labels, one a sample. */
static double area(const double *truth, const double *score, size_t n)
{
    Scored scored = { .n = n, .n_outputs = 1, .target = truth, .score = score, .reference = NAN };
    return metric_find("auc")->value(&scored);
}

static double best_match(const double *x)
{
    double best = -INFINITY;
    for (int at = 0; at < 57; at++) {
        double sum = 0;
        for (int k = 0; k < 8; k++) sum += x[at + k] * .5 * sin(2 * M_PI * (k + .5) / 8);
        best = fmax(best, sum);
    }
    return best;
}

static void motif(void **state)
{
    (void)state;
    enum { SAMPLES = 8000 };
    static const double table[][3] = {
        { 2, .690, .683 }, { 3, .863, .860 }, { 4, .965, .965 }, { 5, .995, .995 }
    };
    double *p = malloc(2 * SAMPLES * sizeof *p), *match = p + SAMPLES;
    for (int a = 0; a < 4; a++) {
        char text[32];
        snprintf(text, sizeof text, "amplitude=%g", table[a][0]);
        Frame *frame = simulate_with("motif", SAMPLES, 1, text);
        for (int i = 0; i < SAMPLES; i++) {
            p[i] = frame->truth->numbers[i * 64];
            match[i] = best_match(numbers(frame, "x") + i * 64);
        }
        double sum = 0, squares = 0;
        for (int b = 0; b < BLOCKS; b++) {
            double x = area(p + b * SAMPLES / BLOCKS, p + b * SAMPLES / BLOCKS, SAMPLES / BLOCKS);
            sum += x;
            squares += x * x;
        }
        double error = 5 * sqrt((squares - sum * sum / BLOCKS) / (BLOCKS - 1) / BLOCKS) + 5e-4;
        near(text, area(p, p, SAMPLES), table[a][1], error);
        near(text, area(p, match, SAMPLES), table[a][2], error);
        Scored best = { .n = SAMPLES, .n_outputs = 1, .target = p, .score = p, .reference = NAN };
        if (a == 1) near("KS", metric_find("ks")->value(&best), .570, .012);
        if (a == 1) near("log-loss", metric_find("logloss")->value(&best), .455, .008);
        frame_unref(frame);
    }
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictable_returns),
        cmocka_unit_test(garch_in_closed_form),
        cmocka_unit_test(garch),
        cmocka_unit_test(coverage_in_closed_form),
        cmocka_unit_test(value_at_risk),
        cmocka_unit_test(regimes),
        cmocka_unit_test(spreads),
        cmocka_unit_test(heston),
        cmocka_unit_test(short_rates),
        cmocka_unit_test(yields),
        cmocka_unit_test(filtered_rates),
        cmocka_unit_test(motif),
    };
    return cmocka_run_group_tests_name("data: simulated markets", tests, NULL, NULL);
}
