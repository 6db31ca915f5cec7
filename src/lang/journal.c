/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/journal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/write.h"

#define PATH_BYTES 4096

static char *own_text(const char *text)
{
    size_t n = strlen(text) + 1;
    return memcpy(mem_own(n), text, n);
}

static void add_line(Session *session, const char *text, const char *rooted)
{
    if (session->n_journal == session->journal_capacity) {
        int capacity = session->journal_capacity ? 2 * session->journal_capacity : 64;
        JournalLine *lines = mem_own((size_t)capacity * sizeof *lines);
        if (session->n_journal) memcpy(lines, session->journal, (size_t)session->n_journal * sizeof *lines);
        mem_free(session->journal);
        session->journal = lines;
        session->journal_capacity = capacity;
    }
    bool same = !rooted || !strcmp(text, rooted);
    session->journal[session->n_journal++] =
        (JournalLine){ own_text(text), same ? NULL : own_text(rooted), false };
}

void session_journal(Session *session, const char *line)
{
    add_line(session, line, NULL);
}

void journal_word(Session *session, const char *word)
{
    add_line(session, word, NULL);
}

void journal_free(Session *session)
{
    for (int i = 0; i < session->n_journal; i++) {
        mem_free(session->journal[i].text);
        mem_free(session->journal[i].rooted);
    }
    mem_free(session->journal);
}

/* ---- file names, for the time of writing, made absolute */

typedef struct Rooting {
    Arena *arena;
    const char *folder;
} Rooting;

static void root_in(const Rooting *rooting, Node *node);

static void root_list(const Rooting *rooting, const NodeList *list)
{
    for (int i = 0; i < list->n; i++) root_in(rooting, list->items[i]);
}

static void root_value(const Rooting *rooting, const OptionSpec *spec, Node **value)
{
    bool file = spec->type == OPTION_FILE || !strcmp(spec->name, "folds");
    if (!file || (*value)->type != NODE_TEXT || !strcmp((*value)->text, "-")) return;
    Node *copy = arena_take(rooting->arena, sizeof *copy);
    *copy = **value;
    copy->text = file_join(rooting->arena, rooting->folder, (*value)->text);
    *value = copy;
}

/* Lists of the tree are copied before their items change. */
static void root_command(const Rooting *rooting, Command *command)
{
    const CommandKind *kind = command_find(command->verb);
    if (!kind) return;
    size_t n = (size_t)command->args.n, n_opts = (size_t)command->opts.n;
    Node **args = arena_take(rooting->arena, (n + 1) * sizeof *args);
    Entry *opts = arena_take(rooting->arena, (n_opts + 1) * sizeof *opts);
    if (n) memcpy(args, command->args.items, n * sizeof *args);
    if (n_opts) memcpy(opts, command->opts.items, n_opts * sizeof *opts);
    command->args.items = args;
    command->opts.items = opts;
    for (int i = 0; i < command->args.n; i++) {
        const OptionSpec *spec = option_spec(&kind->kind, NULL, i);
        if (spec) root_value(rooting, spec, &args[i]);
    }
    for (int i = 0; i < command->opts.n; i++) {
        const OptionSpec *spec = option_spec(&kind->kind, opts[i].name, 0);
        if (spec) root_value(rooting, spec, &opts[i].value);
    }
}

static NodeList copy_list(const Rooting *rooting, NodeList list)
{
    Node **items = arena_take(rooting->arena, (size_t)(list.n + 1) * sizeof *items);
    for (int i = 0; i < list.n; i++) {
        items[i] = arena_take(rooting->arena, sizeof **items);
        *items[i] = *list.items[i];
    }
    return (NodeList){ items, list.n, list.n };
}

static void root_body(const Rooting *rooting, NodeList *body)
{
    *body = copy_list(rooting, *body);
    root_list(rooting, body);
}

