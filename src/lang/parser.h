/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the parser: its state and what its files share. Every function that returns bool or a
 * pointer fails with false or NULL after filling parser->err once. */
#ifndef FNS_LANG_PARSER_H
#define FNS_LANG_PARSER_H

#include "lang/lex.h"
#include "lang/nameset.h"
#include "lang/parse.h"

/* What is open, innermost first: a block or a bracket. */
typedef struct Open {
    const char *what, *name; /* name may be NULL */
    struct Open *outer;
} Open;

typedef struct Parser {
    const Source *source;
    Arena *arena;
    Lexer lexer;
    Token token;       /* the next one, not yet consumed */
    uint32_t last_end; /* of the token consumed before */
    WordContext context;
    int nesting;
    Open *open;
    uint32_t insert; /* start of the insert in a text that is being parsed */
    const Vocabulary *vocabulary;
    const ParseState *state;
    NameSet defs;
    bool included;
    Err *err;
    Buf *open_text;
} Parser;

void parser_begin(Parser *parser, const Source *source, Err *err);
void parser_advance(Parser *parser);

/* Tokens. */
bool at(const Parser *parser, TokenType type);
bool at_statement_end(const Parser *parser);
/* At the bare word `word`: neither in backquotes, nor part of a path. */
bool at_word(const Parser *parser, const char *word);
bool at_touching(const Parser *parser, TokenType type);
Span token_span(const Parser *parser, const Token *token);
Span span_since(const Parser *parser, uint32_t start); /* up to the last consumed token */
/* The token's text for a message, cut where it is long. */
const char *token_quote(const Parser *parser, const Token *token);
/* The single word of a TOKEN_WORD or TOKEN_VARIABLE. */
const char *token_word(const Parser *parser, const Token *token);

/* One level of nesting more; the caller takes it back from parser->nesting. */
bool parser_deeper(Parser *parser);
/* The same for a block or bracket: `open` lives in the caller's frame until parser_close. */
bool parser_open(Parser *parser, Open *open, const char *what, const char *name);
void parser_close(Parser *parser);

/* Errors; each returns false. */
bool fail_at(Parser *parser, uint32_t start, uint32_t end, MessageId message, const char *a, const char *b);
bool fail_token(Parser *parser, MessageId message, const char *a);
/* The current token cannot stand here; `wanted` says what could. */
bool fail_unexpected(Parser *parser, const char *wanted);
/* The same where an expression has just ended: = is the single_equals, < after < is chained. */
bool fail_after_expression(Parser *parser, const char *wanted);
bool fail_incomplete(Parser *parser, const char *what);

/* Expressions and values. */
Node *parse_expr(Parser *parser, WordContext context);
Node *parse_value(Parser *parser);                                /* of an argument */
Node *parse_name(Parser *parser, const char *wanted);             /* WORD or $path */
Node *parse_text(Parser *parser);                                 /* a TOKEN_STRING or TOKEN_RAW */
Node *parse_path_rest(Parser *parser, Node *base, bool brackets); /* .member and [index] that touch */
Node *parse_call(Parser *parser);
Node *parse_list(Parser *parser);
Node *parse_record(Parser *parser);
Node *parse_in_parentheses(Parser *parser);
/* A value or an expression, after the context. */
Node *parse_item(Parser *parser);
/* value { "," value }: several make a NODE_LIST. */
Node *parse_option_value(Parser *parser);
/* node is at least one higher than child. */
void node_raise(Node *node, const Node *child);
Node *path_node(Parser *parser, const Token *token, NodeType first);
/* KEY of an argument, option or record: passes it with its =; it must not be in `seen` yet. */
bool parse_key(Parser *parser, NameSet *seen, Entry *out);
/* Name and type of the key in a TOKEN_WORD. */
Entry key_entry(Parser *parser, const Token *token);

/* Statements. */
Node *parse_statement(Parser *parser, bool in_net);
/* A command whose verb is at hand. Between the two calls operands may be added. */
Node *command_begin(Parser *parser, NodeType type, const char *verb);
bool parse_parts(Parser *parser, const VerbShape *shape, Command *command);
/* Options, `as` and flags in the header of a block, up to the end of its line. */
typedef enum HeadPart { HEAD_OPTIONS = 1, HEAD_AS = 2, HEAD_FLAGS = 4 } HeadPart;
bool parse_head(Parser *parser, Command *head, unsigned parts);
/* The words that open blocks; NULL: this is none (in a net, or outside). */
typedef Node *BlockParser(Parser *parser);
BlockParser *block_parser(const Parser *parser, bool in_net);
/* `recipe` alone is a command, with `as` a block. */
Node *parse_recipe(Parser *parser, const VerbShape *shape);

#endif
