/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/roles.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    ROLE_OPTIONS,
};

static void show_roles(const Call *call, Result *result)
{
    Table *table = result_table(result, "roles", NULL);
    table_column(call->arena, table, "column", ALIGN_LEFT, 0);
    table_column(call->arena, table, "role", ALIGN_LEFT, 0);
    table_column(call->arena, table, "type", ALIGN_LEFT, 0);
    for (int c = 0; c < call->frame->n_columns; c++) {
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, call->frame->columns[c].name);
        row[1] = value_text(call->arena, role_name(call->frame->columns[c].role));
        row[2] = value_text(call->arena, column_type_name(call->frame->columns[c].column));
    }
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Frame *frame = frame_version(call->frame);
    bool any = false;
    if (!roles_apply(frame, &call->options, &any, err)) {
        frame_unref(frame);
        return false;
    }
    if (any) {
        session_set(session, call->frame_name, object_frame(frame));
        return true;
    }
    frame_unref(frame);
    show_roles(call, result);
    return true;
}

const CommandKind command_role = {
    .kind = { .name = "role",
              .help = "says what columns are for: target, id, time, group, weight, score, protected, held",
              .more = "Everything else is an input. Target, id, time, group, weight, protected and held "
                      "columns are never "
                      "inputs. event= names the level of a two-level target that counts as the event.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nrole toy hold=x2\nrole toy",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_UNDO,
    .run = run,
};
