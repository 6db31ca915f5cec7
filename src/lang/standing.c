/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/standing.h"

#include <string.h>

#include "lang/lex.h"

typedef struct Scan {
    Arena *arena;
    Source *source;
    Lexer lexer;
    Token token, before;
    Standing *out;
    bool after_comma;
} Scan;

static const char *const headers[] = { "if",  "for",    "while",    "def",      "with",
                                       "net", "repeat", "residual", "parallel", "bidirectional" };

bool standing_in_net(const Standing *standing)
{
    for (int i = 0; i < standing->n_blocks; i++)
        if (!strcmp(standing->blocks[i].word, "net")) return true;
    return false;
}

const char *standing_frame(const Standing *standing)
{
    for (int i = standing->n_blocks - 1; i >= 0; i--)
        if (standing->blocks[i].frame) return standing->blocks[i].frame;
    return NULL;
}

/* ---- statements and blocks */

static bool is_header(const Standing *out)
{
    if (!strcmp(out->verb, "recipe")) return out->has_as;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (!strcmp(out->verb, headers[i])) return true;
    return false;
}

/* What a finished line did to the blocks. */
static void end_statement(Scan *scan)
{
    Standing *out = scan->out;
    if (out->verb && !strcmp(out->verb, "end")) {
        if (out->n_blocks) out->n_blocks--;
    } else if (out->verb && is_header(out) && out->n_blocks < STANDING_BLOCKS) {
        bool of_frame = !strcmp(out->verb, "with") || !strcmp(out->verb, "recipe");
        out->blocks[out->n_blocks++] = (StandingBlock){ out->verb, of_frame ? out->operands[0] : NULL };
    }
    Standing next = { .prefix = "", .n_blocks = out->n_blocks };
    memcpy(next.blocks, out->blocks, sizeof next.blocks);
    *out = next;
    scan->after_comma = false;
}

static const char *word_text(Scan *scan)
{
    const Token *token = &scan->token;
    uint32_t pos = token->start;
    if (token->dotted) return arena_copy(scan->arena, scan->source->text + pos, token->end - pos);
    if (token->type == TOKEN_WORD) return arena_text(scan->arena, lex_name(scan->source, &pos));
    if (token->type == TOKEN_STRING || token->type == TOKEN_RAW)
        return arena_copy(scan->arena, scan->source->text + pos + 1, token->end - pos - 2);
    return NULL;
}

static void add_key(Standing *out, const char *name)
{
    out->asks_value = true;
    out->in_condition = false;
    if (out->n_keys < STANDING_KEYS) out->keys[out->n_keys++] = (StandingKey){ name, NULL };
}

static void add_value(Standing *out, const char *word)
{
    if (out->after_as) {
        out->after_as = false;
        out->has_as = true;
    } else if (out->asks_value) {
        if (!out->keys[out->n_keys - 1].value) out->keys[out->n_keys - 1].value = word;
        out->asks_value = false;
    } else if (!out->in_condition && out->n_operands < STANDING_OPERANDS) {
        out->operands[out->n_operands++] = word;
    }
}

static void add_word(Scan *scan)
{
    Standing *out = scan->out;
    const char *word = word_text(scan);
    bool plain = !scan->token.quoted && !scan->token.dotted;
    if (!out->verb)
        out->verb = word;
    else if (scan->token.key)
        add_key(out, word);
    else if (plain && !strcmp(word, "as"))
        out->after_as = true;
    else if (plain && !strcmp(word, "if"))
        out->in_condition = true;
    else if (plain && !strcmp(word, "replace"))
        out->replace = true;
    else if (plain && !strcmp(word, "force"))
        out->force = true;
    else
        add_value(out, word);
}

/* ---- brackets */

static void open_bracket(Scan *scan, char sign)
{
    Standing *out = scan->out;
    bool call = sign == '(' && scan->before.type == TOKEN_WORD && !scan->token.blank_before;
    const char *callee = NULL;
    if (call) {
        uint32_t pos = scan->before.start;
        callee = arena_text(scan->arena, lex_name(scan->source, &pos));
    } else if (!out->n_brackets) {
        add_value(out, NULL);
    }
    if (out->n_brackets < STANDING_BRACKETS)
        out->brackets[out->n_brackets] = (StandingBracket){ sign, callee, NULL, 0 };
    out->n_brackets++;
}

static StandingBracket *innermost(Standing *out)
{
    int n = out->n_brackets < STANDING_BRACKETS ? out->n_brackets : STANDING_BRACKETS;
    return n ? &out->brackets[n - 1] : NULL;
}

static void inside_bracket(Scan *scan)
{
    StandingBracket *bracket = innermost(scan->out);
    if (scan->token.type == TOKEN_WORD && scan->token.key) bracket->key = word_text(scan);
    if (scan->token.type != TOKEN_COMMA) return;
    if (!bracket->key) bracket->n_positional++;
    bracket->key = NULL;
}

/* ---- one token */

