/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulators: the same seed gives the same bits, the truth of each is true, filters and posteriors are those
 * of Bayes. Their figures: data_simulate_credit.c, data_simulate_markets.c. */
#include "unit/data_simulations.h"

/* rows= counts rows, or what the ids count. */
static size_t samples_of(const Frame *frame)
{
    int id = frame_role(frame, ROLE_ID);
    return id < 0 ? frame->n_rows : (size_t)frame->columns[id].column->integers[frame->n_rows - 1];
}

static void same_numbers(const Column *a, const Column *b, size_t n, bool same)
{
    assert_true((memcmp(a->numbers, b->numbers, n * sizeof(double)) == 0) == same);
}

static void test_same_seed_same_bits(void **state)
{
    (void)state;
    for (int i = 0; i < simulator_kinds.n; i++) {
        const char *name = simulator_kinds.items[i]->name;
        Frame *a = simulate(name, 500, 7), *b = simulate(name, 500, 7), *c = simulate(name, 500, 8);
        int x = frame_role(a, ROLE_TARGET) - 1;
        assert_int_equal(samples_of(a), 500);
        for (int k = 0; k < a->n_columns; k++)
            same_numbers(a->columns[k].column, b->columns[k].column, 500, true);
        same_numbers(a->columns[x].column, c->columns[x].column, 500, false);
        assert_string_equal(a->hash, b->hash);
        assert_string_not_equal(a->hash, c->hash);
        assert_non_null(a->truth);
        assert_true(frame_role(a, ROLE_TARGET) >= 0);
        frame_unref(a);
        frame_unref(b);
        frame_unref(c);
    }
}

/* The stated truth is calibrated, where it is high and where it is low; rows of an id go together. */
static void check_truth(const Frame *frame, const char *name)
{
    int id = frame_role(frame, ROLE_ID), y = frame_role(frame, ROLE_TARGET);
    const double *truth = frame->truth->numbers;
    size_t together = 20 * (size_t)frame->columns[y].lead; /* rows of one block: their labels overlap */
    double sum = 0, squares = 0, gap = 0, middle = 0, n = 0;
    for (size_t row = 0; row < frame->n_rows; row++)
        if (!column_is_missing(frame->columns[y].column, row)) middle += truth[row], n++;
    for (size_t row = 0; row < frame->n_rows; row++) {
        if (!column_is_missing(frame->columns[y].column, row))
            gap += (column_number(frame->columns[y].column, row) - truth[row]) *
                   (truth[row] > middle / n ? 1 : -1);
        const int64_t *ids = id < 0 ? NULL : frame->columns[id].column->integers;
        if (ids && row + 1 < frame->n_rows && ids[row] == ids[row + 1]) continue;
        if (!ids && together && (row + 1) % together > 0 && row + 1 < frame->n_rows) continue;
        sum += gap;
        squares += gap * gap;
        gap = 0;
    }
    if (!(fabs(sum) <= 4 * sqrt(squares) + 1e-9)) fail_msg("%s: %g off, sd %g", name, sum, sqrt(squares));
}

static void test_truth_is_true(void **state)
{
    (void)state;
    static const char *const others[][2] = {
        { "garch", "innovations=t target=up" },   { "gaussian", "rate=0.1 correlation=0.5 columns=6" },
        { "groups", "spill=1 companies=20" },     { "borrowers", "window=3 months=12" },
        { "drift", "odds=4 shift=2 after=0.1" },  { "noise", "target=number steps=3" },
        { "merton", "correlation=0.3 years=40" }, { "merton", "see=equity correlation=0.1" },
        { "portfolio", "loans=20 phi=0.9" },      { "vasicek", "noise=0 horizon=5" },
        { "heston", "speed=20 vol=2 rho=0.5" }
    };
    for (int i = 0; i < simulator_kinds.n; i++) {
        Frame *frame = simulate(simulator_kinds.items[i]->name, 20000, 3);
        check_truth(frame, simulator_kinds.items[i]->name);
        frame_unref(frame);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        Frame *frame = simulate_with(others[i][0], 20000, 4, others[i][1]);
        check_truth(frame, others[i][0]);
        frame_unref(frame);
    }
}

