/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-validation: a net for each fold and seed, fitted without the fold's rows; its forecasts of them. */
#include "model/search.h"

#include <math.h>
#include <string.h>

#include "data/foldplan.h"
#include "model/prior.h"
#include "base/parallel.h"

enum { INNER_FOLDS = 7 }; /* one of these serves as validation rows where they are needed */

typedef struct CrossRun {
    const CrossPlan *plan;
    CrossState *state;
    int32_t *inner; /* (n_rows): inner fold; NULL: no validation rows are needed */
    Progress *progress;
    Prep **preps; /* (k) */
    Frame **frames;
} CrossRun;

/* The split's validation rows are fold k; where training itself looks at validation rows, they become a
 * seventh of the training rows and fold k belongs to no part. */
static void move_validation(const CrossRun *run, const Frame *frame, Split *split)
{
    if (!run->inner) return;
    for (size_t i = 0; i < frame->n_rows; i++) {
        uint8_t *part = &split->part[frame_physical(frame, i)];
        if (*part == PART_VALID)
            *part = PART_NONE;
        else if (*part == PART_TRAIN && run->inner[i] == 0)
            *part = PART_VALID;
    }
}

static bool prepare_fold(CrossRun *run, int k, Notes *notes, Err *err)
{
    const CrossPlan *plan = run->plan;
    size_t n = plan->frame->n_rows;
    Split *split = plan->part ? split_from_parts(plan->frame, plan->part + (size_t)k * n, err)
                              : split_from_folds(plan->frame, plan->fold, k, err);
    if (!split) return false;
    Recipe *recipe = frame_recipe(plan->frame, plan->def->input_recipe, err);
    if (!recipe) {
        split_unref(split);
        return false;
    }
    Frame *frame = frame_version(plan->frame);
    frame_set_recipe(frame, NULL, recipe_ref(recipe));
    move_validation(run, frame, split);
    if (frame->split) split_unref(frame->split);
    frame->split = split;
    run->frames[k] = frame;
    run->preps[k] = netdef_prep(plan->def, frame, plan->frame_name, notes, NULL, err);
    return run->preps[k] != NULL;
}

bool crossvalidate_looks(const TrainConfig *config)
{
    return config->keep_best || config->patience > 0;
}

/* ---- one fold with one seed */

static Net *train_fold(const CrossRun *run, int k, int s, Err *err)
{
    const CrossPlan *plan = run->plan;
    TrainConfig config = plan->config;
    Progress own = run->progress ? *run->progress : (Progress){ 0 };
    Net *net = net_new(plan->def, plan->seeds[s]), *trained = NULL;
    own.show = NULL;
    config.threads = 1;
    config.seed = plan->seeds[s];
    if (net_prepare(net, run->preps[k], err))
        trained = net_train(net, run->frames[k], &config, NULL, run->progress ? &own : NULL, err);
    net_unref(net);
    if (trained && err->code) {
        net_unref(trained);
        trained = NULL;
    }
    return trained;
}

/* The forecast of one net of a row, where it belongs. */
static double *score_place(const CrossState *state, int path, int s, size_t physical)
{
    size_t layer = (size_t)path * (size_t)state->n_seeds + (size_t)s;
    return state->scores + (layer * state->frame->n_physical + physical) * (size_t)state->n_outputs;
}

/* The rows that fold k scores, and on which path; each is on one. */
static size_t fold_rows(const CrossRun *run, int k, uint32_t *rows, int32_t *paths)
{
    const CrossPlan *plan = run->plan;
    size_t n_rows = plan->frame->n_rows, n = 0;
    for (size_t i = 0; i < n_rows; i++)
        for (int path = 0; path < run->state->n_paths; path++)
            if (plan->fold[(size_t)path * n_rows + i] == k) {
                paths[n] = path;
                rows[n++] = (uint32_t)i;
            }
    return n;
}

