/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/modelfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "finance/baseline.h"
#include "model/decision.h"
#include "model/loss.h"
#include "model/prior.h"
#include "model/score_column.h"
#include "numeric/gemm.h"
#include "base/json.h"
#include "store/tensors.h"

#include "config.h"

#define FORMAT "fns-model-1"

bool modelfile_is(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && !strcmp(path + n - 4, ".fnm");
}

static void set_json(Arena *arena, Record *metadata, const char *name, Value value)
{
    Buf text = { 0 };
    json_write(&text, &value);
    record_text(arena, metadata, name, buf_text(&text));
    buf_free(&text);
}

static void set_number(Arena *arena, Record *metadata, const char *name, double x)
{
    char text[40];
    record_text(arena, metadata, name, number_text(x, text));
}

static void set_common(Arena *arena, Record *metadata, const char *kind, const Prep *prep,
                       const Decision *decision, ModelPapers papers, unsigned taint)
{
    static const char *const kept[] = { "notes", "made" };
    record_text(arena, metadata, "version", PACKAGE_VERSION);
    for (int i = 0; i < 2; i++) {
        const Value *paper = papers ? record_get(papers, kept[i]) : NULL;
        if (paper) set_json(arena, metadata, kept[i], *paper);
    }
    record_text(arena, metadata, "format", FORMAT);
    record_text(arena, metadata, "kind", kind);
    record_text(arena, metadata, "kernel", blas_describe());
    record_text(arena, metadata, "instructions", gemm_instruction_set());
    set_number(arena, metadata, "taint", taint);
    if (prep) set_json(arena, metadata, "preparation", prep_record(prep, arena));
    if (decision) set_json(arena, metadata, "decision", decision_record(decision, arena));
    if (prep && prep->data_hash) record_text(arena, metadata, "data_xxh128", prep->data_hash);
}

/* ---- saving */

#define ROWS_NAME "fns.training_rows"

/* Which rows of its data the model learned from, as bits: out is one tensor (or none: returns how many). */
static int rows_tensor(const Prep *prep, Arena *arena, Record *metadata, Tensor *out)
{
    if (!prep || !prep->split) return 0;
    size_t bytes = (prep->split->n + 7) / 8;
    uint8_t *bits = arena_take(arena, bytes + 1);
    split_training_bits(prep->split, bits);
    set_number(arena, metadata, "data_rows", (double)prep->split->n);
    *out = (Tensor){
        .name = ROWS_NAME, .dtype = "U8", .n_dims = 1, .dims = { bytes }, .data = bits, .bytes = bytes
    };
    return 1;
}

static int net_tensor_list(const Net *net, Arena *arena, Tensor **out)
{
    int n = net_tensors(net);
    *out = arena_take(arena, (size_t)(n + 1) * sizeof **out);
    for (int i = 0; i < n; i++) {
        TensorStats stats;
        net_tensor(net, i, &stats);
        Tensor *tensor = &(*out)[i];
        *tensor = (Tensor){ .name = arena_format(arena, "%s.%s", stats.layer, stats.tensor),
                            .dtype = sizeof(real) == 4 ? "F32" : "F64",
                            .n_dims = stats.shape.n_dims,
                            .data = stats.values,
                            .bytes = shape_size(stats.shape) * sizeof(real) };
        for (int d = 0; d < stats.shape.n_dims; d++) tensor->dims[d] = stats.shape.dims[d];
    }
    return n;
}

static Value loss_settings_record(const Net *net, Arena *arena)
{
    Value record = value_record(arena), list = value_list(arena, net->n_loss_settings);
    for (int i = 0; i < list.list.n; i++) list.list.items[i] = value_number(net->loss_settings[i]);
    record_set(arena, record.record, "values", list);
    return record;
}

