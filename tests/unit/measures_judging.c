/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of credit judging against scikit-learn, SciPy, statsmodels and hmeasure
 * (tests/reference/measures.py), the published vectors, and the properties that intervals have to have. */
#include "measures/metric.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "measures/auc.h"
#include "measures/bands.h"
#include "measures/bootstrap.h"
#include "measures/cells.h"
#include "measures/cox.h"
#include "measures/curves.h"
#include "measures/delong.h"
#include "measures/hmeasure.h"
#include "measures/psi.h"
#include "measures/rates.h"
#include "measures/scored.h"
#include "numeric/rng.h"

enum { LINES_MAX = 32, VALUES_MAX = 1300 };

typedef struct Line {
    char name[24];
    int n;
    double values[VALUES_MAX];
} Line;

typedef struct Case {
    char name[24];
    Line lines[LINES_MAX];
    int n_lines;
} Case;

static void near_to(double a, double b, double tolerance, const char *what)
{
    if (!(fabs(a - b) <= tolerance * (1 + fabs(b)))) fail_msg("%s: %.12g is not %.12g", what, a, b);
}

static void near(double a, double b, double tolerance)
{
    near_to(a, b, tolerance, "figure");
}

static FILE *open_vectors(void)
{
    static const char file[] = __BASE_FILE__;
    char path[4096];
    const char *slash = strrchr(file, '/');
    snprintf(path, sizeof path, "%.*s/../reference/measures.txt", slash ? (int)(slash - file) : 1,
             slash ? file : ".");
    FILE *in = fopen(path, "r");
    if (!in) fail_msg("cannot read %s", path);
    return in;
}

static void read_line(Case *out, char *text)
{
    Line *line = &out->lines[out->n_lines++];
    char *at = text + strcspn(text, " "), *end;
    assert_true(out->n_lines <= LINES_MAX);
    snprintf(line->name, sizeof line->name, "%.*s", (int)(at - text), text);
    for (line->n = 0;; at = end) {
        double x = strtod(at, &end);
        if (end == at) return;
        assert_true(line->n < VALUES_MAX);
        line->values[line->n++] = x;
    }
}

/* The case of that name. */
static Case *read_case(const char *name)
{
    static char text[65536];
    Case *found = calloc(1, sizeof *found);
    FILE *in = open_vectors();
    bool inside = false;
    while (fgets(text, sizeof text, in)) {
        text[strcspn(text, "\n")] = 0;
        if (!strncmp(text, "case ", 5))
            inside = !strcmp(text + 5, name);
        else if (inside)
            read_line(found, text);
    }
    fclose(in);
    assert_true(found->n_lines > 0);
    return found;
}

static const Line *line_of(const Case *from, const char *name)
{
    for (int i = 0; i < from->n_lines; i++)
        if (!strcmp(from->lines[i].name, name)) return &from->lines[i];
    fail_msg("no line %s", name);
    return NULL;
}

static double value_of(const char *name, const Scored *scored)
{
    const Metric *metric = metric_find(name);
    assert_non_null(metric);
    return metric->value(scored);
}

/* Values of metrics against one line. */
static void check_line(const Case *from, const char *line, const Scored *scored, const char *const *names,
                       double tolerance)
{
    const Line *expected = line_of(from, line);
    for (int i = 0; names[i]; i++)
        near_to(value_of(names[i], scored), expected->values[i], tolerance, names[i]);
}
#define NAMES(...) ((const char *[]){ __VA_ARGS__, NULL })

static void check_delong(const Case *from, const Scored *a, const Scored *b)
{
    const double *expected = line_of(from, "delong")->values;
    double auc, error;
    DelongTest test;
    assert_true(delong_error(a, &auc, &error));
    near(error, expected[0], 1e-12);
    assert_true(delong_test(a, b, &test));
    near(test.difference, expected[1], 1e-12);
    near(test.error, expected[2], 1e-12);
    near(test.p, expected[3], 1e-10);
}

static void check_cutoff(const Case *from, Scored a, Scored b)
{
    MetricSettings settings = judging_defaults;
    settings.cutoff = 0.3;
    a.settings = b.settings = &settings;
    check_line(from, "cutoff", &a,
               NAMES("accuracy", "balanced", "recall", "specificity", "precision", "f1", "mcc"), 1e-12);
    Interval interval;
    Paired paired;
    assert_true(metric_find("accuracy")->interval(&a, 0.95, &interval));
    near(interval.low, line_of(from, "wilson")->values[0], 1e-10);
    near(interval.high, line_of(from, "wilson")->values[1], 1e-10);
    const double *mcnemar = line_of(from, "mcnemar")->values;
    McNemar test = mcnemar_test(mcnemar[0], mcnemar[1]);
    near(test.exact, mcnemar[2], 1e-10);
    if (fabs(mcnemar[0] - mcnemar[1]) > 1) near(test.chi2, mcnemar[3], 1e-12);
    if (fabs(mcnemar[0] - mcnemar[1]) > 1) near(test.p, mcnemar[4], 1e-10);
    assert_true(metric_find("accuracy")->pair(&a, &b, 0.95, &paired));
    near(paired.p, mcnemar[2], 1e-10);
    near(paired.value, (mcnemar[1] - mcnemar[0]) / (double)a.n, 1e-12);
}