/* P(up on day n | returns of the days before), by summing over all paths of the states: 2^(n + 1) of them. */
static double up_by_paths(const double *returns, int n)
{
    static const double mu[] = { 0.20, -0.30 }, sd[] = { 0.7, 1.2 }, stay[] = { 0.98, 0.95 };
    double all = 0, up = 0;
    for (int path = 0; path < 1 << (n + 1); path++) {
        int at = path & 1;
        double p = at ? 2.0 / 7 : 5.0 / 7; /* the long run: 0.05 to 0.02 */
        for (int day = 0; day < n; day++) {
            double z = (returns[day] - mu[at]) / sd[at];
            int next = path >> (day + 1) & 1;
            p *= exp(-z * z / 2) / sd[at] * (next == at ? stay[at] : 1 - stay[at]);
            at = next;
        }
        all += p;
        up += p * 0.5 * erfc(-mu[at] / sd[at] / sqrt(2));
    }
    return up / all;
}

static void test_filter_is_bayes(void **state)
{
    (void)state;
    enum { DAYS = 14 };
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Frame *frame = simulate("markov", DAYS, seed);
        for (int i = 0; i < DAYS; i++)
            assert_true(fabs(frame->truth->numbers[i] -
                             up_by_paths(frame->columns[1].column->numbers, i + 1)) < 1e-12);
        frame_unref(frame);
    }
}

/* Bayes' rule on whole densities: each of 57 positions as likely, with a motif or without one. */
static double motif_by_densities(const double *x)
{
    double with = 0, without = 1;
    for (int i = 0; i < 64; i++) without *= exp(-x[i] * x[i] / 2);
    for (int at = 0; at < 57; at++) {
        double density = 1;
        for (int i = 0; i < 64; i++) {
            double mean = i >= at && i < at + 8 ? 3 * 0.5 * sin(2 * M_PI * (i - at + 0.5) / 8) : 0;
            density *= exp(-(x[i] - mean) * (x[i] - mean) / 2);
        }
        with += density / 57;
    }
    return with / (with + without);
}

static void test_posterior_is_bayes(void **state)
{
    (void)state;
    Frame *frame = simulate("motif", 200, 5);
    for (size_t i = 0; i < 200 * 64; i += 64)
        assert_true(fabs(frame->truth->numbers[i] -
                         motif_by_densities(frame->columns[2].column->numbers + i)) < 1e-12);
    frame_unref(frame);
}

/* Inputs N(0, 1) that say nothing of the target. */
static void test_noise(void **state)
{
    (void)state;
    Frame *frame = simulate("noise", 40000, 1);
    double n = (double)frame->n_rows, share = 0;
    for (size_t i = 0; i < frame->n_rows; i++) share += (double)frame->columns[10].column->integers[i] / n;
    assert_true(fabs(share - 0.5) < 4 * 0.5 / sqrt(n));
    for (int k = 0; k < 10; k++) {
        double mean = 0, square = 0, product = 0;
        const double *x = frame->columns[k].column->numbers;
        for (size_t i = 0; i < frame->n_rows; i++) {
            mean += x[i] / n;
            square += x[i] * x[i] / n;
            product += x[i] * ((double)frame->columns[10].column->integers[i] - 0.5) / n;
        }
        assert_true(fabs(mean) < 4 / sqrt(n));
        assert_true(fabs(square - 1) < 4 * sqrt(2 / n));
        assert_true(fabs(product) < 4 * 0.5 / sqrt(n));
    }
    frame_unref(frame);
}

/* ---- Merton */

/* A call on assets 1 that pay off in a year: the discounted mean of max(V - D, 0), by the midpoint rule. */
static double call(double assets, double debt, double s, double r)
{
    enum { STEPS = 20000 };
    double sum = 0, width = 16.0 / STEPS;
    for (int i = 0; i < STEPS; i++) {
        double z = -8 + (i + 0.5) * width, later = assets * exp(r - s * s / 2 + s * z);
        sum += fmax(0, later - debt) * exp(-z * z / 2) * width;
    }
    return sum * exp(-r) / sqrt(2 * M_PI);
}