bool modelfile_save_net(const Net *net, ModelPapers papers, const char *path, Err *err)
{
    if (!net->params || !net->plan) return ERR(err, nothing_to_save, net->def->name);
    Arena *arena = arena_new();
    Record *metadata = value_record(arena).record;
    char hash[9];
    set_common(arena, metadata, "net", net->prep, net->decision, papers, net->taint);
    set_json(arena, metadata, "definition", netdef_record(net->def, arena));
    if (net->history) set_json(arena, metadata, "history", history_record(net->history, arena));
    if (net->loss_name) record_text(arena, metadata, "loss", net->loss_name);
    if (net->point) set_number(arena, metadata, "point", net->point);
    if (net->n_loss_settings) set_json(arena, metadata, "loss_settings", loss_settings_record(net, arena));
    if (net->prior) set_json(arena, metadata, "prior", prior_record(net->prior, arena));
    if (net->trained_words) record_text(arena, metadata, "trained", net->trained_words);
    set_number(arena, metadata, "seed", (double)net->seed);
    set_number(arena, metadata, "epoch", net->epoch);
    set_number(arena, metadata, "best_epoch", net->best_epoch);
    net_hash(net, hash);
    record_text(arena, metadata, "hash", hash);
    Tensor *tensors;
    int n = net_tensor_list(net, arena, &tensors);
    n += rows_tensor(net->prep, arena, metadata, &tensors[n]);
    bool ok = tensors_write(path, metadata, tensors, n, err);
    arena_free(arena);
    return ok;
}

bool modelfile_save_model(const Model *model, ModelPapers papers, const char *path, Err *err)
{
    if (!model->kind->record || !model->kind->restore) {
        ERR(err, keeps_no_weights, model->name, model->kind->name);
        return err_hint(err, "save its forecasts: predict %s on=FRAME to=\"file.csv\"", model->name);
    }
    Arena *arena = arena_new();
    Record *metadata = value_record(arena).record;
    set_common(arena, metadata, model->kind->name, model->prep, model->decision, papers, model->taint);
    set_number(arena, metadata, "outputs", model->n_outputs);
    set_json(arena, metadata, "learned", model->kind->record(model, arena));
    Tensor rows;
    int n = rows_tensor(model->prep, arena, metadata, &rows);
    bool ok = tensors_write(path, metadata, &rows, n, err);
    arena_free(arena);
    return ok;
}

/* ---- loading */

static const char *get_text(const TensorFile *file, const char *name)
{
    const Value *value = record_get(file->metadata, name);
    return value ? value->text : NULL;
}

static double get_number(const TensorFile *file, const char *name, double low, double high)
{
    const char *text = get_text(file, name);
    double x;
    if (!text || !number_parse(text, strlen(text), &x)) return low;
    return x < low ? low : x > high ? high : x;
}

/* A member that holds JSON; *out NULL where it is absent. */
static bool get_record(const TensorFile *file, const char *name, const char *path, const Record **out,
                       Err *err)
{
    const char *text = get_text(file, name);
    Value value;
    *out = NULL;
    if (!text) return true;
    if (!json_read(text, strlen(text), path, file->arena, &value, err)) return false;
    if (value.type != VALUE_RECORD) return ERR(err, bad_model, path, "its metadata do not hold together");
    *out = value.record;
    return true;
}

/* The file must hold what the definition asks for, tensor by tensor, before memory is taken for it. */
static bool fits_plan(const TensorFile *file, const Plan *plan, const char *path, Err *err)
{
    int seen = 0;
    for (int l = 0; l < plan->n_layers; l++) {
        const LayerPlan *layer = &plan->layers[l];
        for (int t = 0; t < layer->n_tensors; t++, seen++) {
            const TensorSpec *spec = &layer->tensors[t];
            const char *name = arena_format(file->arena, "%s.%s", layer->def->name, spec->name);
            const Tensor *tensor = tensors_find(file, name);
            bool fits = tensor && tensor->n_dims == spec->shape.n_dims &&
                        !strcmp(tensor->dtype, sizeof(real) == 4 ? "F32" : "F64");
            for (int d = 0; fits && d < tensor->n_dims; d++) fits = tensor->dims[d] == spec->shape.dims[d];
            if (!fits) return ERR(err, bad_model_tensor, path, name);
        }
    }
    if (tensors_find(file, ROWS_NAME)) seen++;
    if (seen != file->n)
        return ERR(err, bad_model, path, "it holds tensors that its definition does not name");
    return true;
}

