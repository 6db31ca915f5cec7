/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as source text: parentheses where the precedence needs them and nowhere else. */
#include "lang/write_value.h"

#include <string.h>

#include "lang/lex.h"

typedef struct Writer {
    Buf *out;
    bool argument; /* in an argument: operators need parentheses */
    bool insert;   /* in an insert of a text: texts are raw */
} Writer;

static void write_level(Writer writer, const Node *node, int level);

static void write_escaped(Buf *out, const char *text)
{
    static const char meant[] = "\n\t\"\\$", written[] = "nt\"\\$";
    for (; *text != '\0'; text++) {
        const char *found = strchr(meant, *text);
        if (found != NULL) buf_putc(out, '\\');
        buf_putc(out, found != NULL ? written[found - meant] : *text);
    }
}

void text_write(Buf *out, const char *text)
{
    buf_putc(out, '"');
    write_escaped(out, text);
    buf_putc(out, '"');
}

/* ---- texts with inserts */

static bool is_variable_path(const Node *node)
{
    while (node->type == NODE_PATH || node->type == NODE_INDEX)
        node = node->type == NODE_PATH ? node->path.base : node->index.base;
    return node->type == NODE_VARIABLE;
}

/* An insert; `next` is the literal text behind it. */
static void write_insert(Writer writer, const Node *node, const char *next)
{
    Buf *out = writer.out;
    if (node->type == NODE_VARIABLE && word_is_made_of_letters(node->text) && lex_word_character(next) == 0) {
        buf_printf(out, "$%s", node->text);
        return;
    }
    writer.insert = true;
    writer.argument = false;
    const Node *value = node->type == NODE_FORMAT ? node->format.value : node;
    if (!is_variable_path(value)) {
        buf_puts(out, "$(");
        write_level(writer, value, LEVEL_OR);
        buf_putc(out, ')');
        return;
    }
    Buf path = { 0 };
    writer.out = &path;
    write_level(writer, value, LEVEL_ATOM);
    buf_printf(out, "${%s", buf_text(&path) + 1); /* without its own $ */
    buf_free(&path);
    if (node->type == NODE_FORMAT) buf_printf(out, ":%s", node->format.format);
    buf_putc(out, '}');
}

static void write_template(Writer writer, const Node *node)
{
    buf_putc(writer.out, '"');
    for (int i = 0; i < node->items.n; i++) {
        const Node *piece = node->items.items[i];
        const Node *next = i + 1 < node->items.n ? node->items.items[i + 1] : NULL;
        if (piece->type == NODE_TEXT)
            write_escaped(writer.out, piece->text);
        else
            write_insert(writer, piece, next != NULL && next->type == NODE_TEXT ? next->text : "");
    }
    buf_putc(writer.out, '"');
}

/* ---- brackets and paths */

static void write_items(Writer writer, const NodeList *list, const char *separator)
{
    for (int i = 0; i < list->n; i++) {
        if (i > 0) buf_puts(writer.out, separator);
        write_level(writer, list->items[i], LEVEL_OR);
    }
}

/* Words that hold a statement together need backquotes as keys too. */
void write_key(Buf *out, const Entry *entry)
{
    static const char *const as_keys[] = { "on", "off", "missing", "replace", "force" };
    bool plain = entry->type == ENTRY_PATH || word_is_plain(entry->name);
    for (size_t i = 0; i < sizeof as_keys / sizeof *as_keys; i++)
        plain = plain || strcmp(entry->name, as_keys[i]) == 0;
    buf_printf(out, plain ? "%s" : "`%s`", entry->name);
}

static void write_record_key(Writer writer, const Entry *entry)
{
    if (entry->type == ENTRY_NUMBER)
        buf_puts(writer.out, entry->name);
    else if (entry->type == ENTRY_WORD)
        write_key(writer.out, entry);
    else if (writer.insert)
        buf_printf(writer.out, "'%s'", entry->name);
    else
        text_write(writer.out, entry->name);
}

static void write_entries(Writer writer, const Node *node)
{
    bool record = node->type == NODE_RECORD;
    const EntryList *list = record ? &node->entries : &node->call.args;
    for (int i = 0; i < list->n; i++) {
        const Entry *entry = &list->items[i];
        if (i > 0) buf_puts(writer.out, ", ");
        if (record)
            write_record_key(writer, entry);
        else if (entry->type != ENTRY_PLAIN)
            write_key(writer.out, entry);
        if (entry->type != ENTRY_PLAIN) buf_putc(writer.out, '=');
        write_level(writer, entry->value, LEVEL_OR);
    }
}

/* What .member and [index] may touch; other bases stand in parentheses. */
static void write_base(Writer writer, const Node *base)
{
    bool touches = base->type == NODE_WORD || base->type == NODE_VARIABLE || base->type == NODE_PATH ||
                   base->type == NODE_INDEX || base->type == NODE_CALL;
    if (!touches) buf_putc(writer.out, '(');
    write_level(writer, base, touches ? LEVEL_ATOM : LEVEL_OR);
    if (!touches) buf_putc(writer.out, ')');
}

