/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees as text: (cmd train (args pd) (opts (epochs 10))). */
#include "lang/tree.h"

#include "lang/write.h"

static void print_node(Buf *out, const Node *node);

static void print_child(Buf *out, const Node *node)
{
    buf_putc(out, ' ');
    if (node != NULL)
        print_node(out, node);
    else
        buf_putc(out, '_');
}

static void print_children(Buf *out, const NodeList *list)
{
    for (int i = 0; i < list->n; i++) print_child(out, list->items[i]);
}

/* ---- entries */

/* Keys of options and arguments may be words that are reserved elsewhere. */
static void print_key(Buf *out, const Entry *entry)
{
    bool plain = entry->type == ENTRY_PATH || word_is_made_of_letters(entry->name);
    buf_printf(out, plain ? "%s" : "`%s`", entry->name);
}

static void print_name(Buf *out, const Entry *entry)
{
    if (entry->type == ENTRY_TEXT)
        text_write(out, entry->name);
    else if (entry->type == ENTRY_NUMBER)
        buf_puts(out, entry->name);
    else
        word_write(out, entry->name);
}

static void print_entries(Buf *out, const char *head, const EntryList *list,
                          void (*print_head)(Buf *, const Entry *))
{
    if (list->n == 0) return;
    buf_printf(out, " (%s", head);
    for (int i = 0; i < list->n; i++) {
        buf_puts(out, " (");
        print_head(out, &list->items[i]);
        print_child(out, list->items[i].value);
        buf_putc(out, ')');
    }
    buf_putc(out, ')');
}

/* ---- values */

static void print_path(Buf *out, const Node *node)
{
    buf_puts(out, "(.");
    print_child(out, node->path.base);
    for (int i = 0; i < node->path.n; i++) {
        buf_putc(out, ' ');
        word_write(out, node->path.members[i]);
    }
    buf_putc(out, ')');
}

static void print_record(Buf *out, const Node *node)
{
    buf_puts(out, "(record");
    for (int i = 0; i < node->entries.n; i++) {
        buf_puts(out, " (");
        print_name(out, &node->entries.items[i]);
        print_child(out, node->entries.items[i].value);
        buf_putc(out, ')');
    }
    buf_putc(out, ')');
}

static void print_call(Buf *out, const Node *node)
{
    buf_printf(out, "(call %s", node->call.name);
    for (int i = 0; i < node->call.args.n; i++) {
        const Entry *entry = &node->call.args.items[i];
        if (entry->type != ENTRY_PLAIN) {
            buf_puts(out, " (key ");
            print_key(out, entry);
        }
        print_child(out, entry->value);
        if (entry->type != ENTRY_PLAIN) buf_putc(out, ')');
    }
    buf_putc(out, ')');
}

static void print_operation(Buf *out, const Node *node)
{
    buf_printf(out, "(%s", operator_sign(node->operation.operator));
    if (node->operation.left != NULL) print_child(out, node->operation.left);
    print_child(out, node->operation.right);
    buf_putc(out, ')');
}

/* (HEAD CHILD CHILD) */
static void print_pair(Buf *out, const char *head, const Node *a, const Node *b)
{
    buf_printf(out, "(%s", head);
    print_child(out, a);
    print_child(out, b);
    buf_putc(out, ')');
}

static void print_list(Buf *out, const char *head, const NodeList *list)
{
    buf_printf(out, "(%s", head);
    print_children(out, list);
    buf_putc(out, ')');
}

static bool print_value(Buf *out, const Node *node)
{
    switch (node->type) {
    case NODE_NUMBER:
    case NODE_DATE:
    case NODE_DURATION: buf_puts(out, node->literal.text); break;
    case NODE_ON: buf_puts(out, "on"); break;
    case NODE_OFF: buf_puts(out, "off"); break;
    case NODE_MISSING: buf_puts(out, "missing"); break;
    case NODE_TEXT: text_write(out, node->text); break;
    case NODE_TEMPLATE: print_list(out, "text", &node->items); break;
    case NODE_FORMAT:
        buf_puts(out, "(format");
        print_child(out, node->format.value);
        buf_printf(out, " \"%s\")", node->format.format);
        break;
    case NODE_WORD:
        if (node->bare)
            buf_puts(out, node->text);
        else
            word_write(out, node->text);
        break;
    case NODE_PATTERN: buf_puts(out, node->text); break;
    case NODE_VARIABLE:
        buf_putc(out, '$');
        word_write(out, node->text);
        break;
    case NODE_PATH: print_path(out, node); break;
    case NODE_INDEX: print_pair(out, "at", node->index.base, node->index.at); break;
    case NODE_RANGE: print_pair(out, "range", node->range.from, node->range.to); break;
    case NODE_LIST: print_list(out, "list", &node->items); break;
    case NODE_RECORD: print_record(out, node); break;
    case NODE_CALL: print_call(out, node); break;
    case NODE_UNARY:
    case NODE_BINARY: print_operation(out, node); break;
    default: return false;
    }
    return true;
}

