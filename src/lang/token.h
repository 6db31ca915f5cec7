/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of the language. */
#ifndef FNS_LANG_TOKEN_H
#define FNS_LANG_TOKEN_H

#include "base/err.h"
#include "base/value.h"

typedef enum TokenType {
    TOKEN_END, /* of the text, or of an insert in a text */
    TOKEN_NEWLINE,
    TOKEN_SEMICOLON,
    TOKEN_WORD,     /* a word or a path, parts in backquotes allowed */
    TOKEN_VARIABLE, /* $name, the name alone */
    TOKEN_NUMBER,
    TOKEN_DATE,
    TOKEN_DURATION,
    TOKEN_STRING, /* "..." */
    TOKEN_RAW,    /* '...' */
    TOKEN_PARENTHESIS,
    TOKEN_PARENTHESIS_END,
    TOKEN_BRACKET,
    TOKEN_BRACKET_END,
    TOKEN_BRACE,
    TOKEN_BRACE_END,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_DOT,
    TOKEN_DOTS,
    TOKEN_EQUALS, /* = */
    TOKEN_EQUAL,  /* == */
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_CARET,
    TOKEN_OTHER, /* a character that means nothing here: @ % & ! ... */
    TOKEN_BAD    /* not a token: `message` says why */
} TokenType;

typedef struct Token {
    TokenType type;
    uint32_t start, end;  /* bytes of the text */
    bool blank_before;    /* a blank, a line start or a continued line is before it */
    bool key;             /* WORD, VARIABLE: a single = follows */
    bool quoted;          /* WORD, VARIABLE: a part stands in backquotes */
    bool dotted;          /* WORD: a path of more than one word */
    bool after_backslash; /* END: only a \ continues the line */
    MessageId message;    /* BAD */
    const char *text;     /* NUMBER, DATE, DURATION: as written, without _; in the source's arena */
    Value value;          /* of these */
} Token;

#endif
