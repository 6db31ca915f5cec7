/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "code", OPTION_TEXT, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL,
      "a code such as no_column; the last error's otherwise" },
};

static void list_codes(const Call *call, Result *result)
{
    Table *table = result_table(result, "codes", NULL);
    table_column(call->arena, table, "code", ALIGN_LEFT, 0);
    table_column(call->arena, table, "exit", ALIGN_RIGHT, 0);
    for (int i = 1; i < CODE_COUNT; i++) {
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, err_code_word((ErrCode)i));
        row[1] = value_number(err_code_class((ErrCode)i));
    }
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *word = option_text(&call->options, "code");
    ErrCode code = word ? err_code_find(word) : session->last_err.code;
    if (word && code == CODE_none) return ERR(err, no_topic, word);
    if (code == CODE_none) {
        result_line(result, "nothing has gone wrong yet; these are the codes that `why CODE` explains:");
        list_codes(call, result);
        return true;
    }
    if (!word) result_line(result, "%s", session->last_err.message);
    result_line(result, "%s: %s", err_code_word(code), err_code_why(code));
    return true;
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)session, (void)prefix;
    for (int i = 1; i < CODE_COUNT; i++) add(context, err_code_word((ErrCode)i));
}

const CommandKind command_why = {
    .kind = { .name = "why",
              .help = "explains an error: what it means and what to do",
              KIND_OPTIONS(options),
              .example = "why no_column",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_WORDS,
    .run = run,
    .complete = complete,
};