/* ---- statements */

static void print_as(Buf *out, const Command *command)
{
    if (command->as == NULL) return;
    buf_puts(out, " (as");
    print_child(out, command->as);
    buf_putc(out, ')');
}

/* What follows the verb of a command or the name of a block. */
static void print_parts(Buf *out, const Command *command)
{
    if (command->args.n > 0) {
        buf_putc(out, ' ');
        print_list(out, "args", &command->args);
    }
    print_entries(out, "new", &command->news, print_name);
    print_entries(out, "opts", &command->opts, print_key);
    print_as(out, command);
    if (command->n_flags > 0) buf_puts(out, " (flags");
    for (int i = 0; i < command->n_flags; i++) buf_printf(out, " %s", flag_word(command->flags[i]));
    if (command->n_flags > 0) buf_putc(out, ')');
    if (command->condition == NULL) return;
    buf_puts(out, " (if");
    print_child(out, command->condition);
    buf_putc(out, ')');
}

static void print_when(Buf *out, const Node *node)
{
    buf_puts(out, node->loop.condition != NULL ? "(when" : "(else");
    if (node->loop.condition != NULL) print_child(out, node->loop.condition);
    print_children(out, &node->loop.body);
}

static void print_def(Buf *out, const Node *node)
{
    buf_printf(out, "(def %s", node->def.name);
    if (node->def.params.n > 0) buf_puts(out, " (params");
    for (int i = 0; i < node->def.params.n; i++) {
        const Entry *param = &node->def.params.items[i];
        buf_puts(out, param->value != NULL ? " (" : " ");
        word_write(out, param->name);
        if (param->value == NULL) continue;
        print_child(out, param->value);
        buf_putc(out, ')');
    }
    if (node->def.params.n > 0) buf_putc(out, ')');
    print_children(out, &node->def.body);
}

static void print_block(Buf *out, const Node *node)
{
    buf_printf(out, "(%s", node_block_word(node));
    if (node->block.name != NULL) print_child(out, node->block.name);
    print_parts(out, &node->block.head);
    print_children(out, &node->block.body);
}

static void print_statement(Buf *out, const Node *node)
{
    switch (node->type) {
    case NODE_COMMAND:
        buf_printf(out, "(cmd %s", node->command.verb);
        print_parts(out, &node->command);
        break;
    case NODE_PREFIX:
        buf_printf(out, "(prefix %s", prefix_word(node->prefix.prefix));
        print_child(out, node->prefix.statement);
        break;
    case NODE_IF:
        buf_puts(out, "(if");
        print_children(out, &node->items);
        break;
    case NODE_WHEN: print_when(out, node); break;
    case NODE_WHILE:
        buf_puts(out, "(while");
        print_child(out, node->loop.condition);
        print_children(out, &node->loop.body);
        break;
    case NODE_FOR:
        buf_puts(out, "(for ");
        word_write(out, node->each.variable);
        print_child(out, node->each.in);
        print_children(out, &node->each.body);
        break;
    case NODE_DEF: print_def(out, node); break;
    default: print_block(out, node); break;
    }
    buf_putc(out, ')');
}

static void print_node(Buf *out, const Node *node)
{
    if (!print_value(out, node)) print_statement(out, node);
}

bool tree_print(Buf *out, const Node *statements)
{
    if (statements == NULL) return false;
    if (statements->type != NODE_STATEMENTS) {
        print_node(out, statements);
        buf_putc(out, '\n');
        return true;
    }
    for (int i = 0; i < statements->items.n; i++) {
        print_node(out, statements->items.items[i]);
        buf_putc(out, '\n');
    }
    return true;
}
