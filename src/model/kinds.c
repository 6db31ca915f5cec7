/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registries of the model room, and the numbers that kinds read from their options. */
#include "model/average.h"
#include "model/layer.h"
#include "model/loss.h"
#include "model/optim.h"
#include "model/schedule.h"
#include "model/train.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

#define LAYER(name) extern const LayerKind layer_##name;
#include "model/layers.def"
#undef LAYER
#define ACTIVATION(name) extern const ActivationKind activation_##name;
#include "model/activations.def"
#undef ACTIVATION
#define LOSS(name) extern const LossKind loss_##name;
#include "model/losses.def"
#undef LOSS
#define OPTIMIZER(name) extern const OptimizerKind optimizer_##name;
#include "model/optims.def"
#undef OPTIMIZER
#define SCHEDULE(name) extern const ScheduleKind schedule_##name;
#include "model/schedules.def"
#undef SCHEDULE

#define AVERAGE(name) extern const AverageKind average_##name;
#include "model/averages.def"
#undef AVERAGE

static const Kind *const layers[] = {
#define LAYER(name) &layer_##name.kind,
#include "model/layers.def"
#undef LAYER
};
static const Kind *const activations[] = {
#define ACTIVATION(name) &activation_##name.kind,
#include "model/activations.def"
#undef ACTIVATION
};
static const Kind *const losses[] = {
#define LOSS(name) &loss_##name.kind,
#include "model/losses.def"
#undef LOSS
};
static const Kind *const optimizers[] = {
#define OPTIMIZER(name) &optimizer_##name.kind,
#include "model/optims.def"
#undef OPTIMIZER
};
static const Kind *const schedules[] = {
#define SCHEDULE(name) &schedule_##name.kind,
#include "model/schedules.def"
#undef SCHEDULE
};

static const Kind *const averages[] = {
#define AVERAGE(name) &average_##name.kind,
#include "model/averages.def"
#undef AVERAGE
};
/* What batch= takes beside a number. */
static const OptionSpec time_options[] = {
    { .name = "dates",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "1",
      .min = 1,
      .max = 1e9,
      .help = "dates a batch" },
};
static const Kind batch_time = { .name = "time",
                                 .help = "a batch is all rows of a date, or of several",
                                 KIND_OPTIONS(time_options),
                                 .since = "1" };
static const Kind *const batches[] = { &batch_time };

const KindList layer_kinds = { "layer", layers, COUNT(layers) };
const KindList activation_kinds = { "activation", activations, COUNT(activations) };
const KindList loss_kinds = { "loss", losses, COUNT(losses) };
const KindList optimizer_kinds = { "optimizer", optimizers, COUNT(optimizers) };
const KindList schedule_kinds = { "schedule", schedules, COUNT(schedules) };
const KindList average_kinds = { "average", averages, COUNT(averages) };
const KindList batch_kinds = { "batch", batches, COUNT(batches) };

const LossKind *loss_find(const char *name)
{
    return (const LossKind *)kind_find(&loss_kinds, name);
}

static double value_as_number(const Value *value)
{
    if (value->type == VALUE_BOOL) return value->on;
    return value->type == VALUE_NUMBER ? value->number : NAN;
}

void kind_settings(const Kind *kind, const Options *options, double *settings, int capacity)
{
    Arena *arena = arena_new();
    Options defaults;
    if (!options && options_bind(kind, &(Args){ 0 }, arena, (Span){ 0 }, &defaults, NULL))
        options = &defaults;
    for (int i = 0; i < kind->n_options && i < capacity; i++)
        settings[i] = options ? value_as_number(&options->items[i].value) : NAN;
    arena_free(arena);
}

int loss_settings(const LossKind *loss, const Options *options, double *settings)
{
    const Kind *kind = &loss->kind;
    bool list = kind->n_options == 1 && (kind->options->flags & OPTION_LIST) != 0;
    if (!list || !options || !option_given(options, kind->options->name)) {
        kind_settings(kind, options, settings, LOSS_SETTINGS);
        if (list) number_parse(kind->options->initial, strlen(kind->options->initial), &settings[0]);
        return kind->n_options < LOSS_SETTINGS ? kind->n_options : LOSS_SETTINGS;
    }
    ValueList items = option_list(options, kind->options->name);
    for (int i = 0; i < items.n && i < LOSS_SETTINGS; i++) settings[i] = value_as_number(&items.items[i]);
    return items.n <= LOSS_SETTINGS ? items.n : -1;
}

void optim_decay(const OptimStep *step)
{
    if (step->decay > 0) vec_scale(step->w, (real)(1 - step->lr * step->decay), step->n);
}
