/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexer. A token never reaches over a line, so a mistake costs one line at most. */
#include "lang/lex.h"

#include <string.h>

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

/* Beyond ASCII everything is a letter but punctuation, blanks, arrows, pictures and private use. */
static const CodeRange no_letters[] = {
    { 0x80, 0xA9 },     { 0xAB, 0xB4 },     { 0xB6, 0xB9 },       { 0xBB, 0xBF },        { 0xD7, 0xD7 },
    { 0xF7, 0xF7 },     { 0x2000, 0x200B }, { 0x200E, 0x206F },   { 0x20A0, 0x20CF },    { 0x2190, 0x2BFF },
    { 0x2E00, 0x2E7F }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 },   { 0x3030, 0x3030 },    { 0xD800, 0xF8FF },
    { 0xFD3E, 0xFD3F }, { 0xFE10, 0xFE1F }, { 0xFE30, 0xFE6F },   { 0xFEFF, 0xFF20 },    { 0xFF3B, 0xFF40 },
    { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF }, { 0xE0000, 0x10FFFF },
};

static bool is_letter(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof no_letters / sizeof *no_letters; i++)
        if (code_point >= no_letters[i].first && code_point <= no_letters[i].last) return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool lex_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int code_point_length(const char *text)
{
    unsigned char c = (unsigned char)*text;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

int lex_word_character(const char *text)
{
    char c = *text;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || lex_digit(c)) return 1;
    if ((unsigned char)c < 0x80) return 0;
    int length = 1;
    uint32_t code_point = utf8_next(text, strnlen(text, 4), &length);
    return is_letter(code_point) ? length : 0;
}

bool lex_word_start(const char *text)
{
    return !lex_digit(*text) && lex_word_character(text) > 0;
}

const char *lex_name(const Source *source, uint32_t *pos)
{
    const char *text = source->text;
    uint32_t start = *pos, p = start;
    if (text[p] == '`') {
        p = ++start;
        while (text[p] != '`') p++;
        *pos = p + 1;
    } else {
        for (int n; (n = lex_word_character(text + p)) > 0;) p += (uint32_t)n;
        *pos = p;
    }
    return arena_copy(source->arena, text + start, p - start);
}

uint32_t lex_pattern_end(const Lexer *lexer, uint32_t start)
{
    const char *text = lexer->source->text;
    uint32_t p = start;
    bool star = false, word = false;
    for (;;) {
        int n = text[p] == '*' ? 0 : lex_word_character(text + p);
        if (n == 0 && text[p] != '*') break;
        star = star || n == 0;
        word = word || n > 0;
        p += n == 0 ? 1 : (uint32_t)n;
    }
    return star && word ? p : 0;
}

/* ---- blanks */

/* The newline (or end) that a \ at pos continues, or 0 where something else follows it. */
static uint32_t continued(const Lexer *lexer, uint32_t pos)
{
    const char *text = lexer->source->text;
    uint32_t p = pos + 1;
    while (p < lexer->end && is_blank(text[p])) p++;
    if (p < lexer->end && text[p] == '#' && is_blank(text[p - 1]))
        while (p < lexer->end && text[p] != '\n') p++;
    return p >= lexer->end || text[p] == '\n' ? p : 0;
}

static bool comment_at(const Lexer *lexer, uint32_t pos)
{
    const char *text = lexer->source->text;
    if (text[pos] != '#' || lexer->inside_text) return false;
    return pos == 0 || text[pos - 1] == '\n' || is_blank(text[pos - 1]);
}

/* Moves over blanks, comments and continued lines. token->start is set to the comment before the
 * end of the line, else to where the next token starts. */
static void skip_blanks(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text;
    uint32_t p = lexer->pos, comment = UINT32_MAX;
    while (p < lexer->end) {
        uint32_t next = 0;
        if (is_blank(text[p])) {
            p++;
        } else if (text[p] == '\n' && lexer->depth > 0) {
            p++;
            comment = UINT32_MAX;
        } else if (comment_at(lexer, p)) {
            comment = p;
            while (p < lexer->end && text[p] != '\n') p++;
        } else if (text[p] == '\\' && !lexer->inside_text && (next = continued(lexer, p)) > 0) {
            p = next < lexer->end ? next + 1 : next;
            token->after_backslash = true;
            continue;
        } else {
            break;
        }
        if (comment != UINT32_MAX) token->after_backslash = false;
    }
    token->blank_before = p == 0 || p > lexer->pos || text[p - 1] == '\n';
    token->start = comment != UINT32_MAX ? comment : p;
    lexer->pos = p;
}

/* ---- words and strings */

void lex_bad(Lexer *lexer, Token *token, MessageId message, uint32_t end)
{
    token->type = TOKEN_BAD;
    token->message = message;
    token->end = lexer->pos = end;
}

