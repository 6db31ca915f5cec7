/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/connections.h"

#include <math.h>

#include "lang/bind.h"

typedef struct Weights {
    const real *in, *out; /* (inputs, units), (units) */
    size_t inputs, units;
} Weights;

static bool is_dense(const LayerPlan *layer)
{
    return text_equal(layer->def->kind->kind.name, "dense");
}

static const real *weight_of(const Net *net, int layer)
{
    TensorStats tensor;
    const char *name = net->plan->layers[layer].def->name;
    for (int i = 0; net_tensor(net, i, &tensor); i++)
        if (text_equal(tensor.layer, name) && text_equal(tensor.tensor, "weight")) return tensor.values;
    return NULL;
}

/* Dropout and noise in between are no layers here: they are gone once it has learned. */
static bool find_weights(const Net *net, Weights *out)
{
    const Plan *plan = net->plan;
    int dense[2], n = 0;
    for (int i = 0; i < plan->n_layers; i++) {
        const char *kind = plan->layers[i].def->kind->kind.name;
        if (text_equal(kind, "dropout") || text_equal(kind, "noise")) continue;
        if (!is_dense(&plan->layers[i]) || n == 2) return false;
        dense[n++] = i;
    }
    if (n != 2 || net_outputs(net) != 1 || plan->in.n_dims != 1) return false;
    *out = (Weights){ weight_of(net, dense[0]), weight_of(net, dense[1]), shape_size(plan->in),
                      shape_size(plan->layers[dense[0]].out) };
    return out->in && out->out;
}

static void olden(const Weights *weights, double *out)
{
    for (size_t i = 0; i < weights->inputs; i++)
        for (size_t h = 0; h < weights->units; h++)
            out[i] += (double)weights->in[i * weights->units + h] * (double)weights->out[h];
}

static void garson(const Weights *weights, double *out)
{
    double all = 0;
    for (size_t h = 0; h < weights->units; h++) {
        double sum = 0;
        for (size_t i = 0; i < weights->inputs; i++) sum += fabs((double)weights->in[i * weights->units + h]);
        for (size_t i = 0; sum > 0 && i < weights->inputs; i++)
            out[i] += fabs((double)weights->in[i * weights->units + h] * (double)weights->out[h]) / sum;
    }
    for (size_t i = 0; i < weights->inputs; i++) all += out[i];
    for (size_t i = 0; all > 0 && i < weights->inputs; i++) out[i] /= all;
}

static const char *input_name(const Net *net, size_t i, Arena *arena)
{
    return net->prep ? net->prep->features[i] : arena_format(arena, "x%zu", i + 1);
}

static void show(const Net *net, const double *values, size_t n, bool shares, Result *result)
{
    Arena *arena = result->arena;
    Record *record = record_record(arena, result->record, "importance");
    Table *table = result_table(result, "inputs", NULL);
    size_t *order = arena_take(arena, n * sizeof *order + 1);
    const char **names = arena_take(arena, n * sizeof *names + 1);
    double *bars = arena_take(arena, n * sizeof *bars + 1);
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && fabs(values[i]) > fabs(values[order[at - 1]]); at--) order[at] = order[at - 1];
        order[at] = i;
    }
    table_column(arena, table, "input", ALIGN_LEFT, 0);
    table_column(arena, table, shares ? "share" : "weight", ALIGN_RIGHT, 4);
    for (size_t i = 0; i < n; i++) {
        names[i] = arena_text(arena, input_name(net, order[i], arena));
        bars[i] = values[order[i]];
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, names[i]);
        row[1] = value_number(bars[i]);
        record_number(arena, record, names[i], bars[i]);
    }
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart = (Chart){ .kind = CHART_BARS,
                      .title = arena_format(arena, "connection weights of %s (%s)", net->def->name,
                                            shares ? "Garson" : "Olden"),
                      .values = bars,
                      .rows = (int)n,
                      .columns = 1,
                      .row_names = names,
                      .y_low = NAN,
                      .y_high = NAN };
    result_chart(result, chart, (int)n + 1, 0);
}

bool connections_show(Session *session, const Call *call, bool garsons, Result *result, Err *err)
{
    Model *model = session_model(session, option_list(&call->options, "model").items[0].text, err);
    Weights weights;
    if (!model) return false;
    const Net *net = model_net(model);
    const char *word = garsons ? "garson" : "olden";
    bool ok = net && net->params && net->plan && find_weights(net, &weights);
    if (ok) {
        double *values = arena_take(result->arena, weights.inputs * sizeof *values + 1);
        (garsons ? garson : olden)(&weights, values);
        show(net, values, weights.inputs, garsons, result);
    } else {
        ERR_AT(err, call_span(call, "method"), weights_shape, word, model->name);
    }
    model_unref(model);
    return ok;
}
