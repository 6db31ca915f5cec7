/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated credit against published figures: normal classes, the whole table of probit ceilings, the loan
 * book, Merton's firms and portfolios, drift, noise. Where a figure has a closed form or an integral, it is
 * computed to the digits printed; what is drawn is held against it within five of its own standard errors, by
 * the spread of that figure over blocks of the rows. */
#include "unit/data_simulations.h"

#include <gsl/gsl_cdf.h>

enum { BLOCKS = 8, INPUTS_MAX = 7 };

/* A metric of a score where labels are known by their expectation alone. */
static double expected(const char *metric, const double *truth, const double *score, size_t n)
{
    Scored scored = { .n = n, .n_outputs = 1, .target = truth, .score = score, .reference = NAN };
    return metric_find(metric)->value(&scored);
}

/* Five standard errors of the metric over all n rows. */
static double error_of(const char *metric, const double *truth, const double *score, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t b = 0; b < BLOCKS; b++) {
        size_t from = n * b / BLOCKS, to = n * (b + 1) / BLOCKS;
        double x = expected(metric, truth + from, score + from, to - from);
        sum += x;
        squares += x * x;
    }
    return 5 * sqrt((squares - sum * sum / BLOCKS) / (BLOCKS - 1) / BLOCKS);
}

static void check(const char *what, const char *metric, const double *truth, const double *score, size_t n,
                  double figure, double rounding)
{
    char text[96];
    snprintf(text, sizeof text, "%s %s", what, metric);
    near(text, expected(metric, truth, score, n), figure, error_of(metric, truth, score, n) + rounding);
}

static void check_truth(const char *what, const char *metric, const Frame *frame, double figure,
                        double rounding)
{
    const double *truth = frame->truth->numbers;
    check(what, metric, truth, truth, frame->n_rows, figure, rounding);
    near(metric, ceiling(frame, metric), expected(metric, truth, truth, frame->n_rows), 1e-12);
}

/* ---- the best linear logit, by Newton's method on expected labels */

typedef struct Logit {
    const double *x[INPUTS_MAX];
    int n_inputs;
    double weights[INPUTS_MAX + 1];
} Logit;

static double chance(const Logit *logit, size_t row)
{
    double sum = logit->weights[0];
    for (int j = 0; j < logit->n_inputs; j++) sum += logit->weights[j + 1] * logit->x[j][row];
    return 1 / (1 + exp(-sum));
}

static void newton_step(Logit *logit, const double *truth, size_t n)
{
    double h[INPUTS_MAX + 1][INPUTS_MAX + 2] = { { 0 } };
    int k = logit->n_inputs + 1;
    for (size_t row = 0; row < n; row++) {
        double x[INPUTS_MAX + 1] = { 1 }, p = chance(logit, row);
        for (int j = 1; j < k; j++) x[j] = logit->x[j - 1][row];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) h[i][j] += p * (1 - p) * x[i] * x[j];
            h[i][k] += (truth[row] - p) * x[i];
        }
    }
    for (int i = 0; i < k; i++) /* Gauss-Jordan; the matrix is positive definite */
        for (int r = 0; r < k; r++) {
            double factor = r == i ? 0 : h[r][i] / h[i][i];
            for (int j = i; j <= k && r != i; j++) h[r][j] -= factor * h[i][j];
        }
    for (int i = 0; i < k; i++) logit->weights[i] += h[i][k] / h[i][i];
}

static double *fit_logit(const Frame *frame, const char *const *names)
{
    Logit logit = { .n_inputs = 0 };
    double *score = malloc(frame->n_rows * sizeof *score);
    for (; *names; names++) logit.x[logit.n_inputs++] = numbers(frame, *names);
    for (int i = 0; i < 7; i++) newton_step(&logit, frame->truth->numbers, frame->n_rows);
    for (size_t row = 0; row < frame->n_rows; row++) score[row] = chance(&logit, row);
    return score;
}