/* One word from p on, in backquotes or not: its end, or 0 after an error in token. */
static uint32_t scan_word(Lexer *lexer, Token *token, uint32_t p)
{
    const char *text = lexer->source->text;
    if (text[p] != '`') {
        for (int n; (n = lex_word_character(text + p)) > 0;) p += (uint32_t)n;
        return p;
    }
    uint32_t q = p + 1;
    while (q < lexer->end && text[q] != '`' && text[q] != '\n') q++;
    token->quoted = true;
    if (q < lexer->end && text[q] == '`' && q > p + 1) return q + 1;
    token->start = p;
    lex_bad(lexer, token, q == p + 1 && text[q] == '`' ? MSG_empty_name : MSG_unclosed_name, p + 1);
    return 0;
}

static bool begins_word(const char *text)
{
    return *text == '`' || lex_word_start(text);
}

static bool single_equals_follows(const Lexer *lexer, uint32_t p)
{
    const char *text = lexer->source->text;
    while (p < lexer->end && is_blank(text[p])) p++;
    return p < lexer->end && text[p] == '=' && text[p + 1] != '=';
}

static void scan_path(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text;
    uint32_t p = scan_word(lexer, token, token->start);
    while (p > 0 && p < lexer->end && text[p] == '.' && begins_word(text + p + 1)) {
        token->dotted = true;
        p = scan_word(lexer, token, p + 1);
    }
    if (p == 0) return;
    token->type = TOKEN_WORD;
    token->end = lexer->pos = p;
    token->key = single_equals_follows(lexer, p);
}

static void scan_variable(Lexer *lexer, Token *token)
{
    uint32_t p = scan_word(lexer, token, token->start + 1);
    if (p == 0) return;
    token->type = TOKEN_VARIABLE;
    token->end = lexer->pos = p;
    token->key = single_equals_follows(lexer, p);
}

static void scan_string(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text;
    char quote = text[token->start];
    uint32_t p = token->start + 1;
    while (p < lexer->end && text[p] != quote && text[p] != '\n')
        p += quote == '"' && text[p] == '\\' && p + 1 < lexer->end && text[p + 1] != '\n' ? 2 : 1;
    if (p >= lexer->end || text[p] != quote) {
        lex_bad(lexer, token, MSG_unclosed_string, token->start + 1);
        return;
    }
    token->type = quote == '"' ? TOKEN_STRING : TOKEN_RAW;
    token->end = lexer->pos = p + 1;
}

/* ---- signs */

static const struct {
    char text[3];
    TokenType type;
} signs[] = {
    { "==", TOKEN_EQUAL },          { "!=", TOKEN_NOT_EQUAL },
    { "<=", TOKEN_LESS_EQUAL },     { ">=", TOKEN_GREATER_EQUAL },
    { "..", TOKEN_DOTS },           { "(", TOKEN_PARENTHESIS },
    { ")", TOKEN_PARENTHESIS_END }, { "[", TOKEN_BRACKET },
    { "]", TOKEN_BRACKET_END },     { "{", TOKEN_BRACE },
    { "}", TOKEN_BRACE_END },       { ",", TOKEN_COMMA },
    { ":", TOKEN_COLON },           { ".", TOKEN_DOT },
    { "=", TOKEN_EQUALS },          { "<", TOKEN_LESS },
    { ">", TOKEN_GREATER },         { "+", TOKEN_PLUS },
    { "-", TOKEN_MINUS },           { "*", TOKEN_STAR },
    { "/", TOKEN_SLASH },           { "^", TOKEN_CARET },
    { ";", TOKEN_SEMICOLON },       { "\n", TOKEN_NEWLINE },
};

static void scan_sign(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text + token->start;
    unsigned char c = (unsigned char)*text;
    if (c >= 0x80 || c < ' ' || c == 0x7F) {
        if (c != '\n') {
            lex_bad(lexer, token, MSG_bad_character, token->start + (uint32_t)code_point_length(text));
            return;
        }
    }
    token->type = TOKEN_OTHER;
    token->end = token->start + 1;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        uint32_t n = signs[i].text[1] == '\0' ? 1 : 2;
        if (token->start + n > lexer->end || strncmp(text, signs[i].text, n) != 0) continue;
        token->type = signs[i].type;
        token->end = token->start + n;
        break;
    }
    lexer->pos = token->end;
}

void lex_next(Lexer *lexer, Token *token)
{
    *token = (Token){ 0 };
    skip_blanks(lexer, token);
    const char *text = lexer->source->text + lexer->pos;
    if (lexer->pos >= lexer->end) {
        token->type = TOKEN_END;
        token->end = token->start;
    } else if (*text == '\n') {
        token->type = TOKEN_NEWLINE;
        token->end = token->start;
        lexer->pos++;
    } else if (begins_word(text)) {
        scan_path(lexer, token);
    } else if (lex_digit(*text) || (*text == '.' && lex_digit(text[1]))) {
        lex_number(lexer, token);
    } else if (*text == '$' && begins_word(text + 1)) {
        scan_variable(lexer, token);
    } else if (*text == '"' || *text == '\'') {
        scan_string(lexer, token);
    } else {
        scan_sign(lexer, token);
    }
}
