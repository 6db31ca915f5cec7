/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models: the common part, and nets as models. */
#include "model/model.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "model/decision.h"
#include "model/loss.h"
#include "model/prior.h"
#include "model/score.h"

Model *model_new(const ModelKind *kind, const char *name, const Prep *prep, int n_outputs)
{
    Model *model = mem_own(sizeof *model);
    model->refs = 1;
    model->arena = arena_new();
    model->kind = kind;
    model->name = arena_text(model->arena, name);
    model->prep = prep ? prep_ref(prep) : NULL;
    model->n_outputs = n_outputs;
    model->taint = prep ? prep->taint : 0;
    return model;
}

Model *model_ref(const Model *model)
{
    Model *own = (Model *)(uintptr_t)model;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void model_unref(const Model *model)
{
    Model *own = (Model *)(uintptr_t)model;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    if (own->kind->free_state && !own->base) own->kind->free_state(own);
    model_unref(own->base);
    prep_unref(own->prep);
    arena_free(own->arena);
    mem_free(own);
}

/* ---- what is decided on scores */

Model *model_with_decision(const Model *model, const char *name, const Decision *decision)
{
    Model *version = model_new(model->kind, name, model->prep, model->n_outputs);
    version->base = model_ref(model->base ? model->base : model);
    version->columns = model->columns;
    version->shares = model->shares;
    version->n_columns = model->n_columns;
    version->taint = model->taint;
    version->decision = decision_copy(decision, version->arena);
    version->frame_name = model->frame_name ? arena_text(version->arena, model->frame_name) : NULL;
    version->state = model->state;
    return version;
}

static void note_calibration(const Model *model, Notes *notes)
{
    Buf words = { 0 };
    if (!model->decision || !model->decision->calibration) return;
    calibration_write(&words, model->decision->calibration);
    NOTE(notes, decision_applied, model->name, buf_text(&words));
    buf_free(&words);
}

bool model_score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                 PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    if (!model->kind->score(model, frame, rows, n, out, report, notes, progress, err)) return false;
    decision_calibrate(model->decision, out, n, (size_t)model->n_outputs);
    note_calibration(model, notes);
    return true;
}

double model_threshold(const Model *model)
{
    return model->decision ? model->decision->cutoff : NAN;
}

/* ---- nets */

enum { BLOCK_ROWS = 16384 }; /* inputs of so many rows are in memory at a time */

typedef struct NetState {
    const Net *net;
    int threads;
    const LossKind *whole; /* all outputs, as this loss shows them; NULL: the forecast */
} NetState;

static void add_report(PrepReport *total, const PrepReport *part)
{
    total->unseen_levels += part->unseen_levels;
    total->out_of_range += part->out_of_range;
    total->missing += part->missing;
}

/* What models give of a row: all outputs, or of a number's several the forecast. */
static size_t forecasts(const Net *net)
{
    bool number = net->prep && net->prep->target_kind == 'n';
    return number ? 1 : (size_t)net_outputs(net);
}

static size_t width_of(const NetState *state)
{
    return state->whole ? (size_t)net_outputs(state->net) : forecasts(state->net);
}

static void take_whole(const NetState *state, const real *y, double *out)
{
    const LossKind *loss = state->whole;
    for (int j = 0; j < net_outputs(state->net); j++)
        out[j] = loss->output_value ? loss->output_value(j, (double)y[j]) : (double)y[j];
}

static void take_forecast(const NetState *state, const real *y, double *out)
{
    const Net *net = state->net;
    if (state->whole) {
        take_whole(state, y, out);
        return;
    }
    size_t n = forecasts(net), point = n == (size_t)net_outputs(net) ? 0 : (size_t)net->point;
    for (size_t j = 0; j < n; j++) out[j] = (double)y[point + j];
    prior_correct_row(net->prior, out, n);
}

/* Inputs of rows from .. from + n, their outputs, and these in double. */
static bool score_block(const NetState *state, const Frame *frame, const uint32_t *rows, size_t n, real *x,
                        real *y, double *out, PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const Net *net = state->net;
    size_t outputs = (size_t)net_outputs(net);
    PrepReport part = { 0 };
    if (!prep_apply(net->prep, frame, rows, n, x, &part, notes, err) ||
        !net_forward(net, x, n, y, state->threads, progress, err))
        return false;
    if (report) add_report(report, &part);
    for (size_t i = 0; i < n; i++) take_forecast(state, y + i * outputs, out + i * width_of(state));
    return true;
}

/* rows NULL means all of them: their numbers, a block at a time. */
static const uint32_t *block_rows(const uint32_t *rows, size_t from, size_t n, uint32_t *own)
{
    if (rows) return rows + from;
    for (size_t i = 0; i < n; i++) own[i] = (uint32_t)(from + i);
    return own;
}

/* ---- samples of several rows: missing for rows that no sample ends with */

static void place_scores(const NetState *state, const Samples *samples, const real *y, size_t n, double *out)
{
    size_t outputs = width_of(state);
    for (size_t i = 0; i < n * outputs; i++) out[i] = NAN;
    for (size_t k = 0; k < samples->n; k++)
        take_forecast(state, y + k * (size_t)net_outputs(state->net), out + samples->asked[k] * outputs);
}

