/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts: escapes, and the inserts $name, ${name.member:format}, $(expression). */
#include <string.h>

#include "lang/parser.h"

typedef struct Pieces {
    Node *text;    /* the whole */
    Buf literal;   /* what was read since the last insert */
    uint32_t from; /* where that began */
} Pieces;

static Node *text_node(Parser *parser, uint32_t start, uint32_t end, const Buf *text)
{
    Node *node = node_new(parser->arena, NODE_TEXT, (Span){ parser->source, start, end });
    node->text = arena_copy(parser->arena, buf_text(text), text->length);
    return node;
}

static void flush(Parser *parser, Pieces *pieces, uint32_t end)
{
    if (pieces->literal.length > 0)
        node_list_add(parser->arena, &pieces->text->items,
                      text_node(parser, pieces->from, end, &pieces->literal));
    buf_clear(&pieces->literal);
}

/* \n \t \" \\ \$ at pos */
static bool read_escape(Parser *parser, Pieces *pieces, uint32_t pos)
{
    static const char written[] = "nt\"\\$", meant[] = "\n\t\"\\$";
    const char *text = parser->source->text;
    const char *found = strchr(written, text[pos + 1]);
    if (found != NULL && *found != '\0') {
        buf_putc(&pieces->literal, meant[found - written]);
        return true;
    }
    uint32_t end = pos + 2;
    while (((unsigned char)text[end] & 0xC0) == 0x80) end++;
    Token escape = { .start = pos, .end = end };
    return fail_at(parser, pos, end, MSG_bad_escape, token_quote(parser, &escape), NULL);
}

static bool format_character(char c)
{
    return c != '\0' && (strchr(".%+-,", c) != NULL || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
}

/* The format after the : at hand, up to the }. */
static Node *parse_format(Parser *parser, Node *value)
{
    const char *text = parser->source->text;
    uint32_t start = parser->token.end, end = start;
    while (format_character(text[end])) end++;
    if (end == start || text[end] != '}') {
        fail_at(parser, parser->insert, parser->insert + 2, MSG_insert_format, NULL, NULL);
        return NULL;
    }
    Node *node = node_new(parser->arena, NODE_FORMAT, (Span){ parser->source, value->span.start, end });
    node->format.value = value;
    node->format.format = arena_copy(parser->arena, text + start, end - start);
    node_raise(node, value);
    parser->lexer.pos = end;
    parser_advance(parser);
    return node;
}

/* name { .member | [index] } [ :format ] up to the } */
static Node *parse_braces(Parser *parser)
{
    if (at(parser, TOKEN_END)) return fail_unexpected(parser, NULL), NULL;
    if (!at(parser, TOKEN_WORD))
        return fail_at(parser, parser->insert, parser->insert + 2, MSG_insert_name, NULL, NULL), NULL;
    Node *node = path_node(parser, &parser->token, NODE_WORD);
    (node->type == NODE_PATH ? node->path.base : node)->type = NODE_VARIABLE;
    parser_advance(parser);
    node = parse_path_rest(parser, node, true);
    if (node != NULL && at(parser, TOKEN_COLON)) node = parse_format(parser, node);
    if (node == NULL || at(parser, TOKEN_BRACE_END)) return node;
    fail_at(parser, parser->insert, parser->insert + 2, MSG_insert_open, "}", NULL);
    return NULL;
}

static Node *parse_parentheses(Parser *parser)
{
    if (at(parser, TOKEN_PARENTHESIS_END))
        return fail_at(parser, parser->insert, parser->insert + 2, MSG_insert_empty, NULL, NULL), NULL;
    Node *node = parse_expr(parser, CONTEXT_VALUE);
    if (node == NULL || at(parser, TOKEN_PARENTHESIS_END)) return node;
    fail_after_expression(parser, "')'");
    return NULL;
}

/* The insert ${ or $( at start, in a text that ends at text_end; *pos moves behind it. */
static Node *parse_insert(Parser *parser, uint32_t start, uint32_t text_end, uint32_t *pos)
{
    Lexer lexer = parser->lexer;
    Token token = parser->token;
    uint32_t last_end = parser->last_end;
    WordContext context = parser->context;
    parser->context = CONTEXT_VALUE;
    parser->lexer = (Lexer){
        .source = parser->source, .pos = start + 2, .end = text_end, .depth = 1, .inside_text = true
    };
    parser->insert = start;
    parser_advance(parser);
    Node *node = parser->source->text[start + 1] == '(' ? parse_parentheses(parser) : parse_braces(parser);
    *pos = parser->token.end;
    parser->lexer = lexer;
    parser->token = token;
    parser->last_end = last_end;
    parser->context = context;
    return node;
}

/* An insert or a plain $ at *pos. */
static bool read_dollar(Parser *parser, Pieces *pieces, uint32_t text_end, uint32_t *pos)
{
    const char *text = parser->source->text;
    uint32_t start = *pos;
    Node *node = NULL;
    if (text[start + 1] == '{' || text[start + 1] == '(') {
        node = parse_insert(parser, start, text_end, pos);
        if (node == NULL) return false;
    } else if (lex_word_start(text + start + 1)) {
        (*pos)++;
        node = node_new(parser->arena, NODE_VARIABLE, (Span){ parser->source, start, 0 });
        node->text = lex_name(parser->source, pos);
        node->span.end = *pos;
    } else {
        (*pos)++;
        buf_putc(&pieces->literal, '$');
        return true;
    }
    flush(parser, pieces, start);
    pieces->from = *pos;
    node_list_add(parser->arena, &pieces->text->items, node);
    node_raise(pieces->text, node);
    return true;
}

static bool read_string(Parser *parser, Pieces *pieces, uint32_t pos, uint32_t end)
{
    const char *text = parser->source->text;
    while (pos < end) {
        if (text[pos] == '\\') {
            if (!read_escape(parser, pieces, pos)) return false;
            pos += 2;
        } else if (text[pos] == '$') {
            if (!read_dollar(parser, pieces, end, &pos)) return false;
        } else {
            buf_putc(&pieces->literal, text[pos++]);
        }
    }
    return true;
}

Node *parse_text(Parser *parser)
{
    const Token *token = &parser->token;
    uint32_t start = token->start + 1, end = token->end - 1;
    Pieces pieces = { .from = start };
    pieces.text = node_new(parser->arena, NODE_TEMPLATE, token_span(parser, token));
    bool ok = true;
    if (at(parser, TOKEN_RAW))
        buf_add(&pieces.literal, parser->source->text + start, end - start);
    else
        ok = read_string(parser, &pieces, start, end);
    Node *node = pieces.text;
    if (ok && node->items.n == 0)
        node = text_node(parser, start - 1, end + 1, &pieces.literal);
    else if (ok)
        flush(parser, &pieces, end);
    buf_free(&pieces.literal);
    if (!ok) return NULL;
    parser_advance(parser);
    return node;
}
