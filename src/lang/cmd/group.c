/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/made_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "by", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns whose equal rows make a group; without it all rows are one" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    GroupPlan plan = { .periods = false };
    return made_frame_group(session, call, &plan, result, err);
}

const CommandKind command_group = {
    .kind = { .name = "group",
              .help = "makes one row of each group of rows",
              .more =
                  "Each new column is made of statistics of the group: mean std sum min max median count "
                  "first "
                  "last any, and of the columns in by=; count() counts rows, count(x) values of x. Groups "
                  "come "
                  "in the order of by=; a missing cell there is a group of its own. first and last go by the "
                  "time role where there is one, else by the order of the rows. Without `as` the first rows "
                  "are shown and nothing is kept.\n"
                  "The new frame has rows numbered from 1, no split, no recipe, no target and no sample "
                  "rule; "
                  "id, time and group stay what they were. A group holds rows of all parts: what is made of "
                  "the target is held, so that joined to rows it is no input.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\n"
                         "derive loans risky = x1 > 0\n"
                         "group loans by=risky n=count() bad=mean(default) spread=max(x2) - min(x2)\n"
                         "group loans by=risky bad=mean(default) as rates\nprint $rates.rows",
              .since = "1" },
    .group = "Data",
    .form = "group FRAME [by=COLUMN,...] NAME = STATISTIC ... [as NAME]",
    .flags = COMMAND_FRAME | COMMAND_NEWS | COMMAND_AS | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
