/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps: the points of a grid (or some of them), each trained from the same first weights. */
#include "model/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

enum { POINTS_MAX = 100000 };

/* One point before training. */
typedef struct Trial {
    Net *net;
    TrainConfig config;
} Trial;

typedef struct SweepRun {
    const SweepPlan *plan;
    Sweep *sweep;
    Trial *trials;
    Notes *notes;
    Progress *progress;
} SweepRun;

/* ---- what a point sets */

static bool change_layer(NetDef **def, const char *key, const Value *value, Err *err)
{
    const char *dot = strrchr(key, '.');
    Arena *arena = arena_new();
    char *layer = arena_copy(arena, key, (size_t)(dot - key));
    NetDef *changed = netdef_with_option(*def, layer, dot + 1, *value, err);
    arena_free(arena);
    if (!changed) return false;
    netdef_unref(*def);
    *def = changed;
    return true;
}

/* Options of training are the caller's to set, all at once; those of layers change the definition. */
static bool apply_axes(const SweepRun *run, const Value **values, NetDef **def, TrainConfig *config, Err *err)
{
    const SweepPlan *plan = run->plan;
    bool trains = false;
    for (int a = 0; a < plan->n_axes; a++) {
        const char *key = plan->axes[a].key;
        bool layer = strchr(key, '.') != NULL;
        if (layer && !change_layer(def, key, values[a], err)) return false;
        if (!layer && !plan->configure) return ERR(err, no_sweep_key, key);
        trains |= !layer;
    }
    return !trains || plan->configure(plan->context, plan, values, run->sweep->arena, config, err);
}

static bool prepare_point(SweepRun *run, int i, Err *err)
{
    const SweepPlan *plan = run->plan;
    SweepPoint *point = &run->sweep->points[i];
    Trial *trial = &run->trials[i];
    NetDef *def = netdef_ref(plan->net->def);
    trial->config = plan->config;
    bool done = apply_axes(run, point->values, &def, &trial->config, err);
    trial->config.threads = 1;
    if (!trial->config.monitor) trial->config.monitor = plan->metric;
    if (done) {
        trial->net = net_new(def, plan->net->seed);
        if (!net_prepare(trial->net, plan->net->prep, &point->err)) {
            net_unref(trial->net);
            trial->net = NULL;
        }
    }
    netdef_unref(def);
    return done;
}

/* ---- which points */

static long grid_size(const SweepPlan *plan)
{
    long n = 1;
    for (int a = 0; a < plan->n_axes && n <= POINTS_MAX; a++) n *= plan->axes[a].values.n;
    return n;
}

static void set_values(SweepRun *run, int i, long cell)
{
    const SweepPlan *plan = run->plan;
    SweepPoint *point = &run->sweep->points[i];
    point->values = arena_take(run->sweep->arena, (size_t)plan->n_axes * sizeof *point->values + 1);
    for (int a = plan->n_axes - 1; a >= 0; a--) {
        const ValueList *values = &plan->axes[a].values;
        Value *kept = arena_take(run->sweep->arena, sizeof *kept);
        *kept = value_copy(run->sweep->arena, values->items[cell % values->n]);
        point->values[a] = kept;
        cell /= values->n;
    }
}

