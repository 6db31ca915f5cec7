/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/stack.h"

#include "lang/bind.h"
#include "lang/made_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the frame whose rows come first" },
    { "other", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the frame whose rows come after" },
};

/* Names of columns that one frame has and the other lacks. */
static void report_lacking(const Frame *has, const Frame *lacks, Result *result)
{
    Buf names = { 0 };
    for (int c = 0; c < has->n_columns; c++)
        if (frame_find(lacks, has->columns[c].name) < 0)
            buf_printf(&names, "%s%s", names.length ? ", " : "", has->columns[c].name);
    if (names.length)
        result_line(result, "missing in the rows of %s: %s", frame_label(lacks), buf_text(&names));
    buf_free(&names);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const Frame *other = session_frame(session, option_text(&call->options, "other"), err);
    if (!other) return false;
    Frame *frame = frame_append(call->frame, other, &result->notes, err);
    if (!frame) {
        if (err && !err->span.source) err->span = call_span(call, "other");
        return false;
    }
    result_line(result, "%zu rows of %s, then %zu of %s", call->frame->n_rows, call->frame_name,
                other->n_rows, frame_label(other));
    report_lacking(call->frame, other, result);
    report_lacking(other, call->frame, result);
    Call named = *call;
    if (!call->as) { /* the first frame grows */
        named.as = call->frame_name;
        named.replace = true;
    }
    return made_frame_put(session, &named, frame, other, result, err);
}

const CommandKind command_append = {
    .kind = { .name = "append",
              .help = "puts the rows of one frame below those of another",
              .more =
                  "Columns go by name; where a frame has no such column its rows are missing there. Integers "
                  "beside numbers become numbers, on/off beside numbers 0 and 1, categories beside texts "
                  "texts; "
                  "other types are an error. Without `as` the first frame gets the rows.\n"
                  "The first frame's roles, event, recipe and sample rule stay; what was derived in both in "
                  "the "
                  "same way can be derived again, else it counts as raw. The split is dropped, since the new "
                  "rows are in no part, and rows count from 1.",
              KIND_OPTIONS(options),
              .example = "simulate credit as old rows=100 seed=1\nsimulate credit as new rows=50 seed=2\n"
                         "append old new as all_loans",
              .since = "1" },
    .group = "Data",
    .form = "append FRAME OTHER [as NAME]",
    .flags = COMMAND_FRAME | COMMAND_AS | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