static void test_merton(void **state)
{
    (void)state;
    Frame *frame = simulate("merton", 1000, 1);
    Frame *seen = simulate_with("merton", 1000, 1, "see=equity riskfree=0.05");
    assert_memory_equal(seen->truth->numbers, frame->truth->numbers, 1000 * sizeof(double));
    for (int i = 0; i < 20; i++) {
        double d = numbers(frame, "leverage")[i], s = numbers(frame, "volatility")[i], h = 1e-4;
        double equity = call(1, d, s, 0.05);
        double delta = (call(1 + h, d, s, 0.05) - call(1 - h, d, s, 0.05)) / (2 * h);
        near("debt over equity", numbers(seen, "debt_equity")[i], d / equity, 1e-5 * d / equity);
        near("equity volatility", numbers(seen, "equity_volatility")[i], s * delta / equity, 1e-3);
    }
    frame_unref(frame);
    frame_unref(seen);
}

/* ---- borrowers */

static const double missed[2] = { 0.03, 0.60 };

static double chance(const Frame *frame, size_t row, int state, int next)
{
    double odds =
        -4.4 + 7 * (numbers(frame, "burden")[row] - 0.3) - 1.2 * log(numbers(frame, "income")[row] / 3000);
    double distress = state ? 0.92 : 1 / (1 + exp(-odds));
    return next ? distress : 1 - distress;
}

/* P(default within `left` months): the sum over all that can happen. */
static double falls(const Frame *frame, size_t row, int state, int64_t due, int left)
{
    double p = 0;
    if (due == 3) return 1;
    for (int next = 0; left > 0 && next < 2; next++)
        p += chance(frame, row, state, next) *
             (missed[next] * falls(frame, row, next, due + 1, left - 1) +
              (1 - missed[next]) * falls(frame, row, next, due > 0 ? due - 1 : 0, left - 1));
    return p;
}

/* The joint weights of a history and of the hidden state at its end, by summing over all paths. */
static void weigh(const Frame *frame, size_t at, size_t row, double weight, int state, double w[2])
{
    const int64_t *dpd = integers(frame, "dpd");
    if (at == row) {
        w[state] += weight;
        return;
    }
    for (int next = 0; next < 2; next++) {
        double seen = dpd[at + 1] > dpd[at] ? missed[next] : 1 - missed[next];
        weigh(frame, at + 1, row, weight * chance(frame, row, state, next) * seen, next, w);
    }
}

static void test_borrowers(void **state)
{
    (void)state;
    enum { WINDOW = 4 };
    Frame *frame = simulate_with("borrowers", 300, 1, "months=9 window=4");
    const int64_t *id = integers(frame, "id"), *age = integers(frame, "seasoning"),
                  *dpd = integers(frame, "dpd");
    for (size_t row = 0; row < frame->n_rows; row++) {
        double w[2] = { 0, 0 }, p;
        size_t first = row - (size_t)age[row];
        assert_true(id[first] == id[row] && dpd[first] == 0 && dpd[row] <= 60);
        weigh(frame, first, row, 1, 0, w);
        p = (w[0] * falls(frame, row, 0, dpd[row] / 30, WINDOW) +
             w[1] * falls(frame, row, 1, dpd[row] / 30, WINDOW)) /
            (w[0] + w[1]);
        near("P(default)", frame->truth->numbers[row], p, 1e-12);
    }
    assert_int_equal(frame->columns[frame_find(frame, "default")].lead, WINDOW);
    frame_unref(frame);
    frame = simulate("borrowers", 3000, 1);
    double *dpd_alone = malloc(frame->n_rows * sizeof *dpd_alone);
    for (size_t row = 0; row < frame->n_rows; row++) dpd_alone[row] = (double)integers(frame, "dpd")[row];
    Scored state_only = {
        .n = frame->n_rows, .n_outputs = 1, .target = frame->truth->numbers, .score = dpd_alone
    };
    double best = ceiling(frame, "auc"), state_auc = metric_find("auc")->value(&state_only);
    print_message("borrowers: %zu rows, default rate %.4f, attainable AUC %.4f, dpd alone %.4f\n",
                  frame->n_rows, mean_of(frame->truth->numbers, frame->n_rows), best, state_auc);
    assert_true(best > state_auc + 0.05);
    free(dpd_alone);
    frame_unref(frame);
}