/* ---- normal classes: AUC Phi(D / sqrt 2), KS 2 Phi(D / 2) - 1 */

static void normal_classes(void **state)
{
    (void)state;
    static const double table[][3] = { { .5, .6382, .1974 },
                                       { 1, .7602, .3829 },
                                       { 1.5, .8556, .5467 },
                                       { 2, .9214, .6827 },
                                       { 2.5, .9615, .7887 } };
    for (int i = 0; i < 5; i++) {
        char text[64];
        double d = table[i][0];
        near("AUC", gsl_cdf_ugaussian_P(d / sqrt(2)), table[i][1], 5e-5);
        near("KS", 2 * gsl_cdf_ugaussian_P(d / 2) - 1, table[i][2], 5e-5);
        snprintf(text, sizeof text, "distance=%g columns=%d correlation=0.4", d, i + 1);
        Frame *frame = simulate_with("gaussian", 40000, 1, text);
        check_truth(text, "auc", frame, table[i][1], 5e-5);
        check_truth(text, "ks", frame, table[i][2], 0.002);
        frame_unref(frame);
    }
    Frame *frame = simulate_with("gaussian", 60000, 2, "distance=0 correlation=0.4 columns=3");
    const double *x1 = numbers(frame, "x1"), *x3 = numbers(frame, "x3");
    near("correlation", covariance(x1, numbers(frame, "x2"), 60000), 0.4, 0.02);
    near("correlation at two", covariance(x1, x3, 60000), 0.16, 0.02);
    near("variance", covariance(x3, x3, 60000), 1, 0.03);
    frame_unref(frame);
}

/* ---- probit */

typedef struct Best {
    double rate, auc, ks, brier, logloss, accuracy;
} Best;

/* By the midpoint rule over the latent ability, from the safest to the riskiest. */
static Best probit_by_integral(double rate, double r2)
{
    enum { STEPS = 20000 };
    Best best = { 0, 0, 0, 0, 0, 0 };
    double good = 0, bad = 0, area = 0, width = 20.0 / STEPS, gap = 0;
    for (int i = 0; i < STEPS; i++) {
        double u = 10 - (i + 0.5) * width, mass = exp(-u * u / 2) / sqrt(2 * M_PI) * width;
        double z = (gsl_cdf_ugaussian_Pinv(rate) - sqrt(r2) * u) / sqrt(1 - r2);
        double p = gsl_cdf_ugaussian_P(z), q = gsl_cdf_ugaussian_Q(z);
        area += mass * p * (good + 0.5 * mass * q);
        good += mass * q;
        bad += mass * p;
        gap = fmax(gap, good / (1 - rate) - bad / rate);
        best.brier += mass * p * q;
        if (p > 0 && q > 0) best.logloss -= mass * (p * log(p) + q * log(q));
        best.accuracy += mass * fmax(p, q);
    }
    best.rate = bad;
    best.auc = area / (good * bad);
    best.ks = gap;
    return best;
}

static void probit(void **state)
{
    (void)state;
    static const double rates[] = { .01, .02, .05, .10, .22, .30 }, r2[] = { .05, .10, .20, .40, .60 };
    static const double areas[6][5] = {
        { .6667, .7313, .8147, .9103, .9613 }, { .6537, .7144, .7946, .8917, .9486 },
        { .6360, .6909, .7657, .8629, .9271 }, { .6227, .6730, .7431, .8388, .9075 },
        { .6090, .6544, .7191, .8119, .8842 }, { .6048, .6486, .7115, .8030, .8762 }
    };
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 5; k++) {
            char text[64];
            Best best = probit_by_integral(rates[i], r2[k]);
            snprintf(text, sizeof text, "rate=%g r2=%g columns=%d", rates[i], r2[k], i == 3 ? 7 : 1);
            near(text, best.rate, rates[i], 1e-6);
            near(text, best.auc, areas[i][k], 6e-5);
            Frame *frame = simulate_with("probit", 12000, 1, text);
            check_truth(text, "auc", frame, best.auc, 0);
            check_truth(text, "ks", frame, best.ks, 0.005);
            check_truth(text, "brier", frame, best.brier, 0);
            check_truth(text, "logloss", frame, best.logloss, 0);
            check_truth(text, "accuracy", frame, best.accuracy, 0);
            frame_unref(frame);
            if (rates[i] <= .05) assert_true(best.accuracy - (1 - rates[i]) < .0055);
        }
    near("gain of accuracy", probit_by_integral(.30, .60).accuracy - .70, .115, .001);
    near("German", probit_by_integral(.30, .40).auc, .80, .005);
    near("Taiwan", probit_by_integral(.22, .33).auc, .78, .005);
}

