/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients against central differences: loss summed in double, steps that suit float. */
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
    work_transpose(t->work);
    return trainer_pass(t, false) / (double)t->batch_rows;
}

/* By differences; `kink`: the slopes to both sides do not agree, as where relu bends. */
static double slope_at(Prober *prober, real *w, bool *kink)
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
    *kink = fabs(right - left) > 0.05 * fmax(fabs(right), fabs(left));
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
        bool kink;
        double exact = (double)prober->exact[at + i];
        double numeric = slope_at(prober, &prober->t->params->values[at + i], &kink);
        double least = fmax(out->largest / 10, 1e-3);
        double error = fabs(numeric - exact) / fmax(fmax(fabs(numeric), fabs(exact)), least);
        if (error > GRADCHECK_TOLERANCE && kink)
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
    for (size_t i = 0; i < t->data->train.n; i++) t->order[i] = (uint32_t)i;
    trainer_pass(t, true);
    memcpy(prober.exact, t->gradients, n * sizeof(real));
    check->rows = t->batch_rows;
    prober.here = loss_of(&prober);
    bool done = probe_all(&prober, most, check, progress, err);
    mem_free(prober.exact);
    return done;
}

bool net_gradcheck(const Net *net, const Frame *frame, const TrainConfig *config, size_t most,
                   GradCheck *check, Notes *notes, Progress *progress, Err *err)
{
    TrainConfig own = *config;
    *check = (GradCheck){ 0 };
    own.threads = 1;
    own.batch = own.batch > 0 && own.batch < ROWS_MOST ? own.batch : ROWS_MOST;
    TrainData *data = traindata_from_frame(net, frame, notes, err);
    Trainer *t = data ? trainer_new(net, data, &own, notes, err) : NULL;
    bool done = t && probe(t, most, check, progress, err);
    trainer_free(t);
    return done;
}