static bool run_samples(const NetState *state, const Frame *frame, Samples *samples, real *x, real *y,
                        PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const Net *net = state->net;
    size_t width = (size_t)net->prep->n_features, steps = shape_size(net->plan->in) / width, n_cut;
    PrepReport part = { 0 };
    Feed feed;
    if (!prep_apply(net->prep, frame, samples->order, samples->n_order, x, &part, notes, err) ||
        !feed_samples(samples, frame, x, width, steps, &feed, &n_cut, err))
        return false;
    if (n_cut) NOTE(notes, samples_cut, INT(n_cut), INT(steps));
    if (report) add_report(report, &part);
    return net_forward_feed(net, &feed, samples->n, y, state->threads, progress, err);
}

static bool score_samples(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                          PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const NetState *state = model->state;
    size_t width = (size_t)state->net->prep->n_features, outputs = (size_t)net_outputs(state->net);
    SampleBy by = prep_samples(state->net->prep);
    Samples *samples = samples_new(frame, &by, rows, n, err);
    real *x = samples ? mem_get(samples->n_order, width * sizeof(real), err) : NULL;
    real *y = x ? mem_get(samples->n, outputs * sizeof(real), err) : NULL;
    bool done = y && run_samples(state, frame, samples, x, y, report, notes, progress, err);
    if (done) place_scores(state, samples, y, n, out);
    mem_free(y);
    mem_free(x);
    samples_free(samples);
    return done;
}

static bool score_net(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                      PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const Prep *prep = model->prep;
    prior_note(((const NetState *)model->state)->net->prior, model->name, prep, notes);
    if (prep && prep->sample.kind != SAMPLE_ROWS)
        return score_samples(model, frame, rows, n, out, report, notes, progress, err);
    const NetState *state = model->state;
    size_t width = shape_size(state->net->plan->in), outputs = (size_t)net_outputs(state->net);
    size_t block = prep_block(prep, BLOCK_ROWS, n);
    real *x = mem_get(block * (width + outputs), sizeof(real), err), *y = x ? x + block * width : NULL;
    uint32_t *own = x ? mem_get(block, sizeof *own, err) : NULL;
    bool done = own != NULL;
    for (size_t from = 0, count; from < n && done; from += count) {
        count = n - from < block ? n - from : block;
        done = progress_poll(progress, "scoring", (double)from, (double)n, err) &&
               score_block(state, frame, block_rows(rows, from, count, own), count, x, y,
                           out + from * width_of(state), report, notes, NULL, err);
    }
    mem_free(own);
    mem_free(x);
    return done;
}

static bool details_net(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                        Progress *progress, Err *err)
{
    Model whole = *model;
    NetState state = *(const NetState *)model->state;
    state.whole = loss_find(state.net->loss_name);
    whole.state = &state;
    return score_net(&whole, frame, rows, n, out, NULL, NULL, progress, err);
}

static bool score_feed_net(const Model *model, const Feed *feed, size_t n, double *out, Progress *progress,
                           Err *err)
{
    const NetState *state = model->state;
    size_t outputs = (size_t)net_outputs(state->net);
    real *y = mem_get(n, outputs * sizeof(real), err);
    bool done = y && net_forward_feed(state->net, feed, n, y, state->threads, progress, err);
    for (size_t i = 0; done && i < n; i++) take_forecast(state, y + i * outputs, out + i * width_of(state));
    mem_free(y);
    return done;
}

static Value record_net(const Model *model, Arena *arena)
{
    const Net *net = ((const NetState *)model->state)->net;
    Value value = value_record(arena);
    char hash[9];
    net_hash(net, hash);
    record_set(arena, value.record, "definition", netdef_record(net->def, arena));
    record_number(arena, value.record, "epoch", net->epoch);
    record_text(arena, value.record, "hash", hash);
    return value;
}

static void free_net(Model *model)
{
    net_unref(((NetState *)model->state)->net);
}

static const ModelKind kind_net = {
    .name = "net",
    .since = "1",
    .score = score_net,
    .details = details_net,
    .score_feed = score_feed_net,
    .record = record_net,
    .free_state = free_net,
};

/* Of several outputs for one number. */
static void name_columns(Model *model, const Net *net)
{
    const LossKind *loss = net->loss_name ? loss_find(net->loss_name) : NULL;
    int n = net_outputs(net);
    bool several = forecasts(net) == 1 && n > 1 && loss && loss->output_name;
    if (!several || n != loss->outputs(net->loss_settings, net->n_loss_settings)) return;
    const char **names = arena_take(model->arena, (size_t)n * sizeof *names);
    double *shares = arena_take(model->arena, (size_t)n * sizeof *shares);
    for (int j = 0; j < n; j++) {
        char name[32];
        names[j] = arena_text(model->arena, loss->output_name(net->loss_settings, j, name));
        shares[j] = loss->output_share ? loss->output_share(net->loss_settings, j) : NAN;
    }
    model->columns = names;
    model->shares = shares;
    model->n_columns = n;
}

Model *model_of_net(const Net *net, const char *name, int threads)
{
    Model *model = model_new(&kind_net, name, net->prep, (int)forecasts(net));
    NetState *state = arena_take(model->arena, sizeof *state);
    *state = (NetState){ .net = net_ref(net), .threads = threads };
    model->state = state;
    model->taint |= net->taint;
    model->decision = decision_copy(net->decision, model->arena);
    name_columns(model, net);
    return model;
}

const Net *model_net(const Model *model)
{
    return model->kind == &kind_net ? ((const NetState *)model->state)->net : NULL;
}
