/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/help.h"

#include <stdio.h>
#include <string.h>

#include "data/expr/expr.h"
#include "data/source.h"
#include "lang/settings.h"
#include "lang/vocabulary.h"
#include "measures/metric.h"
#include "model/activation.h"
#include "model/loss.h"
#include "model/optim.h"
#include "model/average.h"
#include "model/schedule.h"
#include "finance/baseline.h"

extern const Kind input_kind, parallel_kind, branch_kind, bidirectional_kind, residual_kind,
    repeat_kind; /* lang/netblock.c */

/* The kinds that help knows beside verbs: the word that lists them, and the list. */
static const struct {
    const char *word, *title;
    const KindList *list;
} lists[] = {
    { "layers", "Layers of a net", &layer_kinds },
    { "activations", "Activations of layers", &activation_kinds },
    { "optimizers", "Optimizers (train optimizer=)", &optimizer_kinds },
    { "averages", "Averages of weights (train average=)", &average_kinds },
    { "losses", "Losses (train loss=)", &loss_kinds },
    { "schedules", "Schedules of the learning rate (train schedule=)", &schedule_kinds },
    { "metrics", "Metrics (train metrics=, evaluate metrics=)", &metric_kinds },
    { "steps", "Steps of a recipe", &step_kinds },
    { "simulators", "Simulators (simulate KIND)", &simulator_kinds },
    { "readers", "Formats of files (load format=)", &reader_kinds },
    { "writers", "Formats to write (save format=)", &writer_kinds },
    { "baselines", "Baselines (fit KIND)", &baseline_kinds },
    { "functions", "Functions and operators of expressions", &expr_functions },
};
#define N_LISTS (int)(sizeof lists / sizeof *lists)

/* ---- one kind */

static const char *bracket(const OptionSpec *spec, bool open)
{
    return spec->flags & OPTION_REQUIRED ? "" : open ? "[" : "]";
}

