/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/sample_report.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a frame with an id" },
    { "labels", OPTION_WORD, 0, "last", 0, 0, "last|every", NULL,
      "the target of an id's last row, or of every row, which reads the rows up to it" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    SampleRule rule = { .kind = SAMPLE_SEQUENCE,
                        .every = !strcmp(option_text(&call->options, "labels"), "every") };
    if (frame_role(call->frame, ROLE_ID) < 0) {
        ERR(err, needs_id, "sequence", call->frame_name);
        return err_hint(err, "write role %s id=COLUMN", call->frame_name);
    }
    return sample_rule_set(session, call, rule, NULL, 0, result, err);
}

const CommandKind command_sequence = {
    .kind = { .name = "sequence",
              .help = "lets a net read all rows of an id at once",
              .more = "Ids may have different numbers of rows: layers see (longest, columns) and pass over "
                      "what an id does not "
                      "have. split and folds divide whole ids.",
              KIND_OPTIONS(options),
              .example = "simulate motif as waves rows=20\nsequence waves",
              .since = "1" },
    .group = "Data",
    .form = "sequence FRAME [labels=last|every]",
    .flags = COMMAND_FRAME | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
