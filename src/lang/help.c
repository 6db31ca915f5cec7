/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "data/augment.h"
#include "data/expr/expr.h"
#include "data/source.h"
#include "lang/help_kind.h"
#include "lang/settings.h"
#include "lang/statements.h"
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
    { "statements", "Blocks and prefixes of the language", &statement_kinds },
    { "layers", "Layers of a net", &layer_kinds },
    { "activations", "Activations of layers", &activation_kinds },
    { "optimizers", "Optimizers (train optimizer=)", &optimizer_kinds },
    { "averages", "Averages of weights (train average=)", &average_kinds },
    { "losses", "Losses (train loss=)", &loss_kinds },
    { "schedules", "Schedules of the learning rate (train schedule=)", &schedule_kinds },
    { "metrics", "Metrics (train metrics=, evaluate metrics=)", &metric_kinds },
    { "steps", "Steps of a recipe", &step_kinds },
    { "augmentations", "Augmentations (augment method=)", &augment_kinds },
    { "simulators", "Simulators (simulate KIND)", &simulator_kinds },
    { "readers", "Formats of files (load format=)", &reader_kinds },
    { "writers", "Formats to write (save format=)", &writer_kinds },
    { "baselines", "Baselines (fit KIND)", &baseline_kinds },
    { "functions", "Functions and operators of expressions", &expr_functions },
};
#define N_LISTS (int)(sizeof lists / sizeof *lists)

/* ---- lists */

const char *help_list_word(int i)
{
    if (i == N_LISTS) return "settings";
    return i >= 0 && i < N_LISTS ? lists[i].word : NULL;
}

static const Kind *const blocks[] = { &bidirectional_kind, &residual_kind, &parallel_kind, &branch_kind,
                                      &repeat_kind };
#define N_BLOCKS (sizeof blocks / sizeof *blocks)

static Table *begin_list(Result *result, const char *name, const char *title)
{
    Table *table = result_table(result, name, title);
    table_column(result->arena, table, "name", ALIGN_LEFT, 0);
    table_column(result->arena, table, "what it does", ALIGN_PROSE, 0);
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
    for (int i = 0; help_list_word(i); i++) buf_printf(&line, " %s", help_list_word(i));
    result_line(result, "%-20s%s", "Lists", buf_text(&line));
    buf_free(&line);
    result_line(result, " ");
    result_line(
        result,
        "A first session: load \"loans.csv\" as loans target=COLUMN (or simulate credit as loans "
        "rows=5000), then describe, missing, split, impute, encode, scale, net, train, fit, evaluate; "
        "help net writes a network.");
    result_line(result,
                "help VERB shows its form, options and an example; help WORD finds what mentions a word; why "
                "explains the last error; Tab completes; undo takes back; quit ends.");
}

/* ---- finding */

static const char *kind_form(Arena *arena, const KindList *list, const Kind *kind)
{
    return list == &statement_kinds ? ((const StatementKind *)kind)->form : help_form(arena, kind, NULL);
}

static bool help_found(Result *result, const char *topic)
{
    bool found = false;
    Arena *arena = result->arena;
    const CommandKind *command = command_find(topic);
    const VerbShape *shape = command ? NULL : verb_find(topic);
    if (!command && shape) command = command_find(shape->name);
    if (command) {
        help_kind(result, &command->kind, "verb", help_form(arena, &command->kind, command));
        found = true;
    }
    if (!strcmp(topic, "input")) {
        help_kind(result, &input_kind, "first line of a net", help_form(arena, &input_kind, NULL));
        found = true;
    }
    for (size_t i = 0; i < N_BLOCKS; i++)
        if (!strcmp(topic, blocks[i]->name))
            help_kind(result, blocks[i], "block of a net", help_form(arena, blocks[i], NULL)), found = true;
    for (int i = 0; i < N_LISTS; i++) {
        if (!strcmp(topic, lists[i].word)) {
            help_list(result, lists[i].word, lists[i].title, lists[i].list);
            return true;
        }
        const Kind *kind = kind_find(lists[i].list, topic);
        if (!kind || (found && lists[i].list == &step_kinds)) continue;
        help_kind(result, kind, lists[i].list->noun, kind_form(arena, lists[i].list, kind));
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

/* A word of the text begins so, in any case. */
static bool has_word(const char *text, const char *start)
{
    for (const char *at = text; at && (at = strcasestr(at, start)); at++)
        if (at == text || !isalnum((unsigned char)at[-1])) return true;
    return false;
}

static bool mentions(const Kind *kind, const char *word)
{
    return has_word(kind->name, word) || has_word(kind->help, word) || has_word(kind->more, word);
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