static void take_token(Scan *scan)
{
    Standing *out = scan->out;
    bool comma = scan->after_comma;
    scan->after_comma = false;
    switch (scan->token.type) {
    case TOKEN_NEWLINE:
    case TOKEN_SEMICOLON:
        if (comma || out->n_brackets)
            scan->after_comma = comma;
        else
            end_statement(scan);
        return;
    case TOKEN_PARENTHESIS: open_bracket(scan, '('); return;
    case TOKEN_BRACKET: open_bracket(scan, '['); return;
    case TOKEN_BRACE: open_bracket(scan, '{'); return;
    case TOKEN_PARENTHESIS_END:
    case TOKEN_BRACKET_END:
    case TOKEN_BRACE_END: out->n_brackets -= out->n_brackets > 0; return;
    default: break;
    }
    if (out->n_brackets) {
        inside_bracket(scan);
        return;
    }
    switch (scan->token.type) {
    case TOKEN_COLON: /* catch: quiet: time: */
        if (!out->n_operands) out->verb = NULL;
        break;
    case TOKEN_COMMA:
        scan->after_comma = true;
        out->asks_value = out->n_keys > 0;
        break;
    case TOKEN_WORD: add_word(scan); break;
    case TOKEN_NUMBER:
    case TOKEN_DATE:
    case TOKEN_DURATION:
    case TOKEN_VARIABLE:
    case TOKEN_STRING:
    case TOKEN_RAW: add_value(out, word_text(scan)); break;
    default: break;
    }
}

/* ---- the begun word */

/* The start of a path behind $ (or ${) that ends at the cursor, or 0. */
static uint32_t variable_start(const char *text, uint32_t end)
{
    uint32_t p = end;
    while (p > 0 &&
           (lex_digit(text[p - 1]) || strchr("._`", text[p - 1]) || (unsigned char)text[p - 1] >= 0x80 ||
            (text[p - 1] >= 'a' && text[p - 1] <= 'z') || (text[p - 1] >= 'A' && text[p - 1] <= 'Z')))
        p--;
    if (p > 1 && text[p - 1] == '{' && text[p - 2] == '$') return p;
    return p > 0 && text[p - 1] == '$' && (p < 2 || text[p - 2] != '\\') ? p : 0;
}

static void set_prefix(Scan *scan, uint32_t start)
{
    scan->out->word_start = start;
    scan->out->prefix = arena_text(scan->arena, scan->source->text + start);
}

static bool is_open_quote(const Scan *scan)
{
    char c = scan->source->text[scan->token.start];
    return scan->token.type == TOKEN_BAD && (c == '"' || c == '\'') &&
           !strchr(scan->source->text + scan->token.start, '\n');
}

/* A path may end with the dot behind which its next word is asked. */
static bool touches_end(const Scan *scan)
{
    const Token *token = &scan->token;
    bool dot = token->type == TOKEN_WORD && scan->source->text[token->end] == '.';
    return token->end + dot == scan->source->length;
}

/* True when the token is the word that is begun: it is not taken into the statement. */
static bool take_prefix(Scan *scan)
{
    const char *text = scan->source->text;
    const Token *token = &scan->token;
    if (is_open_quote(scan)) {
        scan->out->quote = text[token->start];
        set_prefix(scan, token->start + 1);
        return true;
    }
    bool backquote =
        token->type == TOKEN_BAD && text[token->start] == '`' && !strchr(text + token->start, '\n');
    if (backquote || (token->type == TOKEN_WORD && touches_end(scan))) {
        set_prefix(scan, token->start);
        return true;
    }
    bool number = token->type == TOKEN_NUMBER || token->type == TOKEN_DATE || token->type == TOKEN_DURATION;
    bool text_end = token->type == TOKEN_STRING || token->type == TOKEN_RAW;
    bool closed = token->type == TOKEN_PARENTHESIS_END || token->type == TOKEN_BRACKET_END ||
                  token->type == TOKEN_BRACE_END;
    if (touches_end(scan) && (number || text_end || closed)) scan->out->silent = true;
    return false;
}

static void find_variable(Scan *scan)
{
    Standing *out = scan->out;
    uint32_t start =
        out->quote == '\'' || out->silent ? 0 : variable_start(scan->source->text, scan->source->length);
    if (!start) return;
    out->variable = true;
    out->quote = 0;
    set_prefix(scan, start);
}

static void scan_tokens(Scan *scan)
{
    const char *text = scan->source->text;
    for (;;) {
        scan->before = scan->token;
        lex_next(&scan->lexer, &scan->token);
        if (scan->token.type == TOKEN_END) break;
        if (take_prefix(scan)) return;
        take_token(scan);
    }
    /* the end token of a comment begins before the end of the text */
    set_prefix(scan, scan->source->length);
    if (scan->token.start < scan->source->length && text[scan->token.start] == '#') scan->out->silent = true;
}

void standing_find(Arena *arena, const char *text, size_t cursor, Standing *out)
{
    *out = (Standing){ .prefix = "", .word_start = cursor };
    Source *source = source_new("", NULL, text, cursor, NULL);
    if (!source) { /* not UTF-8, or a cursor inside a character */
        out->silent = true;
        return;
    }
    Scan scan = {
        .arena = arena, .source = source, .lexer = { .source = source, .end = source->length }, .out = out
    };
    scan_tokens(&scan);
    find_variable(&scan);
    if (out->n_brackets > STANDING_BRACKETS) out->silent = true;
    source_free(source);
}