static void check_h(const Case *from, const Scored *scored)
{
    const double *expected = line_of(from, "h")->values;
    near_to(value_of("h", scored), expected[0], 1e-10, "h");
    near_to(hmeasure_severity(scored, 0.7), expected[1], 1e-10, "h .7");
    near_to(hmeasure_severity(scored, 0.5), expected[2], 1e-10, "h .5");
    near_to(hmeasure_severity(scored, 0.1), expected[3], 1e-10, "h .1");
}

static void two_levels_agree(void **state)
{
    (void)state;
    static const char *const names[] = { "ten", "smooth", "tied" };
    for (size_t i = 0; i < 3; i++) {
        Case *from = read_case(names[i]);
        const Line *y = line_of(from, "y"), *s = line_of(from, "s"), *other = line_of(from, "other");
        Scored a = {
            .n = (size_t)y->n, .n_outputs = 1, .target = y->values, .score = s->values, .reference = NAN
        };
        Scored b = a;
        b.score = other->values;
        check_line(from, "auc", &a, NAMES("auc"), 1e-12);
        check_line(from, "ks", &a, NAMES("ks"), 1e-12);
        check_line(from, "pgini", &a, NAMES("pgini"), 1e-12);
        check_line(from, "prauc", &a, NAMES("prauc"), 1e-12);
        check_line(from, "brier", &a, NAMES("brier"), 1e-12);
        check_line(from, "logloss", &a, NAMES("logloss"), 1e-12);
        check_line(from, "ece", &a, NAMES("ece", "mce", "ecemass"), 1e-10);
        check_line(from, "murphy", &a, NAMES("reliability", "resolution", "uncertainty", "remainder"), 1e-12);
        check_line(from, "cox", &a, NAMES("intercept", "slope"), 1e-8);
        check_line(from, "spiegelhalter", &a, NAMES("spiegelhalter", "spiegelhalter_p"), 1e-10);
        check_line(from, "hosmer", &a, NAMES("hosmer", "hosmer_p"), 1e-9);
        const double *cox = line_of(from, "cox")->values;
        Cox fit;
        assert_true(cox_fit(&a, &fit));
        near(fit.intercept_error, cox[2], 1e-7);
        near(fit.slope_error, cox[3], 1e-7);
        near(fit.large, cox[4], 1e-8);
        near(fit.large_error, cox[5], 1e-7);
        check_h(from, &a);
        check_delong(from, &a, &b);
        check_cutoff(from, a, b);
        free(from);
    }
}

