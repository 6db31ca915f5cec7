/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/sample_report.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "parent", OPTION_COLUMN, OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the column that names a row's parent; missing at a root" },
    { "node", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "the column that parent= names; without it rows of an id count from 1" },
    { "labels", OPTION_WORD, 0, "root", 0, 0, "root|every", NULL,
      "the target of the root, or of every row, which reads the rows below it" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    SampleRule rule = { .kind = SAMPLE_TREE,
                        .every = !strcmp(option_text(&call->options, "labels"), "every"),
                        .parent = option_text(&call->options, "parent"),
                        .node = option_text(&call->options, "node") };
    int id = frame_role(call->frame, ROLE_ID);
    bool node_is_id = id >= 0 && rule.node && !strcmp(call->frame->columns[id].name, rule.node);
    if (node_is_id)
        return ERR_AT(err, call_span(call, "node"), bad_value, "node",
                      "a column other than the id of the trees", rule.node);
    const char *held[] = { rule.parent, rule.node };
    return sample_rule_set(session, call, rule, held, 2, result, err);
}

const CommandKind command_tree = {
    .kind = { .name = "tree",
              .help = "lets a net read rows that a parent column links to trees",
              .more =
                  "Trees are those of an id, or of the whole frame without one. A row's children stand "
                  "in the order of their "
                  "rows. Parent and node become held columns: no net reads them. split and folds divide "
                  "whole trees. The layer `recursive` reads them. labels=every makes a sample of every "
                  "node's subtree, so that a node is computed once for each node above it: the work grows "
                  "with the mean depth (23 times that of the roots alone for the lists of up to 84 brackets "
                  "of ListOps, 2 to 5 times for sentences and companies).",
              KIND_OPTIONS(options),
              .example = "simulate uniform as firms rows=6 columns=2\nderive firms owner = ifelse(x1 > 2, 1, "
                         "missing)\n"
                         "tree firms parent=owner",
              .since = "1" },
    .group = "Data",
    .form = "tree FRAME parent= [node=] [labels=root|every]",
    .flags = COMMAND_FRAME | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
