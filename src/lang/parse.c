/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser's state, and its two entries. */
#include "lang/parse.h"

#include <string.h>

#include "lang/parser.h"

void parser_begin(Parser *parser, const Source *source, Err *err)
{
    *parser = (Parser){ .source = source,
                        .arena = source->arena,
                        .lexer = { .source = source, .end = source->length },
                        .context = CONTEXT_ARGUMENT,
                        .err = err };
    parser_advance(parser);
}

void parser_advance(Parser *parser)
{
    parser->last_end = parser->token.end;
    lex_next(&parser->lexer, &parser->token);
}

bool at(const Parser *parser, TokenType type)
{
    return parser->token.type == type;
}

bool at_touching(const Parser *parser, TokenType type)
{
    return parser->token.type == type && !parser->token.blank_before;
}

bool at_statement_end(const Parser *parser)
{
    return at(parser, TOKEN_NEWLINE) || at(parser, TOKEN_SEMICOLON) ||
           (at(parser, TOKEN_END) && !parser->token.after_backslash);
}

bool at_word(const Parser *parser, const char *word)
{
    const Token *token = &parser->token;
    size_t length = token->end - token->start;
    return token->type == TOKEN_WORD && !token->quoted && !token->dotted && strlen(word) == length &&
           memcmp(parser->source->text + token->start, word, length) == 0;
}

Span token_span(const Parser *parser, const Token *token)
{
    return (Span){ parser->source, token->start, token->end };
}

Span span_since(const Parser *parser, uint32_t start)
{
    return (Span){ parser->source, start, parser->last_end };
}

const char *token_word(const Parser *parser, const Token *token)
{
    uint32_t pos = token->type == TOKEN_VARIABLE ? token->start + 1 : token->start;
    return lex_name(parser->source, &pos);
}

bool parser_deeper(Parser *parser)
{
    if (parser->nesting >= NODE_NESTING_MAX) return fail_token(parser, MSG_too_deep, INT(NODE_NESTING_MAX));
    parser->nesting++;
    return true;
}

bool parser_open(Parser *parser, Open *open, const char *what, const char *name)
{
    if (!parser_deeper(parser)) return false;
    *open = (Open){ what, name, parser->open };
    parser->open = open;
    return true;
}

void parser_close(Parser *parser)
{
    parser->nesting--;
    parser->open = parser->open->outer;
}

Node *parse_source(const Source *source, const Vocabulary *vocabulary, const ParseState *state, Err *err,
                   Buf *open)
{
    Parser parser;
    parser_begin(&parser, source, err);
    parser.vocabulary = vocabulary;
    parser.state = state;
    parser.included = state != NULL && state->included;
    parser.open_text = open;
    Node *all = node_new(parser.arena, NODE_STATEMENTS, (Span){ source, 0, source->length });
    for (;;) {
        while (at(&parser, TOKEN_NEWLINE) || at(&parser, TOKEN_SEMICOLON)) parser_advance(&parser);
        if (at(&parser, TOKEN_END)) break;
        Node *statement = parse_statement(&parser, false);
        if (statement == NULL) return NULL;
        node_list_add(parser.arena, &all->items, statement);
    }
    if (!parser.token.after_backslash) return all;
    fail_incomplete(&parser, "\\");
    return NULL;
}

Node *parse_expression(const Source *source, WordContext context, Err *err)
{
    Parser parser;
    parser_begin(&parser, source, err);
    Node *node = context == CONTEXT_ARGUMENT ? parse_option_value(&parser) : parse_expr(&parser, context);
    if (node == NULL) return NULL;
    while (at(&parser, TOKEN_NEWLINE)) parser_advance(&parser);
    if (at(&parser, TOKEN_END)) return node;
    if (context == CONTEXT_ARGUMENT)
        fail_unexpected(&parser, "the end of the value");
    else
        fail_after_expression(&parser, "the end of the expression");
    return NULL;
}