static void fill_params(const TensorFile *file, const Plan *plan, Params *params)
{
    for (int l = 0; l < plan->n_layers; l++) {
        const LayerPlan *layer = &plan->layers[l];
        for (int t = 0; t < layer->n_tensors; t++) {
            const TensorSpec *spec = &layer->tensors[t];
            const Tensor *tensor =
                tensors_find(file, arena_format(file->arena, "%s.%s", layer->def->name, spec->name));
            size_t at = spec->statistic ? params->n_weights + layer->stats : layer->weights;
            memcpy(params->values + at + spec->offset, tensor->data, tensor->bytes);
        }
    }
}

static bool restore_loss(Net *net, const TensorFile *file, const char *path, Err *err)
{
    const Record *record;
    double settings[LOSS_SETTINGS];
    int n = 0, point = (int)get_number(file, "point", 0, net_outputs(net) - 1);
    if (!get_record(file, "loss_settings", path, &record, err)) return false;
    const Value *values = record ? record_get(record, "values") : NULL;
    bool is_list = values && values->type == VALUE_LIST && values->list.n <= LOSS_SETTINGS;
    for (; is_list && n < values->list.n; n++) {
        const Value *item = &values->list.items[n];
        settings[n] = item->type == VALUE_NUMBER ? item->number : NAN;
    }
    net_set_loss(net, get_text(file, "loss"), settings, n, point);
    return true;
}

/* Of as many classes as its outputs tell apart. */
static bool restore_prior(Net *net, const TensorFile *file, const char *path, Err *err)
{
    const Record *record;
    int outputs = net_outputs(net);
    if (!get_record(file, "prior", path, &record, err)) return false;
    const Prior *prior = record ? prior_from_record(record, net->arena) : NULL;
    if (!record) return true;
    if (!prior || prior->n != (outputs == 1 ? 2 : outputs))
        return ERR(err, bad_model, path, "its correction of probabilities does not hold together");
    net_set_prior(net, prior);
    return true;
}

/* What is decided on its scores; *out NULL where it is absent. */
static bool read_decision(const TensorFile *file, const char *path, Arena *arena, const Decision **out,
                          Err *err)
{
    const Record *record;
    if (!get_record(file, "decision", path, &record, err)) return false;
    *out = record ? decision_from_record(record, arena) : NULL;
    return !record || *out ||
           ERR(err, bad_model, path, "its calibration, cut-off, grades or points do not hold together");
}

static bool fill_net(Net *net, const TensorFile *file, const Prep *prep, const char *path, Err *err)
{
    Plan *plan = plan_new(net->def, netdef_input(net->def, prep), prep, err);
    bool ok = plan && fits_plan(file, plan, path, err);
    plan_unref(plan);
    if (!ok || !net_prepare(net, prep, err)) return false;
    Params *params = params_copy(net->params, err);
    if (!params) return false;
    fill_params(file, net->plan, params);
    params_unref(net->params);
    net->params = params;
    net->taint = (unsigned)get_number(file, "taint", 0, 1023);
    net->epoch = (int)get_number(file, "epoch", 0, 2e9);
    net->best_epoch = (int)get_number(file, "best_epoch", 0, 2e9);
    if (!restore_loss(net, file, path, err) || !restore_prior(net, file, path, err) ||
        !read_decision(file, path, net->arena, &net->decision, err))
        return false;
    if (get_text(file, "trained")) net->trained_words = arena_text(net->arena, get_text(file, "trained"));
    const Record *history;
    if (!get_record(file, "history", path, &history, err)) return false;
    net->history = history ? history_from_record(history, err) : NULL;
    return !history || net->history;
}

