/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a token that cannot stand where it stands is told. */
#include <string.h>

#include "lang/parser.h"

bool fail_at(Parser *parser, uint32_t start, uint32_t end, MessageId message, const char *a, const char *b)
{
    Span span = { parser->source, start, end };
    return err_raise_at(parser->err, span, message, ARGS(a == NULL ? "" : a, b == NULL ? "" : b));
}

bool fail_token(Parser *parser, MessageId message, const char *a)
{
    const Token *token = &parser->token;
    if (token->type == TOKEN_BAD) return fail_unexpected(parser, a);
    return fail_at(parser, token->start, token->end, message, a == NULL ? token_quote(parser, token) : a,
                   NULL);
}

const char *token_quote(const Parser *parser, const Token *token)
{
    enum { LONGEST = 60 };
    const char *text = parser->source->text + token->start;
    uint32_t length = token->end - token->start;
    if (length <= LONGEST) return arena_copy(parser->arena, text, length);
    uint32_t cut = LONGEST;
    while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80) cut--;
    return arena_format(parser->arena, "%.*s...", (int)cut, text);
}

static void open_write(Buf *out, const Open *open)
{
    if (open == NULL) return;
    open_write(out, open->outer);
    if (out->length > 0) buf_puts(out, " > ");
    buf_puts(out, open->what);
    if (open->name != NULL) buf_printf(out, " %s", open->name);
}

bool fail_incomplete(Parser *parser, const char *what)
{
    Buf text = { 0 };
    open_write(&text, parser->open);
    if (what != NULL) buf_printf(&text, text.length > 0 ? " > %s" : "%s", what);
    if (parser->open_text != NULL) {
        buf_clear(parser->open_text);
        buf_puts(parser->open_text, buf_text(&text));
    }
    uint32_t end = parser->lexer.end;
    fail_at(parser, end, end, MSG_incomplete, buf_text(&text), NULL);
    buf_free(&text);
    return false;
}

static bool is_operator(TokenType type)
{
    switch (type) {
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_STAR:
    case TOKEN_SLASH:
    case TOKEN_CARET:
    case TOKEN_EQUAL:
    case TOKEN_NOT_EQUAL:
    case TOKEN_LESS:
    case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER:
    case TOKEN_GREATER_EQUAL: return true;
    default: return false;
    }
}

/* Signs of other languages, and what fns writes. */
static const struct {
    char sign;
    MessageId message;
} other_signs[] = {
    { '%', MSG_percent_sign }, { '&', MSG_and_sign },     { '|', MSG_or_sign },
    { '!', MSG_not_sign },     { '#', MSG_comment_sign }, { '\\', MSG_backslash_sign },
    { '$', MSG_dollar_sign },  { '~', MSG_formula_sign },
};

static bool fail_sign(Parser *parser, const char *wanted)
{
    const Token *token = &parser->token;
    char sign = parser->source->text[token->start];
    for (size_t i = 0; i < sizeof other_signs / sizeof *other_signs; i++)
        if (other_signs[i].sign == sign) return fail_token(parser, other_signs[i].message, wanted);
    return fail_at(parser, token->start, token->end, MSG_unexpected, token_quote(parser, token), wanted);
}

static bool fail_end(Parser *parser, const char *wanted)
{
    const Token *token = &parser->token;
    if (parser->lexer.inside_text)
        return fail_at(parser, parser->insert, parser->insert + 2, MSG_insert_open,
                       parser->source->text[parser->insert + 1] == '(' ? ")" : "}", NULL);
    if (token->type == TOKEN_END && parser->lexer.depth > 0) return fail_incomplete(parser, NULL);
    if (token->type == TOKEN_END && token->after_backslash) return fail_incomplete(parser, "\\");
    return fail_at(parser, token->start, token->start, MSG_line_ends, wanted, NULL);
}

static bool fail_bracket_end(Parser *parser, const char *wanted)
{
    const Token *token = &parser->token;
    const char *quote = token_quote(parser, token);
    if (parser->lexer.depth == 0)
        return fail_at(parser, token->start, token->end, MSG_closes_nothing, quote, NULL);
    return fail_at(parser, token->start, token->end, MSG_unexpected, quote, wanted);
}

bool fail_unexpected(Parser *parser, const char *wanted)
{
    const Token *token = &parser->token;
    const char *quote = token_quote(parser, token);
    bool argument = parser->context == CONTEXT_ARGUMENT;
    switch (token->type) {
    case TOKEN_BAD: return fail_at(parser, token->start, token->end, token->message, quote, NULL);
    case TOKEN_END:
    case TOKEN_NEWLINE: return fail_end(parser, wanted);
    case TOKEN_SEMICOLON: return fail_token(parser, MSG_statement_ends, wanted);
    case TOKEN_OTHER: return fail_sign(parser, wanted);
    case TOKEN_EQUALS: return fail_token(parser, MSG_stray_equals, NULL);
    case TOKEN_COMMA:
        if (parser->lexer.depth == 0) return fail_token(parser, MSG_comma, NULL);
        break;
    case TOKEN_PARENTHESIS_END:
    case TOKEN_BRACKET_END:
    case TOKEN_BRACE_END: return fail_bracket_end(parser, wanted);
    case TOKEN_DOTS: return fail_token(parser, MSG_dots_touch, NULL);
    case TOKEN_PARENTHESIS:
        return fail_token(parser, token->blank_before ? MSG_parenthesis_apart : MSG_parenthesis_touches,
                          NULL);
    default:
        if (argument && is_operator(token->type)) return fail_token(parser, MSG_arithmetic, NULL);
    }
    return fail_at(parser, token->start, token->end, MSG_unexpected, quote, wanted);
}

bool fail_after_expression(Parser *parser, const char *wanted)
{
    if (at(parser, TOKEN_EQUALS)) return fail_token(parser, MSG_single_equals, NULL);
    if (at_word(parser, "not")) return fail_token(parser, MSG_not_in, NULL);
    return fail_unexpected(parser, wanted);
}
