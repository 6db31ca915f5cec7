/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of pooling layers. Settings: size_y, size_x, stride_y, stride_x. */
#include "model/layers/pooling.h"

#include <stdio.h>

enum { SETTING_SIZE, SETTING_STRIDE = 2 };

static bool is_image(const LayerPlan *plan)
{
    return plan->in.n_dims == 3;
}

/* `2`, or for an image `2 3`: height, width. */
static bool read_pair(LayerPlan *plan, const char *option, int setting, Err *err)
{
    ValueList list = option_list(plan->def->options, option);
    int most = is_image(plan) ? 2 : 1;
    if (list.n > most)
        return ERR_AT(err, plan->def->span, too_many, option),
               err_hint(err, "%s",
                        most == 2 ? "an image takes height and width" : "a series takes one number");
    for (int axis = 0; axis < 2; axis++)
        plan->settings[setting + axis] =
            axis == 0 && most == 1 ? 1 : list.items[axis < list.n ? axis : list.n - 1].number;
    return true;
}

static bool too_short(const LayerPlan *plan, const PoolShape *s, Err *err)
{
    char needs[96];
    if (is_image(plan))
        snprintf(needs, sizeof needs, "at least %zu x %zu for its window", s->size_y, s->size_x);
    else
        snprintf(needs, sizeof needs, "at least %zu steps for its window", s->size_x);
    return plan_mismatch(plan, needs, err), err_hint(err, "a smaller size, or globalpool for all there is");
}

PoolShape pooling_read(const LayerPlan *plan)
{
    bool image = is_image(plan);
    const double *settings = plan->settings;
    PoolShape s = { .height = image ? plan->in.dims[0] : 1,
                    .width = plan->in.dims[image],
                    .channels = plan->in.n_dims == 1 ? 1 : plan->in.dims[plan->in.n_dims - 1],
                    .size_y = (size_t)settings[SETTING_SIZE],
                    .size_x = (size_t)settings[SETTING_SIZE + 1],
                    .stride_y = (size_t)settings[SETTING_STRIDE],
                    .stride_x = (size_t)settings[SETTING_STRIDE + 1] };
    s.out_height = s.height < s.size_y ? 0 : (s.height - s.size_y) / s.stride_y + 1;
    s.out_width = s.width < s.size_x ? 0 : (s.width - s.size_x) / s.stride_x + 1;
    return s;
}

size_t pooling_steps(const LayerPlan *plan, size_t n)
{
    int axis = !is_image(plan);
    size_t size = (size_t)plan->settings[SETTING_SIZE + axis],
           stride = (size_t)plan->settings[SETTING_STRIDE + axis];
    return n < size ? 0 : (n - size) / stride + 1;
}

bool pooling_shape(LayerPlan *plan, Err *err)
{
    bool own_stride = option_given(plan->def->options, "stride");
    if (plan->in.n_dims < 1 || plan->in.n_dims > 3)
        return plan_mismatch(plan, "(steps, channels) or (height, width, channels)", err);
    if (!read_pair(plan, "size", SETTING_SIZE, err) ||
        !read_pair(plan, own_stride ? "stride" : "size", SETTING_STRIDE, err))
        return false;
    PoolShape s = pooling_read(plan);
    if (s.out_height == 0 || s.out_width == 0) return too_short(plan, &s, err);
    if (s.size_y * s.size_x > POOL_WINDOW_MAX)
        return plan_mismatch(plan, "windows of at most 65535 values", err), false;
    plan->out = is_image(plan) ? (Shape){ 3, { s.out_height, s.out_width, s.channels } }
                               : (Shape){ 2, { s.out_width, s.channels } };
    return true;
}
