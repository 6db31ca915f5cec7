/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/help.h"

static const OptionSpec options[] = {
    { "topic", OPTION_TEXT, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL,
      "a verb, layer, metric, ... or any word" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session;
    return help_topic(result, option_text(&call->options, "topic"), err);
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)session, (void)prefix;
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n; i++) add(context, verbs->items[i]->name);
    for (int i = 0; help_list_word(i); i++) add(context, help_list_word(i));
}

const CommandKind command_help = {
    .kind = { .name = "help",
              .help = "explains verbs, layers, steps, metrics, settings; finds what mentions a word",
              KIND_OPTIONS(options),
              .example = "help train\nhelp layers\nhelp missing",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_WORDS,
    .run = run,
    .complete = complete,
};
