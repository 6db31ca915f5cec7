/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/help_kind.h"

#include <string.h>

static const char *bracket(const OptionSpec *spec, bool open)
{
    return spec->flags & OPTION_REQUIRED ? "" : open ? "[" : "]";
}

static void write_form(Buf *out, const Kind *kind, const CommandKind *command)
{
    buf_puts(out, kind->name);
    for (int i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        bool positional = spec->flags & OPTION_POSITIONAL;
        buf_printf(out, " %s%s%s%s%s", bracket(spec, true), spec->name, positional ? "" : "=",
                   positional && (spec->flags & OPTION_LIST) ? " ..." : "", bracket(spec, false));
    }
    if (command && (command->flags & COMMAND_IF)) buf_puts(out, " [if CONDITION]");
    if (command && (command->flags & COMMAND_AS_REQUIRED))
        buf_puts(out, " as NAME");
    else if (command && (command->flags & COMMAND_AS))
        buf_puts(out, " [as NAME]");
    if (command && (command->flags & COMMAND_REPLACE)) buf_puts(out, " [replace]");
}

const char *help_form(Arena *arena, const Kind *kind, const CommandKind *command)
{
    if (command && command->form) return command->form;
    Buf form = { 0 };
    write_form(&form, kind, command);
    const char *text = arena_text(arena, buf_text(&form));
    buf_free(&form);
    return text;
}

void help_takes(Buf *out, const OptionSpec *spec)
{
    if (spec->type != OPTION_KIND || !spec->kinds) {
        option_describe(out, spec);
        return;
    }
    for (int i = 0; i < spec->kinds->n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", spec->kinds->items[i]->name);
}

/* "passes over the training rows (a whole number; default 10)" */
static const char *option_meaning(Arena *arena, const OptionSpec *spec)
{
    Buf text = { 0 };
    buf_printf(&text, "%s (", spec->help ? spec->help : "");
    help_takes(&text, spec);
    if (spec->initial) buf_printf(&text, "; default %s", spec->initial);
    buf_putc(&text, ')');
    const char *meaning = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return meaning;
}

static void option_table(Result *result, const Kind *kind)
{
    if (!kind->n_options) return;
    Arena *arena = result->arena;
    Table *table = result_table(result, "options", NULL);
    table_column(arena, table, "option", ALIGN_LEFT, 0);
    table_column(arena, table, "what it is (what it takes)", ALIGN_PROSE, 0);
    for (int i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        const char *sign = spec->flags & OPTION_POSITIONAL ? "" : "=";
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, arena_format(arena, "%s%s", spec->name, sign));
        row[1] = value_text(arena, option_meaning(arena, spec));
    }
}

static void result_lines(Result *result, const char *indent, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        result_line(result, "%s%.*s", indent, (int)n, text);
        text += n + (text[n] == '\n');
    }
}

void help_kind(Result *result, const Kind *kind, const char *noun, const char *form)
{
    result_line_ink(result, INK_TITLE, "%s (%s): %s", kind->name, noun, kind->help);
    result_lines(result, "  ", form);
    if (kind->more) result_lines(result, "", kind->more);
    option_table(result, kind);
    if (!kind->example) return;
    result_line_ink(result, INK_DIM, "example");
    result_lines(result, "  ", kind->example);
}
