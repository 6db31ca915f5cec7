/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borrowers over months, with a known hazard. Each is well or, hidden, in distress: it falls into it in a
 * month with the log-odds -4.4 + 7 (burden - 0.3) - 1.2 ln(income / 3000), recovers with 8%, and misses the
 * instalment of a month with 3% when well, 60% in distress. A missed one adds a month past due, a paid one
 * makes one good; three months past due (90 days) is default, and the loan leaves. The target says whether
 * that comes within `window` months. The truth is the filter of the hidden state through all months so far
 * (Hamilton, Econometrica 57, 1989) times the chance from each state, by backward recursion over the states a
 * loan can be in: no model of the rows so far does better. */
#include <gsl/gsl_randist.h>
#include <limits.h>
#include <math.h>

#include "data/sources/simulate.h"

enum { WELL, DISTRESS, STATES, DEFAULT = 3, DAYS = 30, COLUMNS = 7 };

static const double MISS[STATES] = { 0.03, 0.60 }, RECOVER = 0.08;

typedef struct Borrower {
    double income, burden;
    double fall;                 /* P(into distress, the next month) */
    double hit[STATES][DEFAULT]; /* P(default within the window | state, months past due) */
    int first, months;           /* months before the loan, months it is seen before default */
    bool closes;                 /* the month of default is seen */
    int fails;                   /* the month of default, counted from its first; INT_MAX: none */
    uint8_t *due;                /* months past due of each of its months */
} Borrower;

typedef struct Cells {
    int64_t *id, *month, *seasoning, *dpd, *label;
    double *income, *burden, *truth;
} Cells;

static double to_distress(const Borrower *borrower, int state)
{
    return state == DISTRESS ? 1 - RECOVER : borrower->fall;
}

static int next_due(int due, bool missed)
{
    return missed ? due + 1 : due > 0 ? due - 1 : 0;
}

static void draw_traits(Borrower *borrower, gsl_rng *rng, int n_months)
{
    borrower->income = gsl_ran_lognormal(rng, log(3000), 0.4);
    borrower->burden = gsl_ran_beta(rng, 3, 7);
    borrower->first = (int)gsl_rng_uniform_int(rng, (unsigned long)n_months);
    double odds = -4.4 + 7 * (borrower->burden - 0.3) - 1.2 * log(borrower->income / 3000);
    borrower->fall = 1 / (1 + exp(-odds));
}

/* From a first month without arrears to default, or to the end of the last window. */
static void draw_path(Borrower *borrower, gsl_rng *rng, int n_months, int window)
{
    int state = WELL, seen = n_months - borrower->first;
    borrower->due[0] = 0;
    borrower->months = seen;
    borrower->closes = false;
    borrower->fails = INT_MAX;
    for (int m = 1; m < seen + window; m++) {
        state = gsl_rng_uniform(rng) < to_distress(borrower, state);
        int due = next_due(borrower->due[m - 1], gsl_rng_uniform(rng) < MISS[state]);
        borrower->due[m] = (uint8_t)due;
        if (due < DEFAULT) continue;
        borrower->fails = m;
        if (m < seen) borrower->months = m;
        borrower->closes = m < seen;
        return;
    }
}

/* Every borrower has a substream of its own, so that it can be drawn again. */
static bool draw_borrower(const Simulation *simulation, size_t i, Borrower *borrower, Err *err)
{
    gsl_rng *rng = rng_stream(simulation->key, i + 1);
    int n_months = (int)option_integer(simulation->options, "months");
    if (!rng) return ERR(err, no_memory, "a borrower");
    draw_traits(borrower, rng, n_months);
    draw_path(borrower, rng, n_months, (int)option_integer(simulation->options, "window"));
    gsl_rng_free(rng);
    return simulation_goes_on(simulation, i, simulation->n_samples, err);
}

/* ---- the truth */

/* One month more before the window ends. */
static void step_back(Borrower *borrower)
{
    double hit[STATES][DEFAULT + 1], next[STATES];
    for (int s = 0; s < STATES; s++) {
        for (int due = 0; due < DEFAULT; due++) hit[s][due] = borrower->hit[s][due];
        hit[s][DEFAULT] = 1;
    }
    for (int due = 0; due < DEFAULT; due++) {
        for (int s = 0; s < STATES; s++)
            next[s] = MISS[s] * hit[s][next_due(due, true)] + (1 - MISS[s]) * hit[s][next_due(due, false)];
        for (int s = 0; s < STATES; s++)
            borrower->hit[s][due] =
                to_distress(borrower, s) * next[DISTRESS] + (1 - to_distress(borrower, s)) * next[WELL];
    }
}

/* P(in distress) after a month with or without a payment. */
static double update(const Borrower *borrower, double distress, bool missed)
{
    double prior = distress * to_distress(borrower, DISTRESS) + (1 - distress) * to_distress(borrower, WELL);
    double a = prior * (missed ? MISS[DISTRESS] : 1 - MISS[DISTRESS]);
    double b = (1 - prior) * (missed ? MISS[WELL] : 1 - MISS[WELL]);
    return a / (a + b);
}