static Net *load_net(const TensorFile *file, const Prep *prep, const char *path, Err *err)
{
    const Record *record;
    if (!get_record(file, "definition", path, &record, err)) return NULL;
    NetDef *def = record ? netdef_from_record(record, err) : NULL;
    if (!def) {
        ERR(err, bad_model, path, "it has no definition");
        return NULL;
    }
    Net *net = net_new(def, (uint64_t)get_number(file, "seed", 0, 9007199254740992.0));
    netdef_unref(def);
    if (fill_net(net, file, prep, path, err)) return net;
    net_unref(net);
    return NULL;
}

static Model *load_model(const TensorFile *file, const char *kind_name, const char *name, const Prep *prep,
                         const char *path, Err *err)
{
    const ModelKind *column = score_column_kind();
    bool is_column = !strcmp(kind_name, column->name);
    const ModelKind *kind = is_column ? column : baseline_model_kind(kind_name);
    const Record *learned;
    if (!kind || is_column == (prep != NULL)) {
        ERR(err, bad_model, path, "it holds a kind of model that this version does not know");
        return NULL;
    }
    if (!get_record(file, "learned", path, &learned, err)) return NULL;
    Model *model = model_new(kind, name, prep, (int)get_number(file, "outputs", 1, 1e6));
    model->taint = (unsigned)get_number(file, "taint", 0, 1023);
    if (learned && kind->restore(model, learned, err) &&
        read_decision(file, path, model->arena, &model->decision, err))
        return model;
    if (!learned) ERR(err, bad_model, path, "what it learned is missing");
    model_unref(model);
    return NULL;
}

/* The rows that the file says it learned from. */
static bool load_rows(const TensorFile *file, Prep *prep, const char *path, Err *err)
{
    const Tensor *rows = tensors_find(file, ROWS_NAME);
    if (!rows) return true;
    size_t n = (size_t)get_number(file, "data_rows", 0, 4294967295.0);
    if (rows->bytes != (n + 7) / 8)
        return ERR(err, bad_model, path, "its list of training rows has another length");
    prep->split = split_from_training_bits(rows->data, n, err);
    return prep->split != NULL;
}

static bool load_file(const TensorFile *file, const char *path, const char *name, Net **net, Model **model,
                      Err *err)
{
    const char *format = get_text(file, "format"), *kind = get_text(file, "kind");
    const Record *record;
    if (!format || strcmp(format, FORMAT) || !kind)
        return ERR(err, bad_model, path, "it is no fns model of this version");
    if (!get_record(file, "preparation", path, &record, err)) return false;
    Prep *prep = record ? prep_from_record(record, err) : NULL;
    if (record && !prep) return false;
    if (prep && !load_rows(file, prep, path, err)) {
        prep_unref(prep);
        return false;
    }
    if (!strcmp(kind, "net"))
        *net = load_net(file, prep, path, err);
    else
        *model = load_model(file, kind, name, prep, path, err);
    prep_unref(prep);
    return *net || *model;
}

bool modelfile_load(const char *path, const char *name, Net **net, Model **model, Err *err)
{
    TensorFile file;
    *net = NULL;
    *model = NULL;
    if (!tensors_read(path, &file, err)) return false;
    bool ok = load_file(&file, path, name, net, model, err);
    tensors_close(&file);
    return ok;
}

/* ---- metadata */

bool modelfile_metadata(const char *path, Arena *arena, const Record **out, Err *err)
{
    TensorFile file;
    if (!tensors_read(path, &file, err)) return false;
    Value metadata = { .type = VALUE_RECORD, .record = (Record *)file.metadata };
    *out = value_copy(arena, metadata).record;
    tensors_close(&file);
    return true;
}

ModelPapers modelfile_papers(const Record *metadata, Arena *arena)
{
    static const char *const kept[] = { "notes", "made" };
    Record *papers = NULL;
    for (int i = 0; i < 2; i++) {
        const Value *text = record_get(metadata, kept[i]);
        Value value;
        Err problem = { 0 };
        if (!text || !json_read(text->text, strlen(text->text), "", arena, &value, &problem) ||
            value.type != VALUE_RECORD)
            continue;
        if (!papers) papers = value_record(arena).record;
        record_set(arena, papers, kept[i], value);
    }
    return papers;
}