/* `node` is a copy: what it points to is still the tree's. */
static void root_in(const Rooting *rooting, Node *node)
{
    switch (node->type) {
    case NODE_COMMAND: root_command(rooting, &node->command); break;
    case NODE_PREFIX: {
        NodeList one = copy_list(rooting, (NodeList){ &node->prefix.statement, 1, 1 });
        node->prefix.statement = one.items[0];
        root_list(rooting, &one);
        break;
    }
    case NODE_IF: root_body(rooting, &node->items); break;
    case NODE_WHEN:
    case NODE_WHILE: root_body(rooting, &node->loop.body); break;
    case NODE_FOR: root_body(rooting, &node->each.body); break;
    case NODE_DEF: root_body(rooting, &node->def.body); break;
    case NODE_WITH: root_body(rooting, &node->block.body); break;
    default: break;
    }
}

static void write_rooted(const Session *session, Buf *out, const Node *statement)
{
    char folder[PATH_BYTES];
    Rooting rooting = { arena_new(), folder };
    Node copy = *statement;
    bool known =
        session->folder ? realpath(session->folder, folder) != NULL : getcwd(folder, sizeof folder) != NULL;
    if (known) root_in(&rooting, &copy);
    node_write(out, &copy);
    arena_free(rooting.arena);
}

/* ---- statements */

static const Node *without_prefixes(const Node *node)
{
    while (node->type == NODE_PREFIX) node = node->prefix.statement;
    return node;
}

static bool is_verb(const Node *node, const char *verb)
{
    node = without_prefixes(node);
    return node->type == NODE_COMMAND && !strcmp(node->command.verb, verb);
}

/* Whether a failed statement may have changed something: blocks, defs, includes keep what was done before. */
static bool keeps_a_part(const Session *session, const Node *node)
{
    node = without_prefixes(node);
    if (session->kept_failure) return true;
    if (node->type != NODE_COMMAND) return node->type != NODE_NET && node->type != NODE_DEF;
    return !command_find(node->command.verb) || !strcmp(node->command.verb, "include");
}

void journal_statement(Session *session, const Node *statement, bool ok)
{
    if (is_verb(statement, "undo") || is_verb(statement, "redo")) return; /* undo.c writes them */
    if (!ok && !keeps_a_part(session, statement)) return;
    Buf text = { 0 }, rooted = { 0 };
    if (!ok) {
        buf_puts(&text, "catch: ");
        buf_puts(&rooted, "catch: ");
    }
    node_write(&text, statement);
    write_rooted(session, &rooted, statement);
    add_line(session, buf_text(&text), buf_text(&rooted));
    buf_free(&text);
    buf_free(&rooted);
}

const char *journal_text(const Session *session, const Node *statement, Arena *arena)
{
    Buf rooted = { 0 };
    write_rooted(session, &rooted, statement);
    const char *text = arena_text(arena, buf_text(&rooted));
    buf_free(&rooted);
    return text;
}

void journal_take_back(Session *session, int from, int end)
{
    for (int i = from; i < end; i++) session->journal[i].undone = true;
}

void journal_again(Session *session, int from, int end)
{
    for (int i = from; i < end; i++) add_line(session, session->journal[i].text, session->journal[i].rooted);
}

/* ---- as a script */

static bool begins(const char *text, const char *words)
{
    size_t n = strlen(words);
    return !strncmp(text, words, n) && (!text[n] || text[n] == ' ');
}

/* What has no place in a script that makes the session again. */
static bool left_out(const Session *session, const JournalLine *line)
{
    return line->undone || begins(line->text, "version") || begins(line->text, "quit") ||
           begins(line->text, "cd") || begins(line->text, "save session") ||
           (session->seed_given && begins(line->text, "set seed"));
}

void journal_write(const Session *session, FILE *out)
{
    fputs("version 1\n", out);
    if (session->seed_given) fprintf(out, "set seed %.0f\n", session->settings.seed);
    for (int i = 0; i < session->n_journal; i++) {
        const JournalLine *line = &session->journal[i];
        const char *text = line->rooted ? line->rooted : line->text;
        bool replace = begins(text, "save") && !strstr(text, " replace");
        if (!left_out(session, line)) fprintf(out, "%s%s\n", text, replace ? " replace" : "");
    }
}