static void fill_month(const Cells *cells, size_t row, size_t id, const Borrower *borrower, int m)
{
    cells->id[row] = (int64_t)id + 1;
    cells->month[row] = simulation_month(borrower->first + m);
    cells->seasoning[row] = m;
    cells->dpd[row] = DAYS * borrower->due[m];
    cells->income[row] = borrower->income;
    cells->burden[row] = borrower->burden;
}

/* The month of default: nothing is to be foretold of it. */
static void fill_close(const Cells *cells, size_t row, size_t id, const Borrower *borrower)
{
    fill_month(cells, row, id, borrower, borrower->months);
    cells->label[row] = INTEGER_MISSING;
    cells->truth[row] = NAN;
}

static size_t fill(const Cells *cells, size_t row, size_t id, Borrower *borrower, int window, bool closing)
{
    double distress = 0;
    for (int s = 0; s < STATES; s++)
        for (int due = 0; due < DEFAULT; due++) borrower->hit[s][due] = 0;
    for (int w = 0; w < window; w++) step_back(borrower);
    for (int m = 0; m < borrower->months; m++, row++) {
        int due = borrower->due[m];
        if (m > 0) distress = update(borrower, distress, due > borrower->due[m - 1]);
        fill_month(cells, row, id, borrower, m);
        cells->label[row] = borrower->fails - window <= m;
        cells->truth[row] =
            distress * borrower->hit[DISTRESS][due] + (1 - distress) * borrower->hit[WELL][due];
    }
    if (closing && borrower->closes) fill_close(cells, row++, id, borrower);
    return row;
}

/* ---- the frame */

static bool make_cells(Simulation *simulation, size_t n_rows, int window, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, n_rows, COLUMNS, err)) return false;
    cells->id = simulation_integers(simulation, "id", ROLE_ID, err);
    cells->month = simulation_months(simulation, "month", ROLE_TIME, err);
    cells->income = simulation_numbers(simulation, "income", ROLE_INPUT, err);
    cells->burden = simulation_numbers(simulation, "burden", ROLE_INPUT, err);
    cells->seasoning = simulation_integers(simulation, "seasoning", ROLE_INPUT, err);
    cells->dpd = simulation_integers(simulation, "dpd", ROLE_INPUT, err);
    cells->label = simulation_integers(simulation, "default", ROLE_TARGET, err);
    simulation_ahead(simulation, window);
    cells->truth = simulation_truth(simulation, err);
    return cells->truth != NULL;
}

static bool draw(Simulation *simulation, Err *err)
{
    int n_months = (int)option_integer(simulation->options, "months");
    int window = (int)option_integer(simulation->options, "window");
    bool closing = option_bool(simulation->options, "closing");
    Borrower borrower = { .due = arena_take(simulation->arena, (size_t)(n_months + window)) };
    size_t n_rows = 0, row = 0;
    Cells cells;
    if (!simulation_fits(simulation, simulation->n_samples, COLUMNS, err)) return false;
    for (size_t i = 0; i < simulation->n_samples; i++) {
        if (!draw_borrower(simulation, i, &borrower, err)) return false;
        n_rows += (size_t)borrower.months + (closing && borrower.closes);
    }
    if (!make_cells(simulation, n_rows, window, &cells, err)) return false;
    for (size_t i = 0; i < simulation->n_samples; i++) {
        if (!draw_borrower(simulation, i, &borrower, err)) return false;
        row = fill(&cells, row, i, &borrower, window, closing);
    }
    return true;
}

static const OptionSpec options[] = { { .name = "months",
                                        .type = OPTION_INTEGER,
                                        .initial = "48",
                                        .min = 2,
                                        .max = 2400,
                                        .help =
                                            "months the book covers, from 2004-01 on; loans begin in any" },
                                      { .name = "window",
                                        .type = OPTION_INTEGER,
                                        .initial = "12",
                                        .min = 1,
                                        .max = 600,
                                        .help = "months of performance that the target looks ahead" },
                                      { .name = "closing",
                                        .type = OPTION_BOOL,
                                        .initial = "off",
                                        .help = "the month of default is a row too, without a target" } };

const SimulatorKind simulator_borrowers = {
    .kind = { .name = "borrowers",
              .help = "histories of payment, a row a month: id, month, traits, dpd, target default",
              .more =
                  "rows= counts borrowers. In a month a borrower falls into hidden distress with the "
                  "log-odds -4.4 + 7 (burden - 0.3) - 1.2 ln(income / 3000), recovers with 8%, misses the "
                  "instalment with 3%, in distress 60%; three unpaid are default: 90 days past due within "
                  "window months. The truth is Hamilton's filter (Econometrica 57, 1989) over all months so "
                  "far: derive features over=, or let a net read them: sequence NAME labels=every, window "
                  "NAME length=6. With closing=on the month of default is there, 90 days past due, so that "
                  "the "
                  "target can be looked up: any(NAME.dpd >= 90, within=12mo).",
              KIND_OPTIONS(options),
              .example = "simulate borrowers as book rows=200 months=24 window=6\ndescribe book",
              .since = "1" },
    .draw = draw,
};