static bool score_fold(CrossRun *run, int k, int s, const Net *net, Err *err)
{
    const CrossState *state = run->state;
    const Frame *frame = run->plan->frame;
    size_t outputs = (size_t)state->n_outputs, n = 0;
    uint32_t *rows = mem_get(frame->n_rows, sizeof *rows, err);
    int32_t *paths = rows ? mem_get(frame->n_rows, sizeof *paths, err) : NULL;
    double *scores = paths ? mem_get(frame->n_rows * outputs, sizeof *scores, err) : NULL;
    if (scores) n = fold_rows(run, k, rows, paths);
    Model *model = model_of_net(net, run->plan->name, 1);
    bool done = scores && model->kind->score(model, frame, rows, n, scores, NULL, NULL, NULL, err);
    for (size_t i = 0; i < n && done; i++)
        memcpy(score_place(state, paths[i], s, frame_physical(frame, rows[i])), scores + i * outputs,
               outputs * sizeof *scores);
    model_unref(model);
    mem_free(scores);
    mem_free(paths);
    mem_free(rows);
    return done;
}

static bool run_piece(void *context, size_t piece, bool first_thread, Err *err)
{
    CrossRun *run = context;
    int s = (int)piece / run->state->k, k = (int)piece % run->state->k;
    double total = (double)run->state->k * run->state->n_seeds;
    if (first_thread && !progress_poll(run->progress, "crossvalidate", (double)piece, total, err))
        return false;
    Err own = { 0 };
    Net *net = train_fold(run, k, s, &own);
    if (net && run->progress && atomic_load(run->progress->stop)) ERR(&own, interrupted, "");
    run->state->nets[k * run->state->n_seeds + s] = net;
    bool done = net && !own.code && score_fold(run, k, s, net, &own);
    if (!done && err && !err->code) *err = own;
    return done;
}

/* ---- the model */

static bool same_rows(const CrossState *state, const Frame *frame)
{
    return frame->n_physical == state->frame->n_physical && frame->hash && state->frame->hash &&
           text_equal(frame->hash, state->frame->hash);
}

/* NaN where every net that could score the row trained on it. */
static void own_forecast(const CrossState *state, size_t physical, double *out)
{
    for (int j = 0; j < state->n_outputs; j++) {
        double sum = 0;
        for (int path = 0; path < state->n_paths; path++)
            for (int s = 0; s < state->n_seeds; s++) sum += score_place(state, path, s, physical)[j];
        out[j] = sum / (state->n_paths * state->n_seeds);
    }
}

/* Mean over all nets. */
static bool mean_forecast(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                          PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const CrossState *state = model->state;
    size_t values = n * (size_t)state->n_outputs;
    int nets = state->k * state->n_seeds;
    double *one = mem_get(values, sizeof *one, err);
    bool done = one != NULL;
    memset(out, 0, values * sizeof *out);
    for (int i = 0; i < nets && done; i++) {
        Model *net = model_of_net(state->nets[i], model->name, 1);
        done = net->kind->score(net, frame, rows, n, one, i ? NULL : report, i ? NULL : notes, progress, err);
        for (size_t v = 0; v < values && done; v++) out[v] += one[v] / nets;
        model_unref(net);
    }
    mem_free(one);
    return done;
}

/* Rows of the frame that are in no fold: the mean forecast, each into its place. */
static bool score_outside(const Model *model, const Frame *frame, const uint32_t *outside,
                          const size_t *place, size_t n, double *out, PrepReport *report, Notes *notes,
                          Progress *progress, Err *err)
{
    size_t outputs = (size_t)model->n_outputs;
    double *scores = mem_get(n * outputs, sizeof *scores, err);
    bool done = scores && mean_forecast(model, frame, outside, n, scores, report, notes, progress, err);
    for (size_t i = 0; i < n && done; i++)
        memcpy(out + place[i] * outputs, scores + i * outputs, outputs * sizeof *scores);
    mem_free(scores);
    return done;
}

