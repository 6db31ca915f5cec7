/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "folder", OPTION_FILE, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL,
      "where to go; none prints where one is" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *folder = option_text(&call->options, "folder");
    if (folder) {
        const char *path = session_path(session, call->arena, folder);
        if (chdir(path))
            return ERR_AT(err, option_get(&call->options, "folder")->span, no_file, path, strerror(errno));
    }
    char here[4096];
    if (!folder && getcwd(here, sizeof here)) result_line(result, "%s", here);
    return true;
}

const CommandKind command_cd = {
    .kind = { .name = "cd",
              .help = "changes or prints the working directory",
              KIND_OPTIONS(options),
              .example = "cd \".\"",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_NO_CHECK,
    .run = run,
};
