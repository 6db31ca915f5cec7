/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/net_train.h"

#include <math.h>
#include <string.h>

#include "data/split.h"
#include "lang/bind.h"

static const OptionSpec train_options[] = { TRAIN_OPTIONS };
const Kind train_options_kind = { .name = "train",
                                  .help = "options of training",
                                  KIND_OPTIONS(train_options) };

static bool config_metrics(const Call *call, const Options *options, TrainConfig *out, Err *err)
{
    ValueList names = option_list(options, "metrics");
    if (names.n > HISTORY_METRICS)
        return ERR_AT(err, call_span(call, "metrics"), out_of_range, "metrics", "at most 16 names",
                      INT(names.n));
    for (int i = 0; i < names.n; i++) {
        const Metric *metric = metric_find(names.items[i].text);
        if (!metric) return metric_unknown(names.items[i].text, call_span(call, "metrics"), err);
        out->metrics[out->n_metrics++] = metric;
    }
    return true;
}

/* monitor=valid.auc also asks for auc at each epoch. */
static bool config_monitor(const Call *call, const Options *options, TrainConfig *out, Err *err)
{
    out->monitor = option_text(options, "monitor");
    if (!out->monitor) return true;
    const char *dot = strchr(out->monitor, '.');
    const char *name = dot ? dot + 1 : out->monitor;
    bool part = dot && (!strncmp(out->monitor, "valid.", 6) || !strncmp(out->monitor, "train.", 6));
    if (dot && !part)
        return ERR_AT(err, call_span(call, "monitor"), bad_value, "monitor", "valid.NAME or train.NAME",
                      out->monitor);
    if (!dot) out->monitor = arena_format(call->arena, "valid.%s", name);
    if (!strcmp(name, "loss")) return true;
    const Metric *metric = metric_find(name);
    if (!metric) return metric_unknown(name, call_span(call, "monitor"), err);
    for (int i = 0; i < out->n_metrics; i++)
        if (out->metrics[i] == metric) return true;
    if (out->n_metrics < HISTORY_METRICS) out->metrics[out->n_metrics++] = metric;
    return true;
}

/* batch=time: by dates. */
static void config_batch(const Options *options, TrainConfig *out)
{
    const Options *time = option_kind_options(options, "batch");
    out->batch = option_integer(options, "batch");
    out->dates = time ? option_integer(time, "dates") : 0;
}

static bool config_class_weight(const Call *call, const Options *options, TrainConfig *out, Err *err)
{
    const Option *option = option_get(options, "class_weight");
    if (!option->given) return true;
    bool word = option->value.type == VALUE_WORD || option->value.type == VALUE_TEXT;
    if (word && !strcmp(option->value.text, "balanced")) {
        out->class_weight = 1;
        return true;
    }
    if (option->value.type != VALUE_RECORD)
        return ERR_AT(err, call_span(call, "class_weight"), bad_value, "class_weight",
                      "balanced or a record such as {bad=5, good=1}", value_type_name(option->value.type));
    out->class_weight = 2;
    out->class_weights = option->value.record;
    return true;
}

bool train_config(Session *session, const Call *call, const Options *options, TrainConfig *out, Err *err)
{
    *out = (TrainConfig){ .epochs = option_integer(options, "epochs"),
                          .accumulate = option_integer(options, "accumulate"),
                          .average = option_kind(options, "average"),
                          .average_options = option_kind_options(options, "average"),
                          .optimizer = option_kind(options, "optimizer"),
                          .optimizer_options = option_kind_options(options, "optimizer"),
                          .loss = option_kind(options, "loss"),
                          .loss_options = option_kind_options(options, "loss"),
                          .schedule = option_kind(options, "schedule"),
                          .schedule_options = option_kind_options(options, "schedule"),
                          .lr = option_number(options, "lr"),
                          .patience =
                              option_given(options, "patience") ? option_integer(options, "patience") : 0,
                          .keep_best = !strcmp(option_text(options, "keep"), "best"),
                          .label_smoothing = option_number(options, "label_smoothing"),
                          .clip = option_number(options, "clip"),
                          .weight_decay = option_number(options, "weight_decay"),
                          .raw = !option_bool(options, "correct"),
                          .threads = (int)session->settings.threads };
    config_batch(options, out);
    out->seed =
        (uint64_t)(option_given(options, "seed") ? option_number(options, "seed") : session->settings.seed);
    Buf words = { 0 };
    options_write(&words, options);
    out->words = arena_text(call->arena, buf_text(&words));
    buf_free(&words);
    return config_metrics(call, options, out, err) && config_monitor(call, options, out, err) &&
           config_class_weight(call, options, out, err);
}

bool train_frame(Session *session, const Net *net, const char *on, const char **name, const Frame **frame,
                 Err *err)
{
    *name = on ? on : net->def->input_frame;
    if (!*name) return ERR(err, net_no_frame, net->def->name);
    *frame = session_frame(session, *name, err);
    return *frame != NULL;
}

static bool same_source(const Prep *prep, const Frame *frame)
{
    return prep->split == frame->split && prep->recipe == frame->recipe && prep->program == frame->program;
}

Net *train_prepare(Session *session, const Net *net, const char *frame_name, const Frame *frame, bool kept,
                   Notes *notes, Err *err)
{
    Frame *version = frame_with_recipe(frame, net->def->input_recipe, err);
    if (!version) return NULL;
    Net *ready = NULL;
    bool learned_here = net->prep && net->prep->recipe; /* and not in the program that saved it */
    if (learned_here && net_started(net) && net->prep->split && !kept && !same_source(net->prep, version)) {
        ERR(err, frame_changed, frame_name, net->def->name);
    } else if (net->prep && net_started(net)) {
        ready = net_ref(net);
    } else {
        Prep *prep = netdef_prep(net->def, version, frame_name, notes, &session->progress, err);
        ready = prep ? net_version(net) : NULL;
        if (ready && !net_prepare(ready, prep, err)) {
            net_unref(ready);
            ready = NULL;
        }
        prep_unref(prep);
    }
    frame_unref(version);
    return ready;
}

bool train_freeze(Session *session, const Call *call, bool frozen, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net");
    ValueList layers = option_list(&call->options, "layers");
    Net *net = net_version(session_net(session, name, err));
    for (int i = 0; i < layers.n; i++)
        if (!net_freeze(net, layers.items[i].text, frozen, err)) {
            if (err && !err->span.source) err->span = call_span(call, "layers");
            net_unref(net);
            return false;
        }
    size_t still = 0, all = 0;
    for (int i = 0; net->plan && i < net->plan->n_layers; i++) {
        all += net->plan->layers[i].n_weights;
        if (net->plan->layers[i].def->frozen) still += net->plan->layers[i].n_weights;
    }
    if (all)
        result_line(result, "%s: %zu of %zu parameters are frozen", name, still, all);
    else
        result_line(result, "%s: %d layer%s %s", name, layers.n, layers.n == 1 ? "" : "s",
                    frozen ? "frozen" : "free again");
    session_set(session, name, object_net(net));
    return true;
}