static bool score_cross(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                        PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const CrossState *state = model->state;
    size_t n_outside = 0;
    prior_note(state->nets[0]->prior, model->name, model->prep, notes);
    if (!same_rows(state, frame))
        return mean_forecast(model, frame, rows, n, out, report, notes, progress, err);
    uint32_t *outside = mem_get(n, sizeof *outside, err);
    size_t *place = outside ? mem_get(n, sizeof *place, err) : NULL;
    for (size_t i = 0; i < n && place; i++) {
        uint32_t row = rows ? rows[i] : (uint32_t)i;
        size_t physical = frame_physical(frame, row);
        if (state->fold[physical] != FOLD_NONE) {
            own_forecast(state, physical, out + i * (size_t)state->n_outputs);
            continue;
        }
        place[n_outside] = i;
        outside[n_outside++] = row;
    }
    bool done = place && (n_outside == 0 || score_outside(model, frame, outside, place, n_outside, out,
                                                          report, notes, progress, err));
    mem_free(place);
    mem_free(outside);
    return done;
}

static Value record_cross(const Model *model, Arena *arena)
{
    const CrossState *state = model->state;
    Value value = value_record(arena);
    record_number(arena, value.record, "folds", state->k);
    if (state->n_paths > 1) record_number(arena, value.record, "paths", state->n_paths);
    record_number(arena, value.record, "seeds", state->n_seeds);
    return value;
}

static void free_cross(Model *model)
{
    CrossState *state = model->state;
    for (int i = 0; state->nets && i < state->k * state->n_seeds; i++)
        if (state->nets[i]) net_unref(state->nets[i]);
    mem_free(state->nets);
    mem_free(state->fold);
    mem_free(state->scores);
    mem_free((void *)state->plan.fold);
    mem_free((void *)state->plan.part);
    netdef_unref(state->plan.def);
    frame_unref(state->frame);
}

static const ModelKind kind_crossvalidation = { .name = "crossvalidation",
                                                .since = "1",
                                                .score = score_cross,
                                                .record = record_cross,
                                                .free_state = free_cross };

const CrossState *model_cross_state(const Model *model)
{
    return model->kind == &kind_crossvalidation ? model->state : NULL;
}

/* ---- the run */

static int outputs_of(const Prep *prep)
{
    return prep->target_kind == 'c' ? prep->n_target_levels : 1;
}

static bool make_room(CrossRun *run, Err *err)
{
    const CrossPlan *plan = run->plan;
    CrossState *state = run->state;
    size_t physical = plan->frame->n_physical;
    size_t values = (size_t)state->n_paths * (size_t)state->n_seeds * physical * (size_t)state->n_outputs;
    state->nets = mem_get((size_t)(plan->k * plan->n_seeds), sizeof *state->nets, err);
    state->fold = state->nets ? mem_get(physical, sizeof *state->fold, err) : NULL;
    state->scores = state->fold ? mem_get(values, sizeof *state->scores, err) : NULL;
    if (!state->scores) return false;
    for (size_t i = 0; i < physical; i++) state->fold[i] = FOLD_NONE;
    for (size_t i = 0; i < plan->frame->n_rows; i++)
        state->fold[frame_physical(plan->frame, i)] = plan->fold[i];
    for (size_t i = 0; i < values; i++) state->scores[i] = NAN;
    return true;
}

/* The rows of a sample go together. */
static bool join_samples(const CrossRun *run, Err *err)
{
    const Frame *frame = run->plan->frame;
    if (!sample_is_whole(&frame->sample)) return true;
    uint32_t *owners = mem_get(frame->n_rows, sizeof *owners, err);
    bool done = owners && sample_owners(frame, owners, err);
    for (size_t i = 0; i < frame->n_rows && done; i++)
        if (owners[i] != SAMPLE_NO_ROW) run->inner[i] = run->inner[owners[i]];
    mem_free(owners);
    return done;
}