/* A loan that leaves before the book ends leaves in default: its last 12 rows said so, no earlier one. */
static void test_borrowers_leave(void **state)
{
    (void)state;
    enum { LAST = 2006 * 12 + 11 };
    Frame *frame = simulate_with("borrowers", 2000, 1, "months=36");
    const int64_t *id = integers(frame, "id"), *age = integers(frame, "seasoning");
    size_t left = 0;
    for (size_t last = 0; last < frame->n_rows; last++) {
        if (last + 1 < frame->n_rows && id[last] == id[last + 1]) continue;
        TimeParts at = time_parts(integers(frame, "month")[last]);
        if (at.year * 12 + at.month - 1 == LAST) continue;
        assert_int_equal(integers(frame, "dpd")[last], 60);
        for (size_t row = last - (size_t)age[last]; row <= last; row++)
            assert_int_equal(integers(frame, "default")[row], last - row < 12);
        left++;
    }
    assert_true(left > 50);
    frame_unref(frame);
}

/* The same book with the months of default: every row of 90 days past due is one, without a label; all else
 * is as it was. */
static void test_borrowers_close(void **state)
{
    (void)state;
    Frame *book = simulate_with("borrowers", 2000, 1, "months=36");
    Frame *frame = simulate_with("borrowers", 2000, 1, "months=36 closing=on");
    size_t row = 0, closed = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        if (integers(frame, "dpd")[i] == 90) {
            assert_true(integers(frame, "default")[i] == INTEGER_MISSING && isnan(frame->truth->numbers[i]));
            assert_true(i > 0 && integers(frame, "id")[i] == integers(frame, "id")[i - 1]);
            assert_int_equal(integers(frame, "dpd")[i - 1], 60);
            closed++;
            continue;
        }
        assert_true(row < book->n_rows && frame->truth->numbers[i] == book->truth->numbers[row]);
        assert_int_equal(integers(frame, "default")[i], integers(book, "default")[row]);
        row++;
    }
    assert_true(row == book->n_rows && closed > 50);
    frame_unref(book);
    frame_unref(frame);
}

/* ---- groups */

static double risk(const Frame *frame, size_t from, size_t end, size_t at)
{
    double sum = 0.9 * numbers(frame, "leverage")[at] - 0.7 * numbers(frame, "margin")[at] -
                 0.5 * numbers(frame, "liquidity")[at];
    for (size_t k = from; k < end; k++)
        if (integers(frame, "parent")[k] == integers(frame, "node")[at])
            sum += 0.6 * fmax(0, risk(frame, from, end, k));
    return sum;
}

static void test_groups(void **state)
{
    (void)state;
    Frame *frame = simulate("groups", 5000, 1);
    const int64_t *group = integers(frame, "group"), *label = integers(frame, "default");
    Item *whole = malloc(5000 * sizeof *whole), *alone = malloc(5000 * sizeof *alone);
    double rate = 0;
    size_t n = 0;
    for (size_t from = 0, end; from < frame->n_rows; from = end, n++) {
        for (end = from + 1; end < frame->n_rows && group[end] == group[from]; end++)
            assert_true(label[end] == INTEGER_MISSING && isnan(frame->truth->numbers[end]));
        double p = 1 / (1 + exp(4 - risk(frame, from, end, from)));
        near("P(default)", frame->truth->numbers[from], p, 1e-12);
        assert_true(integers(frame, "parent")[from] == INTEGER_MISSING && label[from] >= 0);
        whole[n] = (Item){ p, p };
        alone[n] = (Item){ risk(frame, from, from + 1, from), p };
        rate += p / 5000;
    }
    assert_int_equal(n, 5000);
    near("companies of a group", (double)frame->n_rows / 5000, 8, 0.3);
    assert_int_equal(frame->sample.kind, SAMPLE_TREE);
    double best = auc(whole, n), holding = auc(alone, n);
    print_message("groups: default rate %.4f, attainable AUC %.4f, the holding alone %.4f\n", rate, best,
                  holding);
    assert_true(best > holding + 0.05);
    free(whole);
    free(alone);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_bits),
        cmocka_unit_test(test_truth_is_true),
        cmocka_unit_test(test_filter_is_bayes),
        cmocka_unit_test(test_posterior_is_bayes),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_merton),
        cmocka_unit_test(test_borrowers),
        cmocka_unit_test(test_borrowers_leave),
        cmocka_unit_test(test_borrowers_close),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests_name("data: simulate", tests, NULL, NULL);
}
