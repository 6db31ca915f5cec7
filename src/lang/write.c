/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements and blocks as source text. */
#include "lang/write.h"

#include "lang/vocabulary.h"
#include "lang/write_value.h"

static void write_statement(Buf *out, const Node *node, int indent);

static void new_line(Buf *out, int indent)
{
    buf_putc(out, '\n');
    buf_repeat(out, "  ", indent);
}

static void write_body(Buf *out, const NodeList *body, int indent)
{
    for (int i = 0; i < body->n; i++) {
        new_line(out, indent);
        write_statement(out, body->items[i], indent);
    }
}

/* ---- commands */

/* An operand of print, assert or return. A sign at its start would continue the one before it. */
static void write_value_operand(Buf *out, const Node *node, bool first)
{
    Buf text = { 0 };
    write_expression(&text, node);
    bool apart = !first && buf_text(&text)[0] == '-';
    buf_printf(out, apart ? "(%s)" : "%s", buf_text(&text));
    buf_free(&text);
}

static void write_operands(Buf *out, const Command *command, VerbTakes takes)
{
    for (int i = 0; i < command->args.n; i++) {
        const Node *node = command->args.items[i];
        buf_putc(out, ' ');
        if (takes == TAKES_VALUES)
            write_value_operand(out, node, i == 0);
        else
            write_argument(out, node);
    }
}

/* A new name; those that are options elsewhere stand in backquotes. */
static void write_new_name(Buf *out, const char *name, const VerbShape *shape)
{
    bool option = shape != NULL && shape->takes != TAKES_LET &&
                  (word_is_row_option(name) || word_in_list(shape->options, name));
    buf_printf(out, option || !word_is_plain(name) ? " `%s` = " : " %s = ", name);
}

static void write_options(Buf *out, const Command *command, const VerbShape *shape)
{
    for (int i = 0; i < command->opts.n; i++) {
        const Entry *entry = &command->opts.items[i];
        bool expression = shape != NULL && word_in_list(shape->expressions, entry->name);
        buf_putc(out, ' ');
        write_key(out, entry);
        buf_putc(out, '=');
        if (expression)
            write_expression(out, entry->value);
        else
            write_option_value(out, entry->value);
    }
}

static void write_parts(Buf *out, const Command *command)
{
    const VerbShape *shape = verb_find(command->verb);
    VerbTakes takes = shape != NULL ? shape->takes : TAKES_ARGUMENTS;
    write_operands(out, command, takes);
    write_options(out, command, shape);
    for (int i = 0; i < command->news.n; i++) {
        write_new_name(out, command->news.items[i].name, shape);
        write_expression(out, command->news.items[i].value);
    }
    if (command->as != NULL) {
        buf_puts(out, " as ");
        write_argument(out, command->as);
    }
    for (int i = 0; i < command->n_flags; i++) buf_printf(out, " %s", flag_word(command->flags[i]));
    if (command->condition == NULL) return;
    buf_puts(out, " if ");
    write_expression(out, command->condition);
}

/* ---- blocks */

static void write_if(Buf *out, const Node *node, int indent)
{
    for (int i = 0; i < node->items.n; i++) {
        const Node *arm = node->items.items[i];
        if (i > 0) new_line(out, indent);
        buf_puts(out, arm->loop.condition == NULL ? "else" : i == 0 ? "if " : "elif ");
        if (arm->loop.condition != NULL) write_expression(out, arm->loop.condition);
        write_body(out, &arm->loop.body, indent + 1);
    }
}

static void write_def(Buf *out, const Node *node, int indent)
{
    buf_printf(out, "def %s", node->def.name);
    for (int i = 0; i < node->def.params.n; i++) {
        const Entry *param = &node->def.params.items[i];
        buf_putc(out, ' ');
        word_write(out, param->name);
        if (param->value == NULL) continue;
        buf_putc(out, '=');
        write_option_value(out, param->value);
    }
    write_body(out, &node->def.body, indent + 1);
}

static void write_block(Buf *out, const Node *node, int indent)
{
    buf_puts(out, node_block_word(node));
    if (node->block.name != NULL) {
        buf_putc(out, ' ');
        write_argument(out, node->block.name);
    }
    write_parts(out, &node->block.head);
    write_body(out, &node->block.body, indent + 1);
}

static void write_for(Buf *out, const Node *node, int indent)
{
    buf_puts(out, "for ");
    word_write(out, node->each.variable);
    buf_puts(out, " in ");
    write_expression(out, node->each.in);
    write_body(out, &node->each.body, indent + 1);
}

static void write_while(Buf *out, const Node *node, int indent)
{
    buf_puts(out, "while ");
    write_expression(out, node->loop.condition);
    write_body(out, &node->loop.body, indent + 1);
}

static void write_statement(Buf *out, const Node *node, int indent)
{
    switch (node->type) {
    case NODE_COMMAND:
        buf_puts(out, node->command.verb);
        write_parts(out, &node->command);
        return;
    case NODE_PREFIX:
        buf_printf(out, "%s: ", prefix_word(node->prefix.prefix));
        write_statement(out, node->prefix.statement, indent);
        return;
    case NODE_BRANCH: write_block(out, node, indent); return; /* its end is that of parallel */
    case NODE_IF: write_if(out, node, indent); break;
    case NODE_FOR: write_for(out, node, indent); break;
    case NODE_WHILE: write_while(out, node, indent); break;
    case NODE_DEF: write_def(out, node, indent); break;
    default: write_block(out, node, indent); break;
    }
    new_line(out, indent);
    buf_puts(out, "end");
}

void node_write(Buf *out, const Node *node)
{
    if (node->type < NODE_STATEMENTS) {
        write_argument(out, node);
        return;
    }
    if (node->type != NODE_STATEMENTS) {
        write_statement(out, node, 0);
        return;
    }
    for (int i = 0; i < node->items.n; i++) {
        if (i > 0) buf_putc(out, '\n');
        write_statement(out, node->items.items[i], 0);
    }
}

void node_write_expression(Buf *out, const Node *node)
{
    write_expression(out, node);
}