/* Drawn without a look at the targets: a row's own target must not reach its forecast by any way. */
static bool make_inner(CrossRun *run, Err *err)
{
    const CrossPlan *plan = run->plan;
    size_t n = plan->frame->n_rows;
    if (plan->part || !crossvalidate_looks(&plan->config)) return true;
    uint32_t *order = mem_get(n, sizeof *order, err);
    run->inner = order ? mem_get(n, sizeof *run->inner, err) : NULL;
    if (run->inner) {
        rng_permutation(rng_key(plan->seeds[0], "inner", ""), 0, order, n);
        for (size_t i = 0; i < n; i++) run->inner[order[i]] = (int32_t)(i % INNER_FOLDS);
    }
    mem_free(order);
    return run->inner && join_samples(run, err);
}

static bool run_all(CrossRun *run, Model *model, Notes *notes, Err *err)
{
    const CrossPlan *plan = run->plan;
    bool done = make_inner(run, err);
    for (int k = 0; k < plan->k && done; k++) done = prepare_fold(run, k, k ? NULL : notes, err);
    if (!done) return false;
    model->prep = prep_ref(run->preps[0]);
    model->taint = run->preps[0]->taint | plan->taint;
    model->n_outputs = run->state->n_outputs = outputs_of(run->preps[0]);
    if (!make_room(run, err) ||
        !parallel_for((size_t)(plan->k * plan->n_seeds), plan->threads, run_piece, run, err))
        return false;
    for (int i = 0; i < plan->k * plan->n_seeds; i++) model->taint |= run->state->nets[i]->taint;
    prior_note(run->state->nets[0]->prior, plan->name, model->prep, notes);
    return true;
}

static void *copy_block(const void *from, size_t n, size_t size, Err *err)
{
    void *copy = mem_get(n, size, err);
    return copy ? memcpy(copy, from, n * size) : NULL;
}

/* So that the same can be done again on other targets (check for=shuffle). */
static bool keep_plan(Model *model, const CrossPlan *plan, Err *err)
{
    CrossState *state = model->state;
    size_t n = plan->frame->n_rows;
    const char *words = plan->config.words;
    state->plan = *plan;
    state->plan.def = netdef_ref(plan->def);
    state->plan.frame = state->frame;
    state->plan.name = model->name;
    state->plan.frame_name = plan->frame_name ? arena_text(model->arena, plan->frame_name) : NULL;
    state->plan.config = (TrainConfig){ .words = words ? arena_text(model->arena, words) : NULL };
    uint64_t *seeds = arena_take(model->arena, (size_t)plan->n_seeds * sizeof *seeds);
    state->plan.seeds = memcpy(seeds, plan->seeds, (size_t)plan->n_seeds * sizeof *seeds);
    state->plan.part = NULL;
    state->plan.fold = copy_block(plan->fold, n * (size_t)state->n_paths, sizeof *plan->fold, err);
    if (!state->plan.fold || !plan->part) return state->plan.fold != NULL;
    state->plan.part = copy_block(plan->part, (size_t)plan->k * n, 1, err);
    return state->plan.part != NULL;
}

Model *crossvalidate_run(const CrossPlan *plan, Notes *notes, Progress *progress, Err *err)
{
    Model *model = model_new(&kind_crossvalidation, plan->name, NULL, 1);
    CrossState *state = arena_take(model->arena, sizeof *state);
    size_t k = (size_t)plan->k;
    *state = (CrossState){ .frame = frame_ref(plan->frame),
                           .k = plan->k,
                           .n_paths = plan->n_paths > 1 ? plan->n_paths : 1,
                           .n_seeds = plan->n_seeds };
    model->state = state;
    CrossRun run = { plan, state, NULL, progress, mem_own(k * sizeof(Prep *)), mem_own(k * sizeof(Frame *)) };
    bool done = keep_plan(model, plan, err) && run_all(&run, model, notes, err);
    for (size_t i = 0; i < k; i++) {
        if (run.preps[i]) prep_unref(run.preps[i]);
        if (run.frames[i]) frame_unref(run.frames[i]);
    }
    mem_free(run.preps);
    mem_free(run.frames);
    mem_free(run.inner);
    if (done) return model;
    model_unref(model);
    return NULL;
}
