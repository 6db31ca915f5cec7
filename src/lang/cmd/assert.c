/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/source.h"
#include "lang/command.h"
#include "lang/session.h"

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session, (void)result;
    if (!call->n_values) return ERR(err, missing_argument, "assert", "a condition");
    const Value *value = &call->values[0];
    Span span = call->value_nodes[0]->span;
    if (value->type != VALUE_BOOL && value->type != VALUE_MISSING)
        return ERR_AT(err, span, not_a_condition, value_type_name(value->type));
    if (value->type == VALUE_BOOL && value->on) return true;
    Buf words = { 0 };
    if (call->n_values > 1)
        value_show(&words, &call->values[1], 0);
    else
        buf_puts(&words, span_text(span, call->arena));
    ERR_AT(err, span, assert_failed, buf_text(&words));
    buf_free(&words);
    return false;
}

const CommandKind command_assert = {
    .kind = { .name = "assert",
              .help = "stops the script, with exit status 1, unless a condition holds",
              .example = "let auc = 0.74\nassert $auc > 0.70 \"the floor of the credit policy\"",
              .since = "1" },
    .group = "Language",
    .form = "assert CONDITION [\"what it means\"]",
    .flags = COMMAND_VALUES,
    .run = run,
};
