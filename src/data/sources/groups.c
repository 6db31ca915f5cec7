/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of companies as trees: node 1 is the holding, every other hangs on an earlier one, drawn at random
 * (a recursive tree; Na and Rapoport 1970). Each company has three ratios, N(0, 1), and the risk risk = 0.9
 * leverage - 0.7 margin - 0.5 liquidity + spill (sum over its subsidiaries of max(0, their risk)): trouble
 * goes up, strength does not. The holding defaults with the log-odds of its risk + `base`. The target stands
 * in its row and is missing in the others. */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "data/sources/simulate.h"

enum { COLUMNS = 7 };

typedef struct Cells {
    int64_t *group, *node, *parent, *label;
    double *leverage, *margin, *liquidity, *truth; /* truth: each company's risk, until the group is done */
} Cells;

static bool make_cells(Simulation *simulation, size_t n_rows, Cells *cells, Err *err)
{
    if (!simulation_open(simulation, n_rows, COLUMNS, err)) return false;
    cells->group = simulation_integers(simulation, "group", ROLE_ID, err);
    cells->node = simulation_integers(simulation, "node", ROLE_HELD, err);
    cells->parent = simulation_integers(simulation, "parent", ROLE_HELD, err);
    cells->leverage = simulation_numbers(simulation, "leverage", ROLE_INPUT, err);
    cells->margin = simulation_numbers(simulation, "margin", ROLE_INPUT, err);
    cells->liquidity = simulation_numbers(simulation, "liquidity", ROLE_INPUT, err);
    cells->label = simulation_integers(simulation, "default", ROLE_TARGET, err);
    cells->truth = simulation_truth(simulation, err);
    simulation->sample = (SampleRule){ .kind = SAMPLE_TREE, .parent = "parent", .node = "node" };
    return cells->truth != NULL;
}

static void draw_company(const Cells *cells, size_t row, size_t group, size_t node, gsl_rng *rng)
{
    cells->group[row] = (int64_t)group;
    cells->node[row] = (int64_t)node;
    cells->parent[row] = node > 1 ? (int64_t)gsl_rng_uniform_int(rng, node - 1) + 1 : INTEGER_MISSING;
    cells->leverage[row] = gsl_ran_gaussian(rng, 1);
    cells->margin[row] = gsl_ran_gaussian(rng, 1);
    cells->liquidity[row] = gsl_ran_gaussian(rng, 1);
    cells->truth[row] = 0.9 * cells->leverage[row] - 0.7 * cells->margin[row] - 0.5 * cells->liquidity[row];
    cells->label[row] = INTEGER_MISSING;
}

/* Subsidiaries stand behind their parents: from the last to the first, each is complete when it is met. */
static void draw_group(const Simulation *simulation, const Cells *cells, size_t from, size_t group,
                       size_t size)
{
    double spill = option_number(simulation->options, "spill"),
           base = option_number(simulation->options, "base");
    for (size_t k = 0; k < size; k++) draw_company(cells, from + k, group, k + 1, simulation->rng);
    for (size_t k = size; k-- > 1;) {
        size_t parent = from + (size_t)cells->parent[from + k] - 1;
        cells->truth[parent] += spill * fmax(0, cells->truth[from + k]);
        cells->truth[from + k] = NAN;
    }
    cells->truth[from] = 1 / (1 + exp(-base - cells->truth[from]));
    cells->label[from] = gsl_rng_uniform(simulation->rng) < cells->truth[from];
}

/* The sizes of the groups have a substream of their own, which is drawn twice. NULL without memory. */
static gsl_rng *sizes_begin(const Simulation *simulation, Err *err)
{
    gsl_rng *rng = rng_stream(simulation->key, 1);
    if (!rng) ERR(err, no_memory, "groups");
    return rng;
}

static size_t draw_size(const Simulation *simulation, gsl_rng *sizes)
{
    unsigned long mean = (unsigned long)option_integer(simulation->options, "companies");
    return 1 + gsl_rng_uniform_int(sizes, 2 * mean - 1);
}

static bool count_companies(const Simulation *simulation, size_t *n_rows, Err *err)
{
    gsl_rng *sizes = sizes_begin(simulation, err);
    *n_rows = 0;
    for (size_t i = 0; sizes && i < simulation->n_samples; i++) *n_rows += draw_size(simulation, sizes);
    if (sizes) gsl_rng_free(sizes);
    return sizes != NULL;
}

static bool draw(Simulation *simulation, Err *err)
{
    size_t n_rows, from = 0;
    Cells cells;
    if (!simulation_fits(simulation, simulation->n_samples, COLUMNS, err) ||
        !count_companies(simulation, &n_rows, err) || !make_cells(simulation, n_rows, &cells, err))
        return false;
    gsl_rng *sizes = sizes_begin(simulation, err);
    bool ok = sizes != NULL;
    for (size_t i = 0; ok && i < simulation->n_samples; i++) {
        size_t size = draw_size(simulation, sizes);
        draw_group(simulation, &cells, from, i + 1, size);
        from += size;
        ok = simulation_goes_on(simulation, i, simulation->n_samples, err);
    }
    if (sizes) gsl_rng_free(sizes);
    return ok;
}

static const OptionSpec options[] = {
    { .name = "companies",
      .type = OPTION_INTEGER,
      .initial = "8",
      .min = 1,
      .max = 100000,
      .help = "mean size of a group; sizes are uniform from 1 to twice that less 1" },
    { .name = "spill",
      .type = OPTION_NUMBER,
      .initial = "0.6",
      .max = 10,
      .help = "share of a subsidiary's risk above 0 that its parent bears" },
    { .name = "base",
      .type = OPTION_NUMBER,
      .initial = "-4",
      .min = -100,
      .max = 100,
      .help = "log-odds of default at risk 0" }
};

const SimulatorKind simulator_groups = {
    .kind = { .name = "groups",
              .help =
                  "groups of companies as trees: group, node, parent, ratios, target default of the holding",
              .more =
                  "rows= counts groups. risk = 0.9 leverage - 0.7 margin - 0.5 liquidity + spill times the "
                  "sum of its subsidiaries' risks above 0; the holding, node 1, defaults with log-odds base "
                  "+ risk. Each company hangs on an earlier one at random (a recursive tree; Na and Rapoport "
                  "1970). Samples are trees: `recursive` reads them whole; the holding's own ratios tell "
                  "less.",
              KIND_OPTIONS(options),
              .example = "simulate groups as firms rows=500 companies=5\nhead firms\ndescribe firms",
              .since = "1" },
    .draw = draw,
};
