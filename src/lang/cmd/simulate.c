/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/source.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "kind", OPTION_KIND, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, &simulator_kinds,
      "what to simulate" },
    { "rows", OPTION_INTEGER, 0, "1000", 1, 4e9, NULL, NULL, "how many rows" },
    { "seed", OPTION_INTEGER, 0, NULL, 0, 9007199254740992.0, NULL, NULL,
      "random seed; `set seed` otherwise" },
};

static bool no_option(const Call *call, const Kind *kind, const Arg *arg, Err *err)
{
    const Kind *tables[2] = { call->options.kind, kind };
    const char *names[64];
    size_t n = 0;
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < tables[t]->n_options && n < 64; i++) names[n++] = tables[t]->options[i].name;
    ERR_AT(err, arg->key_span, unknown_option, "simulate", arg->key);
    return err_suggest(err, arg->key, names, n);
}

/* Options of the simulator may stand beside rows= and seed=. */
static bool bind_kind(const Call *call, const Kind *kind, Options *out, Err *err)
{
    const Option *option = option_get(&call->options, "kind");
    if (!call->extra.n && option->options) {
        *out = *option->options;
        return true;
    }
    Args args = { arena_take(call->arena, (size_t)(call->extra.n + 16) * sizeof(Arg)), 0 };
    if (option->value.type == VALUE_KIND)
        for (int i = 0; i < option->value.kind.args->n && i < 16; i++)
            args.items[args.n++] = option->value.kind.args->items[i];
    for (int i = 0; i < call->extra.n; i++) {
        if (!option_spec(kind, call->extra.items[i].key, 0))
            return no_option(call, kind, &call->extra.items[i], err);
        args.items[args.n++] = call->extra.items[i];
    }
    return options_bind(kind, &args, call->arena, call->span, out, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const SimulatorKind *simulator = (const SimulatorKind *)option_kind(&call->options, "kind");
    Options simulator_options;
    if (!bind_kind(call, &simulator->kind, &simulator_options, err)) return false;
    double seed =
        option_given(&call->options, "seed") ? option_number(&call->options, "seed") : session->settings.seed;
    size_t rows = (size_t)option_number(&call->options, "rows");
    Frame *frame =
        simulator->make(rows, (uint64_t)seed, &simulator_options, &result->notes, &session->progress, err);
    if (!frame) return false;
    record_number(call->arena, result->record, "rows", (double)frame->n_rows);
    record_number(call->arena, result->record, "columns", frame->n_columns);
    result_line(result, "%s: %zu %s, %d columns from simulate %s, seed %.0f", call->as, frame->n_rows,
                count_noun((double)frame->n_rows, "row", "rows"), frame->n_columns, simulator->kind.name,
                seed);
    Object *object = object_frame(frame);
    object->saved = true; /* the same statement makes it again */
    return session_put(session, call->as, object, call->replace, err);
}

const CommandKind command_simulate = {
    .kind = { .name = "simulate",
              .help = "makes data whose truth is known",
              .more = "evaluate prints the attainable figure of the same rows beside what a model reached.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000 seed=7\nhead loans",
              .since = "1" },
    .group = "Reading and writing",
    .form = "simulate KIND as NAME [rows=] [seed=] [what the kind takes]",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_EXTRA | COMMAND_LAST,
    .run = run,
};