static int compare_cells(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool choose_points(SweepRun *run, Err *err)
{
    const SweepPlan *plan = run->plan;
    Sweep *sweep = run->sweep;
    long size = grid_size(plan);
    if (size < 1 || size > POINTS_MAX)
        return ERR(err, out_of_range, "the number of points of a sweep", "1 to 100000", INT(size));
    sweep->n = (int)(plan->tries > 0 && plan->tries < size ? plan->tries : size);
    sweep->points = arena_take(sweep->arena, (size_t)sweep->n * sizeof *sweep->points);
    uint32_t *cells = mem_get((size_t)size, sizeof *cells, err);
    run->trials = cells ? mem_get((size_t)sweep->n, sizeof *run->trials, err) : NULL;
    if (run->trials) {
        for (long i = 0; i < size; i++) cells[i] = (uint32_t)i;
        if (sweep->n < size) {
            rng_permutation(rng_key(plan->seed, "sweep", ""), 0, cells, (size_t)size);
            qsort(cells, (size_t)sweep->n, sizeof *cells, compare_cells);
        }
        for (int i = 0; i < sweep->n; i++) set_values(run, i, cells[i]);
    }
    mem_free(cells);
    return run->trials != NULL;
}

/* ---- training and choice */

/* The metric at the epoch that the net keeps. */
static double kept_value(const Net *net, const char *metric)
{
    const History *history = net->history;
    bool train = strncmp(metric, "train.", 6) == 0;
    for (int i = 0; history && i < history->n; i++) {
        const EpochRow *row = &history->rows[i];
        if (row->epoch != net->epoch) continue;
        if (text_equal(metric + 6, "loss")) return train ? row->train_loss : row->valid_loss;
        for (int k = 0; k < history->n_metrics; k++)
            if (text_equal(history->metrics[k], metric + 6)) return train ? row->train[k] : row->valid[k];
    }
    return NAN;
}

static bool train_point(void *context, size_t i, bool first_thread, Err *err)
{
    SweepRun *run = context;
    SweepPoint *point = &run->sweep->points[i];
    Trial *trial = &run->trials[i];
    Progress own = run->progress ? *run->progress : (Progress){ 0 };
    point->value = NAN;
    if (!trial->net) return true;
    if (first_thread && !progress_poll(run->progress, "sweep", (double)i, run->sweep->n, err)) return false;
    own.show = NULL;
    double started = clock_seconds();
    point->net = net_train(trial->net, run->plan->frame, &trial->config, NULL, run->progress ? &own : NULL,
                           &point->err);
    point->seconds = clock_seconds() - started;
    if (run->progress && atomic_load(run->progress->stop)) return ERR(err, interrupted, "");
    if (!point->net) return true;
    point->epoch = point->net->epoch;
    if (!point->err.code) point->value = kept_value(point->net, run->sweep->metric);
    return true;
}

static void choose_best(Sweep *sweep)
{
    const Metric *kind = sweep->metric_kind;
    sweep->best = -1;
    for (int i = 0; i < sweep->n; i++) {
        double value = sweep->points[i].value;
        double best = sweep->best < 0 ? NAN : sweep->points[sweep->best].value;
        if (isnan(value)) continue;
        if (isnan(best) || metric_badness(kind, value) < metric_badness(kind, best)) sweep->best = i;
    }
}

static bool set_metric(SweepRun *run, Err *err)
{
    const SweepPlan *plan = run->plan;
    const char *metric = plan->metric ? plan->metric : plan->config.monitor;
    if (!metric) metric = plan->frame->split ? "valid.loss" : "train.loss";
    run->sweep->metric = arena_text(run->sweep->arena, metric);
    if (strncmp(metric, "train.", 6) != 0 && strncmp(metric, "valid.", 6) != 0)
        return ERR(err, no_monitor, metric, "it begins with valid. or train.");
    run->sweep->metric_kind = text_equal(metric + 6, "loss") ? NULL : metric_find(metric + 6);
    return metric_chooses(run->sweep->metric_kind, metric, err);
}

Sweep *sweep_run(const SweepPlan *plan, Notes *notes, Progress *progress, Err *err)
{
    Sweep *sweep = mem_own(sizeof *sweep);
    SweepRun run = { plan, sweep, NULL, notes, progress };
    sweep->arena = arena_new();
    sweep->best = -1;
    bool done = set_metric(&run, err) && choose_points(&run, err);
    for (int i = 0; i < sweep->n && done; i++) done = prepare_point(&run, i, err);
    done = done && parallel_for((size_t)sweep->n, plan->threads, train_point, &run, err);
    for (int i = 0; i < sweep->n && run.trials; i++)
        if (run.trials[i].net) net_unref(run.trials[i].net);
    mem_free(run.trials);
    choose_best(sweep);
    if (done) return sweep;
    sweep_free(sweep);
    return NULL;
}

void sweep_free(Sweep *sweep)
{
    if (!sweep) return;
    for (int i = 0; i < sweep->n; i++)
        if (sweep->points && sweep->points[i].net) net_unref(sweep->points[i].net);
    arena_free(sweep->arena);
    mem_free(sweep);
}