/* ---- the loan book */

static const char *const seven[] = { "x1", "x2", "x3", "x4", "x5", "x6", "macro", NULL };
static const char *const six[] = { "x1", "x2", "x3", "x4", "x5", "x6", NULL };

/* P(default | x), macro unknown: the mean over N(0, 1), by Gauss and Hermite's rule of five points. */
static double *without_macro(const Frame *frame)
{
    static const double at[] = { 0, 1.3556261799742659, 2.8569700138728056 };
    static const double weight[] = { 8.0 / 15, 0.22207592200561263, 0.011257411327720691 };
    const double *truth = frame->truth->numbers, *macro = numbers(frame, "macro");
    double *score = malloc(frame->n_rows * sizeof *score);
    for (size_t i = 0; i < frame->n_rows; i++) {
        double odds = log(truth[i] / (1 - truth[i])) - 0.5 * macro[i];
        score[i] = weight[0] / (1 + exp(-odds));
        for (int k = 1; k < 3; k++)
            score[i] += weight[k] * (1 / (1 + exp(-odds - 0.5 * at[k])) + 1 / (1 + exp(-odds + 0.5 * at[k])));
    }
    return score;
}

/* A path of macro that makes the rate of the published one has its figures too. */
static void check_book(const Frame *frame)
{
    size_t n = frame->n_rows;
    const double *truth = frame->truth->numbers;
    double *linear = fit_logit(frame, seven), *blind = fit_logit(frame, six), *hidden = without_macro(frame);
    check_truth("book", "auc", frame, .8492, .002);
    check_truth("book", "gini", frame, .698, .004);
    check_truth("book", "ks", frame, .530, .003);
    check_truth("book", "brier", frame, .0880, .0005);
    check_truth("book", "logloss", frame, .2960, .0015);
    check_truth("book", "accuracy", frame, .8849, .0005);
    check("without macro", "auc", truth, hidden, n, .8345, .003); /* .8336 on that path, .836 by the other */
    check("linear", "auc", truth, linear, n, .6808, .002);
    check("linear", "ks", truth, linear, n, .263, .004);
    check("linear", "brier", truth, linear, n, .1192, .001);
    check("linear", "logloss", truth, linear, n, .3929, .002);
    check("linear without macro", "auc", truth, blind, n, .653, .004);
    free(linear);
    free(blind);
    free(hidden);
}

static void loan_book(void **state)
{
    (void)state;
    enum { PATHS = 12, ROWS = 15000 };
    double rates[PATHS], areas[PATHS];
    uint64_t nearest = 1;
    for (uint64_t seed = 1; seed <= PATHS; seed++) {
        Frame *frame = simulate("credit", ROWS, seed);
        rates[seed - 1] = mean_of(frame->truth->numbers, ROWS);
        areas[seed - 1] = ceiling(frame, "auc");
        if (fabs(rates[seed - 1] - .148) < fabs(rates[nearest - 1] - .148)) nearest = seed;
        frame_unref(frame);
    }
    near("rate over paths", mean_of(rates, PATHS), .140, 4 * .008 / sqrt(PATHS));
    near("its sd", sqrt(covariance(rates, rates, PATHS)), .008, .005);
    near("AUC over paths", mean_of(areas, PATHS), .851, 4 * .003 / sqrt(PATHS));
    Frame *frame = simulate("credit", 60000, nearest);
    print_message("path %d: rate %.4f\n", (int)nearest, mean_of(frame->truth->numbers, 60000));
    near("rate", mean_of(frame->truth->numbers, 60000), .148, .003);
    check_book(frame);
    frame_unref(frame);
}

