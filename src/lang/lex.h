/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From text to tokens, one at a time, as the parser asks for them. */
#ifndef FNS_LANG_LEX_H
#define FNS_LANG_LEX_H

#include "base/source.h"
#include "lang/token.h"

typedef struct Lexer {
    const Source *source;
    uint32_t pos, end; /* next byte, and where the text ends */
    int depth;         /* > 0: newlines are blanks (within brackets, after a comma) */
    bool inside_text;  /* within a string: no comments, no continued lines */
} Lexer;

/* Scans the next token. What is no token becomes TOKEN_BAD (and is reported only where it matters).
 */
void lex_next(Lexer *lexer, Token *token);
/* A pattern such as dpd_* or *_amt that starts at `start`: its end, or 0 where there is none (no *
 * in it, or nothing but *). */
uint32_t lex_pattern_end(const Lexer *lexer, uint32_t start);
/* The name in a word (without backquotes) that starts at *pos, which moves behind it. */
const char *lex_name(const Source *source, uint32_t *pos);
/* Bytes of a word character at text (0: it is none); digits are word characters. */
int lex_word_character(const char *text);
bool lex_word_start(const char *text);

bool lex_digit(char c);
/* Makes the token TOKEN_BAD, up to `end`. */
void lex_bad(Lexer *lexer, Token *token, MessageId message, uint32_t end);
/* A number, date or duration at token->start, where a digit stands. */
void lex_number(Lexer *lexer, Token *token);

#endif
