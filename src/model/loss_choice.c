/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which loss goes with which target and last activation. */
#include "model/loss.h"

#include <string.h>

#include "model/net.h"
#include "numeric/vec.h"

static const char *kind_words(char target_kind)
{
    return target_kind == 'n'   ? "a number"
           : target_kind == 'b' ? "a target of two levels"
                                : "a target of several levels";
}

static const char *ending(const LayerPlan *last)
{
    return last->activation ? last->activation->kind.name : "linear";
}

static bool hint_ending(LossTarget target, Err *err)
{
    if (target.kind == 'b') return err_hint(err, "end the net with: dense 1 sigmoid");
    return err_hint(err, "end the net with: dense %d softmax", target.n_levels);
}

const LossKind *loss_default(const LayerPlan *last, LossTarget target, Err *err)
{
    if (target.kind == 'n') return loss_find("mse");
    if (target.kind == 'b' && text_equal(ending(last), "sigmoid")) return loss_find("bce");
    if (target.kind == 'c' && text_equal(ending(last), "softmax")) return loss_find("cce");
    if (target.kind == 'c' && text_equal(ending(last), "ordinal")) return loss_find("ordinal");
    ERR_AT(err, last->def->span, no_loss, last->net, last->def->name, ending(last), target.name,
           kind_words(target.kind));
    hint_ending(target, err);
    return NULL;
}

bool loss_fits(const LossKind *loss, const LayerPlan *last, LossTarget target, Err *err)
{
    if (!strchr(loss->targets, target.kind))
        return ERR(err, loss_target, loss->kind.name, kind_words(target.kind), target.name);
    if (loss->fused && !text_equal(loss->fused, ending(last)))
        return ERR_AT(err, last->def->span, loss_activation, loss->kind.name, loss->fused, last->def->name,
                      ending(last));
    return true;
}

double loss_divisor(const LossKind *loss, const real *weight, size_t n)
{
    return weight && !loss->joint ? vec_sum(weight, n) : (double)n;
}

const LossKind *net_default_loss(const Net *net, const Prep *prep, Err *err)
{
    LossTarget target = { "", 'n', 0 };
    if (prep && prep->target_kind)
        target = (LossTarget){ prep->target, prep->target_kind, prep->n_target_levels };
    return loss_default(plan_last(net->plan), target, err);
}
