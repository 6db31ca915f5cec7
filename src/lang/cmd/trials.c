/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)err;
    record_number(call->arena, result->record, "trials", session->n_trials);
    record_number(call->arena, result->record, "test_openings", session->test_openings);
    result_line(result, "%d %s, test rows opened %d %s", session->n_trials,
                session->n_trials == 1 ? "trial" : "trials", session->test_openings,
                session->test_openings == 1 ? "time" : "times");
    if (!session->n_trials) return true;
    Table *table = result_table(result, "trials", NULL);
    table_column(call->arena, table, "#", ALIGN_RIGHT, 0);
    table_column(call->arena, table, "trial", ALIGN_LEFT, 0);
    table_column(call->arena, table, "metric", ALIGN_LEFT, 0);
    table_column(call->arena, table, "value", ALIGN_RIGHT, 4);
    for (int i = 0; i < session->n_trials; i++) {
        Value *row = table_row(call->arena, table);
        row[0] = value_number(i + 1);
        row[1] = value_text(call->arena, session->trials[i].words);
        row[2] = value_text(call->arena, session->trials[i].metric);
        row[3] = value_number(session->trials[i].value);
    }
    return true;
}

const CommandKind command_trials = {
    .kind = { .name = "trials",
              .help = "lists every training that was judged, and how often the test rows were opened",
              .more = "The best of many trials is better than it deserves. These counters only grow: undo "
                      "does not take them "
                      "back.",
              .example = "trials",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_LAST,
    .run = run,
};
