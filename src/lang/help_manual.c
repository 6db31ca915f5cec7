/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manual pages of verbs, from the table that help and the binder use. */
#include "lang/help.h"
#include "lang/help_kind.h"

/* Troff: backslashes and leading dots are text, hyphens are minus signs. */
static void troff(Buf *out, const char *text)
{
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\'')) buf_puts(out, "\\&");
        if (*text == '\\')
            buf_puts(out, "\\e");
        else if (*text == '-')
            buf_puts(out, "\\-");
        else
            buf_putc(out, *text);
        start = *text == '\n';
    }
}

static void manual_option(Buf *out, const OptionSpec *spec)
{
    Buf takes = { 0 };
    help_takes(&takes, spec);
    buf_puts(out, ".TP\n.B ");
    troff(out, spec->name);
    buf_puts(out, spec->flags & OPTION_POSITIONAL ? "\n" : "=\n");
    troff(out, spec->help ? spec->help : "");
    buf_puts(out, " (");
    troff(out, buf_text(&takes));
    if (spec->initial) {
        buf_puts(out, "; default ");
        troff(out, spec->initial);
    }
    buf_puts(out, ").\n");
    buf_free(&takes);
}

bool help_manual(const char *verb, Arena *arena, const char **out, Err *err)
{
    const CommandKind *command = verb ? command_find(verb) : NULL;
    if (!command) return ERR(err, no_topic, verb ? verb : "");
    Buf text = { 0 };
    buf_printf(&text, ".TH FNS-%s 7 \"\" \"fns\" \"fns verbs\"\n.SH NAME\nfns-%s \\- ", verb, verb);
    troff(&text, command->kind.help);
    buf_puts(&text, "\n.SH SYNOPSIS\n.B ");
    troff(&text, help_form(arena, &command->kind, command));
    buf_puts(&text, "\n.SH DESCRIPTION\n");
    troff(&text, command->kind.more ? command->kind.more : command->kind.help);
    buf_puts(&text, "\n.SH OPTIONS\n");
    for (int i = 0; i < command->kind.n_options; i++) manual_option(&text, &command->kind.options[i]);
    if (command->kind.example) {
        buf_puts(&text, ".SH EXAMPLE\n.nf\n");
        troff(&text, command->kind.example);
        buf_puts(&text, "\n.fi\n");
    }
    buf_puts(&text, ".SH SEE ALSO\n.BR fns (1),\n.BR fns\\-language (7)\n");
    *out = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return true;
}