static void write_path(Writer writer, const Node *node)
{
    write_base(writer, node->path.base);
    for (int i = 0; i < node->path.n; i++) {
        buf_putc(writer.out, '.');
        word_write(writer.out, node->path.members[i]);
    }
}

static void write_index(Writer writer, const Node *node)
{
    write_base(writer, node->index.base);
    writer.argument = false;
    buf_putc(writer.out, '[');
    write_level(writer, node->index.at, LEVEL_OR);
    buf_putc(writer.out, ']');
}

/* ---- operators */

static int node_level(const Node *node)
{
    if (node->type == NODE_RANGE) return LEVEL_RANGE;
    if (node->type != NODE_UNARY && node->type != NODE_BINARY) return LEVEL_ATOM;
    return operator_level(node->operation.operator);
}

static void write_operation(Writer writer, const Node *node)
{
    Operator operator= node->operation.operator;
    int level = operator_level(operator);
    int left = level == LEVEL_COMPARE || level == LEVEL_POWER ? level + 1 : level;
    int right = level == LEVEL_POWER ? LEVEL_NEGATE : node->type == NODE_UNARY ? level : level + 1;
    if (node->type == NODE_BINARY) {
        write_level(writer, node->operation.left, left);
        buf_printf(writer.out, level == LEVEL_POWER ? "%s" : " %s ", operator_sign(operator));
    } else {
        buf_puts(writer.out, operator== OPERATOR_NOT ? "not " : "-");
    }
    write_level(writer, node->operation.right, right);
}

static void write_range(Writer writer, const Node *node)
{
    int end = writer.argument ? LEVEL_ATOM : LEVEL_ADD;
    if (node->range.from != NULL) write_level(writer, node->range.from, end);
    buf_puts(writer.out, "..");
    if (node->range.to != NULL) write_level(writer, node->range.to, end);
}

/* An argument holds paths that begin with a word or $, not those that begin with a call. */
static bool needs_parentheses(Writer writer, const Node *node, int level)
{
    if (node_level(node) < level) return true;
    if (!writer.argument) return false;
    if (node->type == NODE_UNARY || node->type == NODE_BINARY) return true;
    if (node->type == NODE_PATH && node->path.base->type == NODE_WORD) return false;
    return (node->type == NODE_PATH || node->type == NODE_INDEX) && !is_variable_path(node);
}

static void write_bracketed(Writer writer, const Node *node, char open, char close)
{
    buf_putc(writer.out, open);
    if (node->type == NODE_LIST)
        write_items(writer, &node->items, ", ");
    else
        write_entries(writer, node);
    buf_putc(writer.out, close);
}

static void write_raw_or_text(Writer writer, const char *text)
{
    if (writer.insert)
        buf_printf(writer.out, "'%s'", text);
    else
        text_write(writer.out, text);
}

static void write_node(Writer writer, const Node *node)
{
    Buf *out = writer.out;
    switch (node->type) {
    case NODE_NUMBER:
    case NODE_DATE:
    case NODE_DURATION: buf_puts(out, node->literal.text); break;
    case NODE_ON: buf_puts(out, "on"); break;
    case NODE_OFF: buf_puts(out, "off"); break;
    case NODE_MISSING: buf_puts(out, "missing"); break;
    case NODE_TEXT: write_raw_or_text(writer, node->text); break;
    case NODE_TEMPLATE: write_template(writer, node); break;
    case NODE_WORD:
        if (node->bare)
            buf_puts(out, node->text);
        else
            word_write(out, node->text);
        break;
    case NODE_PATTERN: buf_puts(out, node->text); break;
    case NODE_VARIABLE:
        buf_putc(out, '$');
        buf_printf(out, word_is_made_of_letters(node->text) ? "%s" : "`%s`", node->text);
        break;
    case NODE_PATH: write_path(writer, node); break;
    case NODE_INDEX: write_index(writer, node); break;
    case NODE_RANGE: write_range(writer, node); break;
    case NODE_LIST: write_bracketed(writer, node, '[', ']'); break;
    case NODE_RECORD: write_bracketed(writer, node, '{', '}'); break;
    case NODE_CALL:
        buf_puts(out, node->call.name);
        write_bracketed(writer, node, '(', ')');
        break;
    default: write_operation(writer, node); break;
    }
}

static void write_level(Writer writer, const Node *node, int level)
{
    if (!needs_parentheses(writer, node, level)) {
        write_node(writer, node);
        return;
    }
    writer.argument = false;
    buf_putc(writer.out, '(');
    write_node(writer, node);
    buf_putc(writer.out, ')');
}

void write_expression(Buf *out, const Node *node)
{
    write_level((Writer){ .out = out }, node, LEVEL_OR);
}

void write_argument(Buf *out, const Node *node)
{
    write_level((Writer){ .out = out, .argument = true }, node, LEVEL_OR);
}

void write_option_value(Buf *out, const Node *node)
{
    Writer writer = { .out = out, .argument = true };
    if (node->type == NODE_LIST && node->items.n > 1)
        write_items(writer, &node->items, ",");
    else
        write_level(writer, node, LEVEL_OR);
}
