/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients against central differences: loss summed in double, steps that suit float. */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "model/probe.h"
#include "model/trainer.h"

#define STEP      2e-3 /* of a weight of size 1 or less */
#define ROWS_MOST 32

typedef struct Prober {
    Trainer *t;
    real *exact; /* (n_weights): by the net */
    double here;
} Prober;

static double loss_of(Prober *prober)
{
    Trainer *t = prober->t;
    work_transpose(t->work, 0, 1);
    return trainer_pass(t, false) / (double)t->batch_rows;
}

/* By differences; `apart`: how far the slopes to both sides are from each other, as where relu bends. */
static double slope_at(Prober *prober, real *w, double *apart)
{
    real kept = *w;
    double size = fabs((double)kept) > 1 ? fabs((double)kept) : 1, step = STEP * size;
    volatile real up_at = kept + (real)step, down_at = kept - (real)step;
    *w = up_at;
    double up = loss_of(prober);
    *w = down_at;
    double down = loss_of(prober);
    *w = kept;
    double right = (up - prober->here) / (double)(up_at - kept),
           left = (prober->here - down) / (double)(kept - down_at);
    *apart = fabs(right - left);
    return (up - down) / (double)(up_at - down_at);
}

static void probe_tensor(Prober *prober, const LayerPlan *layer, const TensorSpec *spec, size_t most,
                         GradTensor *out)
{
    size_t n = shape_size(spec->shape), at = layer->weights + spec->offset;
    size_t stride = n <= most ? 1 : n / most;
    *out = (GradTensor){
        .layer = layer->def->name, .tensor = spec->name, .shape = spec->shape, .frozen = layer->def->frozen
    };
    if (out->frozen) return;
    for (size_t i = 0; i < n; i += stride)
        out->largest = fmax(out->largest, fabs((double)prober->exact[at + i]));
    for (size_t i = 0; i < n && out->checked < most; i += stride, out->checked++) {
        double apart, exact = (double)prober->exact[at + i];
        double numeric = slope_at(prober, &prober->t->params->values[at + i], &apart);
        double least = fmax(out->largest / 10, 1e-3);
        double error = fabs(numeric - exact) / fmax(fmax(fabs(numeric), fabs(exact)), least);
        if (error > GRADCHECK_TOLERANCE && apart >= fabs(numeric - exact))
            out->kinks++;
        else if (!(error <= out->worst))
            out->worst = error;
    }
}

static int count_tensors(const Plan *plan)
{
    int n = 0;
    for (int i = 0; i < plan->n_layers; i++)
        for (int k = 0; k < plan->layers[i].n_tensors; k++) n += !plan->layers[i].tensors[k].statistic;
    return n;
}

static bool probe_all(Prober *prober, size_t most, GradCheck *check, Progress *progress, Err *err)
{
    const Plan *plan = prober->t->plan;
    int total = count_tensors(plan);
    for (int i = 0; i < plan->n_layers; i++)
        for (int k = 0; k < plan->layers[i].n_tensors; k++) {
            const TensorSpec *spec = &plan->layers[i].tensors[k];
            if (spec->statistic) continue;
            if (!progress_poll(progress, "gradcheck", check->n, total, err)) return false;
            GradTensor *tensor = &check->tensors[check->n++];
            probe_tensor(prober, &plan->layers[i], spec, most, tensor);
            if (!(tensor->worst <= check->worst)) check->worst = tensor->worst;
        }
    return true;
}

static bool probe(Trainer *t, size_t most, GradCheck *check, Progress *progress, Err *err)
{
    size_t n = t->plan->n_weights;
    Prober prober = { .t = t, .exact = mem_get(n, sizeof(real), err) };
    check->tensors =
        prober.exact ? mem_get((size_t)count_tensors(t->plan), sizeof *check->tensors, err) : NULL;
    if (!check->tensors) {
        mem_free(prober.exact);
        return false;
    }
    t->work->learns = false;
    trainer_keep_order(t);
    trainer_pass(t, true);
    memcpy(prober.exact, t->gradients, n * sizeof(real));
    check->rows = t->batch_rows;
    prober.here = loss_of(&prober);
    bool done = probe_all(&prober, most, check, progress, err);
    mem_free(prober.exact);
    return done;
}

/* ---- rows where a net with explicit sizes has none */

static char random_target(const Net *net, const LossKind *loss)
{
    const ActivationKind *end = plan_last(net->plan)->activation;
    const char *name = end ? end->kind.name : "";
    char kind = text_equal(name, "sigmoid") ? 'b' : text_equal(name, "softmax") ? 'c' : 'n';
    return loss && !strchr(loss->targets, kind) ? loss->targets[0] : kind;
}

/* Normal inputs, wide enough to be codes of an embedding too; targets that every loss takes. */
static bool fill_random(TrainData *data, uint64_t seed, Err *err)
{
    gsl_rng *rng = rng_stream(rng_key(seed, "gradcheck", "rows"), 0);
    size_t n = ROWS_MOST * data->n_features;
    real *x = rng ? mem_get(n, sizeof *x, err) : NULL, y[ROWS_MOST];
    for (size_t i = 0; x && i < n; i++) x[i] = (real)(1.5 * gsl_ran_ugaussian(rng));
    for (size_t i = 0; x && i < ROWS_MOST; i++)
        y[i] = data->target_kind == 'n' ? (real)gsl_rng_uniform(rng)
                                        : (real)gsl_rng_uniform_int(rng, (unsigned long)data->n_levels);
    bool done = x && traindata_set(data, &data->train, x, y, NULL, ROWS_MOST, err);
    mem_free(x);
    if (rng) gsl_rng_free(rng);
    return done;
}

static TrainData *random_data(const Net *net, const TrainConfig *config, Err *err)
{
    TrainData *data = traindata_new();
    data->frame = "random rows";
    data->n_features = shape_size(net->plan->in);
    data->target_kind = random_target(net, (const LossKind *)config->loss);
    data->n_levels = data->target_kind == 'c' && net_outputs(net) > 1 ? net_outputs(net) : 2;
    if (fill_random(data, config->seed, err)) return data;
    traindata_free(data);
    return NULL;
}

bool net_gradcheck(const Net *net, const Frame *frame, const TrainConfig *config, size_t most,
                   GradCheck *check, Notes *notes, Progress *progress, Err *err)
{
    TrainConfig own = *config;
    *check = (GradCheck){ 0 };
    own.threads = 1;
    own.batch = own.batch > 0 && own.batch < ROWS_MOST ? own.batch : ROWS_MOST;
    TrainData *data =
        !frame ? random_data(net, config, err) : traindata_from_frame(net, frame, own.dates > 0, notes, err);
    Trainer *t = data ? trainer_new(net, data, &own, notes, err) : NULL;
    bool done = t && probe(t, most, check, progress, err);
    trainer_free(t);
    return done;
}