static void write_form(Buf *out, const Kind *kind, const CommandKind *command)
{
    if (command && command->form) {
        buf_puts(out, command->form);
        return;
    }
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

/* "one of: adam, sgd" or "a whole number" */
static void write_takes(Buf *out, const OptionSpec *spec)
{
    if (spec->type != OPTION_KIND || !spec->kinds) {
        option_describe(out, spec);
        return;
    }
    for (int i = 0; i < spec->kinds->n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", spec->kinds->items[i]->name);
}

static void option_table(Result *result, const Kind *kind)
{
    if (!kind->n_options) return;
    Arena *arena = result->arena;
    Table *table = result_table(result, "options", NULL);
    table_column(arena, table, "option", ALIGN_LEFT, 0);
    table_column(arena, table, "takes", ALIGN_LEFT, 0);
    table_column(arena, table, "default", ALIGN_LEFT, 0);
    table_column(arena, table, "what it is", ALIGN_LEFT, 0);
    for (int i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        Buf takes = { 0 };
        write_takes(&takes, spec);
        Value *row = table_row(arena, table);
        row[0] = value_text(
            arena, arena_format(arena, "%s%s", spec->name, spec->flags & OPTION_POSITIONAL ? "" : "="));
        row[1] = value_text(arena, buf_text(&takes));
        if (spec->initial) row[2] = value_text(arena, spec->initial);
        row[3] = value_text(arena, spec->help ? spec->help : "");
        buf_free(&takes);
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

static void help_kind(Result *result, const Kind *kind, const char *noun, const CommandKind *command)
{
    Buf form = { 0 };
    write_form(&form, kind, command);
    result_line_ink(result, INK_TITLE, "%s (%s): %s", kind->name, noun, kind->help);
    result_line(result, "  %s", buf_text(&form));
    buf_free(&form);
    if (kind->more) result_lines(result, "", kind->more);
    option_table(result, kind);
    if (!kind->example) return;
    result_line_ink(result, INK_DIM, "example");
    result_lines(result, "  ", kind->example);
}

/* ---- lists */

static const Kind *const blocks[] = { &bidirectional_kind, &residual_kind, &parallel_kind, &branch_kind,
                                      &repeat_kind };
#define N_BLOCKS (sizeof blocks / sizeof *blocks)

static Table *begin_list(Result *result, const char *name, const char *title)
{
    Table *table = result_table(result, name, title);
    table_column(result->arena, table, "name", ALIGN_LEFT, 0);
    table_column(result->arena, table, "what it does", ALIGN_LEFT, 0);
    return table;
}

static void list_row(Result *result, Table *table, const Kind *kind)
{
    Value *row = table_row(result->arena, table);
    row[0] = value_text(result->arena, kind->name);
    row[1] = value_text(result->arena, kind->help);
}

static void help_list(Result *result, const char *word, const char *title, const KindList *list)
{
    Table *table = begin_list(result, word, title);
    for (int i = 0; i < list->n; i++) list_row(result, table, list->items[i]);
    for (size_t i = 0; list == &layer_kinds && i < N_BLOCKS; i++) list_row(result, table, blocks[i]);
    result_line(result, "help NAME tells more of each");
}

static void help_overview(Result *result)
{
    const KindList *verbs = command_list();
    const char *group = "";
    for (int i = 0; i < verbs->n; i++) {
        const CommandKind *first = (const CommandKind *)verbs->items[i];
        bool seen = false;
        for (int k = 0; k < i && !seen; k++)
            seen = !strcmp(((const CommandKind *)verbs->items[k])->group, first->group);
        if (seen) continue;
        group = first->group;
        Buf line = { 0 };
        for (int k = i; k < verbs->n; k++)
            if (!strcmp(((const CommandKind *)verbs->items[k])->group, group))
                buf_printf(&line, " %s", verbs->items[k]->name);
        result_line(result, "%-20s%s", group, buf_text(&line));
        buf_free(&line);
    }
    Buf line = { 0 };
    for (int i = 0; i < N_LISTS; i++) buf_printf(&line, " %s", lists[i].word);
    result_line(result, "%-20s%s settings", "Lists", buf_text(&line));
    buf_free(&line);
    result_line(result, " ");
    result_line(result,
                "A first session: simulate credit as loans rows=5000, then split, impute, scale, net, train, "
                "evaluate.");
    result_line(result,
                "help VERB shows its form, options and an example; help WORD finds what mentions a word; why "
                "explains the last error; Tab completes; undo takes back; quit ends.");
}

/* ---- finding */

static bool help_found(Result *result, const char *topic)
{
    bool found = false;
    const CommandKind *command = command_find(topic);
    const VerbShape *shape = command ? NULL : verb_find(topic);
    if (!command && shape) command = command_find(shape->name);
    if (command) {
        help_kind(result, &command->kind, "verb", command);
        found = true;
    }
    if (!strcmp(topic, "input")) {
        help_kind(result, &input_kind, "first line of a net", NULL);
        found = true;
    }
    for (size_t i = 0; i < N_BLOCKS; i++)
        if (!strcmp(topic, blocks[i]->name))
            help_kind(result, blocks[i], "block of a net", NULL), found = true;
    for (int i = 0; i < N_LISTS; i++) {
        if (!strcmp(topic, lists[i].word)) {
            help_list(result, lists[i].word, lists[i].title, lists[i].list);
            return true;
        }
        const Kind *kind = kind_find(lists[i].list, topic);
        if (!kind || (found && lists[i].list == &step_kinds)) continue;
        help_kind(result, kind, lists[i].list->noun, NULL);
        found = true;
    }
    return found;
}

static bool help_groups(Result *result, const char *topic)
{
    const KindList *verbs = command_list();
    Table *table = NULL;
    for (int i = 0; i < verbs->n; i++) {
        if (strcasecmp(((const CommandKind *)verbs->items[i])->group, topic)) continue;
        if (!table) table = begin_list(result, "verbs", topic);
        list_row(result, table, verbs->items[i]);
    }
    return table != NULL;
}

static bool mentions(const Kind *kind, const char *word)
{
    return strcasestr(kind->name, word) || (kind->help && strcasestr(kind->help, word)) ||
           (kind->more && strcasestr(kind->more, word));
}

static int apropos_in(Result *result, Table **table, const KindList *list, const char *word)
{
    int n = 0;
    for (int i = 0; i < list->n; i++) {
        if (!mentions(list->items[i], word)) continue;
        if (!*table)
            *table = begin_list(result, "mentions", arena_format(result->arena, "what mentions '%s'", word));
        list_row(result, *table, list->items[i]);
        n++;
    }
    return n;
}

static bool help_apropos(Result *result, const char *word)
{
    Table *table = NULL;
    int n = apropos_in(result, &table, command_list(), word);
    for (int i = 0; i < N_LISTS; i++)
        if (lists[i].list != &step_kinds) n += apropos_in(result, &table, lists[i].list, word);
    return n > 0;
}

static bool help_unknown(const char *topic, Err *err)
{
    const char *words[512];
    size_t n = 0;
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n && n < 256; i++) words[n++] = verbs->items[i]->name;
    for (int l = 0; l < N_LISTS; l++)
        for (int i = 0; i < lists[l].list->n && n < 512; i++) words[n++] = lists[l].list->items[i]->name;
    ERR(err, no_topic, topic);
    const char *neighbour = neighbour_hint(topic);
    return neighbour ? err_hint(err, "%s", neighbour) : err_suggest(err, topic, words, n);
}

bool help_topic(Result *result, const char *topic, Err *err)
{
    if (!topic) {
        help_overview(result);
        return true;
    }
    if (!strcmp(topic, "settings")) topic = "set";
    return help_found(result, topic) || help_groups(result, topic) || help_apropos(result, topic) ||
           help_unknown(topic, err);
}

/* ---- manual pages */

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
    write_takes(&takes, spec);
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
    if (!command) return help_unknown(verb ? verb : "", err);
    Buf text = { 0 }, form = { 0 };
    write_form(&form, &command->kind, command);
    buf_printf(&text, ".TH FNS-%s 7 \"\" \"fns\" \"fns verbs\"\n.SH NAME\nfns-%s \\- ", verb, verb);
    troff(&text, command->kind.help);
    buf_puts(&text, "\n.SH SYNOPSIS\n.B ");
    troff(&text, buf_text(&form));
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
    buf_free(&form);
    return true;
}
