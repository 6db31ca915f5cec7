/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/source.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "kind", OPTION_KIND, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, &simulator_kinds,
      "what to simulate" },
    { "rows", OPTION_INTEGER, 0, "1000", 1, 4e9, NULL, NULL,
      "how many rows, sequences, borrowers or groups" },
    { "seed", OPTION_INTEGER, 0, NULL, 0, 9007199254740992.0, NULL, NULL,
      "random seed; `set seed` otherwise" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const SimulatorKind *simulator = (const SimulatorKind *)option_kind(&call->options, "kind");
    Options simulator_options;
    if (!bind_kind(call, "kind", &simulator_options, err)) return false;
    double seed =
        option_given(&call->options, "seed") ? option_number(&call->options, "seed") : session->settings.seed;
    size_t rows = (size_t)option_number(&call->options, "rows");
    Frame *frame =
        frame_simulate(simulator, rows, (uint64_t)seed, &simulator_options, &session->progress, err);
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
              .more =
                  "`help simulators` lists the kinds; `help KIND` has its formula, its source and its "
                  "options, which stand beside rows= and seed=. rows= counts what a net learns from: rows, "
                  "sequences, borrowers, groups. The truth, P(event) or the expected value given all that is "
                  "known, is no column and no net can read it: `describe FRAME` prints what is attainable on "
                  "the frame's rows, `evaluate MODEL` prints it beside what the model reached on the same "
                  "rows.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000 seed=7\ndescribe loans\nhead loans",
              .since = "1" },
    .group = "Reading and writing",
    .form = "simulate KIND as NAME [rows=] [seed=] [what the kind takes]",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_EXTRA | COMMAND_LAST,
    .run = run,
};
