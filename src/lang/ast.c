/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making nodes, and the words of the language. */
#include "lang/ast.h"

#include <string.h>

#include "lang/lex.h"

Node *node_new(Arena *arena, NodeType type, Span span)
{
    Node *node = arena_take(arena, sizeof *node);
    node->type = type;
    node->height = 1;
    node->span = span;
    return node;
}

/* Room for one more item in a list that doubles. */
static void *grown(Arena *arena, void *items, int n, int *capacity, size_t size)
{
    if (n < *capacity) return items;
    *capacity = n == 0 ? 4 : 2 * n;
    void *larger = arena_take(arena, (size_t)*capacity * size);
    if (n > 0) memcpy(larger, items, (size_t)n * size);
    return larger;
}

void node_list_add(Arena *arena, NodeList *list, Node *node)
{
    list->items = grown(arena, list->items, list->n, &list->capacity, sizeof *list->items);
    list->items[list->n++] = node;
}

void entry_list_add(Arena *arena, EntryList *list, Entry entry)
{
    list->items = grown(arena, list->items, list->n, &list->capacity, sizeof *list->items);
    list->items[list->n++] = entry;
}

bool node_has_flag(const Command *command, Flag flag)
{
    for (int i = 0; i < command->n_flags; i++)
        if (command->flags[i] == flag) return true;
    return false;
}

const Entry *entry_find(const EntryList *list, const char *name)
{
    for (int i = 0; i < list->n; i++)
        if (list->items[i].name != NULL && strcmp(list->items[i].name, name) == 0) return &list->items[i];
    return NULL;
}

static const struct {
    const char *sign;
    int level;
} operators[] = {
    [OPERATOR_OR] = { "or", LEVEL_OR },
    [OPERATOR_AND] = { "and", LEVEL_AND },
    [OPERATOR_NOT] = { "not", LEVEL_NOT },
    [OPERATOR_EQUAL] = { "==", LEVEL_COMPARE },
    [OPERATOR_NOT_EQUAL] = { "!=", LEVEL_COMPARE },
    [OPERATOR_LESS] = { "<", LEVEL_COMPARE },
    [OPERATOR_LESS_EQUAL] = { "<=", LEVEL_COMPARE },
    [OPERATOR_GREATER] = { ">", LEVEL_COMPARE },
    [OPERATOR_GREATER_EQUAL] = { ">=", LEVEL_COMPARE },
    [OPERATOR_IN] = { "in", LEVEL_COMPARE },
    [OPERATOR_ADD] = { "+", LEVEL_ADD },
    [OPERATOR_SUBTRACT] = { "-", LEVEL_ADD },
    [OPERATOR_MULTIPLY] = { "*", LEVEL_MULTIPLY },
    [OPERATOR_DIVIDE] = { "/", LEVEL_MULTIPLY },
    [OPERATOR_NEGATE] = { "-", LEVEL_NEGATE },
    [OPERATOR_POWER] = { "^", LEVEL_POWER },
};

const char *operator_sign(Operator operator)
{
    return operators[operator].sign;
}

int operator_level(Operator operator)
{
    return operators[operator].level;
}

const char *flag_word(Flag flag)
{
    return flag == FLAG_REPLACE ? "replace" : "force";
}

const char *prefix_word(Prefix prefix)
{
    static const char *const words[] = { "catch", "quiet", "time" };
    return words[prefix];
}

bool node_is_layer_block(const Node *node)
{
    return node->type == NODE_REPEAT || node->type == NODE_RESIDUAL || node->type == NODE_PARALLEL ||
           node->type == NODE_BRANCH || node->type == NODE_BIDIRECTIONAL;
}

const char *node_block_word(const Node *node)
{
    switch (node->type) {
    case NODE_IF: return "if";
    case NODE_FOR: return "for";
    case NODE_WHILE: return "while";
    case NODE_DEF: return "def";
    case NODE_WITH: return "with";
    case NODE_RECIPE: return "recipe";
    case NODE_NET: return "net";
    case NODE_PARALLEL: return "parallel";
    case NODE_BRANCH: return "branch";
    case NODE_RESIDUAL: return "residual";
    case NODE_REPEAT: return "repeat";
    case NODE_BIDIRECTIONAL: return "bidirectional";
    default: return NULL;
    }
}

bool word_in_list(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; p != NULL && *p != '\0'; p = *p == ' ' ? p + 1 : p) {
        size_t length = strcspn(p, " ");
        if (length == n && memcmp(p, word, n) == 0) return true;
        p += length;
    }
    return false;
}

bool word_is_reserved(const char *word)
{
    return word_in_list("if as in and or not on off missing replace force end", word);
}

bool word_is_row_option(const char *word)
{
    return word_in_list("by over across within", word);
}

bool word_is_made_of_letters(const char *word)
{
    if (!lex_word_start(word)) return false;
    for (int n; *word != '\0'; word += n)
        if ((n = lex_word_character(word)) == 0) return false;
    return true;
}

bool word_is_plain(const char *word)
{
    return word_is_made_of_letters(word) && !word_is_reserved(word);
}

void word_write(Buf *out, const char *word)
{
    buf_printf(out, word_is_plain(word) ? "%s" : "`%s`", word);
}