static void book_moments(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    Frame *frame = simulate("credit", ROWS, 3);
    const double *x1 = numbers(frame, "x1"), *x2 = numbers(frame, "x2"), *x6 = numbers(frame, "x6");
    near("correlation", covariance(x1, x2, ROWS), .3, .02);
    near("correlation at five", covariance(x1, x6, ROWS), pow(.3, 5), .02);
    near("variance", covariance(x6, x6, ROWS), 1, .025);
    frame_unref(frame);
    frame = simulate_with("credit", 2400, 3, "months=2400"); /* a path of 200 years: phi and variance */
    const double *macro = numbers(frame, "macro");
    double variance = covariance(macro, macro, 2400);
    near("variance of macro", variance, 1, 4 * sqrt(2 * (1 + .64) / (1 - .64) / 2400));
    near("phi", covariance(macro, macro + 1, 2399) / variance, .8, 4 * sqrt(.36 / 2400));
    frame_unref(frame);
}

/* ---- Merton */

static void merton(void **state)
{
    (void)state;
    static const char *const three[] = { "leverage", "volatility", "drift", NULL };
    enum { FIRMS = 60000 };
    Frame *frame = simulate("merton", FIRMS, 1);
    const double *truth = frame->truth->numbers;
    near("PD", mean_of(truth, FIRMS), .0763, 5 * sqrt(covariance(truth, truth, FIRMS) / FIRMS));
    check_truth("merton", "auc", frame, .8651, 5e-5);
    check_truth("merton", "ks", frame, .580, .002);
    check_truth("merton", "brier", frame, .0594, 5e-5);
    check_truth("merton", "logloss", frame, .1996, 5e-5);
    check("leverage", "auc", truth, numbers(frame, "leverage"), FIRMS, .7953, 5e-5);
    double *linear = fit_logit(frame, three);
    check("linear", "auc", truth, linear, FIRMS, .8612, 5e-5);
    check("linear", "logloss", truth, linear, FIRMS, .2054, 5e-5);
    free(linear);
    frame_unref(frame);
}

/* Firms of a year share a factor: given it the rates are the conditional ones, over all years the PD, and the
 * variance of a year's rate is that of two firms that default together. */
