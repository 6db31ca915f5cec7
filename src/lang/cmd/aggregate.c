/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/made_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a frame with a time role" },
    { "every", OPTION_ANY, OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "day, week (which ends on Sunday), month, quarter, year; or what divides a day: 5min, 1h" },
    { "by", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns kept apart; the id role otherwise" },
};

static bool read_period(const Call *call, Period *out, Err *err)
{
    const Value *every = &option_get(&call->options, "every")->value;
    if (period_read(every, out)) return true;
    Buf text = { 0 };
    buf_puts(&text, "'");
    value_write(&text, every);
    buf_puts(&text, "'");
    ERR_AT(err, call_span(call, "every"), bad_value, "aggregate every",
           "day, week, month, quarter, year, or a duration that divides a day, as 5min or 1h",
           buf_text(&text));
    buf_free(&text);
    return false;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    int id = frame_role(call->frame, ROLE_ID);
    GroupPlan plan = { .periods = true };
    Call by_id = *call;
    if (!read_period(call, &plan.every, err)) return false;
    if (id >= 0 && !option_given(&call->options, "by")) {
        Option *items = arena_take(call->arena, (size_t)call->options.kind->n_options * sizeof *items);
        memcpy(items, call->options.items, (size_t)call->options.kind->n_options * sizeof *items);
        items[2].value = value_word(call->arena, call->frame->columns[id].name);
        by_id.options.items = items;
    }
    return made_frame_group(session, &by_id, &plan, result, err);
}

const CommandKind command_aggregate = {
    .kind = { .name = "aggregate",
              .help = "makes one row of each id and period of time",
              .more =
                  "As `group`, for each period of the time role that has rows: open=first(price) "
                  "high=max(price) low=min(price) close=last(price) volume=sum(volume). A row carries the "
                  "last day of its period (weeks: Sunday) or, below a day, the time at which it is over: of "
                  "every=5min 09:35 for what begins at 09:30, counted from midnight UTC. That is when all of "
                  "it is known, so that nothing looks ahead when it is joined as of that time; the last "
                  "period may not be over where the data end. Periods without rows make none. Rows without a "
                  "time are left out. Without `as` the first rows are shown and nothing is kept. Roles and "
                  "the rest are those of `group`.",
              KIND_OPTIONS(options),
              .example =
                  "simulate borrowers as loans rows=20\n"
                  "aggregate loans every=quarter worst=max(dpd) income=last(income) n=count() as quarters\n"
                  "head quarters 3",
              .since = "1" },
    .group = "Data",
    .form = "aggregate FRAME every=day|week|month|quarter|year|DURATION [by=COLUMN,...] NAME = STATISTIC ... "
            "[as NAME]",
    .flags = COMMAND_FRAME | COMMAND_NEWS | COMMAND_AS | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
