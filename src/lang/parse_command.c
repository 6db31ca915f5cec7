/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: operands, new names, options, `as`, flags, the suffix `if`. */
#include <string.h>

#include "lang/parser.h"

/* What of a command was read so far. */
typedef struct Parts {
    Parser *parser;
    const VerbShape *shape;
    Command *command;
    NameSet keys;
    bool after_expression; /* the last part was an expression: = after it is a mistaken == */
} Parts;

static bool fail_part(Parts *parts, const char *wanted)
{
    return parts->after_expression ? fail_after_expression(parts->parser, wanted)
                                   : fail_unexpected(parts->parser, wanted);
}

static bool is_new_name(const Parts *parts, const Token *token)
{
    switch (parts->shape->takes) {
    case TAKES_LET:
    case TAKES_NEWS: return true;
    case TAKES_MIXED:
        return token->quoted || token->dotted ||
               !word_in_list(parts->shape->options, token_word(parts->parser, token));
    default: return false;
    }
}

/* NAME = expression */
static bool parse_new(Parts *parts)
{
    Parser *parser = parts->parser;
    const Token *token = &parser->token;
    bool row = parts->shape->takes != TAKES_LET;
    if (parts->command->condition != NULL) return fail_token(parser, MSG_new_after_if, NULL);
    if (token->dotted) return fail_token(parser, MSG_new_dotted, NULL);
    Entry entry = key_entry(parser, token);
    if (!token->quoted && word_is_reserved(entry.name)) return fail_token(parser, MSG_reserved, NULL);
    if (row && !token->quoted && word_is_row_option(entry.name))
        return fail_token(parser, MSG_reserved_option, NULL);
    parser_advance(parser);
    parser_advance(parser);
    entry.value = parse_expr(parser, row ? CONTEXT_ROW : CONTEXT_VALUE);
    if (entry.value == NULL) return false;
    entry_list_add(parser->arena, &parts->command->news, entry);
    parts->after_expression = true;
    return true;
}

static bool parse_option(Parts *parts)
{
    Parser *parser = parts->parser;
    Entry entry;
    if (!parse_key(parser, &parts->keys, &entry)) return false;
    parts->after_expression = word_in_list(parts->shape->expressions, entry.name);
    entry.value = parts->after_expression ? parse_expr(parser, CONTEXT_ROW) : parse_option_value(parser);
    if (entry.value == NULL) return false;
    entry_list_add(parser->arena, &parts->command->opts, entry);
    return true;
}

static bool parse_as(Parser *parser, Command *command)
{
    if (command->as != NULL) return fail_token(parser, MSG_twice, NULL);
    parser_advance(parser);
    command->as = parse_name(parser, "a new name");
    return command->as != NULL;
}

static bool parse_condition(Parts *parts)
{
    Parser *parser = parts->parser;
    if (parts->command->condition != NULL) return fail_token(parser, MSG_twice, NULL);
    parser_advance(parser);
    parts->command->condition = parse_expr(parser, CONTEXT_ROW);
    parts->after_expression = true;
    return parts->command->condition != NULL;
}

static int flag_at(const Parser *parser)
{
    if (parser->source->text[parser->token.end] == '(') return -1;
    return at_word(parser, "replace") ? FLAG_REPLACE : at_word(parser, "force") ? FLAG_FORCE : -1;
}

static bool parse_flag(Parser *parser, Command *command, Flag flag)
{
    if (node_has_flag(command, flag)) return fail_token(parser, MSG_twice, NULL);
    command->flags[command->n_flags++] = flag;
    parser_advance(parser);
    return true;
}

/* Any word after help and why. */
static Node *parse_bare(Parser *parser)
{
    if (!at(parser, TOKEN_WORD)) return parse_value(parser);
    Node *node = path_node(parser, &parser->token, NODE_WORD);
    node->bare = node->type == NODE_WORD && !parser->token.quoted;
    parser_advance(parser);
    return node;
}

static bool parse_operand(Parts *parts)
{
    Parser *parser = parts->parser;
    VerbTakes takes = parts->shape->takes;
    if (takes == TAKES_LET && parts->command->news.n == 0)
        return at(parser, TOKEN_WORD) || at(parser, TOKEN_VARIABLE) ? fail_token(parser, MSG_let_form, NULL)
                                                                    : fail_unexpected(parser, "NAME =");
    if (parts->command->condition != NULL || parts->command->news.n > 0)
        return fail_part(parts, parts->command->news.n > 0 ? "a new name with '=', or the end of the line"
                                                           : "an option or the end of the line");
    Node *node = takes == TAKES_WORDS    ? parse_bare(parser)
                 : takes == TAKES_VALUES ? parse_expr(parser, CONTEXT_VALUE)
                                         : parse_value(parser);
    if (node == NULL) return false;
    node_list_add(parser->arena, &parts->command->args, node);
    parts->after_expression = takes == TAKES_VALUES;
    return true;
}

static bool parse_part(Parts *parts)
{
    Parser *parser = parts->parser;
    const Token *token = &parser->token;
    Command *command = parts->command;
    if (at(parser, TOKEN_COMMA) || at(parser, TOKEN_EQUALS) || at(parser, TOKEN_END) || !token->blank_before)
        return fail_part(parts, "a blank");
    bool key = at(parser, TOKEN_WORD) && token->key;
    if (key && is_new_name(parts, token)) return parse_new(parts);
    if (key) return parse_option(parts);
    if (parts->shape->takes == TAKES_WORDS) return parse_operand(parts);
    bool was_expression = parts->after_expression;
    parts->after_expression = false;
    if (at_word(parser, "as")) return parse_as(parser, command);
    if (at_word(parser, "if")) return parse_condition(parts);
    int flag = flag_at(parser);
    if (flag >= 0) return parse_flag(parser, command, (Flag)flag);
    parts->after_expression = was_expression;
    return parse_operand(parts);
}

Node *command_begin(Parser *parser, NodeType type, const char *verb)
{
    Node *node = node_new(parser->arena, type, token_span(parser, &parser->token));
    Command *command = type == NODE_COMMAND ? &node->command : &node->block.head;
    command->verb = verb;
    command->verb_span = node->span;
    parser_advance(parser);
    return node;
}

bool parse_parts(Parser *parser, const VerbShape *shape, Command *command)
{
    Parts parts = { .parser = parser, .shape = shape, .command = command };
    while (!at_statement_end(parser))
        if (!parse_part(&parts)) return false;
    return true;
}

/* Whether the part of a header at hand is one that may stand there. */
static bool head_allows(const Parser *parser, unsigned allowed)
{
    if (parser->token.type != TOKEN_WORD || !parser->token.blank_before) return false;
    unsigned part = parser->token.key       ? HEAD_OPTIONS
                    : at_word(parser, "as") ? HEAD_AS
                    : flag_at(parser) >= 0  ? HEAD_FLAGS
                                            : 0u;
    return (part & allowed) != 0;
}

bool parse_head(Parser *parser, Command *head, unsigned allowed)
{
    static const VerbShape shape = { .takes = TAKES_ARGUMENTS };
    Parts parts = { .parser = parser, .shape = &shape, .command = head };
    while (!at_statement_end(parser)) {
        if (!head_allows(parser, allowed)) return fail_unexpected(parser, "the end of the line");
        if (!parse_part(&parts)) return false;
    }
    return true;
}
