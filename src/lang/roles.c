/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/roles.h"

#include <string.h>

static const struct {
    const char *option;
    Role role;
} single[] = {
    { "target", ROLE_TARGET }, { "id", ROLE_ID },         { "time", ROLE_TIME },
    { "group", ROLE_GROUP },   { "weight", ROLE_WEIGHT }, { "score", ROLE_SCORE },
};

static bool failed_at(const Option *option, Err *err)
{
    if (err && !err->span.source) err->span = option->span;
    return false;
}

/* A role that one column has moves; `off` takes it away. */
static bool move_role(Frame *frame, Role role, const Option *option, Err *err)
{
    int before = frame_role(frame, role);
    if (before >= 0 && !frame_set_role(frame, frame->columns[before].name, ROLE_INPUT, err)) return false;
    if (option->value.type == VALUE_MISSING) return true;
    return frame_set_role(frame, option->value.text, role, err) || failed_at(option, err);
}

/* `off`: the columns of the role become inputs; those that look ahead stay held. */
static void release(Frame *frame, Role role)
{
    for (int c = 0; c < frame->n_columns; c++)
        if (frame->columns[c].role == role)
            frame->columns[c].role = frame->columns[c].lead > 0 ? ROLE_HELD : ROLE_INPUT;
}

static bool set_many(Frame *frame, const Options *options, const char *name, Role role, Err *err)
{
    int *columns, n;
    if (option_get(options, name)->value.type == VALUE_MISSING) {
        release(frame, role);
        return true;
    }
    if (!frame_select(frame, option_list(options, name), false, frame->arena, &columns, &n, err))
        return failed_at(option_get(options, name), err);
    for (int i = 0; i < n; i++)
        if (!frame_set_role(frame, frame->columns[columns[i]].name, role, err)) return false;
    return true;
}

bool roles_apply(Frame *frame, const Options *options, bool *any, Err *err)
{
    *any = false;
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (!option_given(options, single[i].option)) continue;
        *any = true;
        if (!move_role(frame, single[i].role, option_get(options, single[i].option), err)) return false;
    }
    if (option_given(options, "protect")) {
        *any = true;
        if (!set_many(frame, options, "protect", ROLE_PROTECTED, err)) return false;
    }
    if (option_given(options, "hold")) {
        *any = true;
        if (!set_many(frame, options, "hold", ROLE_HELD, err)) return false;
    }
    if (option_given(options, "event")) {
        *any = true;
        frame->event = value_copy(frame->arena, option_get(options, "event")->value);
        TargetInfo target;
        if (!frame_target(frame, frame->arena, &target, err))
            return failed_at(option_get(options, "event"), err);
    }
    if (option_given(options, "higher")) {
        *any = true;
        frame->higher_is_safer = !strcmp(option_text(options, "higher"), "safer");
    }
    return true;
}
