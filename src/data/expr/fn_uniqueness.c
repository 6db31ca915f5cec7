/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Average uniqueness of labels that overlap (Lopez de Prado, Advances in Financial Machine Learning, 2018,
 * chapter 4). A triple-barrier label of row t that lives k rows covers t .. t + k; c(s) labels cover row s;
 * the uniqueness of a label is the mean of 1 / c(s) over the rows that it covers. Lives 1, 1, 0: c = 1 2 2,
 * uniqueness 0.75, 0.5, 0.5. A label that the rows at hand do not decide counts as long as it is known to
 * live, so that nothing beyond the horizon of a row says its weight. Reference: tests/reference/building.py.
 */
#include "data/expr/barrier.h"

#include <math.h>

static const OptionSpec options[] = { BARRIER_OPTIONS };

typedef struct Lives {
    double *life;  /* (n): of the labels that are known; NaN */
    double *count; /* (n + 1): how the number of labels changes at each row */
} Lives;

static void take(void *context, size_t row, Touch touch)
{
    Lives *lives = context;
    lives->count[row] += 1;
    lives->count[row + (size_t)touch.life + 1] -= 1;
    if (touch.known) lives->life[row] = touch.life;
}

/* count becomes the cumulated sum of 1 / c. */
static void cumulate(double *count, size_t n)
{
    double labels = 0, sum = 0;
    for (size_t s = 0; s < n; s++) {
        labels += count[s];
        sum += labels > 0 ? 1 / labels : 0;
        count[s] = sum;
    }
}

static void uniqueness_run(const double *x, size_t n, const Options *given, double *out)
{
    double *room = mem_own((2 * n + 2) * sizeof *room);
    Lives lives = { room, room + n };
    for (size_t t = 0; t < n; t++) lives.life[t] = NAN;
    barrier_touches(x, n, given, take, &lives);
    cumulate(lives.count, n);
    for (size_t t = 0; t < n; t++) {
        double life = lives.life[t], before = t ? lives.count[t - 1] : 0;
        out[t] = isnan(life) ? (double)NAN : (lives.count[t + (size_t)life] - before) / (life + 1);
    }
    mem_free(room);
}

const Function function_uniqueness = {
    .kind = { .name = "uniqueness",
              .help = "how much of the life of a triple-barrier label is its own: a weight for labels that "
                      "overlap",
              .more = "By id in time order, with the options of barrier(...): the mean of 1 / the number of "
                      "labels that cover a row, over the rows from this one to where its label is decided. "
                      "up=0 down=0: labels that all live to the horizon. It looks as far ahead as the label, "
                      "so it can be a weight (role FRAME weight=) and no input. Missing where the label is. "
                      "Source: Lopez de Prado 2018, chapter 4.",
              KIND_OPTIONS(options),
              .example = "simulate garch as p rows=300\n"
                         "derive p price = exp(ewma(ret, decay=0.9) / 10)\n"
                         "derive p w = uniqueness(price, up=2, down=2, horizon=10)\n"
                         "keep p if not ismissing(w)\n"
                         "role p weight=w",
              .since = "1" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run_options = uniqueness_run,
    .ahead = "horizon"
};
