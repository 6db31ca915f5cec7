/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glob.h>
#include <sys/stat.h>

#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "pattern", OPTION_FILE, OPTION_POSITIONAL, "*", 0, 0, NULL, NULL, "which files: \"data/*.csv\"" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)err;
    const char *pattern = session_path(session, call->arena, option_text(&call->options, "pattern"));
    glob_t found = { 0 };
    glob(pattern, GLOB_MARK, NULL, &found);
    Table *table = result_table(result, "files", NULL);
    table_column(call->arena, table, "file", ALIGN_LEFT, 0);
    table_column(call->arena, table, "size", ALIGN_RIGHT, 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct stat status;
        char size[40];
        if (stat(found.gl_pathv[i], &status)) continue;
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, found.gl_pathv[i]);
        if (!S_ISDIR(status.st_mode))
            row[1] = value_text(call->arena, bytes_text((double)status.st_size, size));
    }
    if (!table->n_rows) result_line(result, "no file matches");
    globfree(&found);
    return true;
}

const CommandKind command_files = {
    .kind = { .name = "files",
              .help = "lists files",
              KIND_OPTIONS(options),
              .example = "files \"*.csv\"",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_NO_CHECK,
    .run = run,
};
