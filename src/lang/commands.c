/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"

#include <string.h>

#include "lang/step_command.h"

#define COMMAND(name) extern const CommandKind command_##name;
#include "lang/commands.def"
#undef COMMAND

static const Kind *const written[] = {
#define COMMAND(name) &command_##name.kind,
#include "lang/commands.def"
#undef COMMAND
};
#define N_WRITTEN (int)(sizeof written / sizeof *written)
#define STEPS_MAX 64

/* The steps' verbs are made from their own tables, once, by the first caller (the main thread). */
const KindList *command_list(void)
{
    static CommandKind steps[STEPS_MAX];
    static const Kind *items[N_WRITTEN + STEPS_MAX];
    static KindList list = { "verb", items, 0 };
    if (list.n) return &list;
    memcpy(items, written, sizeof written);
    list.n = N_WRITTEN;
    for (int i = 0; i < step_kinds.n && i < STEPS_MAX; i++) {
        step_command_make((const StepKind *)step_kinds.items[i], &steps[i]);
        items[list.n++] = &steps[i].kind;
    }
    return &list;
}

const CommandKind *command_find(const char *verb)
{
    return (const CommandKind *)kind_find(command_list(), verb);
}
