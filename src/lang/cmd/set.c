/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/settings.h"
#include "numeric/gemm.h"

static const OptionSpec options[] = {
    { "setting", OPTION_TEXT, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "its name; none lists all" },
    { "value", OPTION_ANY, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "its new value" },
};

static void show_all(Session *session, const Call *call, Result *result)
{
    Table *table = result_table(result, "settings", NULL);
    table_column(call->arena, table, "setting", ALIGN_LEFT, 0);
    table_column(call->arena, table, "value", ALIGN_LEFT, 0);
    table_column(call->arena, table, "what it is", ALIGN_LEFT, 0);
    for (int i = 0; i < settings_kind.n_options; i++) {
        const OptionSpec *spec = &settings_kind.options[i];
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, spec->name);
        row[1] = settings_get(&session->settings, spec->name);
        row[2] = value_text(call->arena, spec->help);
        record_set(call->arena, result->record, spec->name, row[1]);
    }
    result_line(result, "products: %s, own kernel %s", blas_describe(), gemm_instruction_set());
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "setting");
    if (!name) {
        show_all(session, call, result);
        return true;
    }
    if (option_given(&call->options, "value") && session->seed_given && !strcmp(name, "seed")) {
        NOTE(&result->notes, seed_stays, NUM(session->settings.seed));
        return true;
    }
    if (option_given(&call->options, "value"))
        return settings_put(&session->settings, session->kept, name,
                            option_get(&call->options, "value")->value,
                            option_get(&call->options, "value")->span, err);
    Value value = settings_get(&session->settings, name);
    if (value.type == VALUE_MISSING)
        return settings_put(&session->settings, session->kept, name, value,
                            option_get(&call->options, "setting")->span, err);
    Buf text = { 0 };
    value_show(&text, &value, 0);
    result_line(result, "%s %s", name, buf_text(&text));
    buf_free(&text);
    return true;
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)session, (void)prefix;
    for (int i = 0; i < settings_kind.n_options; i++) add(context, settings_kind.options[i].name);
}

const CommandKind command_set = {
    .kind = { .name = "set",
              .help = "shows or changes a setting",
              KIND_OPTIONS(options),
              .example = "set seed 2026\nset digits 3",
              .since = "1" },
    .group = "Session",
    .form = "set [SETTING [VALUE]]",
    .flags = COMMAND_UNDO,
    .run = run,
    .complete = complete,
};
