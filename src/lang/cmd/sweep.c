/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/net_train.h"
#include "model/search.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    { "method", OPTION_WORD, 0, "grid", 0, 0, "grid|random", NULL,
      "every combination, or some drawn at random" },
    { "tries", OPTION_INTEGER, 0, "20", 1, 1e6, NULL, NULL, "how many combinations random draws" },
    { "metric", OPTION_METRIC, 0, NULL, 0, 0, NULL, NULL,
      "what decides: valid.auc, valid.loss; monitor= otherwise" },
};

typedef struct Axes {
    SweepAxis axes[32];
    const Arg *written[32]; /* where each stands */
    int n;
    Args rest; /* options of train with one value */
} Axes;

static const OptionSpec *train_spec(const char *key)
{
    for (int i = 0; i < train_options_kind.n_options; i++)
        if (!strcmp(train_options_kind.options[i].name, key)) return &train_options_kind.options[i];
    return NULL;
}

/* KEY=a,b is an axis, unless the option takes a list anyway; NET.KEY is one even with a single value. */
static bool sort_arguments(const Call *call, Axes *out, Err *err)
{
    out->rest.items = arena_take(call->arena, (size_t)(call->extra.n + 1) * sizeof(Arg));
    for (int i = 0; i < call->extra.n; i++) {
        const Arg *arg = &call->extra.items[i];
        const OptionSpec *spec = train_spec(arg->key);
        bool dotted = strchr(arg->key, '.') != NULL, many = arg->value.type == VALUE_LIST;
        if (!spec && !dotted) {
            const char *names[64];
            size_t n = 0;
            for (int k = 0; k < train_options_kind.n_options && n < 64; k++)
                names[n++] = train_options_kind.options[k].name;
            ERR_AT(err, arg->key_span, unknown_option, "sweep", arg->key);
            return err_suggest(err, arg->key, names, n);
        }
        if (!dotted && (!many || (spec->flags & OPTION_LIST))) {
            out->rest.items[out->rest.n++] = *arg;
            continue;
        }
        if (out->n == 32) return ERR_AT(err, arg->key_span, too_many, "sweep");
        ValueList values = many ? arg->value.list : (ValueList){ (Value *)&arg->value, 1 };
        out->written[out->n] = arg;
        out->axes[out->n++] = (SweepAxis){ arg->key, values };
    }
    if (!out->n)
        return ERR(err, missing_argument, "sweep", "what to vary: lr=0.01,0.001 or dense1.units=32,64");
    return true;
}

typedef struct Configure {
    Session *session;
    const Call *call;
    const Axes *axes;
} Configure;

/* metric=valid.auc has to be watched at every epoch. */
static bool watch_metric(const Call *call, TrainConfig *config, Err *err)
{
    const char *wanted = option_text(&call->options, "metric");
    const char *dot = wanted ? strchr(wanted, '.') : NULL, *name = dot ? dot + 1 : wanted;
    if (!wanted || !strcmp(name, "loss")) return true;
    const Metric *metric = metric_find(name);
    if (!metric) return metric_unknown(name, call_span(call, "metric"), err);
    for (int i = 0; i < config->n_metrics; i++)
        if (config->metrics[i] == metric) return true;
    if (config->n_metrics < HISTORY_METRICS) config->metrics[config->n_metrics++] = metric;
    return true;
}

/* What a point says of training is bound and checked with the rest, like the arguments of train. */
static bool configure(void *context, const SweepPlan *plan, const Value **values, Arena *arena,
                      TrainConfig *config, Err *err)
{
    const Configure *with = context;
    const Args *rest = &with->axes->rest;
    Args args = { arena_take(arena, (size_t)(rest->n + plan->n_axes) * sizeof(Arg)), 0 };
    for (int i = 0; i < rest->n; i++) args.items[args.n++] = rest->items[i];
    for (int a = 0; a < plan->n_axes; a++) {
        if (strchr(plan->axes[a].key, '.')) continue;
        args.items[args.n] = *with->axes->written[a];
        args.items[args.n++].value = *values[a];
    }
    Options bound;
    return options_bind(&train_options_kind, &args, arena, with->call->span, &bound, err) &&
           train_config(with->session, with->call, &bound, config, err) &&
           watch_metric(with->call, config, err);
}

static const char *point_words(const SweepPlan *plan, const SweepPoint *point, Arena *arena)
{
    Buf text = { 0 };
    for (int a = 0; a < plan->n_axes; a++) {
        buf_printf(&text, "%s%s=", a ? " " : "", plan->axes[a].key);
        value_write(&text, point->values[a]);
    }
    const char *words = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return words;
}

static void report(const SweepPlan *plan, const Sweep *sweep, Result *result)
{
    Arena *arena = result->arena;
    Table *table = result_table(result, "points", NULL);
    for (int a = 0; a < plan->n_axes; a++) table_column(arena, table, plan->axes[a].key, ALIGN_RIGHT, 0);
    table_column(arena, table, sweep->metric, ALIGN_RIGHT, 4);
    table_column(arena, table, "epoch", ALIGN_RIGHT, 0);
    table_column(arena, table, "seconds", ALIGN_RIGHT, 2);
    table_column(arena, table, "", ALIGN_LEFT, 0);
    for (int i = 0; i < sweep->n; i++) {
        const SweepPoint *point = &sweep->points[i];
        Value *row = table_row(arena, table);
        for (int a = 0; a < plan->n_axes; a++) row[a] = value_copy(arena, *point->values[a]);
        row[plan->n_axes] = value_number(point->value);
        row[plan->n_axes + 1] = value_number(point->epoch);
        row[plan->n_axes + 2] = value_number(point->seconds);
        if (i == sweep->best) row[plan->n_axes + 3] = value_text(arena, "best");
        if (point->err.code != CODE_none) row[plan->n_axes + 3] = value_text(arena, point->err.message);
    }
}