static void merton_years(void **state)
{
    (void)state;
    enum { FIRMS = 100000, YEARS = 500 };
    Frame *plain = simulate("merton", FIRMS, 4);
    Frame *frame = simulate_with("merton", FIRMS, 4, "correlation=0.2 years=500");
    const double *factor = numbers(frame, "factor"), *truth = frame->truth->numbers;
    double rates[YEARS] = { 0 };
    for (size_t i = 0; i < FIRMS; i++) {
        double pd = plain->truth->numbers[i];
        near("PD | Z", truth[i],
             gsl_cdf_ugaussian_P((gsl_cdf_ugaussian_Pinv(pd) - sqrt(.2) * factor[i]) / sqrt(.8)), 1e-9);
        rates[integers(frame, "year")[i] - 1] += (double)integers(frame, "default")[i] / (FIRMS / YEARS);
    }
    double spread = covariance(rates, rates, YEARS), mean = mean_of(rates, YEARS);
    near("rate", mean, mean_of(plain->truth->numbers, FIRMS), 5 * sqrt(spread / YEARS));
    assert_true(spread > 4 * mean * (1 - mean) / (FIRMS / YEARS));
    assert_memory_equal(numbers(frame, "drift"), numbers(plain, "drift"), FIRMS * sizeof(double));
    frame_unref(plain);
    frame_unref(frame);
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One year in a thousand: the quantile of the rates of a fine portfolio. */
static void loan_losses(void **state)
{
    (void)state;
    static const double table[][3] = {
        { .02, .12, .1473 }, { .02, .20, .2263 }, { .05, .12, .2702 }, { .10, .12, .4110 }
    };
    enum { YEARS = 60000 };
    for (int i = 0; i < 4; i++) {
        double pd = table[i][0], rho = table[i][1], z = gsl_cdf_ugaussian_Pinv(.999);
        double bar = (gsl_cdf_ugaussian_Pinv(pd) + sqrt(rho) * z) / sqrt(1 - rho);
        near("99.9%", gsl_cdf_ugaussian_P(bar), table[i][2], 5e-5);
        char text[64];
        snprintf(text, sizeof text, "pd=%g correlation=%g phi=0", pd, rho);
        Frame *frame = simulate_with("portfolio", YEARS, 1, text);
        double *rates = malloc(YEARS * sizeof *rates);
        memcpy(rates, numbers(frame, "rate"), YEARS * sizeof *rates);
        qsort(rates, YEARS, sizeof *rates, rising);
        /* the quantile is z off by sqrt(q (1 - q) / n) / phi(z) */
        double off = sqrt(.001 * .999 / YEARS) / (exp(-z * z / 2) / sqrt(2 * M_PI));
        double slope = exp(-bar * bar / 2) / sqrt(2 * M_PI) * sqrt(rho / (1 - rho));
        near(text, rates[YEARS * 999 / 1000], table[i][2], 4 * off * slope);
        near(text, mean_of(rates, YEARS), pd, 5 * sqrt(covariance(rates, rates, YEARS) / YEARS));
        near("nothing to know", covariance(frame->truth->numbers, frame->truth->numbers, YEARS), 0, 1e-20);
        free(rates);
        frame_unref(frame);
    }
    Frame *coarse = simulate_with("portfolio", 2000, 2, "loans=50 phi=0.9");
    for (int i = 0; i < 2000; i++) {
        double loans = numbers(coarse, "rate")[i] * 50;
        near("whole loans", loans, round(loans), 1e-9);
    }
    assert_memory_equal(numbers(coarse, "rate") + 1, numbers(coarse, "next"), 1999 * sizeof(double));
    frame_unref(coarse);
}

/* ---- drift */

/* Population stability index over bins of 0.1, the ends open. */
static double stability(const double *a, size_t n_a, const double *b, size_t n_b)
{
    enum { BINS = 60 };
    double share[2][BINS] = { { 0 } }, sum = 0;
    for (size_t i = 0; i < n_a; i++)
        share[0][(int)fmin(BINS - 1, fmax(0, 10 * (a[i] + 3)))] += 1.0 / (double)n_a;
    for (size_t i = 0; i < n_b; i++)
        share[1][(int)fmin(BINS - 1, fmax(0, 10 * (b[i] + 3)))] += 1.0 / (double)n_b;
    for (int k = 0; k < BINS; k++) sum += (share[1][k] - share[0][k]) * log(share[1][k] / share[0][k]);
    return sum;
}

static void drift(void **state)
{
    (void)state;
    enum { LOANS = 60000 };
    Frame *as_it_was = simulate_with("drift", LOANS, 1, "odds=1 shift=0");
    Frame *worse = simulate_with("drift", LOANS, 1, "odds=2 shift=0 after=0");
    const double *p = as_it_was->truth->numbers, *q = worse->truth->numbers;
    for (int i = 0; i < LOANS; i++)
        near("intercept", log(q[i] / (1 - q[i])) - log(p[i] / (1 - p[i])), log(2), 1e-9);
    /* the published pair of one path: .144 -> .214, .849 -> .834; what moves little from path to path is the
     * difference */
    near("rate", mean_of(p, LOANS), .144, .02);
    near("rate after", mean_of(q, LOANS) - mean_of(p, LOANS), .070, .006);
    near("AUC", ceiling(as_it_was, "auc"), .849, .008);
    near("AUC after", ceiling(as_it_was, "auc") - ceiling(worse, "auc"), .015, .0025);
    near("ranking", expected("auc", q, p, LOANS), ceiling(worse, "auc"), 1e-9);
    for (int k = 1; k <= 3; k++) {
        char text[64];
        double shift = 0.25 * k, half = LOANS / 2.0;
        snprintf(text, sizeof text, "odds=1 shift=%g after=0.5", shift);
        Frame *moved = simulate_with("drift", LOANS, 1, text);
        const double *x1 = numbers(moved, "x1");
        near("x1 after", mean_of(x1 + LOANS / 2, LOANS / 2), shift, 4 / sqrt(half));
        /* without a shift bins alone make (bins - 1)(1 / n + 1 / m) of it */
        near("PSI", stability(x1, LOANS / 2, x1 + LOANS / 2, LOANS / 2) - 59 * 2 / half, shift * shift,
             4 * 2 * shift * sqrt(2 / half) + 0.02 * shift * shift);
        assert_memory_equal(numbers(moved, "x2"), numbers(as_it_was, "x2"), LOANS * sizeof(double));
        assert_int_equal(frame_role(moved, ROLE_TIME), 0);
        frame_unref(moved);
    }
    frame_unref(as_it_was);
    frame_unref(worse);
}

/* ---- noise: one standard deviation each of AUC, of the share of signs that are right, of a Sharpe ratio */

static void noise(void **state)
{
    (void)state;
    enum { SETS = 300, ROWS = 400 };
    char text[64];
    snprintf(text, sizeof text, "columns=%d rate=0.3 target=label", SETS);
    Frame *frame = simulate_with("noise", ROWS, 1, text);
    const int64_t *y = integers(frame, "y");
    double areas[SETS], right[SETS], sharpe[SETS], labels[ROWS], n1 = 0;
    for (int i = 0; i < ROWS; i++) n1 += labels[i] = (double)y[i];
    for (int k = 0; k < SETS; k++) {
        const double *x = frame->columns[k].column->numbers;
        areas[k] = expected("auc", labels, x, ROWS);
        right[k] = 0;
        for (int i = 0; i + 1 < ROWS; i++) right[k] += ((x[i] > 0) == (x[i + 1] > 0)) / (ROWS - 1.0);
        sharpe[k] = mean_of(x, ROWS) / sqrt(covariance(x, x, ROWS)) * sqrt(252);
    }
    double few = 1 / sqrt(SETS), of_sd = 4 / sqrt(2 * SETS), n0 = ROWS - n1;
    double sd = sqrt((ROWS + 1) / (12 * n1 * n0));
    near("AUC", mean_of(areas, SETS), .5, 4 * sd * few);
    near("its sd", sqrt(covariance(areas, areas, SETS)), sd, of_sd * sd);
    sd = .5 / sqrt(ROWS - 1);
    near("direction", mean_of(right, SETS), .5, 4 * sd * few);
    near("its sd", sqrt(covariance(right, right, SETS)), sd, of_sd * sd);
    sd = sqrt(252.0 / ROWS);
    near("Sharpe ratio", mean_of(sharpe, SETS), 0, 4 * sd * few);
    near("its sd", sqrt(covariance(sharpe, sharpe, SETS)), sd, of_sd * sd);
    near("rate", n1 / ROWS, .3, 4 * sqrt(.21 / ROWS));
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_classes), cmocka_unit_test(probit), cmocka_unit_test(loan_book),
        cmocka_unit_test(book_moments),   cmocka_unit_test(merton), cmocka_unit_test(merton_years),
        cmocka_unit_test(loan_losses),    cmocka_unit_test(drift),  cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests_name("data: simulated credit", tests, NULL, NULL);
}