static void several_levels_agree(void **state)
{
    (void)state;
    Case *from = read_case("levels");
    const Line *y = line_of(from, "y"), *p = line_of(from, "p");
    Scored scored = {
        .n = (size_t)y->n, .n_outputs = 4, .target = y->values, .score = p->values, .reference = NAN
    };
    double matrix[16];
    LevelFigures levels[4];
    assert_true(cells_confusion(&scored, matrix));
    cells_levels(matrix, 4, levels);
    for (int i = 0; i < 16; i++) assert_true(matrix[i] == line_of(from, "confusion")->values[i]);
    for (int k = 0; k < 4; k++) {
        near(levels[k].precision, line_of(from, "precision")->values[k + 1], 1e-12);
        near(levels[k].recall, line_of(from, "recall")->values[k + 1], 1e-12);
        near(levels[k].f1, line_of(from, "f1")->values[k + 1], 1e-12);
        near(auc_of_level(&scored, k), line_of(from, "auc")->values[k + 1], 1e-12);
    }
    static const char *const names[] = { "precision", "recall", "f1", "mcc", "auc", "logloss" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        near_to(value_of(names[i], &scored), line_of(from, names[i])->values[0], 1e-12, names[i]);
    near(value_of("accuracy", &scored), line_of(from, "micro")->values[0], 1e-12);
    near(value_of("balanced", &scored), line_of(from, "recall")->values[0], 1e-12);
    free(from);
}

static void grades_agree(void **state)
{
    (void)state;
    Case *from = read_case("grades");
    for (int i = 0; i < from->n_lines; i++) {
        const double *v = from->lines[i].values;
        near(grade_binomial(v[0], v[1], v[2]), v[3], 1e-9);
        near(grade_jeffreys(v[0], v[1], v[2]), v[4], 1e-9);
    }
    assert_true(isnan(grade_jeffreys(10, 11, 0.1)) && isnan(grade_binomial(10, 1, 0)));
    free(from);
}

static const double labels[] = { 1, 1, 0, 1, 1, 0, 1, 1, 1, 0 };
static const double scores[] = { .84901876, .10282827, .43752488, .46004468, .90878931,
                                 .79177719, .5297229,  .13803906, .73166264, .22959056 };
static const Scored ten = { .n = 10, .n_outputs = 1, .target = labels, .score = scores, .reference = NAN };

static void published_vectors(void **state)
{
    (void)state;
    double auc, error;
    Cox cox;
    near(value_of("h", &ten), 0.18889596344769588, 1e-12);
    near(value_of("h2014", &ten), 0.18310946512079307, 1e-12);
    near(hmeasure_severity(&ten, .7), 0.13502616807, 1e-10);
    near(hmeasure_severity(&ten, .5), 0.10750123502, 1e-10);
    near(hmeasure_severity(&ten, .1), 0.00121252921, 1e-10);
    assert_true(delong_error(&ten, &auc, &error));
    near(error, .2129588550, 1e-10);
    near(value_of("prauc", &ten), .8214285714, 1e-10);
    near(value_of("spiegelhalter", &ten), 2.1180300216, 1e-10);
    near(value_of("ece", &ten), .3327062530, 1e-10);
    assert_true(cox_fit(&ten, &cox));
    near(cox.intercept, .8428607848, 1e-9);
    near(cox.slope, .0890891658, 1e-9);
    near(cox.large, 1.1219547620, 1e-9);
    near(grade_jeffreys(100, 3, .02), .2190436521, 1e-9);
}

static void stability_vectors(void **state)
{
    (void)state;
    double even[10], shifted[10], below = 0;
    for (int k = 0; k < 10; k++) {
        double edge = k < 9 ? gsl_cdf_ugaussian_P(gsl_cdf_ugaussian_Pinv((k + 1) / 10.0) - 0.5) : 1;
        even[k] = 0.1;
        shifted[k] = edge - below;
        below = edge;
    }
    near(psi_of(even, shifted, 10), 0.2377492047, 1e-9);
    const double share[] = { .05, .1, .15, .2, .5 }, fifths[] = { .2, .2, .2, .2, .2 };
    near(psi_of(fifths, share, 5), 0.5665301954, 1e-9);
    const double left[] = { 10, 0 }, right[] = { 0, 10 };
    assert_true(psi_of(left, right, 2) > 2); /* no bin is dropped */
    near(psi_critical(10, 200, 200, .95), 16.918977604620448 / 100, 1e-9);
}

static void edges(void **state)
{
    (void)state;
    const double ones[] = { 1, 1, 1 }, p[] = { .2, .4, .9 }, same[] = { .3, .3, .3, .3 },
                 y[] = { 0, 1, 1, 0 };
    Scored one_class = { .n = 3, .n_outputs = 1, .target = ones, .score = p, .reference = NAN };
    Scored constant = { .n = 4, .n_outputs = 1, .target = y, .score = same, .reference = NAN };
    static const char *const ranking[] = { "h",    "h2014",   "pgini", "prauc",
                                           "lift", "capture", "slope", "inlarge" };
    Cox cox;
    Interval interval;
    for (size_t i = 0; i < sizeof ranking / sizeof *ranking; i++)
        assert_true(isnan(value_of(ranking[i], &one_class)));
    assert_false(delong_interval(&one_class, 0.95, &interval));
    assert_true(value_of("h", &constant) == 0 && value_of("prauc", &constant) == 0.5);
    near(value_of("lift", &constant), 1, 1e-12);
    near(value_of("capture", &constant), 0.1, 1e-12);
    assert_true(cox_fit(&constant, &cox) && isnan(cox.slope));
    near(cox.large, log(.7 / .3), 1e-10);
    assert_true(delong_interval(&constant, 0.95, &interval) && interval.low == 0.5 && interval.high == 0.5);
    const double parted[] = { .1, .8, .9, .2 };
    Scored separated = { .n = 4, .n_outputs = 1, .target = y, .score = parted, .reference = NAN };
    assert_true(isnan(value_of("slope", &separated)));
    near(value_of("h", &separated), 1, 1e-12);
}

static void bands_hold_all(void **state)
{
    (void)state;
    Case *from = read_case("tied");
    const Line *y = line_of(from, "y"), *s = line_of(from, "s");
    Scored scored = {
        .n = (size_t)y->n, .n_outputs = 1, .target = y->values, .score = s->values, .reference = NAN
    };
    Band bands[10];
    double n = 0, high = -1;
    assert_true(bands_by_mass(&scored, 10, bands));
    for (int k = 0; k < 10; k++) {
        n += bands[k].n;
        if (bands[k].n == 0) continue;
        assert_true(bands[k].low > high); /* equal scores are in one band */
        high = bands[k].high;
    }
    assert_true(n == y->n);
    CurveStep *steps = calloc((size_t)y->n + 1, sizeof *steps);
    size_t n_steps = curve_steps(&scored, steps);
    assert_true(n_steps >= 2 && n_steps < 14 && steps[0].rows == 0);
    assert_true(steps[n_steps - 1].events == 1 && steps[n_steps - 1].others == 1);
    double area = 0;
    for (size_t i = 1; i < n_steps; i++)
        area += (steps[i].others - steps[i - 1].others) * (steps[i].events + steps[i - 1].events) / 2;
    near(area, value_of("auc", &scored), 1e-12);
    free(steps);
    free(from);
}

enum { ROWS = 400, DRAWS = 200 };

/* Gaussian classes one apart, as probabilities. */
static Scored gaussian(uint64_t seed, double *y, double *p)
{
    uint32_t random[2 * ROWS];
    rng_below(rng_key(seed, "test", ""), 0, 1u << 30, random, 2 * ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        y[i] = random[i] % 4 == 0;
        double x = gsl_cdf_ugaussian_Pinv((random[ROWS + i] + 0.5) / (1u << 30)) + y[i];
        p[i] = 1 / (1 + exp(log(3) + 0.5 - x));
    }
    return (Scored){ .n = ROWS, .n_outputs = 1, .target = y, .score = p, .reference = NAN };
}

static void draws_do_not_depend_on_threads(void **state)
{
    (void)state;
    double y[ROWS], p[ROWS];
    Scored scored = gaussian(1, y, p);
    static double one[3 * DRAWS], four[3 * DRAWS];
    const Metric *metrics[] = { metric_find("auc"), metric_find("brier"), metric_find("ks") };
    Progress progress = { .threads = 1 };
    BootstrapPlan plan = { .models = &scored,
                           .n_models = 1,
                           .metrics = metrics,
                           .n_metrics = 3,
                           .kind = 'b',
                           .draws = DRAWS,
                           .seed = 3,
                           .progress = &progress };
    assert_true(bootstrap_run(&plan, one, NULL));
    progress.threads = 4;
    assert_true(bootstrap_run(&plan, four, NULL));
    assert_memory_equal(one, four, sizeof one);
    Interval delong, boot;
    assert_true(delong_interval(&scored, 0.95, &delong));
    assert_true(bootstrap_interval(one, DRAWS, 0.95, &boot));
    near(boot.low, delong.low, 0.015);
    near(boot.high, delong.high, 0.015);
    plan.seed = 4;
    assert_true(bootstrap_run(&plan, four, NULL));
    assert_memory_not_equal(one, four, sizeof one);
}

/* DeLong's 95% interval holds the true area, Phi(1 / sqrt 2), in 95 of 100 samples: 500 of them, 4 sd. */
static void intervals_cover(void **state)
{
    (void)state;
    double y[ROWS], p[ROWS], truth = gsl_cdf_ugaussian_P(sqrt(0.5));
    int held = 0, slopes = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        Scored scored = gaussian(seed, y, p);
        Interval interval;
        assert_true(delong_interval(&scored, 0.95, &interval));
        held += interval.low <= truth && truth <= interval.high;
        assert_true(metric_find("slope")->interval(&scored, 0.95, &interval));
        slopes += interval.low <= 1 && 1 <= interval.high; /* the probabilities are Bayes' */
    }
    assert_in_range(held, 456, 494);
    assert_in_range(slopes, 456, 494);
}

static void p_values_of_draws(void **state)
{
    (void)state;
    double draws[100];
    for (int i = 0; i < 100; i++) draws[i] = i + 1;
    near(bootstrap_p(draws, 100), 2 / 101.0, 1e-12);
    Interval interval;
    assert_true(bootstrap_interval(draws, 100, 0.95, &interval));
    near(interval.low, 3.475, 1e-12);
    near(interval.high, 97.525, 1e-12);
    for (int i = 0; i < 20; i++) draws[i] = NAN;
    assert_false(bootstrap_interval(draws, 100, 0.95, &interval));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_levels_agree),  cmocka_unit_test(several_levels_agree),
        cmocka_unit_test(grades_agree),      cmocka_unit_test(published_vectors),
        cmocka_unit_test(stability_vectors), cmocka_unit_test(edges),
        cmocka_unit_test(bands_hold_all),    cmocka_unit_test(draws_do_not_depend_on_threads),
        cmocka_unit_test(intervals_cover),   cmocka_unit_test(p_values_of_draws),
    };
    return cmocka_run_group_tests_name("measures: judging", tests, NULL, NULL);
}