static void record_best(const SweepPlan *plan, const Sweep *sweep, Result *result)
{
    Arena *arena = result->arena;
    const SweepPoint *best = &sweep->points[sweep->best];
    for (int a = 0; a < plan->n_axes; a++) {
        const char *key = plan->axes[a].key, *dot = strchr(key, '.');
        Record *into = dot ? record_record(arena, result->record, arena_copy(arena, key, (size_t)(dot - key)))
                           : result->record;
        record_set(arena, into, dot ? dot + 1 : key, value_copy(arena, *best->values[a]));
    }
    const History *history = best->net->history;
    Record *valid = record_record(arena, result->record, "valid");
    for (int i = 0; history && i < history->n; i++) {
        if (history->rows[i].epoch != best->epoch) continue;
        record_number(arena, valid, "loss", history->rows[i].valid_loss);
        for (int k = 0; k < history->n_metrics; k++)
            record_number(arena, valid, history->metrics[k], history->rows[i].valid[k]);
    }
    record_number(arena, result->record, "points", sweep->n);
    record_number(arena, result->record, "epoch", best->epoch);
    record_number(arena, result->record, "value", best->value);
}

static bool finish(Session *session, const SweepPlan *plan, const Sweep *sweep, const char *name,
                   Result *result, Err *err)
{
    report(plan, sweep, result);
    for (int i = 0; i < sweep->n; i++)
        session_count_trial(
            session, "sweep",
            arena_format(result->arena, "%s %s", name, point_words(plan, &sweep->points[i], result->arena)),
            sweep->metric, sweep->points[i].value);
    if (sweep->best < 0) {
        if (err) *err = sweep->points[0].err;
        return false;
    }
    record_best(plan, sweep, result);
    result_line(result, "%s is the best of %d: %s (%d %s in this session)", name, sweep->n,
                point_words(plan, &sweep->points[sweep->best], result->arena), session->n_trials,
                count_noun(session->n_trials, "trial", "trials"));
    session_set(session, name, object_net(net_ref(sweep->points[sweep->best].net)));
    return true;
}

/* What decides; the values of different losses say nothing about each other. */
static bool choose_metric(const Call *call, const Axes *axes, SweepPlan *plan, Err *err)
{
    const char *wanted = option_text(&call->options, "metric");
    if (!watch_metric(call, &plan->config, err)) return false;
    if (wanted) plan->metric = strchr(wanted, '.') ? wanted : arena_format(call->arena, "valid.%s", wanted);
    const char *decides = plan->metric ? plan->metric : plan->config.monitor;
    const char *dot = decides ? strchr(decides, '.') : NULL;
    for (int a = 0; a < axes->n; a++)
        if (!strcmp(axes->axes[a].key, "loss") && (!dot || !strcmp(dot, ".loss")))
            return ERR_AT(err, axes->written[a]->key_span, sweep_losses, decides ? decides : "valid.loss");
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame;
    Axes axes = { 0 };
    Options bound;
    SweepPlan plan = { 0 };
    if (!sort_arguments(call, &axes, err) ||
        !options_bind(&train_options_kind, &axes.rest, call->arena, call->span, &bound, err) ||
        !train_config(session, call, &bound, &plan.config, err) || !choose_metric(call, &axes, &plan, err) ||
        !train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err))
        return false;
    Net *ready = train_prepare(session, net, frame_name, frame, false, &result->notes, err);
    if (!ready) return false;
    Configure with = { session, call, &axes };
    plan.net = ready;
    plan.frame = frame;
    plan.axes = axes.axes;
    plan.n_axes = axes.n;
    plan.tries =
        strcmp(option_text(&call->options, "method"), "random") ? 0 : option_integer(&call->options, "tries");
    plan.seed = plan.config.seed;
    plan.configure = configure;
    plan.context = &with;
    plan.threads = (int)session->settings.threads;
    Sweep *sweep = sweep_run(&plan, &result->notes, &session->progress, err);
    bool ok = sweep && finish(session, &plan, sweep, name, result, err);
    sweep_free(sweep);
    net_unref(ready);
    return ok;
}

const CommandKind command_sweep = {
    .kind = { .name = "sweep",
              .help = "trains a net over combinations of settings and keeps the best",
              .more = "Lists are what varies: lr=0.01,0.001, batch=32,64, dense1.units=16,32; everything "
                      "that train takes may stand "
                      "beside them. Each combination starts from the same first weights and is counted as a "
                      "trial.",
              KIND_OPTIONS(options),
              .example =
                  "simulate moons as toy rows=200\nsplit toy train=60% valid=40%\nnet m\n  input toy\n  "
                  "dense 8 tanh\n"
                  "  dense 1 sigmoid\nend\nsweep m lr=0.01,0.003 dense1.units=4,8 epochs=3 metric=valid.auc",
              .since = "1" },
    .group = "Training",
    .form =
        "sweep NET KEY=a,b ... [LAYER.KEY=a,b ...] [method=grid|random tries=] [metric=] [what train takes]",
    .flags = COMMAND_EXTRA | COMMAND_LAST | COMMAND_UNDO,
    .others = &train_options_kind,
    .run = run,
};
