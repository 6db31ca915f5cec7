/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets: versions, preparation, restoring, hashing. */
#include "model/net.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "model/footprint.h"
#include "model/decision.h"
#include "model/prior.h"
#include "model/state.h"

static Net *net_blank(void)
{
    Net *net = mem_own(sizeof *net);
    net->refs = 1;
    net->arena = arena_new();
    return net;
}

Net *net_new(const NetDef *def, uint64_t seed)
{
    Net *net = net_blank();
    net->def = netdef_ref(def);
    net->seed = seed;
    return net;
}

Net *net_ref(const Net *net)
{
    Net *own = (Net *)(uintptr_t)net;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

static void forget_training(Net *net)
{
    state_unref(net->state);
    history_unref(net->history);
    params_unref(net->best);
    state_unref(net->best_state);
    net->state = net->best_state = NULL;
    net->history = NULL;
    net->best = NULL;
    net->epoch = net->best_epoch = 0;
    net->trained_words = NULL;
    net->prior = NULL;
    net->decision = NULL;
    net_set_loss(net, NULL, NULL, 0, 0);
}

void net_unref(const Net *net)
{
    Net *own = (Net *)(uintptr_t)net;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    forget_training(own);
    params_unref(own->params);
    plan_unref(own->plan);
    prep_unref(own->prep);
    netdef_unref(own->def);
    arena_free(own->arena);
    mem_free(own);
}

void net_set_loss(Net *net, const char *name, const double *settings, int n_settings, int point)
{
    size_t bytes = (size_t)n_settings * sizeof *settings;
    net->loss_name = name ? arena_text(net->arena, name) : NULL;
    net->loss_settings = n_settings ? memcpy(arena_take(net->arena, bytes), settings, bytes) : NULL;
    net->n_loss_settings = n_settings;
    net->point = point;
}

void net_set_prior(Net *net, const Prior *prior)
{
    net->prior = prior_copy(prior, net->arena);
}

void net_set_decision(Net *net, const struct Decision *decision)
{
    net->decision = decision_copy(decision, net->arena);
}

Net *net_version(const Net *net)
{
    Net *copy = net_blank();
    Arena *arena = copy->arena;
    *copy = *net;
    copy->refs = 1;
    copy->arena = arena;
    netdef_ref(net->def);
    if (net->prep) prep_ref(net->prep);
    plan_ref(net->plan);
    params_ref(net->params);
    state_ref(net->state);
    if (net->history) history_ref(net->history);
    params_ref(net->best);
    state_ref(net->best_state);
    net_set_loss(copy, net->loss_name, net->loss_settings, net->n_loss_settings, net->point);
    net_set_prior(copy, net->prior);
    net_set_decision(copy, net->decision);
    if (net->trained_words) copy->trained_words = arena_text(arena, net->trained_words);
    return copy;
}

/* ---- preparation */

static bool check_output(const Net *net, const Plan *plan, const Prep *prep, Err *err)
{
    const LayerPlan *last = plan_last(plan);
    if (!prep || !prep->target_kind) return true;
    if (prep->target_kind == 'n') return true; /* the loss says how many */
    size_t needs = prep->target_kind == 'c' ? (size_t)prep->n_target_levels : 1;
    if (shape_size(last->out) == needs) return true;
    ERR_AT(err, last->def->span, net_output, net->def->name, last->def->name,
           shape_text(last->out, (char[96]){ 0 }), prep->target, INT(needs));
    if (prep->target_kind == 'b') return err_hint(err, "end the net with: dense 1 sigmoid");
    return err_hint(err, "end the net with: dense %zu softmax", needs);
}

/* What a sample of the frame is: (features), or (steps, features). */
static Shape sample_shape(const Prep *prep)
{
    size_t features = (size_t)prep->n_features;
    if (prep->sample.kind == SAMPLE_ROWS) return (Shape){ 1, { features } };
    return (Shape){ 2, { prep->longest, features } };
}

Shape netdef_input(const NetDef *def, const Prep *prep)
{
    return def->input_shape.n_dims || !prep ? def->input_shape : sample_shape(prep);
}

static bool input_shape(const Net *net, const Prep *prep, Shape *shape, Err *err)
{
    *shape = netdef_input(net->def, prep);
    if (shape->n_dims == 0 && !prep) return ERR(err, not_prepared, net->def->name);
    if (!prep || shape_size(*shape) == shape_size(sample_shape(prep))) return true;
    return ERR(err, net_input, net->def->name, INT(shape_size(*shape)),
               prep->frame_name ? prep->frame_name : "the frame", INT(shape_size(sample_shape(prep))));
}

static void set_prep(Net *net, const Prep *prep)
{
    if (prep) prep_ref(prep);
    prep_unref(net->prep);
    net->prep = prep;
    if (prep) net->taint |= prep->taint;
}

bool net_prepare(Net *net, const Prep *prep, Err *err)
{
    Shape in;
    if (!input_shape(net, prep, &in, err)) return false;
    Plan *plan = plan_new(net->def, in, prep, err);
    if (!plan) return false;
    bool fits = check_output(net, plan, prep, err) && footprint_weights_fit(plan, err);
    Params *params = fits ? params_new(plan, err) : NULL;
    if (!params) {
        plan_unref(plan);
        return false;
    }
    params_init(params, plan, net->seed);
    forget_training(net);
    params_unref(net->params);
    plan_unref(net->plan);
    net->params = params;
    net->plan = plan;
    set_prep(net, prep);
    return true;
}

bool net_started(const Net *net)
{
    return net->epoch > 0 || (net->state && net->state->steps > 0);
}

Net *net_rewind(const Net *net, Err *err)
{
    Net *copy = net_version(net);
    forget_training(copy);
    copy->taint = net->prep ? net->prep->taint : 0;
    if (!net->plan) return copy;
    Params *params = params_new(net->plan, err);
    if (!params) {
        net_unref(copy);
        return NULL;
    }
    params_init(params, net->plan, net->seed);
    params_unref(copy->params);
    copy->params = params;
    return copy;
}

Net *net_restore(const Net *net, int epoch, Err *err)
{
    char kept[64];
    if (epoch == net->epoch) return net_version(net);
    if (!net->best || epoch != net->best_epoch) {
        snprintf(kept, sizeof kept, net->best && net->best_epoch != net->epoch ? "%d and %d" : "%d",
                 net->epoch, net->best_epoch);
        ERR(err, no_epoch, net->def->name, INT(epoch), kept);
        return NULL;
    }
    Net *copy = net_version(net);
    params_unref(copy->params);
    state_unref(copy->state);
    copy->params = params_ref(net->best);
    copy->state = state_ref(net->best_state);
    copy->epoch = net->best_epoch;
    copy->decision = NULL;
    return copy;
}

bool net_freeze(Net *net, const char *layer, bool frozen, Err *err)
{
    NetDef *def = netdef_with_frozen(net->def, layer, frozen, err);
    Plan *plan = def && net->plan ? plan_new(def, net->plan->in, net->prep, err) : NULL;
    if (!def || (net->plan && !plan)) {
        netdef_unref(def);
        return false;
    }
    netdef_unref(net->def);
    plan_unref(net->plan);
    net->def = def;
    net->plan = plan;
    return true;
}

/* ---- facts */

int net_outputs(const Net *net)
{
    return net->plan ? (int)shape_size(plan_last(net->plan)->out) : 0;
}

/* Values as little-endian float32, a block at a time. */
static void hash_values(Sha256 *hash, const real *values, size_t n)
{
    unsigned char bytes[4 * 256];
    for (size_t from = 0, count; from < n; from += count) {
        count = n - from < 256 ? n - from : 256;
        for (size_t i = 0; i < count; i++) {
            float value = (float)values[from + i];
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            for (int k = 0; k < 4; k++) bytes[4 * i + (size_t)k] = (unsigned char)(bits >> (8 * k));
        }
        sha256_add(hash, bytes, 4 * count);
    }
}

void net_hash(const Net *net, char out[9])
{
    Sha256 hash;
    unsigned char digest[32];
    sha256_begin(&hash);
    if (net->params) hash_values(&hash, net->params->values, net->params->n_weights + net->params->n_stats);
    sha256_end(&hash, digest);
    hash_hex(digest, 8, out);
}
