/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets for tests, written as option texts instead of statements. */
#ifndef FNS_TESTS_TOYNET_H
#define FNS_TESTS_TOYNET_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/option.h"
#include "model/job.h"
#include "model/loss.h"
#include "model/optim.h"
#include "model/schedule.h"

/* "16", "relu", "l2=0.1": one argument, positional or with a key. */
static inline Arg toy_arg(Arena *arena, const char *text)
{
    const char *equals = strchr(text, '=');
    const char *bracket = strchr(text, '(');
    bool keyed = equals && (!bracket || equals < bracket);
    OptionSpec spec = { .type = OPTION_ANY, .initial = keyed ? equals + 1 : text };
    return (Arg){ .key = keyed ? arena_copy(arena, text, (size_t)(equals - text)) : NULL,
                  .value = option_initial(arena, &spec) };
}

/* Options of a kind from texts that end with NULL. */
static inline bool toy_options(Arena *arena, const Kind *kind, const char *const *texts, Options *out,
                               Err *err)
{
    Args args = { arena_take(arena, 16 * sizeof(Arg)), 0 };
    while (texts[args.n] && args.n < 16) {
        args.items[args.n] = toy_arg(arena, texts[args.n]);
        args.n++;
    }
    return options_bind(kind, &args, arena, (Span){ 0 }, out, err);
}

static inline bool toy_layer_as(NetDef *def, const char *name, Err *err, const char *kind,
                                const char *const *texts)
{
    const Kind *found = kind_find(&layer_kinds, kind);
    Options options;
    return found && toy_options(def->arena, found, texts, &options, err) &&
           netdef_add(def, (const LayerKind *)found, &options, name, (Span){ 0 }, err);
}

#define TOY_LAYER(def, kind, ...)                                                                            \
    toy_layer_as((def), NULL, NULL, (kind), (const char *[]){ __VA_ARGS__, NULL })

static inline NetDef *toy_def(const char *name, size_t inputs)
{
    NetDef *def = netdef_new(name);
    def->input_shape = (Shape){ 1, { inputs } };
    return def;
}

/* A line of a net, "conv1d 4 tanh kernel=3", "parallel sum", "branch", "end". */
static inline bool toy_line(NetDef *def, const char *line, Err *err)
{
    const char *texts[8] = { 0 };
    char copy[96], *rest = copy;
    int n = 0;
    snprintf(copy, sizeof copy, "%s", line);
    const char *word = strtok_r(copy, " ", &rest);
    while (n < 7 && (texts[n] = strtok_r(NULL, " ", &rest)) != NULL) n++;
    NetPart part = { .kind = PART_LAYER };
    if (text_equal(word, "residual")) part.kind = PART_RESIDUAL;
    if (text_equal(word, "bidirectional")) part.kind = PART_BIDIRECTIONAL;
    if (text_equal(word, "parallel")) part.kind = PART_PARALLEL;
    if (text_equal(word, "branch")) part.kind = PART_BRANCH;
    if (part.kind == PART_PARALLEL && n) merge_parse(texts[0], &part.merge);
    if (text_equal(word, "end")) return netdef_close(def, (Span){ 0 }, err);
    return part.kind != PART_LAYER ? netdef_open(def, part, err) : toy_layer_as(def, NULL, err, word, texts);
}

/* A prepared net; takes over the definition. */
static inline Net *toy_net(NetDef *def, uint64_t seed)
{
    Net *net = net_new(def, seed);
    netdef_unref(def);
    Err err = { 0 };
    if (net_prepare(net, NULL, &err)) return net;
    net_unref(net);
    return NULL;
}

static inline TrainConfig toy_config(long epochs, long batch)
{
    return (TrainConfig){
        .epochs = epochs, .batch = batch, .lr = NAN, .clip = NAN, .weight_decay = NAN, .seed = 1, .threads = 1
    };
}

static inline void toy_kind(TrainConfig *config, Arena *arena, const KindList *list, const char *text)
{
    OptionSpec spec = { .type = OPTION_ANY, .initial = text };
    Value value = option_initial(arena, &spec);
    bool plain = value.type != VALUE_KIND;
    const Kind *kind = kind_find(list, plain ? value.text : value.kind.name);
    Options *options = arena_take(arena, sizeof *options);
    options_bind(kind, plain ? &(Args){ 0 } : value.kind.args, arena, (Span){ 0 }, options, NULL);
    if (list == &optimizer_kinds) config->optimizer = kind, config->optimizer_options = options;
    if (list == &loss_kinds) config->loss = kind, config->loss_options = options;
    if (list == &schedule_kinds) config->schedule = kind, config->schedule_options = options;
}

/* Numbers in [-1, 1) that depend on (seed, i) alone. */
static inline real toy_number(uint32_t seed, uint32_t i)
{
    uint32_t x = seed * 2654435761u + i * 2246822519u + 374761393u;
    x = (x ^ (x >> 15)) * 2246822519u;
    x = (x ^ (x >> 13)) * 3266489917u;
    x ^= x >> 16;
    return (real)((double)x / 2147483648.0 - 1);
}

/* n rows of `inputs` numbers; kind 'b': whether their sum of products is positive, 'n': a smooth value,
 * 'c': one of three levels. */
static inline TrainData *toy_data(size_t n, size_t n_valid, size_t inputs, char kind)
{
    TrainData *data = traindata_new();
    data->n_features = inputs;
    data->target_kind = kind;
    data->n_levels = kind == 'c' ? 3 : kind == 'b' ? 2 : 0;
    real *x = mem_own((n + n_valid) * inputs * sizeof *x), *y = mem_own((n + n_valid) * sizeof *y);
    for (size_t i = 0; i < n + n_valid; i++) {
        double sum = 0;
        for (size_t j = 0; j < inputs; j++) {
            x[i * inputs + j] = toy_number(7, (uint32_t)(i * inputs + j));
            sum += (double)x[i * inputs + j] * cos((double)j);
        }
        sum += (double)(x[i * inputs] * x[i * inputs + inputs - 1]);
        y[i] = kind == 'n'   ? (real)sin(sum)
               : kind == 'b' ? (real)(sum > 0)
                             : (real)((sum > -0.3) + (sum > 0.3));
    }
    traindata_set(data, &data->train, x, y, NULL, n, NULL);
    if (n_valid) traindata_set(data, &data->valid, x + n * inputs, y + n, NULL, n_valid, NULL);
    mem_free(x);
    mem_free(y);
    return data;
}

#endif
