/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/rowprogram.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
};

static bool rename_one(Frame *frame, const Arg *arg, Err *err)
{
    const Value *to = &arg->value;
    if (to->type != VALUE_WORD && to->type != VALUE_TEXT)
        return ERR_AT(err, arg->span, bad_value, "rename", "a new name", value_type_name(to->type));
    bool ok = rowprogram_rename(frame, arg->key, to->text, err);
    if (!ok && err && !err->span.source) err->span = arg->key_span;
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    if (!call->extra.n) return ERR(err, missing_argument, "rename", "OLD=NEW");
    Frame *frame = frame_version(call->frame);
    for (int i = 0; i < call->extra.n; i++) {
        if (rename_one(frame, &call->extra.items[i], err)) continue;
        frame_unref(frame);
        return false;
    }
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_rename = {
    .kind = { .name = "rename",
              .help = "gives columns other names",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\nrename loans x1=income x2=age",
              .since = "1" },
    .group = "Data",
    .form = "rename FRAME OLD=NEW ...",
    .flags = COMMAND_FRAME | COMMAND_EXTRA | COMMAND_UNDO,
    .run = run,
};
